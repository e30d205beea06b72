package commands

import (
	"testing"

	"griot/briefings"
)

// TestNoAnswerIsYoungerThanItsCoverage: cards and searches are dated no later
// than the briefing that covers what they show least far.
func TestNoAnswerIsYoungerThanItsCoverage(t *testing.T) {
	t.Parallel()
	p, _ := briefings.Load(briefings.Embedded(), testNow.AddDate(1, 0, 0))
	w := world{Core: coreOf(p)}
	v := w.view()
	late := func(line string, got, most briefings.Date) {
		if got.IsZero() || later(got, most) != most {
			t.Errorf("%s is as of %s, covered to %s", line, got, most)
		}
	}
	for _, d := range p.Terms {
		got := w.ask(t, briefings.EN, inGroup, "/define "+d.Slug).AsOf
		for _, slug := range v.refs[d.ID()] {
			late("/define "+d.Slug, got, v.topic(slug).AsOf)
		}
		if len(v.refs[d.ID()]) == 0 {
			late("/define "+d.Slug, got, v.oldest)
		}
	}
	for _, words := range []string{"blockade", "displaced people", "ransom", "Sahel", "gold", "Wagner"} {
		r := w.ask(t, briefings.EN, inGroup, `/search "`+words+`"`)
		for _, id := range r.Items {
			switch topic, event := v.topic(id.Slug()), v.x.Event(id.Slug()); {
			case id.Kind() == briefings.KindTopic && topic != nil:
				late(words, r.AsOf, topic.AsOf)
			case event != nil:
				late(words, r.AsOf, v.asOf(event.Topics...))
			}
		}
	}
}
