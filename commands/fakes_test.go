package commands

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

var testNow = time.Date(2026, 4, 21, 9, 30, 0, 0, time.UTC)

// fakeDigests keeps subscriptions in memory.
type fakeDigests struct {
	mu   sync.Mutex
	subs []Subscription
	made int
	sent []string
	past map[string][]Sending // by id
	next map[string][]Sending // by id, else the subscription's own
}

func (f *fakeDigests) Check(s Subscription, now time.Time) (Subscription, error) {
	if s.Zone == "" || s.Schedule == "" || len(s.Topics) == 0 {
		return s, fmt.Errorf("incomplete: %+v", s)
	}
	if s.Schedule == "cron 0 7 31 2 *" {
		return s, fmt.Errorf("checked: %w", wrong("That day never comes.", "Ce jour n’arrive jamais."))
	}
	s.Next = time.Date(2026, 4, 22, 5, 0, 0, 0, time.UTC)
	return s, nil
}

func (f *fakeDigests) Subscribe(_ context.Context, s Subscription) (Subscription, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.made++
	s.ID = fmt.Sprintf("d%d", f.made)
	f.subs = append(f.subs, s)
	return s, false, nil
}

func (f *fakeDigests) Edit(_ context.Context, to Destination, id string, change func(Subscription) (Subscription, error)) (Subscription, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, old := range f.subs {
		if old.To != to || old.ID != id {
			continue
		}
		s, err := change(old)
		if err == nil {
			s, err = f.Check(s, testNow)
		}
		if err != nil {
			return old, true, err
		}
		f.subs[i] = s
		return s, true, nil
	}
	return Subscription{}, false, nil
}

func (f *fakeDigests) History(_ context.Context, to Destination, id string, limit int) (past, next []Sending, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	next = f.next[id]
	for _, s := range f.subs {
		if s.To == to && s.ID == id && next == nil && !s.Paused && s.Stopped == "" {
			for i := range limit {
				at := s.Next.AddDate(0, 0, i)
				next = append(next, Sending{Slot: at, When: at, State: SendComing})
			}
		}
	}
	return f.past[id], next, nil
}

func (f *fakeDigests) List(_ context.Context, to Destination) ([]Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Subscription
	for _, s := range f.subs {
		if s.To == to {
			out = append(out, s)
		}
	}
	return out, nil
}

func (f *fakeDigests) Elsewhere(_ context.Context, to Destination) ([]Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Subscription
	for _, s := range f.subs {
		if s.To.Platform == to.Platform && s.To.Chat == to.Chat && s.To.Thread != to.Thread {
			out = append(out, s)
		}
	}
	return out, nil
}

func (f *fakeDigests) Stop(_ context.Context, to Destination, id string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.subs)
	f.subs = slices.DeleteFunc(f.subs, func(s Subscription) bool { return s.To == to && s.ID == id })
	return len(f.subs) < n, nil
}

func (f *fakeDigests) Pause(_ context.Context, to Destination, id string, paused bool) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.subs {
		if f.subs[i].To == to && f.subs[i].ID == id {
			if f.subs[i].Paused = paused; !paused {
				f.subs[i].Stopped = ""
			}
			return true, nil
		}
	}
	return false, nil
}

func (f *fakeDigests) SendNow(_ context.Context, _ Destination, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, id)
	return nil
}

// fakePins keeps pins in memory. What becomes of one is as told.
type fakePins struct {
	mu      sync.Mutex
	list    []Pin
	becomes func(p Pin) Pin // of one that is sent; nil: it is pinned
	cause   string          // why nothing is unpinned
	again   []string        // topics
}

func (f *fakePins) sent(p Pin) Pin {
	if f.becomes != nil {
		return f.becomes(p)
	}
	p.Stands, p.PinnedAt, p.Link, p.Stopped, p.Unpinned = true, testNow, "https://t.me/c/1/7/40", "", ""
	return p
}

