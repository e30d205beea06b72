package store

import (
	"cmp"
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

// ErrBusy says that a run of the subscription is being sent at this moment.
var ErrBusy = errors.New("being sent")

// Elsewhere returns the subscriptions of the other threads of a destination's
// chat, and of the chat itself, oldest first.
func (s *Store) Elsewhere(ctx context.Context, to commands.Destination) ([]commands.Subscription, error) {
	out, err := s.subscriptions(ctx, `WHERE platform = ? AND chat = ? AND thread <> ? ORDER BY created, id`, to.Platform, to.Chat, to.Thread)
	if err != nil {
		return nil, fmt.Errorf("read the subscriptions of a chat: %w", err)
	}
	return out, nil
}

// editTries bounds how often an edit begins again because somebody else was quicker.
const editTries = 8

// Change says what a subscription shall be and when to plan it, given it as it stands.
type Change func(old commands.Subscription) (sub commands.Subscription, planAt time.Time, err error)

// EditSubscription changes what a subscription wants, and when it is next due,
// in its row: its id, chat, owner, window, pause, ledger and a run that is on
// its way stay. The change is called again when somebody else changed the row
// meanwhile. It may name another thread of the chat: what waited for the old one
// is then told by the next run, and [ErrBusy] says that it is just going there.
// It returns false when the destination has no such subscription, and a
// *[SameError] when its place has another one that wants that already.
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
		if sub.To.Platform != old.To.Platform || sub.To.Chat != old.To.Chat {
			sub.To = old.To
		}
		done, err := s.replace(ctx, old, sub, planAt)
		if err != nil {
			return old, true, fmt.Errorf("edit a subscription: %w", err)
		}
		if done {
			return s.subscription(ctx, sub.To, id)
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
	selectTwin  = `SELECT id FROM subscription WHERE platform = ? AND chat = ? AND thread = ? AND topics = ? AND schedule = ? AND zone = ? AND lang = ? AND id <> ?`
	selectGoing = `SELECT COUNT(*) FROM delivery d JOIN subscription s ON s.open_run = d.run AND s.platform = d.platform AND s.chat = d.chat AND s.thread = d.thread
		WHERE s.id = ? AND d.state IN ('claimed', 'started')`
	updateWish = `UPDATE subscription SET topics = ?, schedule = ?, zone = ?, lang = ?, when_quiet = ?, quiet_hours = ?, text_only = ?, next_due = ?, plan_at = ?, thread = ?,
		open_run = CASE WHEN thread = ? THEN open_run ELSE '' END, failures = CASE WHEN thread = ? THEN failures ELSE 0 END,
		failing_since = CASE WHEN thread = ? THEN failing_since ELSE 0 END, fell_back = CASE WHEN thread = ? THEN fell_back ELSE 0 END,
		notice = CASE WHEN thread = ? THEN notice ELSE '' END
		WHERE id = ? AND platform = ? AND chat = ? AND thread = ?
			AND topics = ? AND schedule = ? AND zone = ? AND lang = ? AND when_quiet = ? AND quiet_hours = ? AND text_only = ? AND next_due = ?`
)

// replace writes what sub wants over old, if old still stands in the row.
func (s *Store) replace(ctx context.Context, old, sub commands.Subscription, planAt time.Time) (done bool, err error) {
	wish := func(s commands.Subscription) []any {
		return []any{strings.Join(s.Topics, ";"), s.Schedule, s.Zone, s.Lang, s.WhenQuiet, s.QuietHours, bit(s.TextOnly), micro(s.Next)}
	}
	place := func(to commands.Destination) []any { return []any{to.Platform, to.Chat, to.Thread} }
	twin := slices.Concat(place(sub.To), wish(sub)[:4], []any{old.ID})
	err = s.tx(ctx, func(tx conn) error {
		if err := none(tx.QueryRowContext(ctx, selectTwin, twin...)); err != nil {
			return err
		}
		var going int
		if sub.To != old.To {
			if err := tx.QueryRowContext(ctx, selectGoing, old.ID).Scan(&going); err != nil || going > 0 {
				return cmp.Or(err, ErrBusy)
			}
		}
		thread := sub.To.Thread
		r, err := tx.ExecContext(ctx, updateWish, slices.Concat(wish(sub), []any{micro(planAt), thread, thread, thread, thread, thread, thread, old.ID}, place(old.To), wish(old))...)
		if done, err = affected(r, err, "change the row"); err != nil || !done {
			return err
		}
		return tx.tell(ctx)
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
