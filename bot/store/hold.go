package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// holdNote is the note that holds all deliveries: since when, and why.
const holdNote = "hold"

// unheld is true while deliveries are not held.
const unheld = `NOT EXISTS (SELECT 1 FROM note WHERE name = '` + holdNote + `')`

// Pause holds all deliveries of every process until Release: they are planned,
// but none is claimed or started. What is being sent at the moment ends. The
// reason is shown to the operator. A hold that there is stays, with its reason.
func (s *Store) Pause(ctx context.Context, reason string) error {
	err := s.tx(ctx, func(tx conn) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, holdNote, holdText(reason, time.Now())); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return fmt.Errorf("hold deliveries: %w", err)
	}
	return nil
}

func holdText(reason string, since time.Time) string {
	return strconv.FormatInt(micro(since), 10) + " " + clean(reason)
}

// Paused returns why deliveries are held and since when; the zero time when
// they are not.
func (s *Store) Paused(ctx context.Context) (reason string, since time.Time, err error) {
	var text string
	err = s.read.QueryRowContext(ctx, `SELECT value FROM note WHERE name = ?`, holdNote).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read whether deliveries are held: %w", err)
	}
	at, reason, _ := strings.Cut(text, " ")
	us, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read since when deliveries are held: %w", err)
	}
	return reason, instant(us), nil
}

// Release lets held deliveries go on; false when they were not held.
func (s *Store) Release(ctx context.Context) (bool, error) {
	var was bool
	err := s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM note WHERE name = ?`, holdNote)
		if was, err = affected(r, err, "delete the hold"); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return false, fmt.Errorf("release deliveries: %w", err)
	}
	return was, nil
}
