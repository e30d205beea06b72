package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"griot/commands"
)

const subscriptionColumns = `id, platform, chat, thread, guild, topics, schedule, zone, lang, when_quiet, quiet_hours, text_only, paused, stopped, owner, next_due, last_end, created`

func scanSubscription(row scanner) (commands.Subscription, error) {
	var s commands.Subscription
	var topics string
	var next, last, created int64
	err := row.Scan(&s.ID, &s.To.Platform, &s.To.Chat, &s.To.Thread, &s.Guild, &topics, &s.Schedule, &s.Zone, &s.Lang,
		&s.WhenQuiet, &s.QuietHours, &s.TextOnly, &s.Paused, &s.Stopped, &s.Owner, &next, &last, &created)
	if topics != "" {
		s.Topics = strings.Split(topics, ";")
	}
	s.Next, s.Last, s.Created = instant(next), instant(last), instant(created)
	return s, err
}

// AddSubscription stores a subscription, to be planned at planAt. One that
// wants the same topics at the same times in the same language takes the new
// options and runs on, resumed if it was held; replaced says so.
func (s *Store) AddSubscription(ctx context.Context, sub commands.Subscription, planAt time.Time) (stored commands.Subscription, replaced bool, err error) {
	err = s.tx(ctx, func(tx conn) error {
		for range 3 { // who is there may go between the two looks
			id := strings.ToLower(rand.Text()[:8])
			added, err := addSubscription(ctx, tx, id, sub, planAt)
			if err == nil && !added {
				id, err = updateSubscription(ctx, tx, sub, planAt)
			}
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			replaced = !added
			if stored, err = scanSubscription(tx.QueryRowContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription WHERE id = ?`, id)); err != nil {
				return err
			}
			return tx.tell(ctx)
		}
		return errors.New("it comes and goes")
	})
	if err != nil {
		return commands.Subscription{}, false, fmt.Errorf("store a subscription: %w", err)
	}
	return stored, replaced, nil
}

// addSubscription is false when the same wish is there already.
func addSubscription(ctx context.Context, tx conn, id string, sub commands.Subscription, planAt time.Time) (bool, error) {
	args := []any{
		id, sub.To.Platform, sub.To.Chat, sub.To.Thread, sub.Guild, strings.Join(sub.Topics, ";"), sub.Schedule, sub.Zone, sub.Lang, sub.WhenQuiet, sub.QuietHours,
		bit(sub.TextOnly), bit(sub.Paused), sub.Stopped, sub.Owner, micro(sub.Next), micro(sub.Last), micro(sub.Created), micro(planAt),
	}
	r, err := tx.ExecContext(ctx, `INSERT INTO subscription (`+subscriptionColumns+`, plan_at) `+values(args, make([]string, len(args))...)+` ON CONFLICT DO NOTHING`, args...)
	return affected(r, err, "add it")
}

// updateSubscription gives the one with the same wish the new options and
// returns its id. What was held resumes from now on.
func updateSubscription(ctx context.Context, tx conn, sub commands.Subscription, planAt time.Time) (id string, err error) {
	var held bool
	err = tx.QueryRowContext(ctx, `SELECT id, paused = 1 OR stopped <> '' FROM subscription
		WHERE platform = ? AND chat = ? AND thread = ? AND topics = ? AND schedule = ? AND zone = ? AND lang = ? /* FOR UPDATE */`,
		sub.To.Platform, sub.To.Chat, sub.To.Thread, strings.Join(sub.Topics, ";"), sub.Schedule, sub.Zone, sub.Lang).Scan(&id, &held)
	if err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `UPDATE subscription SET guild = ?, owner = ?, when_quiet = ?, quiet_hours = ?, text_only = ?, next_due = ?, plan_at = ?,
		last_end = CASE WHEN ? = 1 AND last_end > 0 THEN ? ELSE last_end END, paused = ?, stopped = '',
		open_run = CASE WHEN ? = 1 THEN '' ELSE open_run END, failures = 0, failing_since = 0, fell_back = 0, notice = '' WHERE id = ?`,
		sub.Guild, sub.Owner, sub.WhenQuiet, sub.QuietHours, bit(sub.TextOnly), micro(sub.Next), micro(planAt),
		bit(held), micro(sub.Created), bit(sub.Paused), bit(held), id)
	return id, err
}

// Subscriptions returns the destination's subscriptions, oldest first.
func (s *Store) Subscriptions(ctx context.Context, to commands.Destination) ([]commands.Subscription, error) {
	out, err := s.subscriptions(ctx, `WHERE platform = ? AND chat = ? AND thread = ? ORDER BY created, id`, to.Platform, to.Chat, to.Thread)
	if err != nil {
		return nil, fmt.Errorf("read the subscriptions of a destination: %w", err)
	}
	return out, nil
}

func (s *Store) subscriptions(ctx context.Context, where string, args ...any) ([]commands.Subscription, error) {
	var out []commands.Subscription
	rows, err := s.read.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription `+where, args...)
	return out, each(rows, err, func() error {
		sub, err := scanSubscription(rows)
		out = append(out, sub)
		return err
	})
}

// StopSubscription deletes a subscription; false when there is no such one.
func (s *Store) StopSubscription(ctx context.Context, to commands.Destination, id string) (bool, error) {
	r, err := s.write.ExecContext(ctx, `DELETE FROM subscription WHERE id = ? AND platform = ? AND chat = ? AND thread = ?`, id, to.Platform, to.Chat, to.Thread)
	return affected(r, err, "stop a subscription")
}

// PauseSubscription holds a subscription; false when there is no such one.
func (s *Store) PauseSubscription(ctx context.Context, to commands.Destination, id string) (bool, error) {
	r, err := s.write.ExecContext(ctx, `UPDATE subscription SET paused = 1 WHERE id = ? AND platform = ? AND chat = ? AND thread = ?`,
		id, to.Platform, to.Chat, to.Thread)
	return affected(r, err, "pause a subscription")
}

// resumed is what makes a held subscription begin anew.
const resumed = `paused = 0, stopped = '', open_run = '', failures = 0, failing_since = 0, fell_back = 0, notice = ''`

// ResumeSubscription lets a held subscription run on from now: nothing that
// was seen before is reported, unless it never had its first digest.
func (s *Store) ResumeSubscription(ctx context.Context, to commands.Destination, id string, next, planAt, now time.Time) (bool, error) {
	ok := false
	err := s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE subscription SET last_end = CASE WHEN last_end > 0 AND (paused = 1 OR stopped <> '') THEN ? ELSE last_end END,
		next_due = ?, plan_at = ?, `+resumed+` WHERE id = ? AND platform = ? AND chat = ? AND thread = ?`,
			micro(now), micro(next), micro(planAt), id, to.Platform, to.Chat, to.Thread)
		if ok, err = affected(r, err, "resume a subscription"); err != nil || !ok {
			return err
		}
		return tx.tell(ctx)
	})
	return ok && err == nil, err
}

func affected(r sql.Result, err error, what string) (bool, error) {
	if err != nil {
		return false, fmt.Errorf("%s: %w", what, err)
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// list writes platforms as an SQL list and its arguments.
func list(platforms []commands.Platform) (in string, args []any) {
	for _, p := range platforms {
		args = append(args, p)
	}
	return "(" + strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ") + ")", args
}

// Postpone moves the planning of due subscriptions to the end of their quiet hours.
func (s *Store) Postpone(ctx context.Context, until map[string]time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		for id, at := range until {
			if _, err := tx.ExecContext(ctx, `UPDATE subscription SET plan_at = ? WHERE id = ? AND open_run = ''`, micro(at), id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("postpone subscriptions: %w", err)
	}
	return nil
}
