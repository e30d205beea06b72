package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

// framesOf are the frames of a text of which these parts are ours.
func (v *view) framesOf(parts []briefings.Part) *frames {
	f := &frames{v: v, related: map[briefings.ID]bool{}, called: map[string]bool{}}
	var ages []briefings.Date
	var things [][]string // the topics of each
	for _, p := range parts {
		id := whole(p.ID)
		if p.ID == "" || f.related[id] || id.Kind() == briefings.KindSource {
			continue
		}
		for _, c := range v.allFixes(id) {
			f.fixed = append(f.fixed, datesSaid(c.Date)...)
		}
		of := f.relate(id)
		if len(things) == 0 || id.Kind() == briefings.KindTopic { // what an answer is about comes first; of several briefings each says its own
			ages = append(ages, v.cardAges(id)...)
			for _, topics := range of {
				ages = append(ages, v.asOf(topics...))
			}
		}
		things = append(things, of...)
	}
	if len(things) == 0 {
		things = v.backed(parts)
		for _, t := range v.common(things) {
			f.related[t.ID()] = len(things) > 0
		}
	}
	ages = append(ages, v.agesOf(things)...)
	for _, d := range ages {
		f.newest = later(f.newest, d)
		for _, said := range datesSaid(d) {
			f.dates = appendNew(f.dates, said)
		}
	}
	for id, is := range f.related {
		if !is {
			continue
		}
		for _, lang := range briefings.Langs {
			f.called[briefings.Fold(v.name(id).In(lang))] = true
		}
	}
	return f
}

// agesOf are the dates that answers about all these things bear: that of a
// topic they have in common, else the oldest, or the newest of the pack.
func (v *view) agesOf(things [][]string) []briefings.Date {
	if len(things) == 0 {
		return nil
	}
	out := []briefings.Date{v.oldestAsOf(things...)}
	common := v.common(things)
	for _, t := range common {
		out = append(out, t.AsOf)
	}
	if len(common) == 0 && len(things) > 1 {
		out = append(out, v.newest)
	}
	return out
}

// common are the topics that each of the things has.
func (v *view) common(things [][]string) []*briefings.Topic {
	var out []*briefings.Topic
	for _, t := range v.topics {
		if !slices.ContainsFunc(things, func(topics []string) bool { return !slices.Contains(topics, t.Slug) }) {
			out = append(out, t)
		}
	}
	return out
}

// cardAges are the dates that the card of an actor or a term may bear.
func (v *view) cardAges(id briefings.ID) []briefings.Date {
	if id.Kind() != briefings.KindActor && id.Kind() != briefings.KindTerm {
		return nil
	}
	things := v.covering(id)
	out := []briefings.Date{v.oldestAsOf(things...)}
	events := v.actors[id.Slug()]
	for _, e := range events[:min(latestOfCard, len(events))] {
		things = append(things, e.Topics)
	}
	return append(out, v.oldestAsOf(things...))
}

// backed are the topics of what each source in a text backs.
func (v *view) backed(parts []briefings.Part) [][]string {
	var out [][]string
	for _, p := range parts {
		if p.ID.Kind() != briefings.KindSource {
			continue
		}
		var topics []string
		of := &frames{v: v, related: map[briefings.ID]bool{}}
		for _, id := range v.x.Citing(p.ID.Slug()) {
			topics = append(topics, slices.Concat(of.relate(whole(id))...)...)
		}
		out = append(out, topics)
	}
	return out
}

// relate notes what an item is about and returns the topics of what an answer
// about it shows.
func (f *frames) relate(id briefings.ID) [][]string {
	note := func(kind briefings.Kind, slugs ...string) {
		for _, s := range slugs {
			f.related[briefings.MakeID(kind, s)] = true
		}
	}
	f.related[id] = true
	switch id.Kind() {
	case briefings.KindTopic:
		for item, topics := range f.v.refs {
			if slices.Contains(topics, id.Slug()) {
				f.related[item] = true
			}
		}
		return [][]string{{id.Slug()}}
	case briefings.KindEvent:
		e := f.v.x.Event(id.Slug())
		if e == nil {
			return nil
		}
		note(briefings.KindTopic, e.Topics...)
		note(briefings.KindActor, e.Actors...)
		return [][]string{e.Topics}
	}
	note(briefings.KindTopic, f.v.refs[id]...)
	if t := f.v.briefingOn(id); t != nil {
		note(briefings.KindTopic, t.Slug)
		return [][]string{{t.Slug}}
	}
	if things := f.v.covering(id); len(things) > 0 {
		return things
	}
	return [][]string{nil} // as old as the pack
}

