package delivery

import (
	"testing"
	"testing/synctest"
	"time"

	"griot/commands"
)

// TestWhoStoodStillDoesNotSend: a process that stands still between writing down
// that it sends and sending, for so long that another takes the delivery over,
// leaves it to that one.
func TestWhoStoodStillDoesNotSend(t *testing.T) {
	for _, platform := range []commands.Platform{commands.Telegram, commands.Discord} {
		t.Run(string(platform), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				h := newHouse(t, platform)
				s := h.subscribe(sub(platform, "1", "reef"))
				other := New(h.Options)
				stood := false
				h.at = func(step string) {
					if step != "started" || stood {
						return
					}
					stood = true
					time.Sleep(lease + leaseGrace + time.Second)
					if err := other.recover(t.Context(), false); err != nil {
						t.Error(err)
					}
					time.Sleep(2 * time.Second)
					now := time.Now()
					taken, err := h.Store.Claim(t.Context(), platform, other.boot, now, now.Add(lease), 1)
					if err != nil || len(taken) != 1 {
						t.Errorf("the other process took over %d deliveries, %v", len(taken), err)
					}
					for _, d := range taken {
						other.one(t.Context(), d)
					}
					time.Sleep(nonceLife + time.Second) // Discord remembers no longer
				}
				h.run()
				time.Sleep(8 * time.Hour)
				synctest.Wait()
				h.want(s.To, "reef en start..01-01T07:00 #0")
				h.halt()
			})
		})
	}
}
