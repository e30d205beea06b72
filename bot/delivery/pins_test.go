package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

var (
	pinGroup   = commands.Destination{Platform: commands.Telegram, Chat: "-1000000000500", Thread: "7"}
	pinChannel = commands.Destination{Platform: commands.Discord, Chat: "610000000000000500"}
	pinPlaces  = []commands.Destination{pinGroup, pinChannel}
)

// pinAt is the wish of a place.
func pinAt(to commands.Destination, lang briefings.Lang) commands.Pin {
	p := commands.Pin{To: to, Topic: "velmora", Lang: lang}
	if to.Platform == commands.Discord {
		p.Guild = "1"
	}
	return p
}

// pin pins the briefing of velmora at a place.
func (n *newsroom) pin(to commands.Destination, change ...func(*commands.Pin)) commands.Pin {
	n.t.Helper()
	p := pinAt(to, briefings.EN)
	for _, f := range change {
		f(&p)
	}
	out, _, err := n.Pin(context.Background(), p)
	if err != nil {
		n.t.Fatal(err)
	}
	return out
}

// said is the message that a line is answered with.
func (n *newsroom) said(to commands.Destination, line string, lang briefings.Lang) string {
	n.t.Helper()
	r, err := commands.ParseLine(n.core.Table(), line)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Lang, r.Place = lang, commands.Place{Destination: to, Postable: true}
	reply := n.core.Answer(context.Background(), r)
	reply.Stays, reply.Quiet, reply.Buttons = true, true, n.lasting(reply.Buttons)
	parts, err := n.desks[to.Platform].Render(r.Place, reply)
	if err != nil || len(parts) != 1 {
		n.t.Fatalf("%s is %d messages, %v", line, len(parts), err)
	}
	body, err := json.Marshal(parts[0].Body) // as what is kept is written
	if err != nil {
		n.t.Fatal(err)
	}
	return string(body)
}

// one is the only message at a place.
func (n *newsroom) one(to commands.Destination) letter {
	n.t.Helper()
	all := n.desks[to.Platform].at(to)
	if len(all) != 1 {
		n.t.Fatalf("%s holds %d messages, want one", to, len(all))
	}
	return all[0]
}

// kept is how the pin of a place stands.
func (n *newsroom) kept(to commands.Destination) commands.Pin {
	n.t.Helper()
	list, err := n.Pinned(context.Background(), to)
	if err != nil || len(list) != 1 {
		n.t.Fatalf("%s has %d pins, %v", to, len(list), err)
	}
	return list[0]
}

// rewrite changes a line of the briefing of velmora.
func rewrite(words string) func(p *briefings.Pack) {
	return func(p *briefings.Pack) {
		for i := range p.Topics {
			if t := &p.Topics[i]; t.Slug == "velmora" {
				t.NotCovered = briefings.Same(words)
			}
		}
	}
}

// elapse lets time pass, and the planner look at the end of it. It looks
// seldom by itself here: months pass.
func (n *newsroom) elapse(d time.Duration) {
	time.Sleep(d)
	n.Wake()
	synctest.Wait()
}

// pinroom is a newsroom in which months pass.
func pinroom(t *testing.T) *newsroom {
	t.Helper()
	n := newNewsroom(t)
	n.tick = 24 * time.Hour
	n.run()
	return n
}

