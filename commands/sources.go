package commands

import (
	"cmp"
	"context"
	"slices"

	"griot/briefings"
)

const sourcesPage = 15

func (c *Core) sourcesCommand() Command {
	topic := c.topicOption()
	topic.Required, topic.Summary = true, both("briefing whose sources to list", "dossier dont lister les sources")
	return Command{
		Name: "sources", Names: same("sources"),
		Summary: both("Where a briefing’s facts come from, with grades", "D’où viennent les faits d’un dossier, avec leur note"),
		Options: []Option{topic, langOption(), pageOption()},
		Run:     c.sources,
	}
}

var grades = map[briefings.Grade]briefings.Text{
	briefings.GradeA: both("primary or established", "primaire ou établie"),
	briefings.GradeB: both("republished or smaller", "republiée ou plus modeste"),
	briefings.GradeC: both("weak, shown as unconfirmed", "faible, donnée comme non confirmée"),
}

// sources lists what a topic and its events rest on, the strongest first.
func (c *Core) sources(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	t, err := c.findTopic(v, r, "topic", r.Option("topic"))
	if err != nil {
		return Reply{}, err
	}
	r.Options = withOptions(r.Options, "topic", t.Slug)
	all := v.sourcesOf(t)
	lo, hi, page, pages, err := pageOf(r, len(all), sourcesPage)
	if err != nil {
		return Reply{}, err
	}
	w := v.compose(r, both("Sources: %s", "Sources : %s", t.Name).In(r.Lang))
	w.reply.AsOf = t.AsOf
	w.item(t.ID())
	counts := map[briefings.Grade]int{}
	for _, s := range all {
		counts[s.Grade]++
	}
	intro := both("The briefing and its events rest on %d sources: %d of grade A, %d of B, %d of C", "Le dossier et ses événements reposent sur %d sources : %d de note A, %d de B, %d de C",
		len(all), counts[briefings.GradeA], counts[briefings.GradeB], counts[briefings.GradeC])
	intro = paged(intro, page, pages)
	w.add(remark(w.say(intro) + "."))
	var b Block
	for _, s := range all[lo:hi] {
		if label := w.say(both("Grade %s", "Note %s", string(s.Grade))); b.Label != label {
			if b.Label != "" {
				w.add(b)
			}
			b = Block{Kind: Fact, Label: label, Spans: []Span{{Kind: Emphasis, Text: w.say(grades[s.Grade]) + " "}}}
		}
		b.Spans = append(b.Spans, w.citation(s.Slug)...)
		w.item(briefings.MakeID(briefings.KindSource, s.Slug))
	}
	if b.Label != "" {
		w.add(b)
	}
	w.reply.Buttons = append(turners(r, page, pages, 0), button(w.say(t.Name), r.to(t.Command), 1))
	return w.reply, nil
}

// sourcesOf collects the sources of a topic's prose and events, by grade, the
// newest of a grade first.
func (v *view) sourcesOf(t *briefings.Topic) []*briefings.Source {
	if known, ok := v.lists.sources.Load(t.Slug); ok {
		return known.([]*briefings.Source)
	}
	seen := map[string]bool{}
	var out []*briefings.Source
	add := func(slugs ...string) {
		for _, slug := range slugs {
			if s := v.x.Source(slug); s != nil && !seen[slug] {
				seen[slug] = true
				out = append(out, s)
			}
		}
	}
	for _, lang := range briefings.Langs {
		for _, s := range t.Sections[lang] {
			for _, b := range s.Blocks {
				for _, sp := range b.Spans {
					add(sp.Cites...)
				}
			}
		}
	}
	for _, e := range v.events[t.Slug] {
		add(e.Sources...)
		for _, cl := range e.Claims {
			add(cl.Sources...)
		}
	}
	slices.SortStableFunc(out, func(a, b *briefings.Source) int {
		return cmp.Or(cmp.Compare(a.Grade, b.Grade), b.Date.Compare(a.Date))
	})
	v.lists.sources.Store(t.Slug, out)
	return out
}
