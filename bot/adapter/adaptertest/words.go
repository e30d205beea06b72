package adaptertest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"griot/commands"
)

// checkWords wants the text of r in what was said: the blocks in order, and
// title, sources, buttons and choices anywhere.
func checkWords(said []string, r commands.Reply) error {
	have := words(strings.Join(said, "\n"))
	var want []string
	for _, b := range r.Blocks {
		want = append(want, blockWords(b)...)
	}
	if w := missing(have, want); w != "" {
		return fmt.Errorf("the blocks lose %q, or say it in another order", w)
	}
	for _, text := range besides(r) {
		if w := missing(have, words(text)); w != "" {
			return fmt.Errorf("%q is lost: no %q", text, w)
		}
	}
	all := strings.Join(said, "\n")
	for _, u := range urls(r) {
		if !strings.Contains(all, u) {
			return fmt.Errorf("address %q is lost", u)
		}
	}
	return nil
}

func blockWords(b commands.Block) []string {
	out := words(b.Label)
	out = append(out, spanWords(b.Spans)...)
	for _, e := range b.Entries {
		out = append(out, spanWords(e)...)
	}
	return out
}

func spanWords(spans []commands.Span) []string {
	var s strings.Builder
	for _, sp := range spans {
		s.WriteString(sp.Text)
		if sp.Kind == commands.Citation {
			s.WriteString(" " + strconv.Itoa(sp.Source) + " ")
		}
	}
	return words(s.String())
}

// besides are the texts of r that stand outside its blocks.
func besides(r commands.Reply) []string {
	out := []string{r.Title}
	for _, s := range r.Sources {
		out = append(out, strconv.Itoa(s.N), s.Publisher, s.Title, s.Date, s.Note)
	}
	for _, b := range r.Buttons {
		out = append(out, b.Label)
	}
	if r.Choices != nil {
		for _, o := range r.Choices.Options {
			out = append(out, o.Label)
		}
	}
	return out
}

func urls(r commands.Reply) []string {
	var out []string
	for _, s := range r.Sources {
		if s.URL != "" {
			out = append(out, s.URL)
		}
	}
	for _, b := range r.Buttons {
		if b.URL != "" {
			out = append(out, b.URL)
		}
	}
	return out
}

// words splits s into runs of letters, digits and marks, in lower case.
// Invisible characters fall out first: adapters may strip or insert them.
func words(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
}

// long is the length from which a word may be broken to fit a message.
const long = 40

// missing returns the first of the wanted words that does not follow the ones
// before it in have, or "".
func missing(have, want []string) string {
	at := 0
	for _, w := range want {
		next := find(have[at:], w)
		if next < 0 {
			return w
		}
		at += next
	}
	return ""
}

// find returns the place behind the first occurrence of w in have, whole or, if
// it is long, in pieces that follow each other; -1 when there is none.
func find(have []string, w string) int {
	for i, h := range have {
		if h == w {
			return i + 1
		}
		if len(w) < long || !strings.HasPrefix(w, h) {
			continue
		}
		if n := pieces(have[i:], w); n > 0 {
			return i + n
		}
	}
	return -1
}

// pieces counts the words of have, from the first on, that w breaks into; what
// stands between two messages (a counter, a repeated title) is passed over.
func pieces(have []string, w string) int {
	for i, h := range have {
		if rest, ok := strings.CutPrefix(w, h); ok {
			w = rest
		}
		if w == "" {
			return i + 1
		}
	}
	return 0
}
