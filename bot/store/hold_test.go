package store

import (
	"strconv"
	"testing"
	"time"

	"griot/commands"
)

func TestPause(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if reason, since, err := s.Paused(ctx); reason != "" || !since.IsZero() || err != nil {
			t.Errorf("at first held since %s for %q, %v", since, reason, err)
		}
		plannedFor(t, s, 2, 1)
		held := claimed(t, s, "a", 1)[0]
		for _, reason := range []string{"a look at the disk", "another"} { // the first one stands
			if err := s.Pause(ctx, reason); err != nil {
				t.Fatal(err)
			}
		}
		if reason, since, err := s.Paused(ctx); reason != "a look at the disk" || time.Since(since) > time.Minute || err != nil {
			t.Errorf("held since %s for %q, %v", since, reason, err)
		}
		if got := claimed(t, s, "b", 10); len(got) != 0 {
			t.Errorf("claimed %v in a hold", got)
		}
		if ok, err := s.Start(ctx, held, "a", noon, noon.Add(time.Minute)); ok || err != nil {
			t.Errorf("started in a hold: %v, %v", ok, err)
		}
		for _, want := range []bool{true, false} {
			if was, err := s.Release(ctx); was != want || err != nil {
				t.Errorf("released %v, %v, want %v", was, err, want)
			}
		}
		if ok, err := s.Start(ctx, held, "a", noon, noon.Add(time.Minute)); !ok || err != nil {
			t.Errorf("not started after the hold: %v, %v", ok, err)
		}
		if got := claimed(t, s, "b", 10); len(got) != 1 {
			t.Errorf("claimed %v after the hold, want the other one", got)
		}
	})
}

// plannedFor plans a run for so many places and returns their subscriptions.
func plannedFor(t testing.TB, s *Store, places, parts int) []commands.Subscription {
	t.Helper()
	ctx := t.Context()
	if err := s.AddRun(ctx, Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
		t.Fatal(err)
	}
	var subs []commands.Subscription
	var plans []Plan
	for i := range places {
		sub := testSub(strconv.Itoa(i + 1))
		sub, _, err := s.AddSubscription(ctx, sub, noon)
		if err != nil {
			t.Fatal(err)
		}
		subs = append(subs, sub)
		plans = append(plans, Plan{
			Run: "r", To: sub.To, Kind: "k", Parts: parts, Expires: noon.Add(time.Hour),
			Subs: []Step{{ID: sub.ID, Due: sub.Next, Next: sub.Next.Add(24 * time.Hour), PlanAt: sub.Next.Add(24 * time.Hour)}},
		})
	}
	if err := s.AddPlans(ctx, plans, noon); err != nil {
		t.Fatal(err)
	}
	return subs
}

// claimed claims for a process of that name, at noon and for a minute.
func claimed(t testing.TB, s *Store, by string, limit int) []Delivery {
	t.Helper()
	got, err := s.Claim(t.Context(), commands.Telegram, by, noon, noon.Add(time.Minute), limit)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
