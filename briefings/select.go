package briefings

import (
	"cmp"
	"slices"
	"strings"
)

// Filter says which events are wanted. Empty fields do not filter.
type Filter struct {
	Topic   string // slug
	Actor   string // slug
	Place   string // slug
	Country string // ISO 3166-1 alpha-2
	Kind    string // one of EventKinds
	From    Date   // events that end on its first day or later
	To      Date   // events that begin on its last day or earlier
}

// timeline is a list of events, newest first, cut by dates without being walked.
type timeline struct {
	events []*Event
	// lastEnd[i] is the latest end among events[i:]: where it lies before a
	// filter's From, nothing older can match.
	lastEnd []int32
}

// days is a full date as a number that orders like the date.
func days(d Date) int32 { return int32(d.Year)*10_000 + int32(d.Month)*100 + int32(d.Day) }

func firstDay(e *Event) int32 { return days(e.Date.First()) }

func lastDay(e *Event) int32 {
	last := days(e.Date.Last())
	if !e.End.IsZero() {
		last = max(last, days(e.End.Last()))
	}
	return last
}

func newestFirst(a, b *Event) int {
	return cmp.Or(b.Date.Compare(a.Date), cmp.Compare(b.Importance, a.Importance), strings.Compare(a.Slug, b.Slug))
}

// seal computes what cutting needs; events are newest first already.
func (l *timeline) seal() {
	l.lastEnd = make([]int32, len(l.events))
	latest := int32(0)
	for i, e := range slices.Backward(l.events) {
		latest = max(latest, lastDay(e))
		l.lastEnd[i] = latest
	}
}

// cut returns the part of the list that a filter's dates can match.
func (l *timeline) cut(from, to Date) []*Event {
	low, high := 0, len(l.events)
	if !to.IsZero() {
		last := days(to.Last())
		low, _ = slices.BinarySearchFunc(l.events, last, func(e *Event, last int32) int {
			if firstDay(e) > last {
				return -1
			}
			return 1
		})
	}
	if !from.IsZero() {
		first := days(from.First())
		high, _ = slices.BinarySearchFunc(l.lastEnd, first, func(end, first int32) int {
			if end >= first {
				return -1
			}
			return 1
		})
	}
	if low >= high {
		return nil
	}
	return l.events[low:high]
}

// timelines are the events by what they are filtered by.
type timelines map[filterKey]*timeline

type filterKey struct{ field, value string }

func keysOf(e *Event) []filterKey {
	keys := []filterKey{{}, {"kind", e.Kind}}
	for field, values := range map[string][]string{"topic": e.Topics, "actor": e.Actors, "place": e.Places, "country": e.Countries} {
		for _, v := range values {
			keys = append(keys, filterKey{field, v})
		}
	}
	return keys
}

func newTimelines(byDate []*Event) timelines {
	ts := timelines{}
	for _, e := range byDate {
		for _, k := range keysOf(e) {
			l := ts[k]
			if l == nil {
				l = &timeline{}
				ts[k] = l
			}
			if n := len(l.events); n == 0 || l.events[n-1] != e { // a value given twice counts once
				l.events = append(l.events, e)
			}
		}
	}
	for _, l := range ts {
		l.seal()
	}
	return ts
}

// Select returns the events that match every field of f, newest first. An
// event matches a range of dates when any of its days may lie within.
func (x *Index) Select(f Filter) []*Event {
	keys := []filterKey{{}}
	for _, k := range [...]filterKey{{"topic", f.Topic}, {"actor", f.Actor}, {"place", f.Place}, {"country", f.Country}, {"kind", f.Kind}} {
		if k.value != "" {
			keys = append(keys, k)
		}
	}
	var shortest []*Event
	for i, k := range keys {
		l := x.timelines[k]
		if l == nil {
			return nil
		}
		if part := l.cut(f.From, f.To); i == 0 || len(part) < len(shortest) {
			shortest = part
		}
	}
	var out []*Event
	for _, e := range shortest {
		if f.matches(e) {
			out = append(out, e)
		}
	}
	return out
}

func (f *Filter) matches(e *Event) bool {
	has := func(list []string, want string) bool { return want == "" || slices.Contains(list, want) }
	return has(e.Topics, f.Topic) && has(e.Actors, f.Actor) && has(e.Places, f.Place) && has(e.Countries, f.Country) &&
		(f.Kind == "" || e.Kind == f.Kind) &&
		(f.From.IsZero() || lastDay(e) >= days(f.From.First())) &&
		(f.To.IsZero() || firstDay(e) <= days(f.To.Last()))
}

// Disputed returns the events of the topic on which two parties say different
// things, newest first; of all topics when topic is empty.
func (x *Index) Disputed(topic string) []*Event {
	var out []*Event
	for _, e := range x.Select(Filter{Topic: topic}) {
		if e.Disputed() {
			out = append(out, e)
		}
	}
	return out
}

// Disputed reports whether two parties say different things about the event.
func (e *Event) Disputed() bool {
	for i, a := range e.Claims {
		for _, b := range e.Claims[:i] {
			if a.By != b.By && a.Says != b.Says {
				return true
			}
		}
	}
	return false
}

// Citing returns the ids of the events, topics, actors and terms that rest on
// the source, each once: published topics first, then events newest first.
func (x *Index) Citing(source string) []ID { return x.citing[source] }

func citations(x *Index) map[string][]ID {
	m := map[string][]ID{}
	add := func(id ID, sources []string) {
		for _, s := range sources {
			if ids := m[s]; len(ids) == 0 || ids[len(ids)-1] != id {
				m[s] = append(ids, id)
			}
		}
	}
	p := x.pack
	for i := range p.Topics {
		if p.Topics[i].Status == Published {
			add(p.Topics[i].ID(), p.Topics[i].cites())
		}
	}
	for _, e := range x.byDate {
		add(e.ID(), e.cites())
	}
	for i := range p.Actors {
		add(p.Actors[i].ID(), p.Actors[i].Sources)
	}
	for i := range p.Terms {
		add(p.Terms[i].ID(), p.Terms[i].Sources)
	}
	return m
}

// cites returns every source the event and its claims rest on.
func (e *Event) cites() []string {
	all := slices.Clone(e.Sources)
	for _, c := range e.Claims {
		all = append(all, c.Sources...)
	}
	return all
}

// cites returns every source the topic's prose rests on.
func (t *Topic) cites() []string {
	var all []string
	for _, sections := range t.Sections {
		for _, s := range sections {
			for _, b := range s.Blocks {
				for _, sp := range b.Spans {
					all = append(all, sp.Cites...)
				}
			}
		}
	}
	return all
}
