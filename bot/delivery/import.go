package delivery

import (
	"context"

	"griot/bot/schedule"
	"griot/bot/store"
	"griot/commands"
)

// Import makes the database have these subscriptions, all or none, beside those
// it has. New ones start from now; those that are there run on. A running
// process plans them within its next look.
func (s *Service) Import(ctx context.Context, subs []commands.Subscription) (store.Imported, error) {
	now := s.Now()
	type times struct{ schedule, zone, quiet string }
	known := map[times]store.Wanted{} // many are due at the same times
	wanted := make([]store.Wanted, 0, len(subs))
	for _, sub := range subs {
		key := times{string(sub.Schedule), sub.Zone, sub.QuietHours}
		w, ok := known[key]
		if !ok {
			checked, err := s.Check(sub, now)
			if err != nil {
				return store.Imported{}, err
			}
			quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
			if err != nil {
				return store.Imported{}, err
			}
			w = store.Wanted{Subscription: checked, PlanAt: quiet.End}
			known[key] = w
		}
		next := w.Next
		w.Subscription, w.Subscription.Next = sub, next
		wanted = append(wanted, w)
	}
	done, err := s.Store.Import(ctx, wanted, now)
	if err == nil {
		s.Wake()
	}
	return done, err
}
