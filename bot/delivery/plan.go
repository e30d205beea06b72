package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/bot/schedule"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

const (
	pageSize  = 20000 // subscriptions read at once
	chunkSize = 5000  // plans kept in one transaction, short enough for other writers
)

// plan turns every due subscription into deliveries, place by place.
func (s *Service) plan(ctx context.Context) error {
	p := &pass{s: s, now: s.Now(), timings: map[timingKey]timing{}, runs: map[string]*content{}, until: map[string]time.Time{}}
	var behind commands.Destination
	for {
		due, err := s.Store.Due(ctx, s.platforms, p.now, behind, pageSize)
		if err != nil {
			return err
		}
		full := len(due) == pageSize
		if full { // the last place may go on behind the page
			cut := len(due)
			for cut > 0 && due[cut-1].To == due[len(due)-1].To {
				cut--
			}
			if cut > 0 {
				due = due[:cut]
			}
		}
		for len(due) > 0 {
			n := 1
			for n < len(due) && due[n].To == due[0].To {
				n++
			}
			behind = due[0].To
			p.place(ctx, due[:n])
			due = due[n:]
			if len(p.plans) >= chunkSize {
				if err := p.keep(ctx); err != nil {
					return err
				}
			}
		}
		if err := p.keep(ctx); err != nil {
			return err
		}
		if !full || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// pass is one look of the planner.
type pass struct {
	s       *Service
	now     time.Time
	timings map[timingKey]timing
	runs    map[string]*content
	plans   []store.Plan
	until   map[string]time.Time // subscriptions to look at again later
}

func (p *pass) keep(ctx context.Context) error {
	if len(p.until) > 0 {
		if err := p.s.Store.Postpone(ctx, p.until); err != nil {
			return err
		}
		clear(p.until)
	}
	if len(p.plans) == 0 {
		return nil
	}
	p.s.at("rendered")
	if err := p.s.Store.AddPlans(ctx, p.plans, p.now); err != nil {
		return err
	}
	p.s.at("planned")
	p.s.Log.Info("digests planned", "places", len(p.plans))
	p.plans = p.plans[:0]
	for _, platform := range p.s.platforms {
		nudge(p.s.kick[platform])
	}
	return nil
}

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

func (p *pass) timing(sub commands.Subscription) timing {
	key := timingKey{sub.Schedule, sub.Zone, sub.QuietHours, sub.Next.UnixMicro()}
	t, ok := p.timings[key]
	if !ok {
		t = timeOf(sub, p.now, p.s.Deadline)
		p.timings[key] = t
	}
	return t
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

// place plans the due subscriptions of one destination.
func (p *pass) place(ctx context.Context, subs []commands.Subscription) {
	type same struct {
		lang briefings.Lang
		zone string
		slot int64
	}
	var order []same
	groups := map[same][]commands.Subscription{}
	for _, sub := range subs {
		t := p.timing(sub)
		switch {
		case t.err != nil:
			p.s.Log.Error("schedule of a subscription not read", "subscription", sub.ID, "err", t.err)
			p.until[sub.ID] = p.now.Add(time.Hour)
		case t.late > p.s.Deadline:
			p.s.Log.Warn("digest too late, skipped", "subscription", sub.ID, "slot", t.name, "zone", sub.Zone, "late", t.late.Round(time.Second))
			p.skip(ctx, sub, t)
		case !t.wait.IsZero():
			p.until[sub.ID] = t.wait
		default:
			k := same{sub.Lang, sub.Zone, t.slot.UnixMicro()}
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], sub)
		}
	}
	for _, k := range order {
		p.merged(ctx, groups[k])
	}
}

// skip notes that a run was too late; its window stays open for the next one.
func (p *pass) skip(ctx context.Context, sub commands.Subscription, t timing) {
	key := strings.Join([]string{"late", t.name, sub.Zone, string(sub.Lang)}, "|")
	c := p.runs[key]
	if c == nil {
		c = &content{run: newRun(key, t.name, sub.Zone, sub.Lang, t.slot)}
		if err := p.s.Store.AddRun(ctx, c.run, p.now); err != nil {
			p.s.Log.Error("late run not kept", "err", err)
			return
		}
		p.runs[key] = c
	}
	p.plans = append(p.plans, store.Plan{
		Run: c.run.ID, To: sub.To, Kind: kindOf(sub), Subs: []store.Step{step(sub, t)}, Expires: p.now,
		Skip: fmt.Sprintf("%s late, more than the deadline of %s", t.late.Round(time.Second), p.s.Deadline),
	})
}

func step(sub commands.Subscription, t timing) store.Step {
	return store.Step{ID: sub.ID, Due: sub.Next, Next: t.next, PlanAt: t.planAt}
}

// merged plans what one place is due at one slot in one language: one message.
func (p *pass) merged(ctx context.Context, subs []commands.Subscription) {
	t := p.timing(subs[0])
	w := wishOf(subs, t.slot)
	key := w.key(t.name)
	c := p.runs[key]
	if c == nil {
		c = &content{run: newRun(key, t.name, subs[0].Zone, subs[0].Lang, t.slot), wish: w}
		c.err = p.s.Store.AddRun(ctx, c.run, p.now)
		p.s.at("run added")
		p.runs[key] = c
	}
	plan := store.Plan{Run: c.run.ID, To: subs[0].To, Kind: kindOf(subs[0]), Expires: p.now.Add(p.s.Deadline)}
	for _, sub := range subs {
		plan.Subs = append(plan.Subs, step(sub, p.timing(sub)))
	}
	if p.s.fill(ctx, c, &plan, subs[0], p.now) {
		p.plans = append(p.plans, plan)
	}
}

// newRun names a run by its key.
func newRun(key, slot, zone string, lang briefings.Lang, end time.Time) store.Run {
	sum := sha256.Sum256([]byte(key))
	return store.Run{ID: hex.EncodeToString(sum[:10]), Key: key, Slot: slot, Zone: zone, Lang: string(lang), End: end}
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

// wishOf merges subscriptions of one place. A topic in several of them was
// last told when the latest of them was.
func wishOf(subs []commands.Subscription, slot time.Time) wish {
	w := wish{lang: subs[0].Lang, zone: subs[0].Zone, whenQuiet: "skip", to: slot}
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
