package discord_test

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

	"pgregory.net/rapid"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/briefings"
	"griot/commands"
)

var update = flag.Bool("update", false, "rewrite golden files")

func quiet(t testing.TB) *discord.Adapter {
	t.Helper()
	a, err := discord.New(discord.Options{Token: "x"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	for _, n := range adaptertest.Replies() {
		switch n.Name {
		case "a briefing", "every kind of block", "files", "ten buttons and a select", "hostile text":
		default:
			continue
		}
		t.Run(n.Name, func(t *testing.T) {
			t.Parallel()
			parts, err := quiet(t).Render(commands.Place{}, n.Reply)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			for _, p := range parts {
				if err := json.Indent(&got, p.Body, "", "  "); err != nil {
					t.Fatal(err)
				}
				got.WriteByte('\n')
			}
			file := filepath.Join("testdata", strings.ReplaceAll(n.Name, " ", "-")+".discord.golden")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s changed:\n got %s\nwant %s\nif intended: go test ./bot/adapter/discord -update", file, got.Bytes(), want)
			}
		})
	}
}

// check wants every call of an answer to pass the fake's rules and the
// platform's description; false when the adapter refuses the answer itself.
func check(t testing.TB, spec *discordtest.Spec, a *discord.Adapter, r commands.Reply) bool {
	t.Helper()
	parts, err := a.Render(commands.Place{}, r)
	if errors.Is(err, adapter.ErrPayload) {
		return false
	}
	if err != nil {
		t.Errorf("render: %v", err)
	}
	calls, err := a.Explain(commands.Place{}, r)
	if err != nil {
		t.Errorf("explain: %v", err)
	}
	for i, p := range parts {
		if faults, sins := discordtest.CheckMessage(p.Body, len(p.Files)); len(faults)+len(sins) > 0 {
			t.Errorf("part %d: %v %v", i, faults, sins)
		}
		if spec == nil {
			continue
		}
		if err := spec.Check("POST", "/channels/1/messages", p.Body); err != nil {
			t.Error(err)
		}
		if err := spec.Check(calls[i].Method, calls[i].Path, calls[i].Body); err != nil {
			t.Error(err)
		}
	}
	return true
}

// description loads what Discord publishes about its API, or skips aloud.
func description(t *testing.T) *discordtest.Spec {
	t.Helper()
	spec, err := discordtest.FindSpec()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the platform's description is not at %s: bodies are not checked against it", discordtest.SpecFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestContract(t *testing.T) {
	t.Parallel()
	spec, a := description(t), quiet(t)
	for _, n := range adaptertest.Replies() {
		t.Run(n.Name, func(t *testing.T) {
			t.Parallel()
			n.Reply.Private = true
			check(t, spec, a, n.Reply)
		})
	}
	d := discordtest.New(t)
	if err := discord.Register(t.Context(), newAdapter(t, d), &core{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Calls("PUT", "/applications") {
		if err := spec.Check(c.Method, c.Path, c.Body); err != nil {
			t.Error(err)
		}
	}
	if err := spec.Check("POST", "/channels/1/messages", []byte(`{"embeds":[{"title":"`+strings.Repeat("x", 257)+`"}]}`)); err == nil {
		t.Error("a title of 257 characters passes, want a fault")
	}
}

func TestEveryAnswerFits(t *testing.T) {
	t.Parallel()
	a := quiet(t)
	for _, n := range adaptertest.Replies() {
		check(t, nil, a, n.Reply)
	}
	for _, unit := range []string{")", "(", "1.", "`", "@here", " ", "*", "é", "word ", "A sentence. ", "\n", "“", "[", "x:// ", "🥁", "a`", "e\u0301\u0301"} {
		for _, kind := range []commands.SpanKind{commands.Plain, commands.Strong, commands.Emphasis, commands.Code} {
			long := commands.Span{Kind: kind, Text: "x" + strings.Repeat(unit, 9000/len(unit))}
			for _, block := range []commands.BlockKind{commands.Paragraph, commands.Quote, commands.Heading, commands.Fact, commands.List} {
				r := commands.Reply{Title: unit, Blocks: []commands.Block{{Kind: block, Label: unit, Spans: []commands.Span{long}}}}
				if block == commands.List {
					r.Blocks[0] = commands.Block{Kind: block, Entries: [][]commands.Span{{long}, {long}}}
				}
				if !check(t, nil, a, r) {
					t.Errorf("%s of %q in a %s is refused, want it split", kind, unit, block)
				}
			}
		}
	}
}

func TestSourcesStayTogether(t *testing.T) {
	t.Parallel()
	a := quiet(t)
	r := commands.Reply{Title: "Ferry", Blocks: []commands.Block{{Kind: commands.Paragraph, Spans: []commands.Span{{Text: strings.Repeat("The ferry sails. ", 100)}}}}}
	for n := range 22 {
		r.Sources = append(r.Sources, commands.Source{N: n + 1, Publisher: "Gazette", Title: "Ferry", URL: "https://example.org/" + strings.Repeat("x", 170)})
	}
	list, err := a.Render(commands.Place{}, r)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d messages, %v; want the text in one and the sources in the next", len(list), err)
	}
	if first, last := string(list[0].Body), string(list[1].Body); strings.Contains(first, "[1]") || !strings.Contains(last, "[1] Gazette") || !strings.Contains(last, "[22] Gazette") {
		t.Errorf("the list of sources is torn:\n%s\n%s", first, last)
	}
}

func TestAnyMixFits(t *testing.T) {
	t.Parallel()
	a := quiet(t)
	kinds := []commands.BlockKind{commands.Heading, commands.Paragraph, commands.List, commands.Fact, commands.Quote, commands.Divider, commands.Picture}
	rapid.Check(t, func(rt *rapid.T) {
		r := commands.Reply{Title: "Mix", AsOf: briefings.Date{Year: 2026, Month: 5, Day: 4}}
		for range rapid.IntRange(1, 30).Draw(rt, "blocks") {
			text := []commands.Span{{Text: strings.Repeat("The ferry sails. ", rapid.IntRange(1, 260).Draw(rt, "length"))}, {Kind: commands.Citation, Source: 1}}
			b := commands.Block{Kind: rapid.SampledFrom(kinds).Draw(rt, "kind"), Spans: text}
			switch b.Kind {
			case commands.List:
				b.Spans, b.Entries = nil, [][]commands.Span{text, text[:1]}
			case commands.Picture:
				b.Spans, b.File = nil, &commands.File{Name: "p.png", Alt: "A picture", Data: []byte("x")}
			}
			r.Blocks = append(r.Blocks, b)
		}
		for n := range rapid.IntRange(0, 60).Draw(rt, "sources") {
			r.Sources = append(r.Sources, commands.Source{N: n + 1, Publisher: "Gazette", Title: "Ferry", URL: "https://example.org/" + strings.Repeat("x", n)})
		}
		check(t, nil, a, r)
	})
}

// TestManyPictures: as many as one message has embeds, and files, and more.
func TestManyPictures(t *testing.T) {
	t.Parallel()
	a := quiet(t)
	for n := range 25 {
		r := commands.Reply{Title: "Pictures"}
		for range n + 1 {
			r.Blocks = append(r.Blocks, commands.Block{Kind: commands.Picture, File: &commands.File{Name: "p.png", Alt: "A picture", Data: []byte("x")}})
		}
		check(t, nil, a, r)
	}
}

func TestHeadingStaysWithItsText(t *testing.T) {
	t.Parallel()
	var blocks []commands.Block
	for range 40 {
		blocks = append(blocks, commands.Block{Kind: commands.Heading, Spans: []commands.Span{{Text: "Heading"}}}, say(strings.Repeat("Text of it. ", 30)))
	}
	parts, err := quiet(t).Render(commands.Place{}, commands.Reply{Title: "T", Blocks: blocks})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range parts {
		var m discordtest.Message
		if err := json.Unmarshal(p.Body, &m); err != nil {
			t.Fatal(err)
		}
		for _, e := range m.Embeds {
			if strings.HasSuffix(e.Description, "Heading") {
				t.Errorf("part %d ends with a heading", i)
			}
		}
	}
}

func TestOnlyGoodAddressesAreLinked(t *testing.T) {
	t.Parallel()
	for u, want := range map[string]string{
		"https://example.org/a_(b)?q=1&r=[2]": "(https://example.org/a_%28b%29?q=1&r=%5B2%5D)",
		"https://example.org/a b\n":           "(https://example.org/a%20b)",
		"javascript:alert(1)":                 "",
		"ftp://example.org":                   "",
		"example.org":                         "",
		"":                                    "",
	} {
		r := commands.Reply{Title: "T", Blocks: []commands.Block{say("x")}, Sources: []commands.Source{{N: 1, Publisher: "P", Title: "A [draft] title", URL: u}}}
		parts, err := quiet(t).Render(commands.Place{}, r)
		if err != nil {
			t.Fatal(err)
		}
		text := string(parts[0].Body)
		if want != "" && !strings.Contains(text, want) || want == "" && strings.Contains(text, "](") {
			t.Errorf("%q: %s, want link %q", u, text, want)
		}
	}
}

func TestFrenchSpacesStay(t *testing.T) {
	t.Parallel()
	const words = "Qui\u00a0? « Nous\u202f»\u00a0!"
	r := commands.Reply{
		Lang: briefings.FR, Title: words, Blocks: []commands.Block{say(words), {Kind: commands.Fact, Label: words}},
		Sources: []commands.Source{{N: 1, Publisher: words, Title: words, Date: words}}, Buttons: []commands.Button{{Label: words, Line: "/lake"}},
	}
	parts, err := quiet(t).Render(commands.Place{}, r)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(parts[0].Body), words); n != 7 {
		t.Errorf("%d of 7 texts kept their spaces: %s", n, parts[0].Body)
	}
}
