package terminal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/briefings"
	"griot/commands"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(*testing.T) adapter.Adapter {
		r, _ := io.Pipe() // never says anything
		return New(Options{In: r, Out: io.Discard})
	})
}

// lakeCore answers every command with what it was asked.
type lakeCore struct{}

func (lakeCore) Table() commands.Table {
	names := func(s string) briefings.Text { return briefings.Same(s) }
	lang := commands.Option{Name: "lang", Names: names("lang"), Choices: []commands.Choice{{Value: "en", Label: names("English")}, {Value: "fr", Label: names("Français")}}}
	return commands.Table{
		{Name: "lake", Names: names("lake"), Options: []commands.Option{
			{Name: "section", Names: names("section"), Choices: []commands.Choice{{Value: "summary", Label: names("Summary")}, {Value: "situation", Label: names("Situation")}}}, lang,
		}},
		{Name: "latest", Names: briefings.Text{EN: "latest", FR: "actualites"}, Options: []commands.Option{{Name: "topic", Names: names("topic"), Complete: func(commands.Request, string) []commands.Choice { return nil }}, {Name: "page", Names: names("page"), Hidden: true}}},
		{Name: "search", Names: names("search"), Options: []commands.Option{{Name: "words", Names: names("words")}}},
		{Name: "digest", Names: names("digest"), Subs: []commands.Command{{Name: "subscribe", Names: names("subscribe"), Options: []commands.Option{lang}}, {Name: "stop", Names: names("stop")}}},
	}
}

func (lakeCore) Answer(_ context.Context, r commands.Request) commands.Reply {
	if r.Option("page") == "9" && r.Option("topic") == "" {
		return commands.Reply{Command: r.Command, Lang: r.Lang, Title: "Which topic?", Prompt: &commands.Prompt{Line: "/latest page:9", Option: "topic"}}
	}
	return commands.Reply{
		Command: r.Command, Lang: r.Lang, Title: "You asked " + r.Line(),
		Buttons: []commands.Button{{Label: "Figures", Line: "/lake section:figures"}, {Label: "Site", URL: "https://example.org"}},
		Choices: &commands.Choices{Options: []commands.LineChoice{{Label: "Situation", Line: "/lake section:situation", Selected: true}}},
	}
}

func (lakeCore) Complete(_ context.Context, _ commands.Request, option, _ string) []commands.Choice {
	if option != "topic" {
		return nil
	}
	return []commands.Choice{{Value: "west bank"}, {Value: "westfall"}, {Value: "north"}}
}

func (lakeCore) Suggest(context.Context, commands.Request, string, int, int) []commands.Suggestion {
	return nil
}

func (lakeCore) Settle(_ context.Context, r commands.Request, locale string) commands.Request {
	if r.Lang = briefings.EN; strings.HasPrefix(locale, "fr") {
		r.Lang = briefings.FR
	}
	return r
}

// pipe runs a conversation and returns what was printed, titles only.
func pipe(t *testing.T, locale string, lines ...string) []string {
	t.Helper()
	var out bytes.Buffer
	a := New(Options{In: strings.NewReader(strings.Join(lines, "\n")), Out: &out, Locale: locale})
	if err := a.Run(t.Context(), lakeCore{}); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for l := range strings.Lines(out.String()) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "1 ") {
			titles = append(titles, l)
		}
	}
	return titles
}

