package store

import (
	"context"
	"fmt"
	"time"

	"griot/briefings"
	"griot/commands"
)

// Corrected is a change that messages are corrected for, and how far that is.
type Corrected struct {
	ID      briefings.ID
	N       int // the revision
	Kind    commands.ChangeKind
	Seen    time.Time
	Title   briefings.Text
	Edited  int // messages that read as they should
	Waiting int // those still to be edited
	Passed  int // those that said something else before their turn came
	// Unreachable counts the others by cause: "lost", "gone", "thread",
	// "forbidden", "forbidden:RIGHT", "outside", "layout", "expired", "refused".
	Unreachable map[string]int
}

// Corrections returns the changes that corrected, withdrew or put back an item, or any
// when it is empty, newest first: at most limit, 0 for all.
func (s *Store) Corrections(ctx context.Context, item briefings.ID, limit int) ([]Corrected, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	type key struct {
		id briefings.ID
		n  int
	}
	var out []Corrected
	at := map[key]int{}
	rows, err := s.read.QueryContext(ctx, `SELECT id, n, kind, seen, title_en, title_fr FROM revision r
		WHERE `+isTold+` AND (? = '' OR id = ?) ORDER BY seen DESC, id, n DESC LIMIT ?`, item, item, limit)
	err = each(rows, err, func() error {
		c := Corrected{Unreachable: map[string]int{}}
		var seen int64
		err := rows.Scan(&c.ID, &c.N, &c.Kind, &seen, &c.Title.EN, &c.Title.FR)
		c.Seen = instant(seen)
		at[key{c.ID, c.N}], out = len(out), append(out, c)
		return err
	})
	if err == nil {
		rows, err = s.read.QueryContext(ctx, `SELECT f.item, f.n, d.state, d.cause, COUNT(*) FROM fix f JOIN delivery d ON d.run = f.run
			WHERE ? = '' OR f.item = ? GROUP BY f.item, f.n, d.state, d.cause`, item, item)
		err = each(rows, err, func() error {
			var k key
			var state State
			var cause string
			var count int
			if err := rows.Scan(&k.id, &k.n, &state, &cause, &count); err != nil {
				return err
			}
			if i, ok := at[k]; ok {
				out[i].add(state, cause, count)
			}
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	return out, nil
}

func (c *Corrected) add(state State, cause string, count int) {
	switch state {
	case Sent:
		c.Edited += count
	case Skipped:
		c.Passed += count
	case Dead, Expired, Unknown:
		c.Unreachable[whyUnreachable(state, cause)] += count
	default:
		c.Waiting += count
	}
}

// whyUnreachable is the cause of a message that was not edited.
func whyUnreachable(state State, cause string) string {
	switch {
	case cause != "":
		return cause
	case state == Expired:
		return "expired"
	}
	return "refused"
}

// Missed is a message that a correction did not reach.
type Missed struct {
	N     int // the revision of the item
	To    commands.Destination
	Ref   string
	Cause string // as in [Corrected]
	Err   string
}

// Unreached returns the messages that corrections of an item did not reach.
func (s *Store) Unreached(ctx context.Context, item briefings.ID) ([]Missed, error) {
	var out []Missed
	rows, err := s.read.QueryContext(ctx, `SELECT f.n, d.platform, d.chat, d.thread, d.edits, d.state, d.cause, d.err FROM fix f JOIN delivery d ON d.run = f.run
		WHERE f.item = ? AND d.state IN ('dead', 'expired', 'unknown') ORDER BY f.n DESC, d.platform, d.chat, d.thread, d.edits`, item)
	err = each(rows, err, func() error {
		var m Missed
		var state State
		err := rows.Scan(&m.N, &m.To.Platform, &m.To.Chat, &m.To.Thread, &m.Ref, &state, &m.Cause, &m.Err)
		m.Cause = whyUnreachable(state, m.Cause)
		out = append(out, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what corrections of %s did not reach: %w", item, err)
	}
	return out, nil
}
