package schedule

import (
	"fmt"
	"strings"
	"time"
)

// Quiet is a span of hours, every day, in which nothing is sent. The zero
// Quiet is no such span.
type Quiet struct {
	from, to time.Duration // since midnight on the wall clock
	zone     *time.Location
}

// ParseQuiet reads "22:00-07:00", or "" for none, on the wall clock of the
// zone. Its errors are *commands.UserError.
func ParseQuiet(s, zone string) (Quiet, error) {
	loc, err := Zone(zone)
	if err != nil {
		return Quiet{}, err
	}
	if strings.TrimSpace(s) == "" {
		return Quiet{}, nil
	}
	from, to, ok := strings.Cut(s, "-")
	h1, m1, err1 := readClock(strings.TrimSpace(from))
	h2, m2, err2 := readClock(strings.TrimSpace(to))
	q := Quiet{from: minutes(h1, m1), to: minutes(h2, m2), zone: loc}
	if !ok || err1 != nil || err2 != nil || q.from == q.to {
		return Quiet{}, userError(
			"“%s” is not a span of hours. Write two different times of day, for example 22:00-07:00.",
			"« %s » n’est pas une plage d’heures. Écrivez deux heures différentes, par exemple 22:00-07:00.", short(s))
	}
	return q, nil
}

func minutes(h, m int) time.Duration {
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
}

// String writes the span as files do: "22:00-07:00", or "" for none.
func (q Quiet) String() string {
	if q.zone == nil {
		return ""
	}
	clock := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }
	return clock(q.from) + "-" + clock(q.to)
}

// End returns the first instant from at on that is not quiet: at itself, or the
// end of the quiet hours it lies in. Both ends are wall times and follow the
// rules of [Schedule.Next] where the clock changes.
func (q Quiet) End(at time.Time) time.Time {
	if q.zone == nil {
		return at
	}
	w := wall(at, q.zone)
	today := time.Date(w.Year(), w.Month(), w.Day(), 0, 0, 0, 0, time.UTC)
	for days := -1; days <= 1; days++ {
		day := today.AddDate(0, 0, days)
		last := day
		if q.to < q.from {
			last = day.AddDate(0, 0, 1)
		}
		start, end := instant(day.Add(q.from), q.zone), instant(last.Add(q.to), q.zone)
		if !at.Before(start) && at.Before(end) {
			return end
		}
	}
	return at
}
