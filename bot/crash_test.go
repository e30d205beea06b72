package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/store/storetest"
)

const (
	// workers is how many calls the program makes to one platform at a time.
	workers = 16
	// kills is how often the program is killed on each store.
	kills = 32
)

// TestCrash kills the program at random moments, again and again, while it
// brings 5,000 messages to both platforms with their limits lifted. What the
// platforms accepted is the judge: nothing is lost; nothing stands twice on
// Discord; on Telegram, which has no nonce, at most what was in flight at a kill.
func TestCrash(t *testing.T) {
	if raced {
		t.Skip("SKIPPED under the race detector: .ci/run runs it without")
	}
	t.Parallel()
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, storetest.URL(t, kind))
			// A part of them is due every minute.
			due := func(i int) time.Time { return w.clock.now().Add(time.Duration(1+i%15) * time.Minute) }
			w.invite(1750, "velmora", due)
			w.invite(300, "fog", due)
			w.subscribe()
			killed, inFlight := w.massacre()
			w.finish()
			w.verdict(5000, killed, inFlight)
		})
	}
}

// massacre starts and kills processes, and returns which, and what Telegram had
// in hand then.
func (w *world) massacre() (killed []string, inFlight int) {
	w.t.Helper()
	share := 3 * len(w.readers) / kills
	for range kills {
		// At once, while Discord knows the nonces, or when leases are over and something more is due.
		if w.clock.pass(time.Duration(w.rnd.IntN(10)) * time.Second); w.rnd.IntN(2) == 0 {
			w.clock.pass(time.Minute + time.Duration(w.rnd.IntN(40))*time.Second)
		}
		w.after(1 + w.rnd.IntN(share))
		limit := 1500 * time.Millisecond // there may be nothing left
		if w.rnd.IntN(4) == 0 {          // while it starts or plans
			limit = time.Duration(w.rnd.IntN(600)) * time.Millisecond
		}
		p := w.start()
		select {
		case <-w.hit:
		case <-time.After(limit):
		}
		inFlight += w.telegram.InFlight("sendMessage")
		killed = append(killed, p.murder())
	}
	return killed, inFlight
}

// murder kills a process that runs, and returns its name.
func (p *process) murder() string {
	p.t.Helper()
	if !p.running() {
		p.t.Fatalf("it ended by itself:\n%s", p.log)
	}
	p.kill()
	return p.name
}

// finish has one process bring what the killed ones left, when their leases are over.
func (w *world) finish() {
	w.t.Helper()
	w.clock.pass(2*time.Minute + max(0, w.lastDue.Sub(w.clock.now())))
	last := w.start()
	last.log.await(w.t, "griot runs")
	w.settle(last)
	last.stop()
}

// verdict holds what arrived against what was promised. What a killed process
// had sent may reach a busy platform long after: who sent the first copy tells
// which kill was to blame, not when it came.
func (w *world) verdict(least int, killed []string, inFlight int) {
	w.t.Helper()
	got := w.judge()
	w.t.Logf("%d messages, %d kills: %d lost, %d astray, doubled on Discord %d, on Telegram %d (at the kills %d waited there for an answer)",
		got.wanted, len(killed), got.lost, got.astray, len(got.doubled["discord"]), len(got.doubled["telegram"]), inFlight)
	if got.wanted < least || got.lost > 0 || got.astray > 0 || len(got.doubled["discord"]) > 0 {
		w.t.Errorf("want %d messages or more, none lost, none astray, none doubled on Discord", least)
	}
	of := map[string]int{}
	for _, d := range got.doubled["telegram"] {
		of[d.first.by]++
		if !slices.Contains(killed, d.first.by) || d.second.by == d.first.by {
			w.t.Errorf("sent twice without a kill in between: by %s at %s and by %s at %s", d.first.by, d.first.at, d.second.by, d.second.at)
		}
	}
	for name, n := range of {
		if n > workers {
			w.t.Errorf("the kill of %s doubled %d messages, more than can be in flight", name, n)
		}
	}
}

// TestCrashRace has two processes work on one database: each message is sent by
// one of them. When one is killed again and again, the other goes on.
func TestCrashRace(t *testing.T) {
	if raced {
		t.Skip("SKIPPED under the race detector: .ci/run runs it without")
	}
	t.Parallel()
	for name, murders := range map[string]int{"both live": 0, "one is killed": 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, storetest.URL(t, "postgres"))
			w.env["GRIOT_LOG"] = "debug" // tells who sent what
			due := func(int) time.Time { return w.clock.now().Add(time.Minute) }
			w.invite(700, "velmora", due)
			w.invite(120, "fog", due)
			w.subscribe()
			w.clock.pass(2 * time.Minute)
			one, other := w.start(), w.start()
			var killed []string
			inFlight := 0
			for range murders {
				w.after(1 + w.rnd.IntN(100))
				select {
				case <-w.hit:
				case <-time.After(3 * time.Second):
				}
				inFlight += w.telegram.InFlight("sendMessage")
				killed = append(killed, other.murder())
				other = w.start()
			}
			if murders == 0 {
				w.settle(one, other)
			}
			other.log.await(t, "griot runs") // or it is killed before it knows how to stop
			for _, p := range []*process{one, other} {
				p.stop()
				if n := strings.Count(p.log.String(), "delivery sent"); n == 0 && murders == 0 {
					t.Error("one did nothing")
				} else {
					t.Logf("one of them sent %d", n)
				}
			}
			w.finish()
			w.verdict(2000, killed, inFlight)
		})
	}
}
