package store

import (
	"testing"
	"time"

	"griot/commands"
)

// TestHoldRun: what is not sent yet of a run waits until it is released or too
// late, and other runs go on.
func TestHoldRun(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		plannedFor(t, s, 4, 2)
		if err := s.WatchRuns(ctx, map[string]commands.CardAbout{"r": {First: true}}, noon); err != nil {
			t.Fatal(err)
		}
		begun, waits := claimed(t, s, "a", 2), func(n int, when string) {
			t.Helper()
			got := claimed(t, s, "b", 10)
			if len(got) != n {
				t.Errorf("%s %d are claimed, want %d", when, len(got), n)
			}
			for _, d := range got { // as if they could not start
				if err := s.Finish(ctx, d, "b", Outcome{State: Planned, NotBefore: noon}, noon); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(begun) != 2 {
			t.Fatal(begun)
		}
		if ok, err := s.Start(ctx, begun[0], "a", noon, noon.Add(time.Minute)); err != nil || !ok {
			t.Fatal(ok, err)
		}
		waits(2, "at first")
		awa := commands.Editor{Platform: commands.Telegram, User: "7", Name: "Awa"}
		for i, want := range []bool{true, false} {
			if ok, err := s.HoldRun(ctx, "r", "the toll", awa, noon); err != nil || ok != want {
				t.Errorf("hold %d: %v, %v", i, ok, err)
			}
		}
		waits(0, "held")
		if ok, err := s.Start(ctx, begun[1], "a", noon, noon.Add(time.Minute)); err != nil || ok {
			t.Errorf("started although held: %v, %v", ok, err)
		}
		begun[0].Attempt++
		if err := s.Finish(ctx, begun[0], "a", Outcome{State: Retry, NotBefore: noon}, noon); err != nil { // it was in hand
			t.Fatal(err)
		}
		waits(0, "tried again")
		if c, _, err := s.Card(ctx, cardID(commands.CardDigest, "r")); err != nil || c.State != commands.CardHeld || c.By.Name != "Awa" || c.Reach != (commands.Reach{Places: 4, Waiting: 4}) {
			t.Errorf("card %+v, %v", c, err)
		}
		if err := s.AddRun(ctx, Run{ID: "other", Key: "other", End: noon}, noon); err != nil {
			t.Fatal(err)
		}
		other, _, err := s.AddSubscription(ctx, testSub("99"), noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AddPlans(ctx, []Plan{{Run: "other", To: other.To, Kind: "k", Parts: 1, Expires: noon.Add(time.Hour), Subs: []Step{{ID: other.ID, Due: other.Next, Next: other.Next, PlanAt: other.Next}}}}, noon); err != nil {
			t.Fatal(err)
		}
		waits(1, "of another run")
		for i, want := range []bool{true, false} {
			if ok, err := s.ReleaseRun(ctx, "r", awa, noon); err != nil || ok != want {
				t.Errorf("release %d: %v, %v", i, ok, err)
			}
		}
		if err := s.Finish(ctx, begun[1], "a", Outcome{State: Planned, NotBefore: noon}, noon); err != nil {
			t.Fatal(err)
		}
		waits(5, "released")
		if _, err := s.HoldRun(ctx, "r", "", commands.Editor{}, noon); err != nil {
			t.Fatal(err)
		}
		if err := s.Overslept(ctx, noon.Add(59*time.Minute)); err != nil {
			t.Fatal(err)
		}
		waits(1, "held again")
		if err := s.Overslept(ctx, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		late, err := s.Claim(ctx, commands.Telegram, "b", noon.Add(time.Hour), noon.Add(2*time.Hour), 10)
		if err != nil || len(late) != 5 {
			t.Errorf("%d are claimed when it is too late, %v; want them all, to say so", len(late), err)
		}
		for _, d := range late {
			if err := s.Finish(ctx, d, "b", Outcome{State: Expired}, noon.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if ok, err := s.ReleaseRun(ctx, "r", commands.Editor{}, noon.Add(time.Hour)); err != nil || !ok {
			t.Fatal(ok, err)
		}
		for range 2 {
			if err := s.FinishCards(ctx, noon.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if c, _, err := s.Card(ctx, cardID(commands.CardDigest, "r")); err != nil || c.State != commands.CardDone || c.Reach.Waiting != 0 {
			t.Errorf("card %+v, %v", c, err)
		}
	})
}
