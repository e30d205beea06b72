package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store"
	"griot/bot/store/storetest"
	"griot/briefings"
	"griot/commands"
)

const (
	pinnedGroup = int64(-1500)
	pinnedSuper = int64(-1000000001500)
)

// pinHouse is a house in which a channel and a chat have a briefing pinned,
// whose files an editor writes.
type pinHouse struct {
	*house
	chat  int64             // on Telegram: a person's, where the pace is quicker, or a group's
	topic map[string][]byte // files of the briefing, as they were
}

func newPinHouse(t *testing.T, url string, chat int64) *pinHouse {
	t.Helper()
	h := &pinHouse{house: &house{world: newWorld(t, url), log: newBuffer(), reload: make(chan os.Signal, 1)}, chat: chat, topic: map[string][]byte{}}
	h.discord.Slow(0)
	h.telegram.Slow(0)
	h.telegram.AddChat(telegramtest.Chat{ID: boss, Type: "private"})
	h.telegram.AddChat(telegramtest.Chat{ID: pinnedGroup, Type: "group", Title: "Team", Admins: []int64{boss}})
	for _, name := range []string{"velmora.en.md", "velmora.fr.md", "velmora.yaml"} {
		text, err := os.ReadFile(filepath.Join(h.env["GRIOT_CONTENT"], "topics", name))
		if err != nil {
			t.Fatal(err)
		}
		h.topic[name] = text
	}
	h.open()
	h.discord.WaitReady()
	return h
}

