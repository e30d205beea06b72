package store

import (
	"context"
	"fmt"
	"time"
)

// Outcome is what became of a delivery's try.
type Outcome struct {
	State     State
	NotBefore time.Time // for Retry
	Expires   time.Time // moves the deadline when set
	Next      time.Time // the earliest the part behind a sent one may go; zero: at once
	Doubts    int
	Refusals  int
	Arrived   bool // the last try may have arrived: its age counts on
	Fallback  bool // for Retry: it goes to the chat itself, as do the parts behind it
	// Cause is why its destination is to blame, for Dead: "gone", "thread",
	// "forbidden", "forbidden:RIGHT"; or "lost", when the message to edit is.
	// Empty when nothing there is.
	Cause string
	Ref   string
	File  bool // what was sent is a file with a caption, not a text
	Err   string
}

// A subscription is stopped when it failed stopFailures times in a row, the
// first of them at least stopSpan ago.
const (
	stopFailures = 3
	stopSpan     = 48 * time.Hour
)

// Finish keeps the outcome of a delivery that by holds. When it was the last
// open one of its run and destination, the subscriptions are free for their
// next run, and their window moves on if every part was sent. After a part
// that certainly did not arrive the parts behind it are skipped.
func (s *Store) Finish(ctx context.Context, d Delivery, by string, o Outcome, now time.Time) error {
	err := s.together(ctx, func(ctx context.Context, tx conn) error {
		d := d
		ok, err := keep(ctx, tx, d, by, o, now)
		if err == nil && !ok {
			if d.To.Chat, err = nowAt(ctx, tx, d, by); err == nil && d.To.Chat != "" {
				ok, err = keep(ctx, tx, d, by, o, now)
			}
		}
		if err != nil || !ok {
			return err
		}
		if err := track(ctx, tx, d, o, now); err != nil {
			return err
		}
		switch o.State {
		case Planned, Retry:
			if o.Fallback {
				return fallBack(ctx, tx, d, now)
			}
			return nil
		case Sent:
			if err := space(ctx, tx, d, o.Next); err != nil {
				return err
			}
		case Dead, Expired:
			if d.Edits != "" { // the messages behind it stand by themselves
				break
			}
			if err := skipRest(ctx, tx, d, BehindLost, now); err != nil {
				return err
			}
		case Skipped: // on purpose, and so is the rest
			if err := skipRest(ctx, tx, d, o.Err, now); err != nil {
				return err
			}
		}
		return release(ctx, tx, d, o.Cause, now)
	})
	if err != nil {
		return fmt.Errorf("keep the outcome of a delivery: %w", err)
	}
	return nil
}

// keep writes an outcome into the row of a delivery; false when by has no such one.
// What may have arrived goes before what was never sent: it is to be settled
// while the platform knows its nonce.
func keep(ctx context.Context, tx conn, d Delivery, by string, o Outcome, now time.Time) (bool, error) {
	args := append([]any{
		o.State, micro(o.NotBefore), micro(o.Expires), micro(o.Expires), o.Doubts, bit(o.Doubts > 0), o.Refusals, bit(o.Fallback), bit(o.Arrived), o.Ref, clean(o.Cause), clean(o.Err), micro(now),
	}, d.key()...)
	r, err := tx.ExecContext(ctx, `UPDATE delivery SET state = ?, not_before = ?, expires = CASE WHEN CAST(? AS bigint) > 0 THEN ? ELSE expires END, doubts = ?,
		urgent = CASE WHEN ? = 1 THEN 1 ELSE urgent END, refusals = ?,
		via = CASE WHEN ? = 1 THEN 'chat' ELSE via END, started_at = CASE WHEN ? = 1 THEN started_at ELSE 0 END,
		msg_ref = ?, cause = ?, err = ?, lease_until = 0, lease_by = '', changed = ?`+
		deliveryKey+` AND state IN ('claimed', 'started') AND lease_by = ? AND attempt = ?`, append(args, by, d.Attempt)...)
	return affected(r, err, "keep an outcome")
}

