package briefings

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Question is something asked in plain words.
type Question struct {
	Text  string
	Lang  Lang      // of the asker; the words may be of another
	Today Date      // the asker's, for "last week"; zero where there is none
	Now   time.Time // what is published by then is searched
	// Typing says that the last word may be half typed.
	Typing bool
}

// understood is a question taken apart.
type understood struct {
	lang    Lang // that its words are of
	words   []word
	folded  string
	intent  Intent
	refusal Refusal
	soft    bool // it may speak of what is to come
	bare    bool // it has nothing but words to look for
	who     bool // it asks who, beside what its intent may be
	wants   []want
	times   []said
	recent  Date            // a year before the pack ends
	kinds   map[string]bool // of events that a question about a date speaks of
	names   []mention
	counted int // of the wants: what "how many" asks the number of, or -1
}

// want is one thing that a passage should have: a word, a name or a date, in
// any of several forms.
type want struct {
	kind  wantKind
	forms []form
	items []ID    // that a name stands for
	idf   float64 // how much it tells
	parts []want  // the words of a name of several
	exact bool    // it is a number of three digits or more
}

type wantKind byte

const (
	wantWord wantKind = iota
	wantName
	wantDate
)

// form is one way a document may have what is wanted.
type form struct {
	lexicon *lexicon
	number  int32
	weight  float64
}

// Weights of the forms of what is wanted, beside the word itself.
const (
	kinWeight   = 0.6 // another word for the same thing
	endWeight   = 0.9 // a word that begins with a half-typed one
	monthWeight = 0.5 // the month of a wanted day, the year of a wanted month
)

// maxQuestionWords bounds the work one question can ask for.
const maxQuestionWords = 64

// understand takes a question apart.
func (x *Index) understand(q Question) *understood {
	s := x.words()
	words := wordsOf(q.Text)
	u := &understood{words: words[:min(len(words), maxQuestionWords)]}
	u.lang = s.languageOf(u.words, q.Lang)
	l := s.langs[u.lang]
	lazy := isLazy(q.Text)
	x.correct(u.words, l)
	u.folded = joined(u.words)
	for _, p := range patterns {
		if !p.expr.MatchString(u.folded) {
			continue
		}
		u.refusal = cmp.Or(u.refusal, p.refusal)
		u.intent = cmp.Or(u.intent, p.intent)
		u.who = u.who || p.intent == AskWho
	}
	u.intent = cmp.Or(u.intent, AskPassage)
	if u.intent == AskNow {
		u.recent = x.AsOf(q.Now).AddDays(-365)
	}
	if u.intent == AskWhen {
		u.kinds = kindsIn(u.words)
	}
	u.soft = softFuture.MatchString(u.folded)
	u.times = periods(u.words, u.lang, q.Today)
	u.names = x.mentions(x.spelled(u.words, l), lazy)
	s.want(x, u, l)
	if q.Typing && len(u.words) > 0 && !strings.HasSuffix(q.Text, " ") {
		s.endWord(u, l)
	}
	return u
}

// want lists what a passage should have.
func (s *search) want(x *Index, u *understood, l *lexicon) {
	taken := make([]bool, len(u.words))
	for _, t := range u.times {
		for i := t.from; i < t.to; i++ {
			taken[i] = true
		}
		if w, ok := s.wantDate(t, l); ok {
			u.wants = append(u.wants, w)
		}
	}
	for _, m := range u.names {
		if slices.Contains(taken[m.from:m.to], true) {
			continue
		}
		for i := m.from; i < m.to; i++ {
			taken[i] = true
		}
		u.add(s.wantName(m, u, l))
	}
	u.counted = -1
	count := u.counts()
	u.bare = !slices.ContainsFunc(u.words, func(w word) bool { return l.empty(w.folded) })
	for i, w := range u.words {
		if taken[i] || l.empty(w.folded) || len(w.folded) < 3 && !x.knows(w.folded) {
			continue
		}
		word := s.wantWord(w.folded, l)
		word.exact = len(w.folded) > 2 && strings.Trim(w.folded, "0123456789") == ""
		at := u.add(word)
		if u.counted < 0 && i >= count {
			u.counted = at
		}
	}
	for i := range u.wants {
		s.weigh(&u.wants[i])
	}
}

