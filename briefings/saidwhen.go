package briefings

import (
	"slices"
	"strconv"
	"strings"
)

// said is a period that running text names, in words from up to to.
type said struct {
	Period
	from, to int
	// open says on which side the text leaves it open: "since" the end,
	// "before" the beginning.
	open opening
}

type opening byte

const (
	closed opening = iota
	since
	before
)

// A number of four digits may be a year within these.
const (
	firstYear = 1900
	lastYear  = 2070
)

// maxDateWords is the longest date looked for in running text, in words.
const maxDateWords = 6

// periods returns the dates that running text names, in order. Bare numbers
// are years only where they can be, and bare words such as "may" or "week" are
// dates only behind a word that makes them one.
func periods(words []word, lang Lang, today Date) []said {
	var out []said
	for i := 0; i < len(words); i++ {
		for n := min(maxDateWords, len(words)-i); n > 0; n-- {
			part := words[i : i+n]
			if !datelike(part) || i > 0 && numberedThings[words[i-1].folded] {
				continue
			}
			p := ReadPeriod(joined(part), lang, today)
			if p.First.Year < 1000 { // none, or one that needs to know today
				continue
			}
			out = append(out, said{p, i, i + n, openness(words, i)})
			i += n - 1
			break
		}
	}
	return out
}

func joined(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.folded)
	}
	return b.String()
}

// Words of dates in running text, folded.
var (
	dateSingles = strings.Fields("yesterday hier tomorrow demain")
	dateUnits   = strings.Fields("day days week weeks month months year years jour jours semaine semaines mois an ans annee annees")
	// dateMakers make a date of a unit of time or of a month without its year.
	dateMakers  = strings.Fields("this last past previous next ago cette ce cet dernier derniere derniers dernieres passe passee prochain prochaine il avant")
	monthMakers = strings.Fields("in since last this until en depuis debut fin jusqu ce dernier early late mid mi")
	sinceLead   = strings.Fields("since depuis after apres")
	beforeLead  = strings.Fields("before avant until till jusqu")

	dateWords = wordSet(strings.Join(slices.Concat(dateSingles, dateUnits, dateMakers, monthMakers, sinceLead, beforeLead), " "))
)

// datelike reports whether words that read as a date are meant as one.
func datelike(words []word) bool {
	has := func(list []string) bool {
		return slices.ContainsFunc(words, func(w word) bool { return slices.Contains(list, w.folded) })
	}
	year, day, month := false, false, false
	for _, w := range words {
		n, err := strconv.Atoi(strings.TrimRight(w.folded, "rsthnde"))
		switch {
		case err == nil && n >= firstYear && n <= lastYear:
			year = true
		case err == nil && n >= 1 && n <= 31:
			day = true
		case err == nil:
			return false
		case monthNamed(w.folded) > 0:
			month = true
		}
	}
	switch {
	case len(words) == 1 && year, has(dateSingles), month && (year || day), year && day && len(words) >= 3:
		return true
	case has(dateUnits):
		return has(dateMakers)
	case month:
		return has(monthMakers)
	}
	return year && !day
}

// numberedThings have numbers that look like years.
var numberedThings = wordSet("resolution resolutions article articles no n number numero flight vol")

// openness reads the word before a date, or its first one.
func openness(words []word, i int) opening {
	for _, at := range [...]int{i, i - 1} {
		switch {
		case at < 0:
		case slices.Contains(sinceLead, words[at].folded):
			return since
		case slices.Contains(beforeLead, words[at].folded):
			return before
		}
	}
	return closed
}

// dateTokens are the words an index has for a date: the day, its month and its
// year, as far as they are known.
func dateTokens(d Date) []string {
	if d.IsZero() {
		return nil
	}
	out := []string{"#" + d.String()}
	if d.Day > 0 {
		out = append(out, "#"+Date{Year: d.Year, Month: d.Month}.String())
	}
	if d.Month > 0 {
		out = append(out, "#"+Date{Year: d.Year}.String())
	}
	return out
}

// datesIn returns the tokens of the dates that a folded text gives with their
// year: "17 September 2024", "septembre 2024", "2024".
func datesIn(folded string) []string {
	var out []string
	before, last := "", ""
	for w := range strings.FieldsSeq(folded) {
		year := 0
		if len(w) == 4 && (w[0] == '1' || w[0] == '2') {
			year, _ = strconv.Atoi(w)
		}
		if year >= firstYear && year <= lastYear {
			for _, t := range dateTokens(dated(before, last, year)) {
				if !slices.Contains(out, t) {
					out = append(out, t)
				}
			}
		}
		before, last = last, w
	}
	return out
}

// dated is the date that a year makes with the two words before it.
func dated(day, month string, year int) Date {
	d := Date{Year: year, Month: monthNamed(month)}
	if d.Month > 0 {
		if n, err := strconv.Atoi(strings.TrimSuffix(day, "er")); err == nil && n >= 1 && n <= 31 {
			d.Day = n
		}
	}
	return d
}

// covers reports whether an event may lie within the period.
func (t said) covers(e *Event) bool {
	f := Filter{From: t.First, To: t.Last}
	switch t.open {
	case since:
		f.To = Date{}
	case before:
		f.From, f.To = Date{}, t.First
	}
	return f.matches(e)
}
