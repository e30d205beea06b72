package discord

import (
	"errors"
	"log/slog"
	"time"

	"griot/bot/adapter"
)

// lasting is how long Discord may be away before a person must look.
const lasting = 5 * time.Minute

// outage decides how loud to say that the commands are not registered. Its zero
// value is ready.
type outage struct {
	since time.Time // the first trouble, zero when there is none
	told  bool      // that it lasts
}

// level of a failure at now. A host that is away shows on the gateway's link
// too; where there is none, alone, it is said here.
func (o *outage) level(now time.Time, err error, alone bool) slog.Level {
	if !away(err) {
		return slog.LevelError
	}
	first := o.since.IsZero()
	if first {
		o.since = now
	}
	switch {
	case !o.told && now.Sub(o.since) >= lasting:
		o.told = true
		return slog.LevelError
	case first && alone:
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// away reports whether Discord, or the way to it, is in trouble that passes by itself.
func away(err error) bool {
	if _, sent := errors.AsType[*fault](err); !sent {
		return true
	}
	_, later := errors.AsType[*adapter.RetryError](err)
	return later || errors.Is(err, adapter.ErrUnknown)
}
