package briefings

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Period is a span of days, both included, as full dates. The zero Period is none.
type Period struct{ First, Last Date }

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p.First.IsZero() }

// Whole is the one day, month or year that a period spans, or no date.
func (p Period) Whole() Date {
	for _, d := range [...]Date{p.First, {Year: p.First.Year, Month: p.First.Month}, {Year: p.First.Year}} {
		if !p.IsZero() && d.First() == p.First && d.Last() == p.Last {
			return d
		}
	}
	return Date{}
}

// ReadPeriod understands the words people use for dates, in any of the
// languages: 2024, 2024-09, 17 September 2024, last month, hier, depuis mars.
// Lang is that of the reader, who may put the day before the month; today is
// the reader's. The zero Period is what it does not understand.
func ReadPeriod(s string, lang Lang, today Date) Period {
	if d, err := ParseDate(strings.TrimSpace(s)); err == nil {
		return Period{d.First(), d.Last()}
	}
	if len(s) > 100 {
		return Period{}
	}
	words := strings.Fields(Fold(s))
	for len(words) > 1 && slices.Contains(leadIns, words[0]) {
		if p := partOfYear(words); !p.IsZero() {
			return p
		}
		words = words[1:]
	}
	if n := len(words); n > 1 && words[n-1] == "ci" {
		words = words[:n-1] // ce mois-ci
	}
	if p := namedPeriod(strings.Join(words, " "), today); !p.IsZero() {
		return p
	}
	if p := countedPeriod(words, today); !p.IsZero() {
		return p
	}
	if p := dateOfNumbers(words, lang); !p.IsZero() {
		return p
	}
	return monthPeriod(words, today)
}

// partOfYear reads "mid-2026", "début 2025".
func partOfYear(words []string) Period {
	if len(words) != 2 {
		return Period{}
	}
	months, ok := yearParts[words[0]]
	y, err := strconv.Atoi(words[1])
	if !ok || err != nil || y < 1000 || y > 9999 {
		return Period{}
	}
	return Period{Date{y, months[0], 1}, Date{Year: y, Month: months[1]}.Last()}
}

// yearParts are the first and the last month of what a part of a year may be.
var yearParts = map[string][2]int{
	"early": {1, 4}, "debut": {1, 4}, "mid": {6, 8}, "mi": {6, 8}, "late": {9, 12}, "fin": {9, 12},
}

// leadIns may stand before a date and say nothing more about it.
var leadIns = strings.Fields("since depuis from the this in on of until till to en le la les l du au de d des ce cet cette jusqu a partir dans early mid late debut mi fin")

func namedPeriod(s string, today Date) Period {
	monday := today.AddDays(-(int(weekday(today)) + 6) % 7)
	month := Date{Year: today.Year, Month: today.Month}
	before, after := monthsFrom(today, -1), monthsFrom(today, 1)
	switch s {
	case "today", "aujourd hui", "now", "maintenant":
		return Period{today, today}
	case "yesterday", "hier":
		return Period{today.AddDays(-1), today.AddDays(-1)}
	case "day before yesterday", "avant hier":
		return Period{today.AddDays(-2), today.AddDays(-2)}
	case "tomorrow", "demain":
		return Period{today.AddDays(1), today.AddDays(1)}
	case "next week", "coming week", "semaine prochaine", "prochaine semaine":
		return Period{monday.AddDays(7), monday.AddDays(13)}
	case "next month", "coming month", "mois prochain", "prochain mois":
		return Period{after.First(), after.Last()}
	case "next year", "coming year", "annee prochaine", "prochaine annee", "an prochain":
		return yearOf(today.Year + 1)
	case "week", "semaine":
		return Period{monday, monday.AddDays(6)}
	case "last week", "past week", "previous week", "semaine derniere", "semaine passee", "derniere semaine":
		return Period{monday.AddDays(-7), monday.AddDays(-1)}
	case "month", "mois":
		return Period{month.First(), month.Last()}
	case "last month", "past month", "previous month", "mois dernier", "mois passe", "dernier mois":
		return Period{before.First(), before.Last()}
	case "year", "annee", "an":
		return yearOf(today.Year)
	case "last year", "past year", "previous year", "annee derniere", "annee passee", "derniere annee", "an dernier", "an passe":
		return yearOf(today.Year - 1)
	}
	return Period{}
}

