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
	parts, err := s.parts.get(work, s.Store, d.Run, d.Kind)
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
	now := s.Now()
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
	s.send(ctx, d, parts)
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

// send makes the call and keeps what became of it.
func (s *Service) send(ctx context.Context, d store.Delivery, parts []adapter.Part) {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit)
	if s.Pacers[d.To.Platform] != nil {
		call = withTurn(call)
	}
	ref, err := s.call(call, d, parts[d.Part])
	cancel()
	s.at("accepted")
	now := s.Now()
	s.breakers[d.To.Platform].saw(target(d), err, now)
	try := s.try(d, now)
	if errors.Is(err, adapter.ErrThread) && try.Thread {
		fell, unread := s.Store.FellBack(context.WithoutCancel(ctx), d)
		try.Thread = !fell && unread == nil
	}
	v := Judge(err, try)
	if v.Fate == Moved {
		if err := s.Store.Moved(context.WithoutCancel(ctx), d.To, v.To); err != nil {
			s.Log.Error("chat not moved", "adapter", string(d.To.Platform), "err", err)
		} else {
			d.To.Chat = v.To.Chat
		}
	}
	s.report(d, v, err)
	o := v.outcome(err, ref, now)
	o.File = len(parts[d.Part].Files) > 0 && d.To.Platform == commands.Telegram
	if v.Fate == Done && s.Store.Shared() {
		o.Next = now.Add(partSpace) // whoever sends the next part
	}
	s.finish(ctx, d, o)
	if v.Fate == Done && d.Part+1 < len(parts) || v.Fate == Moved || v.Fate == Fallback {
		nudge(s.kick[d.To.Platform]) // the next part waits for this one
	}
	if v.Fate != Done || d.Purpose == store.Desk {
		s.Wake() // its time may come before the planner's next look, or its card tell something else by now
	}
}

// call sends a message, or edits the one that stands.
func (s *Service) call(ctx context.Context, d store.Delivery, p adapter.Part) (adapter.MessageRef, error) {
	to := s.Adapters[d.To.Platform]
	if d.Edits == "" {
		return to.Send(ctx, target(d), p, d.Nonce)
	}
	ref := adapter.MessageRef{To: target(d), ID: d.Edits}
	e, can := to.(adapter.Editor)
	if !can {
		return ref, fmt.Errorf("%w: nothing is edited here", adapter.ErrLost)
	}
	return ref, e.Edit(ctx, ref, p)
}

func (s *Service) report(d store.Delivery, v Verdict, err error) {
	log := s.Log.With("purpose", string(d.Purpose), "run", d.Run, "adapter", string(d.To.Platform), "part", d.Part, "attempt", d.Attempt)
	switch v.Fate {
	case Done:
		log.Debug("digest sent")
	case Ours:
		log.Error("digest refused: its layout is wrong, no reader is to blame", "err", err)
	case GivenUp:
		log.Warn("digest may not have arrived, given up", "err", err)
	case Never, Lost:
		log.Warn("digest cannot arrive", "err", err)
	case Theirs:
		log.Warn("many destinations refuse at once: taken for the platform's trouble", "after", v.After, "err", err)
	default:
		log.Info("digest sent again later", "fate", string(v.Fate), "after", v.After, "err", err)
	}
}

// ready says whether d may be sent now; if not, what becomes of it.
func (s *Service) ready(ctx context.Context, d store.Delivery) (store.Outcome, bool) {
	now := s.Now()
	if now.After(d.Expires) {
		s.Log.Warn("digest too late, not sent", "run", d.Run, "adapter", string(d.To.Platform), "expired", d.Expires)
		state := store.Expired
		if d.Doubts > 0 {
			state = store.Unknown
		}
		return store.Outcome{State: state, Doubts: d.Doubts, Err: clip("too late: " + d.Err)}, false
	}
	if d.Purpose == store.Correction {
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

// finish keeps an outcome, trying for as long as the process runs: an outcome
// that is lost may mean a second copy. A store that is away sends nothing
// meanwhile either, so nothing is held up.
func (s *Service) finish(ctx context.Context, d store.Delivery, o store.Outcome) {
	work := context.WithoutCancel(ctx)
	first := true
	for wait := 50 * time.Millisecond; ; wait, first = min(2*wait, 3*time.Second), false {
		err := s.Store.Finish(work, d, s.boot, o, s.Now())
		if err == nil {
			s.at("finished")
			return
		}
		log := s.Log.With("run", d.Run, "adapter", string(d.To.Platform), "state", string(o.State), "err", err)
		if ctx.Err() != nil {
			log.Error("outcome of a delivery not kept")
			return
		}
		if first {
			log.Warn("outcome of a delivery not kept yet")
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done(): // one last time
			timer.Stop()
		}
	}
}

// nonce is the same on every try of the same part to the same place, and 22
// characters long.
func nonce(d store.Delivery) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d", d.Run, target(d), d.Part))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:22])
}

func (s *Service) try(d store.Delivery, now time.Time) Try {
	t := Try{
		Platform: d.To.Platform, Attempt: d.Attempt, Doubts: d.Doubts, Refusals: d.Refusals,
		Thread: target(d).Thread != "", Edit: d.Edits != "", Outage: s.breakers[d.To.Platform].theirs(now), InDoubt: s.InDoubt,
	}
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
