package delivery

import (
	"context"
	"errors"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/commands"
)

// lookAgain is the wait for a platform that has to answer before a message in
// doubt is sent again.
const lookAgain = 15 * time.Second

// steady is how long a process has run before it sends again what may have
// arrived: one that has just fallen may fall again, and there is only that one try.
const steady = 5 * time.Second

// settle finds out, as far as one can, whether a delivery in doubt arrived,
// before it is sent again. When ok, it may be sent, d telling how; otherwise o
// is what became of it. Where nobody can tell it is sent once more, when the
// platform answers again: an outage must not use up that one time.
func (s *Service) settle(ctx context.Context, d *store.Delivery, p adapter.Part) (o store.Outcome, ok bool) {
	if d.Doubts == 0 || d.Doubts >= lateDoubt || d.Edits != "" { // an edit made twice is the same edit
		return o, true
	}
	now := s.Now()
	if d.To.Platform == commands.Discord && now.Sub(d.StartedAt) < nonceLife {
		return o, true // the nonce makes it harmless
	}
	if safe := s.began.Add(steady); now.Before(safe) {
		return again(*d, safe, d.Err), false
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if d.To.Platform != commands.Discord {
		if p, can := s.Adapters[d.To.Platform].(adapter.Pinger); can {
			if err := p.Ping(ctx); err != nil {
				return again(*d, s.Now().Add(lookAgain), err.Error()), false
			}
		}
		return o, true
	}
	finder, can := s.Adapters[d.To.Platform].(adapter.Finder)
	if can {
		ref, found, err := finder.Find(ctx, target(*d), p, d.Nonce, d.StartedAt)
		switch {
		case err == nil && found:
			return store.Outcome{State: store.Sent, Ref: ref.ID, Doubts: d.Doubts}, false
		case err == nil:
			d.Doubts, d.StartedAt = 0, time.Time{} // certainly not there
			return o, true
		case !errors.Is(err, adapter.ErrForbidden) && !errors.Is(err, adapter.ErrGone) && !errors.Is(err, adapter.ErrThread):
			return again(*d, s.Now().Add(lookAgain), err.Error()), false
		}
	}
	if s.InDoubt == Report {
		return store.Outcome{State: store.Unknown, Doubts: d.Doubts, Err: "may have arrived, and the history cannot be read"}, false
	}
	d.Doubts += lateDoubt
	return o, true
}

// again puts a delivery back as it was, to be looked at again at a time.
func again(d store.Delivery, at time.Time, why string) store.Outcome {
	return store.Outcome{State: store.Retry, NotBefore: at, Doubts: d.Doubts, Refusals: d.Refusals, Arrived: d.Doubts > 0, Err: clip(why)}
}

// target is where a delivery goes: to its destination, or to the chat itself
// when the thread is gone.
func target(d store.Delivery) commands.Destination {
	to := d.To
	if d.Via != "" {
		to.Thread = ""
	}
	return to
}
