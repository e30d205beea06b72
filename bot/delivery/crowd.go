package delivery

import (
	"context"
	"time"
)

// crowd is when the last calls of this process started, as many as may in a
// second.
type crowd struct {
	at   []time.Time // a ring; empty: as many as you like
	next int         // the oldest
}

func (c *crowd) add(now time.Time) {
	if len(c.at) > 0 {
		c.at[c.next] = now
		c.next = (c.next + 1) % len(c.at)
	}
}

// room is when one more call may start.
func (c *crowd) room() time.Time {
	if len(c.at) == 0 || c.at[c.next].IsZero() {
		return time.Time{}
	}
	return c.at[c.next].Add(time.Second)
}

// spread returns when a call may start that had its turn and was written down.
// The turns were apart, but a database that stalls lets all of them go at one
// time, and the platform counts what arrives.
func (p *Pacer) spread(ctx context.Context) error {
	for {
		p.mu.Lock()
		now := time.Now()
		wait := p.crowd.room().Sub(now)
		if wait <= 0 {
			p.crowd.add(now)
		}
		p.mu.Unlock()
		if wait <= 0 {
			return ctx.Err()
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
