package briefings

import (
	"math"
	"slices"
	"time"
)

// Band is how well a question can be answered.
type Band string

// The bands.
const (
	BandAnswer  Band = "answer"  // the first passage speaks of all that is asked
	BandClosest Band = "closest" // some passages come near
	BandNone    Band = "none"    // nothing does, or the question is refused
)

// Finding is what a pack holds on a question.
type Finding struct {
	Band    Band
	Refusal Refusal // why the band is none whatever the pack holds, or ""
	Intent  Intent
	Ahead   bool // the question speaks of what is to come
	Lang    Lang // of the question's words
	// Excerpts are the best first, of each item one. Of a refused question there
	// are none.
	Excerpts []Excerpt
	// Whole is how many of the first excerpts stand for all that they are from:
	// cards, and every bullet of a situation.
	Whole  int
	Names  []ID // items that the question names, in its order
	Topics []ID // the nearest published topics, best first
}

const (
	maxCandidates = 40 // documents looked at closely
	maxExcerpts   = 8
	muchInCommon  = 3 // words of one sentence that are hardly chance
)

// Ask finds what the pack holds on a question, the same for the same question.
// It answers nothing itself: what it returns is text of the pack.
func (x *Index) Ask(q Question) Finding { return x.ask(q, nil) }

// ask is Ask as if the pack did not have what skip reports, if any.
func (x *Index) ask(q Question, skip func(*document) bool) Finding {
	s := x.words()
	u := x.understand(q)
	f := Finding{Band: BandNone, Intent: u.intent, Ahead: u.soft, Lang: u.lang, Refusal: x.refused(u, q)}
	for _, m := range u.names {
		for _, match := range m.matches {
			if !slices.Contains(f.Names, match.ID) {
				f.Names = append(f.Names, match.ID)
			}
		}
	}
	top := s.rank(u, maxCandidates, q.Now, skip)
	f.Topics = x.topicsNear(f.Names, top, q.Now)
	if f.Refusal != "" {
		return f
	}
	pins := x.pins(u, q.Now, skip)
	if len(pins) > 0 {
		f.Band = BandAnswer
	} else {
		f.Band = thresholds().band(x.evidence(u, top))
	}
	if f.Band == BandNone {
		return f
	}
	f.Whole = len(pins)
	whole := map[ID]bool{}
	for _, doc := range pins {
		c := candidate{doc: doc, coverage: 1}
		if units := x.units(&s.docs[doc], u.lang); len(units) > 0 {
			c.unit = units[0]
		}
		f.Excerpts = append(f.Excerpts, s.excerpt(u, &c))
		whole[s.docs[doc].id] = true
	}
	for i := range top {
		id := s.docs[top[i].doc].id
		if whole[id] || len(f.Excerpts) >= maxExcerpts+len(pins) {
			continue
		}
		whole[id] = true
		s.fit(x, u, &top[i])
		f.Excerpts = append(f.Excerpts, s.excerpt(u, &top[i]))
	}
	if kind := f.Excerpts[0].ID.Kind(); f.Band == BandAnswer && (kind == KindActor || kind == KindTerm) {
		support(f.Excerpts[max(1, f.Whole):])
	}
	return f
}

// support puts the two best events first: what supports a card is what happened.
func support(rest []Excerpt) {
	put := 0
	for i := 0; i < len(rest) && put < 2; i++ {
		if e := rest[i]; e.ID.Kind() == KindEvent {
			copy(rest[put+1:i+1], rest[put:i])
			rest[put] = e
			put++
		}
	}
}

func (s *search) excerpt(u *understood, c *candidate) Excerpt {
	d := &s.docs[c.doc]
	return Excerpt{
		ID: d.id, Block: int(d.block), Claim: c.unit.claim, Date: d.date, Text: c.unit.text, Lang: u.lang,
		Sources: c.unit.sources, Score: c.score, Coverage: c.coverage,
	}
}

// Nearest returns up to limit passages that come nearest to a sentence, of each
// item the one that fits best, the best first; none when none comes near. Unlike
// [Index.Ask] it takes the sentence as a statement and refuses nothing.
func (x *Index) Nearest(sentence string, lang Lang, limit int, now time.Time) []Excerpt {
	s := x.words()
	u := x.understand(Question{Text: sentence, Lang: lang, Now: now})
	u.intent = AskPassage
	var out []Excerpt
	seen := map[ID]bool{}
	top := s.rank(u, maxCandidates, now, nil)
	if !x.speaksOf(u, top) {
		return nil
	}
	for _, c := range top {
		if id := s.docs[c.doc].id; len(out) < limit && !seen[id] {
			seen[id] = true
			s.fit(x, u, &c)
			out = append(out, s.excerpt(u, &c))
		}
	}
	return out
}

// statementShare is how much of a statement, which has many words, a passage
// has to have to be on it.
const statementShare = 0.3

// speaksOf reports whether the best candidate is on what a statement says.
func (x *Index) speaksOf(u *understood, top []candidate) bool {
	e := x.evidence(u, top)
	least := statementShare
	if !e.named {
		least = thresholds().Nameless
	}
	return e.coverage >= least
}

