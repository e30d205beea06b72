package delivery

import (
	"context"
	"errors"
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
		limit := 4 * s.Workers
		if open, probe := s.breakers[p].open(s.Now()); open { // one at a time, to see whether it is over
			limit = 1
			if !pause(ctx, probe) {
				break
			}
		}
		now := s.Now()
		claimed, err := s.Store.Claim(ctx, p, s.boot, now, s.leaseTime().Add(lease), limit)
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
		s.finish(ctx, d, again(d, d.NotBefore, d.Err))
		return
	}
	parts, err := s.partsOf(work, d)
	if err != nil || d.Part >= len(parts) {
		s.Log.Error("content of a delivery not read", "run", d.Run, "part", d.Part, "err", err)
		s.finish(ctx, d, again(d, s.Now().Add(time.Minute), "content not read"))
		return
	}
	if o, ok := s.ready(work, d); !ok {
		s.finish(ctx, d, o)
		return
	}
	d.Nonce = nonce(d)
	if o, ok := s.settle(work, &d, parts[d.Part]); !ok {
		s.finish(ctx, d, o)
		s.Wake()
		return
	}
	if o, ok := s.turn(ctx, d); !ok {
		s.finish(ctx, d, o)
		s.Wake()
		return
	}
	now, had := s.Now(), time.Now()
	s.hold(d)
	defer s.letGo(d)
	started, err := s.Store.Start(work, d, s.boot, now, s.leaseTime().Add(lease))
	if err != nil || !started {
		if err != nil {
			s.Log.Error("delivery not started", "run", d.Run, "err", err)
		}
		s.finish(ctx, d, again(d, now.Add(time.Second), d.Err))
		return
	}
	d.Attempt++
	if d.StartedAt.IsZero() {
		d.StartedAt = now
	}
	s.at("started")
	if s.stood(now) { // another may have taken it over
		s.finish(ctx, d, again(d, s.Now(), d.Err))
		return
	}
	s.send(ctx, d, parts, had)
}

// pause waits for d; false when ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// handKey names a delivery among those in hand.
type handKey struct {
	run  string
	to   commands.Destination
	part int
}

// hold notes that a delivery is in hand here, however long its lease.
func (s *Service) hold(d store.Delivery)  { s.inHand.Store(handKey{d.Run, d.To, d.Part}, true) }
func (s *Service) letGo(d store.Delivery) { s.inHand.Delete(handKey{d.Run, d.To, d.Part}) }

func (s *Service) holds(d store.Delivery) bool {
	_, ok := s.inHand.Load(handKey{d.Run, d.To, d.Part})
	return ok
}

// ready says whether d may be sent now; if not, what becomes of it.
func (s *Service) ready(ctx context.Context, d store.Delivery) (store.Outcome, bool) {
	now := s.Now()
	if now.After(d.Expires) {
		s.Log.Warn("delivery too late, not sent", "purpose", string(d.Purpose), "run", d.Run, "adapter", string(d.To.Platform), "expired", d.Expires)
		state := store.Expired
		if d.Doubts > 0 {
			state = store.Unknown
		}
		return store.Outcome{State: state, Doubts: d.Doubts, Err: clip("too late: " + d.Err)}, false
	}
	if d.Purpose == store.PinText || d.Edits != "" {
		stands, err := s.Store.Stands(ctx, d)
		switch {
		case err != nil:
			return again(d, now.Add(time.Minute), err.Error()), false
		case !stands:
			return store.Outcome{State: store.Skipped, Err: "the message says something else by now"}, false
		}
	}
	var wishes []commands.Subscription
	var err error
	switch d.Purpose {
	case store.Digest:
		if wishes, err = s.Store.Wishes(ctx, d); err == nil && len(wishes) == 0 {
			return store.Outcome{State: store.Skipped, Doubts: d.Doubts, Err: "stopped or paused"}, false
		}
	case store.Notice:
		wishes, err = s.Store.Active(ctx, d.To)
	default:
		return store.Outcome{}, true
	}
	if err != nil {
		return again(d, now.Add(time.Minute), err.Error()), false
	}
	return s.awake(d, wishes, now)
}

// awake says whether it is not in the quiet hours of those whom d is for.
func (s *Service) awake(d store.Delivery, wishes []commands.Subscription, now time.Time) (store.Outcome, bool) {
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

// turn waits until the call may be made; if that is too long, or the platform
// is in trouble, it says when to try again.
func (s *Service) turn(ctx context.Context, d store.Delivery) (store.Outcome, bool) {
	if !s.breakers[d.To.Platform].pass(s.Now()) {
		return again(d, s.Now(), d.Err), false
	}
	p := s.Pacers[d.To.Platform]
	if p == nil {
		return store.Outcome{}, true
	}
	ctx, cancel := context.WithTimeout(ctx, turnLimit)
	defer cancel()
	err := p.wait(ctx, target(d), false, false)
	if err == nil {
		return store.Outcome{}, true
	}
	var after time.Duration
	if re, ok := errors.AsType[*adapter.RetryError](err); ok {
		after = re.After
	}
	return again(d, s.Now().Add(after), d.Err), false
}
