package main

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// clock is the machine's, ahead by as much as a test says.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

// bot is the whole program, running.
type bot struct {
	t         *testing.T
	cancel    context.CancelFunc
	code      chan int
	out, errs *buffer
}

// startBot runs the program with these settings until the test ends or it is stopped.
func startBot(t *testing.T, c *clock, env map[string]string) *bot {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	b := &bot{t: t, cancel: cancel, code: make(chan int, 1), out: newBuffer(), errs: newBuffer()}
	look := func(k string) (string, bool) { v, ok := env[k]; return v, ok }
	go func() {
		b.code <- run(ctx, system{
			args: []string{"--content", testPack}, env: look, stdin: strings.NewReader(""), stdout: b.out, stderr: b.errs, now: c.now,
		})
	}()
	t.Cleanup(func() { b.stop() })
	return b
}

// stop ends the program and returns its exit code, -1 when it was stopped before.
func (b *bot) stop() int {
	b.t.Helper()
	b.cancel()
	select {
	case code, ok := <-b.code:
		if !ok {
			return -1
		}
		close(b.code)
		if strings.Contains(b.errs.String()+b.out.String(), "secret") || strings.Contains(b.errs.String()+b.out.String(), "must_never") {
			b.t.Errorf("a token shows:\n%s%s", b.errs, b.out)
		}
		return code
	case <-time.After(15 * time.Second):
		b.t.Fatalf("still running 15 s after the stop:\n%s", b.errs)
		return -1
	}
}

func TestEndToEndOnDiscord(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	b := startBot(t, new(clock), map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:",
	})
	d.WaitReady()

	answer := d.Slash(discordtest.Ask{Command: "velmora"}).Answer()
	if !strings.Contains(answer.Text(), "President Mara Tolen") || !strings.Contains(answer.Text(), "Lakes Herald") {
		t.Errorf("answer %q, want the briefing with its sources", answer.Text())
	}
	turned := d.Press(discordtest.Ask{}, answer, button(t, answer, "Background")).Answer()
	if turned.ID != answer.ID || turned.Text() == answer.Text() {
		t.Errorf("answer %q, want another section in the same message", turned.Text())
	}
	french := d.Slash(discordtest.Ask{Command: "velmora", Locale: "fr"}).Answer()
	if !strings.Contains(french.Text(), "État au 20 avril 2026") {
		t.Errorf("answer %q, want French for a French client", french.Text())
	}
	if code := b.stop(); code != done {
		t.Errorf("exit code %d after a stop, want 0:\n%s", code, b.errs)
	}
}

func button(t *testing.T, m discordtest.Message, label string) string {
	t.Helper()
	for _, c := range m.Buttons() {
		if c.Label == label {
			return c.CustomID
		}
	}
	t.Fatalf("no button %q in %v", label, m.Buttons())
	return ""
}

func TestEndToEndOnTelegram(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	b := startBot(t, new(clock), map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:",
	})
	reader := telegramtest.User{ID: 42, Lang: "fr"}
	tg.Say(reader, reader.ID, "/velmora")
	answer := tg.WaitMessages(t, reader.ID, 1)[0]
	if !strings.Contains(answer.Text, "État au 20 avril 2026") || !strings.Contains(answer.Text, "Lakes Herald") {
		t.Errorf("answer %q, want the briefing in French with its sources", answer.Text)
	}
	press := answer.Data("Contexte")
	if press == "" {
		t.Fatalf("no button to the background in %v", answer.Rows)
	}
	tg.Press(reader, reader.ID, answer.ID, press)
	if turned := tg.WaitEdit(t, reader.ID, answer.ID, 1); turned.Text == answer.Text {
		t.Errorf("answer %q, want another section", turned.Text)
	}
	if code := b.stop(); code != done {
		t.Errorf("exit code %d after a stop, want 0:\n%s", code, b.errs)
	}
}

