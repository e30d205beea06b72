package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/briefings"
	"griot/commands"
)

// fixKey begins the key of a run of edits that correct messages.
const fixKey = "correction|"

// isTold is true for a revision r of which the readers of earlier ones are told:
// it corrects or withdraws the item, or puts it back.
const isTold = `(r.kind IN ('corrected', 'retracted') OR r.kind = 'new' AND r.n > 1)`

// Stale is a message that shows an item as it was before it was corrected,
// withdrawn, or put back.
type Stale struct {
	Post
	Seen time.Time // when the latest of these changes was
	At   int       // which part of the [Edits] it gets
}

// Stale returns messages on the platforms that show something corrected,
// withdrawn or put back since, in changes seen from an instant on, and that no
// edits are planned for yet: at most limit, those of one reply together. Living
// pins are none of them: who keeps their text current corrects it. A reply that is
// still being sent, or edited at the moment, has to wait.
func (s *Store) Stale(ctx context.Context, platforms []commands.Platform, from time.Time, limit int) ([]Stale, error) {
	in, args := list(platforms)
	var out []Stale
	// CROSS JOIN has SQLite begin with the changes, which are few. OFFSET keeps
	// PostgreSQL from reading all deliveries for every message: it takes them for few.
	rows, err := s.read.QueryContext(ctx, `WITH f AS MATERIALIZED (SELECT i.said, MAX(r.seen) AS seen FROM revision r CROSS JOIN said_item i
			WHERE i.item = r.id AND i.n < r.n AND `+isTold+` AND r.seen >= ? GROUP BY i.said)
		SELECT p.platform, p.chat, p.thread, p.bundle, p.part, p.ref, p.kind, p.purpose, p.said, p.file, f.seen
		FROM f CROSS JOIN post p WHERE p.said = f.said AND p.fixed < f.seen AND p.platform IN `+in+` AND NOT `+pinsPost+`
			AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run = p.bundle AND d.platform = p.platform AND d.chat = p.chat AND d.thread = p.thread AND d.state IN `+open+` LIMIT 1 OFFSET 0)
			AND NOT EXISTS (SELECT 1 FROM post q JOIN delivery d ON d.platform = q.platform AND d.chat = q.chat AND d.edits = q.ref AND d.edits <> '' AND d.state IN ('claimed', 'started')
				WHERE q.platform = p.platform AND q.chat = p.chat AND q.thread = p.thread AND q.bundle = p.bundle LIMIT 1 OFFSET 0)
		ORDER BY p.said, p.kind, p.platform, p.chat, p.thread, p.bundle, p.part LIMIT ?`, slices.Concat([]any{micro(from)}, args, []any{limit})...)
	err = each(rows, err, func() error {
		var p Stale
		var seen int64
		err := rows.Scan(&p.To.Platform, &p.To.Chat, &p.To.Thread, &p.Bundle, &p.Part, &p.Ref, &p.Kind, &p.Purpose, &p.Said, &p.File, &seen)
		p.Seen = instant(seen)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read messages to correct: %w", err)
	}
	if len(out) < limit || len(out) == 0 {
		return out, nil
	}
	cut := len(out) // the last reply may go on behind the page
	for cut > 0 && sameReply(out[cut-1].Post, out[len(out)-1].Post) {
		cut--
	}
	if cut == 0 {
		return out, nil
	}
	return out[:cut], nil
}

func sameReply(a, b Post) bool { return a.To == b.To && a.Bundle == b.Bundle }

// Latest is the newest revision of an item, and what became of it.
type Latest struct {
	N         int
	Hash      string
	Retracted bool
	Seen      time.Time // when it changed last
	Title     briefings.Text
	// Had is how many corrections the item recorded in the revision asked for,
	// and Fixes the numbers of the later ones in which it was corrected, withdrawn
	// or put back. Back is when that was last, zero where it does not stand by that.
	Had   int
	Fixes []int
	Fixed time.Time // when the latest of these changes was seen
	Back  time.Time
}

// Since returns how items stand, and what of them was corrected, withdrawn
// or put back since the revisions that messages showed at first.
func (s *Store) Since(ctx context.Context, items []SaidItem) (map[briefings.ID]Latest, error) {
	out := map[briefings.ID]Latest{}
	for _, it := range items {
		var l Latest
		rows, err := s.read.QueryContext(ctx, `SELECT n, hash, corrected, retracted, kind, seen, title_en, title_fr FROM revision WHERE id = ? AND n >= ? ORDER BY n`, it.ID, it.First)
		err = each(rows, err, func() error {
			var kind string
			var corrected int
			var seen int64
			if err := rows.Scan(&l.N, &l.Hash, &corrected, &l.Retracted, &kind, &seen, &l.Title.EN, &l.Title.FR); err != nil {
				return err
			}
			l.Seen = instant(seen)
			if l.N == it.First {
				l.Had = corrected
				return nil
			}
			switch commands.ChangeKind(kind) {
			case commands.Retracted:
				l.Back = time.Time{}
			case commands.Added:
				l.Back = l.Seen
			case commands.Corrected:
			default:
				return nil
			}
			l.Fixes, l.Fixed = append(l.Fixes, l.N), l.Seen
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what became of %s: %w", it.ID, err)
		}
		out[it.ID] = l
	}
	return out, nil
}

// Edits is what corrects messages that say the same at places of one kind.
type Edits struct {
	Run   Run // its End is when the latest of the changes was seen
	Kind  string
	Parts []string // of each reply
	Says  Saying   // the messages, from then on
	Fixes []SaidItem
	// Unreachable is why they cannot be edited at all, a code; empty when they can.
	Unreachable string
	Expires     time.Time
}

var editTypes = []string{"text", "text", "text", "text", "bigint", "text", "text", "text", "text", "text", "bigint", "bigint", "bigint", "smallint"}

// AddEdits plans the edits of messages, part by part, and notes for which
// changes; the readers of digests among them are owed a notice, if the place
// still wants digests. Keep it to some thousands of messages at a time. It does
// no harm twice.
func (s *Store) AddEdits(ctx context.Context, e Edits, posts []Stale, owe []Owed, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		if err := tx.byKey(ctx); err != nil {
			return err
		}
		if err := addFixes(ctx, tx, e, now); err != nil {
			return err
		}
		state, cause := Planned, ""
		if e.Unreachable != "" {
			state, cause = Dead, e.Unreachable
		}
		var rows, done []any
		for _, p := range posts {
			rows = append(rows, e.Run.ID, p.To.Platform, p.To.Chat, p.To.Thread, p.At, p.Kind, Correction, state, cause, p.Ref, micro(now), micro(e.Expires), micro(now), 1)
			done = append(done, p.To.Platform, p.To.Chat, p.To.Thread, p.Bundle, p.Part, micro(p.Seen))
		}
		for v, args := range tx.tables(editTypes, rows) {
			if _, err := tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, purpose, state, cause, edits, not_before, expires, changed, rank) `+
				v+` ON CONFLICT DO NOTHING`, args...); err != nil {
				return err
			}
		}
		for v, args := range tx.tables([]string{"text", "text", "text", "text", "bigint", "bigint"}, done) {
			if _, err := tx.ExecContext(ctx, `WITH v (platform, chat, thread, bundle, part, seen) AS (`+v+`)
				UPDATE post SET fixed = v.seen FROM v WHERE post.platform = v.platform AND post.chat = v.chat AND post.thread = v.thread
					AND post.bundle = v.bundle AND post.part = v.part AND post.fixed < v.seen`, args...); err != nil {
				return err
			}
		}
		if err := addOwed(ctx, tx, owe, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return fmt.Errorf("plan corrections: %w", err)
	}
	return nil
}

// addFixes keeps a run of edits, its parts, and the changes it is for.
func addFixes(ctx context.Context, tx conn, e Edits, now time.Time) error {
	said, err := keepSaid(ctx, tx, e.Says, now)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insertRun, e.Run.ID, e.Run.Key, e.Run.Slot, e.Run.Zone, e.Run.Lang, micro(e.Run.End), micro(now)); err != nil {
		return err
	}
	for i, text := range e.Parts {
		if _, err := tx.ExecContext(ctx, insertMessage, e.Run.ID, e.Kind, i, text, said); err != nil {
			return err
		}
	}
	for _, it := range e.Fixes {
		if _, err := tx.ExecContext(ctx, `INSERT INTO fix (item, n, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, it.ID, it.N, e.Run.ID); err != nil {
			return err
		}
	}
	return nil
}

// FixKey is the key of a run of edits, made from what tells it from others.
func FixKey(rest string) string { return fixKey + rest }
