package store

import (
	"context"
	"fmt"
	"slices"
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
