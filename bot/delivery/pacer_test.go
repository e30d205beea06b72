package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// calls has n workers call for d, each to the next chat, and returns when.
func calls(p *Pacer, workers int, d time.Duration, chat func(i int) string) []time.Time {
	var mu sync.Mutex
	var at []time.Time
	i := 0
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for {
				mu.Lock()
				i++
				to := commands.Destination{Platform: commands.Telegram, Chat: chat(i)}
				mu.Unlock()
				if to.Chat == "" {
					to = commands.Destination{}
				}
				if p.Wait(ctx, to, false) != nil {
					return
				}
				mu.Lock()
				at = append(at, time.Now())
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// most is the largest number of calls in any span of d.
func most(at []time.Time, d time.Duration) int {
	best, first := 0, 0
	for i := range at {
		for at[i].Sub(at[first]) >= d {
			first++
		}
		best = max(best, i-first+1)
	}
	return best
}

// TestPacerOfNoChat: calls that bring no message to a chat are as frequent as
// the bot's may be, and among the others.
func TestPacerOfNoChat(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := NewPacer(PacerOptions{Platform: commands.Telegram})
		at := calls(p, 4, 10*time.Second, func(i int) string { return []string{"", strconv.Itoa(i)}[i%2] })
		if n := len(at); n < 274 || most(at, time.Second) > 28 {
			t.Errorf("%d calls in 10 s, %d in a second; want 28 a second", n, most(at, time.Second))
		}
	})
}

func TestPacerRate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, tc := range []struct {
			platform commands.Platform
			rate     int
		}{{commands.Telegram, 28}, {commands.Discord, 45}} {
			at := calls(NewPacer(PacerOptions{Platform: tc.platform}), 16, time.Minute, func(i int) string { return fmt.Sprint(i) })
			if n := len(at); n < 60*tc.rate*98/100 || most(at, time.Second) > tc.rate {
				t.Errorf("%s: %d calls in a minute, %d in a second; want %d a second", tc.platform, n, most(at, time.Second), tc.rate)
			}
		}
	})
}

func TestPacerChats(t *testing.T) {
	bubble(t, func(t *testing.T) {
		group := calls(NewPacer(PacerOptions{Platform: commands.Telegram}), 4, 10*time.Minute, func(int) string { return "-1" })
		if n := most(group, time.Minute); n > 20 || len(group) < 140 {
			t.Errorf("a group gets %d in a minute, %d in ten", n, len(group))
		}
		chat := calls(NewPacer(PacerOptions{Platform: commands.Telegram}), 4, time.Minute, func(int) string { return "1" })
		if n := most(chat, time.Second); n > 1 || len(chat) < 59 {
			t.Errorf("a chat gets %d in a second, %d in a minute", n, len(chat))
		}
	})
}

func TestPacerUrgentHoldAndDeadline(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := NewPacer(PacerOptions{Platform: commands.Telegram})
		ctx, cancel := context.WithCancel(context.Background())
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				for n := 0; p.Wait(ctx, commands.Destination{Chat: fmt.Sprint(i, n)}, false) == nil; n++ {
				}
			})
		}
		for i := range 50 {
			time.Sleep(100 * time.Millisecond)
			start := time.Now()
			if err := p.Wait(ctx, commands.Destination{Chat: fmt.Sprint("u", i)}, true); err != nil || time.Since(start) > 2*p.step+2*time.Millisecond {
				t.Errorf("an answer waited %s, %v", time.Since(start), err)
			}
		}
		cancel()
		all.Wait()
		p.Hold(commands.Destination{}, time.Hour)
		short, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		start := time.Now()
		var re *adapter.RetryError
		if err := p.Wait(short, commands.Destination{Chat: "1"}, true); !errors.As(err, &re) || !re.Global || re.After < 59*time.Minute || time.Since(start) > 0 {
			t.Errorf("beyond the deadline: %v after %s", err, time.Since(start))
		}
		if err := p.Wait(context.Background(), commands.Destination{Chat: "1"}, false); err != nil || time.Since(start) < time.Hour {
			t.Errorf("held for %s, %v", time.Since(start), err)
		}
	})
}

func TestPacerMemory(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := NewPacer(PacerOptions{Platform: commands.Telegram})
		calls(p, 4, 30*time.Minute, func(i int) string { return fmt.Sprint(i) })
		if len(p.chats) > 2048 {
			t.Errorf("%d chats kept", len(p.chats))
		}
	})
}

// BenchmarkPacer tells the share of the allowed rate reached on a real clock.
func BenchmarkPacer(b *testing.B) {
	for b.Loop() {
		const span = 5 * time.Second
		at := calls(NewPacer(PacerOptions{Platform: commands.Discord}), 16, span, func(i int) string { return fmt.Sprint(i) })
		b.ReportMetric(float64(len(at))/(45*span.Seconds())*100, "%rate")
		b.ReportMetric(float64(most(at, time.Second)), "most/s")
	}
}
