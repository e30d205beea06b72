package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"griot/briefings"
)

// digestEvents is how many of the newest events a first digest shows.
const digestEvents = 5

// Digest is what a subscription is sent for a window: the first one the state
// of affairs, later ones what changed, corrections first. When nothing did it
// is [ErrQuiet], or one line for those who want it.
func (c *Core) Digest(ctx context.Context, s Subscription, window Window, now time.Time) (Reply, error) {
	v := c.view()
	r := Request{Command: "digest", Lang: s.Lang, Now: now, Place: Place{Destination: s.To}}
	if r.Lang != briefings.FR {
		r.Lang = briefings.EN
	}
	var topics []*briefings.Topic
	for _, t := range v.topics {
		if slices.Contains(s.Topics, t.Slug) {
			topics = append(topics, t)
		}
	}
	if len(topics) == 0 {
		return Reply{}, ErrQuiet // none of its topics is published any more
	}
	w := v.compose(r, both("Digest: %s", "Le point : %s", v.titleNames(topics)).In(r.Lang))
	if window.From.IsZero() {
		w.affairs(topics)
	} else if err := c.changed(ctx, w, s, topics, window); err != nil {
		return Reply{}, err
	}
	w.reply.Stays = true
	w.reply.Command, w.reply.Lang, w.reply.AsOf = "digest", r.Lang, v.asOf(topicSet(topics...)...)
	for i, t := range topics {
		if i < 5 {
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), Request{Command: t.Command}.again("lang", string(r.Lang)), 0))
		}
	}
	stop := button(Words(r.Lang).Stop, digestLine("stop", s.ID), 1)
	stop.Style = Danger
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(subLabels["why"]), digestLine("why", s.ID), 1), stop)
	if s.TextOnly {
		w.reply = textOnly(w.reply)
	}
	return v.stamped(w.reply), nil
}

// titleNames names topics as far as a title holds them.
func (v *view) titleNames(topics []*briefings.Topic) briefings.Text {
	if n := len(topics) - 4; n > 0 && len(topics) < len(v.topics) {
		return both("%s and %d more", "%s et %d autres", v.topicNames(topicSet(topics[:4]...)), n)
	}
	return v.topicNames(topicSet(topics...))
}

// affairs tells how things stand: each topic's summary, then the newest events.
func (w *composer) affairs(topics []*briefings.Topic) {
	var events []*briefings.Event
	for _, t := range topics {
		w.topicHeading(t)
		w.item(t.ID())
		s := t.Section(w.lang, briefings.Summary)
		if s == nil && len(t.Sections[w.lang]) > 0 {
			s = &t.Sections[w.lang][0]
		}
		if s != nil {
			w.prose(s.Blocks)
		}
		for _, e := range w.events[t.Slug][:min(digestEvents, len(w.events[t.Slug]))] {
			if !slices.Contains(events, e) {
				events = append(events, e)
			}
		}
	}
	slices.SortStableFunc(events, func(a, b *briefings.Event) int { return b.Date.Compare(a.Date) })
	if len(events) > 0 {
		w.add(heading(w.say(both("Newest events", "Événements les plus récents"))))
	}
	for _, e := range events[:min(digestEvents, len(events))] {
		w.add(w.event(e))
	}
}

// topicHeading names a topic and how old it is.
func (w *composer) topicHeading(t *briefings.Topic) {
	s := w.say(t.Name)
	if age := asOf(w.lang, t.AsOf); age != "" {
		s += " (" + lowerFirst(age) + ")"
	}
	w.add(heading(s))
}

