package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/commands"
)

// send makes the call, whose turn was at a time, and keeps what became of it.
func (s *Service) send(ctx context.Context, d store.Delivery, parts []adapter.Part, had time.Time) {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callLimit)
	if s.Pacers[d.To.Platform] != nil {
		call = withTurn(call, had)
	}
	ref, err := s.call(call, d, parts[d.Part])
	cancel()
	s.at("accepted")
	now := s.Now()
	s.breakers[d.To.Platform].saw(target(d), blamed(d, err), now)
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
	if v.Fate == Done && (d.Part+1 < len(parts) || d.Purpose == store.PinText || d.Edits != "") || v.Fate == Moved || v.Fate == Fallback {
		nudge(s.kick[d.To.Platform]) // the next part or edit waits for this one, a pin for its message
	}
	if v.Fate != Done || d.Purpose == store.Desk {
		s.Wake() // its time may come before the planner's next look, or its card tell something else by now
	}
}

// call sends a message, or edits or pins the one that stands.
func (s *Service) call(ctx context.Context, d store.Delivery, p adapter.Part) (adapter.MessageRef, error) {
	to := s.Adapters[d.To.Platform]
	if d.Edits == "" {
		return to.Send(ctx, target(d), p, d.Nonce)
	}
	ref := adapter.MessageRef{To: target(d), ID: d.Edits}
	if d.Purpose.Acts() {
		return ref, s.act(ctx, d, ref)
	}
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
		log.Debug("delivery sent")
	case Ours:
		log.Error("delivery refused: its layout is wrong, no reader is to blame", "err", err)
	case GivenUp:
		log.Warn("delivery may not have arrived, given up", "err", err)
	case Never, Lost:
		log.Warn("delivery cannot arrive", "err", err)
	case Theirs:
		log.Warn("many destinations refuse at once: taken for the platform's trouble", "after", v.After, "err", err)
	default:
		log.Info("delivery tried again later", "fate", string(v.Fate), "after", v.After, "err", err)
	}
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
		Thread: target(d).Thread != "", Pin: d.Purpose == store.PinText || d.Purpose.Acts(), Edit: d.Edits != "", Outage: s.breakers[d.To.Platform].theirs(now), InDoubt: s.InDoubt,
	}
	if !d.StartedAt.IsZero() {
		t.Age = now.Sub(d.StartedAt)
	}
	if d.Purpose.Acts() || d.Purpose == store.PinText && d.Edits == "" {
		t.Refusals = len(spaces) // somebody waits to be told what is missing, or looks later
	}
	return t
}
