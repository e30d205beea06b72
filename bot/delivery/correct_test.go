package delivery

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/telegram"
	"griot/bot/store"
	"griot/briefings"
	"griot/briefings/briefingstest"
	"griot/commands"
)

// desk is a platform that lays out as the real one does, and keeps what stands.
type desk struct {
	adapter.Adapter

	mu    sync.Mutex
	last  int
	stand map[commands.Destination][]*letter
	calls int // edits
	fail  func(ref adapter.MessageRef, n int) error

	gone     error                             // why nothing can be written
	pins     map[commands.Destination][]string // ids of what is pinned
	noPin    error                             // why nothing can be
	pinCalls int
	times    map[string][]time.Time // of edits, by message
}

// letter is a message that stands.
type letter struct {
	id    string
	body  string
	nonce string
	edits int
}

func (d *desk) Send(_ context.Context, to commands.Destination, p adapter.Part, nonce string) (adapter.MessageRef, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone != nil {
		return adapter.MessageRef{}, d.gone
	}
	for _, m := range d.stand[to] { // Discord knows a nonce again
		if m.nonce == nonce && to.Platform == commands.Discord {
			return adapter.MessageRef{To: to, ID: m.id}, nil
		}
	}
	d.last++
	m := &letter{id: fmt.Sprint(d.last), body: string(p.Body), nonce: nonce}
	d.stand[to] = append(d.stand[to], m)
	return adapter.MessageRef{To: to, ID: m.id}, nil
}

func (d *desk) Edit(_ context.Context, ref adapter.MessageRef, p adapter.Part) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.gone != nil {
		return d.gone
	}
	if d.times == nil {
		d.times = map[string][]time.Time{}
	}
	d.times[ref.ID] = append(d.times[ref.ID], time.Now())
	if d.fail != nil {
		if err := d.fail(ref, d.calls); err != nil {
			return err
		}
	}
	for _, m := range d.stand[ref.To] {
		if m.id == ref.ID {
			m.body = string(p.Body)
			m.edits++
			return nil
		}
	}
	return adapter.ErrLost
}

func (d *desk) Pin(_ context.Context, ref adapter.MessageRef) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pinCalls++
	switch {
	case d.gone != nil:
		return d.gone
	case d.noPin != nil:
		return d.noPin
	case !slices.ContainsFunc(d.stand[ref.To], func(m *letter) bool { return m.id == ref.ID }):
		return adapter.ErrLost
	case !slices.Contains(d.pins[ref.To], ref.ID):
		d.pins[ref.To] = append(d.pins[ref.To], ref.ID)
	}
	return nil
}

func (d *desk) Unpin(_ context.Context, ref adapter.MessageRef) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.noPin != nil {
		return d.noPin
	}
	d.pins[ref.To] = slices.DeleteFunc(d.pins[ref.To], func(id string) bool { return id == ref.ID })
	return nil
}

// set changes what people did there.
func (d *desk) set(change func(d *desk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

// remove deletes a message, as a person would.
func (d *desk) remove(to commands.Destination, id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stand[to] = slices.DeleteFunc(d.stand[to], func(m *letter) bool { return m.id == id })
	d.pins[to] = slices.DeleteFunc(d.pins[to], func(pinned string) bool { return pinned == id })
}

// pinned are the ids of what is pinned at a place.
func (d *desk) pinned(to commands.Destination) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.pins[to])
}

// at returns what stands at a place.
func (d *desk) at(to commands.Destination) []letter {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []letter
	for _, m := range d.stand[to] {
		out = append(out, *m)
	}
	return out
}

