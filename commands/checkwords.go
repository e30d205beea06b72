package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

// verdict says what a text is to us, and why.
func (w *composer) verdict(j judged) {
	title, about := w.verdictWords(j)
	w.add(heading(w.say(title)), remark(w.say(about)))
	switch j.verdict {
	case verdictForeign:
		return
	case verdictAltered:
		w.changes(j)
	}
	w.formerly(j)
	if j.date != "" {
		w.agedOtherwise(j)
	}
	for i, p := range j.parts {
		if p.Cut && i > 0 || p.Cut && len(j.parts) == 1 {
			w.add(remark(w.say(both("The text is cut off; in the briefings the sentence goes on.", "Le texte est coupé ; dans les dossiers, la phrase continue."))))
			break
		}
	}
	l := Words(w.lang)
	for _, s := range j.aside[:min(len(j.aside), 2)] {
		w.add(remark(w.say(both("Beside it stands, not from the briefings: %s", "À côté, sans venir des dossiers : %s", l.open+clipTo(strings.Trim(s, "“”«» \u00a0"), longestSaid)+l.closed))))
	}
}

func (w *composer) verdictWords(j judged) (title, about briefings.Text) {
	switch j.verdict {
	case verdictCurrent:
		return both("Ours, and current", "C’est notre texte, à jour"),
			both("This stands in the briefings as they are now, word for word.", "Ce texte figure mot pour mot dans les dossiers, tels qu’ils sont aujourd’hui.")
	case verdictCorrected:
		switch kind := w.sinceThen(j); kind {
		case "":
			return both("Ours, with an older date", "C’est notre texte, avec une date plus ancienne"),
				both("Its sentences stand in the briefings now, word for word; its date does not.", "Ses phrases figurent mot pour mot dans les dossiers d’aujourd’hui ; sa date, non.")
		case Retracted:
			return both("Ours, but withdrawn since", "C’est notre texte, retiré depuis"),
				both("The briefings said so, then withdrew it; please do not pass it on.", "Les dossiers l’ont dit, puis l’ont retiré ; merci de ne pas le relayer.")
		case Updated:
			return both("Ours, but updated since", "C’est notre texte, mis à jour depuis"),
				both("The briefings said so before; this is what changed:", "Les dossiers disaient cela auparavant ; voici ce qui a changé :")
		}
		return both("Ours, but corrected since", "C’est notre texte, corrigé depuis"),
			both("The briefings said so before; it was corrected:", "Les dossiers disaient cela auparavant ; cela a été corrigé :")
	case verdictAltered:
		return both("Ours, but altered", "C’est notre texte, mais modifié"),
			both("The briefings do not say it like that. What differs, the most important first:", "Les dossiers ne disent pas cela. Voici ce qui diffère, le plus important d’abord :")
	}
	return both("Not ours", "Ce n’est pas notre texte"),
		both("This text is not from the briefings. That says nothing about whether it is true or false.", "Ce texte ne vient pas des dossiers. Cela ne dit pas s’il est vrai ou faux.")
}

// sinceThen is what weighs most of what happened to a former text.
func (w *composer) sinceThen(j judged) ChangeKind {
	kind := ChangeKind("")
	for _, p := range j.parts {
		if p.Kind != briefings.PartFormer {
			continue
		}
		if kind == "" {
			kind = Updated
		}
		switch {
		case p.Fix != nil:
			return Corrected
		case p.Older != nil && p.Older.Gone:
			kind = Retracted
		case p.Older != nil && len(toldSince(w.allFixes(whole(p.ID)), p.Older.Told)) > 0:
			return Corrected
		}
	}
	return kind
}

var editedNames = map[briefings.EditedKind]briefings.Text{
	briefings.EditedNumber: both("Number", "Chiffre"), briefings.EditedName: both("Name", "Nom"), briefings.EditedDate: both("Date", "Date"),
	briefings.EditedNegation: both("Negation", "Négation"), briefings.EditedWords: both("Words", "Mots"),
}

