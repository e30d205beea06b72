package commands

import (
	"errors"
	"fmt"
	"slices"

	"griot/briefings"
)

// both writes a text in each language. Arguments that are texts themselves
// read in the language they stand in.
func both(en, fr string, args ...any) briefings.Text {
	if len(args) == 0 {
		return briefings.Text{EN: en, FR: fr}
	}
	in := func(lang briefings.Lang) []any {
		out := slices.Clone(args)
		for i, a := range out {
			if t, ok := a.(briefings.Text); ok {
				out[i] = t.In(lang)
			}
		}
		return out
	}
	return briefings.Text{EN: fmt.Sprintf(en, in(briefings.EN)...), FR: fmt.Sprintf(fr, in(briefings.FR)...)}
}

// wrong is a fault the asker can mend.
func wrong(en, fr string, args ...any) *UserError { return &UserError{Say: both(en, fr, args...)} }

func (e *UserError) try(lines ...string) *UserError {
	for _, l := range lines {
		e.Try = appendNew(e.Try, l)
	}
	return e
}

// offer adds a line with a label of its own.
func (e *UserError) offer(label briefings.Text, line string) *UserError {
	if n := len(e.Try); len(e.try(line).Try) > n {
		for len(e.Labels) < n {
			e.Labels = append(e.Labels, briefings.Text{})
		}
		e.Labels = append(e.Labels, label)
	}
	return e
}

func (e *UserError) label(i int, lang briefings.Lang) string {
	if i < len(e.Labels) && e.Labels[i].In(lang) != "" {
		return e.Labels[i].In(lang)
	}
	return e.Try[i]
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// Refusal is the reply to a fault: the sentence and the nearest lines of a
// [UserError], which [ParseLine] returns too, or an apology for any other
// error. Lines read with the names of t in lang. It is private, so that
// nobody's slip fills a shared place.
func Refusal(t Table, lang briefings.Lang, err error) Reply {
	e, ok := errors.AsType[*UserError](err)
	if !ok {
		return apology(lang)
	}
	r := Reply{Lang: lang, Private: true, Refused: true, Blocks: []Block{para(plain(e.Say.In(lang)))}}
	var lines [][]Span
	for i, l := range e.Try {
		if len(l) > 200 {
			continue
		}
		shown := t.local(l, lang)
		entry, label := []Span{{Kind: Code, Text: shown}}, e.label(i, lang)
		if label == l {
			label = shown
		} else {
			entry = []Span{plain(label + Words(lang).colon), entry[0]}
		}
		if lines = append(lines, entry); i < 5 {
			r.Buttons = append(r.Buttons, button(label, l, 0))
		}
	}
	if len(lines) > 0 {
		r.Blocks = append(r.Blocks, para(plain(Words(lang).Try)), Block{Kind: List, Entries: lines})
	}
	return r
}

func apology(lang briefings.Lang) Reply {
	return Reply{Lang: lang, Private: true, Refused: true, Blocks: []Block{para(plain(Words(lang).Apology))}}
}
