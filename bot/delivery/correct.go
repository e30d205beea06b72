package delivery

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// Core answers again what messages answered, and says what was wrong in them.
// *commands.Core is one.
type Core interface {
	Table() commands.Table
	Answer(ctx context.Context, r commands.Request) commands.Reply
	HashOf(id briefings.ID) string
	Amend(r commands.Reply, fixes []commands.Fix, lang briefings.Lang) commands.Reply
	NoticeFixed(fixes []commands.Fix, lang briefings.Lang) commands.Reply
	Urgent(f commands.Fix) bool
	Card(ctx context.Context, c commands.Card, at commands.Destination) commands.Reply
	AnswerToRemark(r commands.Remark) commands.Reply
	Closed(title briefings.Text, lang briefings.Lang) commands.Reply
}

const (
	// fixLife is how long a correction of a message is tried.
	fixLife = 3 * 24 * time.Hour
	// fixPage is how many messages are planned in one transaction at most.
	fixPage = 5000
	// sweepEvery is how often what is too old is forgotten.
	sweepEvery = time.Hour
)

// correct plans the edits of all messages that show something which was
// corrected, withdrawn or put back since.
func (s *Service) correct(ctx context.Context) error {
	if s.Core == nil {
		return nil
	}
	for ctx.Err() == nil {
		now := s.Now()
		list, err := s.Store.Stale(ctx, s.platforms, now.Add(-s.Remember), fixPage)
		if err != nil || len(list) == 0 {
			return err
		}
		planned := 0
		for _, same := range grouped(list) {
			ok, err := s.fix(ctx, same, now)
			if err != nil {
				return fmt.Errorf("correct messages that say %s: %w", same[0][0].Said, err)
			}
			if ok {
				planned += len(same)
			}
		}
		if planned == 0 { // they wait for the content
			return nil
		}
		s.at("fixes planned")
		s.Log.Info("corrections planned", "replies", planned)
		for _, p := range s.platforms {
			nudge(s.kick[p])
		}
	}
	return ctx.Err()
}

// standing are the messages of one reply at one place.
type standing []store.Stale

// shape tells apart replies whose messages cannot be edited alike.
func (r standing) shape() string {
	var b strings.Builder
	for _, p := range r {
		if p.File {
			b.WriteByte('f')
		} else {
			b.WriteByte('t')
		}
	}
	return b.String()
}

// grouped puts replies together that say the same, in the same shape, at places
// of one kind, no two of one place.
func grouped(list []store.Stale) [][]standing {
	type key struct {
		said, kind, shape string
		purpose           store.Purpose
		copy              int
	}
	var out [][]standing
	at, copies := map[key]int{}, map[string]int{}
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].To == list[0].To && list[n].Bundle == list[0].Bundle && list[n].Said == list[0].Said {
			n++
		}
		r := standing(list[:n])
		list = list[n:]
		for i := range r {
			r[i].At = i
		}
		k := key{said: r[0].Said, kind: r[0].Kind, shape: r.shape(), purpose: r[0].Purpose}
		place := fmt.Sprint(k, r[0].To)
		k.copy = copies[place]
		copies[place]++
		i, ok := at[k]
		if !ok {
			i, at[k] = len(out), len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}

// fix plans the edits of replies that are alike; false when they have to wait
// for the content that corrects them.
func (s *Service) fix(ctx context.Context, same []standing, now time.Time) (bool, error) {
	first := same[0][0]
	says, ok, err := s.Store.Saying(ctx, first.Said)
	if err != nil || !ok {
		return false, err
	}
	since, err := s.Store.Since(ctx, says.Items)
	if err != nil {
		return false, err
	}
	if !s.inStep(since) {
		return false, nil
	}
	reply, of, err := s.remake(ctx, says, now)
	if err != nil {
		return false, err
	}
	fixes, changes := fixesOf(says, since)
	reply = s.Core.Amend(reply, fixes, says.Lang)
	e := store.Edits{
		Kind: first.Kind, Fixes: changes, Expires: now.Add(fixLife),
		Says: store.Saying{Lang: says.Lang, Request: says.Request, Items: after(says, reply, since)},
	}
	if strings.HasSuffix(first.Kind, outside) {
		e.Unreachable = "outside"
	} else if e.Parts, err = s.fitted(first.To, first.Kind, same[0], reply, of.Line); err != nil {
		s.Log.Error("correction cannot be laid out", "said", first.Said, "kind", first.Kind, "err", err)
		e.Unreachable = "layout"
	}
	return true, s.addEdits(ctx, e, same, fixes, now)
}

