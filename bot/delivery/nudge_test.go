package delivery

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/store"
	"griot/commands"
)

// What another process keeps is seen when it tells of it, not at the next look.
func TestNudge(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.run()
		defer h.halt()
		synctest.Wait()
		other, err := store.Open(context.Background(), h.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = other.Close() }()
		s, err := h.Check(sub(commands.Telegram, "1", "lake"), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		s.Next = time.Now()
		if _, _, err := other.AddSubscription(t.Context(), s, s.Next); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := h.out.got(s.To); len(got) != 0 {
			t.Fatalf("sent %q, though nobody told of it: the test proves nothing", got)
		}
		h.Nudge()
		synctest.Wait()
		if got := h.out.got(s.To); len(got) != 1 {
			t.Errorf("sent %q, want one digest at once", got)
		}
	})
}
