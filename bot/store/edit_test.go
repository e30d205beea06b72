package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/commands"
)

// planned is a change that also says when to plan.
func planned(f func(*commands.Subscription)) Change {
	return func(s commands.Subscription) (commands.Subscription, time.Time, error) {
		f(&s)
		return s, s.Next, nil
	}
}

// TestEditIsTheSameRow: what a subscription is and did stays; what it wants changes.
func TestEditIsTheSameRow(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, sub := t.Context(), testSub("-1")
		sub.Owner, sub.Guild, sub.Last, sub.Paused = "7", "g", noon.Add(-time.Hour), true
		sub, _, err := s.AddSubscription(ctx, sub, sub.Next)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.write.ExecContext(ctx, `UPDATE subscription SET open_run = 'r', last_run = 'r', failures = 2`); err != nil {
			t.Fatal(err)
		}
		want := sub
		want.Topics, want.Schedule, want.Zone, want.Lang = []string{"storm"}, "weekly mon 08:00", "UTC", "fr"
		want.WhenQuiet, want.QuietHours, want.TextOnly, want.Next = "brief", "22:00-07:00", true, noon.Add(48*time.Hour)
		got, ok, err := s.EditSubscription(ctx, sub.To, sub.ID, planned(func(s *commands.Subscription) {
			*s = want
			s.ID, s.Owner, s.Guild, s.Created, s.Last, s.Paused, s.To.Chat = "other", "other", "other", noon, noon, false, "-9" // none of an edit's business
		}))
		if d := cmp.Diff(want, got); d != "" || !ok || err != nil {
			t.Errorf("edited, %v, %v: %s", ok, err, d)
		}
		var open, last string
		var failures int
		if err := s.read.QueryRowContext(ctx, `SELECT open_run, last_run, failures FROM subscription WHERE id = ?`, sub.ID).Scan(&open, &last, &failures); err != nil || open != "r" || last != "r" || failures != 2 {
			t.Errorf("its run on the way %q, its last %q, %d failures, %v; want them to stay", open, last, failures, err)
		}
	})
}

// TestEditBeginsAgain: an edit in between is not undone, and the planner's step neither.
func TestEditBeginsAgain(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		sub, _, err := s.AddSubscription(ctx, testSub("-1"), noon)
		if err != nil {
			t.Fatal(err)
		}
		calls := 0
		got, ok, err := s.EditSubscription(ctx, sub.To, sub.ID, planned(func(s1 *commands.Subscription) {
			if calls++; calls == 1 {
				if _, _, err := s.EditSubscription(ctx, sub.To, sub.ID, planned(func(s2 *commands.Subscription) { s2.TextOnly, s2.Next = true, noon.Add(24*time.Hour) })); err != nil {
					t.Error(err)
				}
			}
			s1.QuietHours = "22:00-07:00"
		}))
		if !ok || err != nil || calls != 2 || !got.TextOnly || got.QuietHours == "" || !got.Next.Equal(noon.Add(24*time.Hour)) {
			t.Errorf("%+v, %v, %v after %d calls", got, ok, err, calls)
		}
		calls = 0
		_, _, err = s.EditSubscription(ctx, sub.To, sub.ID, planned(func(s1 *commands.Subscription) { // never first
			calls++
			if _, err := s.write.ExecContext(ctx, `UPDATE subscription SET next_due = next_due + 1`); err != nil {
				t.Error(err)
			}
		}))
		if err == nil || calls != editTries {
			t.Errorf("%v after %d calls, want it to give up", err, calls)
		}
	})
}

func TestEditRefusesATwin(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, a := t.Context(), testSub("-1")
		b, elsewhere := a, testSub("-2")
		b.Topics, b.Created = []string{"storm"}, noon.Add(time.Minute)
		elsewhere.Topics = []string{"harbour"}
		for _, sub := range []*commands.Subscription{&a, &b, &elsewhere} {
			var err error
			if *sub, _, err = s.AddSubscription(ctx, *sub, sub.Next); err != nil {
				t.Fatal(err)
			}
		}
		like := func(topics ...string) Change {
			return planned(func(s *commands.Subscription) { s.Topics = topics })
		}
		_, ok, err := s.EditSubscription(ctx, b.To, b.ID, like("reef", "harbour"))
		if twin, is := errors.AsType[*SameError](err); !is || twin.ID != a.ID || !ok {
			t.Errorf("like another: %v, %v; want it named", ok, err)
		}
		if list, _ := s.Subscriptions(ctx, b.To); len(list) != 2 || list[1].Topics[0] != "storm" {
			t.Errorf("it changed all the same: %+v", list)
		}
		if _, ok, err := s.EditSubscription(ctx, b.To, b.ID, like("harbour")); !ok || err != nil {
			t.Errorf("like another place's: %v, %v", ok, err)
		}
		if _, ok, err := s.EditSubscription(ctx, elsewhere.To, a.ID, like("sand")); ok || err != nil {
			t.Errorf("another place's: %v, %v; want there to be none", ok, err)
		}
		wrong := errors.New("no such hour")
		if _, _, err := s.EditSubscription(ctx, a.To, a.ID, func(s commands.Subscription) (commands.Subscription, time.Time, error) { return s, noon, wrong }); !errors.Is(err, wrong) {
			t.Errorf("a change that fails: %v", err)
		}
	})
}

// TestEditMoves: to another thread of the chat, where it starts as a new place
// does, but for its window; not while it is being sent.
func TestEditMoves(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, sub := t.Context(), testSub("-1")
		sub.To.Thread, sub.Last = "7", noon.Add(-time.Hour)
		sub, _, err := s.AddSubscription(ctx, sub, sub.Next)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AddRun(ctx, Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
			t.Fatal(err)
		}
		plan := Plan{Run: "r", To: sub.To, Kind: "telegram/shared", Parts: 1, Subs: []Step{{ID: sub.ID, Due: sub.Next, Next: noon.Add(25 * time.Hour), PlanAt: noon.Add(25 * time.Hour), Last: sub.Last}}, Expires: noon.Add(time.Hour)}
		if err := s.AddPlans(ctx, []Plan{plan}, noon); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Claim(ctx, commands.Telegram, "me", noon, noon.Add(time.Minute), 9); err != nil || len(list) != 1 {
			t.Fatalf("claimed %v, %v", list, err)
		}
		move := planned(func(s *commands.Subscription) { s.To.Thread = "" })
		if _, _, err := s.EditSubscription(ctx, sub.To, sub.ID, move); !errors.Is(err, ErrBusy) {
			t.Errorf("moved while it is being sent: %v", err)
		}
		d := Delivery{Run: "r", To: sub.To}
		if err := s.Finish(ctx, d, "me", Outcome{State: Retry, NotBefore: noon}, noon); err != nil {
			t.Fatal(err)
		}
		got, ok, err := s.EditSubscription(ctx, sub.To, sub.ID, move)
		want := sub
		want.To.Thread, want.Next = "", noon.Add(25*time.Hour)
		if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
			t.Errorf("moved, %v, %v: %s", ok, err, diff)
		}
		if wishes, err := s.Wishes(ctx, d); err != nil || len(wishes) != 0 {
			t.Errorf("its old place still wants %v, %v", wishes, err)
		}
		if list, err := s.Elsewhere(ctx, sub.To); err != nil || len(list) != 1 || list[0].ID != sub.ID {
			t.Errorf("seen from its old place: %v, %v", list, err)
		}
		if list, err := s.Elsewhere(ctx, got.To); err != nil || len(list) != 0 {
			t.Errorf("seen from its new place: %v, %v", list, err)
		}
	})
}
