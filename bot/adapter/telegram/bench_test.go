package telegram_test

import (
	"slices"
	"sync"
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

// bare is the least a bot can do on the same library: it echoes.
func bare(b *testing.B, s *telegramtest.Server) {
	b.Helper()
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(telegramtest.Token, s.URL()+"/bot%s/%s")
	if err != nil {
		b.Fatal(err)
	}
	updates := api.GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 50})
	go func() {
		for u := range updates {
			if u.Message == nil {
				continue
			}
			if _, err := api.Send(tgbotapi.NewMessage(u.Message.Chat.ID, u.Message.Text)); err != nil {
				b.Error(err)
			}
		}
	}()
}

// ask asks once and waits for the answer.
func ask(b *testing.B, s *telegramtest.Server, id int64, n int) {
	s.Say(telegramtest.User{ID: id}, id, "/lake")
	s.WaitMessages(b, id, n)
}

// median of the times from update to reply.
func median(b *testing.B, start func(*testing.B, *telegramtest.Server), rounds int) time.Duration {
	b.Helper()
	s := telegramtest.New(b)
	start(b, s)
	var times []time.Duration
	for i := range rounds {
		from := time.Now()
		ask(b, s, int64(1000+i), 1)
		times = append(times, time.Since(from))
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// BenchmarkUpdateToReply compares with a bare echo bot in one run: x-bare is how
// many times as long the median takes.
func BenchmarkUpdateToReply(b *testing.B) {
	for b.Loop() {
		floor := median(b, bare, 500)
		ours := median(b, quietly, 500)
		b.ReportMetric(float64(ours)/float64(floor), "x-bare")
		b.ReportMetric(float64(ours.Microseconds()), "us/answer")
	}
}

// BenchmarkSlowNetwork has 64 people ask one after the other on a network of
// 50 ms there and back.
func BenchmarkSlowNetwork(b *testing.B) {
	for b.Loop() {
		s := telegramtest.New(b)
		quietly(b, s)
		s.Slow(25 * time.Millisecond)
		const askers, each = 64, 40
		start := time.Now()
		var wg sync.WaitGroup
		for i := range askers {
			wg.Go(func() {
				for n := range each {
					ask(b, s, int64(1000+i), n+1)
				}
			})
		}
		wg.Wait()
		b.ReportMetric(float64(askers*each)/time.Since(start).Seconds(), "answers/s")
	}
}
