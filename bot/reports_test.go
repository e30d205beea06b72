package main

import (
	"strings"
	"syscall"
	"testing"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// TestReportsOnDiscord: a reader reports a problem from an answer, with a form;
// editors answer once, with another one, and the reader reads it in private.
func TestReportsOnDiscord(t *testing.T) {
	t.Parallel()
	const room, reader = "600000000000000077", "700000000000000001"
	d := discordtest.New(t)
	d.AddChannel(room, discordtest.Guild)
	n := newNewsroom(t, map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_EDITORS": "discord:" + room,
	})
	d.WaitReady()
	who := discordtest.Ask{User: reader}
	briefing := d.Slash(discordtest.Ask{User: reader, Command: "velmora"}).Answer()
	form := d.Press(who, briefing, button(t, briefing, "Report a problem")).Modal()
	if form.Title != "Report a problem" || form.Most != 1000 {
		t.Errorf("form %+v", form)
	}
	const words = "The toll is wrong @everyone <@1> must_never_log"
	thanks := d.Submit(who, form, words).Answer()
	if !thanks.Private() || !strings.Contains(thanks.Text(), "what you wrote about “Velmora”") {
		t.Fatalf("the reader reads %q", thanks.Text())
	}
	card := d.WaitMessages(room, 1)[0]
	if text := card.Text(); !strings.Contains(text, "The toll is wrong") || !strings.Contains(text, "About “Velmora”, version 1") || !strings.Contains(text, "No answer is wanted") {
		t.Errorf("editors read %q", text)
	}
	if again := d.Press(who, thanks, button(t, thanks, "Yes, answer me")).Answer(); !strings.Contains(again.Text(), "comes to you in private") {
		t.Errorf("the reader reads %q", again.Text())
	}
	d.Wait("the wish for an answer", func() bool {
		card = d.Messages(room)[0]
		return strings.Contains(card.Text(), "An answer is wanted")
	})
	n.bot.stop()
	n.start()
	d.WaitReady()
	chief := discordtest.Ask{Channel: room, Permissions: manageServer}
	if got := d.Press(discordtest.Ask{Channel: room}, card, button(t, card, "Answer")).Answer(); !strings.Contains(got.Text(), "administer") {
		t.Errorf("who administers nothing reads %q", got.Text())
	}
	answer := d.Press(chief, card, button(t, card, "Answer")).Modal()
	second := d.Press(chief, card, button(t, card, "Answer")).Modal()
	if got := d.Submit(chief, answer, "You are right, thank you.").Answer(); !got.Private() || !strings.Contains(got.Text(), "on its way") {
		t.Errorf("the editor reads %q", got.Text())
	}
	if got := d.Submit(chief, second, "No.").Answer(); !strings.Contains(got.Text(), "someone has answered this report already") {
		t.Errorf("the second editor reads %q", got.Text())
	}
	letter := d.WaitMessages(discordtest.DM(reader), 1)[0]
	if text := letter.Text(); !strings.Contains(text, "You are right, thank you.") || !strings.Contains(text, "The toll is wrong") || strings.Contains(text, "someone") {
		t.Errorf("the reader reads %q", text)
	}
	d.Wait("the card", func() bool { return strings.Contains(d.Messages(room)[0].Text(), "Answered by someone on") })
	d.Slash(discordtest.Ask{User: reader, Command: "forget", Options: map[string]string{"confirm": "yes"}}).Answer()
	n.reload <- syscall.SIGHUP
	d.Wait("the card without the report", func() bool { return !strings.Contains(d.Messages(room)[0].Text(), "toll") })
	if strings.Contains(n.bot.errs.String(), "must_never_log") {
		t.Errorf("what a reader wrote is logged:\n%s", n.bot.errs)
	}
	if list := n.run("reports", "--all", "--json"); list != "" {
		t.Errorf("kept %q", list)
	}
}

