package delivery

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/schedule"
	"griot/commands"
)

// span is a window somebody was told about.
type span struct{ from, to time.Time }

// TestWindowsTileWhateverTheDowntime runs a place's digests over some forty days
// with the program down now and then, for minutes or days, across clock
// changes: the windows told follow each other without gap or overlap, none
// begins before the last ended, and up to the end nothing is left out. At most
// one message comes for one downtime, and each names a slot of the schedule.
func TestWindowsTileWhateverTheDowntime(t *testing.T) {
	for _, zone := range []string{
		"Africa/Bamako", "Europe/Paris", "America/New_York", "Africa/Casablanca", "Asia/Kathmandu",
		"America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "UTC",
	} {
		for seed := range uint64(1) {
			t.Run(fmt.Sprintf("%s %d", zone, seed), func(t *testing.T) {
				bubble(t, func(t *testing.T) { tile(t, zone, rand.New(rand.NewPCG(seed, 7))) })
			})
		}
	}
}

func tile(t *testing.T, zone string, dice *rand.Rand) {
	h := newHouse(t, commands.Telegram)
	var mu sync.Mutex
	var told []span
	h.said = func(_ commands.Subscription, w commands.Window) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, span{w.From, w.To})
		return "", nil
	}
	// The bubble begins in 2000; clocks change around the end of March, April and October.
	time.Sleep(time.Duration(80+dice.IntN(3)*100) * 24 * time.Hour)
	s := sub(commands.Telegram, "1", "reef")
	s.Schedule = []commands.Schedule{"daily 02:30", "weekdays 07:00", "cron 0 */6 * * *", "weekly sun 00:30"}[dice.IntN(4)]
	s.Zone = zone
	s = h.subscribe(s)
	sched, err := schedule.Parse(s.Schedule, zone)
	if err != nil {
		t.Fatal(err)
	}
	h.halt()
	for range 12 {
		time.Sleep(time.Duration(dice.Int64N(int64(5 * 24 * time.Hour)))) // down
		h.open()
		h.run()
		was := len(h.out.got(s.To))
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(h.out.got(s.To)) - was; n > 1 {
			t.Errorf("%d messages when it was up again, want one at most", n)
		}
		time.Sleep(time.Duration(dice.Int64N(int64(2 * 24 * time.Hour)))) // up
		synctest.Wait()
		h.halt()
	}
	h.open()
	h.run()
	time.Sleep(8 * 24 * time.Hour)
	synctest.Wait()
	if len(told) != len(h.out.got(s.To)) {
		t.Errorf("%d windows made, %d messages shown", len(told), len(h.out.got(s.To)))
	}
	for i, w := range told {
		switch {
		case i == 0 && !w.from.IsZero():
			t.Errorf("the first window begins at %s, want it to carry the state of affairs", w.from)
		case i > 0 && !w.from.Equal(told[i-1].to):
			t.Errorf("window %d begins at %s, the one before ended at %s", i, w.from, told[i-1].to)
		case !sched.Next(w.to.Add(-1)).Equal(w.to):
			t.Errorf("window %d ends at %s, which is no slot", i, w.to)
		}
	}
	if last := told[len(told)-1].to; !sched.Next(last).After(time.Now()) {
		t.Errorf("the last window ends at %s, but a slot has come since", last)
	}
	h.halt()
}
