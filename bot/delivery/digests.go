package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"griot/bot/schedule"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// Check completes and verifies a subscription without storing it.
func (s *Service) Check(sub commands.Subscription, now time.Time) (commands.Subscription, error) {
	sched, err := schedule.Parse(sub.Schedule, sub.Zone)
	if err != nil {
		return sub, err
	}
	quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
	if err != nil {
		return sub, err
	}
	if len(sub.Topics) == 0 {
		return sub, &commands.UserError{Say: briefings.Text{
			EN: "A digest needs at least one topic. Name one, or see them all with /help.",
			FR: "Un envoi a besoin d’au moins un dossier. Nommez-en un, ou voyez-les tous avec /help.",
		}}
	}
	sub.Schedule, sub.Zone, sub.QuietHours = sched.Text(), sched.Location().String(), quiet.String()
	if sub.Lang != briefings.FR {
		sub.Lang = briefings.EN
	}
	if sub.WhenQuiet != "brief" {
		sub.WhenQuiet = "skip"
	}
	if sub.Created.IsZero() {
		sub.Created = now
	}
	sub.Next = sched.Next(now)
	return sub, nil
}

// Subscribe stores s, which Check has passed.
func (s *Service) Subscribe(ctx context.Context, sub commands.Subscription) (commands.Subscription, bool, error) {
	sub, err := s.Check(sub, s.Now())
	if err != nil {
		return sub, false, err
	}
	quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
	if err != nil {
		return sub, false, err
	}
	stored, replaced, err := s.Store.AddSubscription(ctx, sub, quiet.End(sub.Next))
	if err == nil {
		s.Wake()
	}
	return stored, replaced, err
}

// List returns the destination's subscriptions, oldest first.
func (s *Service) List(ctx context.Context, to commands.Destination) ([]commands.Subscription, error) {
	return s.Store.Subscriptions(ctx, to)
}

// Elsewhere returns the subscriptions of the other threads of the destination's
// chat, and of the chat itself, oldest first.
func (s *Service) Elsewhere(ctx context.Context, to commands.Destination) ([]commands.Subscription, error) {
	return s.Store.Elsewhere(ctx, to)
}

// Stop ends a subscription for good; false when the destination has no such one.
func (s *Service) Stop(ctx context.Context, to commands.Destination, id string) (bool, error) {
	return s.Store.StopSubscription(ctx, to, id)
}

// Pause holds a subscription, or resumes it from now on.
func (s *Service) Pause(ctx context.Context, to commands.Destination, id string, paused bool) (bool, error) {
	if paused {
		return s.Store.PauseSubscription(ctx, to, id)
	}
	sub, err := s.find(ctx, to, id)
	if err != nil {
		if errors.Is(err, errNoSuch) {
			return false, nil
		}
		return false, err
	}
	if !sub.Paused && sub.Stopped == "" {
		return true, nil
	}
	now := s.Now()
	sched, err := schedule.Parse(sub.Schedule, sub.Zone)
	if err != nil {
		return false, err
	}
	quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
	if err != nil {
		return false, err
	}
	next := sched.Next(now)
	defer s.Wake()
	return s.Store.ResumeSubscription(ctx, to, id, next, quiet.End(next), now)
}

// errNoSuch says that a destination has no such subscription.
var errNoSuch = errors.New("no such subscription")

func (s *Service) find(ctx context.Context, to commands.Destination, id string) (commands.Subscription, error) {
	list, err := s.Store.Subscriptions(ctx, to)
	if err != nil {
		return commands.Subscription{}, err
	}
	i := slices.IndexFunc(list, func(sub commands.Subscription) bool { return sub.ID == id })
	if i < 0 {
		return commands.Subscription{}, errNoSuch
	}
	return list[i], nil
}

// SendNow plans a run of the subscription at once, through the ledger. Quiet
// hours do not hold what somebody asks for, and nothing new is said in a line.
func (s *Service) SendNow(ctx context.Context, to commands.Destination, id string) error {
	sub, err := s.find(ctx, to, id)
	if errors.Is(err, errNoSuch) {
		return &commands.UserError{Err: err, Say: briefings.Text{
			EN: "This place has no such digest. See its digests with /digest list.",
			FR: "Ce lieu n’a pas cet envoi. Voyez ses envois avec /digest list.",
		}, Try: []string{"/digest list"}}
	} else if err != nil {
		return err
	}
	if sub.Paused || sub.Stopped != "" {
		return &commands.UserError{
			Say: briefings.Text{EN: "This digest is paused. Resume it first.", FR: "Cet envoi est suspendu. Reprenez-le d’abord."},
			Try: []string{"/digest resume id:" + id}, Labels: []briefings.Text{{EN: "Resume", FR: "Reprendre"}},
		}
	}
	if s.Adapters[to.Platform] == nil {
		return fmt.Errorf("send a digest now: no adapter for %s", to.Platform)
	}
	quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
	if err != nil {
		return err
	}
	sched, err := schedule.Parse(sub.Schedule, sub.Zone)
	if err != nil {
		return err
	}
	now := s.Now()
	w := wishOf([]commands.Subscription{sub}, sub.Zone, now)
	w.whenQuiet = "brief"
	c := &content{run: newRun("now|"+sub.ID+"|"+w.key(sched.Slot(now)), sched.Slot(now), sub.Zone, sub.Lang, now), wish: w}
	if err := s.Store.AddRun(ctx, c.run, now); err != nil {
		return err
	}
	plan := store.Plan{
		Run: c.run.ID, To: to, Kind: kindOf(sub), Urgent: true, Expires: now.Add(s.Deadline),
		Subs: []store.Step{{ID: sub.ID, Due: sub.Next, Next: sub.Next, PlanAt: quiet.End(sub.Next), Last: sub.Last}},
	}
	if !s.fill(ctx, c, &plan, sub, now) {
		return fmt.Errorf("send a digest now: %w", c.err)
	}
	if err := s.Store.AddPlans(ctx, []store.Plan{plan}, now); err != nil {
		return err
	}
	nudge(s.kick[to.Platform])
	return nil
}
