package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

var pinPlace = commands.Destination{Platform: commands.Telegram, Chat: "-1", Thread: "7"}

// addTestPin has the place want a topic pinned.
func addTestPin(t *testing.T, s *Store, to commands.Destination, topic string, now time.Time) {
	t.Helper()
	if _, err := s.AddPin(t.Context(), Pin{Pin: commands.Pin{To: to, Topic: topic, Lang: briefings.EN}, Kind: "telegram/shared"}, now); err != nil {
		t.Fatal(err)
	}
}

// planTestPins plans a text for all pins that are to get it, and returns how many.
func planTestPins(t *testing.T, s *Store, text string, now time.Time) int {
	t.Helper()
	groups, err := s.PinGroups(t.Context(), []commands.Platform{commands.Telegram}, now)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, g := range groups {
		due, err := s.PinsDue(t.Context(), g, text, now.Add(-time.Minute), now, 100)
		if err != nil {
			t.Fatal(err)
		}
		n += len(due)
		if len(due) > 0 {
			if err := s.PlanPins(t.Context(), testPinEdits(text, g.Topic, now), text, due, now); err != nil {
				t.Fatal(err)
			}
		}
	}
	return n
}

func testPinEdits(text, topic string, now time.Time) Edits {
	id := fmt.Sprint("r-", text, "-", topic, "-", now.UnixMicro())
	return Edits{
		Run: Run{ID: id, Key: PinKey(id), End: now}, Kind: "telegram/shared", Parts: []string{`"` + text + `"`}, Expires: now.Add(time.Hour),
		Says: Saying{Lang: "en", Request: "{}", Items: []SaidItem{{ID: "topic:reef", N: 1}}},
	}
}

// finishAll gives everything that can be claimed an outcome.
func finishAll(t *testing.T, s *Store, now time.Time, outcome func(d Delivery) Outcome) []Delivery {
	t.Helper()
	var out []Delivery
	for {
		list, err := s.Claim(t.Context(), commands.Telegram, "me", now, now.Add(time.Minute), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return out
		}
		for _, d := range list {
			if ok, err := s.Start(t.Context(), d, "me", now, now.Add(time.Minute)); err != nil {
				t.Fatal(err)
			} else if ok {
				d.Attempt++
				err = s.Finish(t.Context(), d, "me", outcome(d), now)
				out = append(out, d)
				if err != nil {
					t.Fatal(err)
				}
			} else if err := s.Finish(t.Context(), d, "me", Outcome{State: Skipped, Err: "not wanted"}, now); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func sentOutcome(d Delivery) Outcome { return Outcome{State: Sent, Ref: d.sentAs(0)} }

// TestPinPlansOnce: however many processes plan a text at once, one message
// comes of it; and a text that still waits gives way to the next.
func TestPinPlansOnce(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		addTestPin(t, s, pinPlace, "reef", noon)
		g := PinGroup{Platform: commands.Telegram, Kind: "telegram/shared", Topic: "reef", Lang: "en"}
		due, err := s.PinsDue(ctx, g, "one", noon, noon, 10)
		if err != nil || len(due) != 1 {
			t.Fatalf("due %+v, %v", due, err)
		}
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				e := testPinEdits("one", "reef", noon)
				e.Run.ID, e.Run.Key = fmt.Sprint(e.Run.ID, i), fmt.Sprint(e.Run.Key, i)
				if err := s.PlanPins(ctx, e, "one", due, noon); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if list, err := s.Deliveries(ctx, ""); err != nil || len(list) != 1 || !list[0].Urgent {
			t.Fatalf("planned %+v, %v", list, err)
		}
		if n := planTestPins(t, s, "two", noon); n != 1 {
			t.Errorf("the text that waits does not give way: %d", n)
		}
		sent := finishAll(t, s, noon, sentOutcome)
		if len(sent) != 2 || sent[0].Purpose != PinText || sent[0].Run != "r-two-reef-"+fmt.Sprint(noon.UnixMicro()) || sent[1].Purpose != Pinning || sent[1].Edits != sent[0].sentAs(0) {
			t.Errorf("sent %+v", sent)
		}
		p, _, err := s.Pin(ctx, pinPlace, "reef")
		if err != nil || !p.Stands || p.Coming || !p.PinnedAt.Equal(noon) {
			t.Errorf("stands as %+v, %v", p, err)
		}
		for at, want := range map[time.Time]int{noon.Add(59 * time.Second): 0, noon.Add(time.Minute): 1} {
			if got, err := s.PinsDue(ctx, PinGroup{Platform: commands.Telegram, Kind: g.Kind, Topic: "reef", Lang: "en", Said: saidOf(t, s, p.Ref), Tried: "two"}, "three", at.Add(-time.Minute), at, 10); err != nil || len(got) != want {
				t.Errorf("due at %s: %d, %v, want %d", at, len(got), err, want)
			}
		}
		if n := planTestPins(t, s, "two", noon.Add(time.Hour)); n != 0 {
			t.Error("an equal text is planned")
		}
	})
}

// saidOf is what a message says.
func saidOf(t *testing.T, s *Store, ref string) (said string) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `SELECT said FROM post WHERE ref = ?`, ref).Scan(&said); err != nil {
		t.Fatal(err)
	}
	return said
}

