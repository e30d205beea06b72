package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/adapter/terminal"
	"griot/briefings"
	"griot/briefings/briefingstest"
	"griot/commands"
	"griot/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// said is a line for every command and subcommand, by the file of its answer.
var said = map[string]string{
	"topic": "/velmora", "section": "/velmora section:figures", "unconfirmed": "/union",
	"timeline": "/timeline topic:velmora", "page": "/timeline page:2", "reversed": "/timeline velmora from:2025 to:2024",
	"ask": "/ask how many soldiers were killed on the bridge of Arden?", "ask-closest": "/ask did the River Front attack the boatmen", "ask-none": "/ask best pancake recipe @everyone <b>**now**</b> \u202e",
	"check": "/check 8 March 2024: Soldiers killed in an attack on the bridge of Arden. Ministry of Defence of Velmora: 120 soldiers were killed.", "check-facts": "/check @everyone <b>**40**</b> soldiers died on the bridge of Arden \u202e",
	"latest": "/latest", "changes": "/changes velmora", "search": "/search truce", "who": "/who RF", "define": "/define levy",
	"sources": "/sources union", "disputed": "/disputed velmora", "settings": "/settings",
	"help": "/help", "help-timeline": "/help timeline", "about": "/about", "privacy": "/privacy", "forget": "/forget", "report": "/report about:velmora",
	"start": "/start", "unknown": "/velmroa",
	"digest": "/digest", "digest-subscribe": "/digest subscribe", "digest-confirm": "/digest subscribe topics:velmora schedule:daily time:07:00 zone:Europe/Paris lang:en confirm:ask",
	"digest-list": "/digest list", "digest-preview": "/digest preview", "digest-why": "/digest why", "digest-edit": "/digest edit",
	"pin": "/pin velmora sections:situation,unknowns", "pins": "/pins", "unpin": "/unpin",
	"digest-pause": "/digest pause", "digest-resume": "/digest resume", "digest-now": "/digest now", "digest-stop": "/digest stop",
}

// longLine is the key of a button's line too long for the button; it hashes the
// subscription's id, which is new every time.
var longLine = regexp.MustCompile(`"#[\w-]{16,}"`)

// TestGoldens shows every command in every language on every platform.
func TestGoldens(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for name, line := range said {
		for _, lang := range briefings.Langs {
			for _, p := range []commands.Platform{commands.Terminal, commands.Discord, commands.Telegram} {
				t.Run(fmt.Sprintf("%s/%s/%s", name, lang, p), func(t *testing.T) {
					t.Parallel()
					a := packApp(t, testPack, briefingstest.Now)
					place := commands.Place{Destination: commands.Destination{Platform: p, Chat: "0"}, Postable: true}
					id := subscribed(t, a, place)
					reply := ask(t, a, place, lang, line)
					file := filepath.Join("testdata", "golden", fmt.Sprintf("%s.%s.%s.golden", name, lang, p))
					got := strings.NewReplacer(id, "ID", version(), "VERSION").Replace(line + "\n\n" + shown(t, p, place, reply))
					golden(t, file, longLine.ReplaceAllString(got, `"#KEY"`))
				})
			}
		}
		covered[strings.Join(strings.Fields(line)[:1], " ")] = true
	}
	for _, cmd := range packApp(t, testPack, briefingstest.Now).core.Table().Offered() {
		if !covered["/"+cmd.Name] {
			t.Errorf("/%s is shown by no golden file", cmd.Name)
		}
	}
}

// packApp is the program over a pack, with a store in memory; nothing runs.
func packApp(t *testing.T, pack string, now time.Time) *app {
	t.Helper()
	return packAppBy(t, pack, func() time.Time { return now })
}

// packAppBy is packApp by a clock.
func packAppBy(t *testing.T, pack string, now func() time.Time) *app {
	t.Helper()
	cfg := inMemory(config.Config{Content: pack})
	a, err := newApp(t.Context(), cfg, system{now: now, env: func(string) (string, bool) { return "", false }}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	for _, p := range []commands.Platform{commands.Discord, commands.Telegram} {
		if a.adapters[p], err = renderer(p); err != nil {
			t.Fatal(err)
		}
	}
	a.adapters[commands.Terminal] = terminal.New(terminal.Options{})
	return a
}

// subscribed gives the place a digest and returns its id.
func subscribed(t *testing.T, a *app, place commands.Place) string {
	t.Helper()
	s, err := a.digests.Check(commands.Subscription{
		To: place.Destination, Topics: []string{"velmora"}, Schedule: "daily 07:00", Zone: "Europe/Paris", Lang: briefings.EN, WhenQuiet: "skip",
	}, a.sys.now())
	if err == nil {
		s, _, err = a.digests.Subscribe(t.Context(), s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// ask answers a line as an administrator of the place gets it.
func ask(t *testing.T, a *app, place commands.Place, lang briefings.Lang, line string) commands.Reply {
	t.Helper()
	r, err := commands.ParseLine(a.core.Table(), line)
	if err != nil {
		return commands.Refusal(a.core.Table(), lang, err)
	}
	r.Place, r.User, r.Lang, r.Now = place, "5", lang, a.sys.now()
	r.Admin = func(context.Context) (bool, error) { return true, nil }
	return a.core.Answer(t.Context(), r)
}

// shown is an answer as the platform's people get it.
func shown(t *testing.T, p commands.Platform, place commands.Place, r commands.Reply) string {
	t.Helper()
	if p == commands.Terminal {
		return terminal.Chat(r)
	}
	calls, err := explain(p, place, r)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range calls {
		var body bytes.Buffer
		if err := json.Indent(&body, c.Body, "", "  "); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n%s\n", c.Method, c.Path, &body)
	}
	return b.String()
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s changed (-want +got):\n%s\nif intended: go test ./bot -run TestGoldens -update", file, d)
	}
}