func TestTelegramOverAWebhook(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	// The address must be known before the program takes it.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	startBot(t, new(clock), map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:",
		"GRIOT_TELEGRAM_WEBHOOK_URL": "http://" + addr + "/telegram/webhook", "GRIOT_HTTP_ADDR": addr,
	})
	tg.WaitCalls(t, "setWebhook", 1)
	reader := telegramtest.User{ID: 42}
	tg.Say(reader, reader.ID, "/velmora")
	if answer := tg.WaitMessages(t, reader.ID, 1)[0]; !strings.Contains(answer.Text, "President Mara Tolen") {
		t.Errorf("answer %q, want the briefing", answer.Text)
	}
	if n := len(tg.Calls("getUpdates")); n != 0 {
		t.Errorf("%d polls, want none", n)
	}
}

// One platform's refused token is no reason for the other's readers to wait.
func TestRefusedTokenDoesNotStopTheOtherPlatform(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]string{"refused": "1:wrong-secret", "malformed": "wrong-secret"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, tg := discordtest.New(t), telegramtest.New(t)
			b := startBot(t, new(clock), map[string]string{
				"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(),
				"GRIOT_TELEGRAM_TOKEN": wrong, "GRIOT_TELEGRAM_API_URL": tg.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:",
			})
			b.errs.await(t, "GRIOT_TELEGRAM_TOKEN")
			d.WaitReady()
			d.Slash(discordtest.Ask{Command: "help"}).Answer()
			if code := b.stop(); code != done {
				t.Errorf("exit code %d after a stop, want 0", code)
			}
		})
	}
}

func TestRefusedTokenAloneIsAFault(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	b := startBot(t, new(clock), map[string]string{
		"GRIOT_DISCORD_TOKEN": "wrong-secret", "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_DATABASE_URL": "sqlite::memory:",
	})
	b.errs.await(t, "no platform is left")
	if code := b.stop(); code != fault {
		t.Errorf("exit code %d, want 1", code)
	}
	if !strings.Contains(b.errs.String(), "GRIOT_DISCORD_TOKEN") {
		t.Errorf("log without the cure:\n%s", b.errs)
	}
}

func TestDeadHostIsWaitedFor(t *testing.T) {
	t.Parallel()
	b := startBot(t, new(clock), map[string]string{
		"GRIOT_DISCORD_TOKEN": "some-secret", "GRIOT_DISCORD_API_URL": "http://127.0.0.1:1/api/v10", "GRIOT_DATABASE_URL": "sqlite::memory:",
	})
	b.errs.await(t, "connection refused")
	if code := b.stop(); code != done {
		t.Errorf("exit code %d after a stop, want 0: a host that is away may come back", code)
	}
}

func TestDiscordOverHTTP(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	b := startBot(t, new(clock), map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_DISCORD_PUBLIC_KEY": d.PublicKey(),
		"GRIOT_DATABASE_URL": "sqlite::memory:", "GRIOT_HTTP_ADDR": "127.0.0.1:0",
	})
	d.SendOverHTTP("http://" + b.addr() + "/discord/interactions")
	answer := d.Slash(discordtest.Ask{Command: "velmora"}).Answer()
	if !strings.Contains(answer.Text(), "President Mara Tolen") {
		t.Errorf("answer %q, want the briefing", answer.Text())
	}
	if n := len(d.Identifies()); n != 0 {
		t.Errorf("%d sessions on the gateway, want none", n)
	}
}

// addr waits for the address HTTP is served at.
func (b *bot) addr() string {
	b.t.Helper()
	b.errs.await(b.t, "http serves")
	_, rest, _ := strings.Cut(b.errs.String(), "addr=")
	addr, _, _ := strings.Cut(rest, "\n")
	return addr
}

func TestSecondRunOnOneDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	tg := telegramtest.New(t)
	env := map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
		"GRIOT_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "griot.db"),
	}
	startBot(t, new(clock), env)
	tg.WaitCalls(t, "getUpdates", 1)
	second := startBot(t, new(clock), env)
	second.errs.await(t, "another griot")
	if code := second.stop(); code != fault {
		t.Errorf("exit code %d, want 1", code)
	}
}
