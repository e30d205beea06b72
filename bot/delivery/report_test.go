package delivery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/commands"
)

// TestRetryCompletesARun breaks parts at random, then heals the platform and
// puts back what is missing, beside the running bot: everybody has every part
// once and in order, however often it is asked for.
func TestRetryCompletesARun(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				h := newHouse(t, commands.Telegram)
				h.out.parts = 3
				var mu sync.Mutex
				broken := map[string]bool{}
				h.out.fail = func(to commands.Destination, _ int) (bool, error) {
					mu.Lock()
					defer mu.Unlock()
					if broken[fmt.Sprint(to.Chat, len(h.out.shown[to]))] {
						return false, fmt.Errorf("%w: no such field", adapter.ErrPayload)
					}
					return true, nil
				}
				var places []commands.Destination
				for i := range 20 {
					to := h.subscribe(sub(commands.Telegram, fmt.Sprint(1000+i), "reef")).To
					places = append(places, to)
					if r.IntN(2) == 0 {
						broken[fmt.Sprint(to.Chat, r.IntN(3))] = true
					}
				}
				h.run()
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				run := h.lastRun()
				if len(run.Missing) != len(broken) || !run.Finished() || strings.Join(run.Topics, ",") != "reef" {
					t.Fatalf("%+v, want %d places missing", run, len(broken))
				}
				for len(broken) > 0 { // some heal at a time
					mu.Lock()
					healed := 0
					for key := range broken {
						if healed++; healed <= 4 {
							delete(broken, key)
						}
					}
					mu.Unlock()
					h.retry(run.ID, false)
					h.retry(run.ID, false) // asking twice changes nothing
					time.Sleep(time.Minute)
					synctest.Wait()
				}
				for _, to := range places {
					h.want(to, "reef en start..01-01T07:00 #0", "reef en start..01-01T07:00 #1", "reef en start..01-01T07:00 #2")
				}
				if run = h.lastRun(); len(run.Missing) > 0 || run.States[store.Sent] != 60 {
					t.Errorf("in the end %+v", run)
				}
				time.Sleep(24 * time.Hour)
				synctest.Wait()
				for _, to := range places { // and its window has moved on
					if got := h.out.got(to); len(got) != 6 || got[3] != "reef en 01-01T07:00..01-02T07:00 #0" {
						t.Errorf("%s got %q", to, got)
					}
				}
				h.halt()
			})
		})
	}
}

func (h *house) lastRun() RunReport {
	h.t.Helper()
	list, err := h.Reports(context.Background(), "", 1)
	if err != nil || len(list) != 1 {
		h.t.Fatalf("runs %v, %v", list, err)
	}
	return list[0]
}

func (h *house) retry(run string, doubtful bool) store.PutBack {
	h.t.Helper()
	back, err := h.Retry(context.Background(), run, doubtful)
	if err != nil {
		h.t.Fatal(err)
	}
	return back
}

// TestRetryOfWhatMayHaveArrived: only when asked for; where the platform shows
// its history it is not sent again if it is there.
func TestRetryOfWhatMayHaveArrived(t *testing.T) {
	for _, name := range []commands.Platform{commands.Telegram, commands.Discord} {
		t.Run(string(name), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, name)
				h.InDoubt = Report
				to := h.subscribe(sub(name, "5", "reef")).To
				finds := 0
				if name == commands.Discord {
					h.Adapters[name] = &archive{platform: h.out, find: func() (bool, error) {
						if finds++; finds == 1 {
							return false, adapter.ErrForbidden // to read the history is not allowed yet
						}
						return true, nil
					}}
				}
				lost := true
				h.out.fail = func(commands.Destination, int) (bool, error) {
					if lost {
						return true, adapter.ErrUnknown
					}
					return true, nil
				}
				h.run()
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				run, before := h.lastRun(), len(h.out.got(to))
				if run.States[store.Unknown] != 1 || before == 0 {
					t.Fatalf("%+v, shown %d times, want it in doubt", run, before)
				}
				lost = false
				if back := h.retry(run.ID, false); back.Parts != 0 || len(back.Left) != 1 || back.Left[0].Why != store.LeftDoubt {
					t.Errorf("put back %+v, want it left", back)
				}
				if back := h.retry(run.ID, true); back.Parts != 1 {
					t.Errorf("put back %+v", back)
				}
				rows, err := h.Deliveries(context.Background(), run.ID)
				if err != nil || !rows[0].Expires.Equal(time.Now().Add(12*time.Hour)) {
					t.Errorf("%v, %v, want a deadline from now on", rows, err)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				want := before + 1
				if name == commands.Discord {
					want = before
				}
				if got := h.out.got(to); len(got) != want || h.lastRun().States[store.Sent] != 1 {
					t.Errorf("shown %d times, want %d; %v", len(got), want, h.lastRun().States)
				}
				h.halt()
			})
		})
	}
}

// archive is a platform that shows its history.
type archive struct {
	*platform
	find func() (bool, error)
}

func (a *archive) Find(context.Context, commands.Destination, adapter.Part, string, time.Time) (adapter.MessageRef, bool, error) {
	found, err := a.find()
	return adapter.MessageRef{ID: "77"}, found, err
}

// TestReportsOfEveryKind: what a run told of is read out of its key, whatever
// made the run.
func TestReportsOfEveryKind(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.fail = func(to commands.Destination, _ int) (bool, error) {
			if to.Chat == "3" {
				return false, fmt.Errorf("%w: no", adapter.ErrPayload)
			}
			return true, nil
		}
		one := h.subscribe(sub(commands.Telegram, "1", "reef", "harbour"))
		h.subscribe(sub(commands.Telegram, "3", "reef"))
		h.run()
		time.Sleep(8 * time.Hour)
		if err := h.SendNow(context.Background(), one.To, one.ID); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.halt()
		time.Sleep(40 * time.Hour) // what was due the next day is too late
		h.open()
		h.run()
		time.Sleep(time.Minute)
		synctest.Wait()
		list, err := h.Reports(context.Background(), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range list {
			got = append(got, fmt.Sprintf("%s %s %s asked:%t missing:%d of %d", r.Slot, r.Lang, strings.Join(r.Topics, "+"), r.Asked, len(r.Missing), r.Places))
		}
		slices.Sort(got)
		same(t, "", []string{
			"2000-01-01T07:00 en reef asked:false missing:1 of 1",
			"2000-01-01T07:00 en reef+harbour asked:false missing:0 of 1",
			"2000-01-01T08:00 en reef+harbour asked:true missing:0 of 1",
			"2000-01-02T07:00 en  asked:false missing:0 of 2",
		}, got)
		for _, r := range list {
			rows, err := h.Deliveries(context.Background(), r.ID)
			if err != nil || len(rows) != r.Places {
				t.Errorf("%d deliveries, %v, want %d", len(rows), err, r.Places)
			}
			for _, d := range rows {
				if (d.State == store.Sent) != (d.Link != "") {
					t.Errorf("%s %s has the link %q", d.To, d.State, d.Link)
				}
			}
		}
		if rows, err := h.Deliveries(context.Background(), "no such run"); err != nil || len(rows) != 0 {
			t.Errorf("%v, %v", rows, err)
		}
		h.halt()
	})
}
