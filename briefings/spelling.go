package briefings

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// isLazy reports whether a text is written without capitals, apart from the
// one that telephones put at its beginning.
func isLazy(text string) bool {
	text = strings.TrimSpace(text)
	_, size := utf8.DecodeRuneInString(text)
	return strings.ToLower(text[size:]) == text[size:]
}

// languageOf tells which language words are of: that of most stop words.
func (s *search) languageOf(words []word, asker Lang) Lang {
	if s.langs[asker] == nil {
		asker = EN
	}
	best, most := asker, -1
	for _, lang := range append([]Lang{asker}, Langs[:]...) {
		l, n := s.langs[lang], 0
		for _, w := range words {
			if l.stop(w.folded) || emptyWords[lang][w.folded] {
				n++
			}
		}
		if n > most {
			best, most = lang, n
		}
	}
	return best
}

// correct puts the words of questions in the place of what is nearly one, so
// that mistyped questions read as questions.
func (x *Index) correct(words []word, l *lexicon) {
	for i, w := range words {
		if len(w.folded) < 3 || x.knows(w.folded) {
			continue
		}
		if near := emptyNear(w.folded, l.lang); near != "" {
			words[i].folded = near
		}
	}
}

// spelled returns the words with unknown ones as the known ones they resemble
// most, those of names first, so that mistyped names are found.
func (x *Index) spelled(words []word, l *lexicon) []word {
	out := slices.Clone(words)
	for i, w := range words {
		if len(w.folded) < 3 || x.knows(w.folded) {
			continue
		}
		name, mistakes := x.nameNear(w.folded)
		near := l.nearest(w.folded)
		switch {
		case name != "" && (len(near) == 0 || mistakes <= near[0].mistakes):
			out[i].folded, out[i].written = name, strings.ToUpper(name)
		case len(near) > 0:
			out[i].folded = near[0].word
		}
	}
	return out
}

// nameNear returns the name of one word that a mistyped one is nearest to, and
// by how many mistakes, or "".
func (x *Index) nameNear(word string) (best string, at int) {
	at = 3
	x.names.near.within(word, typosIn(word), func(_ int32, name string, mistakes int) {
		swapped := lettersOf(word) == lettersOf(name) && len(word) == len(name)
		if strings.Contains(name, " ") || len(name) < 3 || len(word) == 3 && !swapped || len(word) < shortWord && name[0] != word[0] {
			return
		}
		if mistakes < at || mistakes == at && name < best {
			best, at = name, mistakes
		}
	})
	return best, at
}

// knows reports whether the word begins a name, belongs to a date, or any
// language has it, in the pack or by itself.
func (x *Index) knows(word string) bool {
	if x.names.begins(word) || monthNamed(word) > 0 || dateWords[word] {
		return true
	}
	for _, lang := range Langs {
		l := x.words().langs[lang]
		if l.lookup(word) >= 0 || l.empty(word) || everydayWords()[lang][word] || thesaurusOf()[lang][l.stem(word)] != nil {
			return true
		}
	}
	return false
}
