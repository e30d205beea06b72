package main

import (
	"io"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"griot/commands"
	"griot/config"
)

// TestREADMEShowsWhatThereIs asks every command line the README shows, with the
// pack that is built in.
func TestREADMEShowsWhatThereIs(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	others := []string{"/healthz", "/readyz", "/metrics", "/discord/interactions", "/telegram/webhook", "/newbot", "/setinline", "/setinlinefeedback"}
	a, err := newApp(t.Context(), inMemory(config.Config{}), system{now: time.Now}, newLog(io.Discard, 0), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	if a.adapters[commands.Telegram], err = renderer(commands.Telegram); err != nil { // something can be pinned there
		t.Fatal(err)
	}
	lines := regexp.MustCompile("[`\"](/[a-z][^`\"\n]*)[`\"]").FindAllStringSubmatch(string(data), -1)
	if len(lines) < 10 {
		t.Fatalf("%d command lines, want those of the README", len(lines))
	}
	for _, m := range lines {
		line := m[1]
		if slices.Contains(others, line) {
			continue
		}
		r, err := commands.ParseLine(a.core.Table(), line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		r.Place = commands.Place{Destination: commands.Destination{Platform: commands.Telegram, Chat: "1"}, Private: true, Postable: true}
		r.Now = time.Now()
		if reply := a.core.Answer(t.Context(), r); reply.Refused {
			t.Errorf("%s is refused: %s", line, reply.Text())
		}
	}
}
