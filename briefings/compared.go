package briefings

import (
	"slices"
	"strings"
)

// Figure is a number of a text with who gives the same in the pack.
type Figure struct {
	Text   string // as written there
	By     []Text // of an event's claims, who makes those that give it
	InFact bool   // the event's own text gives it
}

// FiguresOn compares the tolls, strengths and sums of a text with those that
// the accounts of an event give. It is empty when either has none.
func (x *Index) FiguresOn(text string, id ID) []Figure {
	e := x.events[id.Slug()]
	if e == nil || id.Kind() != KindEvent {
		return nil
	}
	lang := x.words().languageOf(wordsOf(text), EN)
	var out []Figure
	known := false
	for _, f := range figures(text, Date{}, lang) {
		if f.vague || f.value == 0 || slices.ContainsFunc(out, func(o Figure) bool { return o.Text == f.text }) {
			continue
		}
		one := Figure{Text: f.text}
		for _, c := range e.Claims {
			has, same := givesFigure(inEach(func(lang Lang) string { return c.By.In(lang) + ": " + c.Says.In(lang) }), e.Date, f)
			known = known || has
			if same {
				one.By = append(one.By, c.By)
			}
		}
		has, same := givesFigure(e.Fact, e.Date, f)
		known, one.InFact = known || has, same
		out = append(out, one)
	}
	if !known {
		return nil
	}
	return out
}

// givesFigure reports whether a text gives a number of the kind, and this one.
func givesFigure(text Text, on Date, want figure) (has, same bool) {
	for _, lang := range Langs {
		for _, f := range figures(text.In(lang), on, lang) {
			if f.class == want.class {
				has, same = true, same || f.value == want.value && !f.vague
			}
		}
	}
	return has, same
}

// Weighty reports whether a sentence without this folded word, or with it, may
// say something else: a number or a no.
func Weighty(word string) bool { return weighty(word) }

// DateIn reads the first date that a text names.
func DateIn(text string) (Date, bool) {
	for _, lang := range Langs {
		for _, t := range periods(wordsOf(text), lang, Date{}) {
			if d := t.Whole(); !d.IsZero() {
				return d, true
			}
		}
	}
	return Date{}, false
}

// Since tells what an item says now in the place of a former text of it.
func (x *Index) Since(p Part) []Passage {
	if p.Older == nil {
		return nil
	}
	now := x.wordsNow(p.ID, p.Lang)
	if now == "" {
		return nil
	}
	said := " " + Fold(p.Text) + " "
	var out []Passage
	for _, ch := range Passages(p.Older.Words.In(p.Lang), now) {
		if ch.Was != "" && strings.Contains(said, " "+Fold(ch.Was)+" ") {
			out = append(out, ch)
		}
	}
	return out
}

// Says reports whether an item has these words in one of its texts.
func (x *Index) Says(id ID, words string) bool {
	for _, lang := range Langs {
		if strings.Contains(" "+Fold(x.wordsNow(id, lang))+" ", " "+Fold(words)+" ") {
			return true
		}
	}
	return false
}

// wordsNow are the words of an item as [Revision] has them.
func (x *Index) wordsNow(id ID, lang Lang) string {
	slug := id.Slug()
	switch id.Kind() {
	case KindTopic:
		if t := x.topics[slug]; t != nil {
			return t.words(lang)
		}
	case KindEvent:
		if e := x.events[slug]; e != nil {
			return e.words(lang)
		}
	case KindActor:
		if a := x.actors[slug]; a != nil {
			return a.words(lang)
		}
	case KindTerm:
		if t := x.terms[slug]; t != nil {
			return t.words(lang)
		}
	}
	return ""
}
