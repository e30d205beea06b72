package commands

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"griot/briefings"
)

// view is one version of the pack as readers see it between two moments.
type view struct {
	x      *briefings.Index
	at     time.Time
	until  time.Time // when another topic is published; zero for never
	topics []*briefings.Topic
	table  Table
	events map[string][]*briefings.Event // by topic, newest first
	actors map[string][]*briefings.Event // by actor, newest first
	refs   map[briefings.ID][]string     // the topics whose prose refers to an item
	never  map[string]bool               // hosts
	lists  memo                          // what takes a walk over many events
	newest briefings.Date                // the latest date a published topic speaks of
	oldest briefings.Date                // the oldest of the dates of the topics
}

// view returns what readers see now, made anew when the content changes.
func (c *Core) view() *view {
	x := c.live.Index()
	v := c.seen.Load()
	if v != nil && (v.x == x || x == nil) && (v.until.IsZero() || c.now().Before(v.until)) {
		return v
	}
	if x == nil {
		x = briefings.NewIndex(&briefings.Pack{})
	}
	v = c.newView(x, c.now())
	c.seen.Store(v)
	return v
}

func (c *Core) newView(x *briefings.Index, now time.Time) *view {
	v := &view{x: x, at: now, topics: x.Published(now), events: map[string][]*briefings.Event{}, actors: map[string][]*briefings.Event{}, never: map[string]bool{}, refs: map[briefings.ID][]string{}}
	for _, h := range x.Pack().NeverLink {
		v.never[strings.ToLower(h)] = true
	}
	for i := range x.Pack().Topics {
		if t := &x.Pack().Topics[i]; t.Status == briefings.Published && now.Before(t.PublishAt) && (v.until.IsZero() || t.PublishAt.Before(v.until)) {
			v.until = t.PublishAt
		}
	}
	for _, t := range v.topics {
		v.newest = later(v.newest, t.AsOf)
		if v.oldest.IsZero() || later(v.oldest, t.AsOf) == v.oldest {
			v.oldest = t.AsOf
		}
		v.refer(t)
	}
	for _, e := range x.Events() {
		for _, t := range e.Topics {
			v.events[t] = append(v.events[t], e)
		}
		for _, a := range e.Actors {
			v.actors[a] = append(v.actors[a], e)
		}
	}
	v.table = c.makeTable(v)
	return v
}

// refer notes which items a topic's prose refers to.
func (v *view) refer(t *briefings.Topic) {
	for _, lang := range briefings.Langs {
		for _, s := range t.Sections[lang] {
			for _, b := range s.Blocks {
				for _, sp := range b.Spans {
					if sp.Kind == briefings.SpanRef {
						v.refs[whole(sp.Ref)] = appendNew(v.refs[whole(sp.Ref)], t.Slug)
					}
				}
			}
		}
	}
}

// memo keeps lists by topic that are long to make; the zero memo is empty.
type memo struct {
	sources  sync.Map // slug -> []*briefings.Source
	disputed sync.Map // slug, or "" for all -> []*briefings.Event
}

// disputed returns the events of a topic, or of all, on which accounts differ.
func (v *view) disputed(topic string) []*briefings.Event {
	if known, ok := v.lists.disputed.Load(topic); ok {
		return known.([]*briefings.Event)
	}
	list := v.x.Disputed(topic)
	v.lists.disputed.Store(topic, list)
	return list
}

func later(a, b briefings.Date) briefings.Date {
	if a.Last().Compare(b.Last()) < 0 {
		return b
	}
	return a
}

// asOf is the newest date the published ones of these topics speak of: one that
// goes further covers what they share. It is the oldest of the whole pack when
// there are none.
func (v *view) asOf(slugs ...string) briefings.Date {
	var d briefings.Date
	for _, t := range v.topics {
		if slices.Contains(slugs, t.Slug) {
			d = later(d, t.AsOf)
		}
	}
	if d.IsZero() {
		return v.oldest
	}
	return d
}

// covering are the topics that refer to an actor or a term, one by one.
func (v *view) covering(id briefings.ID) [][]string {
	var each [][]string
	for _, slug := range v.refs[id] {
		each = append(each, []string{slug})
	}
	return each
}

// oldestAsOf is how old an answer about several things is, each with its
// topics: no newer than the one that is covered least far.
func (v *view) oldestAsOf(things ...[]string) briefings.Date {
	if len(things) == 0 {
		return v.oldest
	}
	d := v.asOf(things[0]...)
	for _, topics := range things[1:] {
		if of := v.asOf(topics...); later(of, d) == d {
			d = of
		}
	}
	return d
}

// link returns the address of a source where it may be linked, else "".
func (v *view) link(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	for host := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")); host != ""; _, host, _ = strings.Cut(host, ".") {
		if v.never[host] {
			return ""
		}
	}
	return address
}

// topic returns the published topic with this slug, or that had it before, or nil.
func (v *view) topic(slug string) *briefings.Topic {
	if t := v.x.Topic(slug); t != nil && t.Shown(v.at) {
		return t
	}
	return nil
}
