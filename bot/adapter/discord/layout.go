package discord

import (
	"strconv"
	"strings"

	"griot/commands"
)

// piece is what is never torn apart: a paragraph, an entry, a source. Pieces
// too long for a description are cut before they become one.
type piece struct {
	text string
	size int  // in units
	gap  bool // an empty line stands before it
	keep bool // it stays with what follows: a heading, the label above a list
	pic  *commands.File
}

func newPiece(text string, gap, keep bool) piece {
	text = strings.TrimRight(text, " \n")
	return piece{text: text, size: units(text), gap: gap, keep: keep}
}

// Marks of an entry. A list in an embed needs its mark at the start of a line.
const (
	bullet  = "- "
	quoting = "> "
	rule    = "―――"
)

// lay turns blocks into pieces that fit a description each.
func lay(blocks []commands.Block, lang commands.Labels) []piece {
	var out []piece
	add := func(prefix string, spans []commands.Span, gap, keep bool) {
		out = append(out, fit(prefix, spans, gap, keep)...)
	}
	for i, b := range blocks {
		gap := i > 0 && blocks[i-1].Kind != commands.Heading
		switch b.Kind {
		case commands.Heading:
			add("### ", flat(b.Spans), gap, true)
		case commands.Quote:
			add(quoting, b.Spans, gap, len(b.Entries) > 0)
		case commands.Divider:
			out = append(out, newPiece(rule, gap, false))
		case commands.Picture:
			if b.File != nil {
				out = append(out, piece{pic: b.File})
			}
			add("", b.Spans, gap, false)
		case commands.Fact:
			add("", factSpans(b, lang), gap, len(b.Entries) > 0)
		default:
			add("", b.Spans, gap, len(b.Entries) > 0)
		}
		for j, e := range b.Entries {
			add(bullet, flat(e), gap && j == 0 && b.Kind == commands.List, false)
		}
	}
	return out
}

// factSpans puts the label of a fact before its text.
func factSpans(b commands.Block, lang commands.Labels) []commands.Span {
	label := oneLine(b.Label)
	if label == "" {
		return b.Spans
	}
	spans := []commands.Span{{Kind: commands.Strong, Text: label}}
	if len(b.Spans) > 0 {
		spans = append(spans, commands.Span{Kind: commands.Plain, Text: " – "})
	}
	return append(spans, b.Spans...)
}

// flat takes line ends out of spans that must stay on one line.
func flat(spans []commands.Span) []commands.Span {
	for i, s := range spans {
		if c := clean(s.Text); strings.Contains(c, "\n") {
			out := append([]commands.Span(nil), spans...)
			for j := i; j < len(out); j++ {
				out[j].Text = strings.ReplaceAll(clean(out[j].Text), "\n", " ")
			}
			return out
		}
	}
	return spans
}

// fit writes spans as one piece, or as several where one would be too long.
func fit(prefix string, spans []commands.Span, gap, keep bool) []piece {
	text := prefixed(prefix, spans)
	if strings.TrimSpace(text) == strings.TrimSpace(prefix) {
		return nil
	}
	if p := newPiece(text, gap, keep); p.size <= maxDescription {
		return []piece{p}
	}
	var out []piece
	room := maxDescription - 2*len(prefix)
	if prefix == quoting { // every line of it has the mark
		room = maxDescription / 2
	}
	for i, run := range split(spans, room) {
		out = append(out, newPiece(prefixed(prefix, run), gap && i == 0, false))
	}
	return out
}

func prefixed(prefix string, spans []commands.Span) string {
	text := strings.Trim(write(spans), "\n")
	if prefix == quoting {
		text = strings.ReplaceAll(text, "\n", "\n"+quoting)
	}
	return prefix + strings.TrimLeft(text, " ")
}

// laySources turns the list of sources into pieces; only here are links.
func laySources(sources []commands.Source) []piece {
	var out []piece
	for _, s := range sources {
		out = append(out, newPiece("["+strconv.Itoa(s.N)+"] "+sourceLine(s), false, false))
	}
	return out
}

func sourceLine(s commands.Source) string {
	words := func(t string) string { return escape(clip(oneLine(t), 600), false) }
	title := clip(oneLine(s.Title), 600)
	line := words(s.Publisher)
	if u, ok := linkable(s.URL); ok && len(u) <= 1500 {
		if title == "" {
			title, line = clip(oneLine(s.Publisher), 600), ""
		}
		title = masked(title, s.URL, "↗", false)
	} else {
		title = escape(title, false)
	}
	for _, part := range []string{title, words(s.Date)} {
		if part != "" && line != "" {
			line += ", "
		}
		line += part
	}
	if s.Note != "" {
		line += " (" + words(s.Note) + ")"
	}
	return line
}

// clip shortens text to n units, with an ellipsis where something went.
func clip(s string, n int) string {
	if units(s) <= n {
		return s
	}
	var b strings.Builder
	left := n - 1
	for _, r := range s {
		if left -= units(string(r)); left < 0 {
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ") + "…"
}
