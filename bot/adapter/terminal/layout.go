package terminal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"griot/commands"
)

// page is an answer laid out in lines, and what may be pressed beneath it.
type page struct {
	Lines   []line   `json:"lines"`
	Choices []choice `json:"choices,omitempty"`
}

// line is one paragraph, entry or heading, however long.
type line struct {
	Kind string `json:"kind,omitempty"` // one of the constants below
	Runs []run  `json:"runs,omitempty"`
}

// The kinds of lines; a gap stands before a heading, a block and the sources.
const (
	titleLine   = "title"
	noteLine    = "note"
	headingLine = "heading"
	bulletLine  = "bullet"
	factLine    = "fact"
	beneathLine = "beneath" // a bullet under a fact
	quoteLine   = "quote"
	ruleLine    = "rule"
	sourceLine  = "source"
	gapLine     = "gap"
)

// run is text of one style: a commands.SpanKind or empty.
type run struct {
	Text  string `json:"text"`
	Style string `json:"style,omitempty"`
}

// choice is a numbered button.
type choice struct {
	Label string `json:"label"`
	Line  string `json:"line,omitempty"`
	URL   string `json:"url,omitempty"`
	On    bool   `json:"on,omitempty"`
}

func layout(r commands.Reply) page {
	var p page
	if r.Title != "" {
		p.add(titleLine, run{Text: clean(r.Title)})
	}
	if s := r.AsOfLine(); s != "" {
		p.add(noteLine, run{Text: s})
	}
	for i, b := range r.Blocks {
		tight := i > 0 && (r.Blocks[i-1].Kind == commands.Heading || b.Kind == commands.List && r.Blocks[i-1].Kind == commands.Paragraph)
		if !tight {
			p.gap()
		}
		p.block(b)
	}
	if len(r.Sources) > 0 {
		p.gap()
		p.add(headingLine, run{Text: commands.Words(r.Lang).Sources})
	}
	for _, s := range r.Sources {
		p.add(sourceLine, run{Text: describe(s)}, run{Text: clean(s.URL), Style: string(commands.Link)})
	}
	if len(r.Files) > 0 {
		p.gap()
	}
	for _, f := range r.Files {
		p.add(bulletLine, run{Text: clean(f.Name) + " (" + clean(f.Type) + ", " + strconv.Itoa(len(f.Data)) + " B)"})
	}
	p.choices(r)
	return p
}

func (p *page) add(kind string, runs ...run) {
	runs = slices.DeleteFunc(runs, func(r run) bool { return r.Text == "" })
	if len(runs) > 0 {
		p.Lines = append(p.Lines, line{kind, runs})
	}
}

// gap ends a block; it is never the first line, and one is enough.
func (p *page) gap() {
	if n := len(p.Lines); n > 0 && p.Lines[n-1].Kind != gapLine {
		p.Lines = append(p.Lines, line{Kind: gapLine})
	}
}

func (p *page) block(b commands.Block) {
	switch b.Kind {
	case commands.Heading:
		p.add(headingLine, spans(b.Spans)...)
	case commands.List:
		p.entries(bulletLine, b.Entries)
	case commands.Fact:
		label := run{Text: clean(b.Label), Style: string(commands.Strong)}
		if b.Label != "" && len(b.Spans) > 0 {
			label.Text += "  "
		}
		p.add(factLine, append([]run{label}, spans(b.Spans)...)...)
		p.entries(beneathLine, b.Entries)
	case commands.Quote:
		p.add(quoteLine, spans(b.Spans)...)
	case commands.Divider:
		p.add(ruleLine, run{Text: "———"})
	case commands.Picture:
		if b.File != nil {
			p.add(noteLine, run{Text: clean(b.File.Name + ": " + b.File.Alt)})
		}
	default:
		p.add("", spans(b.Spans)...)
		p.entries(bulletLine, b.Entries)
	}
}

func (p *page) entries(kind string, entries [][]commands.Span) {
	for _, e := range entries {
		p.add(kind, spans(e)...)
	}
}

func spans(in []commands.Span) []run {
	var out []run
	for _, s := range in {
		switch s.Kind {
		case commands.Citation:
			out = append(out, run{"[" + strconv.Itoa(s.Source) + "]", string(s.Kind)})
		case commands.Plain:
			out = append(out, run{Text: clean(s.Text)})
		default:
			out = append(out, run{clean(s.Text), string(s.Kind)})
		}
	}
	return out
}

// describe writes a source without its address.
func describe(s commands.Source) string {
	text := fmt.Sprintf("[%d] %s", s.N, s.Label())
	if s.URL != "" {
		text += " "
	}
	return clean(text)
}

func (p *page) choices(r commands.Reply) {
	buttons := slices.Clone(r.Buttons)
	slices.SortStableFunc(buttons, func(a, b commands.Button) int { return a.Row - b.Row })
	for _, b := range buttons {
		p.Choices = append(p.Choices, choice{Label: clean(b.Label), Line: b.Line, URL: clean(b.URL)})
	}
	if r.Choices == nil {
		return
	}
	for _, c := range r.Choices.Options {
		p.Choices = append(p.Choices, choice{Label: clean(c.Label), Line: c.Line, On: c.Selected})
	}
}

func files(r commands.Reply) []commands.File {
	out := slices.Clone(r.Files)
	for _, b := range r.Blocks {
		if b.Kind == commands.Picture && b.File != nil {
			out = append(out, *b.File)
		}
	}
	return out
}

// label is how a choice reads: "2 Figures", the one in use in brackets.
func (c choice) label(n int) string {
	text := c.Label
	if c.On {
		text = "(" + text + ")"
	}
	if c.URL != "" {
		text = strings.TrimSpace(text + " " + c.URL)
	}
	return strconv.Itoa(n) + " " + text
}