// TestPinIsOneMessage: whatever changes, and however often somebody asks for
// it, a briefing is pinned once, in one message, that reads as one who asks is answered.
func TestPinIsOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		for _, to := range pinPlaces {
			var all sync.WaitGroup
			for range 4 { // administrators who do not know of each other
				all.Go(func() {
					if p := n.pin(to); !p.Stands || p.PinnedAt.IsZero() || p.Coming {
						t.Errorf("told of %+v, want it pinned", p)
					}
				})
			}
			all.Wait()
			m := n.one(to)
			if m.body != n.said(to, "/velmora lang:en", briefings.EN) || !slices.Equal(n.desks[to.Platform].pinned(to), []string{m.id}) {
				t.Errorf("%s reads\n%s", to, m.body)
			}
		}
		for i := range 5 {
			n.publish(rewrite(fmt.Sprint("Version ", i)))
			n.elapse(30 * time.Second)
			n.publish(rewrite(fmt.Sprint("Version ", i, ", mended"))) // soon after
			n.elapse(2 * time.Minute)
			for _, to := range pinPlaces {
				if m := n.one(to); m.body != n.said(to, "/velmora lang:en", briefings.EN) || !strings.Contains(m.body, "mended") {
					t.Errorf("%s reads\n%s", to, m.body)
				}
			}
		}
		n.elapse(time.Hour) // nothing changes
		for _, to := range pinPlaces {
			n.publish(func(p *briefings.Pack) { // nothing that is read there
				rewrite("Version 4, mended")(p)
				for i := range p.Topics {
					if t := &p.Topics[i]; t.Slug == "velmora" {
						t.Line = briefings.Same("Another line in lists " + string(to.Platform))
					}
				}
			})
			n.elapse(2 * time.Minute)
			if m := n.one(to); m.edits > 10 {
				t.Errorf("%s: edited %d times, though the text is the same", to, m.edits)
			}
			p := n.pin(to, func(p *commands.Pin) { p.Lang, p.Sections = briefings.FR, "situation,unknowns" })
			if !p.Stands || p.Lang != briefings.FR {
				t.Errorf("told of %+v", p)
			}
			n.elapse(2 * time.Minute)
			m := n.one(to)
			if m.body != n.said(to, "/velmora sections:situation,unknowns lang:fr", briefings.FR) || m.edits > 11 {
				t.Errorf("%s reads after %d edits\n%s", to, m.edits, m.body)
			}
			var at []time.Time
			n.desks[to.Platform].set(func(d *desk) { at = d.times[m.id] })
			for i := 1; i < len(at); i++ {
				if d := at[i].Sub(at[i-1]); d < time.Minute {
					t.Errorf("%s: two edits within %s", to, d)
				}
			}
			if calls := n.desks[to.Platform].pinCalls; calls != 1 {
				t.Errorf("%s: pinned %d times", to, calls)
			}
		}
		runs, err := n.Reports(context.Background(), "", 0)
		if err != nil || len(runs) == 0 {
			t.Fatal(runs, err)
		}
		for _, r := range runs {
			if r.Purpose != store.PinText || !slices.Equal(r.Topics, []string{"velmora"}) {
				t.Errorf("a run of purpose %s about %v", r.Purpose, r.Topics)
			}
		}
		n.halt()
	})
}

// TestPinUnpinned: a person's unpin stands until somebody asks for it to be
// pinned again; and who gives a pin up keeps the message, which is corrected.
func TestPinUnpinned(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		for _, to := range pinPlaces {
			n.pin(to)
			d := n.desks[to.Platform]
			d.set(func(d *desk) { d.pins[to] = nil })
			n.publish(rewrite("Otherwise"))
			n.elapse(5 * time.Minute)
			if len(d.pinned(to)) > 0 || n.one(to).edits != 1 {
				t.Errorf("%s: %v pinned, %+v", to, d.pinned(to), n.one(to))
			}
			if p, ok, err := n.PinAgain(context.Background(), to, "velmora"); !ok || err != nil || p.PinnedAt.IsZero() || len(d.pinned(to)) != 1 {
				t.Errorf("again: %+v, %t, %v", p, ok, err)
			}
			was, cause, ok, err := n.Unpin(context.Background(), to, "velmora")
			if !ok || err != nil || cause != "" || was.Topic != "velmora" || len(d.pinned(to)) > 0 {
				t.Errorf("unpinned: %+v, %q, %t, %v", was, cause, ok, err)
			}
			before := n.one(to)
			n.publish(rewrite("Otherwise again"))
			n.elapse(5 * time.Minute)
			if n.one(to) != before {
				t.Error("it is still kept current")
			}
			n.publish(correctTopic)
			n.elapse(5 * time.Minute)
			if got := n.one(to); !strings.Contains(got.body, "Corrected on") {
				t.Errorf("it stands and is not corrected:\n%s", got.body)
			}
			if _, _, ok, err := n.Unpin(context.Background(), to, "velmora"); ok || err != nil {
				t.Errorf("unpinned twice: %t, %v", ok, err)
			}
		}
		n.halt()
	})
}