// ages are the lines that say how old each briefing is.
func (v *view) ages() []string {
	var out []string
	for _, t := range v.topics {
		for _, lang := range briefings.Langs {
			out = appendNew(out, asOf(lang, t.AsOf))
		}
	}
	return out
}

func datesSaid(d briefings.Date) []string {
	return []string{briefings.Fold(d.In(briefings.EN)), briefings.Fold(d.In(briefings.FR))}
}

// passed reports whether a line such as "as of 2 may 2026" gives a date before
// those of the briefings that the text is about.
func (f *frames) passed(line string) bool {
	d, ok := briefings.DateIn(line)
	if !ok || d.Last().Compare(f.newest.Last()) >= 0 {
		return false
	}
	for _, said := range datesSaid(d) {
		if strings.HasSuffix(line, " "+said) {
			return true
		}
	}
	return false // such as the 39th
}

// misnamed reports whether a heading names another briefing than the one that
// stands beneath it, by how old that is and by its text.
func (v *view) misnamed(heading string, beneath []briefings.Part) bool {
	topics := v.headed(heading)
	for _, p := range beneath {
		fits := func(t *briefings.Topic) bool {
			switch {
			case p.Kind == briefings.PartFrame && isAge(p.Text):
				return slices.Contains(datesSaid(t.AsOf), ageSaid(p.Text))
			case p.ID.Kind() == briefings.KindTopic && p.ID.Part() != "":
				return whole(p.ID) == t.ID() || v.x.Says(t.ID(), p.Ours)
			}
			return true
		}
		if len(topics) > 0 && !slices.ContainsFunc(topics, fits) {
			return true
		}
		if p.Kind != briefings.PartForeign && p.Kind != briefings.PartFrame {
			return false
		}
	}
	return false
}

// ageSaid is the date in a line that says how old an answer is, folded.
func ageSaid(line string) string {
	words := strings.Fields(briefings.Fold(line))
	m := aged.FindStringSubmatch(general(words))
	if m == nil {
		return ""
	}
	n := len(strings.Fields(m[0]))
	return strings.Join(words[n-len(strings.Fields(m[1])):n], " ")
}

// headed are the topics whose name a heading ends with, before the name of a
// section; none where it names several.
func (v *view) headed(heading string) []*briefings.Topic {
	words := briefings.Fold(heading)
	for _, name := range sectionNames {
		for _, lang := range briefings.Langs {
			if cut, ok := strings.CutSuffix(words, " "+briefings.Fold(name.In(lang))); ok {
				words = cut
			}
		}
	}
	var out []*briefings.Topic
	longest := ""
	names := func(visit func(t *briefings.Topic, name string)) {
		for _, t := range v.topics {
			for _, lang := range briefings.Langs {
				visit(t, briefings.Fold(t.Name.In(lang)))
			}
		}
	}
	names(func(t *briefings.Topic, name string) {
		if !strings.HasSuffix(" "+words, " "+name) || len(name) < len(longest) {
			return
		}
		if len(name) > len(longest) {
			out, longest = nil, name
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	})
	before := " " + strings.TrimSuffix(words, longest)
	names(func(_ *briefings.Topic, name string) {
		if strings.Contains(before, " "+name+" ") {
			out = nil
		}
	})
	return out
}

// marksOf are the marks that may stand behind a part, folded: whom its sources
// speak for, and how sure it is.
func (v *view) marksOf(p briefings.Part) map[string]bool {
	m := map[string]bool{}
	add := func(texts ...briefings.Text) {
		for _, t := range texts {
			for _, lang := range briefings.Langs {
				m[briefings.Fold(t.In(lang))] = true
			}
		}
	}
	add(inOther)
	for _, slug := range p.Sources {
		s := v.x.Source(slug)
		if s == nil {
			continue
		}
		add(v.x.Pack().Publishes(s))
		if s.Kind == briefings.StateMedia {
			add(labelOfEach(func(l Labels) string { return l.StateMedia }))
		}
		if s.Grade == briefings.GradeC {
			add(labelOfEach(func(l Labels) string { return l.Unconfirmed }))
		}
		if o := v.x.Source(s.Repeats); o != nil {
			add(repeats(o))
		}
	}
	if e := v.x.Event(p.ID.Slug()); p.ID.Kind() == briefings.KindEvent && e != nil && e.Confidence == briefings.Low {
		add(lowConfidence)
	}
	delete(m, "")
	return m
}

func labelOfEach(f func(Labels) string) briefings.Text {
	return briefings.Text{EN: f(Words(briefings.EN)), FR: f(Words(briefings.FR))}
}
