package briefings

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
)

// lexicon is the inverted index of one language: which documents hold which
// word, in their title and in their whole text. Words are folded and stemmed;
// a word that begins with "@" stands for an item a document is about.
type lexicon struct {
	lang  Lang
	forms map[string]int32 // folded word -> number of its stem
	stems map[string]int32
	text  postings
	title postings
	typos *fuzzy   // over the folded words
	words []int32  // stem of each word typos was made from
	begun []string // the folded words that documents have, sorted
}

// postings are those of one field. A posting is a document and how often it has the word,
// in one number, so that a hundred thousand documents fit into little memory.
type postings struct {
	lists   [][]uint32 // by stem
	lengths []uint16   // by document
	mean    float64
}

const (
	countBits = 6
	maxCount  = 1<<countBits - 1
)

func newLexicon(lang Lang) *lexicon {
	return &lexicon{lang: lang, forms: map[string]int32{}, stems: map[string]int32{}}
}

// build indexes everything the writer lists.
func (l *lexicon) build(w *writer) {
	counts := map[int32]int{}
	for i, d := range w.docs {
		title, text := d.title.In(l.lang), w.texts[i].In(l.lang)
		foldedTitle, folded := Fold(title), Fold(text)
		names := w.names(foldedTitle, title)
		about := slices.Concat(w.about[i], names, w.names(folded, text))
		if d.event != nil { // its own date says as much as a title
			names = append(names, dateTokens(d.event.Date)...)
		}
		l.write(&l.title, foldedTitle, names, counts)
		l.write(&l.text, foldedTitle+" "+folded, about, counts)
	}
	l.seal()
}

// stop reports whether a folded word says nothing of what a text is about.
func (l *lexicon) stop(word string) bool {
	if len(word) == 1 && (word[0] < '0' || word[0] > '9') {
		return true
	}
	if l.lang == FR {
		return word == "qu" || french.IsStopWord(word)
	}
	return english.IsStopWord(word)
}

func (l *lexicon) stem(word string) string { return stemOf(l.lang, word) }

// stemOf returns the stem of a folded word. The French stemmer wants accents and
// leaves "they do" as it is; without them it takes "libérées" for another word
// than "libéré", and "libèrent" for a third.
func stemOf(lang Lang, word string) string {
	if lang != FR {
		return english.Stem(word, false)
	}
	if n := len(word); n > 4 {
		switch {
		case strings.HasSuffix(word, "ees"):
			word = word[:n-2]
		case strings.HasSuffix(word, "ee"):
			word = word[:n-1]
		case n > 5 && strings.HasSuffix(word, "ent") && !strings.HasSuffix(word, "ment"):
			word = word[:n-2] // libere
		}
	}
	return french.Stem(word, false)
}

// number returns the number of a word's stem, making one when it is new; -1
// for words that are not indexed.
func (l *lexicon) number(word string) int32 {
	if n, ok := l.forms[word]; ok {
		return n
	}
	n := int32(-1)
	if !l.stop(word) {
		stem := word
		if word[0] != '@' && word[0] != '#' {
			stem = l.stem(word)
		}
		var ok bool
		if n, ok = l.stems[stem]; !ok {
			n = int32(len(l.stems))
			l.stems[strings.Clone(stem)] = n
		}
	}
	l.forms[strings.Clone(word)] = n
	return n
}

// lookup returns the number of a word's stem, or -1 when no document has it.
func (l *lexicon) lookup(word string) int32 {
	if n, ok := l.forms[word]; ok {
		return n
	}
	if n, ok := l.stems[l.stem(word)]; ok {
		return n
	}
	return -1
}

// write indexes the next document of the field.
func (l *lexicon) write(f *postings, folded string, about []string, counts map[int32]int) {
	clear(counts)
	size := 0
	for w := range strings.FieldsSeq(folded) {
		if n := l.number(w); n >= 0 {
			counts[n]++
			size++
		}
	}
	for _, w := range about {
		counts[l.number(w)]++
	}
	doc := uint32(len(f.lengths))
	for n, c := range counts {
		for int(n) >= len(f.lists) {
			f.lists = append(f.lists, nil)
		}
		f.lists[n] = append(f.lists[n], doc<<countBits|uint32(min(c, maxCount)))
	}
	f.lengths = append(f.lengths, uint16(min(size, math.MaxUint16)))
	f.mean += float64(size)
}

