package briefings

import "strings"

// printed is what readers read in one run: an event under its date and title, a
// claim behind who makes it, a paragraph, a card, a line of a list of sources.
// A quotation may begin and end where a piece does.
type printed struct {
	kind    printedKind
	id      ID
	block   int // of a topic's section
	claim   int // of an event, from 1
	lang    Lang
	sources []string
	pieces  []string
	fix     *Correction // that says so
	old     *Older      // whose words they were
}

type printedKind byte

const (
	ofItem   printedKind = iota // an event, a card, a paragraph
	ofClaim                     // never without its first piece, who makes it
	ofSource                    // whole only
	ofTopic                     // what a topic says of itself
	fixWas
	fixNow
	fixWhy
	ofFrame
)

// When says in words when an event was: "6–8 May 2026".
func (e *Event) When(lang Lang) string {
	if e.End.IsZero() {
		return e.Date.In(lang)
	}
	if e.End.Day > 0 && e.Date.Day > 0 && e.End.Year == e.Date.Year && e.End.Month == e.Date.Month {
		first, _, _ := strings.Cut(e.Date.In(lang), " ")
		return first + "–" + e.End.In(lang)
	}
	return e.Date.In(lang) + " – " + e.End.In(lang)
}

// scripts calls give with everything that readers can read of an item, in one
// language: what has number n among the documents of search, then among the
// topics, then among the sources.
func (x *Index) scripts(n int, lang Lang) []printed {
	docs := x.words().docs
	switch {
	case n < len(docs):
		return x.documentScripts(&docs[n], lang)
	case n < len(docs)+len(x.pack.Topics):
		return x.pack.Topics[n-len(docs)].scripts(lang)
	}
	s := &x.pack.Sources[n-len(docs)-len(x.pack.Topics)]
	return []printed{{kind: ofSource, id: MakeID(KindSource, s.Slug), lang: lang, sources: []string{s.Slug}, pieces: []string{s.Publisher + ", " + s.Title + ", " + s.Date.In(lang)}}}
}

func (x *Index) allScripts() int {
	return len(x.words().docs) + len(x.pack.Topics) + len(x.pack.Sources)
}

func (x *Index) documentScripts(d *document, lang Lang) []printed {
	switch d.id.Kind() {
	case KindEvent:
		return d.event.scripts(x.pack, lang)
	case KindActor:
		a := x.actors[d.id.Slug()]
		return card(d.id, lang, a.Name, a.Summary, a.Sources, a.Corrections)
	case KindTerm:
		t := x.terms[d.id.Slug()]
		return card(d.id, lang, t.Name, t.Definition, t.Sources, t.Corrections)
	}
	b := d.prose(lang)
	if b == nil {
		return nil
	}
	return []printed{{id: d.id, block: int(d.block), lang: lang, sources: b.cites(), pieces: Sentences(b.words())}}
}

func (e *Event) scripts(p *Pack, lang Lang) []printed {
	out := []printed{{id: e.ID(), lang: lang, sources: e.Sources, pieces: append([]string{e.When(lang), e.Title.In(lang)}, Sentences(e.Fact.In(lang))...)}}
	for i, c := range e.Claims {
		bys := []string{c.By.In(lang)} // with or without the mark of whom they speak for
		if voice := p.Speaks(c).In(lang); voice != "" {
			bys = append(bys, bys[0]+" ("+voice+")")
		}
		for _, by := range bys {
			out = append(out, printed{kind: ofClaim, id: e.ID(), claim: i + 1, lang: lang, sources: c.Sources, pieces: append([]string{by}, Sentences(c.Says.In(lang))...)})
		}
	}
	return append(out, fixes(e.ID(), lang, e.Sources, e.Corrections)...)
}

func card(id ID, lang Lang, name, text Text, sources []string, corrections []Correction) []printed {
	out := []printed{{id: id, lang: lang, sources: sources, pieces: append([]string{name.In(lang)}, Sentences(text.In(lang))...)}}
	return append(out, fixes(id, lang, sources, corrections)...)
}

func (t *Topic) scripts(lang Lang) []printed {
	var out []printed
	for _, text := range []Text{t.Line, t.NotCovered} {
		if s := Sentences(text.In(lang)); len(s) > 0 && t.Status == Published {
			out = append(out, printed{kind: ofTopic, id: t.ID(), lang: lang, pieces: s})
		}
	}
	return append(out, fixes(t.ID(), lang, nil, t.Corrections)...)
}

func fixes(id ID, lang Lang, sources []string, list []Correction) []printed {
	var out []printed
	for i := range list {
		c := &list[i]
		for _, part := range []struct {
			kind printedKind
			text Text
		}{{fixWas, c.Was}, {fixNow, c.Now}, {fixWhy, c.Why}} {
			out = append(out, printed{kind: part.kind, id: id, lang: lang, sources: sources, pieces: Sentences(part.text.In(lang)), fix: c})
		}
	}
	return out
}

// Older is what an item said before.
type Older struct {
	ID    ID
	Words Text // as [Revision] has them
	Until Date // the day it was seen to say something else
	Told  int  // how many of its corrections it told
	Gone  bool // nothing of it is there now
}

// scripts are the lines of what an item said before.
func (o *Older) scripts() []printed {
	var out []printed
	for _, lang := range Langs {
		for line := range strings.SplitSeq(o.Words.In(lang), "\n") {
			pieces := Sentences(line)
			if by, says, ok := strings.Cut(line, colons[lang]); ok && o.ID.Kind() == KindEvent {
				pieces = append([]string{by}, Sentences(says)...)
			}
			out = append(out, printed{id: o.ID, lang: lang, pieces: pieces, old: o})
		}
	}
	return out
}

// laid is a script cut into atoms.
type laid struct {
	*printed
	text   string
	atoms  []atom
	starts []int // of each piece: its first atom; one more behind the last
}

func (s *printed) lay() *laid {
	l := &laid{printed: s}
	var b strings.Builder
	for i, p := range s.pieces {
		switch {
		case i == 1 && s.kind == ofClaim:
			b.WriteString(colons[s.lang])
		case i > 0:
			b.WriteByte(' ')
		}
		l.starts = append(l.starts, len(l.atoms))
		p = cleaned(p)
		for _, a := range atomsOf(p) {
			l.atoms = append(l.atoms, atom{a.key, a.from + b.Len(), a.to + b.Len()})
		}
		b.WriteString(p)
	}
	l.text = b.String()
	l.starts = append(l.starts, len(l.atoms))
	return l
}

// begins reports whether a quotation may begin with piece p.
func (l *laid) begins(p int) bool {
	switch l.kind {
	case ofClaim, ofSource:
		return p == 0
	}
	return true
}

// endOf returns the last place up to which n atoms behind atom from reach the
// end of a piece that a quotation may end with; from when they reach none.
func (l *laid) endOf(from, n int) int {
	end := from
	for p := 1; p < len(l.starts); p++ {
		at := l.starts[p]
		switch {
		case at <= from || at > from+n:
			continue
		case l.kind == ofSource && p < len(l.starts)-1:
			continue
		case p == 1 && (l.kind == ofClaim || l.kind == ofItem && (l.id.Kind() == KindEvent || l.id.Kind() == KindActor || l.id.Kind() == KindTerm) && l.old == nil):
			continue // who claims it, when it was, or a name alone
		}
		end = at
	}
	return end
}