// changed tells what is corrected, then what is new or updated, by topic.
func (c *Core) changed(ctx context.Context, w *composer, s Subscription, topics []*briefings.Topic, window Window) error {
	news, err := c.news(ctx, w.view, topicSet(topics...), window.From, window.To)
	if err != nil {
		return err
	}
	if len(news) == 0 && s.WhenQuiet != "brief" {
		return ErrQuiet
	}
	from := window.From.UTC()
	if z, err := time.LoadLocation(s.Zone); err == nil {
		from = from.In(z)
	}
	since := inWords(briefings.DateOf(from))
	if len(news) == 0 {
		w.add(remark(w.say(both("Nothing new in the briefings since %s.", "Rien de nouveau dans les dossiers depuis le %s.", since))))
		return nil
	}
	w.add(remark(w.say(both("Since %s: %s.", "Depuis le %s\u00a0: %s.", since, tallied(news)))))
	fixed := 0
	for fixed < len(news) && rank(news[fixed].Kind) <= rank(Retracted) {
		fixed++
	}
	if fixed > 0 {
		w.add(heading(w.say(both("Corrections", "Corrections"))))
		if _, err := c.newsList(ctx, w, news[:fixed]); err != nil {
			return err
		}
	}
	rest := news[fixed:]
	slices.SortStableFunc(rest, func(a, b Change) int { return w.weight(b) - w.weight(a) })
	w.full = map[briefings.ID]bool{}
	for _, ch := range rest[:min(max(0, inFull-fixed), len(rest))] {
		w.full[ch.ID] = true
	}
	for _, t := range w.gravest(topics, rest) {
		var mine, others []Change
		for _, ch := range rest {
			if slices.Contains(w.topicsOf(ch.ID), t.Slug) {
				mine = append(mine, ch)
			} else {
				others = append(others, ch)
			}
		}
		if len(mine) > 0 {
			w.topicHeading(t)
			if _, err := c.newsList(ctx, w, mine); err != nil {
				return err
			}
		}
		rest = others
	}
	return nil
}

// landmark is the importance of an event that nobody may miss.
const landmark = 3

// weight says how much a change matters to readers, the most first: what is
// new by its importance, a briefing that reads otherwise like what is notable.
func (v *view) weight(ch Change) int {
	switch e := v.x.Event(ch.ID.Slug()); {
	case ch.Kind == Added && ch.ID.Kind() == briefings.KindEvent && e != nil:
		return e.Importance
	case ch.ID.Kind() == briefings.KindTopic:
		return landmark - 1
	}
	return 1
}

// gravest is topics with those first of which there is a landmark.
func (v *view) gravest(topics []*briefings.Topic, news []Change) []*briefings.Topic {
	graver := func(t *briefings.Topic) bool {
		return slices.ContainsFunc(news, func(ch Change) bool {
			return v.weight(ch) == landmark && slices.Contains(v.topicsOf(ch.ID), t.Slug)
		})
	}
	first, last := []*briefings.Topic{}, []*briefings.Topic{}
	for _, t := range topics {
		if graver(t) {
			first = append(first, t)
		} else {
			last = append(last, t)
		}
	}
	return append(first, last...)
}

// tallied counts changes by what they are: "1 correction, 11 new".
func tallied(news []Change) briefings.Text {
	n := map[ChangeKind]int{}
	for _, ch := range news {
		n[ch.Kind]++
	}
	var out briefings.Text
	for _, k := range [...]struct {
		kind      ChangeKind
		one, many briefings.Text
	}{
		{Corrected, both("1 correction", "1 correction"), both("%d corrections", "%d corrections", n[Corrected])},
		{Retracted, both("1 withdrawn", "1 retrait"), both("%d withdrawn", "%d retraits", n[Retracted])},
		{Added, both("1 new", "1 nouveauté"), both("%d new", "%d nouveautés", n[Added])},
		{Updated, both("1 updated", "1 mise à jour"), both("%d updated", "%d mises à jour", n[Updated])},
	} {
		said := k.many
		if n[k.kind] == 1 {
			said = k.one
		}
		switch {
		case n[k.kind] == 0:
		case out == briefings.Text{}:
			out = said
		default:
			out = both("%s, %s", "%s, %s", out, said)
		}
	}
	return out
}

// digestPreview shows what a digest would say if it were sent now.
func (c *Core) digestPreview(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	reply, err := c.Digest(ctx, s, Window{From: s.Last, To: r.Now}, r.Now)
	if errors.Is(err, ErrQuiet) {
		reply = c.done(r, both("Nothing is new since the last digest, so nothing would be sent.", "Rien n’est nouveau depuis le dernier envoi : rien ne serait envoyé."))
		reply.Private = aside(r, true)
		return reply, nil
	}
	if err != nil {
		return Reply{}, err
	}
	reply.Private = aside(r, true)
	reply.Title = strings.TrimSpace(both("Preview", "Aperçu").In(reply.Lang) + Words(reply.Lang).colon + reply.Title)
	return reply, nil
}
