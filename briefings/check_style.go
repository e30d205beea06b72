package briefings

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// styler holds the house style of a pack over its texts.
type styler struct {
	*checker
	style Style
	first map[Lang]map[rune][]avoidedPhrase // by the first letter, small
}

type avoidedPhrase struct {
	phrase
	rule *Avoided
}

// ours is a text of the pack's own that the style holds for.
type ours struct {
	lang   Lang
	text   string
	spoken bool // it is what somebody says, with who says it
	at     func() Pos
}

// houseStyle holds the pack's own style, where it has one.
func (c *checker) houseStyle() {
	s := &styler{checker: c, style: c.p.Style, first: map[Lang]map[rune][]avoidedPhrase{}}
	for _, lang := range Langs {
		s.first[lang] = map[rune][]avoidedPhrase{}
	}
	for i := range s.style.Avoid {
		a := &s.style.Avoid[i]
		for lang, words := range a.Words {
			for _, w := range words {
				if p := newPhrase(w); len(p.words) > 0 {
					r, _ := utf8.DecodeRuneInString(p.words[0])
					s.first[lang][unicode.ToLower(r)] = append(s.first[lang][unicode.ToLower(r)], avoidedPhrase{p, a})
				}
			}
		}
	}
	if len(s.style.Avoid) > 0 || len(s.style.Sentence) > 0 {
		for o := range s.texts {
			s.words(o)
			s.sentences(o)
		}
	}
	if s.style.Speakers {
		s.speakers()
	}
	for i := range c.p.Events {
		if s.style.ShortTitles {
			s.shortTitle(&c.p.Events[i])
		}
		if s.style.Title > 0 {
			s.longTitle(&c.p.Events[i])
		}
	}
}

// breach notes a breach of the style.
func (s *styler) breach(at Pos, cure, what string, args ...any) {
	if s.style.Binding {
		s.err(at, cure, what, args...)
	} else {
		s.warn(at, cure, what, args...)
	}
}

// texts yields what the style holds for: fields of records, without what is
// said to have been wrong and the titles of sources, and blocks of prose.
func (s *styler) texts(yield func(ours) bool) {
	for w := range s.checker.texts {
		switch w.what {
		case spanText, wasText, sourceText:
			continue
		}
		if !yield(ours{w.lang, w.text, w.what == saysText, w.at}) {
			return
		}
	}
	for i := range s.p.Topics {
		for _, lang := range Langs {
			for _, section := range s.p.Topics[i].Sections[lang] {
				for _, b := range section.Blocks {
					if !yield(ours{lang, b.words(), false, func() Pos { return b.At }}) {
						return
					}
				}
			}
		}
	}
}

// words finds what the style avoids.
func (s *styler) words(o ours) {
	first := s.first[o.lang]
	for w := range textWords(o.text) {
		r, _ := utf8.DecodeRuneInString(o.text[w.from:])
		for _, p := range first[unicode.ToLower(r)] {
			if len(p.words[0]) != w.to-w.from && !(p.start && len(p.words) == 1) {
				continue // most words, at once
			}
			if n, ok := p.begins(o.text[w.from:]); ok && !s.allowed(o, p.rule, w.from) {
				found := o.text[w.from : w.from+n]
				s.breach(s.word(o.at(), found, strings.Count(o.text[:w.from], found)), p.rule.cure(o.lang), "the house style avoids %q", found)
				break
			}
		}
	}
}

func (a *Avoided) cure(lang Lang) string {
	cure := fmt.Sprintf("Write %s", a.Use.In(lang))
	if a.Allows(InClaims) {
		cure += ", or say whose word it is"
	}
	if a.Allows(InDated) {
		cure += ", or name the year in the sentence"
	}
	return cure + "."
}

// yearNamed is a year written out.
var yearNamed = regexp.MustCompile(`\b(19|20)[0-9]{2}\b`)

// allowed reports whether words may stand where they do: in a quotation, or in
// a sentence that gives them to somebody or dates them, as the rule allows.
func (s *styler) allowed(o ours, rule *Avoided, at int) bool {
	if open := strings.Count(o.text[:at], "“") + strings.Count(o.text[:at], "«"); open > strings.Count(o.text[:at], "”")+strings.Count(o.text[:at], "»") {
		return true
	}
	if rule.Allows(InClaims) && o.spoken {
		return true
	}
	sentence := sentenceAt(o.text, at)
	return rule.Allows(InClaims) && attributes(strings.Fields(Fold(sentence)), o.lang) ||
		rule.Allows(InDated) && yearNamed.MatchString(sentence)
}

