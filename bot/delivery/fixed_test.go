package delivery

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// TestWithdrawnAndLonger: what is withdrawn is replaced by a word that says so,
// and a text that has grown beyond its messages is cut, never its correction.
func TestWithdrawnAndLonger(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, to := readNewsroom(t, 2)
		stood := map[commands.Destination]int{}
		for _, p := range to {
			stood[p] = len(n.desks[p.Platform].at(p))
		}
		n.publish(func(p *briefings.Pack) {
			e := levy(p)
			e.Fact.EN += strings.Repeat(" The boatmen protest against it in every port of the lakes.", 300)
			p.Events = slices.DeleteFunc(p.Events, func(e briefings.Event) bool { return e.Slug == "2025-02-03-boatmen-strike" })
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, p := range to {
			var texts []string
			for _, m := range n.desks[p.Platform].at(p)[:stood[p]] {
				texts = append(texts, m.body)
			}
			got := strings.Join(texts, "\n")
			for _, want := range []string{"Corrected on 1 May 2026", "The decree was dated 15 January.", "Withdrawn on 1 January 2000", "please do not pass it on", "Read all", "longer than what fits here"} {
				if !strings.Contains(got, want) {
					t.Errorf("%s lacks %q:\n%s", p, want, got)
				}
			}
			if strings.Contains(got, wrong) {
				t.Errorf("%s still reads what was wrong:\n%s", p, got)
			}
		}
		n.halt()
	})
}

// TestWhatCannotBeReached is on record with its cause, and blocks nobody.
func TestWhatCannotBeReached(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, to := readNewsroom(t, 6)
		for p, d := range n.desks {
			d.fail = func(ref adapter.MessageRef, try int) error {
				switch {
				case ref.To == to[0]:
					return fmt.Errorf("edit: %w", adapter.ErrLost)
				case ref.To == to[1]:
					return &adapter.RightError{Right: "View Channel", Err: adapter.ErrForbidden}
				case try%3 == 0:
					return adapter.ErrUnknown // done or not: it is done again
				case try%5 == 0:
					return &adapter.RetryError{After: 90 * time.Second, Err: fmt.Errorf("30046 at %s", p)}
				}
				return nil
			}
		}
		n.publish(correctLevy)
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		got := n.states(store.Correction)
		if got["dead lost"] == 0 || got["dead forbidden:View Channel"] == 0 || got["sent"] == 0 || len(got) != 3 {
			t.Errorf("on record: %v", got)
		}
		for _, p := range to[2:] {
			if text := n.text(p); strings.Contains(text, wrong) || !strings.Contains(text, right) {
				t.Errorf("%s reads %s", p, text)
			}
		}
		n.halt()
	})
}

// TestNoticesAreFew: one a day at a place, what comes meanwhile merged, none in
// quiet hours, unless it is urgent; none where nobody wants digests any more.
func TestNoticesAreFew(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		to := n.subscribe(1, func(s *commands.Subscription) { s.QuietHours = "22:00-07:00"; s.Schedule = "weekly sat 07:00" })[0] // 2000-01-01 is one
		gone := n.subscribe(2)[1]
		n.run()
		time.Sleep(8 * time.Hour)
		synctest.Wait()
		list, err := n.List(t.Context(), gone)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Stop(t.Context(), gone, list[0].ID); err != nil {
			t.Fatal(err)
		}
		notices := func(at commands.Destination) (out []string) {
			for _, m := range n.desks[at.Platform].at(at) {
				if strings.Contains(m.body, "passed something on") {
					out = append(out, m.body)
				}
			}
			return out
		}
		add := func(was string, urgent bool) func(p *briefings.Pack) {
			return func(p *briefings.Pack) {
				e := levy(p)
				e.Corrections[len(e.Corrections)-1].Was = briefings.Same(was)
				e.Corrections[len(e.Corrections)-1].Urgent = urgent
			}
		}
		again := func(k int, was string, urgent bool) func(p *briefings.Pack) {
			return func(p *briefings.Pack) {
				for range k {
					add("The decree was dated otherwise.", false)(p)
				}
				add(was, urgent)(p)
			}
		}
		want := func(what string, count int, last string) {
			t.Helper()
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			got := notices(to)
			if len(got) != count || count > 0 && !strings.Contains(got[count-1], last) {
				t.Errorf("%s: notices %q, want %d, the last with %q", what, got, count, last)
			}
		}
		n.publish(again(0, "First was.", false))
		want("the first", 1, "First was.")
		n.publish(again(1, "Second was.", false))
		want("the second, on the same day", 1, "First was.")
		n.publish(again(2, "Third was.", false))
		want("the third, on the same day", 1, "First was.")
		time.Sleep(24 * time.Hour)
		want("the next day", 2, "Third was.")
		if got := notices(to); len(got) == 2 && strings.Contains(got[1], "First was.") {
			t.Errorf("told twice: %s", got[1])
		}
		time.Sleep(24*time.Hour - 2*time.Minute + 15*time.Hour) // 23:00, in the quiet hours
		n.publish(again(3, "Fourth was.", false))
		want("at night", 2, "Third was.")
		n.publish(again(4, "Fifth was.", true))
		want("urgent, at night", 3, "Fifth was.")
		if got := notices(gone); len(got) > 0 || strings.Contains(n.text(gone), wrong) {
			t.Errorf("a place that wants no digests: notices %q; text %s", got, n.text(gone))
		}
		n.halt()
	})
}

