package store

import (
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

// planRun plans one run of some parts for a place, which is subscribed at first.
func planRun(t *testing.T, s *Store, to commands.Destination, run string, parts int, at time.Time) {
	t.Helper()
	ctx := t.Context()
	list, err := s.Subscriptions(ctx, to)
	if err == nil && len(list) == 0 {
		list = make([]commands.Subscription, 1)
		list[0], _, err = s.AddSubscription(ctx, commands.Subscription{
			To: to, Topics: []string{"reef"}, Schedule: "daily 07:00", Zone: "UTC", Lang: briefings.EN, Next: at, Created: noon, Owner: "42",
		}, at)
	}
	if err != nil {
		t.Fatal(err)
	}
	sub := list[0]
	if err := s.AddRun(ctx, Run{ID: run, Key: run, Slot: "x", Zone: "UTC", Lang: "en", End: at}, at); err != nil {
		t.Fatal(err)
	}
	err = s.AddPlans(ctx, []Plan{{
		Run: run, To: to, Kind: "k", Parts: parts, Expires: at.Add(time.Hour),
		Subs: []Step{{ID: sub.ID, Due: sub.Next, Next: at.Add(24 * time.Hour), PlanAt: at.Add(24 * time.Hour), Last: sub.Last}},
	}}, at)
	if err != nil {
		t.Fatal(err)
	}
}

// ended claims, starts and finishes every open delivery alike.
func ended(t *testing.T, s *Store, at time.Time, o Outcome) int {
	t.Helper()
	n := 0
	for {
		list, err := s.Claim(t.Context(), commands.Telegram, "me", at, at.Add(time.Minute), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return n
		}
		for _, d := range list {
			if ok, err := s.Start(t.Context(), d, "me", at, at.Add(time.Minute)); !ok || err != nil {
				t.Fatal(ok, err)
			}
			d.Attempt++
			if err := s.Finish(t.Context(), d, "me", o, at); err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
}

func only(t *testing.T, s *Store, to commands.Destination) commands.Subscription {
	t.Helper()
	list, err := s.Subscriptions(t.Context(), to)
	if err != nil || len(list) != 1 {
		t.Fatalf("subscriptions %v, %v", list, err)
	}
	return list[0]
}

// TestFailuresStopInTheEnd: three in a row over two days stop, fewer, sooner or
// interrupted ones do not; who asked is to be told, once.
func TestFailuresStopInTheEnd(t *testing.T) {
	t.Parallel()
	to := commands.Destination{Platform: commands.Telegram, Chat: "-1"}
	dead := Outcome{State: Dead, Cause: "forbidden:can_send_messages"}
	for name, tc := range map[string]struct {
		every   time.Duration
		results []Outcome
		stopped string
	}{
		"three over two days":    {24 * time.Hour, []Outcome{dead, dead, dead}, dead.Cause},
		"three within a day":     {8 * time.Hour, []Outcome{dead, dead, dead}, ""},
		"two over a week":        {168 * time.Hour, []Outcome{dead, dead}, ""},
		"one arrived in between": {24 * time.Hour, []Outcome{dead, dead, {State: Sent, Ref: "7"}, dead}, ""},
		"our own faults":         {24 * time.Hour, []Outcome{{State: Dead}, {State: Dead}, {State: Dead}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stores(t, func(t *testing.T, s *Store) {
				at := noon
				for i, o := range tc.results {
					planRun(t, s, to, string(rune('a'+i)), 1, at)
					ended(t, s, at, o)
					at = at.Add(tc.every)
				}
				if got := only(t, s, to); got.Stopped != tc.stopped || got.Owner != "42" {
					t.Errorf("stopped because of %q, want %q", got.Stopped, tc.stopped)
				}
				list, err := s.Notices(t.Context(), []commands.Platform{commands.Telegram, commands.Discord}, 10)
				if err != nil || (len(list) == 1) != (tc.stopped != "") {
					t.Fatalf("to be told: %v, %v", list, err)
				}
				for range 2 * len(list) { // planned twice is once
					r := Run{ID: "n", Key: "n", Lang: "en"}
					person := commands.Destination{Platform: commands.Telegram, Chat: "user:42"}
					if err := s.AddNotice(t.Context(), list[0], r, person, "k", []string{"one", "two"}, at.Add(time.Hour), at); err != nil {
						t.Fatal(err)
					}
				}
				if n := ended(t, s, at, Outcome{State: Sent, Ref: "9"}); n != 2*len(list) {
					t.Errorf("%d messages of notices, want %d", n, 2*len(list))
				}
			})
		})
	}
}

// TestFallBack leads every part that is left to the chat, and is remembered
// until a digest reaches the thread again.
func TestFallBack(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		to := commands.Destination{Platform: commands.Telegram, Chat: "-1", Thread: "7"}
		planRun(t, s, to, "a", 3, noon)
		list, err := s.Claim(t.Context(), commands.Telegram, "me", noon, noon.Add(time.Minute), 10)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		d := list[0]
		if ok, err := s.Start(t.Context(), d, "me", noon, noon.Add(time.Minute)); !ok || err != nil {
			t.Fatal(ok, err)
		}
		d.Attempt++
		if fell, err := s.FellBack(t.Context(), d); fell || err != nil {
			t.Errorf("fell back before: %t, %v", fell, err)
		}
		if err := s.Finish(t.Context(), d, "me", Outcome{State: Retry, NotBefore: noon, Fallback: true}, noon); err != nil {
			t.Fatal(err)
		}
		if fell, err := s.FellBack(t.Context(), d); !fell || err != nil {
			t.Errorf("not remembered: %t, %v", fell, err)
		}
		rows, err := s.Deliveries(t.Context(), "a")
		for _, d := range rows {
			if d.Via != "chat" {
				t.Errorf("part %d goes via %q", d.Part, d.Via)
			}
		}
		if err != nil || len(rows) != 3 || ended(t, s, noon, Outcome{State: Sent, Ref: "1"}) != 3 {
			t.Errorf("rows %v, %v", rows, err)
		}
		if list, err := s.Notices(t.Context(), []commands.Platform{commands.Telegram}, 10); err != nil || len(list) != 1 || list[0].Notice != "thread" {
			t.Errorf("to be told: %v, %v", list, err)
		}
		next := noon.Add(24 * time.Hour)
		planRun(t, s, to, "b", 1, next)
		if fell, err := s.FellBack(t.Context(), Delivery{Run: "b", To: to}); !fell || err != nil {
			t.Errorf("forgotten by a message in the chat: %t, %v", fell, err)
		}
		ended(t, s, next, Outcome{State: Sent, Ref: "2"})
		planRun(t, s, to, "c", 1, next.Add(24*time.Hour))
		if fell, err := s.FellBack(t.Context(), Delivery{Run: "c", To: to}); fell || err != nil {
			t.Errorf("still remembered after one reached the thread: %t, %v", fell, err)
		}
	})
}

// TestPartsAreSpaced: the part behind a sent one waits as long as it is told.
func TestPartsAreSpaced(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		to := commands.Destination{Platform: commands.Telegram, Chat: "1"}
		planRun(t, s, to, "a", 2, noon)
		if n := ended(t, s, noon, Outcome{State: Sent, Ref: "1", Next: noon.Add(time.Second)}); n != 1 {
			t.Errorf("%d parts at once, want 1", n)
		}
		if n := ended(t, s, noon.Add(time.Second), Outcome{State: Sent, Ref: "2"}); n != 1 {
			t.Errorf("%d parts a second later, want 1", n)
		}
	})
}
