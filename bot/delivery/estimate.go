package delivery

import (
	"context"
	"errors"
	"slices"
	"time"

	"griot/commands"
)

// estimate is how many messages a wish takes.
type estimate struct {
	parts int
	why   string
}

// estimate makes the digest that would be made of it today.
func (f *forecast) estimate(ctx context.Context, sub commands.Subscription, w wish) (estimate, error) {
	w.to = later(w.to, f.today)
	alike := w
	alike.to, alike.asks = time.Time{}, slices.Clone(w.asks)
	for i, a := range alike.asks {
		if a.from.After(f.today) {
			alike.asks[i].from = never // of what comes nothing is known, whenever it comes
		}
	}
	key := kindOf(sub) + "|" + alike.key("")
	e, ok := f.estimates[key]
	if !ok {
		var err error
		if e, err = f.make(ctx, sub, w); err != nil {
			return e, err
		}
		f.estimates[key] = e
	}
	return e, nil
}

func (f *forecast) make(ctx context.Context, sub commands.Subscription, w wish) (estimate, error) {
	reply, err := f.s.tell(ctx, w, f.today)
	if errors.Is(err, commands.ErrQuiet) {
		w.asks = []ask{{topics: w.topics()}}
		if _, err = f.s.tell(ctx, w, f.today); errors.Is(err, commands.ErrQuiet) {
			return estimate{why: "none of its topics is published"}, nil
		}
		return estimate{parts: 1}, err
	}
	if err != nil {
		return estimate{}, err
	}
	parts, err := f.s.lay(sub, reply)
	if err != nil {
		return estimate{why: "cannot be laid out: " + clip(err.Error())}, nil
	}
	return estimate{parts: len(parts)}, nil
}

// Takes estimates how long n messages to a platform take at the rate it
// allows, when the longest of them is parts messages to the same chat.
func Takes(p commands.Platform, n, parts int) time.Duration {
	pace := NewPacer(PacerOptions{Platform: p})
	return max(time.Duration(n)*pace.step, time.Duration(parts-1)*pace.chat.step-pace.chat.burst).Round(time.Second)
}

// Rate is how many messages a second a platform takes of one bot; 0 is as many
// as there are.
func Rate(p commands.Platform) float64 {
	if pace := NewPacer(PacerOptions{Platform: p}); pace.step > 0 {
		return 1 / pace.step.Seconds()
	}
	return 0
}
