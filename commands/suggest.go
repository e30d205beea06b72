package commands

import (
	"context"
	"strings"

	"griot/briefings"
)

// Suggest lists up to limit things to look up for words half typed, each with
// the line that shows it, from offset on; without words, the briefings.
func (c *Core) Suggest(_ context.Context, r Request, typed string, offset, limit int) (out []Suggestion) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("suggestion panicked")
			out = nil
		}
	}()
	if offset < 0 || limit <= 0 {
		return nil
	}
	v := c.view()
	typed = cut(strings.TrimSpace(typed), 100)
	var all []briefings.ID
	if typed == "" {
		for _, t := range v.topics {
			all = append(all, t.ID())
		}
	} else {
		all = v.suggested(r, typed, min(offset+limit, 200))
	}
	for _, id := range all[min(offset, len(all)):min(offset+limit, len(all))] {
		out = append(out, v.suggestion(r, id))
	}
	return out
}

// suggested finds what goes by words half typed: by name first, then by text.
func (v *view) suggested(r Request, typed string, limit int) []briefings.ID {
	seen := map[briefings.ID]bool{}
	var out []briefings.ID
	add := func(id briefings.ID) {
		if id = whole(id); !seen[id] && v.shows(id) && len(out) < limit {
			seen[id] = true
			out = append(out, id)
		}
	}
	for _, m := range v.x.Near(typed, 5, briefings.KindTopic, briefings.KindActor, briefings.KindTerm) {
		add(m.ID)
	}
	for _, h := range v.search(v.typing(r, typed, limit)) {
		add(h.ID)
	}
	return out
}

// whole is the id of the item that a section or a claim belongs to.
func whole(id briefings.ID) briefings.ID { return briefings.MakeID(id.Kind(), id.Slug()) }

// shows reports whether readers can open the item.
func (v *view) shows(id briefings.ID) bool {
	switch id.Kind() {
	case briefings.KindTopic:
		return v.topic(id.Slug()) != nil
	case briefings.KindEvent:
		return v.x.Event(id.Slug()) != nil
	case briefings.KindActor:
		return v.x.Actor(id.Slug()) != nil
	case briefings.KindTerm:
		return v.x.Term(id.Slug()) != nil
	}
	return false
}

// suggestion names an item that is shown and the line that opens it.
func (v *view) suggestion(r Request, id briefings.ID) Suggestion {
	s := Suggestion{ID: id, Line: v.opens(r, id)}
	var title, about briefings.Text
	switch id.Kind() {
	case briefings.KindTopic:
		t := v.topic(id.Slug())
		title, about = t.Name, t.Line
	case briefings.KindEvent:
		e := v.x.Event(id.Slug())
		title, about = v.brief(id), inWords(e.Date)
		if title != e.Title {
			about = both("%s: %s", "%s\u00a0: %s", about, e.Title)
		}
	case briefings.KindActor:
		a := v.x.Actor(id.Slug())
		title, about = a.Name, a.Summary
	case briefings.KindTerm:
		t := v.x.Term(id.Slug())
		title, about = t.Name, t.Definition
	}
	s.Title, s.Description = title.In(r.Lang), cut(about.In(r.Lang), 100)
	return s
}

// opens is the line that shows an item, or "" for one without an answer of its own.
func (v *view) opens(r Request, id briefings.ID) string {
	slug := id.Slug()
	switch id.Kind() {
	case briefings.KindTopic:
		if t := v.topic(slug); t != nil {
			return r.to(t.Command, "section", id.Part())
		}
	case briefings.KindEvent:
		return r.to("timeline", "event", slug)
	case briefings.KindActor:
		return r.to("who", "name", slug)
	case briefings.KindTerm:
		return r.to("define", "term", slug)
	case briefings.KindPlace:
		if p := v.x.Place(slug); p != nil {
			return r.to("timeline", "country", slug)
		}
	}
	return ""
}

// brief is what an item is called where there is little room, as on a button.
func (v *view) brief(id briefings.ID) briefings.Text {
	if e := v.x.Event(id.Slug()); id.Kind() == briefings.KindEvent && e != nil && e.Short != (briefings.Text{}) {
		return e.Short
	}
	return v.name(id)
}

// name is what an item is called, or its slug.
func (v *view) name(id briefings.ID) briefings.Text {
	slug := id.Slug()
	switch id.Kind() {
	case briefings.KindTopic:
		if t := v.x.Topic(slug); t != nil {
			return t.Name
		}
	case briefings.KindEvent:
		if e := v.x.Event(slug); e != nil {
			return e.Title
		}
	case briefings.KindActor:
		if a := v.x.Actor(slug); a != nil {
			return a.Name
		}
	case briefings.KindTerm:
		if t := v.x.Term(slug); t != nil {
			return t.Name
		}
	case briefings.KindPlace:
		if p := v.x.Place(slug); p != nil {
			return p.Name
		}
	}
	return briefings.Same(slug)
}
