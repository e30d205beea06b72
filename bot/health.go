package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

func (a *app) contentReady(context.Context) error {
	if a.content.live.Index() == nil {
		return errors.New("no content loaded")
	}
	return nil
}

func (a *app) storeReady(ctx context.Context) error {
	_, err := a.store.Note(ctx, "ready")
	return err
}

// tooLate is how late a digest may be planned before something is wrong: a
// planner looks every 15 seconds, and a million subscriptions take it a minute.
const tooLate = 5 * time.Minute

// digestsReady tells whether what was due last has been planned: a process
// that answers and plans nothing is not well.
func (a *app) digestsReady(ctx context.Context) error {
	late, err := a.overdue(ctx)
	if err == nil && late > tooLate {
		return fmt.Errorf("a digest is due for %s and not planned", late.Round(time.Second))
	}
	return err
}

// overdue is for how long a digest is due that is not planned, 0 for none.
func (a *app) overdue(ctx context.Context) (time.Duration, error) {
	now := a.sys.now()
	at, err := a.store.Overdue(ctx, slices.Collect(maps.Keys(a.adapters)), now)
	if err != nil || at.IsZero() {
		return 0, err
	}
	return now.Sub(at), nil
}
