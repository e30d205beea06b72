package briefings

import "strings"

// Excerpt is a part of an item that fits a question, verbatim.
type Excerpt struct {
	ID    ID   // of the item; of a topic with its section
	Block int  // paragraph or bullet of the section, from 0
	Claim int  // number of the event's claim that fits best, from 1; 0 where its fact does
	Date  Date // of the event, or as-of of the topic; zero for cards
	// Text is the sentence or claim that fits best; of a claim what is said,
	// without who says it.
	Text string
	Lang Lang // of Text
	// Sources are the slugs of what the text rests on.
	Sources []string
	Score   float64
	// Coverage is how much of what the question wants the text has, together
	// with its item's title and date, from 0 to 1: rare words weigh most.
	Coverage float64
}

// unit is a sentence of a document, or a claim of an event.
type unit struct {
	text    string
	by      string // who claims it
	claim   int    // from 1, or 0
	sources []string
}

// units cuts a document into what can be quoted, in the order of the text.
func (x *Index) units(d *document, lang Lang) []unit {
	var out []unit
	cut := func(text string, sources []string) {
		for _, sentence := range Sentences(text) {
			out = append(out, unit{text: sentence, sources: sources})
		}
	}
	switch {
	case d.event != nil:
		cut(d.event.Fact.In(lang), d.event.Sources)
		for i, c := range d.event.Claims {
			out = append(out, unit{c.Says.In(lang), c.By.In(lang), i + 1, c.Sources})
		}
	case d.topic != nil:
		if b := d.prose(lang); b != nil {
			cut(b.words(), b.cites())
		}
	case d.id.Kind() == KindActor:
		cut(x.actors[d.id.Slug()].Summary.In(lang), x.actors[d.id.Slug()].Sources)
	case d.id.Kind() == KindTerm:
		cut(x.terms[d.id.Slug()].Definition.In(lang), x.terms[d.id.Slug()].Sources)
	}
	return out
}

// prose is the paragraph or bullet that a document is, or nil.
func (d *document) prose(lang Lang) *Block {
	s := d.topic.Section(lang, SectionKind(d.id.Part()))
	if s == nil || int(d.block) >= len(s.Blocks) {
		return nil
	}
	return &s.Blocks[d.block]
}

func (b *Block) cites() []string {
	var out []string
	for _, sp := range b.Spans {
		out = append(out, sp.Cites...)
	}
	return out
}

// fit finds the unit of a candidate that has most of what is wanted.
func (s *search) fit(x *Index, u *understood, c *candidate) {
	d := &s.docs[c.doc]
	l := s.langs[u.lang]
	title := x.tokensIn(d.title.In(u.lang), l)
	all, most := 0.0, -1.0
	for i := range u.wants {
		all += u.wants[i].idf
	}
	for _, un := range x.units(d, u.lang) {
		words := x.tokensIn(un.by+". "+un.text, l)
		has, wants := 0.0, 0
		for i := range u.wants {
			share := u.wants[i].within(c.doc, title, words)
			has += u.wants[i].idf * share
			if share > 0 {
				wants++
			}
		}
		if has > most {
			c.unit, c.wants, most = un, wants, has
		}
	}
	if all > 0 {
		c.coverage = max(most, 0) / all
	}
}

// aboutShare is how much of a name a unit has whose document is only about it.
const aboutShare = 0.5

// within says how much of what is wanted a unit of a document has, from 0 to 1.
func (w *want) within(doc int32, title, words map[int32]bool) float64 {
	best := 0.0
	for _, f := range w.forms {
		value := 0.0
		switch {
		case title[f.number] || words[f.number]:
			value = f.weight
		case w.kind == wantDate && f.lexicon.text.has(f.number, doc):
			value = f.weight
		case w.kind == wantName && f.lexicon.text.has(f.number, doc):
			value = aboutShare * f.weight
		}
		best = max(best, value)
	}
	if len(w.parts) == 0 {
		return best
	}
	n := 0
	for i := range w.parts {
		if w.parts[i].within(doc, title, words) > 0 {
			n++
		}
	}
	return max(best, float64(n)/float64(len(w.parts)))
}

// tokensIn returns the stems and names of a text, as the lexicon has them.
func (x *Index) tokensIn(text string, l *lexicon) map[int32]bool {
	folded := Fold(text)
	out := l.stemsIn(folded)
	x.namedIn(folded, text, func(token string) {
		if n := l.known(token); n >= 0 {
			out[n] = true
		}
	})
	return out
}

// stemsIn returns the stems of a folded text that documents have.
func (l *lexicon) stemsIn(folded string) map[int32]bool {
	out := map[int32]bool{}
	for w := range strings.FieldsSeq(folded) {
		if n, ok := l.forms[w]; ok && n >= 0 {
			out[n] = true
		}
	}
	return out
}

// counts reports whether some unit of a candidate gives a number of what the
// question asks the number of, or any number where that is not said.
func (s *search) counts(x *Index, u *understood, c *candidate) bool {
	l := s.langs[u.lang]
	for _, un := range x.units(&s.docs[c.doc], u.lang) {
		words := strings.Fields(Fold(strings.ReplaceAll(countable(un.by+": "+un.text), "\n", " ")))
		for i, w := range words {
			if !isNumber(w, u.lang) || isDate(words, i, u.lang) && !strings.Contains(un.text, "%") {
				continue
			}
			if u.counted < 0 {
				return true
			}
			near := l.stemsIn(strings.Join(words[max(i-wordsBefore, 0):min(i+1+wordsBehind, len(words))], " "))
			for _, f := range u.wants[u.counted].forms {
				if near[f.number] {
					return true
				}
			}
		}
	}
	return false
}
