package schedule

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // what the program embeds

	"griot/commands"
)

func mustParse(t *testing.T, s commands.Schedule, zone string) Schedule {
	t.Helper()
	p, err := Parse(s, zone)
	if err != nil {
		t.Fatalf("parse %q in %s: %v", s, zone, err)
	}
	return p
}

// fires lists what s fires in [from, to), as local times with their offset.
func fires(s Schedule, from, to time.Time) []string {
	var out []string
	for at := s.Next(from.Add(-1)); !at.IsZero() && at.Before(to); at = s.Next(at) {
		out = append(out, at.In(s.zone).Format("01-02T15:04-07:00"))
	}
	return out
}

func TestClockChanges(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, schedule, zone string
		from                 string // local date the two days start on
		want                 string
	}{
		{"a time that does not exist fires after the gap", "daily 02:30", "Europe/Paris", "2026-03-28", "03-28T02:30+01:00 03-29T03:00+02:00"},
		{"a time that comes twice fires once, first", "daily 02:30", "Europe/Paris", "2026-10-24", "10-24T02:30+02:00 10-25T02:30+02:00"},
		{"a plain morning is untouched", "daily 07:00", "Europe/Paris", "2026-03-28", "03-28T07:00+01:00 03-29T07:00+02:00"},
		{"two wall times of one gap are one fire", "cron 15,45 2 * * *", "Europe/Paris", "2026-03-28", "03-28T02:15+01:00 03-28T02:45+01:00 03-29T03:00+02:00"},
		{"the end of a gap and a time in it are one fire", "cron 30 2,3 * * *", "America/New_York", "2026-03-07", "03-07T02:30-05:00 03-07T03:30-05:00 03-08T03:00-04:00 03-08T03:30-04:00"},
		{"the last wall time of a gap is its end", "cron 0 2,3 * * *", "America/New_York", "2026-03-07", "03-07T02:00-05:00 03-07T03:00-05:00 03-08T03:00-04:00"},
		{"half an hour of gap", "daily 02:15", "Australia/Lord_Howe", "2026-10-03", "10-03T02:15+10:30 10-04T02:30+11:00"},
		{"half an hour twice", "daily 01:45", "Australia/Lord_Howe", "2026-04-04", "04-04T01:45+11:00 04-05T01:45+11:00"},
		{"midnight that does not exist", "daily 00:00", "America/Sao_Paulo", "2018-11-03", "11-03T00:00-03:00 11-04T01:00-02:00"},
		{"just after a midnight that does not exist", "daily 00:30", "America/Santiago", "2026-09-05", "09-05T00:30-04:00 09-06T01:00-03:00"},
		{"the last hour comes twice", "daily 23:30", "America/Santiago", "2026-04-03", "04-03T23:30-03:00 04-04T23:30-03:00"},
		{"before Ramadan", "daily 02:30", "Africa/Casablanca", "2026-02-14", "02-14T02:30+01:00 02-15T02:30+01:00"},
		{"after Ramadan", "daily 02:30", "Africa/Casablanca", "2026-03-21", "03-21T02:30+00:00 03-22T03:00+01:00"},
		{"a day that was skipped", "daily 07:00", "Pacific/Apia", "2011-12-29", "12-29T07:00-10:00 12-31T00:00+14:00"},
		{"no change of clocks", "daily 07:00", "Africa/Bamako", "2026-03-28", "03-28T07:00+00:00 03-29T07:00+00:00"},
		{"weekdays", "weekdays 07:00", "Europe/Paris", "2026-03-27", "03-27T07:00+01:00"},
		{"weekly", "weekly sun 02:00", "Europe/Paris", "2026-03-28", "03-29T03:00+02:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := mustParse(t, commands.Schedule(tc.schedule), tc.zone)
			from, err := time.ParseInLocation("2006-01-02", tc.from, s.zone)
			if err != nil {
				t.Fatal(err)
			}
			to := instant(wall(from, s.zone).AddDate(0, 0, 2), s.zone)
			if s.zone.String() == "Pacific/Apia" {
				to = to.Add(time.Hour) // the second day is not there; look into the third
			}
			if got := strings.Join(fires(s, from, to), " "); got != tc.want {
				t.Errorf("%s fires at\n got %s\nwant %s", s, got, tc.want)
			}
		})
	}
}

