package commands

import (
	"context"
	"maps"
	"strings"

	"griot/briefings"
)

const timelinePage = 4

func (c *Core) timelineCommand() Command {
	return Command{
		Name: "timeline", Names: both("timeline", "chronologie"),
		Summary: both("Dated events, newest first", "Les événements datés, du plus récent au plus ancien"),
		Example: both("/timeline from:2024-01 to:2024-12", "/chronologie debut:2024-01 fin:2024-12"),
		Options: []Option{
			c.topicOption(),
			c.fromOption(), c.toOption(), c.dayOption(),
			{
				Name: "country", Names: both("country", "pays"), Summary: both("Country or place, by name or ISO code", "Pays ou lieu, par son nom ou son code ISO"),
				Complete: c.completeCountry, Takes: c.isCountry,
			},
			c.actorOption(), kindOption(),
			langOption(), pageOption(),
			{Name: "event", Names: both("event", "evenement"), Summary: both("One event, by its id", "Un seul événement, par son identifiant"), Hidden: true},
		},
		Run: c.timeline,
	}
}

var kindLabels = map[string]briefings.Text{
	"attack": both("attack", "attaque"), "coup": both("coup", "coup d’État"), "election": both("election", "élection"),
	"agreement": both("agreement", "accord"), "withdrawal": both("withdrawal", "retrait"), "mission": both("mission", "mission"),
	"sanction": both("sanction", "sanction"), "diplomatic": both("diplomacy", "diplomatie"), "economic": both("economy", "économie"),
	"humanitarian": both("humanitarian", "humanitaire"), "judicial": both("justice", "justice"),
	"military-operation": both("military operation", "opération militaire"), "political": both("politics", "politique"),
	"human-rights": both("human rights", "droits humains"),
}

func kindChoices() []Choice {
	var out []Choice
	for _, k := range briefings.EventKinds {
		label, ok := kindLabels[k]
		if !ok {
			label = same(k)
		}
		out = append(out, Choice{k, label})
	}
	return out
}

// timeline shows events, or the one event asked for.
func (c *Core) timeline(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	if id := r.Option("event"); id != "" {
		return c.oneEvent(v, r, id)
	}
	r, f, err := c.readFilter(v, r)
	if err != nil {
		return Reply{}, err
	}
	events := f.apply(v)
	if len(events) == 0 {
		return Reply{}, f.nothing(v, r)
	}
	lo, hi, page, pages, err := pageOf(r, len(events), timelinePage)
	if err != nil {
		return Reply{}, err
	}
	title := both("Timeline", "Chronologie")
	if f.topic != nil {
		title = both("Timeline: %s", "Chronologie : %s", f.topic.Name)
	}
	w := v.compose(r, title.In(r.Lang))
	w.add(remark(f.found(len(events), page, pages).In(r.Lang)))
	var topics []string
	for _, e := range events[lo:hi] {
		w.add(w.event(e))
		topics = append(topics, e.Topics...)
	}
	if about := f.about(v); about != "" {
		topics = []string{about}
	}
	w.reply.AsOf = v.asOf(topics...)
	w.reply.Buttons = turners(r, page, pages, 0)
	if f.topic != nil {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(f.topic.Name), r.to(f.topic.Command), 1))
	}
	return w.reply, nil
}

func (c *Core) oneEvent(v *view, r Request, id string) (Reply, error) {
	slug := strings.TrimPrefix(id, "event:")
	slug, _, _ = strings.Cut(slug, "#")
	e := v.x.Event(slug)
	if e == nil {
		return Reply{}, wrong("There is no event “%s” here, or no longer.", "Il n’y a pas, ou plus, d’événement « %s » ici.", clip(id)).
			try(r.again("event", ""))
	}
	w := v.compose(r, e.Title.In(r.Lang))
	w.add(w.event(e))
	w.reply.AsOf = v.asOf(e.Topics...)
	for _, slug := range e.Topics {
		if t := v.topic(slug); t != nil && len(w.reply.Buttons) < 5 {
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), r.to(t.Command), 0))
		}
	}
	return w.reply, nil
}

// filter is what a reader wants of the events.
type filter struct {
	topic     *briefings.Topic
	from, to  briefings.Date // full dates, zero for open
	day       briefings.Date // a day of any year, zero for all
	country   string
	place     string
	placeName briefings.Text
	actor     *briefings.Actor
	kind      string
}

