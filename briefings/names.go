package briefings

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold returns s as look-ups compare it: without accents, in lower case, every
// run of anything but letters and digits one space.
func Fold(s string) string {
	t := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)))
	if out, _, err := transform.String(t, s); err == nil {
		s = out
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// Match is an item found by name.
type Match struct {
	ID   ID
	Name Text
	// Exact says that the name given is the item's; otherwise it is only near.
	Exact bool
}

// names finds items by slug, command, name or alias.
type names struct {
	byName map[string][]entry // folded name -> items
	all    []entry
}

type entry struct {
	id    ID
	name  Text
	known string // as folded
}

func newNames(x *Index) *names {
	n := &names{byName: map[string][]entry{}}
	p := x.pack
	for i := range p.Topics {
		t := &p.Topics[i]
		n.add(t.ID(), t.Name, append([]string{t.Slug, t.Command, t.Name.EN, t.Name.FR}, t.Aliases...))
	}
	for i := range p.Actors {
		a := &p.Actors[i]
		n.add(a.ID(), a.Name, append([]string{a.Slug, a.Name.EN, a.Name.FR}, a.Aliases...))
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		n.add(t.ID(), t.Name, append([]string{t.Slug, t.Name.EN, t.Name.FR}, t.Aliases...))
	}
	for i := range p.Places {
		pl := &p.Places[i]
		n.add(pl.ID(), pl.Name, append([]string{pl.Slug, pl.Name.EN, pl.Name.FR}, pl.Aliases...))
	}
	return n
}

func (n *names) add(id ID, name Text, known []string) {
	for _, k := range known {
		f := Fold(k)
		if f == "" || slices.ContainsFunc(n.byName[f], func(e entry) bool { return e.id == id }) {
			continue
		}
		e := entry{id: id, name: name, known: f}
		n.byName[f] = append(n.byName[f], e)
		n.all = append(n.all, e)
	}
}

// Find looks an item up by slug, command, name or alias, among the given
// kinds, or all when none is given. Accents, case and punctuation do not count.
// It returns the items of that very name; several only when the pack gives one
// name to several.
func (x *Index) Find(name string, kinds ...Kind) []Match {
	var out []Match
	for _, e := range x.names.byName[Fold(name)] {
		if len(kinds) == 0 || slices.Contains(kinds, e.id.Kind()) {
			out = append(out, Match{ID: e.id, Name: e.name, Exact: true})
		}
	}
	return out
}

// Near returns up to limit items whose names are nearest to what was typed,
// the nearest first: those that begin with it, contain it, or differ by a few
// letters. It is for suggestions and completion, never for answers.
func (x *Index) Near(typed string, limit int, kinds ...Kind) []Match {
	want := Fold(typed)
	type scored struct {
		entry
		score int
	}
	best := map[ID]scored{}
	for _, e := range x.names.all {
		if len(kinds) > 0 && !slices.Contains(kinds, e.id.Kind()) {
			continue
		}
		s, ok := nearness(want, e.known)
		if b, seen := best[e.id]; ok && (!seen || s < b.score) {
			best[e.id] = scored{e, s}
		}
	}
	list := make([]scored, 0, len(best))
	for _, s := range best {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.id, b.id))
	})
	out := make([]Match, 0, limit)
	for _, s := range list[:min(limit, len(list))] {
		out = append(out, Match{ID: s.id, Name: s.name, Exact: s.score == 0})
	}
	return out
}

// nearness scores how near a known name is to what was typed, 0 best.
func nearness(want, known string) (int, bool) {
	switch {
	case want == known:
		return 0, true
	case strings.HasPrefix(known, want):
		return 1, true
	case strings.Contains(known, " "+want):
		return 2, true
	case len(want) >= 3 && strings.Contains(known, want):
		return 3, true
	}
	if d := distance(want, known); d <= max(1, len(want)/3) && len(want) > 2 {
		return 3 + d, true
	}
	return 0, false
}

// distance is the Damerau-Levenshtein distance (optimal string alignment) of two words.
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	if diff := len(ra) - len(rb); diff > 6 || diff < -6 {
		return 99
	}
	prev2, prev, cur := []int(nil), make([]int, len(rb)+1), make([]int, len(rb)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, make([]int, len(rb)+1)
	}
	return prev[len(rb)]
}

// Kind returns the part of the id before the colon.
func (id ID) Kind() Kind {
	k, _, _ := strings.Cut(string(id), ":")
	return Kind(k)
}

// Slug returns the part between the colon and any "#".
func (id ID) Slug() string {
	_, s, _ := strings.Cut(string(id), ":")
	s, _, _ = strings.Cut(s, "#")
	return s
}

// Part returns the part behind "#", or "".
func (id ID) Part() string {
	_, part, _ := strings.Cut(string(id), "#")
	return part
}
