package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/commands"
)

// Delivery is one part of one run to one destination.
type Delivery struct {
	Run       string
	To        commands.Destination
	Part      int
	Kind      string
	Purpose   Purpose
	Via       string // "chat": its thread is gone or closed, it goes to the chat itself
	State     State
	Urgent    bool
	NotBefore time.Time
	Expires   time.Time
	Attempt   int       // tries started so far
	Doubts    int       // of them, those whose outcome is not known
	Refusals  int       // of them, those the destination refused, with time between
	StartedAt time.Time // first try since one that certainly did not arrive
	Nonce     string
	Ref       string // id of the message sent; after [Store.Moved] with the chat's id then before it
	Edits     string // id of the message that it makes read otherwise, as in Ref; empty for a new one
	Cause     string // why it never will arrive, a code such as "gone", "forbidden:RIGHT" or "lost"; empty otherwise
	Err       string
}

const deliveryColumns = `run, platform, chat, thread, part, kind, purpose, via, state, urgent, not_before, expires, attempt, doubts, refusals, started_at, nonce, msg_ref, edits, cause, err`

// updated is deliveryColumns behind UPDATE delivery ... FROM c RETURNING.
var updated = "delivery." + strings.ReplaceAll(deliveryColumns, ", ", ", delivery.")

const deliveryKey = ` WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND part = ?`

func (d *Delivery) key() []any {
	return []any{d.Run, d.To.Platform, d.To.Chat, d.To.Thread, d.Part}
}

func scanDelivery(row scanner) (Delivery, error) {
	var d Delivery
	var notBefore, expires, started int64
	err := row.Scan(&d.Run, &d.To.Platform, &d.To.Chat, &d.To.Thread, &d.Part, &d.Kind, &d.Purpose, &d.Via, &d.State, &d.Urgent, &notBefore, &expires,
		&d.Attempt, &d.Doubts, &d.Refusals, &started, &d.Nonce, &d.Ref, &d.Edits, &d.Cause, &d.Err)
	d.NotBefore, d.Expires, d.StartedAt = instant(notBefore), instant(expires), instant(started)
	return d, err
}

// open lists the states in which a delivery is not finished.
const open = `('planned', 'claimed', 'started', 'retry')`

// claim takes deliveries whose time has come. A later part waits until the
// parts before it are finished, and an edit until an earlier one of its message
// is: the platform may take two that are made at once in any order. The form, a materialized CTE with its own
// limit, is the one whose limit PostgreSQL cannot evaluate again.
var claim = `WITH c AS MATERIALIZED (
	SELECT run, platform, chat, thread, part FROM delivery d
	WHERE platform = ? AND state IN ('planned', 'retry') AND held = 0 AND not_before <= ? AND ` + unheld + ` AND ` + goes + `
		AND (part = 0 OR NOT EXISTS (SELECT 1 FROM delivery p WHERE p.run = d.run AND p.platform = d.platform AND p.chat = d.chat
			AND p.thread = d.thread AND p.part < d.part AND p.state IN ` + open + `))
		AND (edits = '' OR NOT EXISTS (SELECT 1 FROM delivery e WHERE e.platform = d.platform AND e.chat = d.chat AND e.edits = d.edits AND e.edits <> ''
			AND e.state IN ('claimed', 'started') LIMIT 1 OFFSET 0))
	ORDER BY urgent DESC, rank DESC, not_before LIMIT ? /* FOR UPDATE OF d SKIP LOCKED */)
	UPDATE delivery SET state = 'claimed', lease_until = ?, lease_by = ?, changed = ? ` + ofC + ` RETURNING ` + updated

// ofC joins delivery with the rows of c.
const ofC = `FROM c WHERE delivery.run = c.run AND delivery.platform = c.platform AND delivery.chat = c.chat AND delivery.thread = c.thread AND delivery.part = c.part`

