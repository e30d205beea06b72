package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/commands"
)

// SameError says that a place has another subscription that wants the same.
type SameError struct{ ID string } // the other's

func (e *SameError) Error() string { return "the same as subscription " + e.ID }

// editTries bounds how often an edit begins again because somebody else was quicker.
const editTries = 8

// Change says what a subscription shall be and when to plan it, given it as it stands.
type Change func(old commands.Subscription) (sub commands.Subscription, planAt time.Time, err error)

// EditSubscription changes what a subscription wants, and when it is next due,
// in its row: its id, place, owner, window, pause, ledger and a run that is on
// its way stay. The change is called again when somebody else changed the row
// meanwhile. It returns false when the destination has no such subscription,
// and a *[SameError] when it has another one that wants that already.
func (s *Store) EditSubscription(ctx context.Context, to commands.Destination, id string, change Change) (commands.Subscription, bool, error) {
	for range editTries {
		old, ok, err := s.subscription(ctx, to, id)
		if err != nil || !ok {
			return old, false, err
		}
		sub, planAt, err := change(old)
		if err != nil {
			return old, true, err
		}
		done, err := s.replace(ctx, old, sub, planAt)
		if err != nil {
			return old, true, fmt.Errorf("edit a subscription: %w", err)
		}
		if done {
			return s.subscription(ctx, to, id)
		}
	}
	return commands.Subscription{}, false, fmt.Errorf("edit subscription %s: changed %d times meanwhile", id, editTries)
}

// subscription reads one subscription of a destination; false when it has no such one.
func (s *Store) subscription(ctx context.Context, to commands.Destination, id string) (commands.Subscription, bool, error) {
	list, err := s.subscriptions(ctx, `WHERE id = ? AND platform = ? AND chat = ? AND thread = ?`, id, to.Platform, to.Chat, to.Thread)
	if err != nil {
		return commands.Subscription{}, false, fmt.Errorf("read a subscription: %w", err)
	}
	if len(list) == 0 {
		return commands.Subscription{}, false, nil
	}
	return list[0], true, nil
}

const (
	selectTwin = `SELECT id FROM subscription WHERE platform = ? AND chat = ? AND thread = ? AND topics = ? AND schedule = ? AND zone = ? AND lang = ? AND id <> ?`
	updateWish = `UPDATE subscription SET topics = ?, schedule = ?, zone = ?, lang = ?, when_quiet = ?, quiet_hours = ?, text_only = ?, next_due = ?, plan_at = ?
		WHERE id = ? AND platform = ? AND chat = ? AND thread = ?
			AND topics = ? AND schedule = ? AND zone = ? AND lang = ? AND when_quiet = ? AND quiet_hours = ? AND text_only = ? AND next_due = ?`
)

// replace writes what sub wants over old, if old still stands in the row.
func (s *Store) replace(ctx context.Context, old, sub commands.Subscription, planAt time.Time) (done bool, err error) {
	wish := func(s commands.Subscription) []any {
		return []any{strings.Join(s.Topics, ";"), s.Schedule, s.Zone, s.Lang, s.WhenQuiet, s.QuietHours, bit(s.TextOnly), micro(s.Next)}
	}
	place := []any{old.To.Platform, old.To.Chat, old.To.Thread}
	twin := slices.Concat(place, wish(sub)[:4], []any{old.ID})
	err = s.tx(ctx, func(tx conn) error {
		if err := none(tx.QueryRowContext(ctx, selectTwin, twin...)); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, updateWish, slices.Concat(wish(sub), []any{micro(planAt), old.ID}, place, wish(old))...)
		done, err = affected(r, err, "change the row")
		return err
	})
	if err != nil {
		// Another process may have subscribed to the same since the look.
		return false, errors.Join(none(s.read.QueryRowContext(ctx, selectTwin, twin...)), err)
	}
	return done, nil
}

// none is nil when the row of a twin is not there.
func none(row scanner) error {
	var id string
	err := row.Scan(&id)
	switch {
	case err == nil:
		return &SameError{id}
	case errors.Is(err, sql.ErrNoRows):
		return nil
	}
	return err
}
