package terminal

import (
	"strings"
	"unicode/utf8"

	"griot/commands"
)

// paper is what a page is printed on.
type paper struct {
	width  int // in cells; 0 for endless lines
	colour bool
}

// The escape sequences used; all but the last begin a style.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	under = "\x1b[4m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

// text prints the page. Colours go on last, as escapes around the words, so
// that they are never measured.
func (p page) text(on paper) string {
	var b strings.Builder
	for _, l := range p.Lines {
		b.WriteString(l.text(on) + "\n")
	}
	if len(p.Choices) > 0 {
		if len(p.Lines) > 0 {
			b.WriteString("\n")
		}
		var words []piece
		for i, c := range p.Choices {
			style := cyan
			if c.On {
				style = bold
			}
			words = append(words, piece{c.label(i + 1), style, true}, piece{text: "  "})
		}
		b.WriteString(wrap(words[:len(words)-1], "", "", on) + "\n")
	}
	return b.String()
}

// indents are what stands before the first and the further rows of a line.
var indents = map[string][2]string{
	bulletLine:  {"• ", "  "},
	factLine:    {"• ", "  "},
	beneathLine: {"    – ", "      "},
	quoteLine:   {"│ ", "│ "},
	sourceLine:  {"", "    "},
}

func (l line) text(on paper) string {
	var words []piece
	for _, r := range l.Runs {
		words = append(words, piece{text: r.Text, style: r.style(l.Kind)})
	}
	in := indents[l.Kind]
	return wrap(words, in[0], in[1], on)
}

func (r run) style(kind string) string {
	switch {
	case kind == titleLine || kind == headingLine:
		return bold
	case kind == noteLine || kind == ruleLine:
		return dim
	}
	switch commands.SpanKind(r.Style) {
	case commands.Strong:
		return bold
	case commands.Emphasis:
		return under
	case commands.Code:
		return cyan
	case commands.Citation, commands.Link:
		return dim
	}
	return ""
}

// piece is text with the escape that begins its style, or none.
type piece struct {
	text, style string
	whole       bool // not broken at its spaces
}

// wrap joins pieces and breaks them at spaces where the paper ends. A word
// wider than the paper stands on a row of its own: the terminal breaks it.
func wrap(pieces []piece, first, further string, on paper) string {
	w := wrapper{on: on, further: further}
	w.out.WriteString(first)
	w.col = width(first)
	w.start = w.col
	for _, p := range pieces {
		w.style = ""
		if on.colour {
			w.style = p.style
		}
		for text := p.text; text != ""; {
			i := strings.IndexByte(text, ' ')
			if i < 0 || p.whole {
				w.word.WriteString(w.styled(text))
				w.wide += width(text)
				break
			}
			w.word.WriteString(w.styled(text[:i]))
			w.wide += width(text[:i])
			w.flush()
			w.spaces++
			text = text[i+1:]
		}
	}
	w.flush()
	return w.out.String()
}

type wrapper struct {
	on      paper
	further string
	out     strings.Builder
	word    strings.Builder // the word being read, styled; it may come from several pieces
	wide    int             // cells of word
	spaces  int             // spaces between out and word
	col     int             // cells used in the row
	start   int             // cells of the row's indent
	style   string
}

func (w *wrapper) styled(s string) string {
	if w.style == "" || s == "" {
		return s
	}
	return w.style + s + reset
}

// flush sets the word down, on a new row when it does not fit.
func (w *wrapper) flush() {
	if w.wide == 0 && w.word.Len() == 0 {
		return
	}
	if w.on.width > 0 && w.col > w.start && w.col+w.spaces+w.wide > w.on.width {
		w.out.WriteString("\n" + w.further)
		w.col = width(w.further)
		w.start = w.col
	} else {
		w.out.WriteString(strings.Repeat(" ", w.spaces))
		w.col += w.spaces
	}
	w.out.WriteString(w.word.String())
	w.col += w.wide
	w.word.Reset()
	w.wide, w.spaces = 0, 0
}

// width counts the cells s takes: marks none, East Asian letters and pictures two.
func width(s string) int {
	if len(s) == utf8.RuneCountInString(s) {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}