// TestReportsOnTelegram: in a group the words are asked for in private, and a
// reply to that is the report; an editor answers by a reply too, or at the
// command line; nobody can flood the editors.
func TestReportsOnTelegram(t *testing.T) {
	t.Parallel()
	const room, chief, reader, group = -500, 9, 42, -77
	tg := telegramtest.New(t)
	tg.AddChat(telegramtest.Chat{ID: room, Type: "supergroup", Title: "Editors", Admins: []int64{chief}})
	tg.AddChat(telegramtest.Chat{ID: group, Type: "supergroup", Title: "Readers"})
	tg.AddChat(telegramtest.Chat{ID: reader, Type: "private"})
	n := newNewsroom(t, map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_EDITORS": "telegram:-500",
	})
	me := telegramtest.User{ID: reader, Lang: "fr"}
	tg.Say(me, group, "/velmora")
	briefing := tg.WaitMessages(t, group, 1)[0]
	tg.WaitAnswer(t, tg.Press(me, group, briefing.ID, briefing.Data("Signaler une erreur")))
	prompt := tg.WaitMessages(t, reader, 1)[0]
	if !strings.Contains(prompt.Text, "dans «\u00a0Velmora\u00a0»") || !strings.Contains(prompt.Text, "Répondez à ce message") {
		t.Fatalf("the reader reads %q", prompt.Text)
	}
	n.bot.stop()
	n.start()
	tg.Write(telegramtest.Incoming{From: me, Chat: reader, ReplyTo: prompt.ID, Text: "Le bilan est faux @rumour"})
	thanks := tg.WaitMessages(t, reader, 2)[1]
	if !strings.Contains(thanks.Text, "La rédaction lira ce que vous avez écrit sur «\u00a0Velmora\u00a0»") {
		t.Fatalf("the reader reads %q", thanks.Text)
	}
	card := tg.WaitMessages(t, room, 1)[0]
	if !strings.Contains(card.Text, "Le bilan est faux") || !strings.Contains(card.Text, "Written in French on Telegram") || len(card.Found) > 0 {
		t.Errorf("editors read %q, with %v in it", card.Text, card.Found)
	}
	tg.WaitAnswer(t, tg.Press(me, reader, thanks.ID, thanks.Data("Oui, répondez-moi")))
	card = tg.WaitEdit(t, room, card.ID, 1)
	tg.WaitAnswer(t, tg.Press(telegramtest.User{ID: chief}, room, card.ID, card.Data("Answer")))
	ask := tg.WaitMessages(t, room, 2)[1]
	tg.Write(telegramtest.Incoming{From: telegramtest.User{ID: 8}, Chat: room, ReplyTo: ask.ID, Text: "I am nobody here."})
	if got := tg.WaitMessages(t, room, 3)[2].Text; !strings.Contains(got, "administer") {
		t.Errorf("who administers nothing reads %q", got)
	}
	tg.Write(telegramtest.Incoming{From: telegramtest.User{ID: chief}, Chat: room, ReplyTo: ask.ID, Text: "Merci, c’est corrigé."})
	letter := tg.WaitMessages(t, reader, 3)[2]
	if !strings.Contains(letter.Text, "Merci, c’est corrigé.") || !strings.Contains(letter.Text, "vous avez écrit sur «\u00a0Velmora\u00a0»") {
		t.Errorf("the reader reads %q", letter.Text)
	}
	tg.Wait(t, "the card", func() bool { return strings.Contains(tg.Messages(room)[0].Text, "Answered by User on") })

	for i := range 5 {
		tg.Say(me, reader, "/signaler encore une chose, la numéro "+strings.Repeat("i", i+1))
		tg.WaitMessages(t, reader, 4+i)
	}
	if last := tg.Messages(reader); !strings.Contains(last[len(last)-1].Text, "Vous avez signalé plusieurs choses en un jour") {
		t.Errorf("the sixth within a day: %q", last[len(last)-1].Text)
	}
	list := strings.Split(strings.TrimSpace(n.run("reports", "--json")), "\n")
	if len(list) != 4 || !strings.Contains(list[0], `"state":"open"`) || !strings.Contains(list[0], `"wants_answer":false`) || strings.Contains(list[0], `"42"`) || strings.Contains(list[0], ":42") {
		t.Errorf("the queue is %q", list)
	}
	id := strings.Split(list[0], `"`)[3]
	n.run("reports", "close", id)
	if shown := n.run("reports", "show", id[:5]); !strings.Contains(shown, "closed") || !strings.Contains(shown, "encore une chose") {
		t.Errorf("shown %q", shown)
	}
}
