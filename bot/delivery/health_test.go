package delivery

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"griot/commands"
)

// ready wants the service ready, or not for a reason that holds the text.
func (h *house) ready(want string) {
	h.t.Helper()
	synctest.Wait()
	err := h.Ready(context.Background())
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		h.t.Errorf("ready: %v, want %q", err, want)
	}
}

// hourly is due an hour after the bubble began.
func hourly() commands.Subscription {
	s := sub(commands.Telegram, "1", "reef")
	s.Schedule = "cron 0 * * * *"
	return s
}

func TestReady(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.tick = tick
		h.subscribe(hourly())
		h.run()
		h.ready("")
		time.Sleep(time.Hour + time.Minute)
		h.ready("")

		// The operator's hold is no fault, however long.
		if err := h.store.Pause(context.Background(), "a look at the disk"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		h.ready("")
		time.Sleep(time.Hour)
		h.ready("") // the next slot waits for that run
		if _, err := h.store.Release(context.Background()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		h.ready("")
		h.halt()
	})
}

func TestNotReadyWhileASlotHasNoDeliveries(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.tick = tick
		h.mute.Store(true)
		h.subscribe(hourly())
		h.run()
		time.Sleep(time.Hour + time.Minute)
		h.ready("")
		time.Sleep(2 * time.Minute)
		h.ready("a digest is due for 3m0s and not planned")
		h.mute.Store(false)
		time.Sleep(time.Minute)
		h.ready("")
		h.halt()
	})
}

func TestNotReadyWhenThePlannerStands(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.tick = tick
		stand := make(chan struct{})
		h.ready("") // it is about to begin
		h.at = func(step string) {
			if step == "run added" {
				<-stand
			}
		}
		s := h.subscribe(hourly())
		h.run()
		time.Sleep(time.Hour + time.Minute)
		h.ready("")
		if _, err := h.Pause(context.Background(), s.To, s.ID, true); err != nil { // nothing is due any more
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		h.ready("the planner has not looked for")
		close(stand)
		time.Sleep(time.Minute)
		h.ready("")
		h.halt()
	})
}