// edit has the editor write the briefing anew and the program take it into use.
func (h *pinHouse) edit(version, more string) {
	h.t.Helper()
	for name, text := range h.topic {
		for _, was := range []string{"elected in November 2025", "élue en novembre 2025"} {
			text = bytes.Replace(text, []byte(was), []byte(was+", "+version), 1)
		}
		if name == "velmora.yaml" {
			text = append(bytes.Clone(text), more...)
		}
		if err := os.WriteFile(filepath.Join(h.env["GRIOT_CONTENT"], "topics", name), text, 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
	h.reload <- syscall.SIGHUP
	h.until("version "+version, func() bool {
		return strings.Contains(ask(h.t.(*testing.T), h.app, commands.Place{Private: true}, briefings.EN, "/velmora").Text(), version)
	})
}

// says is what anybody reads who asks at a place, as the platform shows it.
func (h *pinHouse) says(p commands.Platform) string {
	h.t.Helper()
	place, lang, line := commands.Place{Destination: commands.Destination{Platform: p, Chat: "1"}, Postable: true}, briefings.EN, "/velmora lang:en"
	if p == commands.Discord {
		lang, line = briefings.FR, "/velmora sections:summary,unknowns lang:fr"
	}
	parts, err := h.app.adapters[p].Render(place, ask(h.t.(*testing.T), h.app, place, lang, line))
	if err != nil || len(parts) != 1 {
		h.t.Fatalf("%s is %d messages, %v", line, len(parts), err)
	}
	return textOf(h.t, p, parts[0].Body)
}

// textOf is the text of a message's body.
func textOf(t testing.TB, p commands.Platform, body []byte) string {
	t.Helper()
	var d discordtest.Message
	var tg struct{ Text string }
	if err := json.Unmarshal(body, &d); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &tg); err != nil {
		t.Fatal(err)
	}
	if p == commands.Discord {
		return d.Text()
	}
	return tg.Text
}

// stands are the briefings that stand in the channel and the chat.
func (h *pinHouse) stands() (d []discordtest.Message, tg []telegramtest.Message) {
	for _, m := range h.discord.Messages(discordtest.Channel) {
		if !m.Private() {
			d = append(d, m)
		}
	}
	for _, m := range h.telegram.Messages(h.chat) {
		if !m.Deleted && m.ReplyTo == 0 && strings.HasPrefix(m.Text, "Velmora") {
			tg = append(tg, m)
		}
	}
	return d, tg
}

// current waits until both messages read as anybody is answered, and checks
// that there is one of each.
func (h *pinHouse) current(day int) {
	h.t.Helper()
	h.until(fmt.Sprint("the pins of day ", day), func() bool {
		d, tg := h.stands()
		return len(d) > 0 && len(tg) > 0 && d[0].Text() == h.says(commands.Discord) && tg[0].Text == h.says(commands.Telegram)
	})
	h.calm() // that they were edited is on record at this time
	d, tg := h.stands()
	if len(d) != 1 || len(tg) != 1 {
		h.t.Fatalf("day %d: %d messages in the channel, %d in the chat", day, len(d), len(tg))
	}
	if len(tg[0].Rows) == 0 || strings.Contains(fmt.Sprint(tg[0].Rows, d[0].Components), "seen:") {
		h.t.Errorf("day %d: buttons tell a revision, which changes when the text does not: %v", day, tg[0].Rows)
	}
}

// pinned waits until these are all that is pinned.
func (h *pinHouse) pinned(day int, discord []string, telegram []int64) {
	h.t.Helper()
	h.until(fmt.Sprint("what is pinned on day ", day), func() bool {
		return slices.Equal(h.discord.Pinned(discordtest.Channel), discord) && slices.Equal(h.telegram.Pinned(h.chat), telegram)
	})
}

// told asks something in the chat and waits for words in an answer.
func (h *pinHouse) told(line, want string) telegramtest.Message {
	h.t.Helper()
	h.telegram.Say(telegramtest.User{ID: boss, Lang: "en"}, h.chat, line)
	var out telegramtest.Message
	h.until(want, func() bool {
		for _, m := range h.telegram.Messages(h.chat) {
			if strings.Contains(m.Text, want) {
				out = m
				return true
			}
		}
		return false
	})
	return out
}

// TestThirtyDaysOfPins: a briefing is pinned in a channel and a chat, and its
// text changes every day for a month. There is one message of each pin, and it
// reads what anybody is answered at that moment, whatever happens on the way.
func TestThirtyDaysOfPins(t *testing.T) {
	t.Parallel()
	for kind, days := range map[string]int{"file": 30, "postgres": 3} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := newPinHouse(t, storetest.URL(t, kind), boss)
			admin := discordtest.Ask{Command: "pin", Options: map[string]string{"topic": "velmora", "sections": "summary,unknowns", "lang": "fr"}, Permissions: 1 << 5}
			for range 2 { // two administrators, or one who forgot
				if got := h.discord.Slash(admin).Answer(); !got.Private() || !strings.Contains(got.Text(), "Velmora") {
					t.Errorf("answered %+v", got)
				}
			}
			if got := h.discord.Slash(discordtest.Ask{Command: "pin", Options: map[string]string{"topic": "union"}}).Answer(); !strings.Contains(got.Text(), "administer") {
				t.Errorf("anybody is answered %q", got.Text())
			}
			h.told("/pin velmora", ": Velmora") // pinned, or on its way
			h.current(0)
			d, tg := h.stands()
			ids, numbers := []string{d[0].ID}, []int64{tg[0].ID}
			h.pinned(0, ids, numbers)
			if d[0].Flags&4096 == 0 || !tg[0].Silent || h.telegram.Calls("pinChatMessage")[0].Params["disable_notification"] != "true" {
				t.Error("somebody was notified")
			}
			for day := range days {
				ids, numbers = h.live(day, ids, numbers)
			}
			h.edit("corrected", "corrections:\n  - date: 2026-05-01\n    was: {en: The truce ends in May., fr: La trêve finit en mai.}\n    now: {en: It has no end., fr: Elle n’a pas de terme.}\n    why: {en: The text says so., fr: Le texte le dit.}\n")
			h.pass(2 * time.Minute)
			h.until("the correction", func() bool {
				d, tg := h.stands()
				return strings.Contains(d[0].Text(), "Corrigé le 1er mai 2026") && strings.Contains(tg[0].Text, "Corrected on 1 May 2026") && strings.Contains(tg[0].Text, "corrected")
			})
			h.atMostOneAMinute()
			h.stop()
		})
	}
}