func (f *fakePins) Pin(_ context.Context, p Pin) (Pin, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.list {
		if old := &f.list[i]; old.To == p.To && old.Topic == p.Topic {
			if old.Sections, old.Lang = p.Sections, p.Lang; old.Stopped != "" {
				*old = f.sent(*old)
			}
			return *old, true, nil
		}
	}
	f.list = append(f.list, f.sent(p))
	return f.list[len(f.list)-1], false, nil
}

func (f *fakePins) PinAgain(_ context.Context, to Destination, topic string) (Pin, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.list {
		if p := &f.list[i]; p.To == to && p.Topic == topic {
			f.again = append(f.again, topic)
			*p = f.sent(*p)
			return *p, true, nil
		}
	}
	return Pin{}, false, nil
}

func (f *fakePins) Unpin(_ context.Context, to Destination, topic string) (Pin, string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, p := range f.list {
		if p.To == to && p.Topic == topic {
			f.list = slices.Delete(f.list, i, i+1)
			return p, f.cause, true, nil
		}
	}
	return Pin{}, "", false, nil
}

func (f *fakePins) Pinned(_ context.Context, to Destination) ([]Pin, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Pin
	for _, p := range f.list {
		if p.To == to {
			out = append(out, p)
		}
	}
	return out, nil
}

// fakePreferences keeps settings in memory and counts look-ups.
type fakePreferences struct {
	mu   sync.Mutex
	kept map[Destination]Settings
	gets int
}

func (f *fakePreferences) Get(_ context.Context, of ...Destination) ([]Settings, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gets++
	var out []Settings
	for _, d := range of {
		out = append(out, f.kept[d])
	}
	return out, nil
}

func (f *fakePreferences) Set(_ context.Context, of Destination, s Settings) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept[of] = s
	return nil
}

func (f *fakePreferences) Forget(_ context.Context, of Destination) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.kept[of]; !ok {
		return 0, nil
	}
	delete(f.kept, of)
	return 1, nil
}

// fakeChanges are changes, newest first.
type fakeChanges []Change

func (f fakeChanges) Between(_ context.Context, from, to time.Time) ([]Change, error) {
	var out []Change
	for _, ch := range f {
		if !ch.Seen.Before(from) && ch.Seen.Before(to) {
			out = append(out, ch)
		}
	}
	return out, nil
}

func (f fakeChanges) Texts(_ context.Context, changes []Change) ([]Change, error) {
	out := slices.Clone(changes)
	for i := range out {
		for _, ch := range f {
			if ch.ID == out[i].ID && ch.N == out[i].N {
				out[i].Now = ch.Now
			}
			if ch.ID == out[i].ID && ch.Since == out[i].Since {
				out[i].Was = ch.Was
			}
		}
	}
	return out, nil
}

func (f fakeChanges) Older(_ context.Context, ids []briefings.ID, limit int) ([]briefings.Older, error) {
	var out []briefings.Older
	for _, ch := range f {
		if ch.Was.EN != "" && len(out) < limit && (slices.Contains(ids, ch.ID) || ch.Kind == Retracted) {
			out = append(out, briefings.Older{ID: ch.ID, Words: ch.Was, Until: dayOf(ch.Seen), Gone: ch.Kind == Retracted})
		}
	}
	return out, nil
}

func (fakeChanges) Look(context.Context, Destination, string, time.Time) (time.Time, error) {
	return time.Time{}, nil
}

// fakeLooks remembers who looked when, as the store does.
type fakeLooks struct {
	fakeChanges
	mu     sync.Mutex
	looked map[string]time.Time // by person and topic
}

func (f *fakeLooks) Look(_ context.Context, who Destination, topic string, now time.Time) (time.Time, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := who.String() + " "
	last := f.looked[key]
	if at := f.looked[key+topic]; at.After(last) {
		last = at
	}
	f.looked[key+topic] = now
	return last, nil
}

