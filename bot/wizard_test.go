package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

const (
	forum   = int64(-1001234567890)
	topic   = int64(7)
	boss    = int64(501)
	reader  = int64(502)
	inTopic = "611" // a thread of the fake Discord's channel
)

// wizard is a message with buttons on Telegram, pressed in its chat.
type wizard struct {
	t    *testing.T
	tg   *telegramtest.Server
	chat int64
	id   int64
}

func (w wizard) now() telegramtest.Message {
	w.t.Helper()
	for _, m := range w.tg.Messages(w.chat) {
		if m.ID == w.id {
			return m
		}
	}
	w.t.Fatalf("message %d is gone", w.id)
	return telegramtest.Message{}
}

// press presses the button of a label, turning pages for it, and returns the alert.
func (w wizard) press(user int64, label string) string {
	w.t.Helper()
	who := telegramtest.User{ID: user, Lang: "fr"}
	for range 10 {
		m := w.now()
		data, next := m.Data(label), m.Data("Suivant ›")
		if data != "" {
			return w.tg.WaitAnswer(w.t, w.tg.Press(who, w.chat, w.id, data)).Text
		}
		if next == "" {
			break
		}
		w.tg.WaitAnswer(w.t, w.tg.Press(who, w.chat, w.id, next))
	}
	w.t.Fatalf("no button %q under %q: %v", label, w.now().Text, w.now().Rows)
	return ""
}

// TestWizardOnTelegram subscribes a forum's topic by buttons in French, through
// a restart. Only who administers the forum at the time of the press gets on.
func TestWizardOnTelegram(t *testing.T) {
	t.Parallel()
	tg, c := telegramtest.New(t), new(clock)
	tg.AddChat(telegramtest.Chat{ID: forum, Type: "supergroup", Title: "Harbour", Forum: true, Topics: []int64{topic}, Admins: []int64{boss}})
	env := map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
		"GRIOT_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "griot.db"), "GRIOT_HTTP_ADDR": "127.0.0.1:0",
	}
	b := startBot(t, c, env)
	say := func(user int64, line string) {
		tg.Write(telegramtest.Incoming{From: telegramtest.User{ID: user, Lang: "fr"}, Chat: forum, Thread: topic, Topic: true, Text: line})
	}
	say(boss, "/digest subscribe velmora")
	w := wizard{t, tg, forum, tg.WaitMessages(t, forum, 1)[0].ID}
	if m := w.now(); m.Thread != topic || !strings.Contains(m.Text, "À quel rythme") {
		t.Fatalf("the wizard begins with %q in topic %d", m.Text, m.Thread)
	}
	before := w.now()
	if alert := w.press(reader, "Chaque jour"); !strings.Contains(alert, "administrent ce lieu") || w.now().Text != before.Text {
		t.Errorf("a member presses: alert %q, message %q", alert, w.now().Text)
	}
	w.press(boss, "Chaque jour")
	if code := b.stop(); code != done {
		t.Fatalf("exit code %d:\n%s", code, b.errs)
	}
	b = startBot(t, c, env)
	for _, label := range []string{"07:00", "UTC", "Français"} {
		if alert := w.press(boss, label); alert != "" {
			t.Fatalf("%q after a restart: alert %q", label, alert)
		}
	}
	if m := w.now(); !strings.Contains(m.Text, "chaque jour à 07:00 (UTC)") {
		t.Fatalf("it asks to confirm %q", m.Text)
	}
	tg.SetAdmins(forum)
	if alert := w.press(boss, "Confirmer"); !strings.Contains(alert, "administrent ce lieu") {
		t.Errorf("who administers no more confirms: alert %q, message %q", alert, w.now().Text)
	}
	tg.SetAdmins(forum, boss)
	if alert := w.press(boss, "Confirmer"); alert != "" || !strings.Contains(w.now().Text, "Abonnement enregistré") {
		t.Fatalf("confirmed: alert %q, message %q", alert, w.now().Text)
	}
	c.pass(untilSeven(c.now()) + time.Minute)
	say(boss, "/digest edit text_only:yes") // wakes the planner, whose clock did not see the time pass
	digest := tg.WaitMessages(t, forum, 3)[2]
	if m := tg.Messages(forum)[1]; strings.Contains(digest.Text, "Envoi modifié") {
		digest = m
	}
	if digest.Thread != topic || !strings.Contains(digest.Text, "20 avril 2026") {
		t.Errorf("digest %q in topic %d", digest.Text, digest.Thread)
	}
	want := "https://t.me/c/1234567890/7/" + strconv.FormatInt(digest.ID, 10)
	b.sent(1)
	say(reader, "/digest why")
	why := tg.WaitMessages(t, forum, 4)[3]
	if !linked(why, want) || !strings.Contains(why.Text, "arrivé") || !strings.Contains(why.Text, "(UTC)") {
		t.Errorf("why %q with %+v, want a link to %s", why.Text, why.Entities, want)
	}
}

