package store

import (
	"context"
	"fmt"
)

// States counts the deliveries in each state.
func (s *Store) States(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	rows, err := s.read.QueryContext(ctx, `SELECT state, COUNT(*) FROM delivery GROUP BY state`)
	err = each(rows, err, func() error {
		var state string
		var n int
		err := rows.Scan(&state, &n)
		out[state] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	return out, nil
}
