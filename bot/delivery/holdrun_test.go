package delivery

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/bot/store/storetest"
	"griot/briefings"
	"griot/commands"
)

// TestHoldStopsAFanOut: while hundreds of messages go out, their run is held by
// another process. From then on at most one second's worth of messages goes, the
// rest stays planned; released, it goes on, and every place has its message once.
func TestHoldStopsAFanOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		const places, rate = 300, 100
		ctx := t.Context()
		st, err := store.Open(ctx, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = st.Close() }()
		other := st // what is in memory no other process reaches
		if !strings.Contains(url, ":memory:") {
			if other, err = store.Open(ctx, url, nil); err != nil { // as griot deliveries hold does
				t.Fatal(err)
			}
			defer func() { _ = other.Close() }()
		}
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		out := newPlatform(commands.Telegram)
		half, more, finished := make(chan struct{}), make(chan struct{}), make(chan struct{})
		out.fail = func(_ commands.Destination, n int) (bool, error) {
			switch n {
			case places / 3:
				close(half)
			case 2 * places / 3:
				close(more)
			case places:
				close(finished)
			}
			return true, nil
		}
		pacer := NewPacer(PacerOptions{Platform: commands.Telegram, PerSecond: rate})
		s := New(Options{
			Store: st, Adapters: map[commands.Platform]adapter.Adapter{commands.Telegram: out}, Pacers: map[commands.Platform]*Pacer{commands.Telegram: pacer}, Now: now,
			Digest: func(context.Context, commands.Subscription, commands.Window, time.Time) (commands.Reply, error) {
				return commands.Reply{Title: "news"}, nil
			},
		})
		var next time.Time
		for i := range places {
			stored, _, err := s.Subscribe(ctx, sub(commands.Telegram, strconv.Itoa(i+1), "reef"))
			if err != nil {
				t.Fatal(err)
			}
			next = stored.Next
		}
		ahead.Store(int64(time.Until(next) + time.Second))
		running, stop := context.WithCancel(ctx)
		done := make(chan error, 1)
		go func() { done <- s.Run(running) }()
		defer func() {
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}()
		await := func(c <-chan struct{}, what string) {
			t.Helper()
			select {
			case <-c:
			case <-time.After(time.Minute):
				t.Fatalf("waited in vain for %s", what)
			}
		}
		await(half, "a third of the messages")
		runs, err := other.Reports(ctx, "", 1)
		if err != nil || len(runs) != 1 {
			t.Fatal(runs, err)
		}
		sent := func() int {
			out.mu.Lock()
			defer out.mu.Unlock()
			return out.calls
		}
		held := func(what string) store.RunReport { // holds for two seconds: a second of messages, and one more
			t.Helper()
			at := sent()
			quiet := time.NewTimer(2 * time.Second)
			defer quiet.Stop()
			<-quiet.C
			stood := sent()
			if n := stood - at; n > rate {
				t.Errorf("%d messages went out after %s, more than a second's", n, what)
			}
			s.Nudge()
			runs, err := other.Reports(ctx, runs[0].ID, 1)
			if err != nil || len(runs) != 1 || runs[0].States[store.Sent] != stood || runs[0].States[store.Planned]+runs[0].States[store.Retry] != places-stood {
				t.Errorf("after %s, %d of %d sent: %+v, %v", what, stood, places, runs, err)
			}
			return runs[0]
		}
		if ok, err := other.HoldRun(ctx, runs[0].ID, "the toll is wrong", commands.Editor{}, now()); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if r := held("the hold of the run"); r.Held.IsZero() || r.Why != "the toll is wrong" {
			t.Errorf("held %+v", r)
		}
		if ok, err := other.ReleaseRun(ctx, runs[0].ID, commands.Editor{}, now()); err != nil || !ok {
			t.Fatal(ok, err)
		}
		s.Nudge()
		await(more, "two thirds of the messages")
		if err := other.Pause(ctx, "all of it"); err != nil {
			t.Fatal(err)
		}
		held("the hold of all")
		if ok, err := other.Release(ctx); err != nil || !ok {
			t.Fatal(ok, err)
		}
		s.Nudge() // or its next look
		await(finished, "the rest")
		for i := range places {
			if got := out.got(commands.Destination{Platform: commands.Telegram, Chat: strconv.Itoa(i + 1)}); len(got) != 1 {
				t.Errorf("place %d got %q, want one message", i+1, got)
			}
		}
	})
}

// editorial makes a newsroom with an editors' place that is sent digests first.
func editorial(t *testing.T, first time.Duration) (*newsroom, commands.Destination) {
	n := newNewsroom(t)
	n.edit(first)
	return n, n.Editors
}

// edit sets up the editors' place; the planner looks less often, as the day is long.
func (n *newsroom) edit(first time.Duration) {
	n.Editors, n.First = commands.Destination{Platform: commands.Telegram, Chat: "-500"}, first
	n.tick = time.Hour
}