// Claim takes up to limit deliveries of a platform under a lease for the
// process called by.
func (s *Store) Claim(ctx context.Context, platform commands.Platform, by string, now, lease time.Time, limit int) ([]Delivery, error) {
	var out []Delivery
	err := s.tx(ctx, func(tx conn) error {
		out = nil
		rows, err := tx.QueryContext(ctx, claim, platform, micro(now), micro(now), limit, micro(lease), by, micro(now))
		return each(rows, err, func() error {
			d, err := scanDelivery(rows)
			out = append(out, d)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	return out, nil
}

// Wishes returns the subscriptions a delivery is for that are still active;
// none means that it must not be sent.
func (s *Store) Wishes(ctx context.Context, d Delivery) ([]commands.Subscription, error) {
	out, err := s.subscriptions(ctx, `WHERE platform = ? AND chat = ? AND thread = ? AND open_run = ? AND paused = 0 AND stopped = ''`,
		d.To.Platform, d.To.Chat, d.To.Thread, d.Run)
	if err != nil {
		return nil, fmt.Errorf("read whom a delivery is for: %w", err)
	}
	return out, nil
}

// Active returns the active subscriptions of a destination.
func (s *Store) Active(ctx context.Context, to commands.Destination) ([]commands.Subscription, error) {
	out, err := s.subscriptions(ctx, `WHERE platform = ? AND chat = ? AND thread = ? AND paused = 0 AND stopped = '' ORDER BY id`, to.Platform, to.Chat, to.Thread)
	if err != nil {
		return nil, fmt.Errorf("read the active subscriptions of a place: %w", err)
	}
	return out, nil
}

// Start notes that the call is about to be made, with d's nonce and doubts; a
// zero StartedAt begins its age anew. It is false when the delivery is no longer
// by's, is a digest that nobody at its destination wants any more, is for a
// message that is not what it was by now (see [Store.Stands]), or it or all are held. A try is
// started and finished by who knows its number: a lease that ran out and was
// taken again by the same process leaves an older claim worth nothing.
func (s *Store) Start(ctx context.Context, d Delivery, by string, now, lease time.Time) (bool, error) {
	args := slices.Concat([]any{d.Nonce, d.Doubts, bit(d.StartedAt.IsZero()), micro(now), micro(lease), micro(now)}, d.key(), []any{by, d.Attempt})
	ok := false
	err := s.single(ctx, func(ctx context.Context, tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'started', nonce = ?, doubts = ?,
		started_at = CASE WHEN started_at = 0 OR CAST(? AS bigint) = 1 THEN CAST(? AS bigint) ELSE started_at END, attempt = attempt + 1, lease_until = ?, changed = ?`+
			deliveryKey+` AND state = 'claimed' AND lease_by = ? AND attempt = ?
		AND (purpose <> 'digest' OR EXISTS (SELECT 1 FROM subscription s WHERE s.platform = delivery.platform AND s.chat = delivery.chat
			AND s.thread = delivery.thread AND s.open_run = delivery.run AND s.paused = 0 AND s.stopped = ''))
		AND `+stands+` AND `+unheld+` AND NOT EXISTS (SELECT 1 FROM run h WHERE h.id = delivery.run AND h.held > 0)`, args...)
		ok, err = affected(r, err, "start a delivery")
		return err
	})
	return ok && err == nil, err
}

// Abandoned returns deliveries whose holder is gone: those whose lease ran out
// and, when all is set, those of every other process than by. (SQLite has one
// process, so the others are former ones; on a shared database they may live,
// and all means nothing.) They become by's, still in their state.
func (s *Store) Abandoned(ctx context.Context, by string, all bool, now, lease time.Time) ([]Delivery, error) {
	var out []Delivery
	where := `state IN ('claimed', 'started') AND (lease_until < ? OR (? = 1 AND lease_by <> ?))`
	args := []any{micro(now), bit(all && !s.shared), by}
	var some bool // reading first keeps an idle process from writing
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE `+where+`)`, args...).Scan(&some); err != nil || !some {
		return nil, err
	}
	err := s.tx(ctx, func(tx conn) error {
		out = nil
		rows, err := tx.QueryContext(ctx, `WITH c AS MATERIALIZED (SELECT run, platform, chat, thread, part FROM delivery d WHERE `+where+` /* FOR UPDATE OF d SKIP LOCKED */)
			UPDATE delivery SET lease_by = ?, lease_until = ? `+ofC+` RETURNING `+updated, append(args, by, micro(lease))...)
		return each(rows, err, func() error {
			d, err := scanDelivery(rows)
			out = append(out, d)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read abandoned deliveries: %w", err)
	}
	return out, nil
}

// Deliveries returns every delivery of a run, or of all runs when run is empty.
func (s *Store) Deliveries(ctx context.Context, run string) ([]Delivery, error) {
	var out []Delivery
	rows, err := s.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery d WHERE ? = '' OR run = ? ORDER BY run, platform, chat, thread, part`, run, run)
	err = each(rows, err, func() error {
		d, err := scanDelivery(rows)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return out, nil
}

// Wake returns when, behind the given instant, there is next something to plan
// or to send on the platforms, or the zero time when there is nothing at all.
func (s *Store) Wake(ctx context.Context, platforms []commands.Platform, behind time.Time) (time.Time, error) {
	in, args := list(platforms)
	args = append([]any{micro(behind)}, args...)
	var at int64
	err := s.read.QueryRowContext(ctx, `SELECT COALESCE(MIN(t), 0) FROM (
		SELECT MIN(plan_at) AS t FROM subscription WHERE paused = 0 AND stopped = '' AND open_run = '' AND plan_at > ? AND platform IN `+in+`
		UNION ALL SELECT MIN(not_before) FROM delivery WHERE state IN ('planned', 'retry') AND held = 0 AND not_before > ? AND platform IN `+in+`) AS w`,
		slices.Concat(args, args)...).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when to wake: %w", err)
	}
	return instant(at), nil
}
