package briefings

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// changes tells where an altered run differs, what weighs most first.
func (m *comparison) changes(r run) []Edited {
	var out []Edited
	l := r.script
	ourDates, theirDates := datesOf(l.text), datesOf(m.text)
	for _, g := range r.gaps {
		m.wholeDate(l, &g, r, ourDates, theirDates)
		if n := len(out); n > 0 && out[n-1].Kind == EditedDate && m.between(g.theirs[0], g.theirs[1]) == out[n-1].Now && l.between(g.ours[0], g.ours[1]) == out[n-1].Was {
			continue // the same date once more
		}
		out = append(out, m.edited(l, g, r))
	}
	slices.SortStableFunc(out, func(a, b Edited) int { return cmp.Compare(a.Kind, b.Kind) })
	return out
}

func (m *comparison) edited(l *laid, g gap, r run) Edited {
	e := Edited{Kind: EditedWords, Passage: Passage{
		Was: bare(l.text, l.atoms, g.ours[0], g.ours[1]), Now: bare(m.text, m.atoms, g.theirs[0], g.theirs[1]),
	}}
	e.Before, e.After = beside(l.text, l.atoms, g.ours, r.ours)
	e.TheirBefore, e.TheirAfter = beside(m.text, m.atoms, g.theirs, [2]int{r.from, r.to})
	ours, theirs := l.atoms[g.ours[0]:g.ours[1]], m.atoms[g.theirs[0]:g.theirs[1]]
	both := slices.Concat(ours, theirs)
	has := func(f func(atom) bool) bool { return slices.ContainsFunc(both, f) }
	switch {
	case isWholeDate(e.Was) || isWholeDate(e.Now):
		e.Kind = EditedDate
	case has(func(a atom) bool { return negations[a.key] }):
		e.Kind = EditedNegation
	case has(func(a atom) bool { return weighty(a.key) || strings.ContainsAny(a.key, "$€£%") }):
		e.Kind = EditedNumber
	case m.names(l.text, ours) || m.names(m.text, theirs):
		e.Kind = EditedName
	}
	return e
}

// beside is what stands before and behind a place of a run, a few words each,
// with the marks and spaces that part them from it.
func beside(text string, atoms []atom, place, run [2]int) (before, after string) {
	line := func(s string) string { return strings.ReplaceAll(s, "\n", " ") }
	from, to := max(place[0]-around, run[0]), min(place[1]+around, run[1])
	if from < place[0] {
		end := atoms[place[0]-1].to
		if place[0] < len(atoms) {
			end = atoms[place[0]].from
		}
		before = line(text[atoms[from].from:end])
	}
	if place[1] < to {
		begin := atoms[place[1]].from
		if place[1] > 0 {
			begin = atoms[place[1]-1].to
		}
		after = line(text[begin:atoms[to-1].to])
	}
	if from > run[0] {
		before = "… " + before
	}
	if to < run[1] {
		after += " …"
	}
	return before, after
}

// names reports whether some of the atoms are written as names are.
func (m *comparison) names(text string, list []atom) bool {
	return slices.ContainsFunc(list, func(a atom) bool {
		r, _ := utf8.DecodeRuneInString(text[a.from:])
		return unicode.IsUpper(r) && a.from > 0
	})
}

// bare is the text of atoms without what surrounds it.
func bare(text string, atoms []atom, from, to int) string {
	if from >= to {
		return ""
	}
	return strings.ReplaceAll(text[atoms[from].from:atoms[to-1].to], "\n", " ")
}

// datesOf lists where a text has dates, as byte ranges.
func datesOf(text string) [][2]int {
	var out [][2]int
	for i := 0; i < len(text); {
		if n := dateEnd(text[i:]); n > 0 {
			out = append(out, [2]int{i, i + n})
			i += n
			continue
		}
		if n := wordEnd(text[i:]); n > 0 {
			i += n
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return out
}

func isWholeDate(s string) bool { return s != "" && dateEnd(s) == len(s) }

// wholeDate widens a gap so that it takes dates whole, on both sides by as
// many of the words that are alike.
func (m *comparison) wholeDate(l *laid, g *gap, r run, ours, theirs [][2]int) {
	before := max(reach(l.atoms, g.ours, ours, -1), reach(m.atoms, g.theirs, theirs, -1))
	behind := max(reach(l.atoms, g.ours, ours, 1), reach(m.atoms, g.theirs, theirs, 1))
	before = min(before, g.ours[0]-r.ours[0], g.theirs[0]-r.from)
	behind = min(behind, r.ours[1]-g.ours[1], r.to-g.theirs[1])
	g.ours = [2]int{g.ours[0] - before, g.ours[1] + behind}
	g.theirs = [2]int{g.theirs[0] - before, g.theirs[1] + behind}
}

// reach is how many atoms before (-1) or behind a range belong to a date that
// the range has a part of.
func reach(atoms []atom, of [2]int, dates [][2]int, way int) int {
	if of[0] >= of[1] {
		return 0
	}
	edge := atoms[of[0]]
	if way > 0 {
		edge = atoms[of[1]-1]
	}
	for _, d := range dates {
		if edge.from < d[0] || edge.to > d[1] {
			continue
		}
		n := 0
		for i := of[0] - 1; way < 0 && i >= 0 && atoms[i].from >= d[0]; i-- {
			n++
		}
		for i := of[1]; way > 0 && i < len(atoms) && atoms[i].to <= d[1]; i++ {
			n++
		}
		return n
	}
	return 0
}
