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
	State     State
	Urgent    bool
	NotBefore time.Time
	Expires   time.Time
	Attempt   int       // tries started so far
	Doubts    int       // of them, those whose outcome is not known
	StartedAt time.Time // first try since one that certainly did not arrive
	Nonce     string
	Ref       string // id of the message sent
	Err       string
}

const deliveryColumns = `run, platform, chat, thread, part, kind, state, urgent, not_before, expires, attempt, doubts, started_at, nonce, msg_ref, err`

// updated is deliveryColumns behind UPDATE delivery ... FROM c RETURNING.
var updated = "delivery." + strings.ReplaceAll(deliveryColumns, ", ", ", delivery.")

const deliveryKey = ` WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND part = ?`

func (d *Delivery) key() []any {
	return []any{d.Run, d.To.Platform, d.To.Chat, d.To.Thread, d.Part}
}

func scanDelivery(row scanner) (Delivery, error) {
	var d Delivery
	var notBefore, expires, started int64
	err := row.Scan(&d.Run, &d.To.Platform, &d.To.Chat, &d.To.Thread, &d.Part, &d.Kind, &d.State, &d.Urgent, &notBefore, &expires,
		&d.Attempt, &d.Doubts, &started, &d.Nonce, &d.Ref, &d.Err)
	d.NotBefore, d.Expires, d.StartedAt = instant(notBefore), instant(expires), instant(started)
	return d, err
}

// open lists the states in which a delivery is not finished.
const open = `('planned', 'claimed', 'started', 'retry')`

// claim takes deliveries whose time has come. A later part waits until the
// parts before it are finished. The form, a materialized CTE with its own
// limit, is the one whose limit PostgreSQL cannot evaluate again.
var claim = `WITH c AS MATERIALIZED (
	SELECT run, platform, chat, thread, part FROM delivery d
	WHERE platform = ? AND state IN ('planned', 'retry') AND not_before <= ?
		AND (part = 0 OR NOT EXISTS (SELECT 1 FROM delivery p WHERE p.run = d.run AND p.platform = d.platform AND p.chat = d.chat
			AND p.thread = d.thread AND p.part < d.part AND p.state IN ` + open + `))
	ORDER BY urgent DESC, not_before LIMIT ? /* FOR UPDATE OF d SKIP LOCKED */)
	UPDATE delivery SET state = 'claimed', lease_until = ?, lease_by = ?, changed = ? ` + ofC + ` RETURNING ` + updated

// ofC joins delivery with the rows of c.
const ofC = `FROM c WHERE delivery.run = c.run AND delivery.platform = c.platform AND delivery.chat = c.chat AND delivery.thread = c.thread AND delivery.part = c.part`

