package delivery

import (
	"testing"
	"time"

	"griot/bot/store"
	"griot/bot/store/storetest"
	"griot/commands"
)

// TestClocksApart: a machine whose clock is minutes off takes nothing over from
// a process that lives, and leaves nothing to others for longer.
func TestClocksApart(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{0, 5 * time.Minute, -5 * time.Minute} {
		t.Run(off.String(), func(t *testing.T) {
			t.Parallel()
			h := &house{t: t, url: storetest.URL(t, "postgres"), out: newPlatform(commands.Telegram)}
			h.open()
			defer h.halt()
			h.Deadline = 48 * time.Hour
			h.subscribe(sub(commands.Telegram, "1", "reef"))
			// Both look a day later, as tests do, on machines whose clocks are apart.
			at := func(off, later time.Duration) *Service {
				s := New(h.Options)
				s.machine = func() time.Time { return time.Now().Add(off) }
				s.Now = func() time.Time { return time.Now().Add(off + 24*time.Hour + later) }
				if err := s.tune(t.Context()); err != nil {
					t.Fatal(err)
				}
				return s
			}
			holder := at(off, 0)
			if err := holder.plan(t.Context()); err != nil {
				t.Fatal(err)
			}
			taken, err := h.Store.Claim(t.Context(), commands.Telegram, holder.boot, holder.Now(), holder.leaseTime().Add(lease), 1)
			if err != nil || len(taken) != 1 {
				t.Fatalf("claimed %d, %v", len(taken), err)
			}
			state := func() store.State {
				t.Helper()
				list, err := h.Store.Deliveries(t.Context(), "")
				if err != nil || len(list) != 1 {
					t.Fatalf("%d deliveries, %v", len(list), err)
				}
				return list[0].State
			}
			if err := at(0, lease).recover(t.Context(), false); err != nil || state() != store.Claimed {
				t.Errorf("within the lease it is %s, %v; want it claimed as before", state(), err)
			}
			if err := at(0, lease+leaseGrace+5*time.Second).recover(t.Context(), false); err != nil || state() != store.Retry {
				t.Errorf("when the lease is over it is %s, %v; want it taken over", state(), err)
			}
		})
	}
}
