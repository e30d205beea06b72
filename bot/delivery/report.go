package delivery

import (
	"context"
	"slices"
	"strings"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/commands"
)

// RunReport is what became of a run.
type RunReport struct {
	store.RunReport
	Topics []string // what a digest told of; empty where nothing was told
	Asked  bool     // somebody asked for it at once
}

// Reports returns the newest runs, newest first: at most limit, 0 for all. With
// an id it returns that run alone.
func (s *Service) Reports(ctx context.Context, id string, limit int) ([]RunReport, error) {
	runs, err := s.Store.Reports(ctx, id, limit)
	if err != nil {
		return nil, err
	}
	out := make([]RunReport, 0, len(runs))
	for _, r := range runs {
		one := RunReport{RunReport: r, Asked: strings.HasPrefix(r.Key, "now|")}
		switch {
		case r.Purpose == store.Digest:
			one.Topics = topicsOf(r.Key)
		case r.Purpose == store.PinText || r.Purpose.Acts():
			one.Topics = pinTopicOf(r.Key)
		}
		out = append(out, one)
	}
	return out, nil
}

// topicsOf reads the topics out of a digest's key; see [wish.key] for its form.
func topicsOf(key string) []string {
	var out []string
	for field := range strings.SplitSeq(key, "|") {
		_, topics, asks := strings.Cut(field, ":")
		if !asks || strings.Contains(field, "T") { // a slot has both
			continue
		}
		for topic := range strings.SplitSeq(topics, ";") {
			if !slices.Contains(out, topic) {
				out = append(out, topic)
			}
		}
	}
	return out
}

// Delivered is a delivery and the address of its message, "" where it has none.
type Delivered struct {
	store.Delivery
	Link string
}

// Deliveries returns every delivery of a run, place by place, part by part.
func (s *Service) Deliveries(ctx context.Context, run string) ([]Delivered, error) {
	list, err := s.Store.Deliveries(ctx, run)
	if err != nil {
		return nil, err
	}
	subs, err := s.Store.All(ctx)
	if err != nil {
		return nil, err
	}
	guilds := map[commands.Destination]string{}
	for _, sub := range subs {
		if sub.Guild != "" {
			guilds[sub.To] = sub.Guild
		}
	}
	out := make([]Delivered, 0, len(list))
	for _, d := range list {
		one := Delivered{Delivery: d}
		if l, ok := s.Adapters[d.To.Platform].(adapter.Linker); ok && d.State == store.Sent && d.Ref != "" {
			one.Link = l.Link(commands.Place{Destination: target(d), Private: strings.HasSuffix(d.Kind, "/private"), Guild: guilds[d.To]}, d.Ref)
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Delivered) int { return compareTo(a.To, b.To) })
	return out, nil
}

// Retry plans anew what is missing of a run, with a deadline from now on; see
// [store.Store.PutBack]. A running process sends it within its next look.
func (s *Service) Retry(ctx context.Context, run string, doubtful bool) (store.PutBack, error) {
	now := s.Now()
	back, err := s.Store.PutBack(ctx, run, doubtful, now.Add(s.Deadline), now)
	if err == nil {
		s.Wake()
	}
	return back, err
}
