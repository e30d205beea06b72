package briefings

import "time"

// Query is a search: words, and conditions that what is found has to meet.
type Query struct {
	Question
	// Filter leaves out what it does not match. Of what is no event, only a
	// topic and an actor can be asked for.
	Filter Filter
	Limit  int
}

// Search returns up to limit items that the words of the query fit best, the
// best first. Accents, case and inflection do not count, names and acronyms
// find what is about their item, dates what happened then, and unknown words
// are read as the known ones they resemble. It knows no clock: topics with a
// moment of publication are left out; see [Index.SearchFor].
func (x *Index) Search(query string, lang Lang, limit int) []Hit {
	return x.SearchAt(query, lang, limit, time.Time{})
}

// SearchAt is Search among what readers see at the moment now.
func (x *Index) SearchAt(query string, lang Lang, limit int, now time.Time) []Hit {
	q := Query{Question: Question{Text: query, Lang: lang, Now: now}, Limit: limit}
	if !now.IsZero() {
		q.Today = DateOf(now)
	}
	return x.SearchFor(q)
}

// SearchFor is Search under the conditions of the query.
func (x *Index) SearchFor(q Query) []Hit {
	s := x.words()
	u := x.understand(q.Question)
	u.intent = AskPassage
	var out []Hit
	seen := map[ID]bool{}
	take := func(doc int32, score float64) {
		d := &s.docs[doc]
		if len(out) < q.Limit && !seen[d.id] {
			seen[d.id] = true
			out = append(out, Hit{ID: d.id, Block: int(d.block), Score: score, Title: d.title})
		}
	}
	skip := s.unless(q.Filter)
	found := s.rank(u, 2*max(q.Limit, 0), q.Now, skip)
	if len(found) == 0 {
		return nil
	}
	for _, doc := range x.pins(u, q.Now, skip) { // the card of what is named, and nothing else asked
		take(doc, found[0].score)
	}
	for _, c := range found {
		take(c.doc, c.score)
	}
	return out
}

// unless reports what a filter leaves out; nil for nothing.
func (s *search) unless(f Filter) func(*document) bool {
	if f == (Filter{}) {
		return nil
	}
	l := s.langs[EN]
	return func(d *document) bool {
		if d.event != nil {
			return !f.matches(d.event)
		}
		if f != (Filter{Topic: f.Topic, Actor: f.Actor}) {
			return true
		}
		about := func(kind Kind, slug string) bool {
			return slug == "" || l.text.has(l.known("@"+string(MakeID(kind, slug))), d.number)
		}
		return !about(KindTopic, f.Topic) || !about(KindActor, f.Actor)
	}
}
