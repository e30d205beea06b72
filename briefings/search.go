package briefings

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Weights of what the words of a query may match. With these the right event
// came first for 7 in 10 real questions and within five for 9; the optimum is flat.
const (
	titleWeight = 0.6 // a word of the title, beside the same word of the text
	aboutWeight = 0.5 // an item the query names and the document is about
	typoWeight  = 0.8 // a word that is near a known one
)

// Hit is an item found by its words.
type Hit struct {
	ID    ID // a topic's has the section: "topic:mali#situation"
	Score float64
	Title Text
}

// search is the index over the words of everything readers see.
type search struct {
	docs  []document
	langs map[Lang]*lexicon
}

type document struct {
	id    ID
	title Text
	topic *Topic // whose prose it is; shown only while the topic is
	date  Date
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
		w.add(document{id: a.ID(), title: a.Name}, []string{"@" + string(a.ID())}, a.Summary.In)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		w.add(document{id: t.ID(), title: t.Name}, []string{"@" + string(t.ID())}, t.Definition.In)
	}
	s := &search{docs: w.docs, langs: map[Lang]*lexicon{}}
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
	about [][]string
	texts []func(Lang) string
}

func (w *writer) add(d document, about []string, text func(Lang) string) {
	w.docs = append(w.docs, d)
	w.about = append(w.about, about)
	w.texts = append(w.texts, text)
}

func (w *writer) topic(t *Topic) {
	if t.Status != Published {
		return
	}
	for _, s := range t.Sections[EN] {
		about := []string{"@" + string(t.ID())}
		texts := map[Lang]string{}
		for _, lang := range Langs {
			section := t.Section(lang, s.Kind)
			if section == nil {
				continue
			}
			for _, b := range section.Blocks {
				for _, sp := range b.Spans {
					texts[lang] += sp.Text
					if sp.Ref != "" && lang == EN {
						about = append(about, "@"+string(sp.Ref))
					}
				}
				texts[lang] += " "
			}
		}
		d := document{id: t.ID() + "#" + ID(s.Kind), title: t.Name, topic: t, date: t.AsOf}
		w.add(d, about, func(lang Lang) string { return texts[lang] })
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
	w.add(document{id: e.ID(), title: e.Title, date: e.Date}, about, func(lang Lang) string {
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
	})
}

// Search returns up to limit items that the words of the query fit best, the
// best first. Accents, case and inflection do not count, names and acronyms
// find what is about their item, and unknown words are read as the known ones
// they resemble. It knows no clock: topics with a moment of publication are
// left out; see [Index.SearchAt].
func (x *Index) Search(query string, lang Lang, limit int) []Hit {
	return x.SearchAt(query, lang, limit, time.Time{})
}

// SearchAt is Search among what readers see at the moment now.
func (x *Index) SearchAt(query string, lang Lang, limit int, now time.Time) []Hit {
	all := x.words()
	l := all.langs[lang]
	if l == nil {
		l = all.langs[EN]
	}
	scores := make([]float32, len(all.docs))
	for _, t := range x.termsOf(query, l) {
		t.lexicon.text.score(t.number, t.weight, scores)
		t.lexicon.title.score(t.number, t.weight*titleWeight, scores)
	}
	return all.best(scores, limit, now)
}

// queryTerm is a stem to look for.
type queryTerm struct {
	lexicon *lexicon
	number  int32
	weight  float64
}

// maxQueryWords bounds the work one query can ask for.
const maxQueryWords = 64

// termsOf reads a query: its words and the items it names, each once.
func (x *Index) termsOf(query string, l *lexicon) []queryTerm {
	words := wordsOf(query)
	words = words[:min(len(words), maxQueryWords)]
	var out []queryTerm
	want := func(lex *lexicon, n int32, weight float64) {
		for i, t := range out {
			if t.lexicon == lex && t.number == n {
				out[i].weight = max(t.weight, weight)
				return
			}
		}
		if n >= 0 {
			out = append(out, queryTerm{lex, n, weight})
		}
	}
	named := make([]bool, len(words))
	for _, m := range x.mentions(words, query) {
		for i := m.from; i < m.to; i++ {
			named[i] = true
		}
		for _, match := range m.matches {
			want(l, l.known("@"+string(match.ID)), aboutWeight)
		}
	}
	for i, w := range words {
		lex, numbers, weight := x.words().read(w.folded, l, named[i])
		for _, n := range numbers {
			want(lex, n, weight)
		}
	}
	return out
}

// read looks a word up: as it is, else in the other language, else as a
// mistyped one. Of a word within a name it takes only the first, since the
// name stands for its item already.
func (s *search) read(word string, l *lexicon, within bool) (*lexicon, []int32, float64) {
	if l.stop(word) {
		return l, nil, 0
	}
	if n := l.lookup(word); n >= 0 {
		return l, []int32{n}, 1
	}
	if within {
		return l, nil, 0
	}
	for _, lang := range Langs {
		other := s.langs[lang]
		if other == l {
			continue
		}
		if other.stop(word) {
			return l, nil, 0
		}
		if n := other.lookup(word); n >= 0 {
			return other, []int32{n}, 1
		}
	}
	return l, l.nearest(word), typoWeight
}

// best returns the highest scores, equal ones newest first.
func (s *search) best(scores []float32, limit int, now time.Time) []Hit {
	type ranked struct {
		doc   int32
		score float32
	}
	if limit <= 0 {
		return nil
	}
	var top []ranked
	order := func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), s.docs[b.doc].date.Compare(s.docs[a.doc].date), cmp.Compare(a.doc, b.doc))
	}
	for i, score := range scores {
		if score <= 0 || len(top) == limit && score < top[limit-1].score {
			continue
		}
		if t := s.docs[i].topic; t != nil && !t.Shown(now) {
			continue
		}
		r := ranked{int32(i), score}
		at, _ := slices.BinarySearchFunc(top, r, order)
		if at < limit {
			top = slices.Insert(top[:min(len(top), limit-1)], at, r)
		}
	}
	out := make([]Hit, len(top))
	for i, r := range top {
		out[i] = Hit{ID: s.docs[r.doc].id, Score: float64(r.score), Title: s.docs[r.doc].title}
	}
	return out
}
