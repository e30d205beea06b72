package briefings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What readers read of an item, in words alone: one line for each field,
// paragraph and bullet, without citations and emphasis. It is what two
// revisions of an item are compared by.

func (t *Topic) words(lang Lang) string {
	lines := []string{t.Name.In(lang), t.Line.In(lang)}
	if s := t.NotCovered.In(lang); s != "" {
		lines = append(lines, s)
	}
	for _, s := range t.Sections[lang] {
		for _, b := range s.Blocks {
			lines = append(lines, b.words())
		}
	}
	return strings.Join(lines, "\n")
}

// words is the text of a block, in which citations have left no trace.
func (b Block) words() string {
	text, cited := "", false
	for _, s := range b.Spans {
		if s.Kind == SpanCite {
			text, cited = strings.TrimRight(text, " "), true
			continue
		}
		more := s.Text
		if cited {
			if more = strings.TrimLeft(more, " "); text != "" && begins(more) {
				more = " " + more
			}
		}
		text, cited = text+more, cited && more == ""
	}
	return strings.TrimSpace(text)
}

// begins reports whether a space belongs before a text that follows another.
func begins(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return text != "" && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.In(r, unicode.Ps, unicode.Pi))
}

func (e *Event) words(lang Lang) string {
	date := e.Date.In(lang)
	if !e.End.IsZero() {
		date += " – " + e.End.In(lang)
	}
	lines := []string{e.Title.In(lang), date, e.Fact.In(lang)}
	for _, c := range e.Claims {
		lines = append(lines, c.By.In(lang)+colons[lang]+c.Says.In(lang))
	}
	return strings.Join(lines, "\n")
}

// colons part a label from its text.
var colons = map[Lang]string{EN: ": ", FR: "\u00a0: "}

func (a *Actor) words(lang Lang) string { return a.Name.In(lang) + "\n" + a.Summary.In(lang) }

func (t *Term) words(lang Lang) string { return t.Name.In(lang) + "\n" + t.Definition.In(lang) }

// inEach is a text made of a function of the language.
func inEach(f func(Lang) string) Text { return Text{EN: f(EN), FR: f(FR)} }
