package commands

import (
	"context"
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
			{Name: "since", Names: both("since", "depuis"), Summary: both("From when on: 2024-09, yesterday, last month", "Depuis quand : 2024-09, hier, mois dernier"), Takes: c.isDate},
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
	if name, from, _ := splitDates(v, r, r.Option("topic")); from != "" && r.Option("since") == "" {
		r.Options = withOptions(r.Options, "topic", name, "since", from)
	}
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
		if p.IsZero() {
			return Reply{}, badDate(r, "since", s)
		}
		f.from, changed = p.First, r.midnight(p.First)
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
		touched, err := c.newsList(ctx, w, news)
		if err != nil {
			return Reply{}, err
		}
		topics = append(topics, touched...)
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
		e.Say = both("%s The newest event is of %s.%s", "%s Le plus récent : %s.%s", e.Say, inWords(d), v.reach(f.topic, f.from, f.from))
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
