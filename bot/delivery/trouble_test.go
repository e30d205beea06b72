package delivery

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// told has the house tell its readers in words a test can read.
func (h *house) told() {
	h.Notice = func(kind commands.NoticeKind, s commands.Subscription, cause string, _ briefings.Lang) commands.Reply {
		return commands.Reply{Title: fmt.Sprintf("notice %s %s %s", kind, s.To, cause)}
	}
}

// TestOutageDisablesNobody: for ten minutes every chat forbids; everybody has
// the digest afterwards, once, and nobody is stopped.
func TestOutageDisablesNobody(t *testing.T) {
	for _, err := range []error{adapter.ErrForbidden, adapter.ErrGone, adapter.ErrUnknown, errors.New("dial: refused")} {
		t.Run(err.Error(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, commands.Telegram)
				h.told()
				h.Adapters[commands.Telegram] = &patient{h.out, func() bool { return h.out.down() == nil }}
				h.out.down = func() error {
					if now := time.Now().UTC(); now.Hour() == 7 && now.Minute() < 10 {
						return err
					}
					return nil
				}
				var all []commands.Destination
				for i := range 40 {
					all = append(all, h.subscribe(sub(commands.Telegram, fmt.Sprint(i+1), "reef")).To)
				}
				h.run()
				time.Sleep(10 * time.Hour)
				synctest.Wait()
				for _, to := range all {
					h.want(to, "reef en start..01-01T07:00 #0")
					if list, err := h.List(t.Context(), to); err != nil || list[0].Stopped != "" {
						t.Errorf("%s is stopped: %v, %v", to, list, err)
					}
				}
				if calls, _ := h.out.count(); calls > 40+2*int(10*time.Minute/probeEvery) {
					t.Errorf("%d calls: probes should go, not everybody", calls)
				}
				h.halt()
			})
		})
	}
}

// TestStopsAfterSpacedFailures: a chat that is gone for days stops, the one who
// asked is told why once; a chat that was away for some time does not.
func TestStopsAfterSpacedFailures(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.told()
		right := &adapter.RightError{Right: "can_post_messages", Err: errors.New("400")}
		h.out.fail = func(to commands.Destination, _ int) (bool, error) {
			if to.Chat == "-100" || to.Chat == "-200" && time.Now().Day() < 3 {
				return false, right
			}
			return true, nil
		}
		gone, away := sub(commands.Telegram, "-100", "reef"), sub(commands.Telegram, "-200", "reef")
		gone.Owner, away.Owner = "42", "43"
		gone, away = h.subscribe(gone), h.subscribe(away)
		h.run()
		time.Sleep(10 * 24 * time.Hour)
		synctest.Wait()
		list, err := h.List(t.Context(), gone.To)
		if err != nil || list[0].Stopped != "forbidden:can_post_messages" {
			t.Errorf("stopped because of %q, %v", list[0].Stopped, err)
		}
		h.want(commands.Destination{Platform: commands.Telegram, Chat: "user:42"}, "notice stopped telegram:-100 forbidden:can_post_messages #0")
		h.want(commands.Destination{Platform: commands.Telegram, Chat: "user:43"})
		if got := h.out.got(away.To); len(got) != 8 || got[0] != "reef en start..01-03T07:00 #0" {
			t.Errorf("the chat that was away got %q, want every digest from the third on", got)
		}
		calls, _ := h.out.count()
		calls -= 8 + 1 // of the other chat; the notice
		if calls > 3*3+2*3 {
			t.Errorf("%d calls to the one that is gone", calls)
		}
		// Resuming starts from now.
		h.out.fails(nil)
		if ok, err := h.Pause(t.Context(), gone.To, gone.ID, false); !ok || err != nil {
			t.Fatal(ok, err)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		h.want(gone.To, "reef en start..01-11T07:00 #0")
		h.halt()
	})
}

// TestClosedTopicFallsBackOnce: the digest comes to the chat itself once, with
// a word why; a topic that opens again is used again; one that stays closed
// stops in the end.
func TestClosedTopicFallsBackOnce(t *testing.T) {
	for _, days := range []int{1, 30} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, commands.Telegram)
				h.told()
				h.out.parts = 2
				h.out.fail = func(to commands.Destination, _ int) (bool, error) {
					if to.Thread != "" && time.Now().Day() <= days {
						return false, adapter.ErrThread
					}
					return true, nil
				}
				s := sub(commands.Telegram, "-100", "reef")
				s.To.Thread = "7"
				s = h.subscribe(s)
				h.run()
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				general := commands.Destination{Platform: commands.Telegram, Chat: "-100"}
				got := h.out.got(general)
				slices.Sort(got)
				want := []string{"notice thread telegram:-100/7 thread #0", "notice thread telegram:-100/7 thread #1", "reef en start..01-01T07:00 #0", "reef en start..01-01T07:00 #1"}
				if strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Errorf("the chat got %q, want %q", got, want)
				}
				time.Sleep(6 * 24 * time.Hour)
				synctest.Wait()
				list, err := h.List(t.Context(), s.To)
				if err != nil {
					t.Fatal(err)
				}
				switch n := len(h.out.got(general)); {
				case days == 1 && (n != 4 || list[0].Stopped != "" || len(h.out.got(s.To)) != 12):
					t.Errorf("%d in the chat, %d in the topic that is open again, %+v", n, len(h.out.got(s.To)), list[0])
				case days == 30 && (n != 4+2 || list[0].Stopped != "thread"): // the last word is why it stops
					t.Errorf("%d in the chat, %+v", n, list[0])
				}
				h.halt()
			})
		})
	}
}

