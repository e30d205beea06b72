package commands

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/briefings"
)

// nearest returns up to limit names of commands that come near to what was typed, best first.
func nearest(typed string, t Table, limit int) []string {
	var names [][]string
	for i := range t {
		if t[i].Hidden {
			continue
		}
		names = append(names, append([]string{t[i].Name, t[i].Names.EN, t[i].Names.FR}, t[i].Also...))
	}
	return pick(typed, names, limit)
}

// pick returns the first of each group of names that come near to what was typed, best first.
func pick(typed string, groups [][]string, limit int) []string {
	want := briefings.Fold(typed)
	if want == "" || len(want) > 64 {
		return nil
	}
	type scored struct {
		name  string
		score int
	}
	var found []scored
	for _, g := range groups {
		best := 1 << 10
		for _, name := range g {
			best = min(best, score(want, briefings.Fold(name)))
		}
		if best <= max(1, utf8.RuneCountInString(want)/3) {
			found = append(found, scored{g[0], best})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
	var out []string
	for _, f := range found[:min(limit, len(found))] {
		out = append(out, f.name)
	}
	return out
}

// score is 0 for the same word, 1 for a beginning, else the letters to change.
func score(want, known string) int {
	switch {
	case want == known:
		return 0
	case known == "":
		return 1 << 10
	case len(want) > 1 && strings.HasPrefix(known, want), len(known) > 2 && strings.HasPrefix(want, known+" "):
		return 1
	}
	return edits([]rune(want), []rune(known))
}

// edits counts the letters to insert, drop, change or swap with their neighbour.
func edits(a, b []rune) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			same := 1
			if a[i] == b[j] {
				same = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+same)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// clip makes what somebody typed fit to be said back: one line, not long.
func clip(s string) string { return clipTo(s, 60) }

// clipTo is clip to at most n characters.
func clipTo(s string, n int) string {
	return cut(strings.Join(strings.FieldsFunc(s, blank), " "), n)
}

func blank(c rune) bool {
	return unicode.IsSpace(c) || unicode.IsControl(c) || c == utf8.RuneError || unicode.Is(unicode.Bidi_Control, c)
}

// cut shortens s to at most n characters, the last one then an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), " ") + "…"
}