// TestPinDeleted: a message that is deleted is made anew once, at the next
// edit; after that somebody has to want it.
func TestPinDeleted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		for i, to := range pinPlaces {
			n.pin(to)
			d := n.desks[to.Platform]
			first := n.one(to).id
			d.remove(to, first)
			n.elapse(time.Hour)
			if len(d.at(to)) > 0 {
				t.Error("made anew although nothing changed")
			}
			n.publish(rewrite(fmt.Sprint("Otherwise ", i)))
			n.elapse(5 * time.Minute)
			second := n.one(to)
			if second.id == first || !slices.Equal(d.pinned(to), []string{second.id}) || second.body != n.said(to, "/velmora lang:en", briefings.EN) {
				t.Errorf("made anew: %+v, pinned %v", second, d.pinned(to))
			}
			d.remove(to, second.id)
			for j := range 3 {
				n.publish(rewrite(fmt.Sprint("Otherwise still ", i, j)))
				n.elapse(48 * time.Hour)
			}
			if p := n.kept(to); len(d.at(to)) > 0 || p.Stopped != commands.StopLost || p.Stands {
				t.Errorf("deleted twice: %d messages, %+v", len(d.at(to)), p)
			}
			if p, ok, err := n.PinAgain(context.Background(), to, "velmora"); !ok || err != nil || !p.Stands || p.PinnedAt.IsZero() {
				t.Errorf("again: %+v, %t, %v", p, ok, err)
			}
			third := n.one(to)
			// Who presses that when it is deleted already gets it at once.
			d.remove(to, third.id)
			if p, _, err := n.PinAgain(context.Background(), to, "velmora"); err != nil || !p.Stands || p.Stopped != "" {
				t.Errorf("again: %+v, %v", p, err)
			}
			if m := n.one(to); m.id == third.id || !slices.Equal(d.pinned(to), []string{m.id}) {
				t.Errorf("made anew: %+v", m)
			}
		}
		n.halt()
	})
}

// TestPinRefused: what cannot be pinned is kept current all the same; what
// cannot be written goes on when it can.
func TestPinRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		to := pinGroup
		d := n.desks[to.Platform]
		for cause, err := range map[string]error{
			"forbidden:can_pin_messages": &adapter.RightError{Right: "can_pin_messages", Err: adapter.ErrForbidden}, "limit": adapter.ErrPinLimit,
		} {
			d.set(func(d *desk) { d.noPin = err })
			if p := n.pin(to); p.Unpinned != cause || !p.Stands || !p.PinnedAt.IsZero() || p.Stopped != "" {
				t.Errorf("told of %+v, want %s", p, cause)
			}
			n.publish(rewrite("Otherwise " + cause))
			n.elapse(5 * time.Minute)
			if m := n.one(to); m.body != n.said(to, "/velmora lang:en", briefings.EN) {
				t.Errorf("not kept current: %s", m.body)
			}
			if p := n.kept(to); p.Unpinned != cause {
				t.Errorf("%+v, want %s", p, cause)
			}
			d.set(func(d *desk) { d.noPin = nil })
			if p, ok, err := n.PinAgain(context.Background(), to, "velmora"); !ok || err != nil || p.Unpinned != "" || p.PinnedAt.IsZero() || len(d.pinned(to)) != 1 {
				t.Errorf("again: %+v, %t, %v", p, ok, err)
			}
			d.set(func(d *desk) { d.noPin = err })
			if _, why, ok, err := n.Unpin(context.Background(), to, "velmora"); why != cause || !ok || err != nil {
				t.Errorf("unpinned: %q, %t, %v", why, ok, err)
			}
			d.set(func(d *desk) { d.noPin = nil })
			d.set(func(d *desk) { d.stand[to], d.pins[to] = nil, nil })
		}
		d.set(func(d *desk) { d.gone = &adapter.RightError{Right: "can_send_messages", Err: adapter.ErrForbidden} })
		if p := n.pin(to); p.Stopped != "forbidden:can_send_messages" || p.Stands {
			t.Errorf("told of %+v", p)
		}
		d.set(func(d *desk) { d.gone = nil })
		if p := n.pin(to); p.Stopped != "" || p.PinnedAt.IsZero() {
			t.Errorf("asked once more: %+v", p)
		}
		// The bot is removed, and added again.
		d.set(func(d *desk) { d.gone = adapter.ErrGone })
		n.publish(rewrite("While it is away"))
		n.elapse(2 * time.Minute)
		n.elapse(4 * time.Hour)
		if p := n.kept(to); p.Stopped != commands.StopGone {
			t.Errorf("removed: %+v", p)
		}
		d.set(func(d *desk) { d.gone = nil })
		n.publish(rewrite("When it is back"))
		n.elapse(5 * time.Minute)
		if p, m := n.kept(to), n.one(to); p.Stopped != "" || m.body != n.said(to, "/velmora lang:en", briefings.EN) {
			t.Errorf("back: %+v, %s", p, m.body)
		}
		d.set(func(d *desk) { d.gone = adapter.ErrGone })
		n.publish(rewrite("Away once more"))
		n.elapse(2 * time.Minute)
		n.elapse(4 * time.Hour)
		d.set(func(d *desk) { d.gone = nil })
		n.elapse(24 * time.Hour) // and nothing changes
		if p, m := n.kept(to), n.one(to); p.Stopped != "" || !strings.Contains(m.body, "Away once more") || d.pinCalls != 5 {
			t.Errorf("tried again: %+v, %s, pinned %d times", p, m.body, d.pinCalls)
		}
		n.halt()
	})
}

