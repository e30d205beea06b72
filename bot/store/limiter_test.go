package store

import (
	"sync"
	"testing"
	"time"
)

const bot = "telegram:123456"

func reserved(t *testing.T, s *Store, key string, n int, step, behind time.Duration) time.Duration {
	t.Helper()
	wait, hold, err := s.Reserve(t.Context(), key, n, step, behind)
	if err != nil || hold != 0 {
		t.Fatalf("reserve: hold %s, %v", hold, err)
	}
	return wait
}

// near: the waits are read at different instants.
func near(t *testing.T, got, want time.Duration, what string) {
	t.Helper()
	if got > want || got < want-20*time.Second {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func TestReserve(t *testing.T) {
	t.Parallel()
	const step = time.Hour // far beyond what a test lasts
	stores(t, func(t *testing.T, s *Store) {
		for i, want := range []time.Duration{0, step, 2 * step} {
			near(t, reserved(t, s, bot, 1, step, 0), want, "slot "+string(rune('0'+i)))
		}
		near(t, reserved(t, s, bot, 5, step, 0), 3*step, "the first of five")
		near(t, reserved(t, s, bot, 1, step, 0), 8*step, "behind the five")
		if wait := reserved(t, s, bot+"|-1", 1, step, 0); wait != 0 {
			t.Errorf("a chat waits %s for the bot", wait)
		}
		for i, want := range []time.Duration{0, 0, 0, 0, 0, step, 2 * step} { // 4 steps are made up for
			near(t, reserved(t, s, bot+"|-2", 1, step, 4*step), want, "burst slot "+string(rune('0'+i)))
		}
	})
}

// TestReserveIsShared: no slot is given twice, whoever asks.
func TestReserveIsShared(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		const step, workers, each, n = time.Minute, 6, 20, 3
		reserved(t, p[0], bot, 1, step, 0)
		var all sync.WaitGroup
		var mu sync.Mutex
		got := map[int]int{}
		for i := range workers {
			all.Go(func() {
				for range each {
					wait, _, err := p[i%2].Reserve(t.Context(), bot, n, step, 0)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					got[int((wait+step-1)/step)]++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for i := range workers * each {
			if got[1+i*n] != 1 {
				t.Fatalf("slots %v, want every third one once", got)
			}
		}
	})
}

func TestHolds(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		reserved(t, s, bot, 1, time.Minute, 0)
		for _, d := range []time.Duration{time.Hour, time.Minute} { // the longer one stands
			if err := s.HoldUntil(ctx, bot, d); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			wait, hold, err := s.Reserve(ctx, bot, 100, time.Hour, 0)
			if err != nil || wait != hold {
				t.Errorf("reserved in a hold: wait %s, hold %s, %v", wait, hold, err)
			}
			near(t, hold, time.Hour, "hold")
		}
		for key, d := range map[string]time.Duration{bot + "|-1": 3 * time.Hour, bot + "|-2": time.Microsecond, bot + "1|-1": time.Hour, "discord:1": time.Hour} {
			if err := s.HoldUntil(ctx, key, d); err != nil {
				t.Fatal(err)
			}
		}
		reserved(t, s, bot+"|-3", 1, time.Minute, 0)
		holds, err := s.Holds(ctx, bot)
		if err != nil || len(holds) != 2 {
			t.Errorf("holds %v, %v, want the bot's and one chat's", holds, err)
		}
		near(t, holds[bot], time.Hour, "the bot's hold")
		near(t, holds[bot+"|-1"], 3*time.Hour, "the chat's hold")
		var rows int
		if err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM limiter WHERE token LIKE ?`, bot+"|%").Scan(&rows); err != nil || rows != 2 {
			t.Errorf("%d rows of chats, %v, want the old one swept out", rows, err)
		}
	})
}
