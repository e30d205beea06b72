package schedule

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/commands"
)

// TestChangesAreWhereTheOffsetChanges compares with looking at every quarter of an hour.
func TestChangesAreWhereTheOffsetChanges(t *testing.T) {
	t.Parallel()
	from, to := time.Date(2010, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2013, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"Europe/Paris", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago", "Africa/Cairo", "Africa/Bamako", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		var want []Change
		for at := from; at.Before(to); at = at.Add(15 * time.Minute) {
			_, was := at.Add(-1).In(zone).Zone()
			if _, is := at.In(zone).Zone(); was != is {
				want = append(want, Change{at, time.Duration(was) * time.Second, time.Duration(is) * time.Second})
			}
		}
		got := Changes(zone, from, to)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, want)
		}
		for _, c := range got { // the span is half open
			if n := len(Changes(zone, c.At, c.At.Add(1))); n != 1 {
				t.Errorf("%s: %d changes from %s on, want 1", name, n, c.At)
			}
			if n := len(Changes(zone, c.At.Add(-time.Hour), c.At)); n != 0 {
				t.Errorf("%s: %d changes before %s, want none", name, n, c.At)
			}
		}
	}
	for _, c := range Changes(time.UTC, from, to) {
		t.Errorf("the clock of UTC changes: %v", c)
	}
}

// TestShifts: a slot is shifted where the clock does not show what was asked
// for, and where it shows it once more.
func TestShifts(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Paris", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia", "UTC"} {
		seen := map[Shift]int{}
		for _, clock := range []string{"00:00", "00:30", "01:45", "02:15", "03:00", "07:00", "23:30"} {
			s := mustParse(t, commands.Schedule("daily "+clock), zone)
			start := time.Date(2024, 12, 1, 0, 0, 0, 0, time.UTC)
			if zone == "Pacific/Apia" {
				start = time.Date(2011, 6, 1, 0, 0, 0, 0, time.UTC)
			}
			for at := s.Next(start); at.Before(start.AddDate(1, 0, 0)); at = s.Next(at) {
				want, shown := Unshifted, at.In(s.zone).Format("2006-01-02 15:04")
				if !strings.HasSuffix(shown, clock) {
					want = Skipped
				}
				for later := at.Add(time.Minute); want == Unshifted && later.Before(at.Add(3*time.Hour)); later = later.Add(time.Minute) {
					if later.In(s.zone).Format("2006-01-02 15:04") == shown {
						want = Repeated
					}
				}
				got := s.Shift(at)
				if seen[got]++; got != want {
					t.Errorf("%s %s at %s: %q, want %q", zone, clock, at.In(s.zone), got, want)
				}
			}
		}
		if zone != "UTC" && (seen[Skipped] == 0 || seen[Repeated] == 0) {
			t.Errorf("%s: saw %v, want every kind", zone, seen)
		}
	}
}
