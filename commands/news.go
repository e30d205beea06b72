package commands

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/briefings"
)

// news are the changes seen in [from, to) to items of these topics, or of all
// published ones when there are none: one for each item, corrections first,
// then the newest. Of an item changed several times a correction outweighs.
func (c *Core) news(ctx context.Context, v *view, topics []string, from, to time.Time) ([]Change, error) {
	if c.changes == nil {
		return nil, nil
	}
	all, err := c.changes.Between(ctx, from, to)
	if err != nil {
		return nil, fmt.Errorf("changes from %s: %w", from.Format(time.RFC3339), err)
	}
	if len(topics) == 0 {
		topics = topicSet(v.topics...)
	}
	at := map[briefings.ID]int{}
	var out []Change
	for _, ch := range all { // newest first
		ch.ID = whole(ch.ID)
		if i, ok := at[ch.ID]; ok {
			out[i].Kind, out[i].Since = weigh(out[i].Kind, ch.Kind), ch.Since
			continue
		}
		if v.concerns(ch, topics) {
			at[ch.ID] = len(out)
			out = append(out, ch)
		}
	}
	out = slices.DeleteFunc(out, func(ch Change) bool { return ch.Kind == "" })
	slices.SortStableFunc(out, func(a, b Change) int { return rank(a.Kind) - rank(b.Kind) })
	return out, nil
}

// weigh merges a change with one before it. What came and went is no news.
func weigh(newer, older ChangeKind) ChangeKind {
	switch {
	case newer == "" || newer == Retracted && older == Added:
		return ""
	case newer == Retracted:
		return Retracted
	case newer == Corrected || older == Corrected:
		return Corrected
	case older == Added:
		return Added
	case older == Retracted:
		return Updated
	}
	return newer
}

func rank(k ChangeKind) int {
	return slices.Index([]ChangeKind{Corrected, Retracted, Added, Updated}, k)
}

// concerns reports whether a change is of an item that these topics hold.
func (v *view) concerns(ch Change, topics []string) bool {
	if ch.Kind == Retracted {
		return len(ch.Topics) == 0 || slices.ContainsFunc(ch.Topics, func(s string) bool { return slices.Contains(topics, s) })
	}
	if !v.shows(ch.ID) {
		return false
	}
	return slices.ContainsFunc(v.topicsOf(ch.ID), func(s string) bool { return slices.Contains(topics, s) }) ||
		ch.Kind == Corrected && len(v.topicsOf(ch.ID)) == 0
}

// topicsOf names the topics an item belongs to: an actor to those of its
// events, a term to those whose prose refers to it.
func (v *view) topicsOf(id briefings.ID) []string {
	var out []string
	switch id.Kind() {
	case briefings.KindTopic:
		out = append(out, id.Slug())
	case briefings.KindEvent:
		if e := v.x.Event(id.Slug()); e != nil {
			out = e.Topics
		}
	case briefings.KindActor:
		for _, e := range v.actors[id.Slug()] {
			for _, t := range e.Topics {
				out = appendNew(out, t)
			}
		}
	}
	for _, t := range v.refs[id] {
		out = appendNew(slices.Clip(out), t)
	}
	return out
}

// How many changes are shown in full, and how many in a line each. After a
// long absence there may be hundreds.
const (
	inFull  = 10
	inLines = 40
)

// newsList shows changes, the first in full, and returns the topics they touch.
func (c *Core) newsList(ctx context.Context, w *composer, news []Change) ([]string, error) {
	var topics []string
	var lines [][]Span
	more := 0
	for _, ch := range news {
		switch w.news++; {
		case w.full == nil && w.news <= inFull || w.full[ch.ID] || ch.Kind == Corrected || ch.Kind == Retracted:
			worded, err := c.changes.Texts(ctx, []Change{ch})
			if err != nil {
				return nil, fmt.Errorf("words that changed: %w", err)
			}
			w.change(worded[0])
		case w.news <= inLines:
			lines = append(lines, w.line(ch))
		default:
			more++
		}
		topics = append(topics, w.topicsOf(ch.ID)...)
	}
	if len(lines) > 0 {
		w.add(Block{Kind: List, Entries: lines})
	}
	if more > 0 {
		w.add(remark(w.say(both("And %d more changes: /latest shows them by topic.", "Et %d autres changements : /latest les montre par dossier.", more))))
	}
	return topics, nil
}

// line names a change in one line.
func (w *composer) line(ch Change) []Span {
	w.item(ch.ID)
	_, sources := w.about(ch.ID)
	if e := w.x.Event(ch.ID.Slug()); ch.ID.Kind() == briefings.KindEvent && e != nil {
		sources = e.Sources
	}
	if t := w.topic(ch.ID.Slug()); ch.ID.Kind() == briefings.KindTopic && t != nil {
		sources = leadSources(t)
	}
	return w.cite([]Span{plain(w.say(changeNames[ch.Kind]) + Words(w.lang).colon + w.say(w.name(ch.ID)) + ".")}, sources...)
}

var changeNames = map[ChangeKind]briefings.Text{
	Added: both("New", "Nouveau"), Updated: both("Updated", "Mis à jour"),
	Corrected: both("Corrected", "Corrigé"), Retracted: both("Withdrawn", "Retiré"),
}

// change shows one change and the text as it reads now.
func (w *composer) change(ch Change) {
	label := w.say(changeNames[ch.Kind])
	switch e := w.x.Event(ch.ID.Slug()); {
	case ch.Kind == Retracted:
		what := w.say(ch.Title)
		if what == "" {
			what = string(ch.ID)
		}
		w.add(remark(label + Words(w.lang).colon + what))
	case ch.ID.Kind() == briefings.KindEvent && e != nil:
		b := w.event(e)
		b.Label = label + " · " + b.Label
		if ch.Kind == Corrected { // what was wrong comes before who says what
			n := len(b.Entries) - len(e.Corrections)
			b.Entries = slices.Concat(b.Entries[n:], b.Entries[:n])
		}
		b.Entries = append(b.Entries, w.passages(ch, e.Corrections, e.Sources)...)
		w.add(b)
	case ch.ID.Kind() == briefings.KindTopic:
		t := w.topic(ch.ID.Slug())
		w.item(ch.ID)
		w.lead(t)
		last := &w.reply.Blocks[len(w.reply.Blocks)-1]
		last.Label = label + " · " + w.say(t.Name)
		last.Entries = append(last.Entries, w.corrections(t.Corrections, leadSources(t))...)
		last.Entries = append(last.Entries, w.passages(ch, t.Corrections, leadSources(t))...)
	default:
		w.item(ch.ID)
		text, sources := w.about(ch.ID)
		fixes := w.fixes(ch.ID)
		w.add(Block{
			Kind: Fact, Label: label + " · " + w.say(w.name(ch.ID)), Spans: w.cite([]Span{plain(w.say(text))}, sources...),
			Entries: append(w.corrections(fixes, sources), w.passages(ch, fixes, sources)...),
		})
	}
}

// leadSources are what the first paragraph of a topic rests on.
func leadSources(t *briefings.Topic) []string {
	sections := t.Sections[briefings.EN]
	if len(sections) == 0 || len(sections[0].Blocks) == 0 {
		return nil
	}
	var out []string
	for _, sp := range sections[0].Blocks[0].Spans {
		out = append(out, sp.Cites...)
	}
	return out
}
