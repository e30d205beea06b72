package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // what the program embeds

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// platform is an adapter that behaves like a platform: it keeps what it
// accepted, knows Discord's nonces for two minutes, and may lose its answers.
type platform struct {
	name  commands.Platform
	parts int

	mu      sync.Mutex
	renders int
	shown   map[commands.Destination][]string // messages, in order
	nonces  map[string]time.Time
	fail    func(to commands.Destination, n int) (accept bool, err error) // of the nth call
	calls   int
	down    func() error // why nothing is accepted now
	slow    time.Duration
	pacer   *Pacer
}

func (p *platform) Platform() commands.Platform                   { return p.name }
func (p *platform) Run(ctx context.Context, _ adapter.Core) error { <-ctx.Done(); return nil }

func (p *platform) Render(_ commands.Place, r commands.Reply) ([]adapter.Part, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.renders++
	var parts []adapter.Part
	for i := range max(p.parts, 1) {
		body, _ := json.Marshal(fmt.Sprintf("%s #%d", r.Title, i))
		parts = append(parts, adapter.Part{Body: body})
	}
	return parts, nil
}

func (p *platform) Send(ctx context.Context, to commands.Destination, part adapter.Part, nonce string) (adapter.MessageRef, error) {
	if p.pacer != nil {
		if err := p.pacer.Wait(ctx, to, false); err != nil {
			return adapter.MessageRef{}, err
		}
	}
	if p.slow > 0 {
		time.Sleep(p.slow)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	accept, err := true, error(nil)
	if p.fail != nil {
		accept, err = p.fail(to, p.calls)
	}
	if p.down != nil && p.down() != nil {
		accept, err = false, p.down()
	}
	if accept {
		key := to.String() + nonce
		if at, known := p.nonces[key]; !known || p.name != commands.Discord || time.Since(at) > nonceLife {
			p.shown[to] = append(p.shown[to], strings.Trim(string(part.Body), `"`))
			p.nonces[key] = time.Now()
		}
	}
	return adapter.MessageRef{To: to, ID: fmt.Sprint(p.calls)}, err
}

func (p *platform) got(to commands.Destination) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.shown[to]...)
}

// count is how often it was called so far, and had to lay something out.
func (p *platform) count() (calls, renders int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls, p.renders
}

// fails changes what its calls come to.
func (p *platform) fails(f func(to commands.Destination, n int) (accept bool, err error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = f
}

func newPlatform(name commands.Platform) *platform {
	return &platform{name: name, shown: map[commands.Destination][]string{}, nonces: map[string]time.Time{}}
}

// house is a service on a database, and the platform outside that outlives both.
type house struct {
	t    testing.TB
	url  string
	out  *platform
	mu   sync.Mutex
	asks []string
	said func(s commands.Subscription, w commands.Window) (string, error)
	mute atomic.Bool // nothing can be said

	store *store.Store
	*Service
	stop context.CancelFunc
	done chan struct{}
}

func newHouse(t testing.TB, name commands.Platform) *house {
	h := &house{t: t, url: "sqlite:" + filepath.Join(t.TempDir(), "griot.db"), out: newPlatform(name)}
	h.open()
	return h
}

func (h *house) open() {
	h.t.Helper()
	st, err := store.Open(context.Background(), h.url, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = st
	defer func() { h.tick = time.Hour }() // it wakes for what is due by itself
	h.Service = New(Options{
		Store: st, Adapters: map[commands.Platform]adapter.Adapter{h.out.name: h.out},
		Digest: func(_ context.Context, s commands.Subscription, w commands.Window, _ time.Time) (commands.Reply, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			from := "start"
			if !w.From.IsZero() {
				from = w.From.Format("01-02T15:04")
			}
			text := fmt.Sprintf("%s %s %s..%s", strings.Join(s.Topics, "+"), s.Lang, from, w.To.Format("01-02T15:04"))
			h.asks = append(h.asks, text)
			if h.mute.Load() {
				return commands.Reply{}, errors.New("no words")
			}
			if h.said != nil {
				said, err := h.said(s, w)
				return commands.Reply{Title: text + said}, err
			}
			return commands.Reply{Title: text}, nil
		},
	})
}

// asked is what digests were asked for so far.
func (h *house) asked() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asks)
}

