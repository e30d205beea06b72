package delivery

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/bot/store/storetest"
	"griot/commands"
)

// BenchmarkPlan plans so many subscriptions that are due at once, on databases
// that wait for the disk: s is how long it takes, cpu-s how much work it is for
// the program, the server not included, and MB-peak by how much the heap in use
// grows meanwhile.
func BenchmarkPlan(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprint(kind, "/", n), func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					s := dueNow(b, kind, n)
					b.StartTimer()
					planAll(b, s, n)
				}
			})
		}
	}
}

// dueNow is a service on a database with n subscriptions that are due.
func dueNow(b *testing.B, kind string, n int) *Service {
	b.Helper()
	url := "sqlite:" + filepath.Join(b.TempDir(), "griot.db")
	if kind == "postgres" {
		cluster := storetest.NewCluster(b)
		cluster.WaitForDisk(b)
		url = cluster.URL(b)
	}
	st, err := store.Open(b.Context(), url, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	now := time.Now()
	due := now.Truncate(time.Minute).Add(-time.Minute).UTC()
	var wanted []store.Wanted
	for i := range n {
		s := sub(commands.Telegram, strconv.Itoa(i+1), "reef")
		s.Schedule, s.Next, s.WhenQuiet = commands.Schedule(due.Format("daily 15:04")), due, "skip"
		wanted = append(wanted, store.Wanted{Subscription: s, PlanAt: func(slot time.Time) time.Time { return slot }})
	}
	if _, err := st.Import(b.Context(), wanted, now); err != nil {
		b.Fatal(err)
	}
	return New(Options{
		Store: st, Adapters: map[commands.Platform]adapter.Adapter{commands.Telegram: newPlatform(commands.Telegram)},
		Digest: func(context.Context, commands.Subscription, commands.Window, time.Time) (commands.Reply, error) {
			return commands.Reply{Title: "Digest"}, nil
		},
	})
}

func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// planAll plans what is due and reports what that takes.
func planAll(b *testing.B, s *Service, n int) {
	b.Helper()
	debug.FreeOSMemory()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	before, peak := mem.HeapAlloc, mem.HeapAlloc
	done, seen := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(seen)
		look := time.NewTicker(5 * time.Millisecond)
		defer look.Stop()
		for {
			runtime.ReadMemStats(&mem)
			peak = max(peak, mem.HeapAlloc)
			select {
			case <-look.C:
			case <-done:
				return
			}
		}
	}()
	begun, spent := time.Now(), processor(b)
	if err := s.plan(b.Context()); err != nil {
		b.Fatal(err)
	}
	took, work := time.Since(begun), processor(b)-spent
	close(done)
	<-seen
	b.ReportMetric(took.Seconds(), "s")
	b.ReportMetric(work.Seconds(), "cpu-s")
	b.ReportMetric(float64(peak-before)/1e6, "MB-peak")
	if states, err := s.Store.States(b.Context()); err != nil || states["planned"] != n {
		b.Errorf("%v, %v", states, err)
	}
}
