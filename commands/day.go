package commands

import (
	"fmt"
	"regexp"
	"strconv"

	"griot/briefings"
)

// monthDay is a day of the year in figures: "09-17".
var monthDay = regexp.MustCompile(`^\d{2}-\d{2}$`)

func (c *Core) dayOption() Option {
	return Option{
		Name: "day", Names: both("day", "jour"), Takes: c.isDay,
		Summary: both("On this day of any year: today, 17 September, 09-17", "Ce jour-là, toutes années : aujourd’hui, 17 septembre, 09-17"),
	}
}

// isDay reports whether words name a day, in either language.
func (c *Core) isDay(words string) bool {
	return !readDay(words, Request{Lang: briefings.FR, Now: c.now()}).IsZero()
}

// readDay reads a day of the year, whatever its year; zero for no day. In
// figures it is read in a leap year, so that 29 February is one.
func readDay(s string, r Request) briefings.Date {
	if monthDay.MatchString(s) {
		s = "2024-" + s
	}
	if p := readPeriod(s, r); p.First == p.Last {
		return briefings.Date{Month: p.First.Month, Day: p.First.Day}
	}
	return briefings.Date{}
}

func badDay(r Request, value string) error {
	today := r.today()
	today.Year = 0
	return wrong("I do not understand “%s” as a day. Write 17 September, 09-17 or today.",
		"Je ne comprends pas le jour « %s ». Écrivez 17 septembre, 09-17 ou aujourd’hui.", clip(value)).
		offer(sayDay(today), r.again("day", figures(today), "page", ""))
}

// figures writes a day of the year as it is typed: "09-17".
func figures(d briefings.Date) string { return fmt.Sprintf("%02d-%02d", d.Month, d.Day) }

// sayDay writes a day of the year for readers.
func sayDay(d briefings.Date) briefings.Text {
	first := strconv.Itoa(d.Day)
	if d.Day == 1 {
		first = "1er"
	}
	return briefings.Text{
		EN: strconv.Itoa(d.Day) + " " + briefings.Months(briefings.EN)[d.Month-1],
		FR: first + " " + briefings.Months(briefings.FR)[d.Month-1],
	}
}

// onDay keeps the events that began on a day of the year, those known only by
// month or year left out.
func onDay(events []*briefings.Event, day briefings.Date) []*briefings.Event {
	var out []*briefings.Event
	for _, e := range events {
		if e.Date.Day == day.Day && e.Date.Month == day.Month {
			out = append(out, e)
		}
	}
	return out
}

// nearestDay is the day of the year nearest to one on which an event began, the
// turn of the year being no wall; zero for none.
func nearestDay(events []*briefings.Event, day briefings.Date) briefings.Date {
	const year = 12 * 31
	var best briefings.Date
	least := year
	for _, e := range events {
		if e.Date.Day == 0 {
			continue
		}
		d := briefings.Date{Month: e.Date.Month, Day: e.Date.Day}
		far := roughDays(d) - roughDays(day)
		if far = min(max(far, -far), year-max(far, -far)); far < least {
			best, least = d, far
		}
	}
	return best
}
