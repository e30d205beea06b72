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

func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// block is how many questions in a row a bot is asked before it is the other's
// turn: what it does behind an answer is its own work too.
const block = 25

// BenchmarkUpdateToReply compares with a bare echo bot, asked by turns:
// x-bare is how many times as long the median takes from update to reply, x-cpu
// how much more work it is, the fake's own included.
func BenchmarkUpdateToReply(b *testing.B) {
	for name, slow := range map[string]time.Duration{"loopback": 0, "50ms": 25 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			fakes := [2]*telegramtest.Server{telegramtest.New(b), telegramtest.New(b)}
			quietly(b, fakes[0])
			bare(b, fakes[1])
			for _, s := range fakes {
				s.Slow(slow)
				ask(b, s, 999, 1)
			}
			var times [2][]time.Duration
			var work [2]time.Duration
			for done := 0; done < b.N; done += block {
				for i, s := range fakes {
					spent := processor(b)
					for n := done; n < min(done+block, b.N); n++ {
						from := time.Now()
						ask(b, s, int64(1000+n), 1)
						times[i] = append(times[i], time.Since(from))
					}
					work[i] += processor(b) - spent
				}
			}
			median := func(i int) float64 {
				slices.Sort(times[i])
				return float64(times[i][len(times[i])/2].Nanoseconds())
			}
			b.ReportMetric(median(0)/median(1), "x-bare")
			b.ReportMetric(float64(work[0])/float64(work[1]), "x-cpu")
			b.ReportMetric(median(0)/1e3, "us/answer")
		})
	}
}

// BenchmarkSlowNetwork has 64 people ask b.N times one after the other on a
// network of 50 ms there and back; a bare echo bot has the same.
func BenchmarkSlowNetwork(b *testing.B) {
	rate := func(start func(*testing.B, *telegramtest.Server)) float64 {
		s := telegramtest.New(b)
		start(b, s)
		s.Slow(25 * time.Millisecond)
		const askers = 64
		from := time.Now()
		var wg sync.WaitGroup
		for i := range askers {
			wg.Go(func() {
				for n := range b.N {
					ask(b, s, int64(1000+i), n+1)
				}
			})
		}
		wg.Wait()
		return float64(askers*b.N) / time.Since(from).Seconds()
	}
	b.ReportMetric(rate(bare), "bare-answers/s")
	b.ReportMetric(rate(quietly), "answers/s")
}
