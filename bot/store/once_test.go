package store

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/adapter"
)

func TestClaimOnce(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		claim := func(what string, hold time.Duration, want adapter.Claim) {
			t.Helper()
			if got, err := s.ClaimOnce(ctx, what, hold); got != want || err != nil {
				t.Errorf("claim of %q: %v, %v, want %v", what, got, err, want)
			}
		}
		settle := func(what string, keep time.Duration) {
			t.Helper()
			if err := s.SettleOnce(ctx, what, keep); err != nil {
				t.Error(err)
			}
		}
		claim("a", time.Minute, adapter.Mine)
		claim("a", time.Minute, adapter.Busy)
		claim("b", -time.Second, adapter.Mine) // whoever had it is gone
		claim("b", time.Minute, adapter.Mine)
		settle("a", time.Minute)
		claim("a", time.Minute, adapter.Done)
		settle("b", -time.Second) // long ago
		claim("b", time.Minute, adapter.Mine)
	})
}

func TestOldClaimsAreDeleted(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		s.swept.Store(time.Now().UnixMicro())
		for i, hold := range []time.Duration{-time.Second, time.Minute} {
			if _, err := s.ClaimOnce(ctx, fmt.Sprint("x", i), hold); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetNote(ctx, "other", "0"); err != nil {
			t.Fatal(err)
		}
		s.swept.Store(0)
		if _, err := s.ClaimOnce(ctx, "x2", time.Minute); err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]bool{oncePrefix + "x0": false, oncePrefix + "x1": true, oncePrefix + "x2": true, "other": true} {
			if v, err := s.Note(ctx, key); (v != "") != want || err != nil {
				t.Errorf("%s is %q, %v", key, v, err)
			}
		}
	})
}

// TestBothClaim: one of two has it.
func TestBothClaim(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		var mine [40]atomic.Int32
		both(t, p, len(mine), func(s *Store, _, round int) error {
			hold := time.Minute
			if round%2 == 1 { // what was left by one that is gone
				if _, err := s.write.ExecContext(t.Context(), `INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`,
					oncePrefix+fmt.Sprint(round), onceValue(time.Now().Add(-time.Second), onceBusy)); err != nil {
					return err
				}
			}
			got, err := s.ClaimOnce(t.Context(), fmt.Sprint(round), hold)
			if got == adapter.Mine {
				mine[round].Add(1)
			}
			return err
		})
		for round := range mine {
			if n := mine[round].Load(); n != 1 {
				t.Errorf("round %d: %d of two have it, want one", round, n)
			}
		}
	})
}
