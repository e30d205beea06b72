package briefings

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// What is left of a document's score for what it is, and where something
// speaks against it. The optimum is flat: half or double of most of them
// changes few first places.
const (
	partShare    = 0.5  // words within a name, beside the name
	proseShare   = 0.6  // prose of a briefing, where an event may say the same with its date
	cardShare    = 0.8  // an actor or a term
	whoShare     = 1.2  // the same where a question asks who, or compares
	partsWeight  = 0.8  // the words of a name, for the name
	recentShare  = 1.2  // an event of the last year where a question asks about now
	whenShare    = 1.3  // an event where a question asks when
	misdateShare = 0.5  // another date than the one asked for
	misnameShare = 0.7  // a name asked for is missing
	weightShare  = 0.03 // for each level of an event's importance
	whenWeight   = 0.2  // the same where a question asks when: it means what made a date
	kindShare    = 1.15 // an event of the kind that such a question speaks of
	mostShare    = (whenShare + 3*whenWeight) * kindShare
)

// candidate is a document as an answer to a question.
type candidate struct {
	doc      int32
	score    float64
	dated    bool    // it has the date asked for, or none was
	named    bool    // it has every name asked for
	unit     unit    // what of it fits best
	coverage float64 // how much of what is wanted that has, from 0 to 1
	wants    int     // how many of the wants
}

// rank returns the documents that fit a question best, at most limit, the
// best first, equal ones newest first. It leaves out what skip says, if any.
func (s *search) rank(u *understood, limit int, now time.Time, skip func(*document) bool) []candidate {
	t := s.tallies.Get().(*tally)
	defer s.tallies.Put(t)
	t.reset()
	all := 0.0
	for i := range u.wants {
		t.add(&u.wants[i])
		all += u.wants[i].idf
	}
	var top []candidate
	for i, score := range t.scores {
		if score <= 0 || len(top) == limit && float64(score)*mostShare < top[limit-1].score {
			continue
		}
		d := &s.docs[i]
		c := candidate{doc: int32(i), score: float64(score) * share(u, d) * math.Sqrt(float64(t.covers[i])/all)}
		if len(top) == limit && c.score < top[limit-1].score || d.topic != nil && !d.topic.Shown(now) || skip != nil && skip(d) {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, c, s.order)
		if at < limit {
			top = slices.Insert(top[:min(len(top), limit-1)], at, c)
		}
	}
	for i := range top {
		s.examine(u, &top[i])
	}
	slices.SortStableFunc(top, s.order)
	return top
}

func (s *search) order(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.score, a.score), s.docs[b.doc].date.Compare(s.docs[a.doc].date), cmp.Compare(a.doc, b.doc))
}

// share is how much of its score a document keeps for what it is.
func share(u *understood, d *document) float64 {
	switch {
	case d.event != nil && u.intent == AskWhen && !u.who:
		share := whenShare + whenWeight*float64(d.event.Importance)
		if u.kinds[d.event.Kind] {
			share *= kindShare
		}
		return share
	case d.event != nil && u.intent == AskNow && d.date.Compare(u.recent) >= 0:
		return recentShare + weightShare*float64(d.event.Importance)
	case d.event != nil:
		return 1 + weightShare*float64(d.event.Importance)
	case d.topic != nil:
		return proseShare
	case u.who || u.intent == AskCompare:
		return whoShare
	}
	return cardShare
}

// examine takes off what speaks against a candidate.
func (s *search) examine(u *understood, c *candidate) {
	c.dated, c.named = true, true
	for i := range u.wants {
		w := &u.wants[i]
		has := slices.ContainsFunc(w.forms, func(f form) bool {
			return (w.kind != wantDate || f.weight == 1) && f.lexicon.text.has(f.number, c.doc)
		}) || w.hasParts(c.doc)
		switch w.kind {
		case wantDate:
			c.dated = c.dated && has
		case wantName:
			c.named = c.named && has
		}
	}
	event := s.docs[c.doc].event
	for _, t := range u.times {
		if t.open != closed || t.Whole().IsZero() {
			c.dated = c.dated && event != nil && t.covers(event)
		}
	}
	if !c.dated {
		c.score *= misdateShare
	}
	if !c.named {
		c.score *= misnameShare
	}
}

// hasParts reports whether a document has every word of a name.
func (w *want) hasParts(doc int32) bool {
	for _, p := range w.parts {
		if !slices.ContainsFunc(p.forms, func(f form) bool { return f.weight == 1 && f.lexicon.text.has(f.number, doc) }) {
			return false
		}
	}
	return len(w.parts) > 0
}
