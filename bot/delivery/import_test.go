package delivery

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/store"
	"griot/commands"
)

// TestImportBesideARunningBot: another process imports; the running one wakes
// within its tick, and new subscriptions begin with the state of affairs.
func TestImportBesideARunningBot(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		same := sub(commands.Telegram, "1", "reef")
		same.Schedule, same.WhenQuiet = "daily 00:01", "skip"
		h.subscribe(same)
		h.tick = tick
		h.run()
		time.Sleep(5*time.Minute + 50*time.Second)

		beside, err := store.Open(context.Background(), h.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		soon := sub(commands.Telegram, "2", "reef")
		soon.Schedule, soon.WhenQuiet = "daily 00:06", "skip"
		done, err := New(Options{Store: beside}).Import(context.Background(), []commands.Subscription{soon, same})
		if err != nil || done != (store.Imported{Added: 1, Kept: 1}) {
			t.Fatalf("imported %+v, %v", done, err)
		}
		if err := beside.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10*time.Second + tick) // its time, and a look of the planner
		synctest.Wait()
		h.want(soon.To, "reef en start..01-01T00:06 #0")
		list, err := h.List(context.Background(), same.To)
		if err != nil || len(list) != 1 || list[0].Last.Format("15:04") != "00:01" {
			t.Errorf("what was there: %+v, %v, want it to run on", list, err)
		}
		h.halt()
	})
}
