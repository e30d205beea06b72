package briefings

import (
	"fmt"
	"strconv"
)

// checker holds what the rules of a pack look at, and the faults they find.
// The rules stand in the files check_*.go; those that one file alone can break
// are held while it is read.
type checker struct {
	p      *Pack
	x      *Index // look-ups by slug only
	today  Date
	at     func(item Pos, path ...string) Pos   // where a field of a record stands
	span   func(block Pos, i int) Pos           // where a span of prose stands
	word   func(at Pos, word string, n int) Pos // where a word stands for the nth time from at on, from 0
	unread map[Kind]bool                        // kinds of which some items could not be read
	named  map[string]int                       // how many events name a topic
	// renamed is what became of the ids that items had before.
	renamed map[ID]ID
	// reserved are commands that are there without any topic.
	reserved []string
	style    bool // the house style is held too
	faults   []Fault
	// guesses counts the unknown ids for which the nearest known one was looked up.
	guesses int
}

// maxGuesses bounds that work: a list in disorder needs no hundred hints.
const maxGuesses = 200

// check applies every rule to the pack, which may be broken in any way.
func (c *checker) check() []Fault {
	p := c.p
	c.named = map[string]int{}
	for i := range p.Events {
		for _, slug := range p.Events[i].Topics {
			c.named[slug]++
		}
	}
	c.pack()
	c.identities()
	c.formerly()
	c.aliases()
	for i := range p.Sources {
		c.source(&p.Sources[i])
	}
	for i := range p.Actors {
		a := &p.Actors[i]
		c.known(a.At, []string{"sources"}, KindSource, a.Sources)
		c.corrections(a.At, a.Corrections)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		c.known(t.At, []string{"sources"}, KindSource, t.Sources)
		c.corrections(t.At, t.Corrections)
	}
	for i := range p.Places {
		pl := &p.Places[i]
		c.country(c.at(pl.At, "country"), pl.Country)
		for j, code := range pl.AlsoIn {
			c.country(c.at(pl.At, "also_in", strconv.Itoa(j)), code)
		}
	}
	for i := range p.Events {
		c.event(&p.Events[i])
	}
	c.duplicates()
	for i := range p.Topics {
		c.topic(&p.Topics[i])
	}
	for w := range c.texts {
		c.length(w)
		c.typography(w)
	}
	if c.style {
		c.houseStyle()
	}
	return c.faults
}

// err notes an error at a place.
func (c *checker) err(at Pos, cure, what string, args ...any) {
	c.faults = append(c.faults, Fault{At: at, Severity: Error, What: fmt.Sprintf(what, args...), Cure: cure})
}

// warn notes a warning at a place.
func (c *checker) warn(at Pos, cure, what string, args ...any) {
	c.faults = append(c.faults, Fault{At: at, Severity: Warning, What: fmt.Sprintf(what, args...), Cure: cure})
}

// future notes a date that has not come yet.
func (c *checker) future(at Pos, what string, d Date) {
	if d.First().Compare(c.today) > 0 {
		c.err(at, "Correct the date; nothing is known of days to come.", "%s %s lies in the future", what, d)
	}
}

func (c *checker) corrections(item Pos, list []Correction) {
	for i, k := range list {
		n := strconv.Itoa(i)
		c.future(c.at(item, "corrections", n, "date"), "the correction of", k.Date)
		if i > 0 && k.Date.First().Compare(list[i-1].Date.First()) < 0 {
			c.err(c.at(item, "corrections", n, "date"), "Put the records in order, the newest last: readers are told of the last one.", "the correction of %s stands behind one of %s", k.Date, list[i-1].Date)
		}
		if k.Was == k.Now && k.Was != (Text{}) {
			c.err(c.at(item, "corrections", n, "now"), "Say what was wrong and what is right.", "the correction changes nothing")
		}
	}
}

// exists reports whether the pack has an item of this kind and slug.
func (c *checker) exists(k Kind, slug string) bool {
	switch k {
	case KindTopic:
		return c.x.Topic(slug) != nil
	case KindEvent:
		return c.x.Event(slug) != nil
	case KindActor:
		return c.x.Actor(slug) != nil
	case KindTerm:
		return c.x.Term(slug) != nil
	case KindPlace:
		return c.x.Place(slug) != nil
	}
	return c.x.Source(slug) != nil
}

// slugs returns every slug of a kind, for suggestions.
func (c *checker) slugs(k Kind) []string {
	switch k {
	case KindTopic:
		return keys(c.x.topics)
	case KindEvent:
		return keys(c.x.events)
	case KindActor:
		return keys(c.x.actors)
	case KindTerm:
		return keys(c.x.terms)
	case KindPlace:
		return keys(c.x.places)
	}
	return keys(c.x.sources)
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// known checks a list of slugs: each names an item, none is given twice.
func (c *checker) known(item Pos, path []string, k Kind, slugs []string) {
	seen := make(map[string]bool, len(slugs))
	for i, slug := range slugs {
		at := func() Pos { return c.at(item, append(path[:len(path):len(path)], strconv.Itoa(i))...) }
		if seen[slug] {
			c.err(at(), "Name it once.", "the %s %q is named twice", k, slug)
		}
		seen[slug] = true
		if !c.exists(k, slug) {
			c.unknown(at(), k, slug)
		}
	}
}

// notWritten is how many events must name a topic that does not exist for it
// to be one that is still to be written, rather than a slip.
const notWritten = 3

// unknown notes an id that names nothing. Events are written before the topics
// they belong to, so a topic that several name is only a warning.
func (c *checker) unknown(at Pos, k Kind, slug string) {
	if c.unread[k] {
		return
	}
	note := c.err
	if k == KindTopic && c.named[slug] >= notWritten {
		note = c.warn
	}
	if now, ok := c.nowCalled(k, slug); ok {
		c.err(at, fmt.Sprintf("Write %q.", now), "the %s %q is called %q now", k, slug, now)
		return
	}
	cure := "Correct it, or add what it names."
	if c.guesses++; c.guesses <= maxGuesses {
		cure = didYouMean(slug, c.slugs(k))
	}
	note(at, cure, "there is no %s %q", k, slug)
}

func (c *checker) country(at Pos, code string) {
	if code != "" && len(c.p.Countries) > 0 && c.x.Country(code) == nil {
		c.err(at, "Use one of the codes in pack.yaml, or add the country there.", "there is no country %q", code)
	}
}
