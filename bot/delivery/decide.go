package delivery

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/bot/schedule"
	"griot/briefings"
	"griot/commands"
)

type timingKey struct {
	schedule    commands.Schedule
	zone, quiet string
	due         int64
}

// timing is what a due slot means now.
type timing struct {
	slot         time.Time // the latest slot not after now: earlier ones are merged into it
	name         string    // local date and time of it
	next, planAt time.Time
	late         time.Duration // behind the time it could have been sent
	wait         time.Time     // set when now is in the quiet hours
	err          error
}

func timeOf(sub commands.Subscription, now time.Time, deadline time.Duration) timing {
	sched, err := schedule.Parse(sub.Schedule, sub.Zone)
	if err != nil {
		return timing{err: err}
	}
	quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone)
	if err != nil {
		return timing{err: err}
	}
	slot := sub.Next
	// Slots far beyond the deadline need no stepping through.
	if old := now.Add(-deadline - 24*time.Hour); slot.Before(old) {
		if n := sched.Next(old); !n.IsZero() && !n.After(now) {
			slot = n
		}
	}
	next := sched.Next(slot)
	for !next.IsZero() && !next.After(now) {
		slot, next = next, sched.Next(next)
	}
	if next.IsZero() { // never again: far away is as good
		next = now.AddDate(100, 0, 0)
	}
	t := timing{slot: slot, name: sched.Slot(slot), next: next, planAt: quiet.End(next), late: now.Sub(quiet.End(slot))}
	if end := quiet.End(now); end.After(now) {
		t.wait = end
	}
	return t
}

// decision is what the planner does with the due subscriptions of one place.
type decision struct {
	unread  []commands.Subscription   // those whose schedule cannot be read
	late    []commands.Subscription   // those behind the deadline: skipped, and said so
	waiting []commands.Subscription   // those in their quiet hours
	groups  [][]commands.Subscription // those that become one message each
}

// decide sorts the due subscriptions of one place. What is due in one language
// is merged, whatever their hours: after an outage nobody gets a heap of
// messages. It is pure: the planner and the plan that people read ask the same.
func decide(subs []commands.Subscription, timing func(commands.Subscription) timing, deadline time.Duration) decision {
	var d decision
	at := map[briefings.Lang]int{}
	for _, sub := range subs {
		t := timing(sub)
		switch {
		case t.err != nil:
			d.unread = append(d.unread, sub)
		case t.late > deadline:
			d.late = append(d.late, sub)
		case !t.wait.IsZero():
			d.waiting = append(d.waiting, sub)
		default:
			i, ok := at[sub.Lang]
			if !ok {
				i, at[sub.Lang] = len(d.groups), len(d.groups)
				d.groups = append(d.groups, nil)
			}
			d.groups[i] = append(d.groups[i], sub)
		}
	}
	return d
}

// latest is the subscription of a group whose slot its message is of: all are
// told what there is until then.
func latest(group []commands.Subscription, of func(commands.Subscription) timing) (commands.Subscription, timing) {
	head, t := group[0], of(group[0])
	for _, sub := range group[1:] {
		if own := of(sub); own.slot.After(t.slot) {
			head, t = sub, own
		}
	}
	return head, t
}

// wish is what a group of places wants told.
type wish struct {
	lang      briefings.Lang
	zone      string
	textOnly  bool
	whenQuiet string
	asks      []ask
	to        time.Time
}

// ask is a window and the topics it is for.
type ask struct {
	from   time.Time
	topics []string
}

// wishOf merges subscriptions of one place, in a zone. A topic in several of
// them was last told when the latest of them was.
func wishOf(subs []commands.Subscription, zone string, slot time.Time) wish {
	w := wish{lang: subs[0].Lang, zone: zone, whenQuiet: "skip", to: slot}
	from, order := map[string]time.Time{}, []string(nil)
	for _, sub := range subs {
		w.textOnly = w.textOnly || sub.TextOnly
		if sub.WhenQuiet == "brief" {
			w.whenQuiet = "brief"
		}
		for _, topic := range sub.Topics {
			last, ok := from[topic]
			if !ok {
				order = append(order, topic)
			}
			from[topic] = later(last, sub.Last)
		}
	}
	for _, topic := range order {
		i := slices.IndexFunc(w.asks, func(a ask) bool { return a.from.Equal(from[topic]) })
		if i < 0 {
			i, w.asks = len(w.asks), append(w.asks, ask{from: from[topic]})
		}
		w.asks[i].topics = append(w.asks[i].topics, topic)
	}
	return w
}

// topics are those of all asks, in the order they are told.
func (w wish) topics() []string {
	var out []string
	for _, a := range w.asks {
		out = append(out, a.topics...)
	}
	return out
}

// key names the group a wish belongs to, at a slot.
func (w wish) key(slot string) string {
	var key strings.Builder
	fmt.Fprintf(&key, "%s|%s|%s|%t|%s|%d", slot, w.zone, w.lang, w.textOnly, w.whenQuiet, w.to.UnixMicro())
	for _, a := range w.asks {
		from := int64(0)
		if !a.from.IsZero() {
			from = a.from.UnixMicro()
		}
		fmt.Fprintf(&key, "|%d:%s", from, strings.Join(a.topics, ";"))
	}
	return key.String()
}
