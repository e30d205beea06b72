package briefings

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as look-ups compare it: without accents, in lower case, every
// run of anything but letters and digits one space.
func Fold(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			s = norm.NFKD.String(strings.ToValidUTF8(s, " "))
			break
		}
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= utf8.RuneSelf && unicode.Is(unicode.Mn, r):
			continue
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			r = unicode.ToLower(r)
		default:
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
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
	items  []Match
	tokens []string         // of items, as lexicons have them
	known  []knownName      // by name; of one name in the order of the pack
	words  []wordStart      // of names of several words, the second and further; by rest
	near   *fuzzy           // over known
	first  map[string]uint8 // by the word that known names begin with, the most words they have
}

type knownName struct {
	name string // folded
	item int32
	// upper says that text means the item only where it writes the name in
	// capitals: US, UN and AU are words otherwise.
	upper bool
}

type wordStart struct {
	rest  string // of the name, from the beginning of a word
	known int32
}

func newNames(x *Index) *names {
	n := &names{}
	p := x.pack
	for i := range p.Topics {
		t := &p.Topics[i]
		if t.Status != Published {
			continue // drafts are nobody's to find; Index.Topic still has them
		}
		n.add(t.ID(), t.Name, append([]string{t.Slug, t.Command, t.Called.EN, t.Called.FR}, t.Formerly...), t.Aliases)
	}
	for i := range p.Actors {
		a := &p.Actors[i]
		n.add(a.ID(), a.Name, append([]string{a.Slug}, a.Formerly...), a.Aliases)
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		n.add(t.ID(), t.Name, append([]string{t.Slug}, t.Formerly...), t.Aliases)
	}
	for i := range p.Places {
		pl := &p.Places[i]
		n.add(pl.ID(), pl.Name, append([]string{pl.Slug}, pl.Formerly...), pl.Aliases)
	}
	n.seal()
	return n
}

func (n *names) add(id ID, name Text, keys, aliases []string) {
	item := int32(len(n.items))
	n.items = append(n.items, Match{ID: id, Name: name})
	n.tokens = append(n.tokens, "@"+string(id))
	from := len(n.known)
	for i, written := range slices.Concat(keys, []string{name.EN, name.FR}, aliases) {
		k := knownName{name: Fold(written), item: item}
		k.upper = len(k.name) <= 3 && (i < len(keys) || written == strings.ToUpper(written))
		if j := slices.IndexFunc(n.known[from:], func(o knownName) bool { return o.name == k.name }); j >= 0 {
			n.known[from+j].upper = n.known[from+j].upper && k.upper
			continue
		}
		if k.name != "" {
			n.known = append(n.known, k)
		}
	}
}

func (n *names) seal() {
	slices.SortStableFunc(n.known, func(a, b knownName) int { return strings.Compare(a.name, b.name) })
	folded := make([]string, len(n.known))
	n.first = make(map[string]uint8, len(n.known))
	for i, k := range n.known {
		folded[i] = k.name
		first, _, _ := strings.Cut(k.name, " ")
		n.first[first] = max(n.first[first], uint8(min(strings.Count(k.name, " ")+1, maxNameWords)))
		for j := strings.IndexByte(k.name, ' '); j >= 0; {
			rest := k.name[j+1:]
			n.words = append(n.words, wordStart{rest, int32(i)})
			next := strings.IndexByte(rest, ' ')
			if next < 0 {
				break
			}
			j += next + 1
		}
	}
	slices.SortFunc(n.words, func(a, b wordStart) int {
		return cmp.Or(strings.Compare(a.rest, b.rest), cmp.Compare(a.known, b.known))
	})
	n.near = newFuzzy(folded)
}

// named returns the entries of that very name.
func (n *names) named(folded string) []knownName {
	from := sort.Search(len(n.known), func(i int) bool { return n.known[i].name >= folded })
	to := from
	for to < len(n.known) && n.known[to].name == folded {
		to++
	}
	return n.known[from:to]
}

