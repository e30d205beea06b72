package store

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func TestSwapNote(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for _, step := range []struct {
			old, value string
			want       bool
			then       string
		}{
			{"x", "a", false, ""},
			{"", "a", true, "a"},
			{"", "b", false, "a"},
			{"b", "c", false, "a"},
			{"a", "c", true, "c"},
			{"c", "", true, ""},
			{"", "d", true, "d"},
		} {
			ok, err := s.SwapNote(ctx, "k", step.old, step.value)
			is, _ := s.Note(ctx, "k")
			if ok != step.want || err != nil || is != step.then {
				t.Errorf("%q to %q: %v, %v, then %q; want %v and %q", step.old, step.value, ok, err, is, step.want, step.then)
			}
		}
	})
}

// TestBothSwap: of two that write over the same value one does.
func TestBothSwap(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		for _, old := range []string{"", "first"} {
			var wrote [20]atomic.Int32
			both(t, p, len(wrote), func(s *Store, who, round int) error {
				value := "first"
				if old != "" {
					value = fmt.Sprint(who)
				}
				ok, err := s.SwapNote(t.Context(), fmt.Sprint(round), old, value)
				if ok {
					wrote[round].Add(1)
				}
				return err
			})
			for round := range wrote {
				if n := wrote[round].Load(); n != 1 {
					t.Errorf("over %q, round %d: %d of two wrote, want one", old, round, n)
				}
			}
		}
	})
}
