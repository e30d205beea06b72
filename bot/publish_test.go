package main

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// What appears by the clock is seen at its moment, without a change of files,
// and is news like what appears by an edit.
func TestContentAppearsByTheClock(t *testing.T) {
	t.Parallel()
	p := *briefingstest.Pack(t)
	now := briefingstest.Now
	p.Events, p.Terms = slices.Clone(p.Events), slices.Clone(p.Terms)
	p.Events[0].PublishAt, p.Terms[0].PublishAt = now.Add(time.Minute), now.Add(2*time.Minute)
	event, term := p.Events[0].Slug, p.Terms[0].Slug
	var told []int
	c := &content{
		live: new(briefings.Live), log: slog.New(slog.DiscardHandler), now: func() time.Time { return now },
		took: func(_ context.Context, p *briefings.Pack) error {
			told = append(told, len(p.RevisionsAt(now)))
			return nil
		},
	}
	if err := c.use(t.Context(), &p, ""); err != nil {
		t.Fatal(err)
	}
	for minute := range 4 {
		x := c.live.Index()
		if (x.Event(event) != nil) != (minute >= 1) || (x.Term(term) != nil) != (minute >= 2) {
			t.Errorf("at minute %d the event is there: %v, the term: %v", minute, x.Event(event) != nil, x.Term(term) != nil)
		}
		now = now.Add(time.Minute)
		c.appear(t.Context())
		c.appear(t.Context())
	}
	if len(told) != 3 || told[1] != told[0]+1 || told[2] != told[1]+1 {
		t.Errorf("told of %v items, want one more at each moment", told)
	}
}

// A topic that appears by the clock is news like one that appears by an edit.
func TestContentTellsOfTopicsThatAppear(t *testing.T) {
	t.Parallel()
	p := *briefingstest.Pack(t)
	p.Topics = slices.Clone(p.Topics)
	now := briefingstest.Now
	shown := slices.IndexFunc(p.Topics, func(t briefings.Topic) bool { return t.Shown(now) })
	p.Topics[shown].PublishAt = now.Add(time.Hour)
	var told []int
	c := &content{
		live: new(briefings.Live), log: slog.New(slog.DiscardHandler), now: func() time.Time { return now },
		took: func(_ context.Context, p *briefings.Pack) error {
			told = append(told, len(p.RevisionsAt(now)))
			return nil
		},
	}
	if err := c.use(t.Context(), &p, ""); err != nil {
		t.Fatal(err)
	}
	c.appear(t.Context())
	if len(told) != 1 {
		t.Errorf("told %d times before the moment, want once", len(told))
	}
	now = now.Add(time.Hour)
	c.appear(t.Context())
	c.appear(t.Context())
	if len(told) != 2 || told[1] <= told[0] {
		t.Errorf("told of %v items, want once more, with more, at the moment", told)
	}
}