// Find looks an item up by slug, command, name or alias, among the given
// kinds, or all when none is given. Accents, case and punctuation do not count.
// It returns the items of that very name; several only when the pack gives one
// name to several. Topics that are not published are never found; whether one
// with a moment of publication is shown yet, [Topic.Shown] says.
func (x *Index) Find(name string, kinds ...Kind) []Match {
	folded := Fold(name)
	if folded == "" {
		return nil
	}
	var out []Match
	for _, k := range x.names.named(folded) {
		m := x.names.items[k.item]
		if len(kinds) == 0 || slices.Contains(kinds, m.ID.Kind()) {
			m.Exact = true
			out = append(out, m)
		}
	}
	return out
}

// Near returns up to limit items whose names are nearest to what was typed,
// the nearest first: those of that name, those that begin with it, have a word
// that does, contain it, or differ by a few letters. It is for suggestions and
// completion, never for answers.
func (x *Index) Near(typed string, limit int, kinds ...Kind) []Match {
	g := gatherer{n: x.names, limit: limit, kinds: kinds, seen: map[int32]bool{}}
	want := Fold(typed)
	if want == "" && typed != "" {
		return nil // signs and pictures resemble no name
	}
	g.beginning(want)
	g.wordBeginning(want)
	g.containing(want)
	g.mistyped(want)
	return g.out
}

// gatherer collects suggestions, each item once, from the nearest tier on.
type gatherer struct {
	n     *names
	limit int
	kinds []Kind
	seen  map[int32]bool
	out   []Match
}

func (g *gatherer) full() bool { return len(g.out) >= g.limit }

func (g *gatherer) wants(item int32) bool {
	return len(g.kinds) == 0 || slices.Contains(g.kinds, g.n.items[item].ID.Kind())
}

func (g *gatherer) take(known int32, exact bool) {
	item := g.n.known[known].item
	if g.full() || g.seen[item] || !g.wants(item) {
		return
	}
	g.seen[item] = true
	m := g.n.items[item]
	m.Exact = exact
	g.out = append(g.out, m)
}

func (g *gatherer) beginning(want string) {
	known := g.n.known
	i := sort.Search(len(known), func(i int) bool { return known[i].name >= want })
	for ; i < len(known) && !g.full() && strings.HasPrefix(known[i].name, want); i++ {
		g.take(int32(i), known[i].name == want && want != "")
	}
}

func (g *gatherer) wordBeginning(want string) {
	words := g.n.words
	i := sort.Search(len(words), func(i int) bool { return words[i].rest >= want })
	for ; i < len(words) && !g.full() && strings.HasPrefix(words[i].rest, want); i++ {
		g.take(words[i].known, false)
	}
}

// found is an entry of a tier that is not sorted by itself.
type found struct {
	known    int32
	mistakes int
}

func (g *gatherer) takeSorted(list []found) {
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.mistakes, b.mistakes), cmp.Compare(a.known, b.known))
	})
	for _, f := range list {
		g.take(f.known, false)
	}
}

func (g *gatherer) containing(want string) {
	if g.full() || len(want) < 3 {
		return
	}
	var list []found
	g.n.near.containing(want, func(known int32, name string) {
		if strings.Contains(name, want) && g.wants(g.n.known[known].item) {
			list = append(list, found{known, 0})
		}
	})
	g.takeSorted(list)
}

// maxMistakes is how far suggestions go; beyond it nothing resembles anything.
const maxMistakes = 4

func (g *gatherer) mistyped(want string) {
	size := utf8.RuneCountInString(want)
	if g.full() || size < 3 {
		return
	}
	var list []found
	g.n.near.within(want, min(max(1, size/3), maxMistakes), func(known int32, _ string, mistakes int) {
		if g.wants(g.n.known[known].item) {
			list = append(list, found{known, mistakes})
		}
	})
	g.takeSorted(list)
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