// correctTopic corrects what the briefing of velmora said.
func correctTopic(p *briefings.Pack) {
	for i := range p.Topics {
		if t := &p.Topics[i]; t.Slug == "velmora" {
			t.NotCovered = briefings.Same("Corrected text")
			t.Corrections = append(t.Corrections, briefings.Correction{
				Date: briefings.Date{Year: 2026, Month: 5, Day: 1}, Was: briefings.Same("The truce ends in May."), Now: briefings.Same("It has no end."), Why: briefings.Same("The text says so."),
			})
		}
	}
}

// TestPinCorrected: a correction is one edit, which tells what was wrong on top
// of what one who asks is answered; it goes when the text changes a month later.
func TestPinCorrected(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		for _, to := range pinPlaces {
			n.pin(to)
		}
		n.publish(correctTopic)
		n.elapse(10 * time.Minute)
		for _, to := range pinPlaces {
			m := n.one(to)
			if !strings.Contains(m.body, "Corrected on 1 May 2026") || !strings.Contains(m.body, "The truce ends in May.") || m.edits != 1 {
				t.Errorf("%s reads after %d edits\n%s", to, m.edits, m.body)
			}
		}
		list, err := n.store.Corrections(context.Background(), "topic:velmora", 0)
		if err != nil || len(list) != 1 || list[0].Edited != 2 || list[0].Waiting > 0 || len(list[0].Unreachable) > 0 {
			t.Errorf("on record: %+v, %v", list, err)
		}
		if got := n.states(store.Correction); len(got) > 0 {
			t.Errorf("somebody else edits them too: %v", got)
		}
		also := func(words string) func(p *briefings.Pack) {
			return func(p *briefings.Pack) {
				correctTopic(p)
				rewrite(words)(p)
			}
		}
		n.publish(also("Soon after"))
		n.elapse(10 * time.Minute)
		if m := n.one(pinGroup); !strings.Contains(m.body, "Soon after") || !strings.Contains(m.body, "Corrected on") || m.edits != 2 {
			t.Errorf("reads after %d edits\n%s", m.edits, m.body)
		}
		n.elapse(40 * 24 * time.Hour)
		if m := n.one(pinGroup); !strings.Contains(m.body, "Corrected on") || m.edits != 2 {
			t.Errorf("the clock alone made it read\n%s", m.body)
		}
		n.publish(also("Much later"))
		n.elapse(10 * time.Minute)
		for _, to := range pinPlaces {
			if m := n.one(to); m.body != n.said(to, "/velmora lang:en", briefings.EN) || m.edits != 3 {
				t.Errorf("%s reads after %d edits\n%s", to, m.edits, m.body)
			}
		}
		n.elapse(24 * time.Hour)
		if m := n.one(pinGroup); m.edits != 3 {
			t.Errorf("%d edits", m.edits)
		}
		n.halt()
	})
}

// TestPinClosed: the pin of a briefing that is withdrawn says so, one that gets
// another name follows, and one that comes back reads as before.
func TestPinClosed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		for _, to := range pinPlaces {
			n.pin(to)
		}
		withdrawn := func(p *briefings.Pack) {
			p.Topics = slices.DeleteFunc(p.Topics, func(t briefings.Topic) bool { return t.Slug == "velmora" })
		}
		n.publish(withdrawn)
		n.elapse(5 * time.Minute)
		for _, to := range pinPlaces {
			if m := n.one(to); !strings.Contains(m.body, "This briefing is closed.") || !strings.Contains(m.body, "Velmora") || m.edits != 1 {
				t.Errorf("%s reads after %d edits\n%s", to, m.edits, m.body)
			}
		}
		n.publish(nil)
		n.elapse(5 * time.Minute)
		for _, to := range pinPlaces {
			if m := n.one(to); m.body != n.said(to, "/velmora lang:en", briefings.EN) || m.edits != 2 {
				t.Errorf("%s reads after %d edits\n%s", to, m.edits, m.body)
			}
		}
		n.publish(func(p *briefings.Pack) {
			for i := range p.Topics {
				if t := &p.Topics[i]; t.Slug == "velmora" {
					t.Slug, t.Command, t.Formerly = "republic", "republic", []string{"velmora"}
					t.NotCovered = briefings.Same("Under another name")
				}
			}
		})
		n.elapse(5 * time.Minute)
		for _, to := range pinPlaces {
			if m := n.one(to); m.body != n.said(to, "/republic lang:en", briefings.EN) || n.kept(to).Topic != "republic" || m.edits != 3 {
				t.Errorf("%s reads after %d edits\n%s", to, m.edits, m.body)
			}
		}
		n.halt()
	})
}

