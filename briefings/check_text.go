package briefings

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// What fits everywhere, in UTF-16 units as platforms count them. Labels of
// buttons set the shorter ones, a message the longest.
const (
	maxTitle   = 90 // two lines of a list on a telephone
	maxName    = 100
	maxTopic   = 40 // a topic's name is a button's label
	maxLine    = 100
	maxShort   = 40 // a button's label
	maxFact    = 1200
	maxCard    = 1200 // a summary or definition
	maxBy      = 200
	maxSays    = 800
	maxNote    = 400
	maxAbout   = 500 // Telegram shows 512: https://core.telegram.org/bots/api#setmydescription
	maxBlock   = 2000
	maxSource  = 300
	maxAddress = 1000
)

// units counts a text as platforms do.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// What texts are, where a rule asks for it.
const (
	spanText   = "text"           // a span of prose
	saysText   = "claim"          // what somebody says
	wasText    = "earlier text"   // what a correction takes back
	cardText   = "card"           // of an actor or a term
	sourceText = "source's field" // in the source's own language
)

// written is a text for readers, with its place.
type written struct {
	what string
	lang Lang
	text string
	max  int
	at   func() Pos
}

// texts yields every text for readers that is a field of a record, the prose
// of French topics by span, and the fields of sources.
func (c *checker) texts(yield func(written) bool) {
	y := yielder{c: c, yield: yield, more: true}
	head := Pos{File: "pack.yaml"}
	y.each(head, "title", maxName, c.p.Title, "title")
	y.each(head, "description", maxAbout, c.p.Description, "description")
	for i := range c.p.Topics {
		y.topic(&c.p.Topics[i])
	}
	for i := range c.p.Events {
		y.event(&c.p.Events[i])
	}
	for i := range c.p.Actors {
		a := &c.p.Actors[i]
		y.each(a.At, "name", maxName, a.Name, "name")
		y.each(a.At, cardText, maxCard, a.Summary, "summary")
		y.corrections(a.At, a.Corrections)
	}
	for i := range c.p.Terms {
		t := &c.p.Terms[i]
		y.each(t.At, "name", maxName, t.Name, "term")
		y.each(t.At, cardText, maxCard, t.Definition, "definition")
		y.corrections(t.At, t.Corrections)
	}
	for i := range c.p.Places {
		y.each(c.p.Places[i].At, "name", maxName, c.p.Places[i].Name, "name")
	}
	for i := range c.p.Sources {
		s := &c.p.Sources[i]
		y.source(s, "publisher", s.Publisher, maxName)
		y.source(s, "title", s.Title, maxSource)
		y.source(s, "url", s.URL, maxAddress)
	}
}

// yielder yields texts until nobody wants more.
type yielder struct {
	c     *checker
	yield func(written) bool
	more  bool
}

func (y *yielder) one(w written) {
	if y.more && w.text != "" {
		y.more = y.yield(w)
	}
}

// each yields a text in every language; path leads to it within its record.
func (y *yielder) each(item Pos, what string, most int, t Text, path ...string) {
	for _, lang := range Langs {
		y.one(written{what, lang, t.In(lang), most, func() Pos {
			return y.c.at(item, append(path[:len(path):len(path)], string(lang))...)
		}})
	}
}

func (y *yielder) topic(t *Topic) {
	y.each(t.At, "name", maxTopic, t.Name, "name")
	y.each(t.At, "line", maxLine, t.Line, "line")
	y.each(t.At, "note", maxNote, t.NotCovered, "not_covered")
	y.corrections(t.At, t.Corrections)
	for _, s := range t.Sections[FR] {
		for _, b := range s.Blocks {
			for i, sp := range b.Spans {
				if sp.Kind != SpanCode {
					y.one(written{spanText, FR, sp.Text, 0, func() Pos { return y.c.span(b.At, i) }})
				}
			}
		}
	}
}

func (y *yielder) event(e *Event) {
	y.each(e.At, "title", maxTitle, e.Title, "title")
	y.each(e.At, "short title", maxShort, e.Short, "short")
	y.each(e.At, "fact", maxFact, e.Fact, "fact")
	for i, k := range e.Claims {
		y.each(e.At, "name of who claims", maxBy, k.By, "claims", itoa(i), "by")
		y.each(e.At, saysText, maxSays, k.Says, "claims", itoa(i), "says")
	}
	y.corrections(e.At, e.Corrections)
}

func (y *yielder) corrections(item Pos, list []Correction) {
	for i, k := range list {
		y.each(item, wasText, maxNote, k.Was, "corrections", itoa(i), "was")
		y.each(item, "correction", maxNote, k.Now, "corrections", itoa(i), "now")
		y.each(item, "correction", maxNote, k.Why, "corrections", itoa(i), "why")
	}
}

// source yields a field of a source as a text of English: it is in the
// source's own language, so only its length counts.
func (y *yielder) source(s *Source, key, text string, most int) {
	y.one(written{sourceText, EN, text, most, func() Pos { return y.c.at(s.At, key) }})
}

func (c *checker) length(w written) {
	if n := units(w.text); w.max > 0 && n > w.max {
		c.err(w.at(), "Shorten it.", "the %s has %d characters; at most %d fit", w.what, n, w.max)
	}
}

// typography warns of French that is not set as French is: no-break spaces
// before ; : ? ! % and inside « », curly quotes.
func (c *checker) typography(w written) {
	if w.lang != FR {
		return
	}
	const cure = "French has a no-break space (U+00A0) before ; : ? ! % and inside « », and curly quotes: ’ “ ”."
	if found := wrongFrench(w.text); found != "" {
		c.warn(w.at(), cure, "%q is not set as French is", found)
	}
}

// wrongFrench returns the first place in a French text that is set wrongly.
func wrongFrench(s string) string {
	runes := []rune(s)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return 0
		}
		return runes[i]
	}
	noBreak := func(r rune) bool { return r == '\u00a0' || r == '\u202f' || r == 0 }
	for i, r := range runes {
		wrong := false
		switch r {
		case '\'', '"':
			wrong = true
		case ';', '?', '!', '%':
			wrong = !noBreak(at(i-1)) && !strings.ContainsRune("?!…)", at(i-1))
		case ':': // not within 12:30
			wrong = !noBreak(at(i-1)) && !(unicode.IsDigit(at(i-1)) && unicode.IsDigit(at(i+1)))
		case '«':
			wrong = i+1 < len(runes) && !noBreak(at(i+1))
		case '»':
			wrong = !noBreak(at(i - 1))
		}
		if wrong {
			return string(runes[max(i-8, 0):min(i+3, len(runes))])
		}
	}
	return ""
}