func TestPipeAnswersEachLineInOrder(t *testing.T) {
	t.Parallel()
	got := pipe(t, "", "/lake", "", "  /latest north \r", "1", "3", "2", "lake section:summary", "where do ferries sail", "last")
	want := []string{
		"You asked /lake", "You asked /latest topic:north", "You asked /lake section:figures", "You asked /lake section:situation",
		"https://example.org", "You asked /lake section:summary", `You asked /search words:"where do ferries sail"`, "You asked /search words:last",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// TestWordsThatAreAskedFor are the next line, unless that is a command.
func TestWordsThatAreAskedFor(t *testing.T) {
	t.Parallel()
	got := pipe(t, "", "/latest page:9", "the west bank: now", "/latest page:9", "/lake", "west")
	want := []string{"Which topic?", `You asked /latest topic:"the west bank: now" page:9`, "Which topic?", "You asked /lake", "You asked /search words:west"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUnknownCommandIsRefusedInTheLocalesLanguage(t *testing.T) {
	t.Parallel()
	if got := strings.Join(pipe(t, "fr-FR", "/lac"), "\n"); !strings.Contains(got, "Je ne connais pas") {
		t.Errorf("got %q, want French", got)
	}
	if got := strings.Join(pipe(t, "", "/lac"), "\n"); !strings.Contains(got, "I know no command /lac") {
		t.Errorf("got %q, want English", got)
	}
}

func TestNumbersBeyondTheButtonsAreLookedUp(t *testing.T) {
	t.Parallel()
	got := pipe(t, "", "/lake", "4", "0", "2024")
	want := []string{"You asked /lake", "You asked /search words:4", "You asked /search words:0", "You asked /search words:2024"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestEndlessLineIsAnsweredKindly(t *testing.T) {
	t.Parallel()
	got := strings.Join(pipe(t, "", "/lake "+strings.Repeat("x", 5<<20), "/latest"), "\n")
	if !strings.Contains(got, "too long") || !strings.Contains(got, "You asked /latest") {
		t.Errorf("got %.300q, want a kind sentence and the next answer", got)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	in, feed := io.Pipe()
	out := make(chan string, 8)
	a := New(Options{In: in, Out: writerFunc(func(b []byte) (int, error) { out <- string(b); return len(b), nil })})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, lakeCore{}) }()
	if _, err := feed.Write([]byte("/lake\n")); err != nil {
		t.Fatal(err)
	}
	<-out
	cancel()
	if err := <-done; err != nil {
		t.Errorf("error %v, want nil", err)
	}
	_ = feed.Close()
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestAnswerReadsWell(t *testing.T) {
	t.Parallel()
	r := adaptertest.Replies()[0].Reply
	want := `Le lac
État au 4 mai 2026

Résumé
Le port a rouvert le 4 mai.[1] Les bateliers parlent de « deux semaines ».[2]

Situation
• Trois bacs sur cinq naviguent.[1]
• Le tarif est contesté : 500 ou 750.[2][3]

Sources
[1] Lake Gazette, Ferry number 1 returns to the harbour, 4 May 2026 https://example.org/news/1?a=b&c=d
[2] Lake Gazette, Ferry number 2 returns to the harbour, 4 May 2026 https://example.org/news/2?a=b&c=d
[3] Radio du Port, Journal de midi (non confirmé)

1 Contexte  2 Chronologie  3 English
`
	if diff := cmp.Diff(want, Chat(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNothingSteersTheTerminal(t *testing.T) {
	t.Parallel()
	for _, n := range adaptertest.Replies() {
		for _, on := range []paper{{}, {width: 60}} {
			for i, r := range layout(n.Reply).text(on) {
				if r != '\n' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f') {
					t.Fatalf("%s: %q at %d", n.Name, r, i)
				}
			}
		}
	}
	if got := pipe(t, "", "/lake section:\x1b[2J\u202ered\x07"); !cmp.Equal(got, []string{"You asked /lake section:[2Jred"}) {
		t.Errorf("got %q, want the control characters gone", got)
	}
}

func FuzzWrap(f *testing.F) {
	for _, s := range adaptertest.Hostile() {
		f.Add(s, "more words", 40)
	}
	f.Fuzz(func(t *testing.T, one, two string, wide int) {
		one, two = clean(one), clean(two)
		on := paper{width: 20 + abs(wide)%100, colour: true}
		got := wrap([]piece{{text: one, style: bold}, {text: two, style: dim}}, "• ", "  ", on)
		got = strings.NewReplacer(bold, "", dim, "", reset, "").Replace(got)
		words := func(s string) []string {
			return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' })
		}
		if diff := cmp.Diff(words("• "+one+two), words(got)); diff != "" {
			t.Fatalf("words lost or changed (-want +got):\n%s", diff)
		}
		for row := range strings.SplitSeq(got, "\n") {
			if width(row) > on.width && len(words(strings.TrimPrefix(row, "• "))) > 1 {
				t.Fatalf("row of %d cells on %d: %q", width(row), on.width, row)
			}
		}
	})
}

func abs(n int) int { return int(uint(n) >> 1) }

func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ head, want string }{
		{"", "/lake /latest /search /digest"},
		{"/la", "/lake /latest"},
		{"la", "/lake /latest"},
		{"/lat", "/latest"},
		{"/xyz", ""},
		{"/lake ", "summary situation section: lang:"},
		{"/lake s", "summary situation section:"},
		{"/lake section:si", "section:situation"},
		{"/lake section:situation ", "lang:"},
		{"/lake section:situation lang:", "lang:en lang:fr"},
		{"/lake nothing:x", ""},
		{"/latest we", `"west bank" westfall`},
		{`/latest topic:"west b`, `topic:"west bank"`},
		{"/digest ", "subscribe stop"},
		{"/digest su", "subscribe"},
		{"/digest subscribe lang:f", "lang:fr"},
		{"/xyz s", ""},
	} {
		t.Run(tc.head, func(t *testing.T) {
			t.Parallel()
			_, words := candidates(t.Context(), lakeCore{}, commands.Request{Lang: briefings.EN}, tc.head)
			if got := strings.Join(words, " "); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestCompletionFillsIn(t *testing.T) {
	t.Parallel()
	a := New(Options{In: strings.NewReader(""), Out: io.Discard})
	for _, tc := range []struct{ line, want string }{
		{"/dig", "/digest "}, {"/l", "/la"}, {"/lake section:si", "/lake section:situation "}, {"/latest we", "/latest we"},
	} {
		got, pos := a.complete(t.Context(), lakeCore{}, io.Discard, tc.line, len(tc.line))
		if got != tc.want || pos != len(tc.want) {
			t.Errorf("%q becomes %q at %d, want %q", tc.line, got, pos, tc.want)
		}
	}
}

func ExampleChat() {
	fmt.Print(Chat(commands.Reply{Title: "Ferries", Buttons: []commands.Button{{Label: "More", Line: "/ferries page:2"}}}))
	// Output:
	// Ferries
	//
	// 1 More
}