func weekday(d Date) time.Weekday {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

func yearOf(y int) Period {
	d := Date{Year: y}
	if y < 1 || y > 9999 {
		return Period{}
	}
	return Period{d.First(), d.Last()}
}

// monthsFrom returns the month n months from d's.
func monthsFrom(d Date, n int) Date {
	t := time.Date(d.Year, time.Month(d.Month)+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return Date{Year: t.Year(), Month: int(t.Month())}
}

var timeUnits = map[string]rune{
	"day": 'd', "days": 'd', "jour": 'd', "jours": 'd', "week": 'w', "weeks": 'w', "semaine": 'w', "semaines": 'w',
	"month": 'm', "months": 'm', "mois": 'm', "year": 'y', "years": 'y', "an": 'y', "ans": 'y', "annee": 'y', "annees": 'y',
}

// countedPeriod reads "last 30 days", "30 derniers jours", "3 weeks ago", "il y a 3 mois".
func countedPeriod(words []string, today Date) Period {
	n, unit, ago := 0, rune(0), false
	for _, w := range words {
		count, err := strconv.Atoi(w)
		switch {
		case err == nil && n == 0 && count > 0 && count < 10_000:
			n = count
		case timeUnits[w] != 0 && unit == 0:
			unit = timeUnits[w]
		case w == "ago" || w == "il" || w == "y":
			ago = true
		case w == "a" && ago, w == "last", w == "past", strings.HasPrefix(w, "dernier"):
		default:
			return Period{}
		}
	}
	if n == 0 || unit == 0 {
		return Period{}
	}
	var start, end Date
	switch unit {
	case 'd':
		start, end = today.AddDays(-n), today.AddDays(-n)
	case 'w':
		start, end = today.AddDays(-7*n), today.AddDays(-7*n+6)
	case 'm':
		m := monthsFrom(today, -n)
		start, end = m.First(), m.Last()
		if !ago {
			start.Day = min(today.Day, end.Day)
		}
	default:
		if ago {
			return yearOf(today.Year - n)
		}
		end = Date{Year: today.Year - n, Month: today.Month}.Last()
		start = end
		start.Day = min(today.Day, end.Day)
	}
	if !ago {
		end = today
	}
	if start.Year < 1 {
		return Period{}
	}
	return Period{start, end}
}

// dateOfNumbers reads dates of numbers alone, in the order of year, month and day,
// or of day, month and year where that can be nothing else.
func dateOfNumbers(words []string, lang Lang) Period {
	var n []int
	for _, w := range words {
		i, err := strconv.Atoi(w)
		if err != nil {
			return Period{}
		}
		n = append(n, i)
	}
	switch {
	case len(n) == 1 && n[0] > 999:
		return yearOf(n[0])
	case len(n) == 2 && n[0] > 999:
		return civil(n[0], n[1], 0)
	case len(n) == 2 && n[1] > 999:
		return civil(n[1], n[0], 0)
	case len(n) == 3 && n[0] > 999:
		return civil(n[0], n[1], n[2])
	case len(n) == 3 && n[2] > 999 && (n[0] > 12 || n[0] == n[1] || lang == FR):
		return civil(n[2], n[1], n[0])
	}
	return Period{}
}

// civil is the period of a day or, when day is 0, of a month that exists.
func civil(y, m, day int) Period {
	d := Date{Year: y, Month: m, Day: day}
	if got, err := ParseDate(d.String()); err != nil || got != d {
		return Period{}
	}
	return Period{d.First(), d.Last()}
}

// monthPeriod reads "September 2024", "17 septembre 2024", "mars": the last
// one that has begun when no year is given.
func monthPeriod(words []string, today Date) Period {
	var y, m, day int
	for _, w := range words {
		digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")
		n, err := strconv.Atoi(digits)
		switch month := monthNamed(w); {
		case month > 0 && m == 0:
			m = month
		case err == nil && len(digits) == 4 && len(w) == 4 && y == 0:
			y = n
		case err == nil && n >= 1 && n <= 31 && day == 0 && slices.Contains([]string{"", "er", "st", "nd", "rd", "th"}, w[len(digits):]):
			day = n
		case w == "of" || w == "de":
		default:
			return Period{}
		}
	}
	if m == 0 {
		return Period{}
	}
	if y == 0 {
		y = today.Year
		if p := civil(y, m, day); !p.IsZero() && p.First.Compare(today) > 0 {
			y--
		}
	}
	return civil(y, m, day)
}

// monthNamed reads the name of a month or its beginning of three letters or
// more, folded; 0 for anything else, and where it may be two of them.
func monthNamed(w string) int { return monthWords()[w] }

// monthWords are the names of months and their beginnings.
var monthWords = sync.OnceValue(func() map[string]int {
	words, whole := map[string]int{}, map[string]bool{}
	for _, lang := range Langs {
		for i, name := range Months(lang) {
			folded := Fold(name)
			words[folded], whole[folded] = i+1, true
			for n := 3; n < len(folded); n++ {
				part := folded[:n]
				switch m, taken := words[part]; {
				case whole[part] || taken && m == i+1:
				case taken:
					words[part] = 0 // "jui" is no month: juin or juillet
				default:
					words[part] = i + 1
				}
			}
		}
	}
	return words
})
