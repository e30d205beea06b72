package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"griot/commands"
)

// isDue is what the index subscription_due is of.
const isDue = `paused = 0 AND stopped = '' AND open_run = '' AND plan_at <= ?`

// Due returns up to limit subscriptions on the platforms to plan at now, ordered by destination,
// from behind the given one. A subscription whose last run is not finished
// waits: what it misses is merged into its next one.
func (s *Store) Due(ctx context.Context, platforms []commands.Platform, now time.Time, behind commands.Destination, limit int) ([]commands.Subscription, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM subscription WHERE `+isDue+` LIMIT ?) d`, micro(now), limit+1).Scan(&n)
	var out []commands.Subscription
	switch {
	case err != nil || n == 0:
	case n <= limit:
		out, err = s.fewDue(ctx, platforms, now, behind, limit)
	default:
		out, err = s.manyDue(ctx, platforms, now, behind, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("read due subscriptions: %w", err)
	}
	return out, nil
}

// fewDue looks at those that are due and sorts them. With platforms written so,
// SQLite does not look at all others instead, as they are in order.
func (s *Store) fewDue(ctx context.Context, platforms []commands.Platform, now time.Time, behind commands.Destination, limit int) ([]commands.Subscription, error) {
	in, args := list(platforms)
	args = slices.Concat([]any{micro(now)}, args, []any{behind.Platform, behind.Chat, behind.Thread, limit})
	return s.subscriptions(ctx, `WHERE id IN (SELECT id FROM subscription WHERE `+isDue+`) AND platform || '' IN `+in+`
		AND (platform || '', chat, thread) > (?, ?, ?) ORDER BY platform || '', chat, thread, created, id LIMIT ?`, args...)
}

// manyDue goes on in the order of destinations from where the last page ended:
// to sort all that are due for every page would cost the square of their number.
// The CASE has PostgreSQL not take them for few.
func (s *Store) manyDue(ctx context.Context, platforms []commands.Platform, now time.Time, behind commands.Destination, limit int) ([]commands.Subscription, error) {
	var out []commands.Subscription
	for _, p := range slices.Sorted(slices.Values(platforms)) {
		var chat, thread string
		switch {
		case p < behind.Platform:
			continue
		case p == behind.Platform:
			chat, thread = behind.Chat, behind.Thread
		}
		page, err := s.subscriptions(ctx, `WHERE platform = ? AND (chat, thread) > (?, ?) AND CASE WHEN `+isDue+` THEN 1 ELSE 0 END <> 0
			ORDER BY platform, chat, thread, created, id LIMIT ?`, p, chat, thread, micro(now), limit-len(out))
		if err != nil {
			return nil, err
		}
		if out = append(out, page...); len(out) >= limit {
			break
		}
	}
	return out, nil
}
