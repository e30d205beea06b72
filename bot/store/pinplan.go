package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/briefings"
	"griot/commands"
)

const (
	// pinRetry is how long a pin that was stopped waits for another try, if its
	// text does not change before.
	pinRetry = 24 * time.Hour
	// pinPatience is for how long it is tried.
	pinPatience = 30 * 24 * time.Hour
)

// PinGroup is pins that are to read the same, and did so when they were planned last.
type PinGroup struct {
	Platform commands.Platform
	Kind     string
	Topic    string
	Sections string
	Lang     briefings.Lang
	Said     string // what they say, for [Store.Saying]; empty: nothing that is kept track of
	Tried    string // hash of their text
	Again    bool   // some were stopped and are to be tried again whatever their text is
}

// living are the pins that are kept current, or are tried again: not those whose
// administrator has to say what to do.
const living = `k.stopped NOT IN ('` + commands.StopLost + `', '` + commands.StopUnknown + `')`

// retried is true for a pin that is to be tried again although its text is the same.
const retried = `(k.stopped <> '' AND k.edited <= ? AND k.stopped_at > ?)`

// PinGroups returns the groups of pins on the platforms.
func (s *Store) PinGroups(ctx context.Context, platforms []commands.Platform, now time.Time) ([]PinGroup, error) {
	in, args := list(platforms)
	var out []PinGroup
	rows, err := s.read.QueryContext(ctx, `SELECT k.platform, k.kind, k.topic, k.sections, k.lang, COALESCE(p.said, ''), k.tried, MAX(CASE WHEN `+retried+` THEN 1 ELSE 0 END)
		FROM pin k LEFT JOIN post p ON p.platform = k.platform AND p.chat = k.chat AND p.ref = k.ref AND k.ref <> ''
		WHERE k.platform IN `+in+` AND `+living+`
		GROUP BY k.platform, k.kind, k.topic, k.sections, k.lang, COALESCE(p.said, ''), k.tried ORDER BY 1, 2, 3, 4, 5, 6, 7`,
		slices.Concat([]any{micro(now.Add(-pinRetry)), micro(now.Add(-pinPatience))}, args)...)
	err = each(rows, err, func() error {
		var g PinGroup
		err := rows.Scan(&g.Platform, &g.Kind, &g.Topic, &g.Sections, &g.Lang, &g.Said, &g.Tried, &g.Again)
		out = append(out, g)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read groups of pins: %w", err)
	}
	return out, nil
}

// DuePin is a pin whose text can be sent now.
type DuePin struct {
	Pin
	Wait time.Time // the platform asked to wait until then
}

// PinsDue returns pins of a group that are to get the text with the hash now:
// at most limit. Those edited since an instant, and those whose text is on its
// way to the platform, are left out.
func (s *Store) PinsDue(ctx context.Context, g PinGroup, hash string, edited, now time.Time, limit int) ([]DuePin, error) {
	var out []DuePin
	rows, err := s.read.QueryContext(ctx, `SELECT `+pinColumns+`, COALESCE(d.not_before, 0)
		FROM pin k LEFT JOIN post p ON p.platform = k.platform AND p.chat = k.chat AND p.ref = k.ref AND k.ref <> ''
			LEFT JOIN delivery d ON d.run = k.open_run AND d.platform = k.platform AND d.chat = k.chat AND d.thread = k.thread AND d.part = 0 AND d.state IN `+open+`
		WHERE k.platform = ? AND k.kind = ? AND k.topic = ? AND k.sections = ? AND k.lang = ? AND COALESCE(p.said, '') = ? AND k.tried = ? AND `+living+`
			AND k.edited <= ? AND (k.tried <> ? OR `+retried+`)
			AND (d.state IS NULL OR d.state IN ('planned', 'retry') AND (d.doubts = 0 OR d.edits <> ''))
		ORDER BY k.platform, k.chat, k.thread LIMIT ?`,
		g.Platform, g.Kind, g.Topic, g.Sections, g.Lang, g.Said, g.Tried, micro(edited), hash, micro(now.Add(-pinRetry)), micro(now.Add(-pinPatience)), limit)
	err = each(rows, err, func() error {
		var wait int64
		p, err := scanPin(rows, &wait)
		out = append(out, DuePin{p, instant(wait)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read pins to edit: %w", err)
	}
	return out, nil
}

// PlanPins plans the text of pins of a group: an edit of the message that
// stands, else a new one. A text that was still waiting gives way. A pin that
// somebody else planned or changed since it was read is left out. Parts of e has
// one text, whose hash is given.
func (s *Store) PlanPins(ctx context.Context, e Edits, hash string, pins []DuePin, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		if err := addFixes(ctx, tx, e, now); err != nil {
			return err
		}
		planned := false
		for _, p := range pins {
			ok, err := planPin(ctx, tx, e, hash, p, now)
			if err != nil {
				return err
			}
			planned = planned || ok
		}
		if !planned {
			return dropRun(ctx, tx, e.Run.ID)
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return fmt.Errorf("plan texts of pins: %w", err)
	}
	return nil
}

func planPin(ctx context.Context, tx conn, e Edits, hash string, p DuePin, now time.Time) (bool, error) {
	place := []any{p.To.Platform, p.To.Chat, p.To.Thread}
	r, err := tx.ExecContext(ctx, `UPDATE pin SET open_run = ?, tried = ?`+pinRow+` AND sections = ? AND lang = ? AND ref = ? AND open_run = ? AND edited = ?`,
		append(append([]any{e.Run.ID, hash}, place...), p.Topic, p.Sections, p.Lang, p.Ref, p.Run, micro(p.Edited))...)
	if ok, err := affected(r, err, "take the row"); err != nil || !ok {
		return false, err
	}
	if p.Run != "" {
		_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'skipped', err = 'a later text took its place', changed = ?
			WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND part = 0 AND state IN ('planned', 'retry')`, append([]any{micro(now), p.Run}, place...)...)
		if err != nil {
			return false, err
		}
	}
	at := now
	if p.Wait.After(at) {
		at = p.Wait
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, purpose, state, urgent, rank, edits, not_before, expires, changed)
		VALUES (?, ?, ?, ?, 0, ?, ?, 'planned', ?, 1, ?, ?, ?, ?)`,
		e.Run.ID, p.To.Platform, p.To.Chat, p.To.Thread, e.Kind, PinText, bit(p.Ref == ""), p.Ref, micro(at), micro(e.Expires), micro(now))
	return err == nil, err
}

// dropRun takes a run back that nobody gets.
func dropRun(ctx context.Context, tx conn, run string) error {
	for _, stmt := range [...]string{`DELETE FROM fix WHERE run = ?`, `DELETE FROM message WHERE run = ?`, `DELETE FROM run WHERE id = ?`} {
		if _, err := tx.ExecContext(ctx, stmt, run); err != nil {
			return err
		}
	}
	return nil
}
