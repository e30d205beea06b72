package delivery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/bot/schedule"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

const (
	// noticeSpace lies between two notices of corrections at one place, unless one is urgent.
	noticeSpace = 24 * time.Hour
	owedPage    = 1000
)

// tellFixed plans the notices of what was corrected in digests: one for each
// place, merged, not in its quiet hours and not more than one a day, unless it
// is urgent.
func (s *Service) tellFixed(ctx context.Context) error {
	if s.Core == nil {
		return nil
	}
	for ctx.Err() == nil {
		now := s.Now()
		list, err := s.Store.Owed(ctx, s.platforms, now, owedPage)
		if err != nil || len(list) == 0 {
			return err
		}
		var order []string
		same := map[string][]store.OwedTo{}
		for _, o := range list {
			if at := tellAt(o, now); at.After(now) {
				if err := s.Store.OweLater(ctx, o.To, at); err != nil {
					return err
				}
				continue
			}
			key := alike(o)
			if same[key] == nil {
				order = append(order, key)
			}
			same[key] = append(same[key], o)
		}
		for _, key := range order {
			if err := s.tellSame(ctx, key, same[key], now); err != nil {
				return fmt.Errorf("tell of corrections: %w", err)
			}
		}
		s.at("notices planned")
		for _, p := range s.platforms {
			nudge(s.kick[p])
		}
	}
	return ctx.Err()
}

// tellAt is when a place may be told.
func tellAt(o store.OwedTo, now time.Time) time.Time {
	at := now
	for _, one := range o.List {
		if one.Urgent {
			return now
		}
	}
	if !o.Told.IsZero() {
		at = later(at, o.Told.Add(noticeSpace))
	}
	for _, sub := range o.Quiet {
		if q, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone); err == nil {
			at = later(at, q.End(at))
		}
	}
	return at
}

// alike names the places that read the same notice.
func alike(o store.OwedTo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s|%s", o.List[0].Kind, o.List[0].Lang)
	for _, one := range o.List {
		fmt.Fprintf(&b, "|%s %d %d", one.ID, one.First, one.N)
	}
	return b.String()
}

// tellSame plans the notice of places that read the same one.
func (s *Service) tellSame(ctx context.Context, key string, places []store.OwedTo, now time.Time) error {
	first := places[0]
	var items []store.SaidItem
	for _, o := range first.List {
		items = append(items, store.SaidItem{ID: o.ID, N: o.N, First: o.First})
	}
	since, err := s.Store.Since(ctx, oldest(items))
	if err != nil {
		return err
	}
	fixes, _ := fixesOf(store.Saying{Items: oldest(items)}, since)
	lang, kind := first.List[0].Lang, first.List[0].Kind
	var texts []string
	if len(fixes) > 0 {
		place := commands.Place{Destination: first.To, Private: strings.HasSuffix(kind, "/private"), Postable: true}
		parts, err := s.Adapters[first.To.Platform].Render(place, s.Core.NoticeFixed(fixes, lang))
		if err != nil {
			s.Log.Error("notice of corrections cannot be laid out", "adapter", string(first.To.Platform), "err", err)
		}
		if texts, err = written(parts); err != nil {
			return err
		}
	}
	r := newRun(fmt.Sprintf("notice|corrected|%s|%s|%d", key, first.To, now.UnixMicro()), "", "", lang, time.Time{})
	return s.Store.Tell(ctx, r, kind, texts, places, now.Add(noticeLife), now)
}

// oldest are items, each once, in the oldest revision that was read.
func oldest(items []store.SaidItem) []store.SaidItem {
	var out []store.SaidItem
	at := map[briefings.ID]int{}
	for _, it := range items {
		i, ok := at[it.ID]
		if !ok {
			at[it.ID], out = len(out), append(out, it)
			continue
		}
		out[i].First, out[i].N = min(out[i].First, it.First), max(out[i].N, it.N)
	}
	return out
}