// run starts the service in the background.
func (h *house) run() {
	ctx, cancel := context.WithCancel(context.Background())
	h.stop, h.done = cancel, make(chan struct{})
	go func() {
		defer close(h.done)
		if err := h.Service.Run(ctx); err != nil && ctx.Err() == nil {
			h.t.Errorf("run: %v", err)
		}
	}()
}

// halt stops the service and closes the database.
func (h *house) halt() {
	if h.stop != nil {
		h.stop()
		<-h.done
	}
	h.store.Close()
}

// bubble runs f on a clock that moves only when everybody waits, from a known time.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

func sub(p commands.Platform, chat string, topics ...string) commands.Subscription {
	return commands.Subscription{To: commands.Destination{Platform: p, Chat: chat}, Topics: topics, Schedule: "daily 07:00", Zone: "UTC", Lang: briefings.EN}
}

func (h *house) subscribe(s commands.Subscription) commands.Subscription {
	h.t.Helper()
	out, _, err := h.Subscribe(context.Background(), s)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h *house) want(to commands.Destination, want ...string) {
	h.t.Helper()
	if got := h.out.got(to); strings.Join(got, "\n") != strings.Join(want, "\n") {
		h.t.Errorf("%s got\n %s\nwant\n %s", to, strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

func TestOnceADayAndWindowsTile(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		h.run()
		time.Sleep(72 * time.Hour) // from 2000-01-01 00:00
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0", "reef en 01-01T07:00..01-02T07:00 #0", "reef en 01-02T07:00..01-03T07:00 #0")
		h.halt()
	})
}

func TestEqualDigestsAreMadeOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.parts = 3
		for i := range 50 {
			h.subscribe(sub(commands.Telegram, fmt.Sprint(i+1), "reef"))
		}
		fr := sub(commands.Telegram, "1", "reef")
		fr.Lang = briefings.FR
		h.subscribe(fr)
		h.run()
		time.Sleep(8 * time.Hour)
		synctest.Wait()
		if calls, renders := h.out.count(); len(h.asked()) != 2 || renders != 2 || calls != 51*3 {
			t.Errorf("asked %d times, rendered %d times, sent %d; want 2, 2, 153", len(h.asked()), renders, calls)
		}
		h.want(commands.Destination{Platform: commands.Telegram, Chat: "9"}, "reef en start..01-01T07:00 #0", "reef en start..01-01T07:00 #1", "reef en start..01-01T07:00 #2")
		h.halt()
	})
}

func TestOnePlaceGetsOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		a := h.subscribe(sub(commands.Telegram, "1", "reef"))
		time.Sleep(time.Second)
		h.subscribe(sub(commands.Telegram, "1", "harbour"))
		h.run()
		time.Sleep(8 * time.Hour)
		late := sub(commands.Telegram, "1", "storm", "reef")
		h.subscribe(late)
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		got := h.out.got(a.To)
		if len(got) != 2 || got[0] != "reef+harbour en start..01-01T07:00 #0" {
			t.Errorf("got %q, want two messages", got)
		}
		if last := h.asked()[len(h.asked())-2:]; last[0] != "reef+harbour en 01-01T07:00..01-02T07:00" || last[1] != "storm en start..01-02T07:00" {
			t.Errorf("asked %q", last)
		}
		h.halt()
	})
}

func TestDowntimeIsMergedAndLateIsSkipped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		hourly := sub(commands.Telegram, "1", "reef")
		hourly.Schedule = "cron 0 * * * *"
		daily := h.subscribe(sub(commands.Telegram, "2", "reef"))
		h.subscribe(hourly)
		h.halt()
		time.Sleep(72*time.Hour + 30*time.Minute - time.Hour) // at 23:30 of the third day
		h.open()
		h.run()
		time.Sleep(time.Minute)
		synctest.Wait()
		h.want(hourly.To, "reef en start..01-03T23:00 #0") // one, of the latest slot
		h.want(daily.To)                                   // 16 hours late
		rows, _ := h.store.Deliveries(context.Background(), "")
		skipped := 0
		for _, d := range rows {
			if d.State == store.Skipped && strings.Contains(d.Err, "deadline") {
				skipped++
			}
		}
		if skipped != 1 {
			t.Errorf("%d skips on record, want 1: %v", skipped, rows)
		}
		time.Sleep(8 * time.Hour)
		synctest.Wait()
		h.want(daily.To, "reef en start..01-04T07:00 #0") // nothing was lost
		h.halt()
	})
}

