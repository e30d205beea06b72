package commands

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/briefings"
)

// mostPassages is how many changed places of an item are shown.
const mostPassages = 3

// passages tells what an item said before and says now, place by place. What
// one of its corrections tells already is left out.
func (w *composer) passages(ch Change, fixes []briefings.Correction, sources []string) [][]Span {
	was, now := w.say(ch.Was), w.say(ch.Now)
	if was == "" || now == "" {
		return nil
	}
	all := briefings.Passages(was, now)
	if len(all) == 0 && len(fixes) == 0 {
		return [][]Span{w.cite([]Span{plain(w.say(sameText))}, sources...)}
	}
	all = slices.DeleteFunc(all, func(p briefings.Passage) bool { return w.told(p, fixes) })
	more := len(all) - mostPassages
	var out [][]Span
	for i, p := range all[:min(len(all), mostPassages)] {
		spans := w.wasNow(p)
		switch {
		case more == 1 && i == mostPassages-1:
			spans = append(spans, plain(w.say(both(" And one more place.", " Et un autre endroit."))))
		case more > 1 && i == mostPassages-1:
			spans = append(spans, plain(w.say(both(" And %d more places.", " Et %d autres endroits.", more))))
		}
		out = append(out, w.cite(spans, sources...))
	}
	return out
}

var sameText = both("The text is the same; its sources, its date or how sure it is changed.",
	"Le texte est le même ; ses sources, sa date ou sa fiabilité ont changé.")

// told reports whether a correction says what stood and stands in the place.
func (w *composer) told(p briefings.Passage, fixes []briefings.Correction) bool {
	has := func(text, part string) bool {
		part = briefings.Fold(part)
		return part == "" || strings.Contains(" "+briefings.Fold(text)+" ", " "+part+" ")
	}
	return slices.ContainsFunc(fixes, func(c briefings.Correction) bool {
		return has(w.say(c.Was), p.Was) && has(w.say(c.Now), p.Now)
	})
}

// wasNow shows one place: the words that changed stand out among those around.
func (w *composer) wasNow(p briefings.Passage) []Span {
	quoted := func(label briefings.Text, changed string) []Span {
		l := Words(w.lang)
		if changed == "" {
			return []Span{plain(w.say(label) + l.colon + l.open + strings.TrimRight(p.Before, " ") + behind(p.After) + l.closed)}
		}
		before := p.Before
		if strings.ContainsAny(changed[:1], ",.)") { // the space belonged to the word that stood here
			before = strings.TrimRight(before, " ")
		}
		return []Span{plain(w.say(label) + l.colon + l.open + before), strong(changed), plain(behind(p.After) + l.closed)}
	}
	if p.Before == "" && p.After == "" { // a line of its own
		switch {
		case p.Was == "":
			return quoted(both("Added", "Ajouté"), p.Now)
		case p.Now == "":
			return quoted(both("Taken out", "Supprimé"), p.Was)
		}
	}
	out := quoted(both("Before", "Avant"), p.Was)
	now := quoted(both("Now", "Maintenant"), p.Now)
	now[0].Text = " " + now[0].Text
	return append(out, now...)
}

// behind puts a space before words that follow others, none before a mark.
func behind(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	if text == "" || unicode.In(r, unicode.Po, unicode.Pe, unicode.Pf) && r != '…' || unicode.IsSpace(r) {
		return text
	}
	return " " + text
}
