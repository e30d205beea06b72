package delivery

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
	"strings"
	"time"

	"griot/bot/schedule"
	"griot/briefings"
	"griot/commands"
)

// Coming is one message that a place will be sent, if nothing comes between.
type Coming struct {
	At     time.Time     // when it goes, UTC
	Slot   time.Time     // when its schedule has it
	Late   time.Duration // what of the time between is no quiet hours: it is caught up
	Shift  schedule.Shift
	To     commands.Destination
	Zone   string
	Lang   briefings.Lang
	Topics []string // merged, in the order they are told
	// Parts is how many messages today's content makes of it. What is not known
	// yet counts as one message, although a quiet day may send none. 0 is never
	// any, for the reason Why.
	Parts int
	Why   string
}

// lead is how long before a span its sends may be due: quiet hours hold them
// for less than a day and a clock change.
const lead = 48 * time.Hour

// Coming tells each message that the planner will plan in the half-open span
// [from, to), in the order of time and then of places. A zero from is now:
// what waits or is late by now is taken up as the planner would. Any other from
// is taken as if the schedules had always run. Nothing is kept; an error of
// tell ends it.
func (s *Service) Coming(ctx context.Context, from, to time.Time, tell func(Coming) error) error {
	subs, err := s.Store.All(ctx)
	if err != nil {
		return err
	}
	subs = slices.DeleteFunc(subs, func(sub commands.Subscription) bool { return sub.Paused || sub.Stopped != "" })
	f := &forecast{
		pass: pass{s: s, timings: map[timingKey]timing{}}, from: from, afresh: !from.IsZero(), today: s.Now(),
		estimates: map[string]estimate{}, starts: map[timingKey]start{}, shifts: map[timingKey]schedule.Shift{},
	}
	if !f.afresh {
		f.from = f.today
	}
	f.settle(subs)
	for len(f.places) > 0 && f.places[0].at.Before(to) {
		if err := f.step(ctx, tell); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// forecast plays the planner over subscriptions that it alone moves on.
type forecast struct {
	pass
	from      time.Time
	afresh    bool
	today     time.Time // what is known of the content is from then
	places    places
	estimates map[string]estimate
	starts    map[timingKey]start
	shifts    map[timingKey]schedule.Shift
}

// due is a subscription and when the planner looks at it next.
type due struct {
	commands.Subscription
	planAt time.Time
	first  time.Time // its real next slot: slots before it are none of its history
}

// place is a destination and when the planner looks at it next.
type place struct {
	subs []due
	at   time.Time
}

// settle puts the subscriptions where the forecast starts.
func (f *forecast) settle(subs []commands.Subscription) {
	slices.SortStableFunc(subs, func(a, b commands.Subscription) int { return compareTo(a.To, b.To) })
	for _, sub := range subs {
		d := due{Subscription: sub, first: sub.Next}
		key := timingKey{sub.Schedule, sub.Zone, sub.QuietHours, sub.Next.UnixMicro()}
		st, ok := f.starts[key]
		if !ok {
			st = f.start(sub)
			f.starts[key] = st
		}
		d.Next, d.planAt = st.next, st.planAt
		if n := len(f.places); n > 0 && f.places[n-1].subs[0].To == sub.To {
			f.places[n-1].subs = append(f.places[n-1].subs, d)
		} else {
			f.places = append(f.places, &place{subs: []due{d}})
		}
	}
	for _, p := range f.places {
		p.next()
	}
	heap.Init(&f.places)
}

type start struct{ next, planAt time.Time }

// start is where a subscription stands at first: where it really does, or where
// it would after its schedule had run until then.
func (f *forecast) start(sub commands.Subscription) start {
	st := start{next: sub.Next}
	sched, err := schedule.Parse(sub.Schedule, sub.Zone)
	if err == nil && f.afresh {
		st.next = sched.Next(f.from.Add(-lead))
	}
	st.planAt = st.next
	if quiet, err := schedule.ParseQuiet(sub.QuietHours, sub.Zone); err == nil {
		st.planAt = quiet.End(st.next)
	}
	if !f.afresh {
		st.planAt = later(st.planAt, f.today)
	}
	return st
}

// step plays the planner's look at the next place.
func (f *forecast) step(ctx context.Context, tell func(Coming) error) error {
	p := f.places[0]
	if !f.now.Equal(p.at) {
		f.now = p.at
		clear(f.timings)
		clear(f.shifts)
	}
	var looked []commands.Subscription
	at := map[string]*due{}
	for i := range p.subs {
		if d := &p.subs[i]; !d.planAt.After(f.now) {
			looked, at[d.ID] = append(looked, d.Subscription), d
		}
	}
	chosen := decide(looked, f.timing, f.s.Deadline)
	for _, sub := range chosen.unread {
		f.s.Log.Warn("schedule of a subscription not read, left out", "subscription", sub.ID, "err", f.timing(sub).err)
		at[sub.ID].planAt = never
	}
	for _, sub := range chosen.waiting {
		at[sub.ID].planAt = f.timing(sub).wait
	}
	for _, sub := range chosen.late {
		at[sub.ID].moveOn(f.timing(sub))
	}
	for _, group := range chosen.groups {
		if err := f.tell(ctx, group, tell); err != nil {
			return err
		}
		_, last := latest(group, f.timing)
		for _, sub := range group {
			d, t := at[sub.ID], f.timing(sub)
			d.moveOn(t)
			if !t.slot.Before(d.first) || !f.now.Before(f.from) {
				d.Last = last.slot
			}
		}
	}
	p.next()
	heap.Fix(&f.places, 0)
	return nil
}

func (d *due) moveOn(t timing) { d.Next, d.planAt = t.next, t.planAt }

// tell tells of what a place is sent for a group, if it lies in the span.
func (f *forecast) tell(ctx context.Context, group []commands.Subscription, tell func(Coming) error) error {
	if f.now.Before(f.from) {
		return nil
	}
	head, t := latest(group, f.timing)
	w := wishOf(group, head.Zone, t.slot)
	e, err := f.estimate(ctx, head, w)
	if err != nil {
		return err
	}
	c := Coming{
		At: f.now.UTC(), Slot: t.slot, Late: max(t.late, 0), To: head.To, Zone: head.Zone, Lang: head.Lang,
		Topics: w.topics(), Parts: e.parts, Why: e.why,
	}
	for _, sub := range group {
		c.Shift = cmp.Or(c.Shift, f.shift(sub, f.timing(sub).slot))
	}
	if f.s.First > 0 && c.To != f.s.Editors {
		c.At = c.At.Add(f.s.First) // editors are first
	}
	return tell(c)
}

func (f *forecast) shift(sub commands.Subscription, slot time.Time) schedule.Shift {
	key := timingKey{sub.Schedule, sub.Zone, "", slot.UnixMicro()}
	shift, ok := f.shifts[key]
	if !ok {
		if sched, err := schedule.Parse(sub.Schedule, sub.Zone); err == nil {
			shift = sched.Shift(slot)
		}
		f.shifts[key] = shift
	}
	return shift
}

// never is beyond every span.
var never = time.Unix(1<<40, 0)

// next is the first time one of the place's subscriptions is looked at.
func (p *place) next() {
	p.at = p.subs[0].planAt
	for _, d := range p.subs[1:] {
		if d.planAt.Before(p.at) {
			p.at = d.planAt
		}
	}
}

// places is a heap by time, then by destination.
type places []*place

func (p places) Len() int { return len(p) }
func (p places) Less(i, j int) bool {
	return cmp.Or(p[i].at.Compare(p[j].at), compareTo(p[i].subs[0].To, p[j].subs[0].To)) < 0
}
func (p places) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *places) Push(x any)   { *p = append(*p, x.(*place)) }
func (p *places) Pop() any     { return nil } // none ever leaves

func compareTo(a, b commands.Destination) int {
	return cmp.Or(strings.Compare(string(a.Platform), string(b.Platform)), strings.Compare(a.Chat, b.Chat), strings.Compare(a.Thread, b.Thread))
}