// endWord lets the last word stand for those that begin with it.
func (s *search) endWord(u *understood, l *lexicon) {
	typed := u.words[len(u.words)-1].folded
	w := want{}
	if last := len(u.wants) - 1; last >= 0 && u.wants[last].kind == wantWord && !l.empty(typed) {
		w, u.wants = u.wants[last], u.wants[:last]
	}
	for _, n := range l.endings(typed) {
		if !slices.ContainsFunc(w.forms, func(f form) bool { return f.lexicon == l && f.number == n && f.weight >= endWeight }) {
			w.forms = append(w.forms, form{l, n, endWeight})
		}
	}
	if len(w.forms) > 0 {
		s.weigh(&w)
		u.wants = append(u.wants, w)
	}
}

// counts returns the number of the word that asks how many of what comes next
// there are, or one behind the last word.
func (u *understood) counts() int {
	for i, w := range u.words {
		if u.intent == AskNumber && howManyWords[w.folded] {
			return i
		}
	}
	return len(u.words)
}

// add adds what is wanted, unless it is already, and returns where it is.
func (u *understood) add(w want) int {
	for i := range u.wants {
		o := &u.wants[i]
		if len(w.forms) > 0 && len(o.forms) > 0 && w.forms[0] == o.forms[0] {
			return i
		}
	}
	u.wants = append(u.wants, w)
	return len(u.wants) - 1
}

func (s *search) wantDate(t said, l *lexicon) (want, bool) {
	d := t.Whole()
	if d.IsZero() || t.open != closed {
		return want{}, false
	}
	w := want{kind: wantDate}
	weight := 1.0
	for _, token := range dateTokens(d) {
		if n := l.known(token); n >= 0 {
			w.forms = append(w.forms, form{l, n, weight})
		}
		weight *= monthWeight
	}
	return w, true
}

// wantName looks for what is about the items of a name, or for its words.
func (s *search) wantName(m mention, u *understood, l *lexicon) want {
	w := want{kind: wantName}
	for _, match := range m.matches {
		w.items = append(w.items, match.ID)
		if n := l.known("@" + string(match.ID)); n >= 0 {
			w.forms = append(w.forms, form{l, n, 1})
		}
	}
	if len(m.words) == 1 {
		if !slices.ContainsFunc(w.items, func(id ID) bool { return id.Kind() != KindTopic && id.Kind() != KindTerm }) {
			w.formsOf(m.words[0].folded, l, 1) // what a briefing or a term goes by may be any word
		}
		return w
	}
	for _, word := range m.words {
		if !l.empty(word.folded) {
			if part := s.wantWord(word.folded, l); len(part.forms) > 0 {
				w.parts = append(w.parts, part)
			}
		}
	}
	return w
}

// wantWord looks a word up: as it is, else in the other language, else as a
// mistyped one; and words that ask for the same thing.
func (s *search) wantWord(word string, l *lexicon) want {
	w := want{}
	w.formsOf(word, l, 1)
	for _, lang := range Langs {
		if other := s.langs[lang]; other != l && len(w.forms) == 0 {
			w.formsOf(word, other, 1)
		}
	}
	if len(w.forms) == 0 && !everydayWords()[l.lang][word] {
		for _, r := range l.nearest(word) {
			w.formsOf(r.word, l, typoWeight)
		}
	}
	return w
}

// formsOf adds the word and its kin, as far as documents have them.
func (w *want) formsOf(word string, l *lexicon, weight float64) {
	if n := l.lookup(word); n >= 0 {
		w.forms = append(w.forms, form{l, n, weight})
	}
	for _, stem := range thesaurusOf()[l.lang][l.stem(word)] {
		if n, ok := l.stems[stem]; ok {
			w.forms = append(w.forms, form{l, n, weight * kinWeight})
		}
	}
}
