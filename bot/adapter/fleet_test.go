package adapter_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
)

func TestLead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fleet := adaptertest.NewFleet()
		began := map[string]int{}
		lead := func(ctx context.Context, by *adaptertest.Process) <-chan error {
			done := make(chan error, 1)
			go func() {
				done <- adapter.Lead(ctx, by, "x", func(ctx context.Context, _ adapter.Lease) error {
					began[by.Name()]++
					<-ctx.Done()
					return fmt.Errorf("told to stop: %w", context.Cause(ctx))
				})
			}()
			synctest.Wait()
			return done
		}
		a, b := fleet.Join("a"), fleet.Join("b")
		first, stop := context.WithCancel(t.Context())
		ended := lead(first, a)
		second, end := context.WithCancel(t.Context())
		endedToo := lead(second, b)
		a.Doze()
		synctest.Wait()
		if fleet.Holder("x") != "b" || began["a"] != 1 || began["b"] != 1 {
			t.Errorf("%q leads, began %v, want b after a fell asleep", fleet.Holder("x"), began)
		}
		a.Wake()
		b.Doze()
		synctest.Wait()
		if fleet.Holder("x") != "a" || began["a"] != 2 {
			t.Errorf("%q leads, began %v, want a again", fleet.Holder("x"), began)
		}
		b.Wake()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("a stop ends with %v", err)
		}
		synctest.Wait()
		if fleet.Holder("x") != "b" || began["b"] != 2 {
			t.Errorf("%q leads, began %v, want b after a stopped", fleet.Holder("x"), began)
		}
		end()
		if err := <-endedToo; err != nil || fleet.Holder("x") != "" {
			t.Errorf("a stop ends with %v, and %q has the lease", err, fleet.Holder("x"))
		}
	})
}

func TestLeadEndsWithAFault(t *testing.T) {
	t.Parallel()
	fault := errors.New("no")
	for name, fleet := range map[string]adapter.Fleet{"alone": nil, "of many": adaptertest.NewFleet().Join("a")} {
		tries := 0
		err := adapter.Lead(t.Context(), fleet, "x", func(ctx context.Context, lease adapter.Lease) error {
			if tries++; tries < 3 {
				return fmt.Errorf("found out: %w", adapter.ErrLeaseLost)
			}
			if !lease.Held() {
				t.Errorf("%s: not held", name)
			}
			return fault
		})
		if err != fault || tries != 3 {
			t.Errorf("%s: ended with %v at try %d, want the fault at the third", name, err, tries)
		}
	}
}
