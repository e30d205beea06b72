package commands

import (
	"context"
	"slices"

	"griot/briefings"
)

const (
	searchPage = 5
	mostFound  = 100
)

func (c *Core) searchCommand() Command {
	return Command{
		Name: "search", Names: both("search", "chercher"),
		Summary: both("Search all the texts; typing errors and acronyms are understood", "Chercher dans tous les textes ; fautes et sigles sont compris"),
		Options: []Option{
			{Name: "query", Names: both("query", "mots"), Required: true, Prose: true, Summary: both("words to look for", "mots à chercher"), Complete: c.completeSearch},
			c.topicOption(), c.fromOption(), c.toOption(), c.actorOption(), kindOption(), langOption(), pageOption(),
		},
		Run: c.find,
	}
}

// completeSearch suggests names, then titles that hold what was typed.
func (c *Core) completeSearch(r Request, typed string) []Choice {
	if typed == "" {
		return nil
	}
	v := c.view()
	var out []Choice
	add := func(name briefings.Text) {
		ch := Choice{cut(name.In(r.Lang), 100), name}
		if !slices.ContainsFunc(out, func(o Choice) bool { return o.Value == ch.Value }) {
			out = append(out, ch)
		}
	}
	for _, m := range v.x.Near(typed, 10, briefings.KindTopic, briefings.KindActor, briefings.KindTerm, briefings.KindPlace) {
		add(m.Name)
	}
	for _, h := range v.search(v.typing(r, typed, 10)) {
		add(v.name(h.ID))
	}
	return out
}

// typing is the search for words half typed.
func (v *view) typing(r Request, typed string, limit int) briefings.Query {
	return briefings.Query{Question: briefings.Question{Text: typed, Lang: r.Lang, Today: r.today(), Now: v.at, Typing: true}, Limit: limit}
}

func (c *Core) find(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	r, f, err := c.readFilter(v, r)
	if err != nil {
		return Reply{}, err
	}
	query := r.Option("query")
	hits := v.search(briefings.Query{
		Question: briefings.Question{Text: cut(query, longestAsked), Lang: r.Lang, Today: r.today(), Now: v.at}, Filter: f.selection(), Limit: mostFound,
	})
	if len(hits) == 0 {
		return Reply{}, v.nothingFound(r, f)
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
	found = paged(both("%s%s", "%s%s", found, f.conditions()), page, pages)
	w.add(remark(w.say(found) + "."))
	marker := v.x.Marker(cut(query, longestAsked), r.Lang)
	var topics [][]string
	for _, h := range hits[lo:hi] {
		topics = append(topics, w.hit(r, h, marker))
	}
	w.reply.AsOf = v.oldestAsOf(topics...)
	w.reply.Buttons = append(w.reply.Buttons, turners(r, page, pages, 1)...)
	return w.reply, nil
}

// conditions say what a search was narrowed to, the topic included.
func (f filter) conditions() briefings.Text {
	t := f.describe()
	if f.topic != nil {
		t = both(", %s%s", ", %s%s", f.topic.Name, t)
	}
	return t
}

// nothingFound says so, and offers fewer conditions or other words.
func (v *view) nothingFound(r Request, f filter) error {
	query := r.Option("query")
	e := wrong("Nothing in the briefings matches “%s”%s. Try other words, or one of these.",
		"Rien dans les dossiers ne correspond à « %s »%s. Essayez d’autres mots, ou l’un de ceux-ci.", clip(query), f.conditions())
	if f != (filter{}) {
		e.offer(both("Without conditions", "Sans conditions"), r.again("topic", "", "from", "", "to", "", "kind", "", "actor", "", "page", ""))
	}
	for _, id := range v.suggestedNames(query) {
		e.offer(v.name(id), v.opens(r, id))
	}
	for i := 0; i < len(v.topics) && len(e.Try) < 3; i++ {
		e.offer(v.topics[i].Name, r.to(v.topics[i].Command))
	}
	return e
}

// hit shows one thing found, the words that it was found by standing out, with
// a button that opens it, and returns its topics.
func (w *composer) hit(r Request, h briefings.Hit, marker *briefings.Marker) (topics []string) {
	var b Block
	switch h.ID.Kind() {
	case briefings.KindEvent:
		e := w.x.Event(h.ID.Slug())
		b, topics = w.event(e), e.Topics
	case briefings.KindTopic:
		t := w.topic(h.ID.Slug())
		b, topics = w.paragraph(t, briefings.Excerpt{ID: h.ID, Block: h.Block}), []string{t.Slug}
	default:
		text, sources := w.about(h.ID)
		b, topics = Block{Kind: Fact, Label: w.say(w.name(h.ID)), Spans: w.cite([]Span{plain(w.say(text))}, sources...)}, w.refs[h.ID]
	}
	w.item(h.ID)
	b.Spans = w.marked(b.Spans, marker)
	for i := range b.Entries {
		b.Entries[i] = w.marked(b.Entries[i], marker)
	}
	w.add(b)
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(w.brief(h.ID)), w.opens(r, h.ID), 0))
	return topics
}

// marked makes the words that were found stand out.
func (w *composer) marked(spans []Span, marker *briefings.Marker) []Span {
	var out []Span
	for _, s := range spans {
		if s.Kind != Plain {
			out = append(out, s)
			continue
		}
		last := 0
		for _, m := range marker.Marks(s.Text, w.lang) {
			if m[0] > last {
				out = append(out, plain(s.Text[last:m[0]]))
			}
			out = append(out, strong(s.Text[m[0]:m[1]]))
			last = m[1]
		}
		if last < len(s.Text) {
			out = append(out, plain(s.Text[last:]))
		}
	}
	return out
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

// search finds items by their text, the best first; of a topic the paragraph
// that fits best. Words of the other language are understood too.
func (v *view) search(q briefings.Query) []briefings.Hit {
	hits := v.x.SearchFor(q)
	if len(hits) == 0 {
		q.Lang = other(q.Lang)
		hits = v.x.SearchFor(q)
	}
	var out []briefings.Hit
	seen := map[briefings.ID]bool{}
	for _, h := range hits {
		if id := whole(h.ID); v.shows(id) && !seen[id] {
			seen[id] = true
			out = append(out, h)
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
