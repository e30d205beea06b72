package briefings

import (
	"cmp"
	"slices"
)

// Marker finds the words of a query in texts that were found by it.
type Marker struct {
	x     *Index
	stems map[*lexicon]map[int32]bool
	items map[ID]bool
}

// Marker makes a marker for the words and names of a query, as a search
// understands them.
func (x *Index) Marker(query string, lang Lang) *Marker {
	m := &Marker{x: x, stems: map[*lexicon]map[int32]bool{}, items: map[ID]bool{}}
	s := x.words()
	for _, l := range s.langs {
		m.stems[l] = map[int32]bool{}
	}
	u := x.understand(Question{Text: query, Lang: lang})
	for i := range u.wants {
		w := &u.wants[i]
		for _, id := range w.items {
			m.items[id] = true
		}
		for _, f := range w.forms {
			if w.kind == wantWord && f.weight > kinWeight {
				m.stems[f.lexicon][f.number] = true
			}
		}
	}
	return m
}

// Marks returns where a text of the language has the query's words and names:
// byte ranges [from, to), in order, that neither overlap nor touch.
func (m *Marker) Marks(text string, lang Lang) [][2]int {
	l := m.x.words().langs[lang]
	if l == nil {
		return nil
	}
	words := wordsOf(text)
	var out [][2]int
	mark := func(from, to int) { // words
		out = append(out, [2]int{words[from].at, words[to-1].at + len(words[to-1].written)})
	}
	for i, w := range words {
		if m.stems[l][l.lookup(w.folded)] {
			mark(i, i+1)
		}
	}
	if len(m.items) > 0 {
		for _, found := range m.x.mentions(words, false) {
			if slices.ContainsFunc(found.matches, func(match Match) bool { return m.items[match.ID] }) {
				mark(found.from, found.to)
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	merged := out[:0]
	for _, r := range out {
		if n := len(merged); n > 0 && r[0] <= merged[n-1][1] {
			merged[n-1][1] = max(merged[n-1][1], r[1])
			continue
		}
		merged = append(merged, r)
	}
	return merged
}
