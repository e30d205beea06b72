package briefings

import (
	"slices"
	"strings"
	"sync"
)

// Weights of what the words of a query may match.
const (
	titleWeight = 0.6 // a word of the title, beside the same word of the text
	typoWeight  = 0.8 // a word that is near a known one
)

// Hit is an item found by its words.
type Hit struct {
	ID    ID  // a topic's has the section: "topic:mali#situation"
	Block int // of the section, from 0
	Score float64
	Title Text
}

// search is the index over the words of everything readers see.
type search struct {
	docs     []document
	langs    map[Lang]*lexicon
	cards    map[ID]int32   // of actors and terms
	sections map[ID][]int32 // of topics, by topic and section
	tallies  sync.Pool      // of *tally
}

// document is what is found as a whole: an event, a card, or a paragraph or
// bullet of a briefing.
type document struct {
	id     ID
	title  Text
	topic  *Topic // whose prose it is; shown only while the topic is
	event  *Event
	date   Date
	block  int16 // of the section, from 0
	number int32 // its place among the documents
}

func newSearch(x *Index) *search {
	w := writer{x: x}
	p := x.pack
	for i := range p.Topics {
		w.topic(&p.Topics[i])
	}
	for _, e := range x.byDate {
		w.event(e)
	}
	for i := range p.Actors {
		a := &p.Actors[i]
		w.add(document{id: a.ID(), title: a.Name}, []string{"@" + string(a.ID())}, a.Summary)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		w.add(document{id: t.ID(), title: t.Name}, []string{"@" + string(t.ID())}, t.Definition)
	}
	s := &search{docs: w.docs, langs: map[Lang]*lexicon{}, cards: map[ID]int32{}, sections: map[ID][]int32{}}
	for i, d := range s.docs {
		switch d.id.Kind() {
		case KindActor, KindTerm:
			s.cards[d.id] = int32(i)
		case KindTopic:
			s.sections[d.id] = append(s.sections[d.id], int32(i))
		}
	}
	s.tallies.New = func() any { return newTally(len(s.docs)) }
	var building sync.WaitGroup
	for _, lang := range Langs {
		l := newLexicon(lang)
		s.langs[lang] = l
		building.Go(func() { l.build(&w) })
	}
	building.Wait()
	return s
}

// writer lists what is to be searched: documents, what each is about, and its text.
type writer struct {
	x     *Index
	docs  []document
	about [][]string // tokens of what the document is about
	texts []Text
}

func (w *writer) add(d document, about []string, text Text) {
	d.number = int32(len(w.docs))
	w.docs = append(w.docs, d)
	w.about = append(w.about, about)
	w.texts = append(w.texts, text)
}

// names returns the tokens of the items and dates that a text names, as often
// as it does; folded is the text as [Fold] returns it.
func (w *writer) names(folded, text string) []string {
	out := datesIn(folded)
	w.x.namedIn(folded, text, func(token string) { out = append(out, token) })
	return out
}

func (w *writer) topic(t *Topic) {
	if t.Status != Published {
		return
	}
	for _, s := range t.Sections[EN] {
		other := t.Section(FR, s.Kind)
		for i, b := range s.Blocks {
			about := []string{"@" + string(t.ID())}
			for _, sp := range b.Spans {
				if sp.Ref != "" {
					about = append(about, "@"+string(sp.Ref))
				}
			}
			text := Text{EN: b.words()}
			if other != nil && i < len(other.Blocks) {
				text.FR = other.Blocks[i].words()
			}
			w.add(document{id: t.ID() + "#" + ID(s.Kind), title: t.Name, topic: t, date: t.AsOf, block: int16(i)}, about, text)
		}
	}
}

func (w *writer) event(e *Event) {
	var about []string
	for _, refs := range [...]struct {
		kind  Kind
		slugs []string
	}{{KindTopic, e.Topics}, {KindActor, e.Actors}, {KindPlace, e.Places}} {
		for _, slug := range refs.slugs {
			about = append(about, "@"+string(MakeID(refs.kind, slug)))
		}
	}
	for _, d := range [...]Date{e.Date, e.End} {
		for _, token := range dateTokens(d) {
			if !slices.Contains(about, token) {
				about = append(about, token)
			}
		}
	}
	in := func(lang Lang) string {
		var b strings.Builder
		b.WriteString(e.Fact.In(lang))
		for _, c := range e.Claims {
			b.WriteString(" " + c.By.In(lang) + " " + c.Says.In(lang))
		}
		b.WriteString(" " + e.Date.In(lang))
		for _, code := range e.Countries {
			if c := w.x.countries[code]; c != nil {
				b.WriteString(" " + c.Name.In(lang))
			}
		}
		return b.String()
	}
	w.add(document{id: e.ID(), title: e.Title, date: e.Date, event: e}, about, Text{EN: in(EN), FR: in(FR)})
}
