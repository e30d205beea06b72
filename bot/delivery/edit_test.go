package delivery

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"griot/commands"
)

// edit changes a subscription and fails the test when it cannot.
func (h *house) edit(s commands.Subscription, f func(*commands.Subscription)) commands.Subscription {
	h.t.Helper()
	out, ok, err := h.Edit(context.Background(), s.To, s.ID, func(s commands.Subscription) (commands.Subscription, error) {
		f(&s)
		return s, nil
	})
	if err != nil || !ok {
		h.t.Fatalf("edit: %v, %v", ok, err)
	}
	return out
}

// TestAnEditLosesAndRepeatsNothing edits the hour twice, and an option just
// before the digest is planned: windows go on tiling time.
func TestAnEditLosesAndRepeatsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		h.run()
		time.Sleep(7*time.Hour + time.Minute)
		synctest.Wait()
		if got := h.edit(s, func(s *commands.Subscription) { s.Schedule = "daily 19:00" }); got.ID != s.ID || got.Next.Hour() != 19 || got.Next.Day() != 1 {
			t.Errorf("edited to %+v", got)
		}
		time.Sleep(24 * time.Hour) // 2 January, 07:01
		h.edit(s, func(s *commands.Subscription) { s.Schedule = "weekdays 08:00" })
		time.Sleep(time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0", "reef en 01-01T07:00..01-01T19:00 #0") // 1 and 2 January 2000 are a weekend
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0", "reef en 01-01T07:00..01-01T19:00 #0", "reef en 01-01T19:00..01-03T08:00 #0")
		h.halt()
	})
}

// TestAnEditOfOptionsLeavesWhatIsDue: while nobody plans, the hour passes; an
// option that is changed then must not push the digest to the next day.
func TestAnEditOfOptionsLeavesWhatIsDue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		time.Sleep(8 * time.Hour)
		h.edit(s, func(s *commands.Subscription) { s.TextOnly, s.Lang = true, "fr" })
		h.run()
		time.Sleep(time.Hour)
		synctest.Wait()
		h.want(s.To, "reef fr start..01-01T07:00 #0")
		h.edit(s, func(s *commands.Subscription) { s.QuietHours = "06:00-10:00" })
		time.Sleep(24 * time.Hour) // 2 January, 09:00
		synctest.Wait()
		h.want(s.To, "reef fr start..01-01T07:00 #0")
		h.edit(s, func(s *commands.Subscription) { s.QuietHours = "" }) // it is due since 07:00
		time.Sleep(time.Minute)
		synctest.Wait()
		h.want(s.To, "reef fr start..01-01T07:00 #0", "reef fr 01-01T07:00..01-02T07:00 #0")
		h.halt()
	})
}

// TestAnEditWhileItIsOnItsWay: what is planned comes as it was, once.
func TestAnEditWhileItIsOnItsWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		done := false
		h.at = func(step string) {
			if step == "planned" && !done {
				done = true
				h.edit(s, func(s *commands.Subscription) { s.Topics, s.Schedule = []string{"storm"}, "daily 08:00" })
			}
		}
		h.run()
		time.Sleep(9 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0", "storm en 01-01T07:00..01-01T08:00 #0")
		h.halt()
	})
}

// TestAnEditKeepsAPause: what is held stays held, and resumes from then on.
func TestAnEditKeepsAPause(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		ctx := context.Background()
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		if _, err := h.Pause(ctx, s.To, s.ID, true); err != nil {
			t.Fatal(err)
		}
		if got := h.edit(s, func(s *commands.Subscription) { s.Schedule, s.Paused = "daily 08:00", false }); !got.Paused {
			t.Error("an edit resumed it")
		}
		h.run()
		time.Sleep(30 * time.Hour)
		synctest.Wait()
		h.want(s.To)
		if _, err := h.Pause(ctx, s.To, s.ID, false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-02T08:00 #0")
		h.halt()
	})
}

func TestAnEditThatCannotBe(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		ctx := context.Background()
		a, b := h.subscribe(sub(commands.Telegram, "1", "reef")), h.subscribe(sub(commands.Telegram, "1", "storm"))
		for says, change := range map[string]func(*commands.Subscription){
			"just like that": func(s *commands.Subscription) { s.Topics = []string{"reef"} },
			"time zone":      func(s *commands.Subscription) { s.Zone = "Nowhere/X" },
			"schedule":       func(s *commands.Subscription) { s.Schedule = "hourly" },
			"span of hours":  func(s *commands.Subscription) { s.QuietHours = "7-7" },
			"at least one":   func(s *commands.Subscription) { s.Topics = nil },
		} {
			_, _, err := h.Edit(ctx, b.To, b.ID, func(s commands.Subscription) (commands.Subscription, error) { change(&s); return s, nil })
			if ue, ok := errors.AsType[*commands.UserError](err); !ok || !strings.Contains(ue.Say.EN, says) || ue.Say.FR == "" {
				t.Errorf("%s: %v", says, err)
			}
			list, _ := h.List(ctx, b.To)
			if len(list) != 2 || list[0].Topics[0] == list[1].Topics[0] {
				t.Errorf("%s: it changed all the same: %+v", says, list)
			}
		}
		if _, ok, err := h.Edit(ctx, commands.Destination{Platform: commands.Telegram, Chat: "2"}, a.ID, func(s commands.Subscription) (commands.Subscription, error) { return s, nil }); ok || err != nil {
			t.Errorf("of another place: %v, %v", ok, err)
		}
		h.halt()
	})
}

// TestAMoveLosesAndRepeatsNothing: the next digest comes to the other thread,
// and tells from where the last one ended.
func TestAMoveLosesAndRepeatsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		topic := sub(commands.Telegram, "-1", "reef")
		topic.To.Thread = "7"
		s := h.subscribe(topic)
		h.run()
		time.Sleep(8 * time.Hour)
		synctest.Wait()
		moved := h.edit(s, func(s *commands.Subscription) { s.To.Thread = "" })
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0")
		h.want(moved.To, "reef en 01-01T07:00..01-02T07:00 #0")
		h.halt()
	})
}
