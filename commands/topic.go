package commands

import (
	"context"
	"slices"
	"strings"

	"griot/briefings"
)

var sectionNames = map[briefings.SectionKind]briefings.Text{
	briefings.Summary:    both("Summary", "Résumé"),
	briefings.Situation:  both("Situation", "Situation"),
	briefings.Background: both("Background", "Contexte"),
	briefings.Actors:     both("Actors", "Acteurs"),
	briefings.Sides:      both("Sides", "Positions"),
	briefings.Figures:    both("Figures", "Chiffres"),
	briefings.Watch:      both("What to watch", "À suivre"),
	briefings.Unknowns:   both("What is not known", "Ce qu’on ignore"),
}

// topicCommand is the row of one topic.
func (c *Core) topicCommand(t *briefings.Topic) Command {
	section := Option{
		Name: "section", Names: both("section", "partie"),
		Summary: both("Part of the briefing; without it, the summary and the situation", "Partie du dossier ; sans elle, le résumé et la situation"),
	}
	for _, k := range briefings.SectionKinds {
		if t.Section(briefings.EN, k) != nil || t.Section(briefings.FR, k) != nil {
			section.Choices = append(section.Choices, Choice{string(k), sectionNames[k]})
		}
	}
	return Command{
		Name: t.Command, Names: called(t), Topic: t.Slug, Also: alsoKnownAs(t),
		Summary: briefings.Text{EN: cut(t.Line.EN, 100), FR: cut(t.Line.FR, 100)},
		Options: []Option{section, langOption(), sectionsOption(true)},
		Run:     func(_ context.Context, r Request) (Reply, error) { return c.topic(r, t.Slug) },
	}
}

// called is a topic's command in each language.
func called(t *briefings.Topic) briefings.Text {
	if t.Called == (briefings.Text{}) {
		return same(t.Command)
	}
	return t.Called
}

// alsoKnownAs is what a topic goes by beside its command.
func alsoKnownAs(t *briefings.Topic) []string {
	var out []string
	for _, name := range slices.Concat([]string{t.Slug, t.Name.EN, t.Name.FR}, t.Formerly, t.Aliases) {
		out = appendNew(out, briefings.Fold(name))
	}
	return out
}

// topic shows a briefing: one section, or its summary and situation.
func (c *Core) topic(r Request, slug string) (Reply, error) {
	v := c.view()
	t := v.topic(slug)
	if t == nil {
		return Reply{}, &UserError{Say: noTopic(slug, &UserError{})} // withdrawn a moment ago
	}
	w := v.compose(r, t.Name.In(r.Lang))
	w.reply.AsOf = t.AsOf
	w.item(t.ID())
	var chosen []briefings.SectionKind
	switch one, several := briefings.SectionKind(r.Option("section")), r.Option("sections"); {
	case one != "":
		s := t.Section(r.Lang, one)
		if s == nil {
			return Reply{}, wrong("The briefing on %s has no such part.", "Le dossier sur %s n’a pas cette partie.", t.Name).try(r.to(t.Command))
		}
		chosen = []briefings.SectionKind{one}
		w.section(t, s, true)
	case several != "":
		var err error
		if chosen, err = sectionsOf(t, r, several); err != nil {
			return Reply{}, err
		}
		for _, k := range chosen {
			w.section(t, t.Section(r.Lang, k), k != briefings.Summary || len(chosen) == 1)
		}
	default:
		w.overview(t)
	}
	if s := w.say(t.NotCovered); s != "" {
		w.add(remark(s))
	}
	w.sectionButtons(r, t, chosen)
	w.topicButtons(r, t, c.changes != nil)
	return w.reply, nil
}

// overview is what a topic says first: its summary and its situation, or the
// first section of one that has neither.
func (w *composer) overview(t *briefings.Topic) {
	shown := false
	for _, k := range []briefings.SectionKind{briefings.Summary, briefings.Situation} {
		if s := t.Section(w.lang, k); s != nil {
			w.section(t, s, k != briefings.Summary)
			shown = true
		}
	}
	if all := t.Sections[w.lang]; !shown && len(all) > 0 {
		w.section(t, &all[0], true)
	}
}

func (w *composer) section(t *briefings.Topic, s *briefings.Section, titled bool) {
	if titled {
		w.add(heading(w.say(sectionNames[s.Kind])))
	}
	w.item(t.ID() + briefings.ID("#"+string(s.Kind)))
	w.prose(s.Blocks)
}