// sentenceAt returns the sentence that a place of a text is in.
func sentenceAt(text string, at int) string {
	from := 0
	for _, s := range Sentences(text) {
		from += strings.Index(text[from:], s)
		if at < from+len(s) {
			return s
		}
		from += len(s)
	}
	return text
}

// sentences finds those that are too long to be read at once.
func (s *styler) sentences(o ours) {
	most := s.style.Sentence[o.lang]
	if most == 0 || strings.Count(o.text, " ") < most-1 {
		return
	}
	for _, sentence := range Sentences(o.text) {
		if n := wordCount(sentence); n > most {
			begin := firstWords(sentence)
			s.breach(s.word(o.at(), begin, 0), "Make two of it.", "the sentence that begins with %q has %d words; at most %d are easily read", begin, n, most)
		}
	}
}

// wordCount counts what stands between spaces, signs alone left out.
func wordCount(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(w, letterOrDigit) {
			n++
		}
	}
	return n
}

// firstWords is the first words of a sentence, as they are written.
func firstWords(sentence string) string {
	if runes := []rune(sentence); len(runes) > 24 {
		sentence = string(runes[:24])
		return sentence[:max(strings.LastIndex(sentence, " "), 0)]
	}
	return sentence
}

// shortTitle asks for a short title where a button would cut the title.
func (s *styler) shortTitle(e *Event) {
	if e.Short != (Text{}) {
		return
	}
	for _, lang := range Langs {
		if n := units(e.Title.In(lang)); n > maxShort {
			s.breach(s.at(e.At, "title", string(lang)), "Add \"short:\" with en and fr beneath the title.", "the title has %d characters, of which a button shows %d, and there is no short one", n, maxShort)
			return
		}
	}
}

// longTitle finds a title that is longer than the house wants.
func (s *styler) longTitle(e *Event) {
	for _, lang := range Langs {
		if n := units(e.Title.In(lang)); n > s.style.Title {
			s.breach(s.at(e.At, "title", string(lang)), "Shorten it.", "the title has %d characters; the house style wants at most %d", n, s.style.Title)
		}
	}
}

// speakers asks prose and cards to say whose their numbers are.
func (s *styler) speakers() {
	for w := range s.checker.texts {
		if w.what == cardText {
			s.spoken(w.text, w.lang, nil, w.at)
		}
	}
	for i := range s.p.Topics {
		for _, lang := range Langs {
			for _, section := range s.p.Topics[i].Sections[lang] {
				for _, b := range section.Blocks {
					s.spoken(b.words(), lang, &b, func() Pos { return b.At })
				}
			}
		}
	}
}

// claimsOf returns what is claimed of the events that a block points to, if any.
func (s *styler) claimsOf(b *Block) map[figureClass][][]figure {
	said := map[figureClass][][]figure{}
	if b == nil {
		return said
	}
	for _, sp := range b.Spans {
		if e := s.x.Event(sp.Ref.Slug()); sp.Kind == SpanRef && sp.Ref.Kind() == KindEvent && e != nil {
			for class, claims := range e.claimed() {
				said[class] = append(said[class], claims...)
			}
		}
	}
	return said
}

// oneSpace shows a number as it can be typed.
var oneSpace = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// uncounted is the highest number that is seen rather than counted: two
// journalists, four soldiers.
const uncounted = 10

// spoken notes the numbers of a text that nobody gives: of a block, not even an
// event that it points to.
func (s *styler) spoken(text string, lang Lang, b *Block, at func() Pos) {
	if !strings.ContainsAny(text, "123456789") { // as numbers above ten are written
		return
	}
	for _, sentence := range Sentences(text) {
		for _, f := range figures(sentence, Date{}, lang) {
			if f.value > uncounted && !f.attributed && !f.owned(s.claimsOf(b)[f.class]) {
				n := f.written(sentence)
				s.breach(s.word(at(), n, 0), "Say in the same sentence who gave the number.", "the %s %q has no speaker", f.class, oneSpace.Replace(n))
			}
		}
	}
}
