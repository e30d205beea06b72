package store

import (
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

var desk = commands.Destination{Platform: commands.Telegram, Chat: "-500"}

// show plans what StaleCards wants shown, and returns how much that was.
func show(t *testing.T, s *Store, at time.Time) int {
	t.Helper()
	list, err := s.StaleCards(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		parts := []string{"{}"}
		if !c.New && c.Ref == "" {
			parts = nil
		}
		for range 2 { // the second is too late
			id := c.ID + at.Format("150405.000000")
			if err := s.ShowCard(t.Context(), c, Run{ID: id, Key: "desk|" + c.ID + "|" + id}, desk, "telegram/desk", parts, at.Add(time.Hour), at); err != nil {
				t.Fatal(err)
			}
		}
	}
	return len(list)
}

// sendAll sends what is planned at the desk and returns it.
func sendAll(t *testing.T, s *Store, o Outcome, at time.Time) []Delivery {
	t.Helper()
	list, err := s.Claim(t.Context(), commands.Telegram, "me", at, at.Add(time.Minute), 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if ok, err := s.Start(t.Context(), d, "me", at, at.Add(time.Minute)); err != nil || !ok {
			t.Fatal(ok, err)
		}
		d.Attempt++
		if err := s.Finish(t.Context(), d, "me", o, at); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// TestCardsAreShown: a held pack is shown once, and what was decided on it is
// told by an edit of that message, one after the other.
func TestCardsAreShown(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, why := t.Context(), []briefings.Doubt{{What: "x", Say: briefings.Text{EN: "Was 12, now 120.", FR: "Avant 12, maintenant 120."}}}
		hold := func(hash string, at time.Time) {
			t.Helper()
			if _, _, err := s.HoldPack(ctx, hash, "lakes", why, 3, at); err != nil {
				t.Fatal(err)
			}
		}
		card := func() commands.Card {
			t.Helper()
			c, ok, err := s.Card(ctx, cardID(commands.CardContent, "one"))
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			return c
		}
		hold("one", noon)
		hold("one", noon)
		if c := card(); c.State != commands.CardOpen || c.At != (commands.Destination{}) || c.About.Changes != 3 || c.About.Doubts[0].FR != "Avant 12, maintenant 120." {
			t.Errorf("card %+v", c)
		}
		if n := show(t, s, noon); n != 1 || show(t, s, noon) != 0 {
			t.Errorf("%d to show, want one, once", n)
		}
		if sent := sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon); len(sent) != 1 || sent[0].Purpose != Desk || !sent[0].Urgent || sent[0].To != desk {
			t.Fatalf("sent %+v", sent)
		}
		if c := card(); c.At != desk {
			t.Errorf("shown at %v", c.At)
		}
		awa := commands.Editor{Platform: commands.Telegram, User: "7", Name: "Awa"}
		for i, want := range []bool{true, false} {
			if ok, err := s.Decide(ctx, card(), commands.CardHeld, awa, noon.Add(time.Minute)); err != nil || ok != want {
				t.Errorf("decision %d: %v, %v", i, ok, err)
			}
		}
		if c := card(); c.State != commands.CardHeld || c.By.Name != "Awa" || !c.Decided.Equal(noon.Add(time.Minute)) {
			t.Errorf("card %+v", c)
		}
		if is, err := s.PackState(ctx, "one"); err != nil || is != PackDropped {
			t.Errorf("pack %s, %v", is, err)
		}
		if n := show(t, s, noon.Add(2*time.Minute)); n != 1 {
			t.Fatalf("%d to show, want the decision", n)
		}
		if _, err := s.DecidePack(ctx, "one", PackReleased, commands.Editor{}, noon.Add(3*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if n := show(t, s, noon.Add(3*time.Minute)); n != 0 {
			t.Errorf("%d edits planned while one is on its way", n)
		}
		if sent := sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon.Add(4*time.Minute)); len(sent) != 1 || sent[0].Edits != "77" {
			t.Fatalf("sent %+v, want an edit of the first message", sent)
		}
		if n := show(t, s, noon.Add(5*time.Minute)); n != 1 || card().State != commands.CardSent || card().By.Name != "" {
			t.Errorf("%d to show, card %+v", n, card())
		}
		sendAll(t, s, Outcome{State: Dead, Cause: "lost"}, noon.Add(6*time.Minute))

		// What was decided elsewhere before it was shown is not; what is gone is told.
		hold("two", noon)
		if _, err := s.DecidePack(ctx, "two", PackReleased, commands.Editor{}, noon); err != nil {
			t.Fatal(err)
		}
		if n := show(t, s, noon.Add(7*time.Minute)); n != 0 {
			t.Errorf("%d to show of what is decided", n)
		}
		hold("three", noon)
		show(t, s, noon.Add(8*time.Minute))
		sendAll(t, s, Outcome{State: Sent, Ref: "78"}, noon.Add(8*time.Minute))
		if err := s.ForgetHeld(ctx, "three", noon); err != nil {
			t.Fatal(err)
		}
		if n := show(t, s, noon.Add(9*time.Minute)); n != 1 {
			t.Errorf("%d to show, want that it is gone", n)
		}
		sendAll(t, s, Outcome{State: Sent, Ref: "78"}, noon.Add(9*time.Minute))
		hold("three", noon.Add(time.Hour)) // once more: in a new message
		show(t, s, noon.Add(10*time.Minute))
		if sent := sendAll(t, s, Outcome{State: Sent, Ref: "79"}, noon.Add(10*time.Minute)); len(sent) != 1 || sent[0].Edits != "" {
			t.Errorf("sent %+v, want a new message", sent)
		}
	})
}

// TestForgottenEditors: what somebody decided stands without their name.
func TestForgottenEditors(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if _, _, err := s.HoldPack(ctx, "one", "lakes", nil, 1, noon); err != nil {
			t.Fatal(err)
		}
		show(t, s, noon)
		sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon)
		if _, err := s.DecidePack(ctx, "one", PackDropped, commands.Editor{Platform: commands.Telegram, User: "7", Name: "Awa"}, noon); err != nil {
			t.Fatal(err)
		}
		show(t, s, noon.Add(time.Second))
		sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon.Add(time.Second))
		for _, of := range []struct {
			platform commands.Platform
			n        int
		}{{commands.Discord, 0}, {commands.Telegram, 1}} {
			if n, err := s.Forget(ctx, commands.Destination{Platform: of.platform, Chat: "user:7"}); err != nil || n != of.n {
				t.Errorf("forgot %d on %s, %v, want %d", n, of.platform, err, of.n)
			}
		}
		if c, _, err := s.Card(ctx, cardID(commands.CardContent, "one")); err != nil || c.By.Name != "" || c.State != commands.CardHeld {
			t.Errorf("card %+v, %v", c, err)
		}
		if n := show(t, s, noon.Add(2*time.Second)); n != 1 {
			t.Errorf("%d to show, want the message without the name", n)
		}
		if err := s.Sweep(ctx, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := s.Card(ctx, cardID(commands.CardContent, "one")); err != nil || ok {
			t.Errorf("there after the sweep: %v, %v", ok, err)
		}
	})
}