// live has a day pass in which the text changes, and something happens.
func (h *pinHouse) live(day int, ids []string, numbers []int64) ([]string, []int64) {
	h.t.Helper()
	switch day {
	case 1: // the program is updated
		h.stop()
		h.open()
	case 2: // somebody deletes the messages
		h.discord.Delete(discordtest.Channel, ids[0])
		h.telegram.Delete(h.chat, numbers[0])
	case 8: // somebody unpins them
		h.discord.Unpin(discordtest.Channel, ids[0])
		h.telegram.Unpin(h.chat, numbers[0])
	}
	before, beforeTG := h.stands()
	h.edit("version "+string(rune('A'+day)), "")
	twice := day%5 == 4
	if twice { // mended before a minute is over
		h.app.digests.Wake()
		h.current(day)
		h.edit("version "+string(rune('A'+day))+", mended", "")
	}
	h.pass(2 * time.Minute)
	h.current(day)
	d, tg := h.stands()
	switch day {
	case 2:
		ids, numbers = []string{d[0].ID}, []int64{tg[0].ID}
	case 8:
		h.pinned(day, nil, nil)
		if answer := h.told("/pins", "I pinned it on"); answer.Data("Pin again") == "" || answer.Data("Unpin") == "" {
			h.t.Errorf("day %d: /pins has no buttons: %v", day, answer.Rows)
		}
		ids, numbers = nil, nil
	}
	h.pinned(day, ids, numbers)
	if day != 2 {
		most := 1
		if twice {
			most = 2
		}
		if d[0].ID != before[0].ID || tg[0].ID != beforeTG[0].ID || d[0].Edits-before[0].Edits > most || tg[0].Edits-beforeTG[0].Edits > most {
			h.t.Errorf("day %d: message %s after %s, edits %d and %d", day, d[0].ID, before[0].ID, d[0].Edits-before[0].Edits, tg[0].Edits-beforeTG[0].Edits)
		}
	}
	h.pass(24*time.Hour - 2*time.Minute)
	return ids, numbers
}

// atMostOneAMinute checks when the message in the channel was edited.
func (h *pinHouse) atMostOneAMinute() {
	h.t.Helper()
	last := map[string]time.Time{}
	for _, c := range h.discord.Calls("PATCH", "/channels/"+discordtest.Channel+"/messages/") {
		if d := c.At.Sub(last[c.Path]); d < time.Minute {
			h.t.Errorf("edited %s after the edit before", d)
		}
		last[c.Path] = c.At
	}
	if n := len(h.discord.Calls("PUT", "/channels/")); n > 2 {
		h.t.Errorf("pinned %d times, want once for each message", n)
	}
}

// TestPinsMoveWithTheirGroup: in the supergroup that a group becomes there is
// one message of the pin, pinned, and it is kept current.
func TestPinsMoveWithTheirGroup(t *testing.T) {
	t.Parallel()
	h := newPinHouse(t, storetest.URL(t, "memory"), pinnedGroup)
	h.told("/pin velmora", ": Velmora")
	h.becomes(commands.Telegram, "the pin", func(p store.Pin) bool { return !p.PinnedAt.IsZero() })
	h.telegram.Upgrade(pinnedGroup, pinnedSuper, true)
	h.chat = pinnedSuper
	h.pass(time.Minute)
	h.becomes(commands.Telegram, "the pin in the supergroup", func(p store.Pin) bool { return !p.PinnedAt.IsZero() })
	h.edit("version M", "")
	h.pass(2 * time.Minute)
	h.until("the text of now", func() bool {
		_, tg := h.stands()
		return len(tg) == 1 && tg[0].Text == h.says(commands.Telegram) && tg[0].Edits == 1 && slices.Equal(h.telegram.Pinned(pinnedSuper), []int64{tg[0].ID})
	})
	h.stop()
}

