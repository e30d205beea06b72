package main

import (
	"context"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store"
	"griot/config"
)

// house is a world with the program inside the test: its clock can be moved on
// while it runs.
type house struct {
	*world
	app  *app
	log  *buffer
	stop func()
	// reload asks for the content to be read again; nil: it is read as it comes.
	reload chan os.Signal
}

// newHouse makes a house with n readers on each platform, whose digest is due
// in an hour. The program reaches the platforms by cables.
func newHouse(t testing.TB, url string, n int) *house {
	t.Helper()
	return newHouseDue(t, url, n, func(int) time.Duration { return time.Hour })
}

// newHouseDue is newHouse with digests due when it says.
func newHouseDue(t testing.TB, url string, n int, due func(i int) time.Duration) *house {
	t.Helper()
	h := &house{world: newWorld(t, url), log: newBuffer()}
	h.discord.Slow(0)
	h.telegram.Slow(0)
	h.invite(n, "velmora", func(i int) time.Time { return h.clock.now().Add(due(i)) })
	h.subscribe()
	return h
}

// open starts the program.
func (h *house) open() {
	h.t.Helper()
	cfg, err := config.Load("", func(k string) (string, bool) { v, ok := h.env[k]; return v, ok })
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.t.Context()))
	if h.app, err = newApp(ctx, cfg, system{now: h.clock.now, reload: h.reload}, newLog(h.log, cfg.Log), nil); err != nil {
		h.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- h.app.run(ctx) }()
	stopped := false
	h.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			h.t.Errorf("ended with %v", err)
		}
		if err := h.app.close(); err != nil {
			h.t.Errorf("close: %v", err)
		}
	}
	h.t.Cleanup(h.stop)
	h.log.await(h.t, "griot runs")
}

// pass lets time pass, and the program notice it.
func (h *house) pass(d time.Duration) {
	h.clock.pass(d)
	h.app.digests.Wake()
}

// told waits until the log says the text of a digest to each platform.
func (h *house) told(text string) {
	h.t.Helper()
	h.until("the log to say "+text, func() bool {
		about := map[string]bool{}
		for line := range strings.Lines(h.log.String()) {
			for _, p := range []string{"discord", "telegram"} {
				about[p] = about[p] || strings.Contains(line, text) && strings.Contains(line, "adapter="+p) && strings.Contains(line, "run=")
			}
		}
		return about["discord"] && about["telegram"]
	})
}

// until waits for something, for a minute at most.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	late := time.After(time.Minute)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !ok() {
		select {
		case <-look.C:
		case <-late:
			h.t.Fatalf("waited in vain for %s:\n%s", what, h.log)
		}
	}
}

// final waits until nothing is open any more, each look so much later, and
// returns how many deliveries ended how.
func (h *house) final(step time.Duration) map[string]int {
	h.t.Helper()
	var states map[string]int
	h.until("an end of every delivery", func() bool {
		h.pass(step)
		var err error
		if states, err = h.app.store.States(h.t.Context()); err != nil {
			return false
		}
		open, all := 0, 0
		for state, n := range states {
			all += n
			switch store.State(state) {
			case store.Planned, store.Claimed, store.Started, store.Retry:
				open += n
			}
		}
		return open == 0 && all >= len(h.readers)
	})
	return states
}

// calm waits until nothing is claimed or being sent.
func (h *house) calm() {
	h.t.Helper()
	h.until("calm", func() bool {
		states, err := h.app.store.States(h.t.Context())
		return err == nil && len(states) > 0 && states["claimed"]+states["started"] == 0
	})
}

// both breaks the sending of digests n times on each platform.
func (h *house) both(n int, d discordtest.Fault, tg telegramtest.Fault) {
	d.Method, d.Path, d.Times = "POST", "/channels/", n
	h.discord.Fail(d)
	for range n {
		h.telegram.Fail("sendMessage", tg)
	}
}

// came holds what arrived against what was promised.
func (h *house) came(states map[string]int, doubled int) {
	h.t.Helper()
	want := map[string]int{"sent": len(h.readers)}
	h.ended(states, want)
	got := h.judge()
	if got.wanted != len(h.readers) || got.lost > 0 || got.astray > 0 || len(got.doubled["discord"]) > 0 || len(got.doubled["telegram"]) != doubled {
		h.t.Errorf("of %d messages %d lost, %d astray, doubled on Discord %d, on Telegram %d; want only %d doubled there",
			got.wanted, got.lost, got.astray, len(got.doubled["discord"]), len(got.doubled["telegram"]), doubled)
	}
}

func (h *house) ended(states, want map[string]int) {
	h.t.Helper()
	if !maps.Equal(states, want) {
		h.t.Errorf("on record %v, want %v", states, want)
	}
}
