package main

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

const manageServer = 1 << 5

// TestDigestArrivesOnce subscribes on both platforms, lets time pass, and
// restarts: nobody receives a second copy.
func TestDigestArrivesOnce(t *testing.T) {
	t.Parallel()
	const second = "600000000000000002"
	d, tg, c := discordtest.New(t), telegramtest.New(t), new(clock)
	d.AddChannel(second, discordtest.Guild)
	env := map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(),
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
		"GRIOT_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "griot.db"),
	}
	b := startBot(t, c, env)
	d.WaitReady()
	reader := telegramtest.User{ID: 42}

	subscribe(t, d, discordtest.Channel, c.now().Add(2*time.Hour))
	tg.Say(reader, reader.ID, "/digest subscribe topics:velmora schedule:daily zone:UTC lang:fr time:"+clockTime(c.now().Add(2*time.Hour)))
	if got := tg.WaitMessages(t, reader.ID, 1)[0].Text; !strings.Contains(got, "Velmora") {
		t.Fatalf("answer %q, want the subscription confirmed", got)
	}
	c.pass(2*time.Hour + time.Minute)
	subscribe(t, d, second, c.now().Add(time.Hour)) // wakes the planner, whose clock did not see the time pass
	if got := d.WaitMessages(discordtest.Channel, 2)[1].Text(); !strings.Contains(got, "President Mara Tolen") {
		t.Errorf("digest %q, want the state of affairs at first", got)
	}
	if got := tg.WaitMessages(t, reader.ID, 2)[1].Text; !strings.Contains(got, "20 avril 2026") {
		t.Errorf("digest %q, want it in French", got)
	}

	if code := b.stop(); code != done {
		t.Fatalf("exit code %d:\n%s", code, b.errs)
	}
	c.pass(2 * time.Hour) // the second channel's digest comes due meanwhile, and is caught up
	env["GRIOT_HTTP_ADDR"] = "127.0.0.1:0"
	b = startBot(t, c, env)
	d.WaitMessages(second, 2)
	if got := get(t, "http://"+b.addr()+"/metrics"); !strings.Contains(got, `griot_deliveries{state="sent"}`) {
		t.Error("the metrics do not count the digests sent")
	}
	if n := len(d.Messages(discordtest.Channel)); n != 2 {
		t.Errorf("%d messages in the first channel, want the answer and one digest", n)
	}
	if n := len(tg.Messages(reader.ID)); n != 2 {
		t.Errorf("%d messages to the reader, want the answer and one digest", n)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// subscribe asks for a daily digest in a channel.
func subscribe(t *testing.T, d *discordtest.Server, channel string, at time.Time) {
	t.Helper()
	answer := d.Slash(discordtest.Ask{
		Command: "digest", Sub: "subscribe", Channel: channel, Permissions: manageServer,
		Options: map[string]string{"topics": "velmora", "schedule": "daily", "zone": "UTC", "lang": "en", "time": clockTime(at)},
	}).Answer()
	if !strings.Contains(answer.Text(), "Velmora") {
		t.Fatalf("answer %q, want the subscription confirmed", answer.Text())
	}
}

func clockTime(t time.Time) string { return t.UTC().Format("15:04") }