func TestQuietHoursAndQuietDays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		night := sub(commands.Telegram, "1", "reef")
		night.Schedule, night.QuietHours = "daily 05:00", "22:00-07:00"
		h.subscribe(night)
		h.said = func(_ commands.Subscription, w commands.Window) (string, error) {
			if w.To.Day() == 2 {
				return "", commands.ErrQuiet
			}
			return "", nil
		}
		h.run()
		time.Sleep(7*time.Hour - time.Second)
		synctest.Wait()
		h.want(night.To)
		time.Sleep(time.Second + tick)
		synctest.Wait()
		h.want(night.To, "reef en start..01-01T05:00 #0")
		time.Sleep(48 * time.Hour)
		synctest.Wait()
		h.want(night.To, "reef en start..01-01T05:00 #0", "reef en 01-02T05:00..01-03T05:00 #0")
		h.halt()
	})
}

func TestStopAndPauseBetweenPlanAndSend(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		ctx := context.Background()
		a, b := h.subscribe(sub(commands.Telegram, "1", "reef")), h.subscribe(sub(commands.Telegram, "2", "reef"))
		once := sync.OnceFunc(func() {
			h.Stop(ctx, a.To, a.ID)
			h.Pause(ctx, b.To, b.ID, true)
		})
		h.at = func(step string) {
			if step == "planned" {
				once()
			}
		}
		h.run()
		time.Sleep(31 * time.Hour)
		h.Pause(ctx, b.To, b.ID, false)
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		h.want(a.To)
		h.want(b.To, "reef en start..01-03T07:00 #0")
		h.halt()
	})
}

func TestSendNow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		ctx := context.Background()
		q := sub(commands.Telegram, "1", "reef")
		q.QuietHours = "22:00-07:00"
		s := h.subscribe(q)
		h.out.slow = time.Second // the second press comes while the first is on its way
		h.run()
		time.Sleep(time.Hour)
		if err := errors.Join(h.SendNow(ctx, s.To, s.ID), h.SendNow(ctx, s.To, s.ID)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(7 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T01:00 #0", "reef en 01-01T01:00..01-01T07:00 #0")
		var ue *commands.UserError
		if err := h.SendNow(ctx, s.To, "nope"); !errors.As(err, &ue) {
			t.Errorf("an unknown digest: %v", err)
		}
		h.halt()
	})
}

// TestFates sends through every kind of failure; each message shows once.
func TestFates(t *testing.T) {
	for _, tc := range []struct {
		name     string
		platform commands.Platform
		fail     func(to commands.Destination, n int) (bool, error)
		want     int
		state    store.State
	}{
		{"a wait", commands.Telegram, upTo(1, false, &adapter.RetryError{After: 90 * time.Second, Err: errors.New("429")}), 1, store.Sent},
		{"nothing was sent", commands.Telegram, upTo(3, false, errors.New("dial: refused")), 1, store.Sent},
		{"discord loses answers", commands.Discord, upTo(3, true, adapter.ErrUnknown), 1, store.Sent},
		{"telegram loses one answer: one copy more", commands.Telegram, upTo(1, true, adapter.ErrUnknown), 2, store.Sent},
		{"telegram loses every answer: at most one copy more", commands.Telegram, upTo(99, true, adapter.ErrUnknown), 2, store.Unknown},
		{"telegram answers nothing, nothing arrived", commands.Telegram, upTo(1, false, adapter.ErrUnknown), 1, store.Sent},
		{"gone", commands.Telegram, upTo(99, false, adapter.ErrGone), 0, store.Dead},
		{"our fault", commands.Discord, upTo(99, false, adapter.ErrPayload), 0, store.Dead},
		{"moved", commands.Telegram, upTo(1, false, &adapter.MovedError{To: commands.Destination{Platform: commands.Telegram, Chat: "-1001"}}), 0, store.Sent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, tc.platform)
				h.out.fail = tc.fail
				s := h.subscribe(sub(tc.platform, "-1", "reef"))
				h.run()
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				if got := h.out.got(s.To); len(got) != tc.want {
					t.Errorf("shown %q, want %d", got, tc.want)
				}
				if tc.name == "moved" {
					h.want(commands.Destination{Platform: commands.Telegram, Chat: "-1001"}, "reef en start..01-01T07:00 #0")
				}
				rows, err := h.store.Deliveries(context.Background(), "")
				if err != nil || len(rows) != 1 || rows[0].State != tc.state {
					t.Errorf("on record %v, %v, want %s", rows, err, tc.state)
				}
				h.halt()
			})
		})
	}
}

