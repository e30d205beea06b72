package store

import (
	"context"
	"errors"
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

// TestPartsInOrder: a part is claimed when those before it are finished, and
// skipped when one of them certainly did not arrive.
func TestPartsInOrder(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		subs := plannedFor(t, s, 2, 3)
		next := func(want int) []Delivery {
			t.Helper()
			got := claimed(t, s, "me", 10)
			if len(got) != want {
				t.Fatalf("claimed %d, want %d", len(got), want)
			}
			return got
		}
		finish := func(d Delivery, o Outcome) {
			t.Helper()
			if ok, err := s.Start(ctx, d, "me", noon, noon.Add(time.Minute)); !ok || err != nil {
				t.Fatalf("start: %v, %v", ok, err)
			}
			d.Attempt++
			if err := s.Finish(ctx, d, "me", o, noon); err != nil {
				t.Fatal(err)
			}
		}
		first := next(2)
		next(0)
		if first[0].To != subs[0].To {
			first[0], first[1] = first[1], first[0]
		}
		finish(first[0], Outcome{State: Sent})
		finish(first[1], Outcome{State: Dead, Err: "gone"})
		wantStates(t, s, "map[dead:1 planned:2 sent:1 skipped:2]")
		for _, d := range next(1) {
			finish(d, Outcome{State: Retry, NotBefore: noon})
		}
		for _, d := range next(1) { // again, and the third still waits
			if d.Part != 1 || d.Attempt != 1 {
				t.Errorf("claimed part %d, try %d", d.Part, d.Attempt+1)
			}
			finish(d, Outcome{State: Sent})
		}
		for _, d := range next(1) {
			if busy, err := s.Wishes(ctx, d); err != nil || len(busy) != 1 {
				t.Errorf("before the last part: %v, %v", busy, err)
			}
			finish(d, Outcome{State: Sent})
		}
		for i, want := range []time.Time{noon, {}} { // the window moved on where all arrived
			list, err := s.Subscriptions(ctx, subs[i].To)
			if err != nil || len(list) != 1 || !list[0].Last.Equal(want) {
				t.Errorf("window of %v, %v, want its end at %s", list, err, want)
			}
		}
		later := noon.Add(48 * time.Hour)
		due, err := s.Due(ctx, []commands.Platform{commands.Telegram}, later, commands.Destination{}, 10)
		if err != nil || len(due) != 2 {
			t.Errorf("%d free for their next run, %v, want 2", len(due), err)
		}
	})
}

// TestTogether: of those that share a transaction a faulty one fails alone.
func TestTogether(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		fault := errors.New("fault")
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				err := s.together(t.Context(), func(ctx context.Context, tx conn) error {
					if _, err := tx.ExecContext(ctx, `INSERT INTO note (name, value) VALUES (?, '')`, fmt.Sprint(i)); err != nil {
						return err
					}
					if i%10 == 3 {
						return fault
					}
					return nil
				})
				if want := i%10 == 3; errors.Is(err, fault) != want || !want && err != nil {
					t.Errorf("entry %d: %v", i, err)
				}
			})
		}
		all.Wait()
		var n int
		if err := s.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM note`).Scan(&n); err != nil || n != 36 {
			t.Errorf("%d kept, %v, want 36", n, err)
		}
	})
}

// TestWake: the next instant behind now at which something is due.
func TestWake(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, on := t.Context(), []commands.Platform{commands.Telegram, commands.Discord}
		wake := func(behind, want time.Time) {
			t.Helper()
			if got, err := s.Wake(ctx, on, behind); err != nil || !got.Equal(want) {
				t.Errorf("wake %s, %v, want %s", got, err, want)
			}
		}
		wake(noon, time.Time{})
		plannedFor(t, s, 1, 1)
		wake(noon.Add(-time.Minute), noon)
		wake(noon, time.Time{}) // what is planned next waits for this run
		d := claimed(t, s, "me", 1)[0]
		if err := s.Finish(ctx, d, "me", Outcome{State: Retry, NotBefore: noon.Add(time.Hour)}, noon); err != nil {
			t.Fatal(err)
		}
		wake(noon, noon.Add(time.Hour))
		if got := claimed(t, s, "me", 1); len(got) != 0 {
			t.Errorf("claimed %v an hour before its time", got)
		}
	})
}

// TestForgottenWhilePlanned: nothing stays of a place that goes while others plan for it.
func TestForgottenWhilePlanned(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		for round := range 10 {
			sub, _, err := p[0].AddSubscription(t.Context(), testSub(fmt.Sprint(round)), noon)
			if err != nil {
				t.Fatal(err)
			}
			run := fmt.Sprint(round)
			if err := p[0].AddRun(t.Context(), Run{ID: run, Key: run, End: noon}, noon); err != nil {
				t.Fatal(err)
			}
			both(t, p, 1, func(s *Store, who, _ int) error {
				if who == 0 {
					_, err := s.Forget(t.Context(), sub.To)
					return err
				}
				return s.AddPlans(t.Context(), []Plan{{Run: run, To: sub.To, Kind: "k", Parts: 3, Subs: []Step{{ID: sub.ID, Due: sub.Next, Next: sub.Next, PlanAt: noon}}}}, noon)
			})
			if n, err := p[0].Forget(t.Context(), sub.To); err != nil || n != 0 {
				t.Errorf("%d rows left, %v", n, err)
			}
		}
	})
}

// TestMovedWhileSent: a chat that gets its new id during the call keeps the outcome.
func TestMovedWhileSent(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		plannedFor(t, s, 2, 1)
		for _, d := range claimed(t, s, "me", 2) {
			d.Nonce = "nonce of " + d.To.Chat
			if ok, err := s.Start(ctx, d, "me", noon, noon.Add(time.Minute)); !ok || err != nil {
				t.Fatalf("start: %v, %v", ok, err)
			}
			to := d.To
			to.Chat = "-100" + d.To.Chat
			if err := s.Moved(ctx, d.To, to); err != nil {
				t.Fatal(err)
			}
			d.Attempt++
			if err := s.Finish(ctx, d, "me", Outcome{State: Sent, Ref: d.To.Chat}, noon); err != nil {
				t.Fatal(err)
			}
			if list, err := s.Subscriptions(ctx, to); err != nil || len(list) != 1 || !list[0].Last.Equal(noon) {
				t.Errorf("moved %v, %v, want its window moved on", list, err)
			}
		}
		rows, err := s.Deliveries(ctx, "r")
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v, %v", rows, err)
		}
		for _, d := range rows {
			if d.State != Sent || d.To.Chat != "-100"+d.Ref {
				t.Errorf("%s: %s, sent to %s", d.To, d.State, d.Ref)
			}
		}
	})
}
