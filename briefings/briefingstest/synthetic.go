package briefingstest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"griot/briefings"
)

// Synthetic returns a made-up pack of n items for benchmarks, the same for the
// same n: about nine events in ten, the rest actors, terms and places, with
// fifteen topics and one source for every ten items beside them. Words follow
// Zipf's law, as in any language, so look-ups cost what they would cost on text.
func Synthetic(n int) *briefings.Pack {
	s := &synth{rnd: rand.New(rand.NewPCG(1, uint64(n)))}
	for i := range min(4000+n/4, 40_000) {
		s.words = append(s.words, s.word(i))
	}
	s.zipf = rand.NewZipf(s.rnd, 1.1, 8, uint64(len(s.words)-1))
	p := &briefings.Pack{
		Name: "synthetic", Title: briefings.Same("Synthetic"), Description: briefings.Same("Made-up text."),
		Countries: []briefings.Country{
			{Code: "XO", Name: briefings.Same("Ostrana")}, {Code: "XV", Name: briefings.Same("Velmora")},
		},
		Hash: fmt.Sprint("synthetic-", n),
	}
	rest := max(n/10, 3)
	for i := range max(n/10, 5) {
		p.Sources = append(p.Sources, briefings.Source{
			Slug: fmt.Sprint("source-", i), Publisher: s.name(), Title: s.text(6), URL: fmt.Sprint("https://press.example/", i),
			Date: s.date(), Lang: "en", Kind: "press", Grade: briefings.GradeA,
		})
	}
	for i := range rest / 3 {
		p.Places = append(p.Places, briefings.Place{Slug: fmt.Sprint("place-", i), Name: briefings.Same(s.name()), Country: s.country()})
	}
	for i := range rest / 3 {
		p.Terms = append(p.Terms, briefings.Term{
			Slug: fmt.Sprint("term-", i), Name: briefings.Same(s.name()), Definition: s.both(15), Sources: s.sources(p),
		})
	}
	for i := range rest - 2*(rest/3) {
		p.Actors = append(p.Actors, briefings.Actor{
			Slug: fmt.Sprint("actor-", i), Name: briefings.Same(s.name()), Aliases: []string{strings.ToUpper(s.word(i)), s.name()},
			Kind: "organisation", Summary: s.both(20), Sources: s.sources(p),
		})
	}
	for i := range 15 {
		p.Topics = append(p.Topics, s.topic(p, i))
	}
	for i := range n - rest {
		p.Events = append(p.Events, s.event(p, i))
	}
	return p
}

type synth struct {
	rnd   *rand.Rand
	zipf  *rand.Zipf
	words []string
}

// word spells i in syllables, so that every word can be said and none is twice.
func (s *synth) word(i int) string {
	const heads, tails = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for i += 70; i > 0; i /= len(heads) * len(tails) {
		r := i % (len(heads) * len(tails))
		b.WriteByte(heads[r/len(tails)])
		b.WriteByte(tails[r%len(tails)])
	}
	return b.String()
}

func (s *synth) text(words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.words[s.zipf.Uint64()])
	}
	return b.String() + "."
}

func (s *synth) both(words int) briefings.Text {
	return briefings.Text{EN: s.text(words), FR: s.text(words)}
}

func (s *synth) name() string {
	w := func() string {
		w := s.words[s.rnd.IntN(len(s.words))]
		return strings.ToUpper(w[:1]) + w[1:]
	}
	return w() + " " + w()
}

func (s *synth) date() briefings.Date {
	return briefings.Date{Year: 2012 + s.rnd.IntN(14), Month: 1 + s.rnd.IntN(12), Day: 1 + s.rnd.IntN(28)}
}

func (s *synth) country() string { return [...]string{"XO", "XV"}[s.rnd.IntN(2)] }

func (s *synth) sources(p *briefings.Pack) []string {
	return []string{p.Sources[s.rnd.IntN(len(p.Sources))].Slug, p.Sources[s.rnd.IntN(len(p.Sources))].Slug}
}

func (s *synth) topic(p *briefings.Pack, i int) briefings.Topic {
	t := briefings.Topic{
		Slug: fmt.Sprint("topic-", i), Command: fmt.Sprint("topic_", i), Name: briefings.Same(s.name()), Line: s.both(8),
		AsOf: s.date(), Status: briefings.Published, Sections: map[briefings.Lang][]briefings.Section{},
	}
	for _, lang := range briefings.Langs {
		for _, k := range briefings.SectionKinds {
			sec := briefings.Section{Kind: k}
			for range 5 {
				sec.Blocks = append(sec.Blocks, briefings.Block{Bullet: true, Spans: []briefings.Span{
					{Kind: briefings.SpanText, Text: s.text(20)}, {Kind: briefings.SpanCite, Cites: s.sources(p)},
				}})
			}
			t.Sections[lang] = append(t.Sections[lang], sec)
		}
	}
	return t
}

func (s *synth) event(p *briefings.Pack, i int) briefings.Event {
	d := s.date()
	e := briefings.Event{
		Slug: fmt.Sprintf("%v-event-%d", d, i), Date: d, Countries: []string{s.country()},
		Kind:   briefings.EventKinds[s.rnd.IntN(len(briefings.EventKinds))],
		Topics: []string{p.Topics[s.rnd.IntN(len(p.Topics))].Slug}, Importance: 1 + s.rnd.IntN(3), Confidence: briefings.Medium,
		Title: s.both(8), Fact: s.both(30), Sources: s.sources(p),
		Claims: []briefings.Claim{
			{By: briefings.Same(s.name()), Says: s.both(8), Sources: s.sources(p)[:1]},
			{By: briefings.Same(s.name()), Says: s.both(8), Sources: s.sources(p)[:1]},
		},
	}
	if len(p.Places) > 0 {
		e.Places = []string{p.Places[s.rnd.IntN(len(p.Places))].Slug}
	}
	e.Actors = []string{p.Actors[s.rnd.IntN(len(p.Actors))].Slug}
	return e
}
