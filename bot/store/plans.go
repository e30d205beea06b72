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
	moved, err := moveWhole(ctx, tx, plans)
	if err != nil {
		return false, err
	}
	var rows []any
	for _, p := range moved {
		state, parts := Planned, p.Parts
		if p.Skip != "" {
			state, parts = Skipped, 1
		}
		for part := range parts {
			rows = append(rows, p.Run, p.To.Platform, p.To.Chat, p.To.Thread, part, p.Kind, state, bit(p.Urgent), micro(now), micro(p.Expires), clean(p.Skip), micro(now))
		}
	}
	for args := range bulk(rows, 12) {
		_, err := tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, state, urgent, not_before, expires, err, changed) `+
			values(args, make([]string, 12)...)+` ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return false, err
		}
	}
	return len(moved) > 0, nil
}

// moveWhole moves the subscriptions of plans on and returns the plans of which
// all were there to move. Where only some were, it begins again without those.
func moveWhole(ctx context.Context, tx conn, plans []Plan) ([]Plan, error) {
	for {
		if _, err := tx.ExecContext(ctx, `SAVEPOINT plans`); err != nil {
			return nil, err
		}
		ids, err := move(ctx, tx, plans)
		if err != nil {
			return nil, err
		}
		var whole []Plan
		torn := false
		for _, p := range plans {
			n := 0
			for _, st := range p.Subs {
				if ids[st.ID] {
					delete(ids, st.ID)
					n++
				}
			}
			if n > 0 && n == len(p.Subs) {
				whole = append(whole, p)
			}
			torn = torn || n > 0 && n < len(p.Subs)
		}
		if !torn {
			_, err := tx.ExecContext(ctx, `RELEASE SAVEPOINT plans`)
			return whole, err
		}
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT plans`); err != nil {
			return nil, err
		}
		plans = whole
	}
}

// moveSQL moves subscriptions on from v.
const moveSQL = `UPDATE subscription SET next_due = v.next, plan_at = v.plan_at, open_run = v.open, last_run = v.run,
		last_end = CASE WHEN v.quiet = 1 THEN (SELECT window_end FROM run WHERE run.id = v.run) ELSE last_end END
	FROM v WHERE subscription.id = v.id AND subscription.platform = v.platform AND subscription.chat = v.chat AND subscription.thread = v.thread
		AND next_due = v.due AND last_end = v.last AND paused = 0 AND stopped = '' AND subscription.open_run = ''
	RETURNING subscription.id`

// move moves what is there to move, each subscription once, and returns the ids.
func move(ctx context.Context, tx conn, plans []Plan) (map[string]bool, error) {
	var steps []any
	seen := map[string]bool{}
	for _, p := range plans {
		open := p.Run
		if p.Skip != "" {
			open = ""
		}
		for _, st := range p.Subs {
			if !seen[st.ID] {
				steps = append(steps, st.ID, p.To.Platform, p.To.Chat, p.To.Thread, micro(st.Due), micro(st.Last), p.Run, open, micro(st.Next), micro(st.PlanAt), bit(p.Quiet))
			}
			seen[st.ID] = true
		}
	}
	ids := map[string]bool{}
	for args := range bulk(steps, len(moveTypes)) {
		rows, err := tx.QueryContext(ctx, `WITH v (id, platform, chat, thread, due, last, run, open, next, plan_at, quiet) AS (`+values(args, moveTypes...)+`) `+moveSQL, args...)
		if err := each(rows, err, func() error {
			var id string
			err := rows.Scan(&id)
			ids[id] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

var moveTypes = []string{"text", "text", "text", "text", "bigint", "bigint", "text", "text", "bigint", "bigint", "bigint"}

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