var someChanges = fakeChanges{
	{ID: "event:2026-04-18-port-selm-fire", Kind: Added, Seen: testNow.Add(-24 * time.Hour)},
	{
		ID: "topic:velmora", Kind: Updated, Seen: testNow.Add(-25 * time.Hour), N: 2, Since: 1,
		Was: both("Velmora is governed by President Mara Tolen. A truce holds.\nThe levy stands.",
			"Le Velmora est dirigé par la présidente Mara Tolen. Une trêve tient.\nLa taxe reste."),
		Now: both("Velmora is governed by President Mara Tolen, elected in November 2025. A truce holds.\nThe levy was halved.\nThe truce has no end date.",
			"Le Velmora est dirigé par la présidente Mara Tolen, élue en novembre 2025. Une trêve tient.\nLa taxe a été réduite de moitié.\nLa trêve n’a pas de terme."),
	},
	{
		ID: "event:2024-03-07-arden-bridge", Kind: Corrected, Seen: testNow.Add(-26 * time.Hour), N: 3, Since: 2,
		Now: both("7 March 2024\n12 soldiers were killed. At least 19 people were killed.", "7 mars 2024\n12 soldats ont été tués. Au moins 19 personnes ont été tuées."),
	},
	{
		ID: "event:2024-03-07-arden-bridge", Kind: Updated, Seen: testNow.Add(-27 * time.Hour), N: 2, Since: 1,
		Was: both("6 March 2024\n12 soldiers were killed.", "6 mars 2024\n12 soldats ont été tués."),
	},
	{ID: "term:lake-levy", Kind: Updated, Seen: testNow.Add(-28 * time.Hour), N: 5, Since: 4, Was: both("A levy.", "Une taxe."), Now: both("A levy.", "Une taxe.")},
	{ID: "topic:fog", Kind: Updated, Seen: testNow.Add(-28 * time.Hour)},
	{ID: "event:2026-01-05-withdrawn", Kind: Retracted, Seen: testNow.Add(-30 * time.Hour), Title: both("A flood that was none", "Une inondation qui n’en était pas une"), Topics: []string{"velmora"}},
	{ID: "event:2026-01-06-mistake", Kind: Retracted, Seen: testNow.Add(-31 * time.Hour)},
	{ID: "event:2026-01-06-mistake", Kind: Added, Seen: testNow.Add(-32 * time.Hour)},
}

type world struct {
	*Core
	digests *fakeDigests
	pins    *fakePins
	prefs   *fakePreferences
	looks   *fakeLooks
}

func newWorld(t testing.TB) world {
	t.Helper()
	live := &briefings.Live{}
	live.Swap(briefingstest.Index(t))
	w := world{digests: &fakeDigests{}, pins: &fakePins{}, prefs: &fakePreferences{kept: map[Destination]Settings{}}, looks: &fakeLooks{fakeChanges: someChanges, looked: map[string]time.Time{}}}
	w.Core = New(Options{
		Live: live, Digests: w.digests, Pins: w.pins, Preferences: w.prefs, Changes: w.looks, Version: "1.2.3",
		Now: func() time.Time { return testNow },
	})
	return w
}

var (
	inPrivate = Place{Destination: Destination{Telegram, "42", ""}, Private: true, Postable: true}
	inGroup   = Place{Destination: Destination{Telegram, "-100", "7"}, Postable: true}
	inServer  = Place{Destination: Destination{Discord, "900", ""}, Postable: true, Guild: "1"}
)

func admin(is bool) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) { return is, nil }
}

// ask answers a line, with what ParseLine says when it cannot be read.
func (w world) ask(t testing.TB, lang briefings.Lang, place Place, line string) Reply {
	t.Helper()
	r, err := ParseLine(w.Table(), line)
	if err != nil {
		return Refusal(w.Table(), lang, err)
	}
	r.Lang, r.Place, r.User, r.Now = lang, place, "u1", testNow
	return w.Answer(t.Context(), r)
}
