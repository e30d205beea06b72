package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// Link makes the test's platform one whose messages have addresses.
func (p *platform) Link(place commands.Place, id string) string {
	return "link:" + place.Destination.String() + "#" + id
}

// story writes what a history tells: slot, state, cause and links.
func (h *house) story(s commands.Subscription) (past, next []string) {
	h.t.Helper()
	old, coming, err := h.History(context.Background(), s.To, s.ID, 4)
	if err != nil {
		h.t.Fatal(err)
	}
	write := func(list []commands.Sending) (out []string) {
		for _, o := range list {
			line := []string{o.Slot.Format("02T15:04"), string(o.State)}
			if o.Cause != "" {
				line = append(line, "("+o.Cause+")")
			}
			if o.Parts > 0 {
				line = append(line, fmt.Sprintf("%d/%d", o.Arrived, o.Parts))
			}
			if o.State == commands.SendComing && !o.When.Equal(o.Slot) {
				line = append(line, "at "+o.When.Format("02T15:04"))
			}
			if o.Asked {
				line = append(line, "asked")
			}
			if o.InChat {
				line = append(line, "in the chat")
			}
			out = append(out, strings.Join(append(line, o.Links...), " "))
		}
		return out
	}
	return write(old), write(coming)
}

func (h *house) tells(s commands.Subscription, what string, got []string, want ...string) {
	h.t.Helper()
	if !slices.Equal(got, want) {
		h.t.Errorf("%s of %s:\n %s\nwant\n %s", what, s.ID, strings.Join(got, "\n "), strings.Join(want, "\n "))
	}
}

// TestHistoryTellsWhatCame: what arrived with its links, what was quiet, what
// was asked for at once, and what comes next.
func TestHistoryTellsWhatCame(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.parts = 2
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		past, next := h.story(s)
		h.tells(s, "past", past)
		h.tells(s, "next", next, "01T07:00 coming", "02T07:00 coming", "03T07:00 coming", "04T07:00 coming")
		h.said = func(_ commands.Subscription, w commands.Window) (string, error) {
			if w.To.Day() == 2 && w.To.Hour() == 7 {
				return "", commands.ErrQuiet
			}
			return "", nil
		}
		h.run()
		time.Sleep(32 * time.Hour)
		if err := h.SendNow(context.Background(), s.To, s.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		past, next = h.story(s)
		h.tells(s, "past", past, "02T08:00 arrived 2/2 asked link:telegram:1#3 link:telegram:1#4", "02T07:00 quiet", "01T07:00 arrived 2/2 link:telegram:1#1 link:telegram:1#2")
		h.tells(s, "next", next, "03T07:00 coming", "04T07:00 coming", "05T07:00 coming", "06T07:00 coming")
		if _, err := h.Pause(context.Background(), s.To, s.ID, true); err != nil {
			t.Fatal(err)
		}
		past, next = h.story(s)
		h.tells(s, "next of a paused one", next)
		if len(past) != 3 {
			t.Errorf("paused, its past is %q", past)
		}
		if _, _, err := h.History(context.Background(), commands.Destination{Platform: commands.Telegram, Chat: "2"}, s.ID, 4); err == nil {
			t.Error("another place reads it")
		}
		h.halt()
	})
}

// TestHistoryTellsWhatWaitsAndWhatEnded follows a digest into quiet hours, late
// beyond its deadline, and one that was paused on its way.
func TestHistoryTellsWhatWaitsAndWhatEnded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		ctx := context.Background()
		q := sub(commands.Telegram, "1", "reef")
		q.Schedule, q.QuietHours = "daily 05:00", "22:00-07:00"
		s, p := h.subscribe(q), h.subscribe(sub(commands.Telegram, "2", "reef"))
		_, next := h.story(s)
		h.tells(s, "next", next[:1], "01T05:00 coming (quiet hours) at 01T07:00")
		h.at = func(step string) {
			if step == "planned" {
				_, _ = h.Pause(ctx, p.To, p.ID, true)
			}
		}
		h.run()
		time.Sleep(6 * time.Hour)
		synctest.Wait()
		_, next = h.story(s)
		h.tells(s, "next while it waits", next[:2], "01T05:00 coming (quiet hours) at 01T07:00", "02T05:00 coming (quiet hours) at 02T07:00")
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		past, _ := h.story(s)
		h.tells(s, "past", past, "01T05:00 arrived 1/1 link:telegram:1#1")
		past, _ = h.story(p)
		h.tells(p, "past of the paused one", past, "01T07:00 held")
		h.halt()
		time.Sleep(36 * time.Hour) // 2 January, 20:00
		h.open()
		_, next = h.story(s)
		h.tells(s, "next when it is too late", next[:1], "03T05:00 coming (quiet hours) at 03T07:00")
		h.run()
		time.Sleep(time.Minute)
		synctest.Wait()
		past, _ = h.story(s)
		h.tells(s, "past after downtime", past, "02T05:00 late", "01T05:00 arrived 1/1 link:telegram:1#1")
		h.halt()
		time.Sleep(12 * time.Hour) // 3 January, 08:01
		h.open()
		_, next = h.story(s)
		h.tells(s, "next that was missed", next[:2], "03T05:00 coming at 03T08:01", "04T05:00 coming (quiet hours) at 04T07:00")
		h.halt()
	})
}

