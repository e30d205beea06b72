package delivery

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// TestManyWaitsAreTheBots: Telegram does not say whom it asks to wait. One chat
// waits alone; when several are asked at a time it is the bot that is too fast.
func TestManyWaitsAreTheBots(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, tc := range []struct {
			platform commands.Platform
			asked    []string
			bot      bool
		}{
			{commands.Telegram, []string{"1", "2"}, false},
			{commands.Telegram, []string{"1", "1", "1", "1"}, false},
			{commands.Telegram, []string{"1", "2", "3"}, true},
			{commands.Discord, []string{"1", "2", "3", "4"}, false}, // it says so
		} {
			p := NewPacer(PacerOptions{Platform: tc.platform})
			for _, chat := range tc.asked {
				p.Hold(commands.Destination{Chat: chat}, 3*time.Second)
			}
			start := time.Now()
			if err := p.Wait(t.Context(), commands.Destination{Chat: "9"}, true); err != nil || (time.Since(start) >= 3*time.Second) != tc.bot {
				t.Errorf("%s, %v asked to wait: another waited %s, %v", tc.platform, tc.asked, time.Since(start), err)
			}
			time.Sleep(time.Minute)
			p.Hold(commands.Destination{Chat: "4"}, 3*time.Second)
			start = time.Now()
			if err := p.Wait(t.Context(), commands.Destination{Chat: "9"}, true); err != nil || time.Since(start) > time.Second {
				t.Errorf("%s: waited %s for what is over", tc.platform, time.Since(start))
			}
		}
	})
}

// TestThreeHourWait: a wait as long as Telegram asked some bots for is kept to
// the end, restarts or not, and then the digest comes.
func TestThreeHourWait(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.fail = upTo(1, false, &adapter.RetryError{After: 10072 * time.Second, Err: errors.New("429")})
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		h.run()
		time.Sleep(7 * time.Hour)
		for range 6 {
			time.Sleep(27 * time.Minute)
			h.halt()
			h.open()
			h.run()
		}
		synctest.Wait()
		if calls, _ := h.out.count(); calls != 1 {
			t.Errorf("%d calls before the wait is over", calls)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0")
		h.halt()
	})
}

// TestLastWaitIsKept: what a platform asked for while the process ended is
// written down too.
func TestLastWaitIsKept(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for range 20 {
			r := &row{}
			p := shared(r)
			p.Hold(commands.Destination{}, 3*time.Hour)
			p.Hold(chat(1), 3*time.Hour)
			ended, end := context.WithCancel(t.Context())
			end()
			p.Keep(ended)
			if len(r.holds) != 2 {
				t.Fatalf("kept %v, want both waits", r.holds)
			}
		}
	})
}

// TestStallsMakeNoCrowd: when the database stalls between a turn and its call,
// those that were held up do not all call at once afterwards.
func TestStallsMakeNoCrowd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.pacer = NewPacer(PacerOptions{Platform: commands.Telegram})
		h.Pacers = map[commands.Platform]*Pacer{commands.Telegram: h.out.pacer}
		h.at = func(step string) {
			if now := time.Now(); step == "started" && now.Second()%3 == 0 {
				time.Sleep(time.Until(now.Truncate(time.Second).Add(400 * time.Millisecond)))
			}
		}
		var mu sync.Mutex
		var at []time.Time
		h.out.fail = func(commands.Destination, int) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			at = append(at, time.Now())
			return true, nil
		}
		for i := range 600 {
			h.subscribe(sub(commands.Telegram, strconv.Itoa(i+1), "reef"))
		}
		h.run()
		time.Sleep(7*time.Hour + time.Minute)
		synctest.Wait()
		if n := most(at, time.Second); n > 28 || len(at) != 600 {
			t.Errorf("%d of %d calls in one second, want 28", n, len(at))
		}
		h.halt()
	})
}
