package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

var (
	_ commands.Preferences = (*Store)(nil)
	_ commands.Changes     = (*Store)(nil)
	_ adapter.Notes        = (*Store)(nil)
	_ adapter.Mover        = (*Store)(nil)
)

// Get returns the settings of places and persons, in that order; zero ones
// where there are none.
func (s *Store) Get(ctx context.Context, of ...commands.Destination) ([]commands.Settings, error) {
	out := make([]commands.Settings, len(of))
	if len(of) == 0 {
		return out, nil
	}
	var args []any
	for _, d := range of {
		args = append(args, d.Platform, d.Chat, d.Thread)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT platform, chat, thread, lang, zone, text_only FROM setting WHERE (platform, chat, thread) IN (VALUES `+
		strings.TrimSuffix(strings.Repeat("(?, ?, ?), ", len(of)), ", ")+`)`, args...)
	if err := each(rows, err, func() error {
		var d commands.Destination
		var set commands.Settings
		if err := rows.Scan(&d.Platform, &d.Chat, &d.Thread, &set.Lang, &set.Zone, &set.TextOnly); err != nil {
			return err
		}
		for i := range of {
			if of[i] == d {
				out[i] = set
			}
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	return out, nil
}

// Set keeps the settings of a place or person.
func (s *Store) Set(ctx context.Context, of commands.Destination, set commands.Settings) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO setting (platform, chat, thread, lang, zone, text_only) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (platform, chat, thread) DO UPDATE SET lang = excluded.lang, zone = excluded.zone, text_only = excluded.text_only`,
		of.Platform, of.Chat, of.Thread, set.Lang, set.Zone, bit(set.TextOnly))
	if err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	return nil
}

