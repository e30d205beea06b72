package main

import (
	"context"
	"io"
	"log"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// BenchmarkUpdateToReply has the whole program answer a briefing of the pack
// that comes with it, with its database in a file, and a bare bot on the same
// library answer the same text, in turns in one run. The questions are further apart than
// Telegram's limit of messages in a second, which the program obeys and the bare
// bot does not. p50-x-bare and cpu-x-bare are ratios, the fake's own share
// included in both. Discord's bare bot is measured beside its adapter.
func BenchmarkUpdateToReply(b *testing.B) {
	for name, delay := range map[string]time.Duration{"loopback": 0, "network50ms": 25 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			ours, bare := telegramtest.New(b), telegramtest.New(b)
			startBench(b, map[string]string{"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": ours.URL()})
			ours.WaitCalls(b, "setMyCommands", 8)
			chat := int64(1000)
			ask := func(s *telegramtest.Server) string {
				s.Say(telegramtest.User{ID: chat}, chat, "/mali section:summary")
				return s.WaitMessages(b, chat, 1)[0].Text
			}
			startBare(b, bare, ask(ours))
			ours.Say(telegramtest.User{ID: 1}, 1, "/search gold") // the index for search is made beside the first answers
			ours.WaitMessages(b, 1, 1)
			ask(bare)
			ours.Slow(delay)
			bare.Slow(delay)
			apart := time.NewTicker(45 * time.Millisecond)
			defer apart.Stop()
			compare(b, func() { chat++; <-apart.C }, func() { ask(ours) }, func() { ask(bare) })
		})
	}
}

// BenchmarkSlash is the same from a slash command to its answer on Discord,
// without a bare bot.
func BenchmarkSlash(b *testing.B) {
	d := discordtest.New(b)
	startBench(b, map[string]string{"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL()})
	d.WaitReady()
	for b.Loop() {
		d.Slash(discordtest.Ask{Command: "mali"}).Answer()
	}
}

// compare reports how ours does beside bare. What a bot does behind its answer,
// until next returns, is its work too.
func compare(b *testing.B, next, ours, bare func()) {
	b.Helper()
	var took [2][]time.Duration
	var cpu [2]time.Duration
	next()
	for b.Loop() {
		for i, ask := range []func(){ours, bare} {
			spent, begun := processor(b), time.Now()
			ask()
			took[i] = append(took[i], time.Since(begun))
			next()
			cpu[i] += processor(b) - spent
		}
	}
	for i := range took {
		slices.Sort(took[i])
	}
	p50 := len(took[0]) / 2
	b.ReportMetric(float64(took[0][p50])/float64(took[1][p50]), "p50-x-bare")
	b.ReportMetric(float64(cpu[0])/float64(cpu[1]), "cpu-x-bare")
	b.ReportMetric(float64(took[0][p50].Microseconds()), "p50-µs")
}

func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// startBench runs the program until the benchmark ends.
func startBench(b *testing.B, env map[string]string) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	code := make(chan int, 1)
	env["GRIOT_DATABASE_URL"] = "sqlite:" + filepath.Join(b.TempDir(), "griot.db")
	look := func(k string) (string, bool) { v, ok := env[k]; return v, ok }
	go func() {
		code <- run(ctx, system{env: look, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, now: time.Now})
	}()
	b.Cleanup(func() {
		cancel()
		if c := <-code; c != done {
			b.Errorf("exit code %d, want 0", c)
		}
	})
}

// startBare runs the least a bot can be on the library: it always answers text.
func startBare(b *testing.B, s *telegramtest.Server, text string) {
	b.Helper()
	_ = tgbotapi.SetLogger(log.New(io.Discard, "", 0)) // it logs the token when the fake goes
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(telegramtest.Token, s.URL()+"/bot%s/%s")
	if err != nil {
		b.Fatal(err)
	}
	updates := api.GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 50})
	b.Cleanup(api.StopReceivingUpdates)
	go func() {
		for u := range updates {
			if u.Message == nil {
				continue
			}
			if _, err := api.Send(tgbotapi.NewMessage(u.Message.Chat.ID, text)); err != nil {
				b.Error(err)
			}
		}
	}()
}
