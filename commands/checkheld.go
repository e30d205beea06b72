package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

// held shows what the briefings hold on a text: the items it is from, and for
// each sentence that is not theirs the facts that come nearest.
func (w *composer) held(r Request, j judged) {
	var topics [][]string
	shown := map[briefings.ID]bool{}
	first := briefings.ID("")
	if j.verdict != verdictForeign {
		topics = w.heldOurs(j, shown)
		if len(w.reply.Items) > 0 {
			first = w.reply.Items[0]
		}
	}
	looked := 0
	for _, p := range j.parts {
		long := len(strings.Fields(p.Text)) >= leastLooked || len(j.parts) == 1
		lookUp := p.Kind == briefings.PartForeign && long || j.verdict == verdictForeign && p.ID != "" && p.ID.Kind() != briefings.KindSource
		if !lookUp {
			continue
		}
		if looked++; looked > mostForeign {
			w.add(remark(w.say(both("Further sentences were not looked up: check them by themselves.", "Les phrases suivantes n’ont pas été examinées : vérifiez-les à part."))))
			break
		}
		topics = append(topics, w.facts(r, p, shown)...)
	}
	w.reply.AsOf = w.newest
	if len(topics) > 0 {
		w.reply.AsOf = w.oldestAsOf(topics...)
	}
	if first != "" && w.shows(whole(first)) {
		w.leadOn(r, first)
		return
	}
	for i, id := range w.reply.Items {
		if line := w.opens(r, id); i < 5 && line != "" {
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(w.name(id)), line, 0))
		}
	}
	if len(w.reply.Items) > 0 {
		return
	}
	w.passOn(r, both("Tell the editors", "Le signaler à la rédaction"), r.Option("text"), 1)
}

// heldOurs shows the items that a text of ours is from, as they stand.
func (w *composer) heldOurs(j judged, shown map[briefings.ID]bool) [][]string {
	var topics [][]string
	n, more := 0, 0
	weight := map[briefings.PartKind]int{briefings.PartAltered: -2, briefings.PartFormer: -1}
	parts := slices.Clone(j.parts)
	slices.SortStableFunc(parts, func(a, b briefings.Part) int { return weight[a.Kind] - weight[b.Kind] }) // what is in question first
	for _, p := range parts {
		if p.Kind == briefings.PartForeign || p.ID.Kind() == briefings.KindSource || !w.shows(whole(p.ID)) || shown[whole(p.ID)] || p.ID.Kind() == briefings.KindTopic && p.ID.Part() == "" {
			continue
		}
		if shown[whole(p.ID)] = true; n >= mostOurs {
			more++
			continue
		}
		if n++; n == 1 {
			w.add(heading(w.say(both("In the briefings", "Dans les dossiers"))))
		}
		topics = append(topics, w.standing(p, parts)...)
	}
	if more > 0 {
		w.add(remark(w.say(both("And %d more entries that it quotes.", "Et %d autres entrées qu’il cite.", more))))
	}
	return topics
}

// standing shows an item that a text has a part of: an event whole where the
// text has several.
func (w *composer) standing(p briefings.Part, parts []briefings.Part) [][]string {
	n := 0
	for _, o := range parts {
		if o.ID == p.ID {
			n++
		}
	}
	e := w.x.Event(p.ID.Slug())
	if p.ID.Kind() == briefings.KindEvent && e != nil && (n > 1 || len(strings.Fields(p.Ours)) < leastLooked) {
		w.add(w.event(e))
		return [][]string{e.Topics}
	}
	return w.entry(briefings.Excerpt{ID: p.ID, Block: p.Block, Claim: p.Claim, Lang: p.Lang, Text: p.Ours})
}

// facts shows what comes nearest to a sentence, and how its numbers compare.
func (w *composer) facts(r Request, p briefings.Part, shown map[briefings.ID]bool) [][]string {
	l := Words(w.lang)
	quoted := l.open + clipTo(p.Text, longestSaid) + l.closed
	switch p.Kind {
	case briefings.PartSame:
		w.add(remark(w.say(both("Word for word in the briefings: %s", "Mot pour mot dans les dossiers : %s", quoted))))
	case briefings.PartAltered, briefings.PartFormer:
		w.add(remark(w.say(both("Nearly so in the briefings: %s", "Presque ainsi dans les dossiers : %s", quoted))))
	default:
		w.add(remark(w.say(both("On %s:", "Sur %s :", quoted))))
	}
	list := w.nearest(r, p)
	if len(list) == 0 {
		w.add(remark(w.say(both("The briefings hold nothing on this.", "Les dossiers ne contiennent rien à ce sujet."))))
		return nil
	}
	var topics [][]string
	for i, e := range list {
		if shown[e.ID] {
			w.add(remark(w.say(both("See %s above.", "Voir plus haut : %s.", w.name(e.ID)))))
			continue
		}
		shown[e.ID] = true
		ev := w.x.Event(e.ID.Slug())
		figures := w.x.FiguresOn(p.Text, e.ID)
		if i > 0 || ev == nil || len(figures) == 0 {
			topics = append(topics, w.entry(e)...)
			continue
		}
		w.add(w.event(ev))
		topics = append(topics, ev.Topics)
		w.compareFigures(figures)
	}
	return topics
}

// nearest are the facts that come nearest to a sentence, the second only where
// it comes nearly as near as the first.
func (w *composer) nearest(r Request, p briefings.Part) []briefings.Excerpt {
	if p.ID != "" && w.shows(whole(p.ID)) && (p.ID.Kind() != briefings.KindTopic || p.ID.Part() != "") {
		return []briefings.Excerpt{{ID: p.ID, Block: p.Block, Claim: p.Claim, Lang: p.Lang, Text: p.Ours}}
	}
	list := w.x.Nearest(p.Text, r.Lang, mostFacts, w.at)
	for i, e := range list {
		if i > 0 && e.Coverage < list[0].Coverage*secondShare {
			return list[:i]
		}
	}
	return list
}

// secondShare is how much of the first fact's words the second has to have.
const secondShare = 0.7

// compareFigures says of each number of a text who gives it, if anybody does.
func (w *composer) compareFigures(list []briefings.Figure) {
	l := Words(w.lang)
	for _, f := range list {
		said := l.open + f.Text + l.closed
		if f.InFact {
			w.add(remark(w.say(both("The number %s is in this entry.", "Le chiffre %s figure dans cette entrée.", said))))
			continue
		}
		if len(f.By) == 0 {
			w.add(remark(w.say(both("None of the accounts quoted here gives the number %s.", "Aucune des versions citées ici ne donne le chiffre %s.", said))))
			continue
		}
		var by []string
		for _, b := range f.By {
			by = append(by, w.say(w.either(b)))
		}
		w.add(remark(w.say(both("The number %s is given by: %s.", "Le chiffre %s est donné par : %s.", said, strings.Join(by, " ; ")))))
	}
}
