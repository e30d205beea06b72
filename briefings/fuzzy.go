package briefings

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// fuzzy finds words within a few typing mistakes of another. Most words are
// ruled out by their length and by which letters they hold, two comparisons of
// numbers each, so walking a few hundred thousand of them takes a millisecond.
type fuzzy struct {
	words   []string // by length, then as given
	numbers []int32  // the place of each in the list it was made from
	letters []uint64 // which letters each holds
	from    []int    // from[n] is the first word of n letters or more
}

// maxFuzzy is the longest word, in letters, that mistakes are looked for in.
const maxFuzzy = 64

func newFuzzy(words []string) *fuzzy {
	f := &fuzzy{numbers: make([]int32, len(words)), words: make([]string, len(words)), letters: make([]uint64, len(words))}
	size := make([]int, len(words))
	for i, w := range words {
		f.numbers[i] = int32(i)
		size[i] = min(utf8.RuneCountInString(w), maxFuzzy+1)
	}
	slices.SortStableFunc(f.numbers, func(a, b int32) int { return size[a] - size[b] })
	for i, n := range f.numbers {
		f.words[i] = words[n]
		f.letters[i] = lettersOf(words[n])
		for len(f.from) <= size[n] {
			f.from = append(f.from, i)
		}
	}
	return f
}

// lettersOf returns the set of letters and digits of a folded word. Different
// letters may share a bit, so sets can only rule words out.
func lettersOf(s string) uint64 {
	var set uint64
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			set |= 1 << (r - 'a')
		case r >= '0' && r <= '9':
			set |= 1 << (26 + r - '0')
		default:
			set |= 1 << (36 + r%28)
		}
	}
	return set
}

// within calls visit for every word at most limit mistakes away from word.
func (f *fuzzy) within(word string, limit int, visit func(number int32, word string, mistakes int)) {
	n := utf8.RuneCountInString(word)
	if n > maxFuzzy {
		return
	}
	first, last := f.start(max(n-limit, 0)), f.start(min(n+limit, maxFuzzy)+1)
	set := lettersOf(word)
	for i := first; i < last; i++ {
		// A mistake adds, removes or swaps one letter: two sets differ by two bits at most.
		if bits.OnesCount64(set^f.letters[i]) > 2*limit {
			continue
		}
		if d := distanceWithin(word, f.words[i], limit); d <= limit {
			visit(f.numbers[i], f.words[i], d)
		}
	}
}

// containing calls visit for every word that could contain all letters of part.
func (f *fuzzy) containing(part string, visit func(number int32, word string)) {
	set := lettersOf(part)
	for i, w := range f.words {
		if set&^f.letters[i] == 0 && len(w) >= len(part) {
			visit(f.numbers[i], w)
		}
	}
}

func (f *fuzzy) start(size int) int {
	if size >= len(f.from) {
		return len(f.words)
	}
	return f.from[size]
}

// distance counts the mistakes between two words: letters too many, missing,
// wrong, or two neighbours swapped (optimal string alignment). Words longer
// than maxFuzzy letters that differ are infinitely far apart.
func distance(a, b string) int { return distanceWithin(a, b, maxFuzzy) }

// distanceWithin is distance, or limit+1 as soon as it must be more than limit.
func distanceWithin(a, b string, limit int) int {
	if a == b {
		return 0
	}
	var bufA, bufB [maxFuzzy]rune
	ra, okA := letters(a, &bufA)
	rb, okB := letters(b, &bufB)
	if diff := len(ra) - len(rb); !okA || !okB || diff > limit || diff < -limit {
		return limit + 1
	}
	var rows [3][maxFuzzy + 1]int
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := range len(rb) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		best := i
		for j := 1; j <= len(rb); j++ {
			d := prev[j-1]
			if ra[i-1] != rb[j-1] {
				d = min(d, prev[j], cur[j-1]) + 1
			}
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return min(prev[len(rb)], limit+1)
}

func letters(s string, buf *[maxFuzzy]rune) ([]rune, bool) {
	n := 0
	for _, r := range s {
		if n == maxFuzzy {
			return nil, false
		}
		buf[n] = r
		n++
	}
	return buf[:n], true
}