// seal ends the building.
func (l *lexicon) seal() {
	l.text.seal()
	l.title.seal()
	words := make([]string, 0, len(l.forms))
	for w, n := range l.forms {
		if n >= 0 && w[0] != '@' && w[0] != '#' {
			words = append(words, w)
			l.words = append(l.words, n)
		}
	}
	l.begun = slices.Sorted(slices.Values(words))
	for w := range thesaurusWords()[l.lang] {
		if _, ok := l.forms[w]; !ok {
			words = append(words, w)
			l.words = append(l.words, -1)
		}
	}
	l.typos = newFuzzy(words)
}

// seal gives back what growing the lists reserved too much.
func (f *postings) seal() {
	f.mean /= float64(max(len(f.lengths), 1))
	total := 0
	for _, p := range f.lists {
		total += len(p)
	}
	all := make([]uint32, 0, total)
	for i, p := range f.lists {
		from := len(all)
		all = append(all, p...)
		f.lists[i] = all[from:len(all):len(all)]
	}
}

// has reports whether the document has the word.
func (f *postings) has(n, doc int32) bool {
	list := f.list(n)
	i := sort.Search(len(list), func(i int) bool { return int32(list[i]>>countBits) >= doc })
	return i < len(list) && int32(list[i]>>countBits) == doc
}

// empty reports whether a folded word carries no content of a question.
func (l *lexicon) empty(word string) bool { return l.stop(word) || emptyWords[l.lang][word] }

// known returns the number of a word exactly as indexed, or -1.
func (l *lexicon) known(word string) int32 {
	if n, ok := l.stems[word]; ok {
		return n
	}
	return -1
}

// reading is a known word that a mistyped one may be.
type reading struct {
	word     string
	number   int32 // of its stem, or -1 where no document has it
	mistakes int
}

// typosIn is how many mistakes a word may have that is read as another; a number
// is never a mistyped other number.
func typosIn(word string) int {
	switch size := len(word); {
	case size < 3 || word[0] >= '0' && word[0] <= '9':
		return 0
	case size < 8:
		return 1
	}
	return 2
}

// shortWord is how many letters a word needs for its first to be a mistake.
const shortWord = 6

// maxReadings is how many known words a mistyped one is read as.
const maxReadings = 3

// nearest returns the known words a mistyped one resembles most, of each stem one.
func (l *lexicon) nearest(word string) []reading {
	limit := typosIn(word)
	best := limit
	var list []reading
	l.typos.within(word, limit, func(number int32, known string, mistakes int) {
		if len(word) < shortWord && known[0] != word[0] { // short words resemble too many others
			return
		}
		best = min(best, mistakes)
		list = append(list, reading{known, l.words[number], mistakes})
	})
	slices.SortFunc(list, func(a, b reading) int {
		return cmp.Or(cmp.Compare(a.mistakes, b.mistakes), cmp.Compare(len(l.text.list(b.number)), len(l.text.list(a.number))), strings.Compare(a.word, b.word))
	})
	var out []reading
	for _, r := range list {
		if r.mistakes == best && len(out) < maxReadings && (r.number < 0 || !slices.ContainsFunc(out, func(o reading) bool { return o.number == r.number })) {
			out = append(out, r)
		}
	}
	return out
}

// maxEndings is how many known words a half-typed one is read as.
const maxEndings = 8

// endings returns the stems that most documents have of the words that begin
// with what was typed.
func (l *lexicon) endings(typed string) []int32 {
	var out []int32
	from, _ := slices.BinarySearch(l.begun, typed)
	for _, w := range l.begun[from:] {
		if !strings.HasPrefix(w, typed) {
			break
		}
		if n := l.forms[w]; !slices.Contains(out[max(0, len(out)-maxEndings):], n) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(len(l.text.list(b)), len(l.text.list(a))), cmp.Compare(a, b))
	})
	out = slices.Compact(out)
	return out[:min(len(out), maxEndings)]
}
