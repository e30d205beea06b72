package briefings

import (
	"strings"
	"unicode"
)

// maxNameWords is the longest name looked for in running text, in words.
const maxNameWords = 8

// word is a word of running text, as written and folded. Folding may split
// what was written ("l’armée") into several words.
type word struct {
	folded  string
	written string
	at      int // where in the text it was written
}

// wordsOf splits text into its words.
func wordsOf(text string) []word {
	var out []word
	next := 0
	for written := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	}) {
		at := next + strings.Index(text[next:], written)
		next = at + len(written)
		for folded := range strings.FieldsSeq(Fold(written)) {
			out = append(out, word{folded, written, at})
		}
	}
	return out
}

// mention is a name found in running text.
type mention struct {
	matches []Match
	words   []word
	from    int // number of its first word
	to      int // number of the word behind its last one
}

// Mentions returns the items that running text names, in the text's order,
// each once. Of overlapping names the longest counts. Short names in capitals,
// such as US, are only meant where the text writes them so; in a text without
// any capital those of three letters are.
func (x *Index) Mentions(text string) []Match {
	var out []Match
	seen := map[ID]bool{}
	for _, m := range x.mentions(wordsOf(text), strings.ToLower(text) == text) {
		for _, match := range m.matches {
			if !seen[match.ID] {
				seen[match.ID] = true
				out = append(out, match)
			}
		}
	}
	return out
}

// mentions finds names among words. In a lazy text, one without capitals, short
// names need none.
func (x *Index) mentions(words []word, lazy bool) []mention {
	var out []mention
	for i := 0; i < len(words); {
		m := x.mentionAt(words, i, lazy)
		if m.matches == nil {
			i++
			continue
		}
		out = append(out, m)
		i = m.to
	}
	return out
}

// mentionAt returns the longest name that begins with word i.
func (x *Index) mentionAt(words []word, i int, lazy bool) mention {
	var ends [maxNameWords]int
	var b strings.Builder
	n := 0
	for ; n < maxNameWords && i+n < len(words); n++ {
		if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[i+n].folded)
		ends[n] = b.Len()
	}
	joined := b.String()
	for ; n > 0; n-- {
		var matches []Match
		for _, k := range x.names.named(joined[:ends[n-1]]) {
			if k.upper && !spelled(words[i].written, lazy) {
				continue
			}
			m := x.names.items[k.item]
			m.Exact = true
			matches = append(matches, m)
		}
		if matches != nil {
			return mention{matches, words[i : i+n], i, i + n}
		}
	}
	return mention{}
}

// spelled reports whether a short name is meant by the way it is written.
func spelled(written string, lazy bool) bool {
	if lazy && len(written) == 3 {
		return true
	}
	return written == strings.ToUpper(written)
}

// namedIn returns the items that a text names, as often as it does; words are
// the text's, folded.
func (x *Index) namedIn(words []string, text string) []ID {
	var out []ID
	var exact []word // the words as written, where that matters
	for i := 0; i < len(words); {
		if !x.names.begins(words[i]) {
			i++
			continue
		}
		if exact == nil {
			exact = wordsOf(text)
		}
		if len(exact) != len(words) {
			return out
		}
		m := x.mentionAt(exact, i, false)
		if m.matches == nil {
			i++
			continue
		}
		for _, match := range m.matches {
			out = append(out, match.ID)
		}
		i = m.to
	}
	return out
}

// begins reports whether some name begins with the word.
func (n *names) begins(word string) bool {
	_, ok := n.first[word]
	return ok
}
