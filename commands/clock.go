package commands

import (
	"fmt"
	"strings"
	"time"

	"griot/briefings"
)

// lateness is how long after its time a digest counts as late.
const lateness = 2 * time.Minute

// clock is the wall clock of a digest's zone.
type clock struct {
	zone string
	loc  *time.Location
}

func clockOf(s Subscription) clock {
	loc, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "" { // a zone of an older time may be gone
		return clock{"UTC", time.UTC}
	}
	return clock{s.Zone, loc}
}

// moment is an instant on the wall, with its zone and what it is ahead of UTC,
// which clock changes move: "Sunday 29 March 2026 at 03:00 (Europe/Paris, UTC+2)".
func (k clock) moment(at time.Time) briefings.Text {
	at = at.In(k.loc)
	day := days[(int(at.Weekday())+6)%7].name
	return both("%s %s at %s (%s)", "%s %s à %s (%s)", day, inWords(briefings.DateOf(at)), at.Format("15:04"), k.named(at))
}

// at is a time of day, with its date where that is not the one of near.
func (k clock) at(at, near time.Time) briefings.Text {
	at = at.In(k.loc)
	if briefings.DateOf(at) == briefings.DateOf(near.In(k.loc)) {
		return both("at %s (%s)", "à %s (%s)", at.Format("15:04"), k.zone)
	}
	return both("on %s at %s (%s)", "le %s à %s (%s)", inWords(briefings.DateOf(at)), at.Format("15:04"), k.zone)
}

// named is the zone with its offset at the time: "Europe/Paris, UTC+2".
func (k clock) named(at time.Time) string {
	_, offset := at.Zone()
	if k.zone == "UTC" {
		return k.zone
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	ahead := fmt.Sprintf("UTC%s%d", sign, offset/3600)
	if m := offset % 3600 / 60; m != 0 {
		ahead += fmt.Sprintf(":%02d", m)
	}
	return k.zone + ", " + ahead
}

// notes say what is odd about the time of a digest to come: the end of quiet
// hours, a time that is not there or twice, clocks changed since the one before.
func (k clock) notes(s Subscription, n, before Sending) []briefings.Text {
	var out []briefings.Text
	at := n.Slot.In(k.loc)
	shows := at.Format("15:04")
	if f := strings.Fields(string(s.Schedule)); len(f) > 1 && f[0] != "cron" && f[len(f)-1] != shows {
		out = append(out, both("the clocks go forward and there is no %s that day", "l’horloge avance et il n’y a pas de %s ce jour-là", f[len(f)-1]))
	} else if k.twice(at) {
		out = append(out, both("%s comes twice that day, this is the first", "%s revient deux fois ce jour-là, c’est la première", shows))
	} else if !before.Slot.IsZero() && offset(at) != offset(before.Slot.In(k.loc)) {
		out = append(out, both("the clocks have changed since the one before", "l’heure a changé depuis le précédent"))
	}
	if n.Cause == CauseQuietHours {
		out = append(out, both("held by the quiet hours, it comes %s", "retenu par les heures calmes, il arrive %s", k.at(n.When, n.Slot)))
	}
	return out
}

func offset(at time.Time) int {
	_, o := at.Zone()
	return o
}

// twice reports whether the clock shows the same once more after it is put back.
func (k clock) twice(at time.Time) bool {
	_, end := at.ZoneBounds()
	if end.IsZero() || end.Before(at) {
		return false
	}
	back := time.Duration(offset(at)-offset(end.In(k.loc))) * time.Second
	return back > 0 && !at.Add(back).Before(end)
}
