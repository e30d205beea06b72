package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// newsroom is a bot with an editors' place, whose content a test changes.
type newsroom struct {
	t      *testing.T
	bot    *bot
	dir    string
	clock  *clock
	env    map[string]string
	reload chan os.Signal
}

func newNewsroom(t *testing.T, env map[string]string) *newsroom {
	t.Helper()
	n := &newsroom{t: t, dir: t.TempDir(), clock: new(clock), env: env, reload: make(chan os.Signal)}
	if err := os.CopyFS(n.dir, os.DirFS(testPack)); err != nil {
		t.Fatal(err)
	}
	env["GRIOT_DATABASE_URL"], env["GRIOT_CONTENT"] = "sqlite:"+filepath.Join(t.TempDir(), "griot.db"), n.dir
	n.start()
	return n
}

func (n *newsroom) start() {
	n.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(n.t.Context()))
	b := &bot{t: n.t, cancel: cancel, code: make(chan int, 1), out: newBuffer(), errs: newBuffer()}
	look := func(k string) (string, bool) { v, ok := n.env[k]; return v, ok }
	go func() {
		b.code <- run(ctx, system{env: look, stdin: strings.NewReader(""), stdout: b.out, stderr: b.errs, now: n.clock.now, reload: n.reload})
	}()
	n.t.Cleanup(func() { b.stop() })
	n.bot = b
	n.reload <- syscall.SIGHUP // it watches its files, and has a copy of them
}

// edit changes a file of the content and has the bot look.
func (n *newsroom) edit(file, old, now string) {
	n.t.Helper()
	path := filepath.Join(n.dir, file)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), old) {
		n.t.Fatalf("%s has no %q: %v", file, old, err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), old, now)), 0o600); err != nil {
		n.t.Fatal(err)
	}
	n.reload <- syscall.SIGHUP
}

// run has the program do something beside the bot.
func (n *newsroom) run(args ...string) string {
	n.t.Helper()
	var out strings.Builder
	look := func(k string) (string, bool) { v, ok := n.env[k]; return v, ok }
	log := newBuffer()
	if code := run(n.t.Context(), system{args: args, env: look, stdin: strings.NewReader(""), stdout: &out, stderr: log, now: n.clock.now}); code != done {
		n.t.Fatalf("griot %v: exit code %d\n%s%s", args, code, &out, log)
	}
	return out.String()
}

// TestEditorsOnDiscord: content that looks wrong is shown at the editors' place;
// an administrator decides there, also after a restart, and all read what was
// decided by whom.
func TestEditorsOnDiscord(t *testing.T) {
	t.Parallel()
	const room = "600000000000000077"
	d := discordtest.New(t)
	d.AddChannel(room, discordtest.Guild)
	n := newNewsroom(t, map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_EDITORS": "discord:" + room,
	})
	d.WaitReady()
	n.edit("events/2024.yaml", "12 sold", "120 sold")
	card := d.WaitMessages(room, 1)[0]
	if text := card.Text(); !strings.Contains(text, "was 12, now 120") || len(card.Buttons()) != 2 {
		t.Fatalf("card %q with %v", text, card.Buttons())
	}
	press := discordtest.Ask{Channel: room, Permissions: manageServer}
	if got := d.Press(discordtest.Ask{Channel: room}, card, button(t, card, "Send")).Answer(); !got.Private() || !strings.Contains(got.Text(), "administer") {
		t.Errorf("who administers nothing reads %q", got.Text())
	}
	n.bot.stop()
	n.start()
	d.WaitReady()
	kept := d.Press(press, card, button(t, card, "Hold")).Answer()
	if text := kept.Text(); kept.ID != card.ID || !strings.Contains(text, "Kept back by someone on") {
		t.Fatalf("after the press %q", text)
	}
	sent := d.Press(press, kept, button(t, kept, "Send after all")).Answer()
	if text := sent.Text(); sent.ID != card.ID || !strings.Contains(text, "Sent by someone on") || len(sent.Buttons()) != 0 {
		t.Fatalf("after the press %q", text)
	}
	n.bot.errs.await(t, "editors decided")
	d.Wait("the content", func() bool {
		_, after, _ := strings.Cut(n.bot.errs.String(), "state=sent")
		return strings.Contains(after, "content loaded")
	})
	if text := d.Slash(discordtest.Ask{Command: "timeline", Options: map[string]string{"event": "2024-03-07-arden-bridge"}}).Answer().Text(); !strings.Contains(text, "120 soldiers") {
		t.Errorf("readers read %q", text)
	}
	if list := slices.DeleteFunc(d.Messages(room), discordtest.Message.Private); len(list) != 1 {
		t.Errorf("%d messages at the editors' place, want one", len(list))
	}
}

