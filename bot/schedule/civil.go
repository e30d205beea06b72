package schedule

import "time"

// wall returns what the clock of the zone shows at t, held in UTC fields.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// instant returns when the clock of the zone first shows w, a wall time held in
// UTC fields: the earlier of two instants, and the first one after the gap when
// it never does. It never decreases as w grows.
func instant(w time.Time, zone *time.Location) time.Time {
	// No offset reaches 26 hours, so the first period of constant offset that
	// could show w is the one here or a later one.
	t := w.Add(-26 * time.Hour).In(zone)
	for {
		_, offset := t.Zone()
		at := w.Add(-time.Duration(offset) * time.Second)
		start, end := bounds(t)
		switch {
		case !end.IsZero() && !at.Before(end):
			t = end
		case !start.IsZero() && at.Before(start):
			return start.UTC() // the gap before this period
		default:
			return at
		}
	}
}
