package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/commands"
)

// wantStates says how many deliveries are in each state.
func wantStates(t *testing.T, s *Store, want string) {
	t.Helper()
	got, err := s.States(t.Context())
	if err != nil || fmt.Sprint(got) != want {
		t.Errorf("states %v, %v, want %s", got, err, want)
	}
}

// TestNoRowIsClaimedTwice: whoever claims, by two processes with workers each.
func TestNoRowIsClaimedTwice(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		const rows = 400
		plannedFor(t, p[0], rows, 1)
		var mu sync.Mutex
		holders := map[commands.Destination]int{}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for {
					got, err := p[i%2].Claim(t.Context(), commands.Telegram, fmt.Sprint(i%2), noon, noon.Add(time.Minute), 7)
					if err != nil {
						t.Error(err)
					}
					if err != nil || len(got) == 0 { // who finds others' rows locked leaves them to those
						return
					}
					mu.Lock()
					for _, d := range got {
						holders[d.To]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for to, n := range holders {
			if n != 1 {
				t.Errorf("%s claimed %d times", to, n)
			}
		}
		if left := claimed(t, p[0], "0", rows); len(holders)+len(left) != rows {
			t.Errorf("claimed %d and %d left of %d", len(holders), len(left), rows)
		}
	})
}

// TestOneStarts: of many who believe to hold a delivery one starts a try of it.
func TestOneStarts(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		plannedFor(t, p[0], 3, 1)
		for _, d := range claimed(t, p[0], "me", 3) {
			var started atomic.Int32
			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					ok, err := p[i%2].Start(t.Context(), d, "me", noon, noon.Add(time.Minute))
					if err != nil {
						t.Error(err)
					}
					if ok {
						started.Add(1)
					}
				})
			}
			all.Wait()
			if started.Load() != 1 {
				t.Errorf("started %d times", started.Load())
			}
		}
	})
}

// TestOlderClaimsAreWorthNothing: they start and finish nothing.
func TestOlderClaimsAreWorthNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		plannedFor(t, s, 1, 1)
		old := claimed(t, s, "a", 1)[0]
		if ok, err := s.Start(ctx, old, "b", noon, noon.Add(time.Minute)); ok || err != nil {
			t.Errorf("started by who has it not: %v, %v", ok, err)
		}
		late := noon.Add(2 * time.Minute)
		got, err := s.Abandoned(ctx, "b", false, late, late.Add(time.Minute))
		if err != nil || len(got) != 1 || got[0].State != Claimed {
			t.Fatalf("abandoned %v, %v", got, err)
		}
		if ok, err := s.Start(ctx, old, "a", late, late.Add(time.Minute)); ok || err != nil {
			t.Errorf("started with a lease that ran out: %v, %v", ok, err)
		}
		if ok, err := s.Start(ctx, got[0], "b", late, late.Add(time.Minute)); !ok || err != nil {
			t.Fatalf("not started: %v, %v", ok, err)
		}
		for _, stale := range []struct {
			d  Delivery
			by string
		}{{old, "a"}, {got[0], "b"}} { // another's, and one's own before its try began
			if err := s.Finish(ctx, stale.d, stale.by, Outcome{State: Sent, Ref: "stale"}, late); err != nil {
				t.Fatal(err)
			}
			wantStates(t, s, "map[started:1]")
		}
		got[0].Attempt++
		for _, ref := range []string{"1", "2"} { // what is kept stays
			if err := s.Finish(ctx, got[0], "b", Outcome{State: Sent, Ref: ref}, late); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := s.Deliveries(ctx, "r")
		if err != nil || len(rows) != 1 || rows[0].State != Sent || rows[0].Ref != "1" {
			t.Errorf("at last %v, %v", rows, err)
		}
	})
}

// TestAbandonedGoToOne: what a dead process held is taken up by one of the others.
func TestAbandonedGoToOne(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		const rows = 60
		plannedFor(t, p[0], rows, 1)
		for i, d := range claimed(t, p[0], "dead", rows) {
			if i%2 == 0 {
				if ok, err := p[0].Start(t.Context(), d, "dead", noon, noon.Add(time.Minute)); !ok || err != nil {
					t.Fatalf("start: %v, %v", ok, err)
				}
			}
		}
		if got, err := p[1].Abandoned(t.Context(), "b", false, noon.Add(time.Second), noon.Add(time.Minute)); err != nil || len(got) != 0 {
			t.Errorf("abandoned while its lease runs: %d, %v", len(got), err)
		}
		var mu sync.Mutex
		taken := map[commands.Destination]State{}
		late := noon.Add(2 * time.Minute)
		both(t, p, 3, func(s *Store, who, _ int) error {
			got, err := s.Abandoned(t.Context(), fmt.Sprint(who), false, late, late.Add(time.Minute))
			mu.Lock()
			defer mu.Unlock()
			for _, d := range got {
				if _, twice := taken[d.To]; twice {
					t.Errorf("%s was taken up twice", d.To)
				}
				taken[d.To] = d.State
			}
			return err
		})
		started := 0
		for _, state := range taken {
			if state == Started {
				started++
			}
		}
		if len(taken) != rows || started != rows/2 {
			t.Errorf("took up %d, %d of them started, want %d and %d", len(taken), started, rows, rows/2)
		}
	})
}

// TestFormerRuns: one process that runs on a file takes up at once what its
// former run left; where others may live, their leases have to run out.
func TestFormerRuns(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		plannedFor(t, s, 2, 1)
		claimed(t, s, "former", 1)
		claimed(t, s, "me", 1)
		got, err := s.Abandoned(t.Context(), "me", true, noon.Add(time.Second), noon.Add(time.Minute))
		want := 1
		if s.Shared() {
			want = 0
		}
		if err != nil || len(got) != want {
			t.Errorf("took up %d, %v, want %d", len(got), err, want)
		}
	})
}
