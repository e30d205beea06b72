package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

func plain(s string) Span { return Span{Kind: Plain, Text: s} }

func strong(s string) Span { return Span{Kind: Strong, Text: s} }

func para(spans ...Span) Block { return Block{Kind: Paragraph, Spans: spans} }

func heading(s string) Block { return Block{Kind: Heading, Spans: []Span{plain(s)}} }

// remark is a sentence of ours about the answer, told apart from the content.
func remark(s string) Block { return para(Span{Kind: Emphasis, Text: s}) }

// composer puts an answer together and numbers its sources as they come up.
type composer struct {
	*view
	lang    briefings.Lang
	reply   Reply
	numbers map[string]int
	news    int                   // changes shown so far
	full    map[briefings.ID]bool // those to show in full; nil: the first ones
}

func (v *view) compose(r Request, title string) *composer {
	return &composer{view: v, lang: r.Lang, numbers: map[string]int{}, reply: Reply{Title: title}}
}

func (w *composer) add(blocks ...Block) { w.reply.Blocks = append(w.reply.Blocks, blocks...) }

func (w *composer) item(ids ...briefings.ID) {
	for _, id := range ids {
		if !slices.Contains(w.reply.Items, id) {
			w.reply.Items = append(w.reply.Items, id)
		}
	}
}

func (w *composer) say(t briefings.Text) string { return t.In(w.lang) }

// number returns the place of a source in the list, 0 for one the pack does not have.
func (w *composer) number(slug string) int {
	if n, ok := w.numbers[slug]; ok {
		return n
	}
	s := w.x.Source(slug)
	if s == nil {
		return 0
	}
	n := len(w.reply.Sources) + 1
	w.numbers[slug] = n
	w.reply.Sources = append(w.reply.Sources, Source{
		ID: briefings.MakeID(briefings.KindSource, slug), N: n, Publisher: s.Publisher, Title: s.Title,
		URL: w.link(s.URL), Date: s.Date.In(w.lang), Note: w.note(s),
	})
	return n
}

// note says what a reader should know of a source: whom it speaks for, that it
// is weak, that it repeats another.
func (w *composer) note(s *briefings.Source) string {
	var notes []string
	if voice := w.say(w.x.Pack().Publishes(s)); voice != "" {
		notes = append(notes, voice)
	} else if s.Kind == briefings.StateMedia {
		notes = append(notes, Words(w.lang).StateMedia)
	}
	if s.Grade == briefings.GradeC {
		notes = append(notes, Words(w.lang).Unconfirmed)
	}
	if o := w.x.Source(s.Repeats); o != nil {
		notes = append(notes, w.say(repeats(o)))
	}
	return strings.Join(notes, ", ")
}

// repeats says that a source repeats another.
func repeats(o *briefings.Source) briefings.Text {
	return both("repeats %s", "reprend %s", o.Publisher)
}

// cite ends a sentence with its sources, and with the mark of those that are all
// weak or all speak for a side.
func (w *composer) cite(spans []Span, sources ...string) []Span {
	return w.citeAfter("", spans, sources...)
}

// citeAfter is cite where readers have read already for whom a source speaks.
func (w *composer) citeAfter(said string, spans []Span, sources ...string) []Span {
	if n := len(spans); n > 0 && spans[n-1].Kind != Citation {
		spans = append(spans, plain(" "))
	}
	for _, slug := range sources {
		spans = append(spans, w.citation(slug)...)
	}
	var marks []string
	for _, voice := range w.x.Voices(sources) {
		if mark := w.say(voice); mark != said {
			marks = append(marks, mark)
		}
	}
	if w.x.Unconfirmed(sources) {
		marks = append(marks, Words(w.lang).Unconfirmed)
	}
	if len(marks) > 0 {
		spans = append(spans, Span{Kind: Emphasis, Text: " (" + strings.Join(marks, ", ") + ")"})
	}
	return spans
}

// citation is one source's number, or nothing for one the pack does not have.
func (w *composer) citation(slug string) []Span {
	if n := w.number(slug); n > 0 {
		return []Span{{Kind: Citation, Source: n}}
	}
	return nil
}