// upTo fails the first n calls.
func upTo(n int, accept bool, err error) func(commands.Destination, int) (bool, error) {
	return func(_ commands.Destination, call int) (bool, error) {
		if call <= n {
			return accept, err
		}
		return true, nil
	}
}

// TestEndsAnywhere ends the process at every step of a delivery and starts it
// again: Discord shows each part once; Telegram once, and twice at most when
// the process ended between the call and its record.
func TestEndsAnywhere(t *testing.T) {
	for _, name := range []commands.Platform{commands.Discord, commands.Telegram} {
		for _, step := range []string{"run added", "rendered", "planned", "claimed", "started", "accepted", "finished"} {
			t.Run(string(name)+" "+step, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					h := newHouse(t, name)
					h.out.parts = 2
					var all []commands.Subscription
					for i := range 6 {
						all = append(all, h.subscribe(sub(name, fmt.Sprint(i+1), "reef")))
					}
					end := sync.OnceFunc(func() {
						h.stop()
						h.store.Close() // nothing is written any more
					})
					h.at = func(s string) {
						if s == step {
							end()
						}
					}
					h.run()
					time.Sleep(7*time.Hour + 30*time.Second)
					<-h.done
					h.open()
					h.run()
					time.Sleep(5 * time.Minute)
					synctest.Wait()
					for _, s := range all {
						got := map[string]int{}
						for _, m := range h.out.got(s.To) {
							got[m]++
						}
						for _, part := range []string{"reef en start..01-01T07:00 #0", "reef en start..01-01T07:00 #1"} {
							n, most := got[part], 1
							if name == commands.Telegram && (step == "planned" || step == "accepted" || step == "finished" || step == "started") {
								most = 2 // in doubt: calls ran beside the end, their record was lost
							}
							if n < 1 || n > most {
								t.Errorf("%s shows %q %d times, want 1 to %d", s.To, part, n, most)
							}
						}
					}
					h.halt()
				})
			})
		}
	}
}

func TestLeasesRunOutInTheQueue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.tick = tick
		h.out.slow = callLimit - time.Second // the last of those claimed together wait for longer than a lease
		var to []commands.Destination
		for i := range 150 {
			to = append(to, h.subscribe(sub(commands.Telegram, fmt.Sprint(i+1), "reef")).To)
		}
		h.run()
		time.Sleep(9 * time.Hour)
		synctest.Wait()
		for _, to := range to {
			h.want(to, "reef en start..01-01T07:00 #0")
		}
		h.halt()
	})
}

func TestWaitingForATurnIsNotStarted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.pacer = NewPacer(PacerOptions{Platform: commands.Telegram})
		h.Pacers = map[commands.Platform]*Pacer{commands.Telegram: h.out.pacer}
		for i := range 100 {
			h.subscribe(sub(commands.Telegram, fmt.Sprint(i+1), "reef"))
		}
		h.run()
		time.Sleep(7*time.Hour + time.Second)
		synctest.Wait()
		list, err := h.store.Deliveries(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if n := len(h.out.shown); n < 25 || n > 35 {
			t.Errorf("%d sent in a second, want about 28", n)
		}
		for _, d := range list {
			if d.State == store.Started {
				t.Errorf("%s waits for its turn as started: a crash would put it in doubt", d.To)
			}
		}
		h.out.pacer.Hold(commands.Destination{}, time.Hour)
		stopped := time.Now()
		h.stop()
		<-h.done
		if d := time.Since(stopped); d > 0 {
			t.Errorf("stopped after %s, want what waits given back at once", d)
		}
		h.halt()
	})
}
