package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/briefings"
	"griot/commands"
)

// SeePack compares a pack's revisions with those known and keeps what changed,
// all or nothing. The first pack ever seen is the baseline: no changes.
func (s *Store) SeePack(ctx context.Context, revisions map[briefings.ID]briefings.Revision, now time.Time) ([]commands.Change, error) {
	var changes []commands.Change
	err := s.tx(ctx, func(tx conn) error {
		// Of two processes that see the same pack one compares; the other finds
		// everything known.
		if err := tx.lock(ctx, windows); err != nil {
			return err
		}
		known, err := latest(ctx, tx)
		if err != nil {
			return err
		}
		// A window that a run has taken is over: what is seen from here on
		// belongs to the next one, even if the clock says otherwise.
		var end int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(window_end), 0) FROM run`).Scan(&end); err != nil {
			return err
		}
		seen := max(micro(now), end)
		changes = compare(known, revisions)
		baseline := len(known) == 0
		for i := range changes {
			c := &changes[i]
			c.Seen = instant(seen)
			kind := string(c.Kind)
			if baseline {
				kind = "baseline"
			}
			rev, ok := revisions[c.ID]
			was := known[c.ID]
			if !ok {
				rev = was.Revision
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO revision (id, n, hash, corrected, kind, seen, retracted, title_en, title_fr, topics)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, was.n+1, rev.Hash, rev.Corrected, kind, seen, bit(!ok),
				rev.Title.EN, rev.Title.FR, strings.Join(rev.Topics, ";")); err != nil {
				return err
			}
		}
		if baseline {
			changes = nil
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep revisions: %w", err)
	}
	return changes, nil
}

// known is the latest revision of an item.
type known struct {
	briefings.Revision
	n         int
	retracted bool
}

func latest(ctx context.Context, tx conn) (map[briefings.ID]known, error) {
	m := map[briefings.ID]known{}
	rows, err := tx.QueryContext(ctx, `SELECT id, n, hash, corrected, retracted, title_en, title_fr, topics FROM revision r
		WHERE n = (SELECT MAX(n) FROM revision l WHERE l.id = r.id)`)
	return m, each(rows, err, func() error {
		var id briefings.ID
		var k known
		var topics string
		if err := rows.Scan(&id, &k.n, &k.Hash, &k.Corrected, &k.retracted, &k.Title.EN, &k.Title.FR, &topics); err != nil {
			return err
		}
		if topics != "" {
			k.Topics = strings.Split(topics, ";")
		}
		m[id] = k
		return nil
	})
}

// compare tells what changed, in the order of ids.
func compare(was map[briefings.ID]known, is map[briefings.ID]briefings.Revision) []commands.Change {
	var out []commands.Change
	for id, rev := range is {
		k, ok := was[id]
		switch {
		case !ok || k.retracted:
			out = append(out, commands.Change{ID: id, Kind: commands.Added})
		case rev.Corrected > k.Corrected:
			out = append(out, commands.Change{ID: id, Kind: commands.Corrected})
		case rev.Hash != k.Hash || rev.Corrected != k.Corrected:
			out = append(out, commands.Change{ID: id, Kind: commands.Updated})
		}
	}
	for id, k := range was {
		if _, ok := is[id]; !ok && !k.retracted {
			out = append(out, commands.Change{ID: id, Kind: commands.Retracted})
		}
	}
	slices.SortFunc(out, func(a, b commands.Change) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// Between returns the changes seen in the half-open window [from, to), newest
// first. The baseline is no change.
func (s *Store) Between(ctx context.Context, from, to time.Time) ([]commands.Change, error) {
	var out []commands.Change
	rows, err := s.read.QueryContext(ctx, `SELECT id, kind, seen FROM revision WHERE seen >= ? AND seen < ? AND kind <> 'baseline' ORDER BY seen DESC, id, n DESC`,
		micro(from), micro(to))
	err = each(rows, err, func() error {
		var c commands.Change
		var seen int64
		if err := rows.Scan(&c.ID, &c.Kind, &seen); err != nil {
			return err
		}
		c.Seen = instant(seen)
		out = append(out, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	return out, nil
}
