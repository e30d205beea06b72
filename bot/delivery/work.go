package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"griot/bot/adapter"
	"griot/bot/schedule"
	"griot/bot/store"
	"griot/commands"
)

// deliver claims a platform's deliveries and has workers send them.
func (s *Service) deliver(ctx context.Context, p commands.Platform) {
	jobs := make(chan store.Delivery)
	var workers sync.WaitGroup
	for range s.Workers {
		workers.Go(func() {
			for d := range jobs {
				s.one(ctx, d)
			}
		})
	}
	for ctx.Err() == nil {
		now := s.Now()
		claimed, err := s.Store.Claim(ctx, p, s.boot, now, now.Add(lease), 4*s.Workers)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("deliveries not claimed", "adapter", string(p), "err", err)
		}
		if len(claimed) > 0 {
			s.at("claimed")
		}
		for _, d := range claimed {
			jobs <- d // the workers give back what they cannot start any more
		}
		if len(claimed) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.kick[p]:
		}
	}
	close(jobs)
	workers.Wait()
}

// one brings one delivery as far as it goes now.
func (s *Service) one(ctx context.Context, d store.Delivery) {
	// What was begun is finished although the service is stopping.
	work := context.WithoutCancel(ctx)
	if ctx.Err() != nil {
		s.finish(ctx, d, store.Outcome{State: store.Retry, NotBefore: d.NotBefore, Doubts: d.Doubts, Arrived: d.Doubts > 0, Err: d.Err})
		return
	}
	parts, err := s.parts.get(work, s.Store, d.Run, d.Kind)
	if err != nil || d.Part >= len(parts) {
		s.Log.Error("content of a delivery not read", "run", d.Run, "part", d.Part, "err", err)
		s.finish(ctx, d, store.Outcome{State: store.Retry, NotBefore: s.Now().Add(time.Minute), Doubts: d.Doubts, Arrived: d.Doubts > 0, Err: "content not read"})
		return
	}
	if o, ok := s.ready(work, d); !ok {
		s.finish(ctx, d, o)
		return
	}
	if o, ok := s.turn(ctx, d); !ok {
		s.finish(ctx, d, o)
		s.Wake()
		return
	}
	now := s.Now()
	d.Nonce = nonce(d)
	if d.Doubts > 0 && d.Doubts < lateDoubt && now.Sub(d.StartedAt) >= nonceLife && d.To.Platform == commands.Discord {
		d.Doubts += lateDoubt
	}
	started, err := s.Store.Start(work, d, s.boot, now, now.Add(lease))
	if err != nil || !started {
		if err != nil {
			s.Log.Error("delivery not started", "run", d.Run, "err", err)
		}
		s.finish(ctx, d, store.Outcome{State: store.Retry, NotBefore: now.Add(time.Second), Doubts: d.Doubts, Arrived: d.Doubts > 0})
		return
	}
	d.Attempt++
	if d.StartedAt.IsZero() {
		d.StartedAt = now
	}
	s.at("started")
	s.send(ctx, d, parts)
}

// turn waits until the call may be made; if that is too long, it says when to
// try again.
func (s *Service) turn(ctx context.Context, d store.Delivery) (store.Outcome, bool) {
	p := s.Pacers[d.To.Platform]
	if p == nil {
		return store.Outcome{}, true
	}
	ctx, cancel := context.WithTimeout(ctx, turnLimit)
	defer cancel()
	err := p.Wait(ctx, d.To, false)
	if err == nil {
		return store.Outcome{}, true
	}
	var after time.Duration
	if re, ok := errors.AsType[*adapter.RetryError](err); ok {
		after = re.After
	}
	return store.Outcome{State: store.Retry, NotBefore: s.Now().Add(after), Doubts: d.Doubts, Arrived: d.Doubts > 0, Err: d.Err}, false
}