// sectionButtons turn to the other parts: buttons for a few, a select for many.
func (w *composer) sectionButtons(r Request, t *briefings.Topic, chosen []briefings.SectionKind) {
	options := []LineChoice{{Label: w.say(overviewName), Line: r.again("section", "", "sections", ""), Selected: len(chosen) == 0}}
	for _, k := range briefings.SectionKinds {
		if t.Section(w.lang, k) != nil {
			options = append(options, LineChoice{w.say(sectionNames[k]), r.again("section", string(k), "sections", ""), slices.Contains(chosen, k)})
		}
	}
	if len(options) > 6 {
		for i := range options {
			options[i].Selected = options[i].Selected && len(chosen) < 2 // a select has one at most
		}
		w.reply.Choices = &Choices{Placeholder: Words(w.lang).Choose, Options: options}
		return
	}
	for _, o := range options {
		if !o.Selected {
			w.reply.Buttons = append(w.reply.Buttons, button(o.Label, o.Line, 0))
		}
	}
}

var (
	overviewName = both("Overview", "Aperçu")
	otherLang    = both("En français", "In English")
)

// topicButtons lead on from a topic; to what changed in it, where that is known.
func (w *composer) topicButtons(r Request, t *briefings.Topic, changes bool) {
	if len(w.events[t.Slug]) > 0 {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("Timeline", "Chronologie")), r.to("timeline", "topic", t.Slug), 1))
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("Sources", "Sources")), r.to("sources", "topic", t.Slug), 1))
	if len(w.disputed(t.Slug)) > 0 {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("Disputed", "Contesté")), r.to("disputed", "topic", t.Slug), 1))
	}
	if changes {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(whatChanged), r.to("changes", "topic", t.Slug), 1))
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(otherLang), r.again("lang", string(other(w.lang))), 1))
}

// findTopic looks a published topic up by slug, command, name or alias.
func (c *Core) findTopic(v *view, r Request, option, name string) (*briefings.Topic, error) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "/")
	for _, m := range v.x.Find(name, briefings.KindTopic) {
		if t := v.topic(m.ID.Slug()); t != nil {
			return t, nil
		}
	}
	e := &UserError{}
	for _, t := range v.nearTopics(name) {
		e.offer(t.Name, r.again(option, t.Slug, "page", ""))
	}
	if option == "topic" && r.Command == "timeline" {
		v.offerActors(e, r, name)
	}
	e.Say = noTopic(name, e)
	for i := 0; i < len(v.topics) && len(e.Try) < 3; i++ {
		e.offer(v.topics[i].Name, r.again(option, v.topics[i].Slug, "page", ""))
	}
	return nil, e
}

// offerActors offers what else the words of a timeline may mean.
func (v *view) offerActors(e *UserError, r Request, name string) {
	for _, m := range v.x.Find(name, briefings.KindActor) {
		e.offer(m.Name, r.again("topic", "", "actor", m.ID.Slug(), "page", ""))
	}
}

// noTopic says that there is no such briefing, and the nearest of what e offers.
func noTopic(name string, e *UserError) briefings.Text {
	if len(e.Labels) == 0 {
		return both("There is no briefing on “%s”. /help lists those there are.",
			"Il n’y a pas de dossier sur « %s ». /help donne la liste des dossiers.", clip(name))
	}
	return both("There is no briefing on “%s”. The nearest is %s.", "Il n’y a pas de dossier sur « %s ». Le plus proche : %s.", clip(name), e.Labels[0])
}

// nearTopics are the published topics whose names come near, the nearest first:
// the one that the first words name, as in "mali daily 7:00", before the others.
func (v *view) nearTopics(name string) []*briefings.Topic {
	var out []*briefings.Topic
	add := func(found []briefings.Match) {
		for _, m := range found {
			if t := v.topic(m.ID.Slug()); t != nil && len(out) < 3 && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	words := strings.Fields(name)
	for n := min(len(words), 8) - 1; n > 0 && len(out) == 0; n-- {
		add(v.x.Find(strings.Join(words[:n], " "), briefings.KindTopic))
	}
	add(v.x.Near(cut(name, 100), 5, briefings.KindTopic))
	return out
}