// press decides on the only card of a digest.
func (n *newsroom) press(state commands.CardState) {
	n.t.Helper()
	runs, err := n.store.Reports(context.Background(), "", 0)
	if err != nil {
		n.t.Fatal(err)
	}
	for _, r := range runs {
		if r.Purpose != store.Digest {
			continue
		}
		c := commands.Card{Kind: commands.CardDigest, Subject: r.ID}
		if ok, err := n.store.Decide(context.Background(), c, state, commands.Editor{Platform: commands.Telegram, User: "9", Name: "Awa"}, time.Now()); err != nil || !ok {
			n.t.Fatalf("decide: %v, %v", ok, err)
		}
	}
	n.Nudge()
	synctest.Wait()
}

// TestEditorsAreFirst: they read a digest before everybody else and can stop it;
// what they do not stop goes to everybody at its time.
func TestEditorsAreFirst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, room := editorial(t, 10*time.Minute)
		defer n.halt()
		places := n.subscribe(4)
		n.run()
		time.Sleep(7*time.Hour + time.Minute)
		synctest.Wait()
		got := n.desks[commands.Telegram].at(room)
		if len(got) < 2 || !strings.Contains(got[0].body, wrong) || strings.Contains(got[0].body, "/digest stop") {
			t.Fatalf("editors read %v", got)
		}
		card := got[len(got)-1]
		var coming []time.Time
		if err := n.Coming(t.Context(), time.Time{}, time.Now().Add(24*time.Hour), func(c Coming) error {
			coming = append(coming, c.At)
			return nil
		}); err != nil || len(coming) != 4 || coming[0].Format("15:04") != "07:10" {
			t.Errorf("foretold at %v, %v; want the next ones for readers", coming, err)
		}
		for _, want := range []string{"Briefings: Velmora", "Language: English", "When: 1 January 2000 at 07:10 (UTC)", "Places: 4", "Waiting: 4", `"Stop"`} {
			if !strings.Contains(n.text(room), want) {
				t.Errorf("the card lacks %q: %s", want, card.body)
			}
		}
		for _, to := range places {
			if got := n.text(to); got != "" {
				t.Errorf("%s reads it with the editors: %s", to, got)
			}
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		for _, to := range places {
			if got := n.desks[to.Platform].at(to); len(got) != 1 {
				t.Errorf("%s has %d messages, want the digest", to, len(got))
			}
		}
		time.Sleep(n.tick)
		synctest.Wait()
		got = n.desks[commands.Telegram].at(room)
		if card = got[len(got)-1]; !strings.Contains(card.body, "A digest went out") || strings.Contains(card.body, `"Stop"`) {
			t.Errorf("in the end the editors read %s", card.body)
		}
	})
}

// TestEditorsStopADigest: nothing of it goes out until they release it, the next
// one comes all the same, and none comes twice.
func TestEditorsStopADigest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, room := editorial(t, 10*time.Minute)
		defer n.halt()
		places := n.subscribe(4)
		n.run()
		time.Sleep(7*time.Hour + 5*time.Minute)
		synctest.Wait()
		n.press(commands.CardHeld)
		time.Sleep(time.Hour)
		synctest.Wait()
		if text := n.text(room); !strings.Contains(text, "Stopped by Awa on 1 January 2000 at 07:05 (UTC)") || !strings.Contains(text, `"Send"`) {
			t.Errorf("editors read %s", text)
		}
		for _, to := range places {
			if got := n.text(to); got != "" {
				t.Errorf("%s reads what was stopped: %s", to, got)
			}
		}
		n.halt() // and a restart changes nothing
		n.open()
		n.publish(nil)
		n.edit(10 * time.Minute)
		n.run()
		time.Sleep(time.Hour)
		synctest.Wait()
		n.press(commands.CardOpen)
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, to := range places {
			if got := n.desks[to.Platform].at(to); len(got) != 1 {
				t.Errorf("%s has %d messages after the release, want one", to, len(got))
			}
		}
		// The next day's, stopped until it is too late: the day after comes as ever.
		correct := func(p *briefings.Pack) { levy(p) }
		n.publish(correct)
		time.Sleep(22*time.Hour - time.Minute)
		synctest.Wait()
		n.press(commands.CardHeld)
		time.Sleep(13 * time.Hour)
		synctest.Wait()
		if states := n.states(store.Digest); states["expired"] != 4 {
			t.Errorf("stopped until it was too late: %v", states)
		}
		time.Sleep(12 * time.Hour)
		synctest.Wait()
		for _, to := range places {
			if got := n.text(to); !strings.Contains(got, right) {
				t.Errorf("%s has not what it missed: %s", to, got)
			}
		}
	})
}

// TestManyPlacesAreWatched: a digest for many places shows at the editors' place
// while it goes out, though it is not sent there first; one for few does not.
func TestManyPlacesAreWatched(t *testing.T) {
	bubble(t, func(t *testing.T) {
		n, room := editorial(t, 0)
		defer n.halt()
		n.subscribe(2 * manyPlaces)
		n.subscribe(2, func(s *commands.Subscription) { s.Lang = briefings.FR })
		n.run()
		time.Sleep(7*time.Hour + time.Minute)
		synctest.Wait()
		if got := n.desks[commands.Telegram].at(room); len(got) != 1 || !strings.Contains(got[0].body, "Language: English") {
			t.Errorf("editors read %v, want one card", got)
		}
	})
}
