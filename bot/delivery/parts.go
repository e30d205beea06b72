package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"griot/bot/adapter"
	"griot/bot/store"
)

// partCache keeps the parts of the runs being sent, decoded once.
type partCache struct {
	mu   sync.Mutex
	runs map[string][]adapter.Part
}

func (c *partCache) get(ctx context.Context, st *store.Store, run, kind string) ([]adapter.Part, error) {
	key := run + "|" + kind
	c.mu.Lock()
	parts, ok := c.runs[key]
	c.mu.Unlock()
	if ok {
		return parts, nil
	}
	n, err := st.Messages(ctx, run, kind)
	if err != nil {
		return nil, err
	}
	for i := range n {
		text, err := st.Message(ctx, run, kind, i)
		if err != nil {
			return nil, err
		}
		var p adapter.Part
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return nil, fmt.Errorf("read part %d of run %s: %w", i, run, err)
		}
		parts = append(parts, p)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs == nil || len(c.runs) >= 64 {
		c.runs = map[string][]adapter.Part{}
	}
	c.runs[key] = parts
	return parts, nil
}

// partsOf are the parts of a delivery's run, of which it brings one.
func (s *Service) partsOf(ctx context.Context, d store.Delivery) ([]adapter.Part, error) {
	if d.Purpose.Acts() { // it brings nothing
		return make([]adapter.Part, d.Part+1), nil
	}
	return s.parts.get(ctx, s.Store, d.Run, d.Kind)
}
