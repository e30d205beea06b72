package delivery

import (
	"testing"
	"testing/synctest"
	"time"

	"griot/commands"
)

// TestRestartsKeepNothingBack: a weekly digest comes each week although no
// process lives for longer than an hour.
func TestRestartsKeepNothingBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		weekly := sub(commands.Telegram, "1", "reef")
		weekly.Schedule = "weekly mon 07:30"
		h.subscribe(weekly)
		for range 15 * 24 { // from Saturday the 1st on
			h.run()
			time.Sleep(time.Hour - time.Minute)
			h.halt()
			time.Sleep(time.Minute)
			h.open()
		}
		synctest.Wait()
		h.want(weekly.To, "reef en start..01-03T07:30 #0", "reef en 01-03T07:30..01-10T07:30 #0")
		h.halt()
	})
}