// newsroom is a service with the real core, on both platforms.
type newsroom struct {
	t     *testing.T
	url   string
	desks map[commands.Platform]*desk
	live  *briefings.Live
	core  *commands.Core
	store *store.Store
	*Service
	step func(string)
	stop context.CancelFunc
	done chan struct{}
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	dc, err := discord.New(discord.Options{Token: "0"})
	if err != nil {
		t.Fatal(err)
	}
	tg, err := telegram.New(telegram.Options{Token: "0:0"})
	if err != nil {
		t.Fatal(err)
	}
	n := &newsroom{t: t, url: "sqlite:" + filepath.Join(t.TempDir(), "griot.db"), live: new(briefings.Live), desks: map[commands.Platform]*desk{
		commands.Discord:  {Adapter: dc, stand: map[commands.Destination][]*letter{}, pins: map[commands.Destination][]string{}},
		commands.Telegram: {Adapter: tg, stand: map[commands.Destination][]*letter{}, pins: map[commands.Destination][]string{}},
	}}
	n.open()
	n.publish(nil)
	return n
}

// readNewsroom is one whose digest so many places have read.
func readNewsroom(t *testing.T, places int) (*newsroom, []commands.Destination) {
	t.Helper()
	n := newNewsroom(t)
	to := n.subscribe(places)
	n.run()
	time.Sleep(8 * time.Hour)
	synctest.Wait()
	return n, to
}

