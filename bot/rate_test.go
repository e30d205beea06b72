package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// The allowed rates, a little below what the platforms take.
const (
	discordRate  = 45
	telegramRate = 28
)

// BenchmarkRealLimits has the program send digests for a minute at the limits
// it comes with, to fakes that take no more than the real ones: one process on a
// file, and four on one PostgreSQL. %rate is the share of the allowed rate
// reached, refused how often a platform had to answer 429, worst/s the most it
// was called in any second.
func BenchmarkRealLimits(b *testing.B) {
	for _, tc := range []struct {
		name      string
		kind      string
		processes int
	}{{"one process", "file", 1}, {"four processes", "postgres", 4}} {
		b.Run(tc.name, func(b *testing.B) {
			for b.Loop() {
				minute(b, durable(b, tc.kind), tc.processes)
			}
		})
	}
}

const span = time.Minute

func minute(b *testing.B, url string, processes int) {
	w := newWorld(b, url)
	w.discord.Slow(20 * time.Millisecond) // a network of 40 ms
	w.telegram.Slow(20 * time.Millisecond)
	w.discord.Limit(discordtest.Limits{Second: 50, Channel: 5})
	w.telegram.Limit(telegramtest.Limits{Second: 30, Chat: 1, Group: 20})
	delete(w.env, "GRIOT_DISCORD_PER_SECOND")
	delete(w.env, "GRIOT_TELEGRAM_PER_SECOND")
	w.env["GRIOT_LOG"] = "warn"
	w.invite(discordRate*int(span/time.Second+15), "velmora", func(int) time.Time { return w.clock.now().Add(time.Minute) })
	w.subscribe()
	w.clock.pass(2 * time.Minute)
	var all []*process
	for range processes {
		all = append(all, w.start())
	}
	w.after(200) // all of them are at it
	<-w.hit
	begun := time.Now()
	<-time.After(span)
	ended := time.Now()
	report := func(platform string, rate int, at []time.Time, refused int) {
		within := slices.DeleteFunc(slices.Clone(at), func(t time.Time) bool { return t.Before(begun) || t.After(ended) })
		b.ReportMetric(100*float64(len(within))/(float64(rate)*span.Seconds()), platform+"-%rate")
		b.ReportMetric(float64(refused), platform+"-refused")
		b.ReportMetric(float64(busiest(at, time.Second)), platform+"-worst/s")
	}
	at, refused := w.discord.Taken()
	report("discord", discordRate, at, refused)
	at, refused = w.telegram.Taken()
	report("telegram", telegramRate, at, refused)
	for _, p := range all {
		p.stop()
		if strings.Contains(p.log.String(), "level=ERROR") {
			b.Errorf("a process complains:\n%s", p.log)
		}
	}
	if got := w.judge(); got.astray+len(got.doubled) > 0 {
		b.Errorf("%d astray, doubled %v", got.astray, got.doubled)
	}
}

// busiest is the largest number of calls in any span of d.
func busiest(at []time.Time, d time.Duration) int {
	most, first := 0, 0
	for i := range at {
		for at[i].Sub(at[first]) >= d {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