// prose lays a section's blocks out; bullets that follow each other are one list.
func (w *composer) prose(blocks []briefings.Block) {
	for _, b := range blocks {
		spans := w.spans(b.Spans)
		n := len(w.reply.Blocks)
		switch {
		case !b.Bullet:
			w.add(para(spans...))
		case n > 0 && w.reply.Blocks[n-1].Kind == List:
			w.reply.Blocks[n-1].Entries = append(w.reply.Blocks[n-1].Entries, spans)
		default:
			w.add(Block{Kind: List, Entries: [][]Span{spans}})
		}
	}
}

var kinds = map[briefings.SpanKind]SpanKind{
	briefings.SpanStrong: Strong, briefings.SpanEmphasis: Emphasis, briefings.SpanCode: Code,
}

func (w *composer) spans(in []briefings.Span) []Span {
	var out []Span
	for i, s := range in {
		if s.Kind == briefings.SpanCite {
			trimEnd(out)
			out = w.cite(out, s.Cites...)
			continue
		}
		text := s.Text
		if i > 0 && in[i-1].Kind == briefings.SpanCite {
			text = afterCite(text)
		}
		kind, ok := kinds[s.Kind]
		if !ok {
			kind = Plain
		}
		if text != "" {
			out = append(out, Span{Kind: kind, Text: text})
		}
	}
	return out
}

// afterCite puts one space between a citation and a word, none before a full stop.
func afterCite(text string) string {
	before := text
	if text = strings.TrimLeft(text, " "); text == "" && before != "" {
		return " " // between a citation and, say, a name that is a link
	}
	if text == "" || strings.ContainsAny(text[:1], ".,;:!?)") || strings.HasPrefix(text, "\u00a0") || strings.HasPrefix(text, "…") {
		return text
	}
	return " " + text
}

func trimEnd(spans []Span) {
	if n := len(spans); n > 0 {
		spans[n-1].Text = strings.TrimRight(spans[n-1].Text, " ")
	}
}

// event shows an event: its fact, then what each side says, then its corrections.
func (w *composer) event(e *briefings.Event) Block {
	spans := w.cite([]Span{strong(w.say(e.Title)), plain(". " + w.say(e.Fact))}, e.Sources...)
	if e.Confidence == briefings.Low && !w.x.Unconfirmed(e.Sources) {
		spans = append(spans, Span{Kind: Emphasis, Text: " (" + w.say(lowConfidence) + ")"})
	}
	b := Block{Kind: Fact, Label: w.when(e), Spans: spans}
	for _, cl := range e.Claims {
		b.Entries = append(b.Entries, w.claim(cl))
	}
	b.Entries = append(b.Entries, w.corrections(e.Corrections, e.Sources)...)
	w.item(e.ID())
	return b
}

var lowConfidence = both("low confidence", "fiabilité faible")

// claim is what somebody says, with who it is and whom they speak for.
func (w *composer) claim(cl briefings.Claim) []Span {
	spans, voice := []Span{strong(w.say(cl.By))}, w.say(w.x.Pack().Speaks(cl))
	if voice != "" {
		spans = append(spans, Span{Kind: Emphasis, Text: " (" + voice + ")"})
	}
	return w.citeAfter(voice, append(spans, plain(Words(w.lang).colon+w.say(cl.Says))), cl.Sources...)
}

// corrections tells what an item said before, newest first.
func (w *composer) corrections(list []briefings.Correction, sources []string) [][]Span {
	var out [][]Span
	for i := len(list) - 1; i >= 0; i-- {
		c := list[i]
		s := w.say(both("Corrected on %s. Before: %s Now: %s", "Corrigé le %s. Avant : %s Maintenant : %s", inWords(c.Date), c.Was, c.Now))
		if w.say(c.Why) != "" {
			s += w.say(both(" Why: %s", " Motif : %s", c.Why))
		}
		out = append(out, w.cite([]Span{plain(s)}, sources...))
	}
	return out
}

func (w *composer) when(e *briefings.Event) string { return e.When(w.lang) }

// mention is an event in one line, for lists beneath other things.
func (w *composer) mention(e *briefings.Event) []Span {
	w.item(e.ID())
	return w.cite([]Span{plain(w.when(e) + Words(w.lang).colon + w.say(e.Title) + ".")}, e.Sources...)
}