// readFilter reads the options. Dates that were typed among the words of the
// topic move to where they belong, so it returns the request as understood.
func (c *Core) readFilter(v *view, r Request) (Request, filter, error) {
	var f filter
	var err error
	if name := r.Option("topic"); name != "" {
		rest, from, to := splitDates(v, r, name)
		if (from != "" || to != "") && r.Option("from") == "" && r.Option("to") == "" {
			name = rest
			r.Options = withOptions(r.Options, "topic", name, "from", from, "to", to)
		}
		if name != "" {
			if f.topic, err = c.findTopic(v, r, "topic", name); err != nil {
				return r, f, err
			}
			r.Options = withOptions(r.Options, "topic", f.topic.Slug)
		}
	}
	if s := r.Option("from"); s != "" {
		p := readPeriod(s, r)
		if f.from = p.First; p.IsZero() {
			return r, f, badDate(r, "from", s)
		}
	}
	if s := r.Option("to"); s != "" {
		p := readPeriod(s, r)
		if f.to = p.Last; p.IsZero() {
			return r, f, badDate(r, "to", s)
		}
	}
	if !f.from.IsZero() && !f.to.IsZero() && f.from.Compare(f.to) > 0 {
		return r, f, wrong("The first date, %s, is after the last, %s. Did you mean them the other way round?",
			"La première date, %s, est après la dernière, %s. Vouliez-vous les dire dans l’autre sens ?", clip(r.Option("from")), clip(r.Option("to"))).
			offer(same(clip(r.Option("to"))+" – "+clip(r.Option("from"))), r.again("from", r.Option("to"), "to", r.Option("from"), "page", ""))
	}
	if s := r.Option("day"); s != "" {
		if f.day = readDay(s, r); f.day.IsZero() {
			return r, f, badDay(r, s)
		}
		r.Options = withOptions(r.Options, "day", figures(f.day))
	}
	if f.country, f.place, f.placeName, err = v.findCountry(r, r.Option("country")); err != nil {
		return r, f, err
	}
	if f.actor, err = v.findActor(r, r.Option("actor")); err != nil {
		return r, f, err
	}
	f.kind = r.Option("kind")
	return r, f, nil
}

func inWords(d briefings.Date) briefings.Text {
	return briefings.Text{EN: d.In(briefings.EN), FR: d.In(briefings.FR)}
}

func withOptions(opts map[string]string, pairs ...string) map[string]string {
	out := make(map[string]string, len(opts)+len(pairs)/2)
	maps.Copy(out, opts)
	for i := 0; i+1 < len(pairs); i += 2 {
		if out[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(out, pairs[i])
		}
	}
	return out
}

// apply returns the events the filter lets through, newest first.
func (f filter) apply(v *view) []*briefings.Event {
	events := v.x.Events()
	if f.topic != nil {
		events = v.events[f.topic.Slug]
	}
	if f == (filter{topic: f.topic}) {
		return events
	}
	events = v.x.Select(f.selection())
	if !f.day.IsZero() {
		events = onDay(events, f.day)
	}
	return events
}

// about is the slug of the briefing on what is asked for, or "": how far that
// one goes is how old the answer is, whatever else its events touch.
func (f filter) about(v *view) string {
	switch {
	case f.topic != nil:
		return f.topic.Slug
	case f.country != "" || f.place != "":
		for _, m := range v.x.Find(f.placeName.EN, briefings.KindTopic) {
			if t := v.topic(m.ID.Slug()); t != nil {
				return t.Slug
			}
		}
	case f.actor != nil:
		for _, t := range v.topics {
			if t.Slug == f.actor.Slug || t.Command == f.actor.Slug {
				return t.Slug
			}
		}
	}
	return ""
}

func (f filter) selection() briefings.Filter {
	s := briefings.Filter{Place: f.place, Country: f.country, Kind: f.kind, From: f.from, To: f.to}
	if f.topic != nil {
		s.Topic = f.topic.Slug
	}
	if f.actor != nil {
		s.Actor = f.actor.Slug
	}
	return s
}

// lastDay is the last day an event may have touched.
func lastDay(e *briefings.Event) briefings.Date {
	if e.End.IsZero() {
		return e.Date.Last()
	}
	return e.End.Last()
}
