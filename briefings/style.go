package briefings

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Style is what a program can hold of a pack's house style. It is written in
// style.yaml, which a pack need not have; what people hold, they read elsewhere.
type Style struct {
	// Binding makes breaches of the style errors instead of warnings; see [Check].
	Binding bool
	// Sentence is the most words that a sentence may have in each language; 0: any.
	Sentence map[Lang]int
	// Title is the most characters of an event's title; 0: what fits.
	Title int
	// ShortTitles asks of every event whose title a button cuts for a short one.
	ShortTitles bool
	// Speakers asks of prose and cards to say who gave a toll, a strength or a sum.
	Speakers bool
	Avoid    []Avoided
}

// Avoided are words that the style avoids, in each language.
type Avoided struct {
	// Words are words or phrases. One in small letters stands for every case, one
	// that ends in "*" for every ending.
	Words map[Lang][]string
	// Use is what to write instead.
	Use Text
	// Unless lists where the words may stand, beside quotations, where they
	// always may.
	Unless []Allowance
	At     Pos
}

// Allowance is where words stand that the style avoids elsewhere.
type Allowance string

// The allowances.
const (
	InClaims Allowance = "claim" // in what somebody says, with who says it
	InDated  Allowance = "dated" // in a sentence that names a year
)

// Allows reports whether the words may stand in such a place.
func (a *Avoided) Allows(where Allowance) bool { return slices.Contains(a.Unless, where) }

// style reads style.yaml.
func (f *file) style() *Pack {
	m := f.parseYAML("the keys of a style")
	if m == nil {
		return nil
	}
	m.what = "the style"
	s := Style{Binding: m.yes("binding"), ShortTitles: m.yes("short_titles"), Speakers: m.yes("speakers"), Sentence: map[Lang]int{}}
	s.Title = int(m.number("title_characters", false, 20, maxTitle))
	if n := m.get("sentence_words"); n != nil {
		if sub := f.mapping(n, "sentence_words of the style"); sub != nil {
			for _, lang := range Langs {
				s.Sentence[lang] = int(sub.number(string(lang), true, 10, 200))
			}
			sub.done()
		}
	}
	for _, a := range m.maps("avoid", "an entry of avoid", false) {
		s.Avoid = append(s.Avoid, a.avoided())
		a.done()
	}
	m.done()
	return &Pack{Style: s}
}

func (m *mapping) avoided() Avoided {
	a := Avoided{Words: map[Lang][]string{}, At: m.at}
	not, use := m.mapping("words"), m.mapping("use")
	if not == nil || use == nil {
		return a
	}
	for _, lang := range Langs {
		a.Words[lang] = not.strs(string(lang), false)
		for i, w := range a.Words[lang] {
			if p := newPhrase(w); len(p.words) == 0 {
				m.f.fault(not.find(string(lang), itoa(i)), fmt.Sprintf("%q holds no word", w), "Write the words as they stand in a text; only their last may end in *.")
			}
		}
	}
	a.Use = Text{EN: use.str(string(EN), len(a.Words[EN]) > 0), FR: use.str(string(FR), len(a.Words[FR]) > 0)}
	not.done()
	use.done()
	for i, w := range m.strs("unless", false) {
		if w != string(InClaims) && w != string(InDated) {
			m.f.fault(m.find("unless", itoa(i)), fmt.Sprintf("unless cannot be %q", w), didYouMean(w, []string{string(InClaims), string(InDated)}))
			continue
		}
		a.Unless = append(a.Unless, Allowance(w))
	}
	return a
}

// mapping returns the mapping that key has to hold, or nil.
func (m *mapping) mapping(key string) *mapping {
	n := m.get(key)
	if n == nil {
		m.missing(key)
		return nil
	}
	return m.f.mapping(n, key+" of "+m.what)
}

// phrase is a sequence of words to look for in texts.
type phrase struct {
	words []string
	cased bool // the words are to be as they are written
	start bool // the last is a beginning
}

// newPhrase reads a phrase; one that holds no word, or a star elsewhere than at
// its end, has none.
func newPhrase(s string) phrase {
	body, start := strings.CutSuffix(s, "*")
	if strings.Contains(body, "*") {
		return phrase{}
	}
	p := phrase{start: start, cased: strings.ContainsFunc(body, unicode.IsUpper)}
	for w := range textWords(body) {
		p.words = append(p.words, body[w.from:w.to])
	}
	return p
}

// begins reports whether the phrase stands at the beginning of the text, which
// begins with a word, and how long it is there.
func (p phrase) begins(text string) (length int, ok bool) {
	i := 0
	for w := range textWords(text) {
		word := text[w.from:w.to]
		last := i == len(p.words)-1
		if last && p.start && len(word) > len(p.words[i]) {
			word = word[:len(p.words[i])]
		}
		if p.cased && word != p.words[i] || !p.cased && !strings.EqualFold(word, p.words[i]) {
			return 0, false
		}
		if last {
			return w.to, true
		}
		i++
	}
	return 0, false
}

// stretch is a part of a text, in bytes.
type stretch struct{ from, to int }

// textWords yields where the words of a text stand: letters and digits, with
// nothing between them.
func textWords(text string) func(func(stretch) bool) {
	return func(yield func(stretch) bool) {
		from := -1
		for i, r := range text {
			switch in := letterOrDigit(r); {
			case in && from < 0:
				from = i
			case !in && from >= 0:
				if !yield(stretch{from, i}) {
					return
				}
				from = -1
			}
		}
		if from >= 0 {
			yield(stretch{from, len(text)})
		}
	}
}

func letterOrDigit(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
