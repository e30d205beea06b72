package store

import (
	"testing"
	"time"

	"griot/commands"
)

// TestAPlanOfAnOldWindowIsLeftOut: two who plan the same window, one of them
// after the other's run has arrived, make one run: the second would tell the
// same again, or leave the subscription waiting for a run that is finished.
func TestAPlanOfAnOldWindowIsLeftOut(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		sub, _, err := s.AddSubscription(ctx, testSub("-1"), noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AddRun(ctx, Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
			t.Fatal(err)
		}
		plan := Plan{Run: "r", To: sub.To, Kind: "k", Parts: 1, Urgent: true, Expires: noon.Add(time.Hour), Subs: []Step{{ID: sub.ID, Due: sub.Next, Next: sub.Next, PlanAt: sub.Next, Last: sub.Last}}}
		for range 2 {
			if err := s.AddPlans(ctx, []Plan{plan}, noon); err != nil {
				t.Fatal(err)
			}
			list, err := s.Claim(ctx, commands.Telegram, "me", noon, noon.Add(time.Minute), 9)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range list {
				if err := s.Finish(ctx, d, "me", Outcome{State: Sent, Ref: "1"}, noon); err != nil {
					t.Fatal(err)
				}
			}
		}
		if due, err := s.Due(ctx, []commands.Platform{commands.Telegram}, sub.Next, commands.Destination{}, 9); err != nil || len(due) != 1 || !due[0].Last.Equal(noon) {
			t.Errorf("due %+v, %v; want it free for its next run", due, err)
		}
	})
}
