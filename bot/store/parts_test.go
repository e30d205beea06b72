package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"griot/commands"
)

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

// TestMovedWhileClaimed: what is claimed and not begun when its chat gets its new
// id is free at once, and who claimed it cannot begin it any more.
func TestMovedWhileClaimed(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		plannedFor(t, s, 1, 1)
		d := claimed(t, s, "me", 1)[0]
		to := d.To
		to.Chat = "-100" + d.To.Chat
		if err := s.Moved(ctx, d.To, to); err != nil {
			t.Fatal(err)
		}
		again := claimed(t, s, "me", 1)
		if len(again) != 1 || again[0].To != to {
			t.Fatalf("claimed %v, want it at its new id", again)
		}
		if ok, err := s.Start(ctx, d, "me", noon, noon.Add(time.Minute)); ok || err != nil {
			t.Errorf("begun under the old id: %v, %v", ok, err)
		}
		if err := s.Finish(ctx, d, "me", Outcome{State: Planned, NotBefore: noon}, noon); err != nil {
			t.Fatal(err)
		}
		if ok, err := s.Start(ctx, again[0], "me", noon, noon.Add(time.Minute)); !ok || err != nil {
			t.Errorf("not begun under the new one: %v, %v", ok, err)
		}
	})
}