// send makes the call and keeps what became of it.
func (s *Service) send(ctx context.Context, d store.Delivery, parts []adapter.Part) {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit)
	if s.Pacers[d.To.Platform] != nil {
		call = withTurn(call)
	}
	ref, err := s.Adapters[d.To.Platform].Send(call, d.To, parts[d.Part], d.Nonce)
	cancel()
	s.at("accepted")
	now := s.Now()
	v := Judge(err, try(d, now))
	if v.Fate == Moved {
		if err := s.Store.Moved(context.WithoutCancel(ctx), d.To, v.To); err != nil {
			s.Log.Error("chat not moved", "adapter", string(d.To.Platform), "err", err)
		} else {
			d.To.Chat = v.To.Chat
		}
	}
	s.report(d, v, err)
	s.finish(ctx, d, v.outcome(err, ref, now))
	if v.Fate == Done && d.Part+1 < len(parts) || v.Fate == Moved {
		nudge(s.kick[d.To.Platform]) // the next part waits for this one
	} else if v.Fate == Later || v.Fate == Again {
		s.Wake() // its time may come before the planner's next look
	}
}

func (s *Service) report(d store.Delivery, v Verdict, err error) {
	log := s.Log.With("run", d.Run, "adapter", string(d.To.Platform), "part", d.Part, "attempt", d.Attempt)
	switch v.Fate {
	case Done:
		log.Debug("digest sent")
	case Ours:
		log.Error("digest refused: its layout is wrong, no reader is to blame", "err", err)
	case GivenUp:
		log.Warn("digest may not have arrived, given up", "err", err)
	case Never:
		log.Warn("digest cannot arrive", "err", err)
	default:
		log.Info("digest sent again later", "fate", string(v.Fate), "after", v.After, "err", err)
	}
}

// ready says whether d may be sent now; if not, what becomes of it.
func (s *Service) ready(ctx context.Context, d store.Delivery) (store.Outcome, bool) {
	now := s.Now()
	if now.After(d.Expires) {
		s.Log.Warn("digest too late, not sent", "run", d.Run, "adapter", string(d.To.Platform), "expired", d.Expires)
		return store.Outcome{State: store.Expired, Doubts: d.Doubts, Err: "too late: " + d.Err}, false
	}
	wishes, err := s.Store.Wishes(ctx, d)
	if err != nil {
		return store.Outcome{State: store.Retry, NotBefore: now.Add(time.Minute), Doubts: d.Doubts, Arrived: d.Doubts > 0, Err: clip(err.Error())}, false
	}
	if len(wishes) == 0 {
		return store.Outcome{State: store.Skipped, Doubts: d.Doubts, Err: "stopped or paused"}, false
	}
	if d.Urgent || d.Part > 0 || d.Doubts > 0 {
		return store.Outcome{}, true
	}
	until := now
	for _, w := range wishes {
		if q, err := schedule.ParseQuiet(w.QuietHours, w.Zone); err == nil {
			until = later(until, q.End(now))
		}
	}
	if until.After(now) {
		return store.Outcome{State: store.Retry, NotBefore: until, Expires: later(d.Expires, until.Add(time.Hour)), Err: "quiet hours"}, false
	}
	return store.Outcome{}, true
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// finish keeps an outcome, trying for some seconds: an outcome that is lost
// may mean a second copy.
func (s *Service) finish(ctx context.Context, d store.Delivery, o store.Outcome) {
	work := context.WithoutCancel(ctx)
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		err := s.Store.Finish(work, d, s.boot, o, s.Now())
		if err == nil {
			s.at("finished")
			return
		}
		if wait > 2*time.Second || ctx.Err() != nil {
			s.Log.Error("outcome of a delivery not kept", "run", d.Run, "adapter", string(d.To.Platform), "state", string(o.State), "err", err)
			return
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// nonce is the same on every try of the same part, and 22 characters long.
func nonce(d store.Delivery) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d", d.Run, d.To, d.Part))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:22])
}

func try(d store.Delivery, now time.Time) Try {
	t := Try{Platform: d.To.Platform, Attempt: d.Attempt, Doubts: d.Doubts}
	if !d.StartedAt.IsZero() {
		t.Age = now.Sub(d.StartedAt)
	}
	return t
}

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
