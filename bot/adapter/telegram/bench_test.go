package telegram_test

import (
	"io"
	"log"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
)

// quietly runs a benchmark's bot until it ends.
func quietly(b *testing.B, s *telegramtest.Server) {
	b.Helper()
	a, err := telegram.New(telegram.Options{Token: telegramtest.Token, APIURL: s.URL(), Notes: &notes{}})
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = a.Run(b.Context(), &lakeCore{})
	}()
	b.Cleanup(func() { <-done })
	s.WaitCalls(b, "setMyCommands", 8)
}

// bare is the least a bot can do on the same library: it echoes, each update in
// a goroutine of its own.
func bare(b *testing.B, s *telegramtest.Server) {
	b.Helper()
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(telegramtest.Token, s.URL()+"/bot%s/%s")
	if err != nil {
		b.Fatal(err)
	}
	_ = tgbotapi.SetLogger(log.New(io.Discard, "", 0)) // it logs the token when the fake goes
	updates := api.GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 50})
	b.Cleanup(api.StopReceivingUpdates)
	go func() {
		for u := range updates {
			if u.Message == nil {
				continue
			}
			go func() {
				if _, err := api.Send(tgbotapi.NewMessage(u.Message.Chat.ID, u.Message.Text)); err != nil {
					b.Error(err)
				}
			}()
		}
	}()
}

// ask asks once and waits for the answer.
func ask(b *testing.B, s *telegramtest.Server, id int64, n int) {
	s.Say(telegramtest.User{ID: id}, id, "/lake")
	s.WaitMessages(b, id, n)
}

// measure asks one after the other and returns the median time from update to
// reply and the processor time of each, the fake's included.
func measure(b *testing.B, start func(*testing.B, *telegramtest.Server), rounds int, slow time.Duration) (wall, cpu time.Duration) {
	b.Helper()
	s := telegramtest.New(b)
	start(b, s)
	s.Slow(slow)
	ask(b, s, 999, 1)
	var times []time.Duration
	spent := processor(b)
	for i := range rounds {
		from := time.Now()
		ask(b, s, int64(1000+i), 1)
		times = append(times, time.Since(from))
	}
	spent = processor(b) - spent
	slices.Sort(times)
	return times[len(times)/2], spent / time.Duration(rounds)
}

func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkUpdateToReply compares with a bare echo bot in one run: x-bare is how
// many times as long the median takes, x-cpu how much more work it is.
func BenchmarkUpdateToReply(b *testing.B) {
	for _, c := range []struct {
		name   string
		slow   time.Duration
		rounds int
	}{{"loopback", 0, 1000}, {"50ms", 25 * time.Millisecond, 40}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				floor, little := measure(b, bare, c.rounds, c.slow)
				ours, much := measure(b, quietly, c.rounds, c.slow)
				b.ReportMetric(float64(ours)/float64(floor), "x-bare")
				b.ReportMetric(float64(much)/float64(little), "x-cpu")
				b.ReportMetric(float64(ours.Microseconds()), "us/answer")
			}
		})
	}
}

// BenchmarkSlowNetwork has 64 people ask one after the other on a network of
// 50 ms there and back; a bare echo bot has the same.
func BenchmarkSlowNetwork(b *testing.B) {
	rate := func(start func(*testing.B, *telegramtest.Server)) float64 {
		s := telegramtest.New(b)
		start(b, s)
		s.Slow(25 * time.Millisecond)
		const askers, each = 64, 40
		from := time.Now()
		var wg sync.WaitGroup
		for i := range askers {
			wg.Go(func() {
				for n := range each {
					ask(b, s, int64(1000+i), n+1)
				}
			})
		}
		wg.Wait()
		return float64(askers*each) / time.Since(from).Seconds()
	}
	for b.Loop() {
		floor, ours := rate(bare), rate(quietly)
		b.ReportMetric(ours, "answers/s")
		b.ReportMetric(floor, "bare-answers/s")
	}
}
