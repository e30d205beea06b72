package briefings

import (
	"cmp"
	"math"
	"slices"
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
	typos *fuzzy  // over the folded words
	words []int32 // stem of each word typos was made from
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
		title := Fold(d.title.In(l.lang))
		l.add(&l.title, title, nil, counts)
		l.add(&l.text, title+" "+Fold(w.texts[i](l.lang)), w.about[i], counts)
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

func (l *lexicon) stem(word string) string {
	if l.lang == FR {
		return french.Stem(word, false)
	}
	return english.Stem(word, false)
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
		if word[0] != '@' {
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

// add indexes the next document of the field.
func (l *lexicon) add(f *postings, folded string, about []string, counts map[int32]int) {
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
		if n >= 0 && w[0] != '@' {
			words = append(words, w)
			l.words = append(l.words, n)
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

// score adds the BM25 score of one word to every document that has it.
func (f *postings) score(n int32, weight float64, scores []float32) {
	if int(n) >= len(f.lists) || len(f.lists[n]) == 0 {
		return
	}
	const k1, b = 1.2, 0.75
	docs, with := float64(len(f.lengths)), float64(len(f.lists[n]))
	idf := weight * math.Log(1+(docs-with+0.5)/(with+0.5))
	for _, p := range f.lists[n] {
		doc, count := p>>countBits, float64(p&maxCount)
		norm := 1 - b + b*float64(f.lengths[doc])/max(f.mean, 1)
		scores[doc] += float32(idf * count * (k1 + 1) / (count + k1*norm))
	}
}

// known returns the number of a word exactly as indexed, or -1.
func (l *lexicon) known(word string) int32 {
	if n, ok := l.stems[word]; ok {
		return n
	}
	return -1
}

// maxReadings is how many known words a mistyped one is read as.
const maxReadings = 3

// nearest returns the stems of the known words a mistyped one resembles most.
func (l *lexicon) nearest(word string) []int32 {
	size := len(word)
	if size < 3 || word[0] >= '0' && word[0] <= '9' { // a number is never a mistyped other number
		return nil
	}
	limit := 1
	if size >= 8 {
		limit = 2
	}
	best := limit
	var list []found
	l.typos.within(word, limit, func(number int32, mistakes int) {
		best = min(best, mistakes)
		list = append(list, found{l.words[number], mistakes})
	})
	var out []int32
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.mistakes, b.mistakes), cmp.Compare(a.known, b.known))
	})
	for _, f := range list {
		if f.mistakes == best && !slices.Contains(out, f.known) && len(out) < maxReadings {
			out = append(out, f.known)
		}
	}
	return out
}
