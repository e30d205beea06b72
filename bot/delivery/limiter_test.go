package delivery

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// row is a limiter that several pacers share, as the store's is.
type row struct {
	latency time.Duration

	mu    sync.Mutex
	down  bool
	tat   time.Time
	holds map[string]time.Time
}

func (*row) Shared() bool { return true }

func (r *row) Reserve(ctx context.Context, key string, n int, step, behind time.Duration) (wait, hold time.Duration, err error) {
	time.Sleep(r.latency / 2)
	defer time.Sleep(r.latency / 2)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down {
		return 0, 0, errors.New("the database is away")
	}
	now := time.Now()
	if d := r.holds[key].Sub(now); d > 0 {
		return d, d, nil
	}
	first := later(r.tat, now.Add(-behind))
	r.tat = first.Add(time.Duration(n) * step)
	return max(first.Sub(now), 0), 0, nil
}

func (r *row) HoldUntil(_ context.Context, key string, d time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.holds == nil {
		r.holds = map[string]time.Time{}
	}
	r.holds[key] = later(r.holds[key], time.Now().Add(d))
	return nil
}

func (r *row) Holds(context.Context, string) (map[string]time.Duration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]time.Duration{}
	for k, at := range r.holds {
		if d := time.Until(at); d > 0 {
			out[k] = d
		}
	}
	return out, nil
}

func shared(r *row) *Pacer {
	return NewPacer(PacerOptions{Platform: commands.Telegram, Bot: "1", Limiter: r})
}

// TestProcessesShareTheRate: four processes together use nearly all of the rate
// and never more of it in any second, whatever the database's latency.
func TestProcessesShareTheRate(t *testing.T) {
	for _, latency := range []time.Duration{0, 2 * time.Millisecond, 8 * time.Millisecond} {
		t.Run(latency.String(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := &row{latency: latency}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var mu sync.Mutex
				var at []time.Time
				var all sync.WaitGroup
				for process := range 4 {
					p := shared(r)
					for worker := range 8 {
						all.Go(func() {
							for i := 0; ctx.Err() == nil; i++ {
								if p.Wait(ctx, chat(process*100_000+worker*10_000+i), false) != nil {
									return
								}
								mu.Lock()
								at = append(at, time.Now())
								mu.Unlock()
								time.Sleep(30 * time.Millisecond) // the call
							}
						})
					}
				}
				all.Wait()
				slices.SortFunc(at, time.Time.Compare)
				worst, from := 0, 0
				for i := range at {
					for at[i].Sub(at[from]) >= time.Second {
						from++
					}
					worst = max(worst, i-from+1)
				}
				if n := len(at); n < 28*60*96/100 || worst > 28 {
					t.Errorf("%d calls in a minute, %d in the worst second; want nearly %d, 28", n, worst, 28*60)
				}
			})
		})
	}
}

// TestAnswerTakesAReservedSlot: an answer does not queue behind digests.
func TestAnswerTakesAReservedSlot(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := &row{latency: 2 * time.Millisecond}
		p := shared(r)
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for worker := range 16 {
			all.Go(func() {
				for i := 0; p.Wait(ctx, chat(worker*10_000+i), false) == nil; i++ {
				}
			})
		}
		time.Sleep(5 * time.Second)
		for i := range 20 {
			asked := time.Now()
			if err := p.Wait(ctx, chat(-1-i), true); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(asked); d > 3*p.step {
				t.Errorf("an answer waited %s among digests", d)
			}
			time.Sleep(333 * time.Millisecond)
		}
		cancel()
		all.Wait()
	})
}

// TestAnswersGoOnWithoutTheRow: when the database is away people are answered,
// and digests wait.
func TestAnswersGoOnWithoutTheRow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := &row{down: true}
		p := shared(r)
		if err := p.Wait(t.Context(), chat(1), true); err != nil {
			t.Errorf("an answer: %v", err)
		}
		var re *adapter.RetryError
		if err := p.Wait(t.Context(), chat(2), false); err == nil || !errors.As(err, &re) {
			t.Errorf("a digest: %v, want it to wait", err)
		}
	})
}

