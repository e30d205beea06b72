package briefings

import (
	"slices"
	"time"
)

// Shown reports whether readers see the topic at the moment now.
func (t *Topic) Shown(now time.Time) bool { return t.Status == Published && !now.Before(t.PublishAt) }

// Shown reports whether readers see the event at the moment now.
func (e *Event) Shown(now time.Time) bool { return shown(e.Status, e.PublishAt, now) }

// Shown reports whether readers see the actor at the moment now.
func (a *Actor) Shown(now time.Time) bool { return shown(a.Status, a.PublishAt, now) }

// Shown reports whether readers see the term at the moment now.
func (t *Term) Shown(now time.Time) bool { return shown(t.Status, t.PublishAt, now) }

func shown(s Status, at, now time.Time) bool {
	return (s == Published || s == "") && !now.Before(at)
}

// At returns the pack as readers see it at the moment now: without the events,
// actors and terms that they do not see. Topics all stay, as answers look at
// their status anyway; so do sources and places, which are seen by what names
// them. An index for readers is made of this.
func (p *Pack) At(now time.Time) *Pack {
	q := *p
	q.Events = visible(p.Events, func(e *Event) bool { return e.Shown(now) })
	q.Actors = visible(p.Actors, func(a *Actor) bool { return a.Shown(now) })
	q.Terms = visible(p.Terms, func(t *Term) bool { return t.Shown(now) })
	return &q
}

// visible are the items that are seen; the list itself when all are.
func visible[T any](items []T, seen func(*T) bool) []T {
	for i := range items {
		if seen(&items[i]) {
			continue
		}
		out := slices.Clone(items[:i])
		for j := i + 1; j < len(items); j++ {
			if seen(&items[j]) {
				out = append(out, items[j])
			}
		}
		return out
	}
	return items
}

// Appears reports whether an item's moment of publication lies in (from, to]:
// readers see more at to than at from, though no file changed.
func (p *Pack) Appears(from, to time.Time) bool {
	return appears(p.Topics, (*Topic).Shown, from, to) || appears(p.Events, (*Event).Shown, from, to) ||
		appears(p.Actors, (*Actor).Shown, from, to) || appears(p.Terms, (*Term).Shown, from, to)
}

func appears[T any](items []T, shown func(*T, time.Time) bool, from, to time.Time) bool {
	for i := range items {
		if !shown(&items[i], from) && shown(&items[i], to) {
			return true
		}
	}
	return false
}
