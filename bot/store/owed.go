package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/briefings"
	"griot/commands"
)

// Owed is a change that the readers of a place are to be told of, since they
// read what it was before as news.
type Owed struct {
	To     commands.Destination
	Kind   string
	Lang   briefings.Lang
	ID     briefings.ID
	N      int // the revision that it is told of
	First  int // the one they read
	Urgent bool
}

var owedTypes = []string{"text", "text", "text", "text", "bigint", "bigint", "text", "text", "smallint", "bigint"}

func addOwed(ctx context.Context, tx conn, owe []Owed, now time.Time) error {
	var rows []any
	for _, o := range owe {
		rows = append(rows, o.To.Platform, o.To.Chat, o.To.Thread, o.ID, o.N, o.First, o.Lang, o.Kind, bit(o.Urgent), micro(now))
	}
	for v, args := range tx.tables(owedTypes, rows) {
		if _, err := tx.ExecContext(ctx, `WITH v (platform, chat, thread, item, n, first, lang, kind, urgent, due) AS (`+v+`)
			INSERT INTO owed (platform, chat, thread, item, n, first, lang, kind, urgent, due) SELECT platform, chat, thread, item, n, first, lang, kind, urgent, due FROM v
			WHERE EXISTS (SELECT 1 FROM subscription s WHERE s.platform = v.platform AND s.chat = v.chat AND s.thread = v.thread AND s.paused = 0 AND s.stopped = '')
			ON CONFLICT DO NOTHING`, args...); err != nil {
			return err
		}
	}
	return nil
}

// OwedTo is all that one place is to be told now.
type OwedTo struct {
	To    commands.Destination
	List  []Owed    // in the order of items
	Told  time.Time // when it was told of other changes last; zero: never
	Quiet []commands.Subscription
}

// urgent reports whether something of it cannot wait for the morning.
func (o OwedTo) urgent() bool {
	return slices.ContainsFunc(o.List, func(one Owed) bool { return one.Urgent })
}

// Owed returns what places are to be told, place by place, up to limit places.
// Those it says of that it is not yet time for wait for [Store.OweLater].
func (s *Store) Owed(ctx context.Context, platforms []commands.Platform, now time.Time, limit int) ([]OwedTo, error) {
	in, args := list(platforms)
	var out []OwedTo
	rows, err := s.read.QueryContext(ctx, `WITH c AS MATERIALIZED (SELECT DISTINCT platform, chat, thread FROM owed WHERE told = 0 AND due <= ? AND platform IN `+in+` ORDER BY platform, chat, thread LIMIT ?)
		SELECT o.platform, o.chat, o.thread, o.item, o.n, o.first, o.lang, o.kind, o.urgent,
			(SELECT MAX(t.told) FROM owed t WHERE t.platform = o.platform AND t.chat = o.chat AND t.thread = o.thread)
		FROM c JOIN owed o ON o.platform = c.platform AND o.chat = c.chat AND o.thread = c.thread WHERE o.told = 0
		ORDER BY o.platform, o.chat, o.thread, o.item, o.n`, slices.Concat([]any{micro(now)}, args, []any{limit})...)
	err = each(rows, err, func() error {
		var o Owed
		var told int64
		if err := rows.Scan(&o.To.Platform, &o.To.Chat, &o.To.Thread, &o.ID, &o.N, &o.First, &o.Lang, &o.Kind, &o.Urgent, &told); err != nil {
			return err
		}
		if n := len(out); n == 0 || out[n-1].To != o.To {
			out = append(out, OwedTo{To: o.To, Told: instant(told)})
		}
		last := &out[len(out)-1]
		last.List = append(last.List, o)
		return nil
	})
	for i := 0; err == nil && i < len(out); i++ {
		out[i].Quiet, err = s.Active(ctx, out[i].To)
	}
	if err != nil {
		return nil, fmt.Errorf("read what places are to be told: %w", err)
	}
	return out, nil
}

// OweLater has a place told at a later time.
func (s *Store) OweLater(ctx context.Context, to commands.Destination, at time.Time) error {
	_, err := s.write.ExecContext(ctx, `UPDATE owed SET due = ? WHERE platform = ? AND chat = ? AND thread = ? AND told = 0`, micro(at), to.Platform, to.Chat, to.Thread)
	if err != nil {
		return fmt.Errorf("put off what a place is to be told: %w", err)
	}
	return nil
}

// take notes that a place is told of all it is owed. Where somebody else told it
// of some, it is false and the rest stays owed.
func take(ctx context.Context, tx conn, p OwedTo, now time.Time) (bool, error) {
	set := func(o Owed, was, is int64) (bool, error) {
		r, err := tx.ExecContext(ctx, `UPDATE owed SET told = ? WHERE platform = ? AND chat = ? AND thread = ? AND item = ? AND n = ? AND told = ?`,
			is, p.To.Platform, p.To.Chat, p.To.Thread, o.ID, o.N, was)
		return affected(r, err, "note that a place is told")
	}
	var taken []Owed
	for _, o := range p.List {
		ok, err := set(o, 0, micro(now))
		if err != nil {
			return false, err
		}
		if ok {
			taken = append(taken, o)
		}
	}
	if len(taken) == len(p.List) {
		return true, nil
	}
	for _, o := range taken {
		if _, err := set(o, micro(now), 0); err != nil {
			return false, err
		}
	}
	return false, nil
}

// Tell plans one notice with the given parts for places that are owed the same.
// A place that wants no digests any more is told nothing. It does nothing for
// those that somebody else told of some of it; the next look tells the rest.
func (s *Store) Tell(ctx context.Context, r Run, kind string, parts []string, places []OwedTo, expires, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		some := false
		for _, p := range places {
			if ok, err := take(ctx, tx, p, now); err != nil {
				return err
			} else if !ok || len(p.Quiet) == 0 {
				continue
			}
			some = true
			for i := range parts {
				if _, err := tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, purpose, state, urgent, not_before, expires, changed)
					VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
					r.ID, p.To.Platform, p.To.Chat, p.To.Thread, i, kind, Notice, Planned, bit(p.urgent()), micro(now), micro(expires), micro(now)); err != nil {
					return err
				}
			}
		}
		if !some {
			return nil
		}
		if _, err := tx.ExecContext(ctx, insertRun, r.ID, r.Key, r.Slot, r.Zone, r.Lang, micro(r.End), micro(now)); err != nil {
			return err
		}
		for i, text := range parts {
			if _, err := tx.ExecContext(ctx, insertMessage, r.ID, kind, i, text, ""); err != nil {
				return err
			}
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return fmt.Errorf("plan a notice of corrections: %w", err)
	}
	return nil
}