// TestEditorsOnTelegram: what is decided at the command line, or by mending the
// files, is told in the card too.
func TestEditorsOnTelegram(t *testing.T) {
	t.Parallel()
	const room, chief = -500, 9
	tg := telegramtest.New(t)
	tg.AddChat(telegramtest.Chat{ID: room, Type: "supergroup", Title: "Editors", Forum: true, Topics: []int64{7}, Admins: []int64{chief}})
	n := newNewsroom(t, map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_EDITORS": "telegram:-500/7",
	})
	tg.Write(telegramtest.Incoming{From: telegramtest.User{ID: chief}, Chat: room, Thread: 7, Topic: true, Text: "/settings lang:fr scope:place"})
	tg.WaitMessages(t, room, 1)
	n.edit("events/2024.yaml", "12 sold", "120 sold")
	card := tg.WaitMessages(t, room, 2)[1]
	if !strings.Contains(card.Text, "avant 12, maintenant 120") || card.Thread != 7 {
		t.Fatalf("card %q in topic %d", card.Text, card.Thread)
	}
	stranger := tg.Press(telegramtest.User{ID: 8}, room, card.ID, card.Data("Envoyer"))
	if q := tg.WaitAnswer(t, stranger); !strings.Contains(q.Text, "administrent") {
		t.Errorf("who administers nothing reads %q", q.Text)
	}
	tg.WaitAnswer(t, tg.Press(telegramtest.User{ID: chief}, room, card.ID, card.Data("Retenir")))
	if got := tg.WaitEdit(t, room, card.ID, 1); !strings.Contains(got.Text, "Retenu par User le") {
		t.Errorf("after the press %q", got.Text)
	}
	n.edit("events/2024.yaml", "120 sold", "12 sold")
	n.edit("events/2024.yaml", "12 sold", "125 sold")
	card = tg.WaitMessages(t, room, 3)[2]
	n.run("content", "release")
	n.clock.pass(time.Minute)
	n.reload <- syscall.SIGHUP
	tg.Wait(t, "the decision", func() bool {
		return strings.Contains(tg.Messages(room)[2].Text, "Envoyé le")
	})
}

// TestEditorsStopWhatGoesOut: a digest comes to the editors' place first, with a
// button that keeps it from everybody else until it is released.
func TestEditorsStopWhatGoesOut(t *testing.T) {
	t.Parallel()
	const room, chief, reader = -500, 9, 42
	d, tg := discordtest.New(t), telegramtest.New(t)
	tg.AddChat(telegramtest.Chat{ID: room, Type: "supergroup", Title: "Editors", Admins: []int64{chief}})
	n := newNewsroom(t, map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(),
		"GRIOT_EDITORS": "telegram:-500", "GRIOT_EDITORS_FIRST": "10m",
	})
	d.WaitReady()
	due := n.clock.now().Add(2 * time.Hour)
	subscribe(t, d, discordtest.Channel, due)
	tg.Say(telegramtest.User{ID: reader}, reader, "/digest subscribe topics:velmora schedule:daily zone:UTC lang:en time:"+clockTime(due))
	tg.WaitMessages(t, reader, 1)
	n.clock.pass(2*time.Hour + time.Minute)
	n.reload <- syscall.SIGHUP // its planner looks
	got := tg.WaitMessages(t, room, 2)
	card := got[len(got)-1]
	if !strings.Contains(got[0].Text, "President Mara Tolen") || !strings.Contains(card.Text, "Waiting: 2") {
		t.Fatalf("editors read %q and %q", got[0].Text, card.Text)
	}
	press := func(label string) telegramtest.Message {
		t.Helper()
		tg.WaitAnswer(t, tg.Press(telegramtest.User{ID: chief}, room, card.ID, card.Data(label)))
		for _, m := range tg.Messages(room) {
			if m.ID == card.ID {
				card = m
			}
		}
		return card
	}
	if got := press("Stop"); !strings.Contains(got.Text, "Stopped by User on") {
		t.Errorf("after the press %q", got.Text)
	}
	n.clock.pass(20 * time.Minute)
	n.reload <- syscall.SIGHUP
	n.reload <- syscall.SIGHUP // the first one was looked into
	if list := n.run("deliveries"); !strings.Contains(list, "held since") || !strings.Contains(list, "2 planned") {
		t.Errorf("the operator reads %q", list)
	}
	if len(d.Messages(discordtest.Channel)) != 1 || len(tg.Messages(reader)) != 1 {
		t.Errorf("readers have %d and %d messages, want none but the answers", len(d.Messages(discordtest.Channel)), len(tg.Messages(reader)))
	}
	if got := press("Send"); !strings.Contains(got.Text, "Released by User on") {
		t.Errorf("after the press %q", got.Text)
	}
	d.WaitMessages(discordtest.Channel, 2)
	tg.WaitMessages(t, reader, 2)
}

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

// TestEditorsMoveOn: when the group where editors decide becomes a supergroup,
// what was shown and what comes are decided there, though the setting has its
// old number still, and the doctor tells the new one.
func TestEditorsMoveOn(t *testing.T) {
	t.Parallel()
	const room, super, chief = -500, -1000500, 9
	tg := telegramtest.New(t)
	tg.AddChat(telegramtest.Chat{ID: room, Type: "group", Title: "Editors"})
	n := newNewsroom(t, map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_EDITORS": "telegram:-500",
	})
	n.edit("events/2024.yaml", "12 sold", "120 sold")
	tg.WaitMessages(t, room, 1)
	tg.Upgrade(room, super, false)
	tg.SetAdmins(super, chief)
	n.edit("events/2024.yaml", "120 sold", "150 sold")
	card := tg.WaitMessages(t, super, 1)[0]
	tg.WaitAnswer(t, tg.Press(telegramtest.User{ID: chief}, super, card.ID, card.Data("Hold")))
	if got := tg.WaitEdit(t, super, card.ID, 1); !strings.Contains(got.Text, "Kept back by User on") {
		t.Errorf("after the press %q", got.Text)
	}
	var out strings.Builder
	look := func(k string) (string, bool) { v, ok := n.env[k]; return v, ok }
	run(t.Context(), system{args: []string{"doctor"}, env: look, stdin: strings.NewReader(""), stdout: &out, stderr: newBuffer(), now: n.clock.now})
	if !strings.Contains(out.String(), "editors' place: telegram:-500") || !strings.Contains(out.String(), "telegram:-1000500") {
		t.Errorf("the doctor says %s", &out)
	}
}
