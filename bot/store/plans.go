package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/commands"
)

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

// Step moves a subscription on from its slot Due, whose window begins at Last.
type Step struct {
	ID                string
	Due, Next, PlanAt time.Time
	Last              time.Time // end of the last window reported
}

// AddPlans adds deliveries and moves their subscriptions on, all in one
// transaction. Keep it to some thousands at a time. A plan whose subscriptions
// are not all at its destination with Due as their next slot and Last as the end
// of their last window, neither held nor busy, is left out whole: somebody else
// planned them, or the next look will.
func (s *Store) AddPlans(ctx context.Context, plans []Plan, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		news := false
		for batch := range slices.Chunk(plans, bulkRows) {
			some, err := addPlans(ctx, tx, batch, now)
			if err != nil {
				return err
			}
			news = news || some
		}
		if !news {
			return nil
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return fmt.Errorf("plan deliveries: %w", err)
	}
	return nil
}

// addPlans is false when there was nothing left to add.
func addPlans(ctx context.Context, tx conn, plans []Plan, now time.Time) (bool, error) {
	free, err := movable(ctx, tx, plans)
	if err != nil {
		return false, err
	}
	var moves, deliveries []any
	for _, p := range plans {
		if len(p.Subs) == 0 || slices.ContainsFunc(p.Subs, func(st Step) bool { return !free[st.ID] }) {
			continue
		}
		open, state, parts := p.Run, Planned, p.Parts
		if p.Skip != "" {
			open, state, parts = "", Skipped, 1
		}
		for _, st := range p.Subs {
			delete(free, st.ID)
			moves = append(moves, st.ID, p.Run, open, micro(st.Next), micro(st.PlanAt), bit(p.Quiet))
		}
		for part := range parts {
			deliveries = append(deliveries, p.Run, p.To.Platform, p.To.Chat, p.To.Thread, part, p.Kind, state, bit(p.Urgent), micro(now), micro(p.Expires), clean(p.Skip), micro(now))
		}
	}
	for args := range bulk(moves, 6) {
		_, err := tx.ExecContext(ctx, `WITH v (id, run, open, next, plan_at, quiet) AS (`+values(args, "text", "text", "text", "bigint", "bigint", "bigint")+`)
			UPDATE subscription SET next_due = v.next, plan_at = v.plan_at, open_run = v.open, last_run = v.run,
				last_end = CASE WHEN v.quiet = 1 THEN (SELECT window_end FROM run WHERE run.id = v.run) ELSE last_end END
			FROM v WHERE subscription.id = v.id`, args...)
		if err != nil {
			return false, err
		}
	}
	for args := range bulk(deliveries, 12) {
		_, err := tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, state, urgent, not_before, expires, err, changed) `+
			values(args, make([]string, 12)...)+` ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return false, err
		}
	}
	return len(moves) > 0, nil
}

// movable holds those of the plans' subscriptions that may be moved on.
func movable(ctx context.Context, tx conn, plans []Plan) (map[string]bool, error) {
	var steps []any
	for _, p := range plans {
		for _, st := range p.Subs {
			steps = append(steps, st.ID, p.To.Platform, p.To.Chat, p.To.Thread, micro(st.Due), micro(st.Last))
		}
	}
	free := map[string]bool{}
	for args := range bulk(steps, 6) {
		rows, err := tx.QueryContext(ctx, `WITH v (id, platform, chat, thread, due, last) AS (`+values(args, "text", "text", "text", "text", "bigint", "bigint")+`)
			SELECT s.id FROM v JOIN subscription s ON s.id = v.id AND s.platform = v.platform AND s.chat = v.chat AND s.thread = v.thread AND s.next_due = v.due AND s.last_end = v.last
			WHERE s.paused = 0 AND s.stopped = '' AND s.open_run = '' ORDER BY s.id /* FOR UPDATE OF s */`, args...)
		if err := each(rows, err, func() error {
			var id string
			err := rows.Scan(&id)
			free[id] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return free, nil
}

// bulkRows is how many rows one statement takes: SQLite takes 32,766 arguments.
const bulkRows = 200

// bulk cuts the arguments of rows with so many columns for single statements.
func bulk(args []any, columns int) func(yield func([]any) bool) {
	return slices.Chunk(args, bulkRows*columns)
}

// values writes VALUES for rows of arguments, one type a column. The first row
// tells PostgreSQL the types, where they do not follow from a table.
func values(args []any, types ...string) string {
	var first, other []string
	for _, t := range types {
		mark := "?"
		if t != "" {
			mark = "CAST(? AS " + t + ")"
		}
		first, other = append(first, mark), append(other, "?")
	}
	rows := strings.Repeat(", ("+strings.Join(other, ", ")+")", len(args)/len(types)-1)
	return "VALUES (" + strings.Join(first, ", ") + ")" + rows
}
