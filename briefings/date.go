package briefings

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// Date is a civil date as precisely as it is known: a day, a month or a year.
// The zero Date is no date.
type Date struct {
	Year  int
	Month int // 0 when only the year is known
	Day   int // 0 when only the month is known
}

// ParseDate reads "2024-09-17", "2024-09" or "2024".
func ParseDate(s string) (Date, error) {
	for _, layout := range [...]string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, s)
		if err != nil || t.Year() == 0 { // the zero Date is no date
			break
		}
		d := Date{Year: t.Year()}
		if len(layout) > 4 {
			d.Month = int(t.Month())
		}
		if len(layout) > 7 {
			d.Day = t.Day()
		}
		return d, nil
	}
	return Date{}, fmt.Errorf("%q is not a date: write 2024-09-17, 2024-09 or 2024", s)
}

// DateOf returns the civil date of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns "2024-09-17", "2024-09", "2024", or "" for no date.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Compare orders dates by their first day; of two that begin together the less
// precise one comes first.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// First returns the first day of d, as a full date.
func (d Date) First() Date { return Date{d.Year, max(d.Month, 1), max(d.Day, 1)} }

// Last returns the last day of d, as a full date.
func (d Date) Last() Date {
	switch {
	case d.IsZero() || d.Day != 0:
		return d
	case d.Month == 0:
		return Date{d.Year, 12, 31}
	}
	return DateOf(time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC))
}

// AddDays returns the date n days from d's first day.
func (d Date) AddDays(n int) Date {
	f := d.First()
	return DateOf(time.Date(f.Year, time.Month(f.Month), f.Day+n, 0, 0, 0, 0, time.UTC))
}

var months = map[Lang][12]string{
	EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	FR: {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
}

// Months returns the names of the months in lang, January first.
func Months(lang Lang) [12]string {
	if m, ok := months[lang]; ok {
		return m
	}
	return months[EN]
}

// In writes d for a reader of lang: "17 September 2024", "1er mai 2026",
// "septembre 2024", "2024".
func (d Date) In(lang Lang) string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return strconv.Itoa(d.Year)
	}
	s := Months(lang)[d.Month-1] + " " + strconv.Itoa(d.Year)
	switch {
	case d.Day == 0:
		return s
	case d.Day == 1 && lang == FR:
		return "1er " + s
	}
	return strconv.Itoa(d.Day) + " " + s
}