// TestHeldNoticesLetSleep: a notice that was held, and may go at night, waits for
// the end of quiet hours as if it had been planned then; an urgent one does not.
func TestHeldNoticesLetSleep(t *testing.T) {
	for _, urgent := range []bool{false, true} {
		t.Run(fmt.Sprint("urgent ", urgent), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				n := newNewsroom(t)
				to := n.subscribe(1, func(s *commands.Subscription) { s.QuietHours = "22:00-07:00" })[0]
				n.run()
				time.Sleep(12 * time.Hour)
				if err := n.store.Pause(t.Context(), "a test"); err != nil {
					t.Fatal(err)
				}
				n.publish(func(p *briefings.Pack) { levy(p).Corrections[0].Urgent = urgent })
				time.Sleep(11 * time.Hour) // 23:00
				if _, err := n.store.Release(t.Context()); err != nil {
					t.Fatal(err)
				}
				told := func() int { return strings.Count(n.text(to), "passed something on") }
				time.Sleep(time.Minute)
				synctest.Wait()
				if got, want := told(), map[bool]int{true: 1}[urgent]; got != want {
					t.Errorf("%d notices at night, want %d", got, want)
				}
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				if got := told(); got != 1 {
					t.Errorf("%d notices in the morning, want 1", got)
				}
				n.halt()
			})
		})
	}
}

// TestAnswersAreCorrected: a public answer is corrected in silence; one that a
// press has turned into another answer is left alone; one outside is listed.
func TestAnswersAreCorrected(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		ask := func(line string, place commands.Place, ref string) {
			t.Helper()
			r, err := commands.ParseLine(n.core.Table(), line)
			if err != nil {
				t.Fatal(err)
			}
			r.Place, r.Lang, r.Now = place, briefings.EN, time.Now()
			reply := n.core.Answer(t.Context(), r)
			parts, err := n.desks[place.Platform].Render(place, reply)
			if err != nil || len(parts) == 0 {
				t.Fatal(len(parts), err)
			}
			d, posted := n.desks[place.Platform], []adapter.Posted(nil)
			for i, p := range parts {
				id := fmt.Sprint(ref, i)
				d.mu.Lock()
				d.stand[place.Destination] = slices.DeleteFunc(d.stand[place.Destination], func(m *letter) bool { return m.id == id })
				d.stand[place.Destination] = append(d.stand[place.Destination], &letter{id: id, body: string(p.Body), nonce: id})
				d.mu.Unlock()
				posted = append(posted, adapter.Posted{Ref: adapter.MessageRef{To: place.Destination, ID: id}})
			}
			if err := n.Record(t.Context(), adapter.Answered{Place: place, Request: r, Reply: reply, Messages: posted}); err != nil {
				t.Fatal(err)
			}
		}
		group := commands.Place{Destination: commands.Destination{Platform: commands.Telegram, Chat: "-7"}}
		channel := commands.Place{Destination: commands.Destination{Platform: commands.Discord, Chat: "70"}, Guild: "1", Postable: true}
		away := commands.Place{Destination: commands.Destination{Platform: commands.Discord, Chat: "71"}, Guild: "2"}
		const line = "/timeline event:2025-01-15-levy-decreed"
		ask(line, group, "1")
		ask(line, group, "2") // the same in the same place
		ask(line, channel, "3")
		ask(line, channel, "4")
		ask("/help", channel, "4") // pressed
		ask(line, away, "5")
		help := n.text(channel.Destination)
		n.run()
		time.Sleep(time.Second)
		n.publish(correctLevy)
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := n.text(group.Destination); strings.Contains(got, wrong) || strings.Count(got, right) != 2 || !strings.Contains(got, "Corrected on 1 May 2026") {
			t.Errorf("the group reads %s", got)
		}
		got := n.text(channel.Destination)
		if strings.Contains(got, wrong) || strings.Count(got, right) != 1 {
			t.Errorf("the channel reads %s", got)
		}
		if i := strings.LastIndex(help, "\n"); !strings.HasSuffix(got, help[i+1:]) {
			t.Errorf("what was pressed reads %s", got)
		}
		if got := n.states(store.Correction); got["sent"] != 3 || got["dead outside"] != 1 || len(got) != 2 {
			t.Errorf("on record: %v", got)
		}
		if got := n.states(store.Notice); len(got) > 0 {
			t.Errorf("notices of answers: %v", got)
		}
		n.halt()
	})
}

// TestOnlyWhatIsInUseCorrects: while this process still has the old content,
// nothing is made anew with it.
func TestOnlyWhatIsInUseCorrects(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		to := n.subscribe(2)
		n.run()
		time.Sleep(8 * time.Hour)
		old := n.live.Index()
		n.publish(correctLevy) // another process saw it
		fresh := n.live.Index()
		n.live.Swap(old)
		time.Sleep(time.Minute)
		synctest.Wait()
		n.live.Swap(fresh)
		n.Wake()
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, p := range to {
			if got := n.text(p); strings.Contains(got, wrong) || strings.Count(got, right) != 1 {
				t.Errorf("%s reads %s", p, got)
			}
		}
		n.halt()
	})
}
