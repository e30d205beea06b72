package commands

import (
	"context"
	"strings"

	"griot/briefings"
)

const searchPage = 5

func (c *Core) searchCommand() Command {
	return Command{
		Name: "search", Names: both("search", "chercher"),
		Summary: both("Search all the texts; typing errors and acronyms are understood", "Chercher dans tous les textes ; fautes et sigles sont compris"),
		Options: []Option{
			{Name: "query", Names: both("query", "mots"), Required: true, Prose: true, Summary: both("words to look for", "mots à chercher"), Complete: c.completeSearch},
			langOption(), pageOption(),
		},
		Run: c.find,
	}
}

func (c *Core) completeSearch(r Request, typed string) []Choice {
	if typed == "" {
		return nil
	}
	v := c.view()
	var out []Choice
	for _, m := range v.x.Near(typed, 10, briefings.KindTopic, briefings.KindActor, briefings.KindTerm, briefings.KindPlace) {
		out = append(out, Choice{cut(m.Name.In(r.Lang), 100), m.Name})
	}
	return out
}

func (c *Core) find(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	query := r.Option("query")
	hits := v.search(query, r.Lang, 50)
	if len(hits) == 0 {
		e := wrong("Nothing in the briefings matches “%s”. Try other words, or one of these.",
			"Rien dans les dossiers ne correspond à « %s ». Essayez d’autres mots, ou l’un de ceux-ci.", clip(query))
		for _, id := range v.suggestedNames(query) {
			e.offer(v.name(id), v.opens(r, id))
		}
		for i := 0; i < len(v.topics) && len(e.Try) < 3; i++ {
			e.offer(v.topics[i].Name, r.to(v.topics[i].Command))
		}
		return Reply{}, e
	}
	lo, hi, page, pages, err := pageOf(r, len(hits), searchPage)
	if err != nil {
		return Reply{}, err
	}
	w := v.compose(r, both("Search: %s", "Recherche : %s", clip(query)).In(r.Lang))
	found := both("%d entries found", "%d entrées trouvées", len(hits))
	if len(hits) == 1 {
		found = both("1 entry found", "1 entrée trouvée")
	}
	found = paged(found, page, pages)
	w.add(remark(w.say(found) + "."))
	var topics [][]string
	for _, id := range hits[lo:hi] {
		topics = append(topics, w.hit(r, id))
	}
	w.reply.AsOf = v.oldestAsOf(topics...)
	w.reply.Buttons = append(w.reply.Buttons, turners(r, page, pages, 1)...)
	return w.reply, nil
}

// hit shows one thing found, with a button that opens it, and returns its topics.
func (w *composer) hit(r Request, id briefings.ID) []string {
	open := func(label briefings.Text) {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(label), w.opens(r, id), 0))
	}
	switch id.Kind() {
	case briefings.KindEvent:
		e := w.x.Event(id.Slug())
		w.add(w.event(e))
		open(e.Title)
		return e.Topics
	case briefings.KindTopic:
		t := w.topic(id.Slug())
		w.item(id)
		w.passage(t, briefings.SectionKind(id.Part()), r.Option("query"))
		open(t.Name)
		return []string{t.Slug}
	default:
		w.item(id)
		text, sources := w.about(id)
		w.add(Block{Kind: Fact, Label: w.say(w.name(id)), Spans: w.cite([]Span{plain(w.say(text))}, sources...)})
		open(w.name(id))
		return w.refs[id]
	}
}

// lead shows the first paragraph of a topic under its name.
func (w *composer) lead(t *briefings.Topic) {
	s := t.Section(w.lang, briefings.Summary)
	if s == nil && len(t.Sections[w.lang]) > 0 {
		s = &t.Sections[w.lang][0]
	}
	if s != nil && len(s.Blocks) > 0 {
		w.add(Block{Kind: Fact, Label: w.say(t.Name), Spans: w.spans(s.Blocks[0].Spans)})
	}
}

// passage shows the block of a section that has most of the words.
func (w *composer) passage(t *briefings.Topic, kind briefings.SectionKind, query string) {
	s := t.Section(w.lang, kind)
	if s == nil {
		w.lead(t)
		return
	}
	var best *briefings.Block
	most := -1
	for i := range s.Blocks {
		text, n := "", 0
		for _, sp := range s.Blocks[i].Spans {
			text += sp.Text
		}
		text = " " + briefings.Fold(text) + " "
		for word := range strings.FieldsSeq(briefings.Fold(query)) {
			if strings.Contains(text, " "+word) {
				n++
			}
		}
		if n > most {
			best, most = &s.Blocks[i], n
		}
	}
	w.add(Block{Kind: Fact, Label: w.say(t.Name) + " · " + w.say(sectionNames[kind]), Spans: w.spans(best.Spans)})
}

// search finds items by their text, the best first, each once; of a topic the
// section that fits best.
func (v *view) search(words string, lang briefings.Lang, limit int) []briefings.ID {
	var out []briefings.ID
	seen := map[briefings.ID]bool{}
	hits := v.x.SearchAt(cut(words, 500), lang, limit, v.at)
	for _, other := range briefings.Langs { // words of the other language are understood too
		if len(hits) == 0 && other != lang {
			hits = v.x.SearchAt(cut(words, 500), other, limit, v.at)
		}
	}
	for _, h := range hits {
		if id := whole(h.ID); v.shows(id) && !seen[id] {
			seen[id] = true
			out = append(out, h.ID)
		}
	}
	return out
}

func (v *view) suggestedNames(typed string) []briefings.ID {
	var out []briefings.ID
	for _, m := range v.x.Near(cut(typed, 100), 3, briefings.KindTopic, briefings.KindActor, briefings.KindTerm) {
		if v.shows(m.ID) {
			out = append(out, m.ID)
		}
	}
	return out
}