// sent waits until the ledger knows that n messages arrived.
func (b *bot) sent(n int) {
	b.t.Helper()
	url := "http://" + b.addr() + "/metrics"
	look, limit := time.NewTicker(10*time.Millisecond), time.NewTimer(10*time.Second)
	defer look.Stop()
	defer limit.Stop()
	for !strings.Contains(get(b.t, url), fmt.Sprintf("griot_deliveries{state=\"sent\"} %d\n", n)) {
		select {
		case <-look.C:
		case <-limit.C:
			b.t.Fatalf("waited in vain for %d deliveries:\n%s", n, b.errs)
		}
	}
}

// untilSeven is how long it is until 07:00 UTC, which is that in Bamako.
func untilSeven(now time.Time) time.Duration {
	next := now.UTC().Truncate(24 * time.Hour).Add(7 * time.Hour)
	if !next.After(now) {
		next = next.Add(24 * time.Hour)
	}
	return next.Sub(now)
}

func linked(m telegramtest.Message, url string) bool {
	for _, e := range m.Entities {
		if e.URL == url {
			return true
		}
	}
	return false
}

// TestWizardOnDiscord subscribes a thread by buttons in French, through a
// restart. Rights count as they are at the time of the press.
func TestWizardOnDiscord(t *testing.T) {
	t.Parallel()
	d, c := discordtest.New(t), new(clock)
	d.AddThread(inTopic, discordtest.Channel)
	env := map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "griot.db"), "GRIOT_HTTP_ADDR": "127.0.0.1:0",
	}
	b := startBot(t, c, env)
	d.WaitReady()
	moderator := discordtest.Ask{Channel: inTopic, Permissions: 1 << 13, Locale: "fr"}
	member := discordtest.Ask{Channel: inTopic, User: "500000000000000009", Locale: "fr"}
	ask := moderator
	ask.Command, ask.Sub = "digest", "subscribe"
	at := d.Slash(ask).Answer()
	press := func(as discordtest.Ask, label string) discordtest.Message {
		t.Helper()
		for range 10 {
			for _, b := range at.Buttons() {
				if b.Label == label {
					return d.Press(as, at, b.CustomID).Answer()
				}
			}
			at = d.Press(as, at, button(t, at, "Suivant ›")).Answer()
		}
		t.Fatalf("no button %q", label)
		return at
	}
	for _, label := range []string{"Velmora", "Continuer", "Chaque jour"} {
		if got := press(member, label); !strings.Contains(got.Text(), "administrent ce lieu") || !got.Private() {
			t.Errorf("a member presses %q: %q", label, got.Text())
		}
		at = press(moderator, label)
	}
	if code := b.stop(); code != done {
		t.Fatalf("exit code %d:\n%s", code, b.errs)
	}
	d.Wait("the old process to be gone", func() bool { return d.Links() == 0 })
	b = startBot(t, c, env)
	d.WaitReady()
	for _, label := range []string{"07:00", "Africa…", "Bamako", "Français", "Texte seul"} {
		at = press(moderator, label)
	}
	if !strings.Contains(at.Text(), "chaque jour à 07:00 (Africa/Bamako)") || !strings.Contains(at.Text(), "Texte seul") || !at.Private() {
		t.Fatalf("it asks to confirm %q", at.Text())
	}
	confirm := at
	demoted := moderator
	demoted.Permissions = 1 << 11
	if got := press(demoted, "Confirmer"); !strings.Contains(got.Text(), "administrent ce lieu") {
		t.Errorf("who moderates no more confirms: %q", got.Text())
	}
	at = confirm
	if got := press(moderator, "Confirmer"); !strings.Contains(got.Text(), "Abonnement enregistré") {
		t.Fatalf("confirmed: %q", got.Text())
	}
	c.pass(untilSeven(c.now()) + time.Minute)
	ask.Sub, ask.Options = "edit", map[string]string{"quiet_hours": "none"} // wakes the planner
	d.Slash(ask).Answer()
	var digest discordtest.Message
	d.Wait("the digest", func() bool {
		all := d.Messages(inTopic)
		digest = all[len(all)-1]
		return !digest.Private()
	})
	if !strings.Contains(digest.Text(), "20 avril 2026") {
		t.Errorf("digest %q", digest.Text())
	}
	b.sent(1)
	member.Command, member.Sub = "digest", "why"
	want := "https://discord.com/channels/" + discordtest.Guild + "/" + inTopic + "/" + digest.ID
	if why := d.Slash(member).Answer(); !strings.Contains(why.Text(), want) || !why.Private() {
		t.Errorf("why %q, want a link to %s", why.Text(), want)
	}
}
