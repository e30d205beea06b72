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
	for most := int(x.names.first[words[i].folded]); n < most && i+n < len(words); n++ {
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

// namedIn calls visit with the token of each item that a text names, as often as it does;
// folded is the text as [Fold] returns it. It is [Index.Mentions] for many
// texts: only where a name begins does it look further.
func (x *Index) namedIn(folded, text string, visit func(token string)) {
	var exact []word // the words as written, where that matters
	for at, n := 0, 0; at < len(folded); n++ {
		end := wordEndIn(folded, at)
		to, skipped := x.longestName(folded, at, end, func(k knownName) bool {
			if !k.upper {
				return true
			}
			if exact == nil && strings.Contains(text, strings.ToUpper(k.name)) {
				exact = wordsOf(text)
			}
			return n < len(exact) && spelled(exact[n].written, false)
		}, visit)
		if to == 0 {
			to = end
		}
		n += skipped
		at = to + 1
	}
}

// longestName visits the items of the longest name that begins at a word and
// returns where it ends, or 0, and how many further words it has.
func (x *Index) longestName(folded string, at, end int, meant func(knownName) bool, visit func(token string)) (to, more int) {
	most := int(x.names.first[folded[at:end]])
	var ends [maxNameWords]int
	n := 0
	for ; n < most; n++ {
		ends[n] = end
		if end >= len(folded) {
			n++
			break
		}
		end = wordEndIn(folded, end+1)
	}
	for ; n > 0; n-- {
		found := false
		for _, k := range x.names.named(folded[at:ends[n-1]]) {
			if meant(k) {
				found = true
				visit(x.names.tokens[k.item])
			}
		}
		if found {
			return ends[n-1], n - 1
		}
	}
	return 0, 0
}

// wordEndIn returns where the word of a folded text that begins at i ends.
func wordEndIn(folded string, i int) int {
	if n := strings.IndexByte(folded[i:], ' '); n >= 0 {
		return i + n
	}
	return len(folded)
}

// begins reports whether some name begins with the word.
func (n *names) begins(word string) bool { return n.first[word] > 0 }