// TestPinMoves: in a group that got a new id a pin goes on there, and once.
func TestPinMoves(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := pinroom(t)
		from := commands.Destination{Platform: commands.Telegram, Chat: "-500"}
		to := commands.Destination{Platform: commands.Telegram, Chat: "-1000000000777"}
		n.pin(from)
		if err := n.store.Moved(context.Background(), from, to); err != nil {
			t.Fatal(err)
		}
		n.elapse(time.Minute)
		m := n.one(to)
		if d := n.desks[to.Platform]; m.body != n.said(to, "/velmora lang:en", briefings.EN) || !slices.Equal(d.pinned(to), []string{m.id}) || len(d.at(from)) != 1 {
			t.Errorf("%+v, pinned %v", m, d.pinned(to))
		}
		// It did not count as deleted.
		n.desks[to.Platform].remove(to, m.id)
		n.publish(rewrite("Otherwise"))
		n.elapse(5 * time.Minute)
		n.one(to)
		n.halt()
	})
}

// TestPinSurvives: wherever the process ends, there is one message, pinned, and
// it reads as it should. Telegram, which has no key that keeps a message from
// being sent twice, may show one twice when nobody can know that it arrived.
func TestPinSurvives(t *testing.T) {
	for kill, times := range map[string][]int{"pins rendered": {1}, "pins planned": {1}, "claimed": {2}, "started": {1}, "accepted": {1, 2, 3}, "finished": {1}} {
		for _, nth := range times {
			t.Run(fmt.Sprint(kill, nth), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					n := newNewsroom(t)
					var mu sync.Mutex
					seen := 0
					n.step = func(s string) {
						mu.Lock()
						defer mu.Unlock()
						if s != kill {
							return
						}
						if seen++; seen == nth {
							n.stop()
							_ = n.store.Close()
						}
					}
					n.Service.at, n.tick = n.step, time.Hour
					n.run()
					for _, to := range pinPlaces {
						if _, err := n.store.AddPin(context.Background(), store.Pin{Pin: pinAt(to, briefings.EN), Kind: string(to.Platform) + "/shared"}, time.Now()); err != nil && seen < nth {
							t.Fatal(err)
						}
						n.Wake()
					}
					n.elapse(10 * time.Second)
					if seen < nth {
						n.publish(rewrite("Otherwise"))
						n.elapse(5 * time.Minute)
					}
					if seen >= nth {
						<-n.done
						n.open()
						n.tick = time.Hour
						n.run()
						for _, to := range pinPlaces {
							n.pin(to)
						}
						n.publish(rewrite("Otherwise"))
						n.elapse(15 * time.Minute)
					}
					for _, to := range pinPlaces {
						d := n.desks[to.Platform]
						all := d.at(to)
						last := all[len(all)-1]
						if len(all) != 1 && !(len(all) == 2 && to.Platform == commands.Telegram && n.doubted(to)) {
							t.Errorf("%s holds %d messages", to, len(all))
						}
						if last.body != n.said(to, "/velmora lang:en", briefings.EN) || !slices.Equal(d.pinned(to), []string{last.id}) {
							t.Errorf("%s: pinned %v, reads\n%s", to, d.pinned(to), last.body)
						}
					}
					n.halt()
				})
			})
		}
	}
}

// doubted reports whether a message to a place may have arrived twice.
func (n *newsroom) doubted(to commands.Destination) bool {
	n.t.Helper()
	all, err := n.store.Deliveries(context.Background(), "")
	if err != nil {
		n.t.Fatal(err)
	}
	return slices.ContainsFunc(all, func(d store.Delivery) bool { return d.To == to && d.Doubts > 0 && d.Edits == "" })
}
