package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store/storetest"
)

// TestReportedNotRepeated: an operator who wants a message rather never than
// twice has it reported where the platform cannot tell.
func TestReportedNotRepeated(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.URL(t, "file"), 1)
	h.env["GRIOT_DELIVERY_IN_DOUBT"] = "report"
	h.open()
	h.both(1, discordtest.Fault{Drop: true, After: true}, telegramtest.Fault{Drop: true, After: true})
	h.pass(time.Hour + time.Minute)
	states := h.final(time.Second)
	h.log.await(t, "may not have arrived, given up")
	h.ended(states, map[string]int{"sent": 1, "unknown": 1})
	if got := h.judge(); got.wanted != 2 || got.lost+len(got.doubled) > 0 {
		t.Errorf("%+v, want each message once", got)
	}
}

// TestAllForbidTenMinutes: what everybody refuses at once is the platform's
// trouble. Nobody is stopped, the platform is asked now and then, and all have
// their digest when it is over.
func TestAllForbidTenMinutes(t *testing.T) {
	t.Parallel()
	const readers = 40
	h := newHouse(t, storetest.URL(t, "file"), readers)
	h.open()
	h.discord.Fail(discordtest.Fault{Method: "POST", Path: "/channels/", Status: 403, Code: 50013})
	for _, r := range h.readers {
		if r.chat != 0 {
			h.telegram.Lose(r.chat, "bot was blocked by the user")
		}
	}
	h.pass(time.Hour)
	for range 11 {
		h.pass(time.Minute)
		h.calm()
	}
	h.told("taken for the platform's trouble")
	h.discord.Heal()
	for _, r := range h.readers {
		if r.chat != 0 {
			h.telegram.AddChat(telegramtest.Chat{ID: r.chat, Type: "private"})
		}
	}
	h.came(h.final(time.Second), 0)
	subs, err := h.app.store.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range subs {
		if s.Stopped != "" {
			t.Errorf("%s is stopped: %s", s.To, s.Stopped)
		}
	}
	for name, calls := range map[string]int{"discord": len(h.discord.Calls("POST", "/channels/")), "telegram": len(h.telegram.Calls("sendMessage"))} {
		if calls > 4*readers {
			t.Errorf("%d calls to %s for %d readers", calls, name, readers)
		}
	}
}

// onArrival has f called once, as soon as a platform accepted a message, before its
// answer is on the way.
func (h *house) onArrival(f func()) {
	once := sync.OnceFunc(f)
	h.arrived.Store(&once)
}

// TestDatabaseLocked: another program holds the database for longer than SQLite
// waits, from the moment a platform accepted: the outcome is kept in mind.
func TestDatabaseLocked(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "file")
	h := newHouse(t, url, 20)
	h.open()
	other, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(strings.TrimPrefix(url, "sqlite:"))+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	other.SetMaxOpenConns(1)
	locked := make(chan error, 1)
	h.onArrival(func() {
		_, err := other.Exec("BEGIN IMMEDIATE")
		locked <- err
	})
	h.pass(time.Hour + time.Minute)
	if err := <-locked; err != nil {
		t.Fatal(err)
	}
	h.told("not kept yet")
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	h.came(h.final(0), 0)
}

// TestDiskFull: no room from the moment a platform accepted until somebody makes some.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t)
	h := newHouse(t, "sqlite:"+filepath.Join(dir, "griot.db"), 20)
	h.open()
	filler := filepath.Join(dir, "filler")
	full := make(chan struct{})
	h.onArrival(func() {
		fill(filler)
		close(full)
	})
	h.pass(time.Hour + time.Minute)
	<-full
	h.told("not kept yet")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	h.came(h.final(0), 0)
}

// fill writes until there is no room.
func fill(file string) {
	f, err := os.Create(file)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	for size := 1 << 16; size > 0; size /= 2 {
		for err := error(nil); err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
}

// TestPostgresRestarts: the database falls over from the moment a platform
// accepted, and comes back.
func TestPostgresRestarts(t *testing.T) {
	if raced {
		t.Skip("SKIPPED under the race detector: .ci/run runs it without")
	}
	t.Parallel()
	cluster := storetest.NewCluster(t)
	// As a server of the real world keeps what it said it had.
	h := newHouse(t, cluster.URL(t)+"&synchronous_commit=on", 200)
	h.open()
	down := make(chan struct{})
	h.onArrival(func() {
		go func() {
			cluster.Stop(t, "immediate")
			close(down)
		}()
	})
	h.pass(time.Hour + time.Minute)
	<-down
	h.told("not kept yet")
	cluster.Start(t)
	h.came(h.final(time.Second), 0)
}

// TestTooFast: where a platform takes less than is called for, nothing is lost
// or doubled, and the calls in vain stay few.
func TestTooFast(t *testing.T) {
	t.Parallel()
	const readers = 200
	h := newHouse(t, storetest.URL(t, "file"), readers)
	h.discord.Limit(discordtest.Limits{Second: 50, Channel: 5})
	h.telegram.Limit(telegramtest.Limits{Second: 30, Chat: 1, Group: 20})
	h.open()
	h.pass(time.Hour + time.Minute)
	h.came(h.final(0), 0)
	_, discord := h.discord.Taken()
	_, telegram := h.telegram.Taken()
	if t.Logf("%d and %d calls refused", discord, telegram); discord > 2*readers || telegram > 2*readers {
		t.Errorf("%d and %d calls refused for %d readers", discord, telegram, readers)
	}
}

// TestLongWaitSurvivesARestart: a wait that a platform asked for is kept by the
// next process too, for the chat, and for all chats where it was meant for all.
func TestLongWaitSurvivesARestart(t *testing.T) {
	t.Parallel()
	const wait = 8 * time.Second
	h := newHouseDue(t, storetest.URL(t, "file"), 20, func(i int) time.Duration { return time.Duration(min(1+i, 2)) * time.Hour })
	h.open()
	h.both(1, discordtest.Fault{Status: 429, RetryAfter: wait.Seconds(), Global: true}, telegramtest.Fault{Status: 429, RetryAfter: int(wait.Seconds())})
	h.pass(time.Hour + time.Minute) // one of them
	h.told("fate=later")
	h.stop()
	h.clock.pass(time.Hour) // all the others are due
	h.open()
	h.came(h.final(0), 0)
	called := h.discord.Calls("POST", "/channels/")
	asked := called[0].At // by a clock that has been moved since
	for _, c := range called[1:] {
		if d := c.At.Sub(asked) - time.Hour; d < wait {
			t.Errorf("Discord is called again after %s, asked to wait %s", d, wait)
		}
	}
	var times []time.Time
	calls := h.telegram.Calls("sendMessage")
	for _, c := range calls {
		if c.Params["chat_id"] == calls[0].Params["chat_id"] {
			times = append(times, c.At)
		}
	}
	if len(times) != 2 || times[1].Sub(times[0]) < wait {
		t.Errorf("the chat was called at %v, asked to wait %s", times, wait)
	}
}
