package store

import (
	"context"
	"fmt"
	"time"
)

// sweepRows is how many rows one transaction of a sweep deletes at most, so
// that those who send are not kept waiting.
const sweepRows = 5000

// Sweep forgets messages sent before an instant, deliveries of runs planned
// before it that are finished, and whatever nothing points to then. What is
// still open, or the last run of a subscription, stays.
func (s *Store) Sweep(ctx context.Context, before time.Time) error {
	at := micro(before)
	for _, old := range [...]struct {
		stmt string
		args []any
	}{
		{`DELETE FROM post WHERE (platform, chat, thread, bundle, part) IN (SELECT platform, chat, thread, bundle, part FROM post p WHERE sent < ? AND NOT ` + pinsPost + ` LIMIT ?)`, []any{at, sweepRows}},
		{`DELETE FROM owed WHERE (platform, chat, thread, item, n) IN (SELECT platform, chat, thread, item, n FROM owed WHERE told > 0 AND told < ? LIMIT ?)`, []any{at, sweepRows}},
		{`DELETE FROM card WHERE id IN (SELECT id FROM card WHERE made < ? AND decided < ? AND state <> 'open' LIMIT ?)`, []any{at, at, sweepRows}},
		{`DELETE FROM delivery WHERE (run, platform, chat, thread, part) IN (SELECT d.run, d.platform, d.chat, d.thread, d.part FROM run r JOIN delivery d ON d.run = r.id
			WHERE r.planned_at < ? AND d.changed < ? AND d.state NOT IN ` + open + `
				AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.platform = d.platform AND s.chat = d.chat AND s.thread = d.thread AND (s.open_run = d.run OR s.last_run = d.run)) LIMIT ?)`, []any{at, at, sweepRows}},
		{`DELETE FROM run WHERE id IN (SELECT id FROM run r WHERE r.planned_at < ? AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run = r.id)
			AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.open_run = r.id OR s.last_run = r.id) LIMIT ?)`, []any{at, sweepRows}},
	} {
		for n := int64(sweepRows); n >= sweepRows && ctx.Err() == nil; {
			err := s.tx(ctx, func(tx conn) error {
				r, err := tx.ExecContext(ctx, old.stmt, old.args...)
				if err == nil {
					n, err = r.RowsAffected()
				}
				return err
			})
			if err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
		}
	}
	if err := s.tx(ctx, func(tx conn) error {
		var some bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM remark WHERE made < ?)`, at).Scan(&some); err != nil {
			return err
		}
		if some {
			if err := withdrawRemarks(ctx, tx, `made < ?`, []any{at}, time.Now()); err != nil {
				return err
			}
		}
		return tidy(ctx, tx, at)
	}); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return ctx.Err()
}

// tidy deletes what nothing points to: runs of edits, answers and pins without deliveries,
// messages without a run, and what nobody says since an instant.
func tidy(ctx context.Context, tx conn, made int64) error {
	for _, stmt := range [...]string{
		`DELETE FROM run WHERE (run_key LIKE '` + fixKey + `%' OR run_key LIKE '` + answerKey + `%' OR run_key LIKE '` + pinKey + `%') AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run = run.id)`,
		`DELETE FROM message WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.id = message.run)`,
		`DELETE FROM fix WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.id = fix.run)`,
	} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM said WHERE made < ? AND NOT EXISTS (SELECT 1 FROM post p WHERE p.said = said.id)
		AND NOT EXISTS (SELECT 1 FROM message m WHERE m.said = said.id AND m.said <> '')`, made)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM said_item WHERE NOT EXISTS (SELECT 1 FROM said s WHERE s.id = said_item.said)`)
	}
	return err
}
