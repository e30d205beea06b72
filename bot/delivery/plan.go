package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

const (
	pageSize  = 10000 // subscriptions read at once
	chunkSize = 5000  // plans kept in one transaction, short enough for other writers
)

// plan turns every due subscription into deliveries, place by place. The next
// page is read while one is planned.
func (s *Service) plan(ctx context.Context) error {
	p := &pass{s: s, now: s.Now(), timings: map[timingKey]timing{}, runs: map[string]*content{}, until: map[string]time.Time{}, places: map[string]int{}}
	next := s.due(ctx, p.now, commands.Destination{})
	for next != nil {
		due := <-next
		next = nil
		if due.err != nil {
			return due.err
		}
		if due.more {
			next = s.due(ctx, p.now, due.subs[len(due.subs)-1].To)
		}
		if err := p.page(ctx, due.subs); err != nil {
			if next != nil {
				<-next
			}
			return err
		}
	}
	return ctx.Err()
}

// duePage is a part of what is due, no place of it in two.
type duePage struct {
	subs []commands.Subscription
	more bool // there may be others behind them
	err  error
}

// due reads what is due behind a place. One page comes of the channel.
func (s *Service) due(ctx context.Context, now time.Time, behind commands.Destination) <-chan duePage {
	out := make(chan duePage, 1)
	go func() {
		subs, err := s.Store.Due(ctx, s.platforms, now, behind, pageSize)
		more := len(subs) == pageSize
		if more { // the last place may go on behind the page
			cut := len(subs)
			for cut > 0 && subs[cut-1].To == subs[len(subs)-1].To {
				cut--
			}
			if cut > 0 {
				subs = subs[:cut]
			}
		}
		out <- duePage{subs, more, err}
	}()
	return out
}

// page plans what is due, place by place.
func (p *pass) page(ctx context.Context, due []commands.Subscription) error {
	for len(due) > 0 {
		n := 1
		for n < len(due) && due[n].To == due[0].To {
			n++
		}
		p.place(ctx, due[:n])
		due = due[n:]
		if len(p.plans) >= chunkSize || len(due) == 0 {
			if err := p.keep(ctx); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// pass is one look of the planner.
type pass struct {
	s       *Service
	now     time.Time
	timings map[timingKey]timing
	runs    map[string]*content
	plans   []store.Plan
	until   map[string]time.Time // subscriptions to look at again later
	places  map[string]int       // that each run goes to, so far
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
	if err := p.watch(ctx); err != nil { // before anything of it can go
		return err
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

func (p *pass) timing(sub commands.Subscription) timing {
	key := timingKey{sub.Schedule, sub.Zone, sub.QuietHours, sub.Next.UnixMicro()}
	t, ok := p.timings[key]
	if !ok {
		t = timeOf(sub, p.now, p.s.Deadline)
		p.timings[key] = t
	}
	return t
}

// place plans the due subscriptions of one destination.
func (p *pass) place(ctx context.Context, subs []commands.Subscription) {
	d := decide(subs, p.timing, p.s.Deadline)
	for _, sub := range d.unread {
		p.s.Log.Error("schedule of a subscription not read", "subscription", sub.ID, "err", p.timing(sub).err)
		p.until[sub.ID] = p.now.Add(time.Hour)
	}
	for _, sub := range d.late {
		t := p.timing(sub)
		p.s.Log.Warn("digest too late, skipped", "subscription", sub.ID, "slot", t.name, "zone", sub.Zone, "late", t.late.Round(time.Second))
		p.skip(ctx, sub, t)
	}
	for _, sub := range d.waiting {
		p.until[sub.ID] = p.timing(sub).wait
	}
	for _, group := range d.groups {
		p.merged(ctx, group)
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
	return store.Step{ID: sub.ID, Due: sub.Next, Next: t.next, PlanAt: t.planAt, Last: sub.Last}
}

// merged plans what one place is due in one language: one message.
func (p *pass) merged(ctx context.Context, subs []commands.Subscription) {
	head, t := latest(subs, p.timing)
	w := wishOf(subs, head.Zone, t.slot)
	key := w.key(t.name)
	c := p.runs[key]
	if c == nil {
		c = &content{run: newRun(key, t.name, head.Zone, head.Lang, t.slot), wish: w}
		c.err = p.s.Store.AddRun(ctx, c.run, p.now)
		p.s.at("run added")
		p.runs[key] = c
	}
	plan := store.Plan{Run: c.run.ID, To: subs[0].To, Kind: kindOf(subs[0]), Expires: p.now.Add(p.s.Deadline)}
	for _, sub := range subs {
		plan.Subs = append(plan.Subs, step(sub, p.timing(sub)))
	}
	if !p.s.fill(ctx, c, &plan, subs[0], p.now) {
		return
	}
	if p.s.first() > 0 && plan.Parts > 0 {
		if !p.s.forEditors(ctx, c, p.now) {
			return
		}
		if plan.To != p.s.Editors {
			plan.NotBefore = p.now.Add(p.s.first())
		}
	}
	p.plans = append(p.plans, plan)
}

// newRun names a run by its key.
func newRun(key, slot, zone string, lang briefings.Lang, end time.Time) store.Run {
	sum := sha256.Sum256([]byte(key))
	return store.Run{ID: hex.EncodeToString(sum[:10]), Key: key, Slot: slot, Zone: zone, Lang: string(lang), End: end}
}