// becomes waits until a place's pin of velmora stands as wanted.
func (h *pinHouse) becomes(p commands.Platform, what string, ok func(p store.Pin) bool) {
	h.t.Helper()
	to := commands.Destination{Platform: p, Chat: discordtest.Channel}
	if p == commands.Telegram {
		to.Chat = strconv.FormatInt(h.chat, 10)
	}
	h.until(what, func() bool {
		pin, _, err := h.app.store.Pin(h.t.Context(), to, "velmora")
		return err == nil && ok(pin)
	})
}

// TestPinsInTrouble: what is missing is named, a person presses, and a message
// that is deleted twice is asked about.
func TestPinsInTrouble(t *testing.T) {
	t.Parallel()
	h := newPinHouse(t, storetest.URL(t, "memory"), pinnedGroup)
	h.telegram.DenyPins(pinnedGroup, true)
	h.discord.LimitPins(1)
	slash := func(command, topic string) discordtest.Message {
		ask := discordtest.Ask{Command: command, Permissions: 1 << 13}
		if topic != "" {
			ask.Options = map[string]string{"topic": topic}
		}
		return h.discord.Slash(ask).Answer()
	}
	pins := func(n int) func() bool {
		return func() bool { return len(h.discord.Pinned(discordtest.Channel)) == n }
	}
	slash("pin", "union")
	h.until("the first pin", pins(1))
	slash("pin", "velmora")
	h.becomes(commands.Discord, "the limit", func(p store.Pin) bool { return p.Unpinned == commands.StopPinLimit })
	list := slash("pins", "")
	if !strings.Contains(list.Text(), "as many pinned messages as the platform allows") {
		t.Errorf("answered %q", list.Text())
	}
	h.discord.LimitPins(2)
	h.discord.Press(discordtest.Ask{Permissions: 1 << 13}, list, button(t, list, "Pin again: Velmora")).Answer()
	h.until("both pins", pins(2))
	h.discord.Press(discordtest.Ask{Permissions: 1 << 13}, list, button(t, list, "Unpin: Velmora")).Answer()
	h.until("one pin again", pins(1))

	h.told("/pin velmora", "Velmora")
	h.becomes(commands.Telegram, "the refusal", func(p store.Pin) bool { return p.Unpinned == "forbidden:can_pin_messages" })
	note := h.told("/pins", "Give me this right there: Pin messages.")
	h.telegram.DenyPins(pinnedGroup, false)
	w := wizard{t: t, tg: h.telegram, chat: h.chat, id: note.ID}
	if alert := w.press(reader, "Pin again"); alert == "" {
		t.Error("anybody can press")
	}
	w.press(boss, "Pin again")
	_, tg := h.stands()
	h.until("the pin", func() bool { return slices.Equal(h.telegram.Pinned(h.chat), []int64{tg[0].ID}) })
	for i := range 2 { // deleted, and again
		_, tg := h.stands()
		h.telegram.Delete(h.chat, tg[0].ID)
		h.edit("version "+strconv.Itoa(i), "")
		h.pass(2 * time.Minute)
		h.becomes(commands.Telegram, "an end", func(p store.Pin) bool {
			_, now := h.stands()
			return i == 0 && len(now) == 1 && now[0].ID != tg[0].ID && !p.PinnedAt.IsZero() || i == 1 && p.Stopped == commands.StopLost
		})
	}
	asked := h.told("/pins", "Its message was deleted")
	wizard{t: t, tg: h.telegram, chat: h.chat, id: asked.ID}.press(boss, "Pin again")
	h.until("a new message", func() bool {
		_, now := h.stands()
		return len(now) == 1 && now[0].Text == h.says(commands.Telegram) && slices.Equal(h.telegram.Pinned(h.chat), []int64{now[0].ID})
	})
	h.stop()
}
