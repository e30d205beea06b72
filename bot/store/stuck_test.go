package store

import (
	"testing"
	"time"

	"griot/commands"
)

// free is how many subscriptions of a chat are free for their next run.
func (s *Store) free(t *testing.T, chat string) int {
	t.Helper()
	due, err := s.Due(t.Context(), []commands.Platform{commands.Telegram}, noon.AddDate(1, 0, 0), commands.Destination{}, 9)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, sub := range due {
		if sub.To.Chat == chat {
			n++
		}
	}
	return n
}

// plan plans one run for subscriptions of one place.
func (s *Store) plan(t *testing.T, sub commands.Subscription) {
	t.Helper()
	if err := s.AddRun(t.Context(), Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
		t.Fatal(err)
	}
	step := Step{ID: sub.ID, Due: sub.Next, Next: sub.Next.Add(24 * time.Hour), PlanAt: sub.Next.Add(24 * time.Hour), Last: sub.Last}
	if err := s.AddPlans(t.Context(), []Plan{{Run: "r", To: sub.To, Kind: "k", Parts: 1, Expires: noon.Add(time.Hour), Subs: []Step{step}}}, noon); err != nil {
		t.Fatal(err)
	}
}

// send sends what is planned for a chat.
func (s *Store) send(t *testing.T, chat string) {
	t.Helper()
	list, err := s.Claim(t.Context(), commands.Telegram, "me", noon, noon.Add(time.Minute), 9)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		o := Outcome{State: Retry, NotBefore: noon.Add(time.Hour)}
		if d.To.Chat == chat {
			o = Outcome{State: Sent, Ref: "1"}
		}
		if err := s.Finish(t.Context(), d, "me", o, noon); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheSameRunAgain: who is due the same run at the same place once more, as
// after a clock that was set back, is not sent it twice, and not stuck in it.
func TestTheSameRunAgain(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		for range 2 {
			sub, _, err := s.AddSubscription(t.Context(), testSub("-1"), noon)
			if err != nil {
				t.Fatal(err)
			}
			s.plan(t, sub)
			s.send(t, "-1")
			if n := s.free(t, "-1"); n != 1 {
				t.Errorf("%d subscriptions are free for their next run, want 1", n)
			}
			if ok, err := s.StopSubscription(t.Context(), sub.To, sub.ID); err != nil || !ok {
				t.Fatalf("%t, %v", ok, err)
			}
		}
		if list, err := s.Deliveries(t.Context(), "r"); err != nil || len(list) != 1 || list[0].Attempt > 1 {
			t.Errorf("%+v, %v, want it sent once", list, err)
		}
	})
}

// TestMovedWhereItWasSent: a run that waits in a group is sent in the supergroup
// already that the group becomes: who waited is free for the next one.
func TestMovedWhereItWasSent(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		for _, sub := range []commands.Subscription{testSub("-1"), testSub("-1001")} {
			if sub.To.Chat == "-1" {
				sub.Schedule = "weekdays 07:00"
			}
			stored, _, err := s.AddSubscription(t.Context(), sub, noon)
			if err != nil {
				t.Fatal(err)
			}
			s.plan(t, stored)
		}
		s.send(t, "-1001")
		if err := s.Moved(t.Context(), testSub("-1").To, testSub("-1001").To); err != nil {
			t.Fatal(err)
		}
		if n := s.free(t, "-1001"); n != 2 {
			t.Errorf("%d subscriptions are free for their next run, want 2", n)
		}
	})
}
