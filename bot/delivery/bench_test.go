package delivery

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"griot/commands"
)

// subscribers adds n subscriptions that were due a minute ago.
func subscribers(b *testing.B, h *house, n int) {
	b.Helper()
	due := time.Now().Add(-time.Minute)
	for i := range n {
		s := sub(commands.Telegram, fmt.Sprint(i+1), "reef")
		s.Schedule, s.Next, s.Created, s.WhenQuiet = "daily 07:00", due, due, "skip"
		if _, _, err := h.store.AddSubscription(context.Background(), s, due); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFanOut sends one digest to many through a ledger at synchronous=FULL.
func BenchmarkFanOut(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		const n = 3000
		h := newHouse(b, commands.Telegram)
		subscribers(b, h, n)
		last := make(chan struct{})
		h.out.fail = func(_ commands.Destination, call int) (bool, error) {
			if call == n {
				close(last)
			}
			return true, nil
		}
		start := time.Now()
		b.StartTimer()
		h.run()
		<-last
		h.halt()
		b.ReportMetric(n/time.Since(start).Seconds(), "msg/s")
	}
}

// BenchmarkPlan plans 100,000 subscriptions that are due at once.
func BenchmarkPlan(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		h := newHouse(b, commands.Telegram)
		subscribers(b, h, 100_000)
		runtime.GC()
		var was, is runtime.MemStats
		runtime.ReadMemStats(&was)
		start := time.Now()
		b.StartTimer()
		if err := h.plan(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		b.ReportMetric(time.Since(start).Seconds(), "s/100k")
		runtime.ReadMemStats(&is)
		b.ReportMetric(float64(is.HeapSys-was.HeapSys)/1e6, "MB-heap-grown")
		h.halt()
		b.StartTimer()
	}
}

// BenchmarkComing foretells two weeks of 100,000 daily subscriptions.
func BenchmarkComing(b *testing.B) {
	h := newHouse(b, commands.Telegram)
	var subs []commands.Subscription
	for i := range 100_000 {
		subs = append(subs, sub(commands.Telegram, fmt.Sprint(i+1), "reef"))
	}
	if _, err := h.Import(context.Background(), subs); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := 0
		start := time.Now()
		err := h.Coming(context.Background(), time.Time{}, start.Add(14*24*time.Hour), func(Coming) error {
			n++
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "sends")
		b.ReportMetric(time.Since(start).Seconds(), "s/100k")
	}
	h.halt()
}
