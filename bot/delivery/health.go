package delivery

import (
	"context"
	"fmt"
	"time"
)

// tooLate is how long the planner may not have looked, and how long a slot may
// have no deliveries, before a person must see to it. It looks every 15 seconds.
const tooLate = 2 * time.Minute

// Looked is when the planner last looked at all that is due.
func (s *Service) Looked() time.Time { return time.UnixMicro(s.looked.Load()) }

// Overdue is since when the oldest digest on the platforms of this process is
// due that has not been planned; zero when there is none.
func (s *Service) Overdue(ctx context.Context) (time.Time, error) {
	if len(s.platforms) == 0 {
		return time.Time{}, nil
	}
	return s.Store.Overdue(ctx, s.platforms, s.Now())
}

// Ready returns nil when the last slot that was due has its deliveries. That
// the process is there says little: it may plan nothing. Deliveries that wait
// for a limit, for an operator's hold or for a platform in trouble are no fault.
func (s *Service) Ready(ctx context.Context) error {
	now := s.Now()
	due, err := s.Overdue(ctx)
	ago := now.Sub(s.Looked())
	switch {
	case err != nil:
		return err
	case !due.IsZero() && now.Sub(due) > tooLate:
		return fmt.Errorf("a digest is due for %s and not planned", now.Sub(due).Round(time.Second))
	case ago > tooLate:
		return fmt.Errorf("the planner has not looked for %s", ago.Round(time.Second))
	}
	return nil
}
