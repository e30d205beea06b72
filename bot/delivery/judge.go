package delivery

import (
	"errors"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/commands"
)

// Fate is what a try of a delivery means for it.
type Fate string

// The fates.
const (
	Done    Fate = "done"
	Later   Fate = "later"   // it certainly did not arrive; again after a wait
	Moved   Fate = "moved"   // the chat has a new id; again at once, there
	Again   Fate = "again"   // it may have arrived; again under the same nonce
	GivenUp Fate = "unknown" // it may have arrived; enough tried
	Never   Fate = "never"   // the destination is gone or forbids it
	Ours    Fate = "ours"    // the platform refuses what we made; nobody is to blame there
)

// nonceLife is for how long Discord surely knows a nonce again ("the past few minutes").
const nonceLife = 2 * time.Minute

// lateDoubt is added to a delivery's doubts when it is sent again although the
// platform may have forgotten its nonce, which happens once.
const lateDoubt = 1000

// Try is what a verdict depends on besides the error.
type Try struct {
	Platform commands.Platform
	Attempt  int           // from 1
	Doubts   int           // earlier tries whose outcome is not known
	Age      time.Duration // since the first try that may have arrived
}

// Verdict is what to do with a delivery.
type Verdict struct {
	Fate   Fate
	After  time.Duration        // for Later and Again
	To     commands.Destination // for Moved
	Doubts int                  // to remember
}

// Judge decides what an error of [adapter.Adapter.Send] means. It is pure.
func Judge(err error, t Try) Verdict {
	v := Verdict{Fate: Later, Doubts: t.Doubts}
	moved, isMoved := errors.AsType[*adapter.MovedError](err)
	retry, isRetry := errors.AsType[*adapter.RetryError](err)
	switch {
	case err == nil:
		v.Fate = Done
	case isMoved:
		v.Fate, v.To = Moved, moved.To
	case isRetry:
		v.After = max(retry.After, time.Second)
	case errors.Is(err, adapter.ErrUnknown):
		return doubt(t)
	case errors.Is(err, adapter.ErrGone), errors.Is(err, adapter.ErrForbidden), errors.Is(err, adapter.ErrThread):
		v.Fate = Never
	case errors.Is(err, adapter.ErrPayload):
		v.Fate = Ours
	case errors.Is(err, adapter.ErrToken):
		v.After = 5 * time.Minute // an operator has to act; nobody is disabled
	default:
		v.After = backoff(t.Attempt)
	}
	return v
}

// doubt decides about a message that may have arrived: Discord shows it once
// as long as it knows the nonce; beyond that, and elsewhere, it is sent once more.
func doubt(t Try) Verdict {
	switch {
	case t.Platform == commands.Discord && t.Doubts < lateDoubt && t.Age < nonceLife:
		return Verdict{Fate: Again, After: min(time.Second<<min(t.Doubts, 4), 15*time.Second), Doubts: t.Doubts + 1}
	case t.Platform == commands.Discord && t.Doubts < lateDoubt:
		return Verdict{Fate: Again, After: time.Second, Doubts: t.Doubts + lateDoubt}
	case t.Platform != commands.Discord && t.Doubts == 0:
		return Verdict{Fate: Again, After: time.Second, Doubts: 1}
	}
	return Verdict{Fate: GivenUp, Doubts: t.Doubts + 1}
}

// backoff grows from 5 seconds to 15 minutes.
func backoff(attempt int) time.Duration {
	return min(5*time.Second<<min(max(attempt-1, 0), 10), 15*time.Minute)
}

// outcome writes a verdict down.
func (v Verdict) outcome(err error, ref adapter.MessageRef, now time.Time) store.Outcome {
	o := store.Outcome{Doubts: v.Doubts, NotBefore: now.Add(v.After), Ref: ref.ID}
	if err != nil {
		o.Err = clip(err.Error())
	}
	switch v.Fate {
	case Done:
		o.State = store.Sent
	case Later, Moved, Again:
		o.State = store.Retry
		o.Arrived = v.Doubts > 0
	case GivenUp:
		o.State = store.Unknown
	case Never:
		o.State = store.Dead
	case Ours:
		o.State, o.Ours = store.Dead, true
	}
	return o
}

// clip keeps an error short enough for a row.
func clip(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
