package delivery

import (
	"context"
	"errors"
	"time"

	"griot/bot/schedule"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// Edit changes a subscription in its place. While its schedule and zone stay,
// what is due stays due; else the next time of the new schedule brings it: its
// window begins where the last one ended either way.
func (s *Service) Edit(ctx context.Context, to commands.Destination, id string, change func(commands.Subscription) (commands.Subscription, error)) (commands.Subscription, bool, error) {
	out, ok, err := s.Store.EditSubscription(ctx, to, id, func(old commands.Subscription) (commands.Subscription, time.Time, error) {
		sub, err := change(old)
		if err != nil {
			return old, time.Time{}, err
		}
		if sub, err = s.Check(sub, s.Now()); err != nil {
			return old, time.Time{}, err
		}
		if sub.Schedule == old.Schedule && sub.Zone == old.Zone {
			sub.Next = old.Next
		}
		quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
		return sub, quiet.End(sub.Next), err
	})
	if twin, is := errors.AsType[*store.SameError](err); is {
		return out, ok, &commands.UserError{
			Err: err,
			Say: briefings.Text{
				EN: "This place has another digest that is just like that, so nothing was changed; one is enough. /digest list shows both.",
				FR: "Ce lieu a un autre envoi exactement comme cela, rien n’a donc été changé\u00a0; un seul suffit. /digest list montre les deux.",
			},
			Try: []string{"/digest stop id:" + id, "/digest edit id:" + twin.ID, "/digest list"},
			Labels: []briefings.Text{
				{EN: "Stop this one", FR: "Arrêter celui-ci"}, {EN: "Edit the other", FR: "Modifier l’autre"}, {EN: "All digests", FR: "Tous les envois"},
			},
		}
	}
	if errors.Is(err, store.ErrBusy) {
		return out, ok, &commands.UserError{Err: err, Say: briefings.Text{
			EN: "This digest is just being sent. Move it when it has arrived, in a minute.",
			FR: "Cet envoi est justement en route. Déplacez-le quand il sera arrivé, dans une minute.",
		}, Try: []string{"/digest edit id:" + id}}
	}
	if err == nil && ok {
		s.Wake()
	}
	return out, ok, err
}
