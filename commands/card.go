package commands

import (
	"context"
	"slices"

	"griot/briefings"
)

func (c *Core) whoCommand() Command {
	return Command{
		Name: "who", Names: both("who", "qui"),
		Summary: both("Who an actor is: a state, force, group or person", "Qui est un acteur : un État, une force, un groupe ou une personne"),
		Options: []Option{{
			Name: "name", Names: both("name", "nom"), Required: true,
			Summary: both("name or acronym", "nom ou sigle"), Complete: c.completeNames(briefings.KindActor),
		}, langOption()},
		Run: func(_ context.Context, r Request) (Reply, error) {
			return c.card(r, "name", briefings.KindActor, briefings.KindTerm)
		},
	}
}

func (c *Core) defineCommand() Command {
	return Command{
		Name: "define", Names: both("define", "definir"),
		Summary: both("What a word or acronym means", "Ce que veut dire un mot ou un sigle"),
		Options: []Option{{
			Name: "term", Names: both("term", "terme"), Required: true,
			Summary: both("word or acronym", "mot ou sigle"), Complete: c.completeNames(briefings.KindTerm, briefings.KindActor),
		}, langOption()},
		Run: func(_ context.Context, r Request) (Reply, error) {
			return c.card(r, "term", briefings.KindTerm, briefings.KindActor)
		},
	}
}

// card shows an actor or a term; kinds says which is meant when both go by the name.
func (c *Core) card(r Request, option string, kinds ...briefings.Kind) (Reply, error) {
	v := c.view()
	name := r.Option(option)
	for _, k := range kinds {
		found := v.x.Find(name, k)
		if m, ok := settled(found, name); ok {
			return v.showCard(r, m.ID), nil
		}
		if len(found) > 1 {
			return v.askWhich(r, option, name, found), nil
		}
	}
	near := v.nearCards(r, name, kinds)
	e := wrong("I hold nothing on “%s” here. /search looks in all the texts.", "Je n’ai rien sur « %s » ici. /search cherche dans tous les textes.", clip(name))
	if len(near) > 0 {
		e = wrong("I hold nothing on “%s”. The nearest is %s.", "Je n’ai rien sur « %s ». Le plus proche : %s.", clip(name), v.name(near[0]))
	}
	for _, id := range near {
		e.offer(v.name(id), r.again(option, id.Slug()))
	}
	return Reply{}, e.offer(both("Search the texts", "Chercher dans les textes"), r.to("search", "query", cut(name, 60)))
}

// nearCards are the cards that come near a name. Short ones are mostly
// acronyms, which a letter's change turns into something else: for them what
// is written about the word comes first.
func (v *view) nearCards(r Request, name string, kinds []briefings.Kind) []briefings.ID {
	var alike, written, out []briefings.ID
	for _, m := range v.x.Near(cut(name, 100), 4, kinds...) {
		alike = append(alike, m.ID)
	}
	for _, h := range v.search(briefings.Query{Question: briefings.Question{Text: cut(name, 100), Lang: r.Lang, Now: v.at}, Limit: 20}) {
		if slices.Contains(kinds, h.ID.Kind()) {
			written = append(written, h.ID)
		}
	}
	all := append(alike, written...)
	if len(briefings.Fold(name)) <= 4 {
		all = append(written, alike...)
	}
	for _, id := range all {
		if len(out) < 4 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// askWhich asks which of several items of one name is meant.
func (v *view) askWhich(r Request, option, name string, found []briefings.Match) Reply {
	w := v.compose(r, both("Which “%s”?", "Quel « %s » ?", clip(name)).In(r.Lang))
	w.add(remark(w.say(both("Several go by this name. Which one do you mean?", "Plusieurs portent ce nom. Lequel voulez-vous dire ?"))))
	for _, m := range found {
		w.item(m.ID)
		text, sources := v.about(m.ID)
		w.add(Block{Kind: Fact, Label: w.say(m.Name), Spans: w.cite([]Span{plain(w.say(text))}, sources...)})
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(m.Name), r.again(option, m.ID.Slug()), len(w.reply.Buttons)))
	}
	w.reply.AsOf = v.oldest
	return w.reply
}

// about is the short text of an actor or a term, with its sources.
func (v *view) about(id briefings.ID) (briefings.Text, []string) {
	if a := v.x.Actor(id.Slug()); id.Kind() == briefings.KindActor && a != nil {
		return a.Summary, a.Sources
	}
	if t := v.x.Term(id.Slug()); id.Kind() == briefings.KindTerm && t != nil {
		return t.Definition, t.Sources
	}
	return briefings.Text{}, nil
}

func (v *view) fixes(id briefings.ID) []briefings.Correction {
	if a := v.x.Actor(id.Slug()); id.Kind() == briefings.KindActor && a != nil {
		return a.Corrections
	}
	if t := v.x.Term(id.Slug()); id.Kind() == briefings.KindTerm && t != nil {
		return t.Corrections
	}
	return nil
}

// latestOfCard is how many events a card shows.
const latestOfCard = 3

// showCard shows one actor or term, an actor with the latest events it is in.
func (v *view) showCard(r Request, id briefings.ID) Reply {
	w := v.compose(r, v.name(id).In(r.Lang))
	w.item(id)
	text, sources := v.about(id)
	w.add(para(w.cite([]Span{plain(w.say(text))}, sources...)...))
	if fixes := w.corrections(v.fixes(id), sources); len(fixes) > 0 {
		w.add(Block{Kind: List, Entries: fixes})
	}
	w.reply.AsOf = v.oldestAsOf(v.covering(id)...)
	if id.Kind() != briefings.KindActor {
		return w.reply
	}
	events := v.actors[id.Slug()]
	topics := v.covering(id)
	var list [][]Span
	for _, e := range events[:min(latestOfCard, len(events))] {
		list = append(list, w.mention(e))
		topics = append(topics, e.Topics)
	}
	if len(list) > 0 {
		w.add(heading(w.say(both("Latest events", "Derniers événements"))), Block{Kind: List, Entries: list})
		w.reply.AsOf = v.oldestAsOf(topics...)
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("All its events", "Tous ses événements")), r.to("timeline", "actor", id.Slug()), 0))
	}
	for _, t := range v.topics {
		if slices.Contains([]string{t.Slug, t.Command}, id.Slug()) {
			w.reply.AsOf = t.AsOf // its own briefing knows best how far it goes
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("Briefing: %s", "Dossier : %s", t.Name)), r.to(t.Command), 0))
		}
	}
	return w.reply
}
