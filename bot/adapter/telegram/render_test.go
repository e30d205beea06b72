package telegram_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func newRenderer(tb testing.TB) *telegram.Adapter {
	tb.Helper()
	a, err := telegram.New(telegram.Options{Token: adaptertest.Token})
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	a := newRenderer(t)
	for _, n := range adaptertest.Replies() {
		switch n.Name {
		case "a briefing", "every kind of block", "files", "fifty sources", "ten buttons and a select", "hostile text":
		default:
			continue
		}
		t.Run(n.Name, func(t *testing.T) {
			t.Parallel()
			calls, err := a.Explain(commands.Place{Destination: commands.Destination{Thread: "7"}}, n.Reply)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			for _, c := range calls {
				if err := enc.Encode(c); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join("testdata", strings.ReplaceAll(n.Name, " ", "-")+".telegram.golden")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s changed (-want +got):\n%s\nif intended: go test ./bot/adapter/telegram -update", file, diff)
			}
		})
	}
}

// sentence is one call's body as far as the laws below look at it.
type sentence struct {
	Text     string                `json:"text"`
	Entities []telegramtest.Entity `json:"entities"`
	Markup   struct {
		Rows [][]telegramtest.Button `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

// lawful says which law of the platform, or promise of ours, a call breaks.
func lawful(c adapter.Call) (sentence, string) {
	var s sentence
	if err := json.Unmarshal(c.Body, &s); err != nil {
		return s, err.Error()
	}
	if why := telegramtest.CheckText(s.Text, s.Entities, telegramtest.MaxText); why != "" {
		return s, why
	}
	if strings.TrimSpace(s.Text) != s.Text {
		return s, "white space at an end, which Telegram takes off"
	}
	for _, e := range telegramtest.Detect(s.Text, s.Entities) {
		if e.Type != "bot_command" {
			return s, "Telegram finds a " + e.Type
		}
	}
	for _, row := range s.Markup.Rows {
		for _, b := range row {
			if len(b.Data) > 64 {
				return s, "button data too long"
			}
		}
	}
	return s, ""
}

func FuzzExplain(f *testing.F) {
	for _, s := range adaptertest.Hostile() {
		f.Add(s, s, 1)
	}
	f.Add("@", "name", 3)
	f.Add("see exam", "ple.com and 10.0.0.1 and tg://x #tag $USD a@b.cd", 500)
	f.Add("Nothing ends here ", strings.Repeat("x", 5000), 2)
	a := newRenderer(f)
	f.Fuzz(func(t *testing.T, one, two string, n int) {
		n = max(0, min(n, 120, 100_000/(len(one)+len(two)+1)))
		spans := []commands.Span{
			{Kind: commands.Plain, Text: one},
			{Kind: commands.Strong, Text: two},
			{Kind: commands.Citation, Source: 1},
			{Kind: commands.Emphasis, Text: one},
			{Kind: commands.Code, Text: two},
			{Kind: commands.Link, Text: one, URL: "https://example.org/x"},
			{Text: two},
		}
		long := []commands.Span{{Text: strings.Repeat(one+two, n*100/(len(one)+len(two)+1))}}
		for i := range n % 150 {
			long = append(long, spans[i%len(spans)])
		}
		r := commands.Reply{Title: two, Lang: "fr", Sources: []commands.Source{{N: 1, Publisher: one, Title: two, URL: "https://example.org/" + strings.Repeat("a", n)}}}
		for _, kind := range []commands.BlockKind{commands.Heading, commands.Paragraph, commands.Fact, commands.Quote, commands.List} {
			r.Blocks = append(r.Blocks, commands.Block{Kind: kind, Label: one, Spans: long, Entries: [][]commands.Span{spans, long}})
		}
		calls, err := a.Explain(commands.Place{}, r)
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		for i, c := range calls {
			if s, why := lawful(c); why != "" {
				t.Fatalf("call %d of %d: %s: %q %v", i+1, len(calls), why, s.Text, s.Entities)
			}
		}
	})
}

// TestContract holds what we send against the machine-readable specification.
func TestContract(t *testing.T) {
	t.Parallel()
	spec, err := telegramtest.FindSpec()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the platform's description is not at %s: bodies are not checked against it", telegramtest.SpecFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	a := newRenderer(t)
	place := commands.Place{Destination: commands.Destination{Platform: commands.Telegram, Chat: "-1001", Thread: "7"}}
	for _, n := range adaptertest.Replies() {
		calls, err := a.Explain(place, n.Reply)
		if err != nil {
			continue // the suite of promises judges that
		}
		for _, c := range calls {
			if err := spec.Check(c.Path, c.Body); err != nil {
				t.Errorf("%s: %v", n.Name, err)
			}
		}
	}
	if spec.Check("/sendMessage", []byte(`{"chat_id":0}`)) == nil {
		t.Error("a message without text passes, want a fault")
	}
}
