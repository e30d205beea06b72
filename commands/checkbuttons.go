package commands

import (
	"regexp"
	"strconv"
	"strings"

	"griot/briefings"
)

// firstButton is where a terminal's line of numbered buttons may begin.
var firstButton = regexp.MustCompile(`(?:^|\s)1 `)

// unbuttoned takes the buttons off a text that was copied from a terminal,
// where they stand numbered at the end: "1 Timeline  2 Sources".
func (v *view) unbuttoned(text string) string {
	all := firstButton.FindAllStringIndex(text, -1)
	for i := len(all) - 1; i >= max(0, len(all)-4); i-- {
		if v.areButtons(text[all[i][0]:]) {
			return text[:all[i][0]]
		}
	}
	return text
}

// areButtons reports whether a text is buttons alone, numbered from 1.
func (v *view) areButtons(text string) bool {
	text = " " + strings.Join(strings.Fields(text), " ")
	for n := 1; ; n++ {
		rest, ok := strings.CutPrefix(text, " "+strconv.Itoa(n)+" ")
		if !ok {
			return false
		}
		label, _, more := strings.Cut(rest, " "+strconv.Itoa(n+1)+" ")
		if !v.isButton(label) {
			return false
		}
		if !more {
			return true
		}
		text = rest[len(label):]
	}
}

// isButton reports whether a button may be called so: by what it does, or by
// the name of something, cut where it is long.
func (v *view) isButton(label string) bool {
	label, short := strings.CutSuffix(strings.Trim(label, "() "), "…")
	said := briefings.Fold(label)
	if said == "" || framing[said] || doings[said] {
		return true
	}
	for _, of := range []string{"briefing ", "dossier "} {
		said = strings.TrimPrefix(said, of)
	}
	is := func(id briefings.ID) bool {
		for _, lang := range briefings.Langs {
			name := briefings.Fold(v.name(id).In(lang))
			if e := v.x.Event(id.Slug()); e != nil && id.Kind() == briefings.KindEvent && briefings.Fold(e.Short.In(lang)) == said {
				return true
			}
			if name == said || short && len(said) > 8 && strings.HasPrefix(name, said) {
				return true
			}
		}
		return false
	}
	p := v.x.Pack()
	for i := range p.Topics {
		if is(p.Topics[i].ID()) {
			return true
		}
	}
	for i := range p.Actors {
		if is(briefings.MakeID(briefings.KindActor, p.Actors[i].Slug)) {
			return true
		}
	}
	for i := range p.Terms {
		if is(briefings.MakeID(briefings.KindTerm, p.Terms[i].Slug)) {
			return true
		}
	}
	for i := range p.Events {
		if is(briefings.MakeID(briefings.KindEvent, p.Events[i].Slug)) {
			return true
		}
	}
	return false
}

// doings are the folded words of buttons that no answer has elsewhere.
var doings = func() map[string]bool {
	m := map[string]bool{}
	for _, t := range []briefings.Text{
		overviewName, otherLang, both("Next", "Suivant"), both("Previous", "Précédent"), both("Report a problem", "Signaler une erreur"), both("Disputed", "Contesté"),
		both("All its events", "Tous ses événements"), both("Around this date", "Autour de cette date"), both("The whole briefing", "Tout le dossier"),
		both("Pass the question on", "Transmettre la question"), both("Tell the editors", "Le signaler à la rédaction"), both("Search the texts", "Chercher dans les textes"),
	} {
		for _, lang := range briefings.Langs {
			m[briefings.Fold(t.In(lang))] = true
		}
	}
	return m
}()
