package delivery

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// TestFallsAgainAndAgain: the one resend Telegram gets is not used up by a
// process that falls over soon after it starts.
func TestFallsAgainAndAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := h.subscribe(sub(commands.Telegram, "1", "reef"))
		time.Sleep(8 * time.Hour)
		for range 3 {
			end := sync.OnceFunc(func() {
				h.stop()
				h.store.Close()
			})
			h.at = func(step string) {
				if step == "started" {
					h.out.fails(upTo(99, false, adapter.ErrUnknown)) // it ended before the call
					end()
				}
			}
			h.run()
			time.Sleep(steady - time.Second)
			end()
			<-h.done
			h.open()
		}
		h.out.fails(nil)
		h.run()
		time.Sleep(time.Minute)
		synctest.Wait()
		h.want(s.To, "reef en start..01-01T07:00 #0")
		h.halt()
	})
}

// TestDoubtGoesFirst: a message that may have arrived is settled while Discord
// knows its nonce, however many wait for their first try.
func TestDoubtGoesFirst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Discord)
		h.out.pacer = NewPacer(PacerOptions{Platform: commands.Discord, PerSecond: 3})
		h.Pacers = map[commands.Platform]*Pacer{commands.Discord: h.out.pacer}
		h.out.fail = upTo(1, true, adapter.ErrUnknown)
		var all []commands.Destination
		for i := range 800 {
			all = append(all, h.subscribe(sub(commands.Discord, fmt.Sprint(i+1), "reef")).To)
		}
		h.run()
		time.Sleep(8 * time.Hour)
		synctest.Wait()
		for _, to := range all {
			h.want(to, "reef en start..01-01T07:00 #0")
		}
		h.halt()
	})
}
