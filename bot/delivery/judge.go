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
	Done     Fate = "done"
	Later    Fate = "later"    // it certainly did not arrive; again after a wait
	Moved    Fate = "moved"    // the chat has a new id; again at once, there
	Again    Fate = "again"    // it may have arrived; again under the same nonce
	GivenUp  Fate = "unknown"  // it may have arrived; enough tried
	Fallback Fate = "fallback" // its thread is gone or closed; again at once, to the chat itself
	Refused  Fate = "refused"  // the destination is gone or forbids it, for now; asked again some time later
	Never    Fate = "never"    // it has been so several times, with time between
	Theirs   Fate = "theirs"   // many are refused at once: it is the platform, nobody is to blame; again after a wait
	Lost     Fate = "lost"     // the message to edit is gone or not to be edited any more; the place is not to blame
	Ours     Fate = "ours"     // the platform refuses what we made; nobody is to blame there
)

// InDoubt is what the operator wants done with a message that may have arrived,
// where the platform cannot tell.
type InDoubt string

// The choices.
const (
	Resend InDoubt = "resend" // once more: rather twice than never
	Report InDoubt = "report" // not again: rather never than twice; it ends as unknown
)

// nonceLife is for how long Discord surely knows a nonce again ("the past few minutes").
const nonceLife = 2 * time.Minute

// lateDoubt is added to a delivery's doubts when it is sent again although
// nobody can say whether it arrived, which happens once.
const lateDoubt = 1000

// spaces are the waits between the refusals of one delivery. A destination that
// refuses for as long as a platform's usual trouble lasts still gets its digest.
var spaces = [...]time.Duration{12 * time.Minute, 40 * time.Minute}

// Try is what a verdict depends on besides the error.
type Try struct {
	Platform commands.Platform
	Attempt  int           // from 1
	Doubts   int           // earlier tries whose outcome is not known
	Age      time.Duration // since the first try that may have arrived
	Refusals int           // earlier refusals by the destination, with time between
	Thread   bool          // it went to a thread that has not been fallen back from
	Outage   bool          // many destinations refuse at once
	InDoubt  InDoubt       // empty: Resend
	Pin      bool          // it is for a pin, which goes nowhere else and stays where it is
	Edit     bool          // it changes a message: repeating it does no harm, and it goes nowhere else
}

// Verdict is what to do with a delivery.
type Verdict struct {
	Fate     Fate
	After    time.Duration        // for Later, Again, Refused and Theirs
	To       commands.Destination // for Moved
	Doubts   int                  // to remember
	Refusals int                  // to remember
}

// Judge decides what an error of [adapter.Adapter.Send], or of [adapter.Editor]
// and [adapter.Pinner] for a try that says so, means. It is pure.
func Judge(err error, t Try) Verdict {
	v := Verdict{Fate: Later, Doubts: t.Doubts, Refusals: t.Refusals}
	moved, isMoved := errors.AsType[*adapter.MovedError](err)
	retry, isRetry := errors.AsType[*adapter.RetryError](err)
	switch {
	case err == nil:
		v.Fate = Done
	case isMoved:
		v.Fate, v.To = Moved, moved.To
	case isRetry:
		v.After = max(retry.After, time.Second)
	case errors.Is(err, adapter.ErrUnknown) && t.Edit:
		v.Fate, v.After = Again, backoff(t.Attempt)
	case errors.Is(err, adapter.ErrUnknown):
		return doubt(v, t)
	case errors.Is(err, adapter.ErrPinLimit), errors.Is(err, adapter.ErrThread) && t.Pin:
		v.Fate = Never
	case errors.Is(err, adapter.ErrLost), errors.Is(err, adapter.ErrThread) && t.Edit:
		v.Fate = Lost
	case errors.Is(err, adapter.ErrThread) && t.Thread:
		v.Fate = Fallback
	case errors.Is(err, adapter.ErrGone), errors.Is(err, adapter.ErrForbidden), errors.Is(err, adapter.ErrThread):
		return refused(v, t)
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
// as long as it knows the nonce; beyond that, and elsewhere, it is sent once
// more or given up, as the operator chose.
func doubt(v Verdict, t Try) Verdict {
	v.Fate, v.Doubts = GivenUp, t.Doubts+1
	switch {
	case t.Platform == commands.Discord && t.Doubts < lateDoubt && t.Age < nonceLife:
		v.Fate, v.After = Again, min(time.Second<<min(t.Doubts, 4), 15*time.Second)
	case t.Platform == commands.Discord && t.Doubts < lateDoubt:
		v.Fate, v.After = Again, time.Second // history is asked first
	case t.Platform != commands.Discord && t.Doubts == 0 && t.InDoubt != Report:
		v.Fate, v.After = Again, time.Second
	}
	return v
}

// refused decides about a destination that does not take the message.
func refused(v Verdict, t Try) Verdict {
	switch {
	case t.Outage:
		v.Fate, v.After = Theirs, spaces[0]
	case t.Refusals < len(spaces):
		v.Fate, v.After, v.Refusals = Refused, spaces[t.Refusals], t.Refusals+1
	default:
		v.Fate, v.Refusals = Never, t.Refusals+1
	}
	return v
}

// backoff grows from 5 seconds to 15 minutes.
func backoff(attempt int) time.Duration {
	return min(5*time.Second<<min(max(attempt-1, 0), 10), 15*time.Minute)
}

// outcome writes a verdict down.
func (v Verdict) outcome(err error, ref adapter.MessageRef, now time.Time) store.Outcome {
	o := store.Outcome{Doubts: v.Doubts, Refusals: v.Refusals, NotBefore: now.Add(v.After), Ref: ref.ID}
	if err != nil {
		o.Err = clip(err.Error())
	}
	switch v.Fate {
	case Done:
		o.State = store.Sent
	case Later, Moved, Again, Refused, Theirs, Fallback:
		o.State, o.Arrived, o.Fallback = store.Retry, v.Doubts > 0, v.Fate == Fallback
	case GivenUp:
		o.State = store.Unknown
	case Never, Lost:
		o.State, o.Cause = store.Dead, cause(err)
	case Ours:
		o.State = store.Dead
	}
	return o
}

// cause is why a delivery never will arrive, as a code; /digest puts those that
// stop a subscription into words.
func cause(err error) string {
	right, named := errors.AsType[*adapter.RightError](err)
	switch {
	case named:
		return "forbidden:" + right.Right
	case errors.Is(err, adapter.ErrForbidden):
		return "forbidden"
	case errors.Is(err, adapter.ErrThread):
		return "thread"
	case errors.Is(err, adapter.ErrLost):
		return commands.StopLost
	case errors.Is(err, adapter.ErrPinLimit):
		return commands.StopPinLimit
	}
	return "gone"
}

// clip keeps an error short enough for a row.
func clip(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