// TestHistoryTellsWhyNot: what a place refuses, what is our fault, and what nobody knows.
func TestHistoryTellsWhyNot(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want string
	}{
		{adapter.ErrGone, "01T07:00 refused (gone) 0/1"},
		{fmt.Errorf("%w: not enough rights", adapter.ErrForbidden), "01T07:00 refused (forbidden) 0/1"},
		{adapter.ErrPayload, "01T07:00 fault 0/1"},
		{adapter.ErrUnknown, "01T07:00 doubt 0/1"},
	} {
		t.Run(tc.want, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, commands.Telegram)
				s := h.subscribe(sub(commands.Telegram, "1", "reef"))
				h.out.fail = func(commands.Destination, int) (bool, error) { return false, tc.err }
				h.run()
				time.Sleep(10 * time.Hour)
				synctest.Wait()
				past, _ := h.story(s)
				h.tells(s, "past", past, tc.want)
				h.halt()
			})
		})
	}
	t.Run("an earlier part", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			h := newHouse(t, commands.Telegram)
			h.out.parts = 3
			s := h.subscribe(sub(commands.Telegram, "1", "reef"))
			h.out.fail = func(_ commands.Destination, call int) (bool, error) {
				if call == 1 {
					return true, nil
				}
				return false, adapter.ErrGone
			}
			h.run()
			time.Sleep(10 * time.Hour)
			synctest.Wait()
			past, _ := h.story(s)
			h.tells(s, "past", past, "01T07:00 partly (gone) 1/3 link:telegram:1#1")
			h.halt()
		})
	})
}

// TestCausesReadBack: what the ledger keeps of an error still says why.
func TestCausesReadBack(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{adapter.ErrGone, commands.StopGone},
		{adapter.ErrThread, commands.StopThread},
		{fmt.Errorf("%w: %w", adapter.ErrForbidden, errors.New("403 no")), commands.StopForbidden},
		{fmt.Errorf("send: %w", &adapter.RightError{Right: "Send Messages, Embed Links", Err: errors.New("403: 50013")}), commands.StopForbidden + ":Send Messages, Embed Links"},
		{adapter.ErrPayload, ""},
		{adapter.ErrUnknown, ""},
		{errors.New("dial"), ""},
	} {
		o := Judge(tc.err, Try{Platform: commands.Telegram, Attempt: 9, Refusals: 9}).outcome(tc.err, adapter.MessageRef{}, time.Now())
		if got := causeOf("too late: " + o.Err); got != tc.want || o.Cause != "" && o.Cause != got {
			t.Errorf("%v reads back as %q, want %q; it stops for %q", tc.err, got, tc.want, o.Cause)
		}
	}
}

// TestHistoryTellsOfFallbacksAndRefusals: what came to the chat instead of its
// topic is linked there; what a place refuses for now says why and when again.
func TestHistoryTellsOfFallbacksAndRefusals(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		topic := sub(commands.Telegram, "-1", "reef")
		topic.To.Thread = "7"
		s, r := h.subscribe(topic), h.subscribe(sub(commands.Telegram, "-2", "storm"))
		h.out.fail = func(to commands.Destination, call int) (bool, error) {
			switch {
			case to.Thread != "":
				return false, adapter.ErrThread
			case to.Chat == "-2":
				return false, &adapter.RightError{Right: "can_post_messages", Err: errors.New("400")}
			}
			return true, nil
		}
		h.run()
		time.Sleep(7*time.Hour + time.Minute)
		synctest.Wait()
		past, _ := h.story(s)
		if len(past) != 1 || !strings.HasPrefix(past[0], "01T07:00 arrived 1/1 in the chat link:telegram:-1#") {
			t.Errorf("past of a closed topic: %q", past)
		}
		past, _ = h.story(r)
		h.tells(r, "past", past, "01T07:00 coming (forbidden:can_post_messages) 0/1 at 01T07:12")
		h.halt()
	})
}

// TestHistoryOfOneOfSeveral: each digest of a place tells of its own topics.
func TestHistoryOfOneOfSeveral(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		later := sub(commands.Telegram, "1", "storm")
		later.Schedule = "daily 08:00"
		a, b, c := h.subscribe(sub(commands.Telegram, "1", "reef")), h.subscribe(later), h.subscribe(sub(commands.Telegram, "1", "harbour"))
		h.run()
		time.Sleep(9 * time.Hour)
		if err := h.SendNow(context.Background(), c.To, c.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		for s, want := range map[*commands.Subscription][]string{
			&a: {"01T07:00 arrived 1/1 link:telegram:1#1"},
			&b: {"01T08:00 arrived 1/1 link:telegram:1#2"},
			&c: {"01T09:00 arrived 1/1 asked link:telegram:1#3", "01T07:00 arrived 1/1 link:telegram:1#1"},
		} {
			past, _ := h.story(*s)
			h.tells(*s, "past", past, want...)
		}
		h.halt()
	})
}