// TestEveryDayOnce walks ten years: each date on the wall has exactly one fire,
// each fire is on its own date or, where that date is cut off, just after the gap.
func TestEveryDayOnce(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{
		"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago",
		"Africa/Cairo", "Asia/Tehran", "Pacific/Chatham", "Asia/Beirut", "Pacific/Apia", "America/Nuuk", "UTC", "Africa/Bamako",
	} {
		for _, clock := range []string{"00:00", "00:30", "01:15", "02:00", "02:30", "03:00", "07:00", "23:30", "23:59"} {
			s := mustParse(t, commands.Schedule("daily "+clock), zone)
			day := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
			h, m, _ := readClock(clock)
			at := s.Next(instant(day, s.zone).Add(-1))
			for ; day.Year() < 2029; day = day.AddDate(0, 0, 1) {
				w := day.Add(minutes(h, m))
				if got := wall(at, s.zone); !got.Equal(w) && instant(w, s.zone) != at {
					t.Fatalf("%s %s: day %s fires at %s", zone, clock, day.Format("2006-01-02"), at.In(s.zone))
				}
				if shown := wall(at, s.zone); shown.Before(w) || shown.Sub(w) > time.Hour {
					t.Fatalf("%s %s: day %s fires at %s on the wall", zone, clock, day.Format("2006-01-02"), shown)
				}
				at = s.Next(at)
			}
		}
	}
}

// TestNextIsTheNext compares with trying every minute of days around changes.
func TestNextIsTheNext(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, zone := range []string{"Europe/Paris", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Asia/Tehran"} {
		for range 30 {
			expr := fmt.Sprintf("cron */%d %d-%d * * *", 5+rnd.IntN(40), rnd.IntN(3), 3+rnd.IntN(21))
			s := mustParse(t, commands.Schedule(expr), zone)
			start := time.Date(2022, time.Month(1+rnd.IntN(12)), 1+rnd.IntN(28), 0, 0, 0, 0, time.UTC)
			var want []time.Time
			for w := wall(start, s.zone).AddDate(0, 0, -2); w.Before(wall(start, s.zone).AddDate(0, 0, 4)); w = w.Add(time.Minute) {
				if s.spec.Next(w.Add(-1)).Equal(w) {
					if at := instant(w, s.zone); at.After(start) && at.Before(start.AddDate(0, 0, 2)) && (len(want) == 0 || !want[len(want)-1].Equal(at)) {
						want = append(want, at)
					}
				}
			}
			at := start
			for i := range want {
				if at = s.Next(at); !at.Equal(want[i]) {
					t.Fatalf("%s in %s from %s: fire %d is %s, want %s", expr, zone, start, i, at, want[i])
				}
			}
		}
	}
}

func TestNextGrowsAndSlotsDiffer(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Paris", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia"} {
		for _, text := range []commands.Schedule{"cron 10 * * * *", "cron 30 2 * * *", "cron */7 1-3 * 3,4,9,10 *", "weekly sun 02:30"} {
			s := mustParse(t, text, zone)
			at, slots := time.Date(2025, 12, 31, 22, 0, 0, 0, time.UTC), map[string]bool{}
			for range 2000 {
				next := s.Next(at)
				if !next.After(at) {
					t.Fatalf("%s in %s: after %s comes %s", text, zone, at, next)
				}
				if mid := s.Next(at.Add(next.Sub(at) / 2)); !mid.Equal(next) {
					t.Fatalf("%s in %s: between %s and %s lies %s", text, zone, at, next, mid)
				}
				if slot := s.Slot(next); slots[slot] {
					t.Fatalf("%s in %s: slot %s twice", text, zone, slot)
				} else {
					slots[slot] = true
				}
				at = next
			}
		}
	}
}

func TestYearOnTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := mustParse(t, "daily 02:30", "Europe/Paris")
		end := time.Now().AddDate(1, 0, 0)
		seen := map[string]int{}
		for due := s.Next(time.Now()); due.Before(end); due = s.Next(time.Now()) {
			time.Sleep(time.Until(due)) // the bubble's clock
			seen[time.Now().In(s.zone).Format("2006-01-02")]++
		}
		for day, n := range seen {
			if n != 1 {
				t.Errorf("%d fires on %s", n, day)
			}
		}
		if len(seen) != 366 { // synctest starts in 2000
			t.Errorf("fires on %d days, want 366", len(seen))
		}
	})
}

