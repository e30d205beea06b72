package main

import (
	"context"
	"errors"
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

// watch adds to the metrics what is read when they are asked for.
func (a *app) watch() {
	a.metrics.Gauge("griot_deliveries", "Deliveries in the ledger, by state.", "state", func(ctx context.Context) (map[string]float64, error) {
		states, err := a.store.States(ctx)
		out := map[string]float64{}
		for state, n := range states {
			out[state] = float64(n)
		}
		return out, err
	})
	a.metrics.Gauge("griot_deliveries_held", "1 while all deliveries are held, else 0.", "", func(ctx context.Context) (map[string]float64, error) {
		_, since, err := a.store.Paused(ctx)
		held := 0.0
		if !since.IsZero() {
			held = 1
		}
		return map[string]float64{"": held}, err
	})
	seconds := func(since time.Time) map[string]float64 {
		if since.IsZero() {
			return map[string]float64{"": 0}
		}
		return map[string]float64{"": max(0, a.sys.now().Sub(since).Seconds())}
	}
	a.metrics.Gauge("griot_digests_overdue_seconds", "For how long the oldest digest that is due has not been planned; some seconds are usual.", "",
		func(ctx context.Context) (map[string]float64, error) {
			due, err := a.digests.Overdue(ctx)
			return seconds(due), err
		})
	a.metrics.Gauge("griot_planner_looked_seconds", "How long ago the planner last looked at all that is due; up to some 15 seconds is usual.", "",
		func(context.Context) (map[string]float64, error) { return seconds(a.digests.Looked()), nil })
	if a.fleet != nil {
		a.metrics.Gauge("griot_lease_held", "1 for each lease that this replica has.", "lease", func(context.Context) (map[string]float64, error) {
			out := map[string]float64{}
			for _, name := range a.fleet.Leases() {
				out[name] = 1
			}
			return out, nil
		})
	}
}
