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
// all or nothing. The first pack ever seen is the baseline: no changes. What is
// kept of an item under an id it had before is its own from now on. It returns
// [ErrBehind], and keeps nothing, when the pack is an older one than that in use.
func (s *Store) SeePack(ctx context.Context, p Publish, now time.Time) ([]commands.Change, error) {
	var changes []commands.Change
	revisions := p.Revisions
	err := s.tx(ctx, func(tx conn) error {
		// Of two processes that see the same pack one compares; the other finds
		// everything known.
		if err := tx.lock(ctx, windows); err != nil {
			return err
		}
		if err := s.take(ctx, tx, p, now); err != nil {
			return err
		}
		known, err := latest(ctx, tx)
		if err != nil {
			return err
		}
		if renamed, err := rename(ctx, tx, known, revisions); err != nil {
			return err
		} else if renamed {
			if known, err = latest(ctx, tx); err != nil {
				return err
			}
		}
		// A window that a run or a look has taken is over: what is seen from here
		// on belongs to the next one, even if the clock says otherwise. A correction
		// is seen behind the one before it: messages keep until when they are corrected.
		var end, looked, fixed int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE((SELECT MAX(window_end) FROM run), 0), COALESCE((SELECT MAX(looked) FROM look), 0),
			COALESCE((SELECT MAX(seen) + 1 FROM revision r WHERE `+isTold+`), 0)`).Scan(&end, &looked, &fixed); err != nil {
			return err
		}
		seen := max(micro(now), end, looked, fixed)
		changes = compare(known, revisions)
		for i := range changes {
			changes[i].Seen = instant(seen)
		}
		if err := keepRevisions(ctx, tx, changes, known, revisions); err != nil {
			return err
		}
		if len(known) == 0 {
			changes = nil
		}
		return fillWords(ctx, tx, known, revisions)
	})
	if err != nil {
		return nil, fmt.Errorf("keep revisions: %w", err)
	}
	return changes, nil
}

// keepRevisions adds a revision for each change.
func keepRevisions(ctx context.Context, tx conn, changes []commands.Change, known map[briefings.ID]known, revisions map[briefings.ID]briefings.Revision) error {
	for _, c := range changes {
		kind := string(c.Kind)
		if len(known) == 0 {
			kind = "baseline"
		}
		rev, ok := revisions[c.ID]
		if !ok { // of what nobody reads any more there are no words
			rev = known[c.ID].Revision
			rev.Words = briefings.Text{}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO revision (id, n, hash, corrected, kind, seen, retracted, title_en, title_fr, topics, text_en, text_fr)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, c.N, rev.Hash, rev.Corrected, kind, micro(c.Seen), bit(!ok),
			rev.Title.EN, rev.Title.FR, strings.Join(rev.Topics, ";"), rev.Words.EN, rev.Words.FR); err != nil {
			return err
		}
	}
	return nil
}

// fillWords gives their words to latest revisions that were kept before words
// were, so that the next change of them can be shown.
func fillWords(ctx context.Context, tx conn, known map[briefings.ID]known, revisions map[briefings.ID]briefings.Revision) error {
	for id, k := range known {
		rev, ok := revisions[id]
		if !ok || k.worded || k.retracted || rev.Hash != k.Hash {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE revision SET text_en = ?, text_fr = ? WHERE id = ? AND n = ?`, rev.Words.EN, rev.Words.FR, id, k.n); err != nil {
			return err
		}
	}
	return nil
}

// known is the latest revision of an item.
type known struct {
	briefings.Revision
	n         int
	retracted bool
	worded    bool // its words are kept
}

func latest(ctx context.Context, tx conn) (map[briefings.ID]known, error) {
	m := map[briefings.ID]known{}
	rows, err := tx.QueryContext(ctx, `SELECT id, n, hash, corrected, retracted, title_en, title_fr, topics, text_en <> '' FROM revision r
		WHERE n = (SELECT MAX(n) FROM revision l WHERE l.id = r.id)`)
	return m, each(rows, err, func() error {
		var id briefings.ID
		var k known
		var topics string
		if err := rows.Scan(&id, &k.n, &k.Hash, &k.Corrected, &k.retracted, &k.Title.EN, &k.Title.FR, &topics, &k.worded); err != nil {
			return err
		}
		k.Topics = splitTopics(topics)
		m[id] = k
		return nil
	})
}

// splitTopics reads the slugs that a column holds.
func splitTopics(column string) []string {
	if column == "" {
		return nil
	}
	return strings.Split(column, ";")
}

// compare tells what changed, in the order of ids.
func compare(was map[briefings.ID]known, is map[briefings.ID]briefings.Revision) []commands.Change {
	var out []commands.Change
	add := func(id briefings.ID, kind commands.ChangeKind, rev briefings.Revision) {
		out = append(out, commands.Change{ID: id, Kind: kind, N: was[id].n + 1, Since: was[id].n, Title: rev.Title, Topics: rev.Topics})
	}
	for id, rev := range is {
		k, ok := was[id]
		switch {
		case !ok || k.retracted:
			add(id, commands.Added, rev)
		case rev.Corrected > k.Corrected:
			add(id, commands.Corrected, rev)
		case rev.Hash != k.Hash || rev.Corrected != k.Corrected:
			add(id, commands.Updated, rev)
		}
	}
	for id, k := range was {
		if _, ok := is[id]; !ok && !k.retracted {
			add(id, commands.Retracted, k.Revision)
		}
	}
	slices.SortFunc(out, func(a, b commands.Change) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// Between returns the changes seen in the half-open window [from, to), newest
// first. The baseline is no change.
func (s *Store) Between(ctx context.Context, from, to time.Time) ([]commands.Change, error) {
	var out []commands.Change
	rows, err := s.read.QueryContext(ctx, `SELECT id, n, kind, seen, title_en, title_fr, topics FROM revision
		WHERE seen >= ? AND seen < ? AND kind <> 'baseline' ORDER BY seen DESC, id, n DESC`, micro(from), micro(to))
	err = each(rows, err, func() error {
		var c commands.Change
		var seen int64
		var topics string
		if err := rows.Scan(&c.ID, &c.N, &c.Kind, &seen, &c.Title.EN, &c.Title.FR, &topics); err != nil {
			return err
		}
		c.Seen, c.Since, c.Topics = instant(seen), c.N-1, splitTopics(topics)
		out = append(out, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	return out, nil
}

// Texts returns the changes with the words of the item before and since. They
// stay empty where they were not kept.
func (s *Store) Texts(ctx context.Context, changes []commands.Change) ([]commands.Change, error) {
	out := slices.Clone(changes)
	for i := range out {
		c := &out[i]
		rows, err := s.read.QueryContext(ctx, `SELECT n, text_en, text_fr FROM revision WHERE id = ? AND n IN (?, ?)`, c.ID, c.Since, c.N)
		err = each(rows, err, func() error {
			var n int
			var words briefings.Text
			if err := rows.Scan(&n, &words.EN, &words.FR); err != nil {
				return err
			}
			if n == c.N {
				c.Now = words
			} else {
				c.Was = words
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what %s said: %w", c.ID, err)
		}
	}
	return out, nil
}