func (n *newsroom) open() {
	n.t.Helper()
	st, err := store.Open(context.Background(), n.url, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	n.store = st
	n.Service = New(Options{
		Store: st, Adapters: map[commands.Platform]adapter.Adapter{commands.Discord: n.desks[commands.Discord], commands.Telegram: n.desks[commands.Telegram]},
		Digest: func(ctx context.Context, s commands.Subscription, w commands.Window, now time.Time) (commands.Reply, error) {
			return n.core.Digest(ctx, s, w, now)
		},
	})
	n.core = commands.New(commands.Options{Live: n.live, Digests: n.Service, Preferences: st, Changes: st, Pins: n.Service})
	n.Core = n.core
	n.tick = time.Hour // it wakes for what is due by itself
	if n.step != nil {
		n.Service.at = n.step
	}
}

// publish takes the invented pack into use, changed.
func (n *newsroom) publish(change func(p *briefings.Pack)) {
	n.t.Helper()
	p := briefingstest.Pack(n.t)
	if change != nil {
		change(p)
	}
	if _, err := n.store.SeePack(context.Background(), store.Publish{Hash: p.Hash, Name: p.Name, Revisions: p.RevisionsAt(time.Now())}, time.Now()); err != nil {
		n.t.Fatal(err)
	}
	n.live.Swap(briefings.NewIndex(p))
	n.Wake()
}

func (n *newsroom) run() {
	ctx, cancel := context.WithCancel(context.Background())
	n.stop, n.done = cancel, make(chan struct{})
	go func() {
		defer close(n.done)
		if err := n.Service.Run(ctx); err != nil && ctx.Err() == nil {
			n.t.Errorf("run: %v", err)
		}
	}()
}

func (n *newsroom) halt() {
	if n.stop != nil {
		n.stop()
		<-n.done
	}
	_ = n.store.Close()
}

// subscribe has places on both platforms want the digest of velmora.
func (n *newsroom) subscribe(count int, change ...func(*commands.Subscription)) []commands.Destination {
	n.t.Helper()
	var out []commands.Destination
	for i := range count {
		s := sub(commands.Telegram, fmt.Sprint(1000+i), "velmora")
		if i%2 == 1 {
			s = sub(commands.Discord, fmt.Sprint(610000000000000000+i), "velmora")
			s.Guild = "1"
		}
		for _, f := range change {
			f(&s)
		}
		stored, _, err := n.Subscribe(context.Background(), s)
		if err != nil {
			n.t.Fatal(err)
		}
		out = append(out, stored.To)
	}
	return out
}

const (
	wrong = "created the lake levy by decree on 15 January 2025"
	right = "created the lake levy by decree on 16 January 2025"
)

// levy corrects the event that has the wrong day.
func levy(p *briefings.Pack) *briefings.Event {
	i := slices.IndexFunc(p.Events, func(e briefings.Event) bool { return e.Slug == "2025-01-15-levy-decreed" })
	e := &p.Events[i]
	e.Fact.EN = strings.Replace(e.Fact.EN, wrong, right, 1)
	e.Corrections = append(e.Corrections, briefings.Correction{
		Date: briefings.Date{Year: 2026, Month: 5, Day: 1}, Was: briefings.Same("The decree was dated 15 January."), Now: briefings.Same("It is of 16 January."), Why: briefings.Same("The gazette says so."),
	})
	return e
}

func correctLevy(p *briefings.Pack) { levy(p) }

// states counts the deliveries of a purpose by state and cause.
func (n *newsroom) states(purpose store.Purpose) map[string]int {
	n.t.Helper()
	all, err := n.store.Deliveries(context.Background(), "")
	if err != nil {
		n.t.Fatal(err)
	}
	out := map[string]int{}
	for _, d := range all {
		if d.Purpose == purpose {
			out[strings.TrimSpace(string(d.State)+" "+d.Cause)]++
		}
	}
	return out
}

// text is all that stands at a place.
func (n *newsroom) text(to commands.Destination) string {
	var out []string
	for _, m := range n.desks[to.Platform].at(to) {
		out = append(out, m.body)
	}
	return strings.Join(out, "\n")
}

// TestCorrectionsFollowTheReader: a thousand places have a digest with a
// mistake; it is corrected wherever it stands, each place is told once, and the
// outcome of each edit is in the ledger, however often the process ends.
func TestCorrectionsFollowTheReader(t *testing.T) {
	for _, kills := range [][]string{nil, {"fixes planned", "accepted"}, {"notices planned", "claimed"}, {"started", "finished"}} {
		t.Run(strings.Join(kills, " "), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				n := newNewsroom(t)
				places := n.subscribe(60)
				if len(kills) > 0 && kills[0] == "fixes planned" {
					places = n.subscribe(1000)
				}
				n.run()
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				for _, to := range places {
					if got := n.text(to); !strings.Contains(got, wrong) {
						t.Fatalf("%s has no digest with the mistake: %s", to, got)
					}
				}
				sent := n.desks[commands.Telegram].last + n.desks[commands.Discord].last
				var mu sync.Mutex
				left, seen, dying := kills, 0, false
				n.step = func(s string) {
					mu.Lock()
					defer mu.Unlock()
					if !dying && len(left) > 0 && s == left[0] {
						if seen++; seen == 1+len(left)*4 || s == "claimed" || strings.HasSuffix(s, "planned") {
							left, seen, dying = left[1:], 0, true // its other calls come to an end
							n.stop()
							_ = n.store.Close()
						}
					}
				}
				n.Service.at = n.step
				n.publish(correctLevy)
				for range kills {
					select {
					case <-n.done:
					case <-time.After(10 * time.Minute):
						t.Fatalf("it came through, not ended at %q", left)
					}
					mu.Lock()
					dying = false
					mu.Unlock()
					n.open()
					n.run()
				}
				time.Sleep(30 * time.Minute)
				synctest.Wait()
				for _, to := range places {
					got, all := n.text(to), n.desks[to.Platform].at(to)
					if strings.Contains(got, wrong) || strings.Count(got, right) != 1 {
						t.Fatalf("%s reads\n%s", to, got)
					}
					if n := strings.Count(got, "The decree was dated 15 January."); n < 2 || !strings.Contains(got, "Corrected on 1 May 2026") {
						t.Fatalf("%s: the correction is told %d times:\n%s", to, n, got)
					}
					if notices := len(all) - sent/len(places); notices != 1 && !(notices == 2 && kills != nil && to.Platform == commands.Telegram) {
						t.Errorf("%s got %d notices, want one", to, notices)
					}
				}
				if got := n.states(store.Correction); len(got) != 1 || got["sent"] != sent {
					t.Errorf("on record: %v, want %d edits", got, sent)
				}
				if got := n.states(store.Notice); len(got) != 1 || got["sent"] != len(places) {
					t.Errorf("on record: %v, want %d notices", got, len(places))
				}
				if left, err := n.store.Stale(context.Background(), n.platforms, time.Time{}, 10); err != nil || len(left) > 0 {
					t.Errorf("left over: %v, %v", left, err)
				}
				n.halt()
			})
		})
	}
}
