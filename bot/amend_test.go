package main

import (
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// TestCorrectionReachesReaders: a fact is wrong in an answer, a digest and a
// group; the editor's correction is seen in each of these messages on both
// platforms, the digest's place is told once, and `griot corrections` counts
// them, also when the program was down while the file changed.
func TestCorrectionReachesReaders(t *testing.T) {
	t.Parallel()
	const (
		event        = "/timeline event:2025-01-15-levy-decreed"
		wrong, right = "by decree on 15 January 2025", "by decree on 16 January 2025"
	)
	d, tg := discordtest.New(t), telegramtest.New(t)
	n := newNewsroom(t, map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(),
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
	})
	d.WaitReady()
	const group = -1005
	tg.AddChat(telegramtest.Chat{ID: group, Type: "supergroup", Title: "Lakes"})
	reader := telegramtest.User{ID: 42}

	tg.Say(reader, group, event)
	answer := tg.WaitMessages(t, group, 1)[0]
	shown := d.Slash(discordtest.Ask{Command: "timeline", Options: map[string]string{"event": "2025-01-15-levy-decreed"}}).Answer()
	tg.Say(reader, reader.ID, "/digest subscribe topics:velmora schedule:daily zone:UTC lang:en time:"+clockTime(n.clock.now().Add(2*time.Hour)))
	tg.WaitMessages(t, reader.ID, 1)
	n.clock.pass(2*time.Hour + time.Minute)
	subscribe(t, d, discordtest.Channel, n.clock.now().Add(time.Hour)) // wakes the planner
	digest := tg.WaitMessages(t, reader.ID, 2)[1]
	for what, text := range map[string]string{"group": answer.Text, "channel": shown.Text(), "digest": digest.Text} {
		if !strings.Contains(text, wrong) {
			t.Fatalf("the %s reads %q, want the mistake", what, text)
		}
	}

	const was = `    en: The government created the lake levy by decree on 15 January 2025.
    fr: Le gouvernement crée la taxe des lacs par décret le 15 janvier 2025.
`
	n.edit("events/2025.yaml", was, strings.ReplaceAll(was, "15 ", "16 ")+`  corrections:
    - date: "2026-04-20"
      was: {en: The decree was dated 15 January., fr: Le décret était daté du 15 janvier.}
      now: {en: It is of 16 January., fr: Il est du 16 janvier.}
      why: {en: The gazette says so., fr: Le journal officiel le dit.}
`)
	reads := func(what, text string) {
		t.Helper()
		if strings.Contains(text, wrong) || strings.Count(text, right) != 1 || !strings.Contains(text, "Corrected on 20 April 2026") || !strings.Contains(text, "The decree was dated 15 January.") {
			t.Errorf("the %s reads %q, want the correction", what, text)
		}
	}
	reads("group", tg.WaitEdit(t, group, answer.ID, 1).Text)
	reads("digest", tg.WaitEdit(t, reader.ID, digest.ID, 1).Text)
	var channel string
	d.Wait("the channel's answer corrected", func() bool {
		for _, m := range d.Messages(discordtest.Channel) {
			if m.ID == shown.ID {
				channel = m.Text()
			}
		}
		return strings.Contains(channel, "Corrected on")
	})
	reads("channel", channel)
	if notice := tg.WaitMessages(t, reader.ID, 3)[2].Text; !strings.Contains(notice, "The decree was dated 15 January.") {
		t.Errorf("notice %q, want what was corrected", notice)
	}
	d.Wait("three edits in griot corrections", func() bool { // an edit is seen before its outcome is written
		return strings.Contains(n.run("corrections", "event:2025-01-15-levy-decreed"), "3 edited")
	})
	if got := n.run("deliveries"); strings.Contains(got, "levy-decreed") || strings.Count(got, "a correction of what stands\n") != 3 {
		t.Errorf("griot deliveries prints %q, want the three corrections by name", got)
	}
	if code := n.bot.stop(); code != done {
		t.Fatalf("exit code %d:\n%s", code, n.bot.errs)
	}
	if n := len(tg.Messages(group)); n != 1 {
		t.Errorf("%d messages in the group, want its answer alone", n)
	}
	if n := len(tg.Messages(reader.ID)); n != 3 {
		t.Errorf("the reader has %d messages, want one notice", n)
	}
}
