package delivery

import (
	"testing"
	"testing/synctest"
	"time"

	"griot/commands"
)

// TestSubscribingAgainLosesNothing: a digest that is due already, and waits for
// the end of quiet hours, comes although somebody asks for the same once more.
func TestSubscribingAgainLosesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := sub(commands.Telegram, "1", "reef")
		s.Schedule, s.QuietHours = "daily 23:00", "22:00-07:00"
		h.subscribe(s)
		h.run()
		time.Sleep(23*time.Hour + 30*time.Minute)
		h.subscribe(s)
		time.Sleep(8 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T23:00 #0")
		s.QuietHours = "" // and what is not due yet takes the new hours
		h.subscribe(s)
		time.Sleep(16 * time.Hour)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T23:00 #0", "reef en 01-01T23:00..01-02T23:00 #0")
		h.halt()
	})
}
