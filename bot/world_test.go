package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store"
)

// world is what stands outside the processes and outlives them: both
// platforms, the database, and the clock everybody goes by.
type world struct {
	t        testing.TB
	clock    *clock
	discord  *discordtest.Server
	telegram *telegramtest.Server
	env      map[string]string
	rnd      *rand.Rand
	readers  []addressee
	started  int
	lastDue  time.Time
	left     atomic.Int64 // messages until hit
	hit      chan struct{}
	arrived  atomic.Pointer[func()] // called with every message that arrives
}

// addressee is where a digest goes, and which.
type addressee struct {
	channel string // on Discord
	chat    int64  // on Telegram
	topic   string
	due     time.Time
}

func (p addressee) group() string {
	if p.channel != "" {
		return "discord " + p.topic
	}
	return "telegram " + p.topic
}

// newWorld makes a world whose limits are lifted.
func newWorld(t testing.TB, url string) *world {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	w := &world{
		t: t, clock: new(clock), discord: discordtest.New(t), telegram: telegramtest.New(t),
		rnd: rand.New(rand.NewPCG(seed, 0)), hit: make(chan struct{}, 1),
	}
	w.discord.SetClock(w.clock.now)
	w.discord.Slow(time.Millisecond)
	w.telegram.Slow(time.Millisecond)
	arrived := func() {
		if f := w.arrived.Load(); f != nil {
			(*f)()
		}
		if w.left.Add(-1) == 0 {
			w.hit <- struct{}{}
		}
	}
	w.discord.OnPost(arrived)
	w.telegram.OnSend(arrived)
	w.env = map[string]string{
		"GRIOT_DISCORD_TOKEN": w.discord.Token(), "GRIOT_DISCORD_API_URL": w.discord.URL(), "GRIOT_DISCORD_PER_SECOND": "10000",
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": w.telegram.URL(), "GRIOT_TELEGRAM_PER_SECOND": "10000",
		"GRIOT_DATABASE_URL": url, "GRIOT_CONTENT": longPack(t),
	}
	return w
}

// longPack is the invented pack with a topic more, fog, that no platform takes
// in one message.
func longPack(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(testPack)); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "fr"} {
		var prose strings.Builder
		prose.WriteString("## summary\n\n")
		for i := range 90 {
			fmt.Fprintf(&prose, "- In the bay of number %d the fog was thick in spring, and no boat went out before noon. [@lakes-herald-2024-03-08-arden-bridge]\n", i)
		}
		prose.WriteString("\n## situation\n\nAll is fog. [@lakes-herald-2024-03-08-arden-bridge]\n")
		if err := os.WriteFile(filepath.Join(dir, "topics", "fog."+lang+".md"), []byte(prose.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "topics", "fog.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte("status: draft"), []byte("status: published"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// invite makes places on both platforms that want a topic each day at a time:
// channels on Discord, and on Telegram persons, or groups for a long digest.
func (w *world) invite(n int, topic string, due func(i int) time.Time) {
	for i := range n {
		id := len(w.readers)
		channel, chat := strconv.Itoa(610000000000000000+id), telegramtest.Chat{ID: int64(1000 + id), Type: "private"}
		if topic != "velmora" {
			chat = telegramtest.Chat{ID: -int64(1000 + id), Type: "group", Title: "Group"}
		}
		w.discord.AddChannel(channel, discordtest.Guild)
		w.telegram.AddChat(chat)
		at := due(i)
		w.readers = append(w.readers, addressee{channel: channel, topic: topic, due: at}, addressee{chat: chat.ID, topic: topic, due: at})
		if at.After(w.lastDue) {
			w.lastDue = at
		}
	}
}

// subscribe has the program import what the places want.
func (w *world) subscribe() {
	w.t.Helper()
	var out bytes.Buffer
	rows := csv.NewWriter(&out)
	_ = rows.Write([]string{"platform", "chat", "topics", "schedule", "zone", "lang"})
	for _, p := range w.readers {
		platform, chat := "discord", p.channel
		if p.chat != 0 {
			platform, chat = "telegram", strconv.FormatInt(p.chat, 10)
		}
		_ = rows.Write([]string{platform, chat, p.topic, "daily " + clockTime(p.due), "UTC", "en"})
	}
	rows.Flush()
	look := func(k string) (string, bool) { v, ok := w.env[k]; return v, ok }
	log := newBuffer()
	code := run(w.t.Context(), system{
		args: []string{"subscriptions", "import", "-"}, env: look, stdin: &out, stdout: io.Discard, stderr: log, now: w.clock.now,
	})
	if code != done {
		w.t.Fatalf("exit code %d of the import, want 0:\n%s", code, log)
	}
}

// start starts a process, whose messages on Telegram are told from the others'.
func (w *world) start() *process {
	w.t.Helper()
	w.started++
	name := strconv.Itoa(w.started)
	env := maps.Clone(w.env)
	env["GRIOT_TELEGRAM_API_URL"] = w.telegram.URLFor(name)
	p := startProcess(w.t, time.Duration(w.clock.ahead.Load()), env)
	p.name = name
	return p
}

// after has hit filled when n more messages have arrived.
func (w *world) after(n int) {
	w.left.Store(int64(n))
	select {
	case <-w.hit:
	default:
	}
}

// settle waits until every place was written to and nothing is open any more.
func (w *world) settle(processes ...*process) {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), w.env["GRIOT_DATABASE_URL"], nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	const limit = 8 * time.Minute
	late := time.After(limit)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		states, err := st.States(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		silent := w.silent()
		if silent == 0 && states["planned"]+states["claimed"]+states["started"]+states["retry"] == 0 {
			w.t.Logf("on record: %v", states)
			return
		}
		for _, p := range processes {
			if !p.running() {
				w.t.Fatalf("a process ended by itself:\n%s", p.log)
			}
		}
		select {
		case <-look.C:
		case <-late:
			w.t.Fatalf("after %s %d places have nothing; on record %v\n%s", limit, silent, states, processes[0].log)
		}
	}
}

// silent counts the places that have nothing.
func (w *world) silent() int {
	n := 0
	for _, p := range w.readers {
		if len(w.received(p)) == 0 {
			n++
		}
	}
	return n
}
