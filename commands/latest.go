package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/briefings"
)

const latestEvents = 5

func (c *Core) latestCommand() Command {
	return Command{
		Name: "latest", Names: both("latest", "nouveautes"),
		Summary: both("The newest events, and what changed in the briefings", "Les événements les plus récents, et ce qui a changé dans les dossiers"),
		Options: []Option{
			c.topicOption(),
			{Name: "since", Names: both("since", "depuis"), Summary: both("From when on: 2024-09, yesterday, last month", "Depuis quand : 2024-09, hier, mois dernier")},
			langOption(), pageOption(),
		},
		Run: c.latest,
	}
}

// latest shows what changed in the briefings, then the newest events.
func (c *Core) latest(ctx context.Context, r Request) (Reply, error) {
	v := c.view()
	var t *briefings.Topic
	var f filter
	var err error
	if name := r.Option("topic"); name != "" {
		if t, err = c.findTopic(v, r, "topic", name); err != nil {
			return Reply{}, err
		}
		r.Options = withOptions(r.Options, "topic", t.Slug)
		f.topic = t
	}
	changed := r.Now.AddDate(0, 0, -7)
	if s := r.Option("since"); s != "" {
		p := readPeriod(s, r)
		if !p.ok() {
			return Reply{}, badDate(r, "since", s)
		}
		f.from, changed = p.first, r.midnight(p.first)
	}
	news, err := c.news(ctx, v, topicSet(t), changed, r.Now)
	if err != nil {
		return Reply{}, err
	}
	events := f.apply(v)
	if len(events) == 0 && len(news) == 0 {
		return Reply{}, f.nothingSince(v, r)
	}
	lo, hi, page, pages, err := pageOf(r, len(events), latestEvents)
	if err != nil {
		return Reply{}, err
	}
	title := both("Latest", "Dernières nouvelles")
	if t != nil {
		title = both("Latest: %s", "Dernières nouvelles : %s", t.Name)
	}
	w := v.compose(r, title.In(r.Lang))
	var topics []string
	if len(news) > 0 && page == 1 {
		w.add(heading(w.say(both("Changed in the briefings", "Changements dans les dossiers"))))
		topics = append(topics, w.newsList(news)...)
	}
	if lo < hi {
		w.add(heading(w.say(both("Newest events", "Événements les plus récents"))))
	}
	for _, e := range events[lo:hi] {
		if !slices.Contains(w.reply.Items, e.ID()) {
			w.add(w.event(e))
		}
		topics = append(topics, e.Topics...)
	}
	if t != nil {
		topics = []string{t.Slug}
	}
	w.reply.AsOf = v.asOf(topics...)
	w.reply.Buttons = turners(r, page, pages, 0)
	if t != nil {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), r.to(t.Command), 1))
	}
	return w.reply, nil
}

// nothingSince offers the newest event there is.
func (f filter) nothingSince(v *view, r Request) error {
	e := wrong("Nothing is recorded since %s.", "Rien n’est enregistré depuis le %s.", inWords(f.from))
	any := f
	any.from = briefings.Date{}
	if events := any.apply(v); len(events) > 0 {
		d := events[0].Date
		e.Say = both("%s The newest event is of %s.", "%s Le plus récent : %s.", e.Say, inWords(d))
		e.offer(inWords(d), r.again("since", d.String(), "page", ""))
	}
	return e.offer(both("All dates", "Toutes les dates"), r.again("since", "", "page", ""))
}

// midnight is the instant the asker's day begins.
func (r Request) midnight(d briefings.Date) time.Time {
	zone := r.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, zone)
}

func topicSet(topics ...*briefings.Topic) []string {
	var out []string
	for _, t := range topics {
		if t != nil {
			out = append(out, t.Slug)
		}
	}
	return out
}

