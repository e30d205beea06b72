package main

import (
	"strings"
	"testing"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/briefings"
	"griot/briefings/briefingstest"
	"griot/commands"
)

// TestCheckOnDiscord: a message of the bot, as Discord has it, is known through
// the menu of messages, for the asker alone; one that was changed is not current.
func TestCheckOnDiscord(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	startBot(t, new(clock), map[string]string{"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:"})
	d.WaitReady()
	answer := d.Slash(discordtest.Ask{Command: "timeline", Options: map[string]string{"topic": "velmora"}}).Answer()
	var embeds []any
	for _, e := range answer.Embeds {
		embeds = append(embeds, e)
	}
	check := func(message map[string]any, want string) {
		t.Helper()
		m := d.Menu(discordtest.Ask{Command: "Check with briefings", Message: message}).Answer()
		if !strings.Contains(m.Text(), want) || m.Flags&64 == 0 {
			t.Errorf("flags %d: %s, want %q", m.Flags, m.Text(), want)
		}
	}
	check(map[string]any{"embeds": embeds}, "Ours, and current")
	check(map[string]any{"content": strings.Replace(answer.Text(), "1 November 2025**", "2 November 2025**", 1)}, "Ours, but altered")
	check(map[string]any{"content": "@everyone the mayor opened a new market in the capital"}, "Not ours")
}

// TestCheckOnTelegram: an answer that is passed on to the bot in private is
// known, and so is one that somebody replies to with the command in a group.
func TestCheckOnTelegram(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	startBot(t, new(clock), map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:",
	})
	reader := telegramtest.User{ID: 42, Lang: "fr"}
	tg.Say(reader, reader.ID, "/velmora")
	answer := tg.WaitMessages(t, reader.ID, 1)[0].Text
	tg.Write(telegramtest.Incoming{From: reader, Chat: reader.ID, Text: answer, Passed: true})
	if got := tg.WaitMessages(t, reader.ID, 2)[1].Text; !strings.Contains(got, "C’est notre texte, à jour") {
		t.Errorf("passed on: %s", got)
	}
	const group = -1001
	tg.AddChat(telegramtest.Chat{ID: group, Type: "supergroup"})
	said := &telegramtest.Incoming{From: telegramtest.User{ID: 43}, Text: strings.Replace(answer, "Mara Tolen", "Mara Selm", 1)}
	tg.Write(telegramtest.Incoming{From: reader, Chat: group, Text: "/verifier", To: said})
	if got := tg.WaitMessages(t, group, 1)[0].Text; !strings.Contains(got, "C’est notre texte, mais modifié") || !strings.Contains(got, "Mara Selm") {
		t.Errorf("replied to: %s", got)
	}
}

// TestCheckKnowsWhatStoodBefore: the store keeps what items said, and a text of
// then is known as such, with what changed and when.
func TestCheckKnowsWhatStoodBefore(t *testing.T) {
	t.Parallel()
	a := packApp(t, testPack, briefingstest.Now)
	p := briefingstest.Pack(t)
	p.Hash += " changed"
	for i := range p.Events {
		if e := &p.Events[i]; e.Slug == "2026-04-18-port-selm-fire" {
			e.Fact.EN = strings.Replace(e.Fact.EN, "A fuel depot burned", "Two fuel depots burned", 1)
		}
	}
	if err := a.content.show(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"A fuel depot burned at Port Selm on 18 April 2026. Whether it was an attack is not established.":    "corrected",
		"Two fuel depots burned at Port Selm on 18 April 2026. Whether it was an attack is not established.": "current",
		"Ten fuel depots burned at Port Selm on 18 April 2026. Whether it was an attack is not established.": "altered",
	} {
		place := commands.Place{Destination: commands.Destination{Platform: commands.Telegram, Chat: "42"}, Private: true, Postable: true}
		r := a.core.Answer(t.Context(), commands.Request{Command: "check", Options: map[string]string{"text": text}, Lang: briefings.EN, Place: place, Now: briefingstest.Now})
		if r.Verdict != want || want == "corrected" && !strings.Contains(r.Text(), "Changed on 1 May 2026. Before: “A fuel depot burned") {
			t.Errorf("%s is %s:\n%s", text, r.Verdict, r.Text())
		}
	}
}
