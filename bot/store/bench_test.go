package store

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"griot/bot/store/storetest"
	"griot/commands"
)

// benches runs f on a file and on a PostgreSQL server that both wait for the disk.
func benches(b *testing.B, f func(b *testing.B, s *Store)) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var url string
			if kind == "sqlite" {
				url = storetest.URL(b, "file")
			} else {
				cluster := storetest.NewCluster(b)
				cluster.WaitForDisk(b)
				url = cluster.URL(b)
			}
			s, err := Open(b.Context(), url, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			f(b, s)
		})
	}
}

// subscribed imports so many subscriptions and returns a plan of one part for each.
func subscribed(b *testing.B, s *Store, n int) []Plan {
	b.Helper()
	var wanted []Wanted
	for i := range n {
		wanted = append(wanted, Wanted{Subscription: testSub(strconv.Itoa(i + 1)), PlanAt: func(slot time.Time) time.Time { return slot }})
	}
	if _, err := s.Import(b.Context(), wanted, noon); err != nil {
		b.Fatal(err)
	}
	if err := s.AddRun(b.Context(), Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
		b.Fatal(err)
	}
	subs, err := s.All(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var plans []Plan
	for _, sub := range subs {
		plans = append(plans, Plan{
			Run: "r", To: sub.To, Kind: "k", Parts: 1, Expires: noon.Add(time.Hour),
			Subs: []Step{{ID: sub.ID, Due: sub.Next, Next: sub.Next.Add(24 * time.Hour), PlanAt: sub.Next.Add(24 * time.Hour)}},
		})
	}
	return plans
}

func addAll(b *testing.B, s *Store, plans []Plan) {
	b.Helper()
	for len(plans) > 0 {
		n := min(5000, len(plans))
		if err := s.AddPlans(b.Context(), plans[:n], noon); err != nil {
			b.Fatal(err)
		}
		plans = plans[n:]
	}
}

// BenchmarkOutcomes has 16 workers start and finish deliveries, two commits each.
func BenchmarkOutcomes(b *testing.B) {
	benches(b, func(b *testing.B, s *Store) {
		addAll(b, s, subscribed(b, s, b.N))
		jobs := make(chan Delivery, b.N)
		for _, d := range claimed(b, s, "me", b.N) {
			jobs <- d
		}
		close(jobs)
		began := time.Now()
		b.ResetTimer()
		var workers sync.WaitGroup
		for range 16 {
			workers.Go(func() {
				for d := range jobs {
					ok, err := s.Start(b.Context(), d, "me", noon, noon.Add(time.Minute))
					d.Attempt++
					if err == nil {
						err = s.Finish(b.Context(), d, "me", Outcome{State: Sent, Ref: "1"}, noon)
					}
					if !ok || err != nil {
						b.Errorf("%v, %v", ok, err)
					}
				}
			})
		}
		workers.Wait()
		b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "outcomes/s")
	})
}

// BenchmarkClaim claims 64 of 100,000 deliveries.
func BenchmarkClaim(b *testing.B) {
	benches(b, func(b *testing.B, s *Store) {
		addAll(b, s, subscribed(b, s, 100_000))
		b.ResetTimer()
		for i := range b.N {
			if got, err := s.Claim(context.Background(), commands.Telegram, fmt.Sprint(i), noon, noon.Add(time.Minute), 64); err != nil || len(got) != 64 && i < 1500 {
				b.Fatalf("claimed %d, %v", len(got), err)
			}
		}
	})
}

// BenchmarkAddPlans plans 5,000 deliveries in one transaction.
func BenchmarkAddPlans(b *testing.B) {
	benches(b, func(b *testing.B, s *Store) {
		plans := subscribed(b, s, 5000)
		for b.Loop() {
			if err := s.AddPlans(b.Context(), plans, noon); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if states, err := s.States(b.Context()); err != nil || states["planned"] != len(plans) {
				b.Fatalf("%v, %v", states, err)
			}
			for _, undo := range []string{`DELETE FROM delivery`, `UPDATE subscription SET open_run = '', next_due = ` + strconv.FormatInt(micro(testSub("").Next), 10)} {
				if _, err := s.write.ExecContext(b.Context(), undo); err != nil {
					b.Fatal(err)
				}
			}
			b.StartTimer()
		}
	})
}

// BenchmarkReserve takes turns at one bot's row with 16 workers.
func BenchmarkReserve(b *testing.B) {
	benches(b, func(b *testing.B, s *Store) {
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, _, err := s.Reserve(b.Context(), bot, 1, time.Microsecond, 0); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
