package delivery

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/bot/schedule"
	"griot/bot/store"
	"griot/commands"
)

// looked is how many runs of a place are looked through for those of one of
// its subscriptions.
const looked = 100

// What the ledger says of deliveries that were skipped or wait, as it begins or
// stands within.
const (
	saysQuiet   = "nothing new"
	saysHours   = "quiet hours"
	saysLate    = "more than the deadline"
	saysStopped = "stopped or paused"
	saysRight   = "the bot needs the right "
)

// History tells what became of the newest digests of a subscription, and the
// next ones to come.
func (s *Service) History(ctx context.Context, to commands.Destination, id string, limit int) (past, next []commands.Sending, err error) {
	list, err := s.Store.Subscriptions(ctx, to)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(list, func(sub commands.Subscription) bool { return sub.ID == id })
	if i < 0 {
		return nil, nil, errNoSuch
	}
	sub := list[i]
	runs, err := s.Store.History(ctx, to, looked)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range runs {
		if len(past) < limit && (len(list) == 1 || concerns(r.Key, sub)) {
			past = append(past, s.sending(r, sub))
		}
	}
	if sub.Paused || sub.Stopped != "" {
		return past, nil, nil
	}
	next, err = coming(sub, s.Now(), s.Deadline, limit)
	return past, next, err
}

// concerns reports whether a run told of a subscription's topics, or was asked
// for with it; see [wish.key] for the form of a key.
func concerns(key string, sub commands.Subscription) bool {
	fields := strings.Split(key, "|")
	switch fields[0] {
	case "now":
		return len(fields) > 1 && fields[1] == sub.ID
	case "late":
		return len(fields) > 3 && fields[2] == sub.Zone && fields[3] == string(sub.Lang)
	}
	return slices.ContainsFunc(fields, func(f string) bool {
		_, topics, asks := strings.Cut(f, ":")
		return asks && slices.ContainsFunc(strings.Split(topics, ";"), func(t string) bool { return slices.Contains(sub.Topics, t) })
	})
}

// coming lists the next times of a subscription, and when quiet hours let them go.
func coming(sub commands.Subscription, now time.Time, deadline time.Duration, limit int) ([]commands.Sending, error) {
	sched, err := schedule.Parse(sub.Schedule, sub.Zone)
	if err != nil {
		return nil, err
	}
	quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
	if err != nil {
		return nil, err
	}
	var out []commands.Sending
	add := func(slot, when time.Time) {
		o := commands.Sending{Slot: slot, When: quiet.End(when), State: commands.SendComing}
		if o.When.After(when) {
			o.Cause = commands.CauseQuietHours
		}
		out = append(out, o)
	}
	at := sub.Next
	if !at.After(now) { // what was missed comes merged, unless it is too late
		t := timeOf(sub, now, deadline)
		if at = t.next; t.late <= deadline {
			add(t.slot, now)
		}
	}
	for ; len(out) < limit && !at.IsZero(); at = sched.Next(at) {
		add(at, at)
	}
	return out, nil
}

// sending sums up what became of the parts of a run.
func (s *Service) sending(r store.PastRun, sub commands.Subscription) commands.Sending {
	out := commands.Sending{Slot: r.End, Parts: len(r.Parts), Asked: strings.HasPrefix(r.Key, "now|")}
	var open, doubt, failed *store.PastPart
	for i := range r.Parts {
		p := &r.Parts[i]
		switch p.State {
		case store.Sent:
			out.Arrived++
			out.When, out.InChat = later(out.When, p.Changed), out.InChat || p.InChat
			if link := s.link(sub, p); link != "" {
				out.Links = append(out.Links, link)
			}
		case store.Unknown:
			doubt = cmp.Or(doubt, p)
		case store.Skipped, store.Dead, store.Expired:
			failed = cmp.Or(failed, p)
		default:
			open = cmp.Or(open, p)
		}
	}
	switch {
	case open != nil:
		out.State, out.When, out.Cause = commands.SendComing, open.NotBefore, waits(open)
	case doubt != nil:
		out.State, out.When = commands.SendDoubt, doubt.Changed
	case failed == nil:
		out.State = commands.SendArrived
	default:
		out.State, out.Cause = fails(failed)
		if out.When = failed.Changed; out.Arrived > 0 {
			out.State = commands.SendPartly
		}
		if failed.State == store.Skipped && out.Arrived == 0 {
			out.Parts = 0 // none was made
		}
	}
	return out
}

// link is the address of a message that arrived, or "".
func (s *Service) link(sub commands.Subscription, p *store.PastPart) string {
	l, ok := s.Adapters[sub.To.Platform].(adapter.Linker)
	if !ok || p.Ref == "" {
		return ""
	}
	place := commands.Place{Destination: sub.To, Private: isPrivate(sub), Guild: sub.Guild}
	if p.InChat {
		place.Thread = ""
	}
	return l.Link(place, p.Ref)
}

// waits says why a part is not sent yet, as a code.
func waits(p *store.PastPart) string {
	if p.State == store.Retry && strings.HasPrefix(p.Err, saysHours) {
		return commands.CauseQuietHours
	}
	if p.Refusals > 0 {
		return causeOf(p.Err)
	}
	return ""
}

// fails says how a part that never arrives ended, and why.
func fails(p *store.PastPart) (commands.SendState, string) {
	switch {
	case p.State == store.Expired, strings.Contains(p.Err, saysLate):
		return commands.SendLate, causeOf(p.Err)
	case p.State == store.Skipped && strings.HasPrefix(p.Err, saysQuiet):
		return commands.SendQuiet, ""
	case p.State == store.Skipped && strings.HasPrefix(p.Err, saysStopped):
		return commands.SendHeld, ""
	case p.State == store.Dead && causeOf(p.Err) != "":
		return commands.SendRefused, causeOf(p.Err)
	}
	return commands.SendFault, ""
}

// causeOf reads from an error as the ledger keeps it why a place does not take
// a message; "" when it does not say so.
func causeOf(text string) string {
	if _, right, ok := strings.Cut(text, saysRight); ok {
		right, _, _ = strings.Cut(right, ":")
		return commands.StopForbidden + ":" + right
	}
	for _, is := range []struct {
		err  error
		code string
	}{{adapter.ErrForbidden, commands.StopForbidden}, {adapter.ErrThread, commands.StopThread}, {adapter.ErrGone, commands.StopGone}} {
		if strings.Contains(text, is.err.Error()) {
			return is.code
		}
	}
	return ""
}