// historian is a platform whose history can be read.
type historian struct {
	*platform
	hidden error
	asked  int
	down   bool
}

func (h *historian) Find(_ context.Context, to commands.Destination, p adapter.Part, nonce string, _ time.Time) (adapter.MessageRef, bool, error) {
	h.mu.Lock()
	down := h.down
	h.asked++
	h.mu.Unlock()
	if down {
		return adapter.MessageRef{}, false, adapter.ErrUnknown
	}
	if h.hidden != nil {
		return adapter.MessageRef{}, false, h.hidden
	}
	found := slices.Contains(h.got(to), strings.Trim(string(p.Body), `"`))
	return adapter.MessageRef{To: to, ID: "found"}, found, nil
}

// TestDiscordAsksItsHistory: once the nonce may be forgotten, what stands in
// the channel decides; only where it cannot be read is the message sent again,
// or not, as the operator chose.
func TestDiscordAsksItsHistory(t *testing.T) {
	for _, tc := range []struct {
		name    string
		accept  bool  // the first send arrived although its answer was lost
		hidden  error // why the history cannot be read
		inDoubt InDoubt
		shown   int
		state   store.State
	}{
		{"it arrived", true, nil, Resend, 1, store.Sent},
		{"it did not arrive", false, nil, Report, 1, store.Sent},
		{"history forbidden, rather twice", true, adapter.ErrForbidden, Resend, 2, store.Sent},
		{"history forbidden, rather never", true, adapter.ErrForbidden, Report, 1, store.Unknown},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, commands.Discord)
				past := &historian{platform: h.out, hidden: tc.hidden, down: true}
				h.Adapters[commands.Discord], h.InDoubt = past, tc.inDoubt
				h.out.fail = func(commands.Destination, int) (bool, error) {
					accept := tc.accept && h.out.calls == 1
					if past.down {
						return accept, adapter.ErrUnknown
					}
					return true, nil
				}
				s := h.subscribe(sub(commands.Discord, "1", "reef"))
				h.run()
				time.Sleep(7*time.Hour + nonceLife + time.Second)
				h.out.mu.Lock()
				past.down = false
				h.out.mu.Unlock()
				time.Sleep(time.Hour)
				synctest.Wait()
				if got := h.out.got(s.To); len(got) != tc.shown {
					t.Errorf("shown %q, want %d", got, tc.shown)
				}
				rows, err := h.store.Deliveries(t.Context(), "")
				if err != nil || len(rows) != 1 || rows[0].State != tc.state || past.asked == 0 {
					t.Errorf("on record %+v, %v, want %s; history asked %d times", rows, err, tc.state, past.asked)
				}
				h.halt()
			})
		})
	}
}

// patient is a platform that tells whether it answers.
type patient struct {
	*platform
	up func() bool
}

func (p *patient) Ping(context.Context) error {
	if !p.up() {
		return adapter.ErrUnknown
	}
	return nil
}

// TestResendWaitsForThePlatform: the one resend Telegram gets is not used up
// in the outage that brought the doubt.
func TestResendWaitsForThePlatform(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		up := func() bool { return time.Now().UTC().Hour() != 7 }
		h.Adapters[commands.Telegram] = &patient{h.out, up}
		h.out.fail = func(commands.Destination, int) (bool, error) {
			if !up() {
				return false, adapter.ErrUnknown
			}
			return true, nil
		}
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		h.run()
		time.Sleep(9 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0")
		if calls, _ := h.out.count(); calls != 2 {
			t.Errorf("%d calls, want the first and one when it is over", calls)
		}
		h.halt()
	})
}

// TestStoreAwayKeepsOutcomes: the outcome of a call is kept although the store
// is away for longer than a lease; nothing is sent twice. It runs on the real
// clock, moved on by hand: SQLite waits for a lock in the system, not in Go.
func TestStoreAwayKeepsOutcomes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, commands.Telegram)
	var ahead atomic.Int64
	h.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	h.tick = 100 * time.Millisecond
	s := h.subscribe(sub(commands.Telegram, "1", "reef"))
	other, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(h.url, "sqlite:")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	finished := make(chan struct{})
	h.at = func(step string) {
		switch step {
		case "accepted":
			if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
				t.Error(err)
			}
			ahead.Add(int64(10 * time.Minute))
			time.AfterFunc(6*time.Second, func() { // behind the time SQLite waits for a lock
				if _, err := other.Exec("ROLLBACK"); err != nil {
					t.Error(err)
				}
			})
		case "finished":
			close(finished)
		}
	}
	ahead.Store(int64(time.Until(s.Next)) + int64(time.Minute))
	h.run()
	<-finished
	if err := h.recover(t.Context(), false); err != nil {
		t.Error(err)
	}
	rows, err := h.store.Deliveries(t.Context(), "")
	if calls, _ := h.out.count(); err != nil || len(rows) != 1 || rows[0].State != store.Sent || calls != 1 {
		t.Errorf("on record %+v, %v; %d calls", rows, err, calls)
	}
	h.halt()
}