func TestRareDays(t *testing.T) {
	t.Parallel()
	s := mustParse(t, "cron 0 7 29 2 *", "UTC")
	for _, tc := range [][2]int{{2026, 2028}, {2028, 2032}, {2096, 2104}} {
		if got := s.Next(time.Date(tc[0], 3, 1, 0, 0, 0, 0, time.UTC)); got.Year() != tc[1] || got.YearDay() != 60 {
			t.Errorf("after March %d comes %s, want 29 February %d", tc[0], got, tc[1])
		}
	}
	if got := (Schedule{}).Next(time.Now()); !got.IsZero() {
		t.Errorf("the zero schedule fires at %s", got)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[commands.Schedule]string{
		"daily 07:00": "daily 07:00", " Daily  7:05 ": "daily 07:05", "weekdays 23:59": "weekdays 23:59",
		"weekly MON 07:00": "weekly mon 07:00", "cron 0 7 * * 1-5": "cron 0 7 * * 1-5", "cron  */15 7-9 1,15 JAN mon": "cron */15 7-9 1,15 JAN mon",
	} {
		if got := mustParse(t, in, "europe/paris"); got.String() != want || got.zone.String() != "Europe/Paris" {
			t.Errorf("%q reads as %q in %s, want %q", in, got, got.zone, want)
		}
	}
	for in, say := range map[commands.Schedule]string{
		"": "do not know the schedule", "hourly": "do not know the schedule", "daily": "do not know the schedule", "daily 07:00 07:00": "do not know the schedule",
		"daily 24:00": "not a time of day", "daily 7": "not a time of day", "daily 07:00:00": "not a time of day", "daily -1:00": "not a time of day",
		"weekly monday 07:00": "not a day of the week", "weekly 07:00": "do not know the schedule",
		"cron": "do not know the schedule", "cron @every 1h": "cannot be read", "cron @daily": "cannot be read", "cron 0 0 7 * * *": "cannot be read",
		"cron TZ=0 7 * * *": "cannot be read", "cron CRON_TZ=X": "cannot be read", "cron TZ=UTC 0 7 * * *": "cannot be read", "cron 0 7 * * 7": "cannot be read",
		"cron 60 7 * * *": "cannot be read", "cron */0 7 * * *": "cannot be read", "cron 0 7 30 2 *": "never comes",
		commands.Schedule("cron " + strings.Repeat("0,", 5000) + "0 7 * * *"): "do not know the schedule",
	} {
		_, err := Parse(in, "UTC")
		if ue, ok := errors.AsType[*commands.UserError](err); !ok || !strings.Contains(ue.Say.EN, say) {
			t.Errorf("%q: error %v, want the asker to read %q", in, err, say)
		} else if strings.ContainsAny(ue.Say.FR, "%") || ue.Say.FR == ue.Say.EN || strings.Contains(ue.Say.FR, " »") {
			t.Errorf("%q: French reads %q", in, ue.Say.FR)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"daily 07:00", "weekly mon 07:00", "cron 0 7 * * 1-5", "cron TZ=0", "cron @every 1s", "cron 0 7 30 2 *", "cron */9999999999999999999 * * * *"} {
		f.Add(s, "Europe/Paris")
	}
	now := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text, zone string) {
		s, err := Parse(commands.Schedule(text), zone)
		if err != nil {
			if _, ok := errors.AsType[*commands.UserError](err); !ok {
				t.Fatalf("%q: %v is not for the asker", text, err)
			}
			return
		}
		again, err := Parse(s.Text(), zone)
		if err != nil || again.Text() != s.Text() {
			t.Fatalf("%q reads back as %q, %v", s, again, err)
		}
		a, b := s.Next(now), again.Next(now)
		if a.IsZero() || !a.After(now) || !a.Equal(b) {
			t.Fatalf("%q: next %s and %s", text, a, b)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	s, err := Parse("daily 07:00", "Europe/Paris")
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		at = s.Next(at)
		if at.Year() > 2090 {
			at = at.AddDate(-60, 0, 0)
		}
	}
}
