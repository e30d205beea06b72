package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"griot/commands"
)

// Plan is what one destination gets from a run.
type Plan struct {
	Run    string
	To     commands.Destination
	Kind   string
	Parts  int
	Subs   []Step
	Urgent bool
	// NotBefore is when it may go; zero: at once.
	NotBefore time.Time
	Expires   time.Time
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
	for {
		var whole []Plan
		err := s.tx(ctx, func(tx conn) error {
			var err error
			if whole, err = addPlans(ctx, tx, plans, now); err != nil || len(whole) == 0 {
				return err
			}
			return tx.tell(ctx)
		})
		switch {
		case errors.Is(err, errTorn): // again, without those
			plans = whole
		case err != nil:
			return fmt.Errorf("plan deliveries: %w", err)
		default:
			return nil
		}
	}
}

// errTorn says that of some plans only a part of the subscriptions moved.
var errTorn = errors.New("some subscriptions of a plan moved on meanwhile")

// addPlans returns the plans that could be added. Where of others a part
// could, it is errTorn, and nothing may stay.
func addPlans(ctx context.Context, tx conn, plans []Plan, now time.Time) ([]Plan, error) {
	if err := tx.byKey(ctx); err != nil {
		return nil, err
	}
	moved, err := move(ctx, tx, plans)
	if err != nil {
		return nil, err
	}
	whole, torn := undivided(plans, moved)
	if torn {
		return whole, errTorn
	}
	var rows []any
	for _, p := range whole {
		state, parts := Planned, p.Parts
		if p.Skip != "" {
			state, parts = Skipped, 1
		}
		for part := range parts {
			rows = append(rows, p.Run, p.To.Platform, p.To.Chat, p.To.Thread, part, p.Kind, state, bit(p.Urgent), max(micro(now), micro(p.NotBefore)), micro(p.Expires), clean(p.Skip), micro(now))
		}
	}
	for v, args := range tx.tables(planTypes, rows) {
		_, err := tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, state, urgent, not_before, expires, err, changed) `+v+` ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return nil, err
		}
	}
	return whole, nil
}

var planTypes = []string{"text", "text", "text", "text", "bigint", "text", "text", "smallint", "bigint", "bigint", "text", "bigint"}

// undivided are the plans all of whose subscriptions moved; torn tells that of
// others some did.
func undivided(plans []Plan, moved map[string]bool) (whole []Plan, torn bool) {
	for _, p := range plans {
		n := 0
		for _, st := range p.Subs {
			if moved[st.ID] {
				delete(moved, st.ID)
				n++
			}
		}
		if n > 0 && n == len(p.Subs) {
			whole = append(whole, p)
		}
		torn = torn || n > 0 && n < len(p.Subs)
	}
	return whole, torn
}

// moveWith moves subscriptions on to what the rows of v say. That all but the id stands in a CASE
// keeps PostgreSQL from guesses: by the number of columns that have to fit it
// takes it that next to none will, and reads all that are due for every row of v.
func moveWith(v string) string {
	return `WITH v (id, platform, chat, thread, due, last, run, open, next, plan_at, quiet) AS (` + v + `) UPDATE subscription SET next_due = v.next, plan_at = v.plan_at, open_run = v.open, last_run = v.run,
		last_end = CASE WHEN v.quiet = 1 THEN (SELECT window_end FROM run WHERE run.id = v.run) ELSE last_end END
	FROM v WHERE subscription.id = v.id AND CASE WHEN subscription.platform = v.platform AND subscription.chat = v.chat AND subscription.thread = v.thread
		AND next_due = v.due AND last_end = v.last AND paused = 0 AND stopped = '' AND subscription.open_run = '' THEN 1 ELSE 0 END <> 0
	RETURNING subscription.id`
}

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
	for v, args := range tx.tables(moveTypes, steps) {
		rows, err := tx.QueryContext(ctx, moveWith(v), args...)
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
