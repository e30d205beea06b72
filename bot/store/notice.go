package store

import (
	"context"
	"fmt"
	"time"

	"griot/commands"
)

// ToldLater is what the readers of a subscription are still to be told.
type ToldLater struct {
	Sub    commands.Subscription
	Notice string // "thread": its digest came to the chat itself; "stopped": Sub.Stopped says why
}

// Notices returns up to limit of what readers are still to be told.
func (s *Store) Notices(ctx context.Context, platforms []commands.Platform, limit int) ([]ToldLater, error) {
	in, args := list(platforms)
	subs, err := s.subscriptions(ctx, `WHERE notice <> '' AND platform IN `+in+` ORDER BY id LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	var out []ToldLater
	for _, sub := range subs {
		t := ToldLater{Sub: sub}
		if err := s.read.QueryRowContext(ctx, `SELECT notice FROM subscription WHERE id = ?`, sub.ID).Scan(&t.Notice); err != nil {
			return nil, fmt.Errorf("read a notice: %w", err)
		}
		out = append(out, t)
	}
	return out, nil
}

// AddNotice plans a message with the given parts to a destination, and notes
// that the subscription's readers are told; no parts mean that there is nobody
// to tell. It does nothing when somebody else did it.
func (s *Store) AddNotice(ctx context.Context, t ToldLater, r Run, to commands.Destination, kind string, parts []string, expires, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		res, err := tx.ExecContext(ctx, `UPDATE subscription SET notice = '' WHERE id = ? AND notice = ?`, t.Sub.ID, t.Notice)
		if ok, err := affected(res, err, "note that a notice is planned"); err != nil || !ok || len(parts) == 0 {
			return err
		}
		return addLetter(ctx, tx, r, to, kind, Notice, false, "", parts, expires, now)
	})
	if err != nil {
		return fmt.Errorf("plan a notice: %w", err)
	}
	return nil
}

// addLetter plans a run with messages of its own to one destination.
func addLetter(ctx context.Context, tx conn, r Run, to commands.Destination, kind string, purpose Purpose, urgent bool, edits string, parts []string, expires, now time.Time) error {
	if _, err := tx.ExecContext(ctx, insertRun, r.ID, r.Key, r.Slot, r.Zone, r.Lang, micro(r.End), micro(now)); err != nil {
		return err
	}
	for i, text := range parts {
		if _, err := tx.ExecContext(ctx, insertMessage, r.ID, kind, i, text, ""); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO delivery (run, platform, chat, thread, part, kind, purpose, state, urgent, edits, not_before, expires, changed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.ID, to.Platform, to.Chat, to.Thread, i, kind, purpose, Planned, bit(urgent), edits, micro(now), micro(expires), micro(now)); err != nil {
			return err
		}
	}
	return tx.tell(ctx)
}

// FellBack reports whether the digests a delivery is for came to the chat
// itself already, their thread being gone, and none has reached the thread since.
func (s *Store) FellBack(ctx context.Context, d Delivery) (bool, error) {
	var fell bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM subscription
		WHERE open_run = ? AND platform = ? AND chat = ? AND thread = ? AND fell_back > 0)`, d.Run, d.To.Platform, d.To.Chat, d.To.Thread).Scan(&fell)
	if err != nil {
		return false, fmt.Errorf("read whether a thread was fallen back from: %w", err)
	}
	return fell, nil
}
