package schedule

import "time"

// Change is a moment at which the clock of a zone is set to another time.
type Change struct {
	At            time.Time     // the first instant of the new time, UTC
	Before, After time.Duration // ahead of UTC
}

// Changes lists the clock changes of a zone in the half-open span [from, to).
func Changes(zone *time.Location, from, to time.Time) []Change {
	var out []Change
	for t := from.Add(-1).In(zone); ; {
		_, end := bounds(t)
		if end.IsZero() || !end.Before(to) {
			return out
		}
		_, was := t.Zone()
		_, is := end.Zone()
		if was != is && !end.Before(from) { // a period may end for a new name alone
			out = append(out, Change{end.UTC(), time.Duration(was) * time.Second, time.Duration(is) * time.Second})
		}
		t = end
	}
}

// bounds are those of the period of constant offset that t lies in; zero where
// it has no bound.
func bounds(t time.Time) (start, end time.Time) {
	start, end = t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		// Go counts 365 days for a year that rules describe: on the last
		// day of a leap year the end it tells is past.
		end = time.Date(t.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(t.Location())
	}
	return start, end
}

// Shift is what a clock change does to a wall time on its day.
type Shift string

// The shifts.
const (
	Unshifted Shift = ""
	Skipped   Shift = "skipped"  // it does not exist: the first instant after the gap stands for it
	Repeated  Shift = "repeated" // it comes twice: the first counts
)

// Shift tells what a clock change does to the slot at the given instant.
func (s Schedule) Shift(at time.Time) Shift {
	if s.spec == nil {
		return Unshifted
	}
	w := wall(at, s.zone)
	if !s.nextWall(w.Add(-1)).Equal(w) {
		return Skipped
	}
	for _, c := range Changes(s.zone, at, at.Add(26*time.Hour)) {
		if back := c.Before - c.After; back > 0 && !at.Add(back).Before(c.At) {
			return Repeated
		}
	}
	return Unshifted
}
