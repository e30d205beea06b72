package store

import (
	"context"
	"fmt"
	"time"

	"griot/commands"
)

// goes is true for a delivery d that no hold of its run keeps back. What is too
// late by the instant given is not kept: it is time to say so.
const goes = `(d.expires <= ? OR NOT EXISTS (SELECT 1 FROM run h WHERE h.id = d.run AND h.held > 0))`

// HoldRun holds what is not sent yet of one run until ReleaseRun, for every
// process: it stays planned, but none of it is claimed or started. What is being
// sent at the moment ends. It is false when the run is held already.
func (s *Store) HoldRun(ctx context.Context, run, why string, by commands.Editor, now time.Time) (bool, error) {
	held := false
	err := s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE run SET held = ?, held_why = ? WHERE id = ? AND held = 0`, micro(now), clean(why), run)
		if held, err = affected(r, err, "note the hold"); err != nil || !held {
			return err
		}
		if err := setCard(ctx, tx, commands.CardDigest, run, commands.CardHeld, by, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err == nil && held {
		err = s.aside(ctx, run)
	}
	if err != nil {
		return false, fmt.Errorf("hold run %s: %w", run, err)
	}
	return held, nil
}

// aside takes what is held of a run out of the way of those who claim: it is
// held without that, but they would look at all of it each time.
func (s *Store) aside(ctx context.Context, run string) error {
	for n := int64(sweepRows); n >= sweepRows && ctx.Err() == nil; {
		err := s.tx(ctx, func(tx conn) error {
			r, err := tx.ExecContext(ctx, `UPDATE delivery SET held = 1 WHERE (run, platform, chat, thread, part) IN (
				SELECT run, platform, chat, thread, part FROM delivery WHERE run = ? AND state IN ('planned', 'retry') AND held = 0 LIMIT ?)
				AND EXISTS (SELECT 1 FROM run h WHERE h.id = delivery.run AND h.held > 0)`, run, sweepRows)
			if err == nil {
				n, err = r.RowsAffected()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// ReleaseRun lets a held run go on; false when it was not held.
func (s *Store) ReleaseRun(ctx context.Context, run string, by commands.Editor, now time.Time) (bool, error) {
	was := false
	err := s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE run SET held = 0, held_why = '' WHERE id = ? AND held > 0`, run)
		if was, err = affected(r, err, "note that it goes on"); err != nil || !was {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE delivery SET held = 0 WHERE run = ? AND held = 1`, run); err != nil {
			return err
		}
		if err := setCard(ctx, tx, commands.CardDigest, run, commands.CardOpen, by, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return false, fmt.Errorf("release run %s: %w", run, err)
	}
	return was, nil
}

// Overslept has those look who claim at what is held and too late by now.
func (s *Store) Overslept(ctx context.Context, now time.Time) error {
	var some bool // reading first keeps an idle process from writing
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE held = 1 AND expires <= ?)`, micro(now)).Scan(&some)
	if err == nil && some {
		_, err = s.write.ExecContext(ctx, `UPDATE delivery SET held = 0 WHERE held = 1 AND expires <= ?`, micro(now))
	}
	if err != nil {
		return fmt.Errorf("look at what is held and too late: %w", err)
	}
	return nil
}

// WatchRuns has editors see that runs go out, and when: what they can stop.
func (s *Store) WatchRuns(ctx context.Context, runs map[string]commands.CardAbout, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		for run, about := range runs {
			if err := addCardOnce(ctx, tx, commands.CardDigest, run, about, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("have editors see runs: %w", err)
	}
	return nil
}

// FinishCards notes of which runs nothing is left to stop.
func (s *Store) FinishCards(ctx context.Context, now time.Time) error {
	const over = `kind = 'digest' AND state = 'open' AND EXISTS (SELECT 1 FROM delivery d WHERE d.run = card.subject)
		AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run = card.subject AND d.state IN ` + open + `)`
	var some bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM card WHERE `+over+`)`).Scan(&some)
	if err == nil && some {
		_, err = s.write.ExecContext(ctx, `UPDATE card SET state = ?, decided = ?, n = n + 1 WHERE `+over, commands.CardDone, micro(now))
	}
	if err != nil {
		return fmt.Errorf("note which runs are finished: %w", err)
	}
	return nil
}

// reach counts what became of a run's places.
func reach(ctx context.Context, c conn, run string) (out commands.Reach, err error) {
	err = c.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = 'sent' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state IN `+open+` THEN 1 ELSE 0 END), 0)
		FROM delivery WHERE run = ? AND part = 0 AND state <> 'skipped'`, run).Scan(&out.Places, &out.Sent, &out.Waiting)
	return out, err
}

// Delivers reports whether a run has a delivery to a destination.
func (s *Store) Delivers(ctx context.Context, run string, to commands.Destination) (bool, error) {
	var is bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE run = ? AND platform = ? AND chat = ? AND thread = ?)`, run, to.Platform, to.Chat, to.Thread).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("read where run %s goes: %w", run, err)
	}
	return is, nil
}
