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