// TestWaitsSurviveARestart: who was asked to wait for hours waits in the next
// process too, and other processes wait as well.
func TestWaitsSurviveARestart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := &row{}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		first, other := shared(r), shared(r)
		all.Go(func() { first.Keep(ctx) })
		all.Go(func() { other.Keep(ctx) })
		first.Hold(commands.Destination{}, 3*time.Hour)
		topic := commands.Destination{Platform: commands.Telegram, Chat: "-100", Thread: "7"}
		first.Hold(topic, 5*time.Hour)
		time.Sleep(2 * keepEvery)
		cancel()
		all.Wait()
		next := shared(r)
		ctx, cancel = context.WithCancel(t.Context())
		all.Go(func() { next.Keep(ctx) })
		synctest.Wait()
		short, end := context.WithTimeout(ctx, time.Hour)
		for name, p := range map[string]*Pacer{"the next process": next, "the other process": other} {
			var re *adapter.RetryError
			if err := p.Wait(short, chat(1), true); !errors.As(err, &re) || re.After < 2*time.Hour || !re.Global {
				t.Errorf("%s calls after %v, want to wait for hours", name, err)
			}
		}
		end()
		time.Sleep(3*time.Hour + time.Minute)
		if err := next.Wait(ctx, chat(1), true); err != nil {
			t.Error(err)
		}
		short, end = context.WithTimeout(ctx, time.Minute)
		if err := next.Wait(short, topic, true); err == nil {
			t.Error("the topic that asked for five hours is called after three")
		}
		end()
		cancel()
		all.Wait()
	})
}

// TestAnswersMayComeInABurst: who asks three times within a second is answered,
// and a wait the chat asked for holds all the same.
func TestAnswersMayComeInABurst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := NewPacer(PacerOptions{Platform: commands.Telegram})
		start := time.Now()
		for range 1 + quick {
			if err := p.Wait(t.Context(), chat(1), true); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d > 200*time.Millisecond {
			t.Errorf("three answers took %s", d)
		}
		p.Hold(chat(1), time.Minute)
		for i := range 3 {
			if err := p.Wait(t.Context(), chat(1), true); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(start); d < time.Minute {
				t.Errorf("answer %d after %s although the chat asked for a minute", i, d)
			}
		}
	})
}

// TestStallsOfAllMakeNoCrowd: when the database that processes share stalls
// between their turns and their calls, the calls of all that were held up do not
// come together afterwards.
func TestStallsOfAllMakeNoCrowd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := &row{latency: 4 * time.Millisecond}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		var mu sync.Mutex
		var at []time.Time
		var all sync.WaitGroup
		for process := range 4 {
			p := shared(r)
			for worker := range 8 {
				all.Go(func() {
					for i := 0; ctx.Err() == nil; i++ {
						to := chat(process*100_000 + worker*10_000 + i)
						if p.wait(ctx, to, false, false) != nil {
							return
						}
						had := time.Now()
						time.Sleep(5 * time.Millisecond) // the write
						if had.Second()%3 == 0 {
							time.Sleep(time.Until(had.Truncate(time.Second).Add(400 * time.Millisecond)))
						}
						if p.Wait(withTurn(ctx, had), to, false) != nil {
							return
						}
						mu.Lock()
						at = append(at, time.Now())
						mu.Unlock()
						time.Sleep(30 * time.Millisecond) // the call
					}
				})
			}
		}
		all.Wait()
		slices.SortFunc(at, time.Time.Compare)
		if n, worst := len(at), most(at, time.Second); n < 28*30*80/100 || worst > 30 {
			t.Errorf("%d calls in half a minute, %d in the worst second; want at least %d, 30", n, worst, 28*30*80/100)
		}
	})
}