// refused tells why a question is not answered whatever the pack holds.
func (x *Index) refused(u *understood, q Question) Refusal {
	asOf := x.AsOf(q.Now)
	for _, t := range u.times {
		switch {
		case asOf.IsZero() || t.open == before || t.First.Compare(asOf.Last()) <= 0:
		case !q.Today.IsZero() && t.First.Compare(q.Today) > 0:
			return RefuseFuture
		default:
			return RefuseLater
		}
	}
	return u.refusal
}

// AsOf returns the latest date that the topics shown at the moment now speak of.
func (x *Index) AsOf(now time.Time) Date {
	var latest Date
	for i := range x.pack.Topics {
		if t := &x.pack.Topics[i]; t.Shown(now) && t.AsOf.Last().Compare(latest.Last()) > 0 {
			latest = t.AsOf
		}
	}
	return latest
}

// evidence is what speaks for an answer.
type evidence struct {
	coverage float64 // of the best candidate
	margin   float64 // how many times the score of its first rival it has
	named    bool    // the question names something, or has so many words in common that it need not
	sure     bool    // the candidate has the names and the date asked for, and a number where one is
}

func (x *Index) evidence(u *understood, top []candidate) evidence {
	if len(top) == 0 {
		return evidence{}
	}
	s, first := x.words(), &top[0]
	s.fit(x, u, first)
	e := evidence{coverage: first.coverage, margin: s.margin(top), named: u.anchored() || first.wants >= muchInCommon}
	counted := u.intent == AskNumber && u.counted >= 0 && s.counts(x, u, first)
	if !e.named && !u.bare && first.wants < 2 && !counted {
		e.coverage = 0 // one word alone is chance, unless it is asked how many of it there are
	}
	e.sure = !u.soft && first.dated && first.named && (u.intent != AskNumber || s.counts(x, u, first))
	return e
}

// anchored reports whether the question names an actor, a place, a briefing or
// a term of several words, or has a day, a month or a number that is known.
func (u *understood) anchored() bool {
	return slices.ContainsFunc(u.wants, func(w want) bool {
		return len(w.parts) > 0 || w.exact && len(w.forms) > 0 || slices.ContainsFunc(w.items, func(id ID) bool { return id.Kind() != KindTerm }) || w.kind == wantDate && len(w.forms) > 1
	})
}

// margin is how many times the score of its first rival the best candidate
// has. What speaks of the same event is no rival.
func (s *search) margin(top []candidate) float64 {
	first := &s.docs[top[0].doc]
	for _, c := range top[1:] {
		d := &s.docs[c.doc]
		if d.id != first.id && !s.refers(c.doc, first) && !s.refers(top[0].doc, d) {
			return top[0].score / c.score
		}
	}
	return math.Inf(1)
}

// refers reports whether a document points to an event.
func (s *search) refers(doc int32, to *document) bool {
	l := s.langs[EN]
	return to.event != nil && l.text.has(l.known("@"+string(to.id)), doc)
}

// topicsNear returns the topics that a question names, then those that its
// candidates belong to.
func (x *Index) topicsNear(names []ID, top []candidate, now time.Time) []ID {
	var out []ID
	add := func(t *Topic) {
		if t != nil && t.Shown(now) && !slices.Contains(out, t.ID()) {
			out = append(out, t.ID())
		}
	}
	for _, id := range names {
		add(x.topicOn(id))
	}
	for _, c := range top[:min(5, len(top))] {
		d := &x.words().docs[c.doc]
		if d.topic != nil {
			add(d.topic)
		}
		if d.event != nil {
			for _, slug := range d.event.Topics {
				add(x.topics[slug])
			}
		}
	}
	return out
}

// topicOn returns the topic that an item is, or that goes by its slug or name.
func (x *Index) topicOn(id ID) *Topic {
	if t := x.topics[id.Slug()]; t != nil {
		return t
	}
	for i := range x.pack.Topics {
		if t := &x.pack.Topics[i]; t.Command == id.Slug() {
			return t
		}
	}
	return nil
}

// pins returns the documents that answer a question whatever else has its
// words: how things stand with what it names, and the cards of what it asks
// the meaning of, or compares.
func (x *Index) pins(u *understood, now time.Time, skip func(*document) bool) []int32 {
	s := x.words()
	var names []ID
	rest := 0
	for _, w := range u.wants {
		names = append(names, w.items...)
		if len(w.items) == 0 {
			rest++
		}
	}
	bare := len(u.names) == 1 && len(u.names[0].words) == len(u.words) // a name and nothing else
	var out []int32
	add := func(docs ...int32) {
		for _, doc := range docs {
			if !slices.Contains(out, doc) && (skip == nil || !skip(&s.docs[doc])) {
				out = append(out, doc)
			}
		}
	}
	for _, id := range names {
		switch {
		case u.intent == AskNow && rest == 0:
			if t := x.topicOn(id); t != nil && t.Shown(now) {
				add(s.sections[t.ID()+"#"+ID(Situation)]...)
			}
		case u.intent == AskCompare, rest == 0 && (u.intent == AskDefinition || u.intent == AskWho), bare:
			if doc, ok := s.cards[id]; ok {
				add(doc)
			}
		}
	}
	return out
}
