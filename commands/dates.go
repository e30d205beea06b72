package commands

import "griot/briefings"

// today is the asker's civil date.
func (r Request) today() briefings.Date {
	if r.Zone != nil {
		return briefings.DateOf(r.Now.In(r.Zone))
	}
	return briefings.DateOf(r.Now.UTC())
}

// readPeriod reads a date as the asker means it.
func readPeriod(s string, r Request) briefings.Period {
	return briefings.ReadPeriod(s, r.Lang, r.today())
}

// isDate reports whether words say when, in either language.
func (c *Core) isDate(words string) bool {
	return !readPeriod(words, Request{Lang: briefings.FR, Now: c.now()}).IsZero()
}

func badDate(r Request, option, value string) error {
	return wrong("I do not understand “%s” as a date. Write 2024, 2024-09, 2024-09-17, or words such as “last month”.",
		"Je ne comprends pas la date « %s ». Écrivez 2024, 2024-09, 2024-09-17, ou des mots comme « mois dernier ».", clip(value)).
		offer(lastMonth, r.again(option, lastMonth.In(r.Lang), "page", "")).offer(thisYear, r.again(option, thisYear.In(r.Lang), "page", ""))
}

var (
	lastMonth = both("last month", "mois dernier")
	thisYear  = both("this year", "cette année")
)
