package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"griot/commands"
)

// State is where a delivery stands.
type State string

// The states of a delivery. Planned, Claimed, Started and Retry are open.
const (
	Planned State = "planned"
	Claimed State = "claimed" // a worker has it under a lease; certainly not sent
	Started State = "started" // the call is made or about to be
	Sent    State = "sent"
	Retry   State = "retry"   // again, not before a time
	Unknown State = "unknown" // may have arrived, given up asking
	Skipped State = "skipped" // on purpose, Err says why
	Dead    State = "dead"    // never will arrive, Err says why
	Expired State = "expired" // its deadline passed
)

// Run is one rendering of one digest, for everyone who is due the same.
type Run struct {
	ID   string // made from Key
	Key  string // group and local slot, unique
	Slot string
	Zone string
	Lang string
	End  time.Time // of its window
}

// AddRun keeps a run and so closes its window: what the content sees after
// this belongs to the next one. A run with that key already there is left alone.
func (s *Store) AddRun(ctx context.Context, r Run, now time.Time) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO run (id, run_key, slot, zone, lang, window_end, planned_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, r.ID, r.Key, r.Slot, r.Zone, r.Lang, micro(r.End), micro(now))
	if err != nil {
		return fmt.Errorf("keep a run: %w", err)
	}
	return nil
}

// SaveMessages keeps what a run says to one kind of place, part by part. What
// is kept already stays: it may have been sent.
func (s *Store) SaveMessages(ctx context.Context, run, kind string, parts []string) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		var had int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM message WHERE run = ? AND kind = ?`, run, kind).Scan(&had); err != nil || had > 0 {
			return err
		}
		for i, p := range parts {
			if _, err := tx.ExecContext(ctx, `INSERT INTO message (run, kind, part, content) VALUES (?, ?, ?, ?)`, run, kind, i, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the messages of a run: %w", err)
	}
	return nil
}

// Messages returns how many parts a run has for a kind of place; 0 when it is not rendered.
func (s *Store) Messages(ctx context.Context, run, kind string) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM message WHERE run = ? AND kind = ?`, run, kind).Scan(&n)
	return n, err
}

// Message returns one part of what a run says to a kind of place.
func (s *Store) Message(ctx context.Context, run, kind string, part int) (string, error) {
	var content string
	err := s.read.QueryRowContext(ctx, `SELECT content FROM message WHERE run = ? AND kind = ? AND part = ?`, run, kind, part).Scan(&content)
	if err != nil {
		return "", fmt.Errorf("read part %d of run %s for %s: %w", part, run, kind, err)
	}
	return content, nil
}

// Plan is what one destination gets from a run.
type Plan struct {
	Run     string
	To      commands.Destination
	Kind    string
	Parts   int
	Subs    []Step
	Urgent  bool
	Expires time.Time
	// Skip is why nothing is sent; the delivery is then kept as skipped.
	Skip string
	// Quiet moves the window on although nothing is sent: there was nothing to say.
	Quiet bool
}

// Step moves a subscription on. It does nothing when Due is no longer the
// subscription's next slot, or it is held or busy: somebody else planned it.
type Step struct {
	ID                string
	Due, Next, PlanAt time.Time
}

// AddPlans adds deliveries and moves their subscriptions on, all in one
// transaction. Keep it to some thousands at a time.
func (s *Store) AddPlans(ctx context.Context, plans []Plan, now time.Time) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		move, err := tx.PrepareContext(ctx, `UPDATE subscription SET next_due = ?, plan_at = ?, open_run = ?,
			last_end = CASE WHEN ? = 1 THEN (SELECT window_end FROM run WHERE run.id = ?) ELSE last_end END
			WHERE id = ? AND next_due = ? AND paused = 0 AND stopped = '' AND open_run = ''`)
		if err != nil {
			return err
		}
		defer move.Close()
		rows := &inserter{ctx: ctx, tx: tx}
		defer rows.close()
		for _, p := range plans {
			moved, err := p.step(ctx, move)
			if err != nil {
				return err
			}
			if !moved {
				continue
			}
			state, parts := Planned, p.Parts
			if p.Skip != "" {
				state, parts = Skipped, 1
			}
			for part := range parts {
				if err := rows.add(p.Run, p.To.Platform, p.To.Chat, p.To.Thread, part, p.Kind, state, bit(p.Urgent), micro(now), micro(p.Expires), p.Skip, micro(now)); err != nil {
					return err
				}
			}
		}
		return rows.flush()
	})
	if err != nil {
		return fmt.Errorf("plan deliveries: %w", err)
	}
	return nil
}

// step moves the plan's subscriptions on; false when none of them was there to move.
func (p *Plan) step(ctx context.Context, move *sql.Stmt) (bool, error) {
	open, moved := p.Run, false
	if p.Skip != "" {
		open = ""
	}
	for _, st := range p.Subs {
		r, err := move.ExecContext(ctx, micro(st.Next), micro(st.PlanAt), open, bit(p.Quiet), p.Run, st.ID, micro(st.Due))
		if err != nil {
			return false, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return false, err
		}
		moved = moved || n > 0
	}
	return moved, nil
}

// inserter adds delivery rows, 200 a statement.
type inserter struct {
	ctx  context.Context
	tx   *sql.Tx
	full *sql.Stmt
	args []any
	rows int
}

const insertRows, insertCols = 200, 12

func insertDeliveries(rows int) string {
	return `INSERT INTO delivery (run, platform, chat, thread, part, kind, state, urgent, not_before, expires, err, changed) VALUES ` +
		strings.TrimSuffix(strings.Repeat("("+strings.TrimSuffix(strings.Repeat("?, ", insertCols), ", ")+"), ", rows), ", ") + ` ON CONFLICT DO NOTHING`
}

func (i *inserter) add(args ...any) error {
	i.args, i.rows = append(i.args, args...), i.rows+1
	if i.rows < insertRows {
		return nil
	}
	if i.full == nil {
		var err error
		if i.full, err = i.tx.PrepareContext(i.ctx, insertDeliveries(insertRows)); err != nil {
			return err
		}
	}
	_, err := i.full.ExecContext(i.ctx, i.args...)
	i.args, i.rows = i.args[:0], 0
	return err
}

func (i *inserter) flush() error {
	if i.rows == 0 {
		return nil
	}
	_, err := i.tx.ExecContext(i.ctx, insertDeliveries(i.rows), i.args...)
	i.args, i.rows = i.args[:0], 0
	return err
}

func (i *inserter) close() {
	if i.full != nil {
		i.full.Close()
	}
}