// fixesOf tells what of the items of messages changed since they showed them
// first, and in which revisions.
func fixesOf(says store.Saying, since map[briefings.ID]store.Latest) (fixes []commands.Fix, changes []store.SaidItem) {
	for _, it := range says.Items {
		l := since[it.ID]
		if len(l.Fixes) == 0 {
			continue
		}
		fixes = append(fixes, commands.Fix{ID: it.ID, Had: l.Had, Title: l.Title, Seen: l.Seen, Withdrawn: l.Retracted, Back: l.Back})
		for _, n := range l.Fixes {
			if n > it.N {
				changes = append(changes, store.SaidItem{ID: it.ID, N: n, First: it.First})
			}
		}
	}
	return fixes, changes
}

// after are the items of messages once they are corrected: what they show now,
// and what they say about what they showed.
func after(says store.Saying, reply commands.Reply, since map[briefings.ID]store.Latest) []store.SaidItem {
	out := slices.Clone(says.Items)
	at := map[briefings.ID]bool{}
	for i := range out {
		out[i].N, at[out[i].ID] = since[out[i].ID].N, true
	}
	for _, it := range shown(reply) {
		if !at[it.ID] {
			at[it.ID] = true
			out = append(out, it)
		}
	}
	return out
}

// addEdits keeps the edits of replies, some thousands at a time.
func (s *Service) addEdits(ctx context.Context, e store.Edits, same []standing, fixes []commands.Fix, now time.Time) error {
	first := same[0][0]
	items := make([]string, 0, len(e.Says.Items))
	for _, it := range e.Says.Items {
		items = append(items, string(it.ID)+" "+strconv.Itoa(it.N)+it.Hash)
	}
	key := store.FixKey(strings.Join([]string{first.Said, first.Kind, same[0].shape(), string(first.Purpose), first.Bundle, strconv.FormatInt(first.Seen.UnixMicro(), 10), strings.Join(items, ",")}, "|"))
	e.Run = newRun(key, "", "", e.Says.Lang, first.Seen)
	var posts []store.Stale
	var owe []store.Owed
	for _, r := range same {
		posts = append(posts, r...)
		if first.Purpose != store.Digest {
			continue
		}
		for _, c := range e.Fixes {
			i := slices.IndexFunc(fixes, func(f commands.Fix) bool { return f.ID == c.ID })
			owe = append(owe, store.Owed{To: r[0].To, Kind: first.Kind, Lang: e.Says.Lang, ID: c.ID, N: c.N, First: c.First, Urgent: s.Core.Urgent(fixes[i])})
		}
	}
	return s.Store.AddEdits(ctx, e, posts, owe, now)
}

// fitted lays a reply out in as many messages as stand, in the shape they have.
// What they cannot hold is cut from its end, and they say where it is.
func (s *Service) fitted(to commands.Destination, kind string, stand standing, r commands.Reply, line string) ([]string, error) {
	a := s.Adapters[to.Platform]
	place := commands.Place{Destination: to, Private: strings.HasSuffix(kind, "/private"), Postable: true}
	if line == "" {
		line = "/latest"
	}
	var parts []adapter.Part
	try := func(n int) bool {
		cut := r
		if n < len(r.Blocks) {
			cut = commands.Cut(r, n, line)
		}
		laid, err := a.Render(place, cut)
		if err != nil {
			return false
		}
		got, fits := placed(stand, laid)
		if fits {
			parts = got
		}
		return fits
	}
	if !try(len(r.Blocks)) {
		over := sort.Search(len(r.Blocks), func(n int) bool { return n > 0 && !try(n) })
		for n := over - 1; n > 0 && parts == nil; n-- {
			try(n)
		}
	}
	if parts == nil {
		return nil, fmt.Errorf("%w: it does not fit %d messages", adapter.ErrPayload, len(stand))
	}
	rest, err := a.Render(place, commands.Superseded(r.Lang))
	if err != nil || len(rest) != 1 {
		return nil, fmt.Errorf("lay out what stands for nothing: %w", err)
	}
	for i := range parts {
		if parts[i].Body == nil {
			parts[i] = rest[0]
		}
	}
	return written(parts)
}

// placed gives each message that stands its part: texts to texts and files to
// files, in their order; false when they are too few. Messages left over get none.
func placed(stand standing, laid []adapter.Part) ([]adapter.Part, bool) {
	files := strings.Contains(stand.shape(), "f")
	out := make([]adapter.Part, len(stand))
	for _, p := range laid {
		i := slices.IndexFunc(stand, func(m store.Stale) bool {
			return out[m.At].Body == nil && (!files && m.To.Platform != commands.Telegram || m.File == (len(p.Files) > 0))
		})
		if i < 0 {
			return nil, false
		}
		out[i] = p
	}
	return out, true
}

// sweep forgets what is too old, now and then.
func (s *Service) sweep(ctx context.Context) error {
	now := s.Now()
	if now.Sub(s.swept) < sweepEvery {
		return nil
	}
	if err := s.Store.Sweep(ctx, now.Add(-s.Remember)); err != nil {
		return err
	}
	s.swept = now
	return nil
}