// nowAt is the chat that a delivery moved to while it was being sent, "" if none:
// its nonce went with it.
func nowAt(ctx context.Context, tx conn, d Delivery, by string) (string, error) {
	var chat string
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(chat), '') FROM delivery
		WHERE run = ? AND platform = ? AND thread = ? AND part = ? AND nonce = ? AND nonce <> '' AND state = 'started' AND lease_by = ? AND attempt = ?`,
		d.Run, d.To.Platform, d.To.Thread, d.Part, d.Nonce, by, d.Attempt).Scan(&chat)
	return chat, err
}

// fallBack leads what is left of a run from a thread to its chat, and has its
// readers told.
func fallBack(ctx context.Context, tx conn, d Delivery, now time.Time) error {
	place := []any{d.Run, d.To.Platform, d.To.Chat, d.To.Thread}
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET via = 'chat'
		WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND state IN ('planned', 'retry')`, place...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET fell_back = ?, notice = 'thread'
		WHERE open_run = ? AND platform = ? AND chat = ? AND thread = ?`, append([]any{micro(now)}, place...)...)
	return err
}

// space keeps the part behind a sent one from going too soon, whoever sends it.
func space(ctx context.Context, tx conn, d Delivery, next time.Time) error {
	if next.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET not_before = ? WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND part = ?
		AND state IN ('planned', 'retry') AND not_before < ?`, micro(next), d.Run, d.To.Platform, d.To.Chat, d.To.Thread, d.Part+1, micro(next))
	return err
}

func skipRest(ctx context.Context, tx conn, d Delivery, why string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'skipped', err = ?, changed = ?
		WHERE run = ? AND platform = ? AND chat = ? AND thread = ? AND part > ? AND state IN ('planned', 'retry')`,
		clean(why), micro(now), d.Run, d.To.Platform, d.To.Chat, d.To.Thread, d.Part)
	return err
}

// release frees the subscriptions of a destination whose delivery is finished.
// Those whose destination failed again and again are stopped, and are to be told.
func release(ctx context.Context, tx conn, d Delivery, cause string, now time.Time) error {
	place := []any{d.Run, d.To.Platform, d.To.Chat, d.To.Thread}
	var left, missing int
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state IN `+open+` THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state <> 'sent' THEN 1 ELSE 0 END), 0)
		FROM delivery WHERE run = ? AND platform = ? AND chat = ? AND thread = ?`, place...).Scan(&left, &missing)
	if err != nil || left > 0 {
		return err
	}
	if cause != "" {
		if err := blame(ctx, tx, d, cause, now); err != nil {
			return err
		}
	}
	var end int64
	if err := tx.QueryRowContext(ctx, `SELECT window_end FROM run WHERE id = ?`, d.Run).Scan(&end); err != nil {
		return err
	}
	arrived, here := bit(missing == 0), bit(missing == 0 && d.Via == "")
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET open_run = '',
		last_end = CASE WHEN ? = 1 AND last_end < ? THEN ? ELSE last_end END,
		failures = CASE WHEN ? = 1 THEN 0 ELSE failures END, failing_since = CASE WHEN ? = 1 THEN 0 ELSE failing_since END,
		fell_back = CASE WHEN ? = 1 THEN 0 ELSE fell_back END
		WHERE open_run = ? AND platform = ? AND chat = ? AND thread = ?`, append([]any{arrived, end, end, here, here, here}, place...)...)
	return err
}

// blame counts a failure of a destination and stops those that failed too often.
func blame(ctx context.Context, tx conn, d Delivery, cause string, now time.Time) error {
	place := []any{d.Run, d.To.Platform, d.To.Chat, d.To.Thread}
	_, err := tx.ExecContext(ctx, `UPDATE subscription SET failures = failures + 1, failed_at = ?,
		failing_since = CASE WHEN failing_since = 0 THEN ? ELSE failing_since END
		WHERE open_run = ? AND platform = ? AND chat = ? AND thread = ?`, append([]any{micro(now), micro(now)}, place...)...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET stopped = ?, notice = 'stopped'
		WHERE open_run = ? AND platform = ? AND chat = ? AND thread = ? AND failures >= ? AND failing_since <= ?`,
		append(append([]any{cause}, place...), stopFailures, micro(now.Add(-stopSpan)))...)
	return err
}