// changes lists where a text differs from ours, and what was added to it.
func (w *composer) changes(j judged) {
	type one struct {
		briefings.Edited
		sources []string
	}
	var all []one
	for _, p := range j.parts {
		for _, e := range p.Changes {
			all = append(all, one{e, p.Sources})
		}
	}
	slices.SortStableFunc(all, func(a, b one) int { return int(a.Kind) - int(b.Kind) })
	var list [][]Span
	for _, e := range all[:min(len(all), mostChanges)] {
		list = append(list, w.citedOr(w.differs(e.Edited), e.sources))
	}
	if len(list) > 0 {
		w.add(Block{Kind: List, Entries: list})
	}
	if more := len(all) - mostChanges; more > 0 {
		w.add(remark(w.say(both("And %d more places.", "Et %d autres endroits.", more))))
	}
	l := Words(w.lang)
	for _, s := range j.added[:min(len(j.added), mostAlterers)] {
		w.add(remark(w.say(both("Added, not from the briefings: %s", "Ajout qui ne vient pas des dossiers : %s", l.open+clipTo(s, longestSaid)+l.closed))))
	}
	if more := len(j.added) - mostAlterers; more > 0 {
		w.add(remark(w.say(both("And %d more sentences that are not from the briefings.", "Et %d autres phrases qui ne viennent pas des dossiers.", more))))
	}
}

// citedOr cites sources, where there are any.
func (w *composer) citedOr(spans []Span, sources []string) []Span {
	if len(sources) == 0 {
		return spans
	}
	var each []string
	for _, s := range sources {
		each = appendNew(each, s)
	}
	return w.cite(spans, each...)
}

// differs shows one place: how it stands with us, and how in the text.
func (w *composer) differs(e briefings.Edited) []Span {
	l := Words(w.lang)
	in := func(before, changed, after string) []Span {
		before, after = lastOf(before, longestSaid), cut(after, longestSaid)
		if changed == "" {
			return []Span{plain(l.open + strings.TrimSpace(strings.TrimRight(before, " ")+after) + l.closed)}
		}
		return []Span{plain(l.open + strings.TrimLeft(before, " ")), strong(clipTo(changed, longestSaid)), plain(strings.TrimRight(after, " ") + l.closed)}
	}
	out := []Span{plain(w.say(editedNames[e.Kind]) + l.colon)}
	out = append(out, plain(w.say(both("the briefings say ", "les dossiers disent "))))
	out = append(out, in(e.Before, e.Was, e.After)...)
	out = append(out, plain(w.say(both(", this text ", ", ce texte "))))
	return append(out, in(e.TheirBefore, e.Now, e.TheirAfter)...)
}

// lastOf is at most the last n characters of s.
func lastOf(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n+1:])
	}
	return s
}

// formerly tells what became of texts that stood in the briefings before.
func (w *composer) formerly(j judged) {
	told := map[briefings.ID]bool{}
	for _, p := range j.parts {
		id := whole(p.ID)
		if p.Kind != briefings.PartFormer || told[id] {
			continue
		}
		told[id] = true
		switch {
		case p.Fix != nil:
			w.add(Block{Kind: List, Entries: w.corrections([]briefings.Correction{*p.Fix}, p.Sources)})
		case p.Older.Gone:
			w.add(remark(w.say(both("Withdrawn on %s.", "Retiré le %s.", inWords(p.Older.Until)))))
		default:
			w.rewritten(p)
		}
		w.item(p.ID)
	}
}

// rewritten shows what an item says now in the place of a former text.
func (w *composer) rewritten(p briefings.Part) {
	sources := w.sourcesOf(p.ID)
	if fixes := w.corrections(toldSince(w.allFixes(whole(p.ID)), p.Older.Told), sources); len(fixes) > 0 {
		w.add(Block{Kind: List, Entries: fixes})
		return
	}
	var list [][]Span
	for _, ch := range w.x.Since(p) {
		list = append(list, w.citedOr(append([]Span{plain(w.say(both("Changed on %s. ", "Modifié le %s. ", inWords(p.Older.Until))))}, w.wasNow(ch)...), sources))
	}
	if len(list) > 0 {
		w.add(Block{Kind: List, Entries: list[:min(len(list), mostPassages)]})
	}
}

// sourcesOf are what an item rests on, of a topic those of its lead.
func (w *composer) sourcesOf(id briefings.ID) []string {
	if e := w.x.Event(id.Slug()); id.Kind() == briefings.KindEvent && e != nil {
		return e.Sources
	}
	if t := w.topic(id.Slug()); id.Kind() == briefings.KindTopic && t != nil {
		return leadSources(t)
	}
	_, sources := w.about(id)
	return sources
}

// agedOtherwise says that a text bears another date than the briefings.
func (w *composer) agedOtherwise(j judged) {
	said := Words(w.lang).open + j.date + Words(w.lang).closed
	if j.older {
		w.add(remark(w.say(both("It says %s; the briefings are newer. Either it is an older answer, or its date was changed.",
			"Il porte %s ; les dossiers sont plus récents. Soit c’est une réponse plus ancienne, soit sa date a été modifiée.", said))))
		return
	}
	w.add(remark(w.say(both("It says %s; no briefing that it quotes bears this date.", "Il porte %s ; aucun dossier cité ne porte cette date.", said))))
}
