package briefings

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Index answers look-ups over one version of a pack. It is immutable, so any
// number of goroutines may read it; pointers it returns must not be written to.
type Index struct {
	pack      *Pack
	topics    map[string]*Topic
	events    map[string]*Event
	actors    map[string]*Actor
	terms     map[string]*Term
	places    map[string]*Place
	sources   map[string]*Source
	countries map[string]*Country
	byDate    []*Event // newest first
	timelines timelines
	citing    map[string][]ID // what rests on a source
	names     *names
	words     func() *search // made at first use: it costs more than all the rest
	prints    func() *prints // made like words
	first     func() firstNames
	hashes    sync.Map // of revisions, by ID, as they were asked for
}

// NewIndex indexes p, which it keeps and which must not change afterwards.
func NewIndex(p *Pack) *Index {
	x := newLookups(p)
	x.addFormer()
	x.first = sync.OnceValue(p.firstNames)
	for i := range p.Events {
		x.byDate = append(x.byDate, &p.Events[i])
	}
	slices.SortStableFunc(x.byDate, newestFirst)
	x.timelines = newTimelines(x.byDate)
	x.citing = citations(x)
	x.names = newNames(x)
	x.words = sync.OnceValue(func() *search { return newSearch(x) })
	x.prints = sync.OnceValue(func() *prints { return newPrints(x) })
	return x
}

// Warm makes what is otherwise made when it is first used, so that the first
// search does not wait for it.
func (x *Index) Warm() {
	x.words()
	x.prints()
}

// newLookups makes the part of an index that finds items by their slugs, which
// is all that the rules of a pack need.
func newLookups(p *Pack) *Index {
	return &Index{
		pack:      p,
		topics:    bySlug(p.Topics, func(t *Topic) string { return t.Slug }),
		events:    bySlug(p.Events, func(e *Event) string { return e.Slug }),
		actors:    bySlug(p.Actors, func(a *Actor) string { return a.Slug }),
		terms:     bySlug(p.Terms, func(t *Term) string { return t.Slug }),
		places:    bySlug(p.Places, func(p *Place) string { return p.Slug }),
		sources:   bySlug(p.Sources, func(s *Source) string { return s.Slug }),
		countries: bySlug(p.Countries, func(c *Country) string { return c.Code }),
	}
}

func bySlug[T any](items []T, slug func(*T) string) map[string]*T {
	m := make(map[string]*T, len(items))
	for i := range items {
		m[slug(&items[i])] = &items[i]
	}
	return m
}

// Pack returns the pack the index was made from.
func (x *Index) Pack() *Pack { return x.pack }

// Topic returns the topic with this slug, whatever its status, or nil. Like
// all look-ups by slug it finds an item by those it had before, too.
func (x *Index) Topic(slug string) *Topic { return x.topics[slug] }

// Event returns the event with this slug, or nil.
func (x *Index) Event(slug string) *Event { return x.events[slug] }

// Actor returns the actor with this slug, or nil.
func (x *Index) Actor(slug string) *Actor { return x.actors[slug] }

// Term returns the term with this slug, or nil.
func (x *Index) Term(slug string) *Term { return x.terms[slug] }

// Place returns the place with this slug, or nil.
func (x *Index) Place(slug string) *Place { return x.places[slug] }

// Source returns the source with this slug, or nil.
func (x *Index) Source(slug string) *Source { return x.sources[slug] }

// Country returns the country with this ISO 3166-1 alpha-2 code, or nil.
func (x *Index) Country(code string) *Country { return x.countries[code] }

// Events returns every event, newest first, of one day the most important first.
func (x *Index) Events() []*Event { return x.byDate }

// Published returns the topics that are shown at the moment now, in the pack's order.
func (x *Index) Published(now time.Time) []*Topic {
	var out []*Topic
	for i := range x.pack.Topics {
		if t := &x.pack.Topics[i]; t.Shown(now) {
			out = append(out, t)
		}
	}
	return out
}

// Unconfirmed reports whether the named sources are all weak: what rests on
// them alone is shown as unconfirmed.
func (x *Index) Unconfirmed(sources []string) bool {
	for _, slug := range sources {
		if s := x.sources[slug]; s != nil && s.Grade != GradeC {
			return false
		}
	}
	return true
}

// Voices names for whom the named sources speak, each once, where all of them
// speak for somebody: what rests on them alone is what a side says.
func (x *Index) Voices(sources []string) []Text {
	var out []Text
	for _, slug := range sources {
		s := x.sources[slug]
		if s == nil {
			continue
		}
		label := x.pack.Publishes(s)
		if label == (Text{}) {
			return nil
		}
		if !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}

// Live holds the index in use. The zero Live holds none; all methods may be
// called from any goroutine.
type Live struct{ p atomic.Pointer[Index] }

// Index returns the index in use.
func (l *Live) Index() *Index { return l.p.Load() }

// Swap puts x in the place of the index in use, which readers that already
// hold it may go on reading.
func (l *Live) Swap(x *Index) { l.p.Store(x) }
