package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

// sectionsOption is the option that takes several parts of a briefing.
func sectionsOption(hidden bool) Option {
	return Option{
		Name: "sections", Names: both("sections", "parties"), Hidden: hidden,
		Summary: both("Parts of the briefing, separated by commas; without it, the summary and the situation", "Parties du dossier, séparées par des virgules ; sans elle, le résumé et la situation"),
	}
}

// sectionsOf reads the parts of a topic that words name, separated by commas or
// semicolons, in the order of briefings. A part that the topic does not have any
// more is left out while others are there.
func sectionsOf(t *briefings.Topic, r Request, words string) ([]briefings.SectionKind, error) {
	var all []Choice
	for _, k := range briefings.SectionKinds {
		all = append(all, Choice{string(k), sectionNames[k]})
	}
	var named []briefings.SectionKind
	for word := range strings.FieldsFuncSeq(words, func(c rune) bool { return c == ',' || c == ';' }) {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		kind, ok := choose(all, word)
		if !ok {
			return nil, noSection(t, r, word)
		}
		named = append(named, briefings.SectionKind(kind))
	}
	var out []briefings.SectionKind
	for _, k := range briefings.SectionKinds {
		if slices.Contains(named, k) && t.Section(r.Lang, k) != nil {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil, noSection(t, r, strings.Trim(words, " ,;"))
	}
	return out, nil
}

// noSection names the parts there are.
func noSection(t *briefings.Topic, r Request, word string) error {
	var have briefings.Text
	for _, k := range briefings.SectionKinds {
		if t.Section(r.Lang, k) == nil {
			continue
		}
		name := briefings.Text{EN: lowerFirst(sectionNames[k].EN), FR: lowerFirst(sectionNames[k].FR)}
		if have.EN != "" {
			name = both("%s, %s", "%s, %s", have, name)
		}
		have = name
	}
	return wrong("“%s” is no part of the briefing on %s. The parts are: %s.", "« %s » n’est pas une partie du dossier sur %s. Les parties sont : %s.", clip(word), t.Name, have).
		try(r.again("sections", ""))
}

// completeSections suggests another part behind those that are typed.
func completeSections(_ Request, typed string) []Choice {
	i := strings.LastIndexAny(typed, ",;") + 1
	before := strings.TrimSpace(typed[:i])
	had := strings.FieldsFunc(briefings.Fold(before), func(c rune) bool { return c == ',' || c == ';' || c == ' ' })
	var all []Choice
	for _, k := range briefings.SectionKinds {
		if !slices.Contains(had, string(k)) {
			all = append(all, Choice{string(k), sectionNames[k]})
		}
	}
	out := matching(all, strings.TrimSpace(typed[i:]))
	for i := range out {
		if before != "" {
			out[i] = Choice{before + out[i].Value, both("%s %s", "%s %s", before, out[i].Label)}
		}
	}
	return out
}
