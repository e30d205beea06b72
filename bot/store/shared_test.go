package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/store/storetest"
	"griot/briefings"
	"griot/commands"
)

// pair opens one database twice, as two processes do.
func pair(t *testing.T, f func(t *testing.T, pair [2]*Store)) {
	t.Helper()
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, kind)
			f(t, [2]*Store{openTest(t, url), openTest(t, url)})
		})
	}
}

// both runs f at the same time for either process, several times over.
func both(t *testing.T, pair [2]*Store, rounds int, f func(s *Store, who, round int) error) {
	t.Helper()
	for round := range rounds {
		var all sync.WaitGroup
		for who, s := range pair {
			all.Go(func() {
				if err := f(s, who, round); err != nil {
					t.Errorf("process %d: %v", who, err)
				}
			})
		}
		all.Wait()
	}
}

func TestBothSubscribeTheSame(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		both(t, p, 20, func(s *Store, _, round int) error {
			_, _, err := s.AddSubscription(t.Context(), testSub(fmt.Sprint(round)), noon)
			return err
		})
		due, err := p[0].Due(t.Context(), []commands.Platform{commands.Telegram}, noon, commands.Destination{}, 100)
		if err != nil || len(due) != 20 {
			t.Errorf("%d subscriptions, %v, want one of each", len(due), err)
		}
	})
}

// TestBothRender: the parts that are kept are all of one process, and both know how many.
func TestBothRender(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		var counts [20][2]int
		both(t, p, len(counts), func(s *Store, who, round int) error {
			parts := []string{"a", "b"}
			if who == 1 {
				parts = []string{"A", "B", "C"}
			}
			n, err := s.SaveMessages(t.Context(), fmt.Sprint(round), "k", parts, Saying{}, noon)
			counts[round][who] = n
			return err
		})
		for round, n := range counts {
			var kept []string
			for i := range n[0] {
				part, err := p[0].Message(t.Context(), fmt.Sprint(round), "k", i)
				if err != nil {
					t.Fatal(err)
				}
				kept = append(kept, part)
			}
			if got := strings.Join(kept, ""); n[0] != n[1] || got != "ab" && got != "ABC" {
				t.Errorf("kept %q, counted %d", got, n)
			}
		}
	})
}

// TestBothSeeThePack: one finds the changes, the other finds them known.
func TestBothSeeThePack(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		revisions := func(hash string) map[briefings.ID]briefings.Revision {
			out := map[briefings.ID]briefings.Revision{}
			for i := range 300 {
				out[briefings.ID(fmt.Sprintf("event:%d", i))] = briefings.Revision{Hash: hash}
			}
			return out
		}
		var mu sync.Mutex
		found := map[int]int{}
		both(t, p, 5, func(s *Store, _, round int) error {
			changes, err := s.SeePack(t.Context(), publication(revisions(fmt.Sprint(round))), noon.Add(time.Duration(round)*time.Minute))
			mu.Lock()
			defer mu.Unlock()
			found[round] += len(changes)
			return err
		})
		for round, n := range found {
			if want := 300 * min(round, 1); n != want {
				t.Errorf("round %d: %d changes, want %d", round, n, want)
			}
		}
	})
}

// TestBothPlan: each place gets what one of them planned, and all of it.
func TestBothPlan(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		const rounds, places = 12, 15
		var subs [rounds][places][]commands.Subscription
		for i := range rounds * places {
			for _, topic := range []string{"reef", "storm"} {
				sub := testSub(fmt.Sprint(i))
				sub.Topics = []string{topic}
				sub, _, err := p[0].AddSubscription(t.Context(), sub, noon)
				if err != nil {
					t.Fatal(err)
				}
				at := &subs[i/places][i%places]
				*at = append(*at, sub)
			}
		}
		for _, run := range []string{"0", "1"} {
			if err := p[0].AddRun(t.Context(), Run{ID: run, Key: run, End: noon}, noon); err != nil {
				t.Fatal(err)
			}
		}
		both(t, p, rounds, func(s *Store, who, round int) error {
			var plans []Plan
			for _, place := range subs[round] {
				plan := Plan{Run: fmt.Sprint(who), To: place[0].To, Kind: "k", Parts: 2}
				for _, sub := range place {
					plan.Subs = append(plan.Subs, Step{ID: sub.ID, Due: sub.Next, Next: sub.Next.Add(time.Hour), PlanAt: noon.Add(time.Hour)})
				}
				plans = append(plans, plan)
			}
			if who == 1 { // nothing promises an order
				slices.Reverse(plans)
			}
			return s.AddPlans(t.Context(), plans, noon)
		})
		rows, err := p[0].Deliveries(t.Context(), "")
		if err != nil || len(rows) != 2*rounds*places {
			t.Fatalf("%d deliveries, %v, want %d", len(rows), err, 2*rounds*places)
		}
		runs := map[commands.Destination]string{}
		for _, d := range rows {
			if was, ok := runs[d.To]; ok && was != d.Run {
				t.Errorf("%s gets runs %s and %s", d.To, was, d.Run)
			}
			runs[d.To] = d.Run
		}
	})
}

// TestPlansAreWhole: a plan for two digests of which one is gone is left out.
func TestPlansAreWhole(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		a, b := testSub("1"), testSub("1")
		b.Topics = []string{"storm"}
		plan := Plan{Run: "r", To: a.To, Kind: "k", Parts: 1}
		for _, sub := range []*commands.Subscription{&a, &b} {
			var err error
			if *sub, _, err = s.AddSubscription(t.Context(), *sub, noon); err != nil {
				t.Fatal(err)
			}
			plan.Subs = append(plan.Subs, Step{ID: sub.ID, Due: sub.Next, Next: sub.Next.Add(time.Hour), PlanAt: noon.Add(time.Hour)})
		}
		if _, err := s.StopSubscription(t.Context(), a.To, a.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.AddPlans(t.Context(), []Plan{plan}, noon); err != nil {
			t.Fatal(err)
		}
		rows, err := s.Deliveries(t.Context(), "")
		if err != nil || len(rows) != 0 {
			t.Errorf("planned %v, %v, want nothing", rows, err)
		}
		plan.Subs = plan.Subs[1:]
		if err := s.AddPlans(t.Context(), []Plan{plan, plan}, noon); err != nil {
			t.Fatal(err)
		}
		rows, err = s.Deliveries(t.Context(), "")
		if err != nil || len(rows) != 1 {
			t.Errorf("planned %v, %v, want one", rows, err)
		}
	})
}

// TestMovesWhileUsed: a chat moves while others subscribe and plan there.
func TestMovesWhileUsed(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		both(t, p, 15, func(s *Store, who, round int) error {
			old, moved := testSub(fmt.Sprint("-", round)), testSub(fmt.Sprint("-100", round))
			if who == 0 {
				for _, sub := range []commands.Subscription{old, moved} {
					if _, _, err := s.AddSubscription(t.Context(), sub, noon); err != nil {
						return err
					}
				}
			}
			return s.Moved(t.Context(), old.To, moved.To)
		})
		for round := range 15 {
			for _, s := range p {
				if err := s.Moved(context.WithoutCancel(t.Context()), testSub(fmt.Sprint("-", round)).To, testSub(fmt.Sprint("-100", round)).To); err != nil {
					t.Fatal(err)
				}
			}
			if list, err := p[0].Subscriptions(t.Context(), testSub(fmt.Sprint("-100", round)).To); err != nil || len(list) != 1 {
				t.Errorf("%d subscriptions at the new id, %v, want 1", len(list), err)
			}
		}
	})
}