// Forget deletes everything kept under the destination and says how many rows
// went or were changed: the digests that a person asked for in shared places
// stay, without their id.
func (s *Store) Forget(ctx context.Context, of commands.Destination) (int, error) {
	total := 0
	err := s.tx(ctx, func(tx conn) error {
		total = 0
		if user, ok := strings.CutPrefix(of.Chat, "user:"); ok && user != "" {
			r, err := tx.ExecContext(ctx, `UPDATE subscription SET owner = '' WHERE platform = ? AND owner = ?`, of.Platform, user)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			total += int(n)
			// What they decided stands, without their name.
			if r, err = tx.ExecContext(ctx, `UPDATE card SET who = '', person = '', n = n + 1 WHERE person = ?`, personOf(of.Platform, user)); err != nil {
				return err
			}
			if n, err = r.RowsAffected(); err != nil {
				return err
			}
			total += int(n)
		}
		told, err := forgetRemarks(ctx, tx, of)
		if err != nil {
			return err
		}
		total += told
		// Whoever plans holds the subscription: its deliveries are seen behind it.
		for _, table := range [...]string{"subscription", "setting", "look", "delivery", "post", "owed", "pin"} {
			r, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE platform = ? AND chat = ? AND thread = ?`, of.Platform, of.Chat, of.Thread)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			total += int(n)
		}
		return tidy(ctx, tx, math.MaxInt64)
	})
	if err != nil {
		return 0, fmt.Errorf("forget a destination: %w", err)
	}
	return total, nil
}

// Note returns the value kept under key, or "" when there is none.
func (s *Store) Note(ctx context.Context, key string) (string, error) {
	var v string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM note WHERE name = ?`, key).Scan(&v)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read note %q: %w", key, err)
	}
	return v, nil
}

// SetNote keeps value under key. What is kept already is not written again:
// every message of a digest keeps the same lines of its buttons.
func (s *Store) SetNote(ctx context.Context, key, value string) error {
	if had, err := s.Note(ctx, key); err == nil && had == value && value != "" {
		return nil
	}
	_, err := s.write.ExecContext(ctx, `INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("keep note %q: %w", key, err)
	}
	return nil
}

// SwapNote keeps value under key if what is kept there is old ("" for nothing),
// and reports whether it was.
func (s *Store) SwapNote(ctx context.Context, key, old, value string) (bool, error) {
	stmt, args := `UPDATE note SET value = ? WHERE name = ? AND value = ?`, []any{value, key, old}
	if old == "" {
		stmt = `INSERT INTO note (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE note.value = ''`
		args = []any{key, value}
	}
	r, err := s.write.ExecContext(ctx, stmt, args...)
	return affected(r, err, fmt.Sprintf("swap note %q", key))
}

// Moved carries everything over to a chat's new id, threads included. What the
// new id has already stays as it is there. The refs of messages that were sent
// before begin with the old id and "/".
func (s *Store) Moved(ctx context.Context, from, to commands.Destination) error {
	if from.Platform != to.Platform || from.Chat == to.Chat || to.Chat == "" {
		return nil
	}
	err := s.tx(ctx, func(tx conn) error {
		for _, stmt := range [...]string{
			`DELETE FROM subscription WHERE platform = ? AND chat = ? AND EXISTS (SELECT 1 FROM subscription n WHERE n.platform = subscription.platform
				AND n.chat = ? AND n.thread = subscription.thread AND n.topics = subscription.topics AND n.schedule = subscription.schedule
				AND n.zone = subscription.zone AND n.lang = subscription.lang)`,
			`DELETE FROM setting WHERE platform = ? AND chat = ? AND EXISTS (SELECT 1 FROM setting n WHERE n.platform = setting.platform
				AND n.chat = ? AND n.thread = setting.thread)`,
			`DELETE FROM delivery WHERE platform = ? AND chat = ? AND EXISTS (SELECT 1 FROM delivery n WHERE n.platform = delivery.platform
				AND n.chat = ? AND n.thread = delivery.thread AND n.run = delivery.run AND n.part = delivery.part)`,
			`DELETE FROM post WHERE platform = ? AND chat = ? AND EXISTS (SELECT 1 FROM post n WHERE n.platform = post.platform
				AND n.chat = ? AND n.thread = post.thread AND n.bundle = post.bundle AND n.part = post.part)`,
			`DELETE FROM owed WHERE platform = ? AND chat = ? AND EXISTS (SELECT 1 FROM owed n WHERE n.platform = owed.platform
				AND n.chat = ? AND n.thread = owed.thread AND n.item = owed.item AND n.n = owed.n)`,
			`DELETE FROM pin WHERE platform = ? AND chat = ? AND EXISTS (SELECT 1 FROM pin n WHERE n.platform = pin.platform
				AND n.chat = ? AND n.thread = pin.thread AND n.topic = pin.topic)`,
		} {
			if _, err := tx.ExecContext(ctx, stmt, from.Platform, from.Chat, to.Chat); err != nil {
				return err
			}
		}
		if err := freeClaimed(ctx, tx, from); err != nil {
			return err
		}
		// Messages keep the numbers they had under the old id; the new one counts anew.
		for _, ref := range [...][2]string{{"delivery", "msg_ref"}, {"delivery", "edits"}, {"post", "ref"}} {
			if _, err := tx.ExecContext(ctx, `UPDATE `+ref[0]+` SET `+ref[1]+` = CAST(? AS text) || '/' || `+ref[1]+`
				WHERE platform = ? AND chat = ? AND `+ref[1]+` <> '' AND `+ref[1]+` NOT LIKE '%/%'`, from.Chat, from.Platform, from.Chat); err != nil {
				return err
			}
		}
		// A message of before cannot be edited or pinned under the new one, which
		// shows no pins yet: pins get a message there.
		if _, err := tx.ExecContext(ctx, `UPDATE pin SET ref = '', tried = '', open_run = '', edited = 0, pinned = 0, unpinned = ''
			WHERE platform = ? AND chat = ? AND ref <> ''`, from.Platform, from.Chat); err != nil {
			return err
		}
		for _, table := range [...]string{"subscription", "setting", "delivery", "post", "owed", "remark", "pin"} {
			if _, err := tx.ExecContext(ctx, `UPDATE `+table+` SET chat = ? WHERE platform = ? AND chat = ?`, to.Chat, from.Platform, from.Chat); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("move a chat to its new id: %w", err)
	}
	return nil
}

// freeClaimed lets go of what is claimed and not begun in a chat that gets a new
// id: who has claimed it looks for it under the old one.
func freeClaimed(ctx context.Context, tx conn, from commands.Destination) error {
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = CASE WHEN attempt > 0 THEN 'retry' ELSE 'planned' END, lease_until = 0, lease_by = ''
		WHERE platform = ? AND chat = ? AND state = 'claimed'`, from.Platform, from.Chat)
	return err
}
