package briefings

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// quantity is a number of a text.
type quantity struct {
	text  string
	value float64
}

// quantities returns the numbers of a text, but not the years and days in it.
func quantities(text string) []quantity {
	var out []quantity
	for _, tk := range tokens(text) {
		tk = strings.TrimRight(tk, spaceRunes)
		if dateEnd(tk) == len(tk) || numberEnd(tk) != len(tk) {
			continue
		}
		if v := valueOf(tk); v > 0 && (v < 1900 || v > 2100 || len(tk) != 4) {
			out = append(out, quantity{tk, v})
		}
	}
	return out
}

// valueOf reads a number as [numberEnd] takes it: "$2.85 million", "4,200", "50 %".
func valueOf(number string) float64 {
	scale := 1.0
	if words := strings.Fields(number); len(words) > 1 {
		for _, w := range words[1:] {
			if by := scales[strings.ToLower(w)]; by > 0 {
				scale = by
			}
		}
	}
	var b strings.Builder
	s := number[strings.IndexAny(number, "0123456789"):]
	first := digits(s)
	for len(s) > 0 {
		n := digits(s)
		b.WriteString(s[:n])
		s = s[n:]
		gap := groupGap(s)
		next := digits(s[gap:])
		switch {
		case gap == 0 || next == 0:
			s = ""
		case first <= 3 && next == 3:
			s = s[gap:]
		default:
			b.WriteByte('.')
			s = s[gap:]
			first = 4 // behind the point come no groups
		}
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	if err != nil {
		return 0
	}
	return v * scale
}

// jumping finds a number that grew or shrank tenfold from one text to another.
// Of a place where other numbers stand than before they are compared one by
// one, if there are as many.
func jumping(was, now string) (before, after string, jumps bool) {
	var gone, come string
	compare := func() bool {
		a, b := without(quantities(gone), quantities(come)), without(quantities(come), quantities(gone))
		for i := range a {
			if len(a) == len(b) && math.Max(a[i].value/b[i].value, b[i].value/a[i].value) >= jump {
				before, after = a[i].text, b[i].text
				return true
			}
		}
		return false
	}
	for _, e := range Diff(was, now) {
		switch e.Op {
		case Delete:
			gone += e.Text
		case Insert:
			come += e.Text
		default:
			if compare() {
				return before, after, true
			}
			gone, come = "", ""
		}
	}
	return before, after, compare()
}

// without are the numbers of one list that the other has not.
func without(list, other []quantity) []quantity {
	return slices.DeleteFunc(slices.Clone(list), func(q quantity) bool {
		return slices.ContainsFunc(other, func(o quantity) bool { return o.value == q.value })
	})
}