// news are the changes seen in [from, to) to items of these topics, or of all
// published ones when there are none: one for each item, corrections first,
// then the newest. Of an item changed several times a correction outweighs.
func (c *Core) news(ctx context.Context, v *view, topics []string, from, to time.Time) ([]Change, error) {
	if c.changes == nil {
		return nil, nil
	}
	all, err := c.changes.Between(ctx, from, to)
	if err != nil {
		return nil, fmt.Errorf("changes from %s: %w", from.Format(time.RFC3339), err)
	}
	if len(topics) == 0 {
		topics = topicSet(v.topics...)
	}
	at := map[briefings.ID]int{}
	var out []Change
	for _, ch := range all { // newest first
		ch.ID = whole(ch.ID)
		if i, ok := at[ch.ID]; ok {
			out[i].Kind = weigh(out[i].Kind, ch.Kind)
			continue
		}
		if ch.Kind == Retracted || v.concerns(ch, topics) {
			at[ch.ID] = len(out)
			out = append(out, ch)
		}
	}
	out = slices.DeleteFunc(out, func(ch Change) bool { return ch.Kind == "" })
	slices.SortStableFunc(out, func(a, b Change) int { return rank(a.Kind) - rank(b.Kind) })
	return out, nil
}

// weigh merges a change with one before it. What came and went is no news.
func weigh(newer, older ChangeKind) ChangeKind {
	switch {
	case newer == "" || newer == Retracted && older == Added:
		return ""
	case newer == Retracted:
		return Retracted
	case newer == Corrected || older == Corrected:
		return Corrected
	case older == Added:
		return Added
	case older == Retracted:
		return Updated
	}
	return newer
}

func rank(k ChangeKind) int {
	return slices.Index([]ChangeKind{Corrected, Retracted, Added, Updated}, k)
}

// concerns reports whether a change is of an item that these topics hold.
func (v *view) concerns(ch Change, topics []string) bool {
	if !v.shows(ch.ID) {
		return false
	}
	return slices.ContainsFunc(v.topicsOf(ch.ID), func(s string) bool { return slices.Contains(topics, s) }) ||
		ch.Kind == Corrected && len(v.topicsOf(ch.ID)) == 0
}

// topicsOf names the topics an item belongs to: an actor to those of its
// events, a term to those whose prose refers to it.
func (v *view) topicsOf(id briefings.ID) []string {
	var out []string
	switch id.Kind() {
	case briefings.KindTopic:
		out = append(out, id.Slug())
	case briefings.KindEvent:
		if e := v.x.Event(id.Slug()); e != nil {
			out = e.Topics
		}
	case briefings.KindActor:
		for _, e := range v.actors[id.Slug()] {
			for _, t := range e.Topics {
				out = appendNew(out, t)
			}
		}
	}
	for _, t := range v.refs[id] {
		out = appendNew(slices.Clip(out), t)
	}
	return out
}

// newsList shows changes, corrections first, and returns the topics they touch.
func (w *composer) newsList(news []Change) []string {
	var topics []string
	for _, ch := range news {
		w.change(ch)
		topics = append(topics, w.topicsOf(ch.ID)...)
	}
	return topics
}

var changeNames = map[ChangeKind]briefings.Text{
	Added: both("New", "Nouveau"), Updated: both("Updated", "Mis à jour"),
	Corrected: both("Corrected", "Corrigé"), Retracted: both("Withdrawn", "Retiré"),
}

// change shows one change and the text as it reads now.
func (w *composer) change(ch Change) {
	label := w.say(changeNames[ch.Kind])
	switch e := w.x.Event(ch.ID.Slug()); {
	case ch.Kind == Retracted:
		w.add(remark(label + Words(w.lang).colon + string(ch.ID)))
	case ch.ID.Kind() == briefings.KindEvent && e != nil:
		b := w.event(e)
		b.Label = label + " · " + b.Label
		w.add(b)
	case ch.ID.Kind() == briefings.KindTopic:
		t := w.topic(ch.ID.Slug())
		w.item(ch.ID)
		w.lead(t)
		last := &w.reply.Blocks[len(w.reply.Blocks)-1]
		last.Label = label + " · " + w.say(t.Name)
		last.Entries = append(last.Entries, w.corrections(t.Corrections, leadSources(t))...)
	default:
		w.item(ch.ID)
		text, sources := w.about(ch.ID)
		w.add(Block{
			Kind: Fact, Label: label + " · " + w.say(w.name(ch.ID)),
			Spans: w.cite([]Span{plain(w.say(text))}, sources...), Entries: w.corrections(w.fixes(ch.ID), sources),
		})
	}
}

// leadSources are what the first paragraph of a topic rests on.
func leadSources(t *briefings.Topic) []string {
	var out []string
	for _, s := range t.Sections[briefings.EN] {
		for _, sp := range s.Blocks[0].Spans {
			out = append(out, sp.Cites...)
		}
		return out
	}
	return nil
}
