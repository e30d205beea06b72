package delivery

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"griot/briefings"
	"griot/commands"
)

// TestAfterAnOutageOneMessage: what a place missed in one language, whatever
// its hours and zones, comes as one message; from then on each digest goes on
// at its own hour, where that message ended.
func TestAfterAnOutageOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		to := sub(commands.Telegram, "1").To
		from := 0
		arrived := func(hour, minute int, messages int, want ...string) {
			t.Helper()
			time.Sleep(time.Until(time.Date(2000, time.January, 1, hour, minute, 0, 0, time.UTC)))
			synctest.Wait()
			got := h.asked()[from:]
			from += len(got)
			slices.Sort(got)
			same(t, "at the time", want, got)
			if n := len(h.out.got(to)); n != messages {
				t.Errorf("%d messages by then, want %d", n, messages)
			}
		}
		open := func() {
			h.at = func(step string) {
				if step == "finished" {
					h.Wake()
				}
			}
			h.run()
		}
		add := func(topic, schedule, zone string, lang briefings.Lang) {
			s := sub(commands.Telegram, "1", topic)
			s.Schedule, s.Zone, s.Lang = commands.Schedule(schedule), zone, lang
			h.subscribe(s)
			time.Sleep(time.Second)
		}
		add("reef", "daily 07:00", "UTC", briefings.EN)
		add("storm", "daily 10:00", "Africa/Nairobi", briefings.EN) // 07:00 UTC as well
		add("harbour", "daily 09:00", "Africa/Bamako", briefings.EN)
		add("lake", "cron 15 */2 * * *", "UTC", briefings.EN)
		add("reef", "daily 08:00", "UTC", briefings.FR)
		add("ferry", "daily 11:00", "UTC", briefings.EN)
		arrived(10, 0, 0)
		open()
		arrived(10, 10, 2, "reef fr start..01-01T08:00", "reef+storm+harbour+lake en start..01-01T09:00")
		arrived(11, 10, 4, "ferry en start..01-01T11:00", "lake en 01-01T09:00..01-01T10:15")
		h.halt()
		arrived(24+7, 10, 4)
		h.open()
		open()
		arrived(24+7, 20, 5, "lake en 01-01T10:15..01-02T07:00", "reef+storm en 01-01T09:00..01-02T07:00")
		arrived(24+9, 10, 8, "harbour en 01-01T09:00..01-02T09:00", "lake en 01-02T07:00..01-02T08:15", "reef fr 01-01T08:00..01-02T08:00")
		h.halt()
	})
}

// TestQuietHoursEndInOneMessage: what waited for their end goes with what is due then.
func TestQuietHoursEndInOneMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		for _, of := range []string{"reef daily 05:00", "storm daily 06:30", "harbour daily 08:00"} {
			s := sub(commands.Telegram, "1")
			topic, schedule, _ := strings.Cut(of, " ")
			s.Topics, s.Schedule, s.QuietHours = []string{topic}, commands.Schedule(schedule), "22:00-08:00"
			h.subscribe(s)
			time.Sleep(time.Second)
		}
		h.run()
		time.Sleep(9 * time.Hour)
		synctest.Wait()
		h.want(sub(commands.Telegram, "1").To, "reef+storm+harbour en start..01-01T08:00 #0")
		h.halt()
	})
}