// TestPinInDoubt: a new message that may have arrived is settled before
// anything else is sent; one that ends in doubt is asked about.
func TestPinInDoubt(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		addTestPin(t, s, pinPlace, "reef", noon)
		planTestPins(t, s, "one", noon)
		finishAll(t, s, noon, func(Delivery) Outcome {
			return Outcome{State: Retry, NotBefore: noon.Add(time.Hour), Doubts: 1, Arrived: true}
		})
		if n := planTestPins(t, s, "two", noon.Add(10*time.Minute)); n != 0 {
			t.Error("a second message is planned")
		}
		finishAll(t, s, noon.Add(time.Hour), func(Delivery) Outcome { return Outcome{State: Unknown, Doubts: 2} })
		p, _, err := s.Pin(t.Context(), pinPlace, "reef")
		if err != nil || p.Stopped != commands.StopUnknown || p.Stands {
			t.Errorf("stands as %+v, %v", p, err)
		}
		if n := planTestPins(t, s, "two", noon.Add(90*24*time.Hour)); n != 0 {
			t.Error("it goes on by itself")
		}
	})
}

// TestPinsAreKept: what is known of a pin's message stays while it lives, is
// nobody else's to correct, and goes with it.
func TestPinsAreKept(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		type revs = map[briefings.ID]briefings.Revision
		see(t, s, noon, revs{"topic:reef": said("one")})
		addTestPin(t, s, pinPlace, "reef", noon)
		planTestPins(t, s, "one", noon)
		finishAll(t, s, noon, sentOutcome)
		fixed := said("two")
		fixed.Corrected = 1
		see(t, s, noon.Add(time.Hour), revs{"topic:reef": fixed})
		stale := func() int {
			list, err := s.Stale(ctx, []commands.Platform{commands.Telegram}, noon, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		later := noon.Add(365 * 24 * time.Hour)
		if err := s.Sweep(ctx, later); err != nil {
			t.Fatal(err)
		}
		p, _, err := s.Pin(ctx, pinPlace, "reef")
		if err != nil || stale() != 0 || saidOf(t, s, p.Ref) == "" {
			t.Errorf("%+v, %v, %d others' to correct", p, err, stale())
		}
		if _, ok, err := s.RemovePin(ctx, pinPlace, "reef", Run{ID: "u", Key: PinKey("u"), End: later}, later.Add(time.Hour), later); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if stale() != 1 {
			t.Error("a message that was a pin is not corrected")
		}
		sent := finishAll(t, s, later, sentOutcome)
		if len(sent) != 1 || sent[0].Purpose != Unpinning || sent[0].Edits != p.Ref {
			t.Errorf("given up: %+v", sent)
		}
		if err := s.Sweep(ctx, later); err != nil || saidOf(t, s, p.Ref) == "" {
			t.Error("what was said until a moment ago is forgotten", err)
		}
		addTestPin(t, s, pinPlace, "reef", later)
		planTestPins(t, s, "one", later)
		finishAll(t, s, later, sentOutcome)
		if n, err := s.Forget(ctx, pinPlace); err != nil || n == 0 {
			t.Error(n, err)
		}
		if list, err := s.Pins(ctx, pinPlace); err != nil || len(list) > 0 {
			t.Errorf("left %+v, %v", list, err)
		}
	})
}

// TestPinsFollow: pins go where their chat goes, and with their topic, one of each.
func TestPinsFollow(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		type revs = map[briefings.ID]briefings.Revision
		see(t, s, noon, revs{"topic:reef": said("one"), "topic:storm": said("storm")})
		to := pinPlace
		to.Chat = "-2"
		for _, at := range []commands.Destination{pinPlace, to} {
			addTestPin(t, s, at, "reef", noon)
		}
		addTestPin(t, s, pinPlace, "storm", noon)
		planTestPins(t, s, "one", noon)
		finishAll(t, s, noon, sentOutcome)
		if err := s.Moved(ctx, pinPlace, to); err != nil {
			t.Fatal(err)
		}
		list, err := s.Pins(ctx, to)
		if err != nil || len(list) != 2 {
			t.Fatalf("moved to %+v, %v", list, err)
		}
		for _, p := range list {
			if stands := p.Topic == "reef"; p.Stands != stands || p.Coming {
				t.Errorf("%s stands %t, want %t: it has no message there yet", p.Topic, p.Stands, stands)
			}
		}
		addTestPin(t, s, to, "coral", noon)
		see(t, s, noon.Add(time.Minute), revs{"topic:coral": formerly("one", "topic:reef"), "topic:storm": said("storm")})
		if list, err = s.Pins(ctx, to); err != nil || len(list) != 2 || list[0].Topic == "reef" || list[1].Topic == "reef" {
			t.Errorf("renamed to %+v, %v", list, err)
		}
	})
}

// TestPinRacesUnpin: who gives a pin up while it is being sent has given it up.
func TestPinRacesUnpin(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		addTestPin(t, s, pinPlace, "reef", noon)
		planTestPins(t, s, "one", noon)
		sent := finishAll(t, s, noon, func(d Delivery) Outcome {
			if _, ok, err := s.RemovePin(ctx, pinPlace, "reef", Run{ID: "u", Key: PinKey("u"), End: noon}, noon.Add(time.Hour), noon); !ok || err != nil {
				t.Error(ok, err)
			}
			return sentOutcome(d)
		})
		if len(sent) != 1 {
			t.Errorf("done %+v, want one message that is not pinned", sent)
		}
		addTestPin(t, s, pinPlace, "reef", noon)
		planTestPins(t, s, "one", noon.Add(time.Minute))
		if _, ok, err := s.RemovePin(ctx, pinPlace, "reef", Run{ID: "v", Key: PinKey("v"), End: noon}, noon.Add(time.Hour), noon); !ok || err != nil {
			t.Error(ok, err)
		}
		if sent := finishAll(t, s, noon.Add(time.Minute), sentOutcome); len(sent) > 0 {
			t.Errorf("sent %+v although it was given up", sent)
		}
	})
}