// Claim takes up to limit deliveries of a platform under a lease for the
// process called by.
func (s *Store) Claim(ctx context.Context, platform commands.Platform, by string, now, lease time.Time, limit int) ([]Delivery, error) {
	var out []Delivery
	err := s.tx(ctx, func(tx conn) error {
		out = nil
		rows, err := tx.QueryContext(ctx, claim, platform, micro(now), limit, micro(lease), by, micro(now))
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

// Start notes that the call is about to be made. It is false when the delivery
// is no longer by's, or nobody at its destination wants it any more. A try is
// started and finished by who knows its number: a lease that ran out and was
// taken again by the same process leaves an older claim worth nothing.
func (s *Store) Start(ctx context.Context, d Delivery, by string, now, lease time.Time) (bool, error) {
	args := slices.Concat([]any{d.Nonce, micro(now), micro(lease), micro(now)}, d.key(), []any{by, d.Attempt})
	ok := false
	err := s.together(ctx, func(ctx context.Context, tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'started', nonce = ?, started_at = CASE WHEN started_at = 0 THEN ? ELSE started_at END,
		attempt = attempt + 1, lease_until = ?, changed = ?`+deliveryKey+` AND state = 'claimed' AND lease_by = ? AND attempt = ?
		AND EXISTS (SELECT 1 FROM subscription s WHERE s.platform = delivery.platform AND s.chat = delivery.chat AND s.thread = delivery.thread
			AND s.open_run = delivery.run AND s.paused = 0 AND s.stopped = '')`, args...)
		ok, err = affected(r, err, "start a delivery")
		return err
	})
	return ok && err == nil, err
}

// Outcome is what became of a delivery's try.
type Outcome struct {
	State     State
	NotBefore time.Time // for Retry
	Expires   time.Time // moves the deadline when set
	Doubts    int
	Ours      bool // Dead by a fault of ours: no failure of the destination
	Arrived   bool // the last try may have arrived: its age counts on
	Ref       string
	Err       string
}

// Finish keeps the outcome of a delivery that by holds. When it was the last
// open one of its run and destination, the subscriptions are free for their
// next run, and their window moves on if every part was sent. After a part
// that certainly did not arrive the parts behind it are skipped.
func (s *Store) Finish(ctx context.Context, d Delivery, by string, o Outcome, now time.Time) error {
	err := s.together(ctx, func(ctx context.Context, tx conn) error {
		args := append([]any{o.State, micro(o.NotBefore), micro(o.Expires), micro(o.Expires), o.Doubts, bit(o.Arrived), o.Ref, o.Err, micro(now)}, d.key()...)
		r, err := tx.ExecContext(ctx, `UPDATE delivery SET state = ?, not_before = ?, expires = CASE WHEN CAST(? AS bigint) > 0 THEN ? ELSE expires END, doubts = ?,
			started_at = CASE WHEN ? = 1 THEN started_at ELSE 0 END, msg_ref = ?, err = ?, lease_until = 0, lease_by = '', changed = ?`+
			deliveryKey+` AND state IN ('claimed', 'started') AND lease_by = ? AND attempt = ?`, append(args, by, d.Attempt)...)
		if ok, err := affected(r, err, "keep an outcome"); err != nil || !ok {
			return err
		}
		switch o.State {
		case Planned, Retry:
			return nil
		case Dead, Expired, Skipped:
			if err := skipRest(ctx, tx, d, now); err != nil {
				return err
			}
		}
		return release(ctx, tx, d, o.State == Dead && !o.Ours, now)
	})
	if err != nil {
		return fmt.Errorf("keep the outcome of a delivery: %w", err)
	}
	return nil
}

func skipRest(ctx context.Context, tx conn, d Delivery, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'skipped', err = 'an earlier part did not arrive', changed = ?
		WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND part > ? AND state IN ('planned', 'retry')`,
		micro(now), d.Run, d.To.Platform, d.To.Chat, d.To.Thread, d.Part)
	return err
}

// release frees the subscriptions of a destination whose delivery is finished.
func release(ctx context.Context, tx conn, d Delivery, dead bool, now time.Time) error {
	place := []any{d.Run, d.To.Platform, d.To.Chat, d.To.Thread}
	var left, missing int
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state IN `+open+` THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state <> 'sent' THEN 1 ELSE 0 END), 0)
		FROM delivery WHERE run = ? AND platform = ? AND chat = ? AND thread = ?`, place...).Scan(&left, &missing)
	if err != nil || left > 0 {
		return err
	}
	var end int64
	if err := tx.QueryRowContext(ctx, `SELECT window_end FROM run WHERE id = ?`, d.Run).Scan(&end); err != nil {
		return err
	}
	args := append([]any{bit(missing == 0), end, end, bit(missing == 0), bit(dead), bit(dead), micro(now)}, place...)
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET open_run = '',
		last_end = CASE WHEN ? = 1 AND last_end < ? THEN ? ELSE last_end END,
		failures = CASE WHEN ? = 1 THEN 0 WHEN ? = 1 THEN failures + 1 ELSE failures END,
		failed_at = CASE WHEN ? = 1 THEN ? ELSE failed_at END
		WHERE open_run = ? AND platform = ? AND chat = ? AND thread = ?`, args...)
	return err
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
		UNION ALL SELECT MIN(not_before) FROM delivery WHERE state IN ('planned', 'retry') AND not_before > ? AND platform IN `+in+`) AS w`,
		slices.Concat(args, args)...).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when to wake: %w", err)
	}
	return instant(at), nil
}
