package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/commands"
)

// Zones lists the time zones of active subscriptions, sorted.
func (s *Store) Zones(ctx context.Context) ([]string, error) {
	var out []string
	rows, err := s.read.QueryContext(ctx, `SELECT DISTINCT zone FROM subscription WHERE paused = 0 AND stopped = ''`)
	err = each(rows, err, func() error {
		var zone string
		err := rows.Scan(&zone)
		out = append(out, zone)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the zones of subscriptions: %w", err)
	}
	slices.Sort(out)
	return out, nil
}

// Size counts what a restore would replace that people asked for.
type Size struct{ Subscriptions, Settings, Runs int }

// Size returns how much there is.
func (s *Store) Size(ctx context.Context) (Size, error) {
	var n Size
	err := s.read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM subscription), (SELECT COUNT(*) FROM setting), (SELECT COUNT(*) FROM run)`).
		Scan(&n.Subscriptions, &n.Settings, &n.Runs)
	if err != nil {
		return Size{}, fmt.Errorf("count what there is: %w", err)
	}
	return n, nil
}

// Overdue returns since when a digest on the platforms is due that nobody has
// planned, the zero time when there is none.
func (s *Store) Overdue(ctx context.Context, platforms []commands.Platform, now time.Time) (time.Time, error) {
	in, args := list(platforms)
	var at int64
	err := s.read.QueryRowContext(ctx, `SELECT COALESCE(MIN(plan_at), 0) FROM subscription
		WHERE paused = 0 AND stopped = '' AND open_run = '' AND plan_at <= ? AND platform IN `+in, append([]any{micro(now)}, args...)...).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read what is due: %w", err)
	}
	return instant(at), nil
}
