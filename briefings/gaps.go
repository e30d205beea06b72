package briefings

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// How much of a sentence has to be alike for it to be an altered one of ours,
// and how much where its neighbours are of the same item.
const (
	likeAlone      = 0.6
	sameAlone      = 6
	likeAmongOurs  = 0.5
	sameAmongOurs  = 2
	shortAmongOurs = 1 // of a run of at most four atoms, such as a date
)

// inGaps looks for what is nearly the pack's among what is not.
func (m *comparison) inGaps() {
	for last, i := 0, 0; i <= len(m.runs); i++ {
		to := len(m.atoms)
		if i < len(m.runs) {
			to = m.runs[i].from
		}
		for _, s := range m.sentences(last, to) {
			i += m.inGap(s[0], s[1])
		}
		if i < len(m.runs) {
			last = m.runs[i].to
		}
	}
}

// inGap explains a sentence as far as it can, and returns in how many runs.
func (m *comparison) inGap(from, to int) int {
	to = min(to, from+maxRun)
	if from >= to {
		return 0
	}
	if r, ok := m.short(from, to); ok {
		m.take(r)
		return 1
	}
	if r, ok := m.broken(from, to); ok {
		n := m.inGap(from, r.from)
		m.take(r)
		return n + 1
	}
	best, ok := run{}, false
	for _, c := range m.candidates(from, to) {
		if m.worked += len(c.script.atoms) * (to - from); m.worked > maxAligned {
			break
		}
		if r, fits := m.beside(c, from, to); fits && (!ok || r.same-len(r.gaps) > best.same-len(best.gaps)) {
			best, ok = r, true
		}
	}
	if !ok {
		if best, ok = m.within(from, to); !ok {
			return 0
		}
	}
	before := m.inGap(from, best.from)
	m.take(best)
	return before + 1 + m.inGap(best.to, to)
}

// within finds words that are the pack's in the middle of a sentence.
func (m *comparison) within(from, to int) (run, bool) {
	for i := from; i+printWords <= to; i++ {
		if r, ok := m.at(i); ok && r.to <= to && !r.cut && r.same >= leastWithin {
			return r, true
		}
	}
	return run{}, false
}

// leastWithin is how many words those have to be.
const leastWithin = 8

// short finds a script of a few words that is all of a sentence.
func (m *comparison) short(from, to int) (run, bool) {
	if to-from >= printWords {
		return run{}, false
	}
	for _, s := range m.prints.at(hashOf(m.atoms[from:to])) {
		l := m.lay(s)
		if len(l.atoms) == to-from && slices.EqualFunc(l.atoms, m.atoms[from:to], func(a, b atom) bool { return a.key == b.key }) {
			return run{from: from, to: to, kind: PartSame, item: s.item, script: l, ours: [2]int{0, len(l.atoms)}, same: to - from}, true
		}
	}
	for _, l := range m.older {
		for p := range len(l.starts) - 1 {
			piece := l.atoms[l.starts[p]:l.starts[p+1]]
			if slices.EqualFunc(piece, m.atoms[from:to], func(a, b atom) bool { return a.key == b.key }) {
				return run{from: from, to: to, kind: PartFormer, item: -1, script: l, ours: [2]int{l.starts[p], l.starts[p+1]}, same: to - from}, true
			}
		}
	}
	return run{}, false
}

// broken finds the few words that some script begins with where the text breaks off.
func (m *comparison) broken(from, to int) (run, bool) {
	if to < len(m.atoms) || !m.breaksOff() {
		return run{}, false
	}
	for at := max(from, to-printWords); at < to; at++ {
		list := m.atoms[at:to]
		if at > from && !m.opened(at) {
			continue
		}
		if len(list) < shortSource && slices.ContainsFunc(list, func(a atom) bool { return negations[a.key] && len(a.key) > 1 }) {
			continue
		}
		last := list[len(list)-1]
		inWord := len(list) > 1 && m.prints.open(list[:len(list)-1]) &&
			(digits(last.key) == 0 || len(last.key) < 4 && isMonth(list[len(list)-2].key, EN) || len(last.key) < 4 && isMonth(list[len(list)-2].key, FR))
		if m.prints.open(list) || inWord {
			return run{from: at, to: to, kind: PartFrame, item: -1, script: &laid{printed: &printed{kind: ofFrame}, starts: []int{0}}, same: to - at}, true
		}
	}
	return run{}, false
}

// candidates are the scripts that a sentence may be of: those around it, those
// that begin like it, and those that have its words.
func (m *comparison) candidates(from, to int) []nearRun {
	var out []nearRun
	add := func(item int32, l *laid) {
		if !slices.ContainsFunc(out, func(c nearRun) bool { return c.script == l }) {
			out = append(out, nearRun{item: item, script: l})
		}
	}
	for _, c := range m.near {
		if c.from >= from && c.from < to {
			add(c.item, c.script)
		}
	}
	text := m.text[m.atoms[from].from:m.atoms[to-1].to]
	items := m.around(from)
	if to-from >= printWords {
		for _, lang := range Langs {
			items = append(items, m.x.itemsNear(text, lang, m.now)...)
		}
	}
	for _, item := range items {
		for i, lang := range Langs {
			for part := range m.x.scripts(int(item), lang) {
				if part <= maxParts {
					add(item, m.lay(start{item: item, part: uint8(part), lang: uint8(i)}))
				}
			}
		}
	}
	for _, l := range m.older {
		add(-1, l)
	}
	return out
}

// around are the items of the runs next to a place, and the paragraphs beside those.
func (m *comparison) around(at int) []int32 {
	i, _ := slices.BinarySearchFunc(m.runs, at, func(r run, at int) int { return r.from - at })
	docs := m.x.words().docs
	var out []int32
	near := slices.DeleteFunc(slices.Clone(m.runs[max(i-2, 0):min(i+2, len(m.runs))]), func(r run) bool { return r.item < 0 })
	for _, r := range near {
		for item := r.item - 1; item <= r.item+1; item++ {
			beside := item != r.item && (item < 0 || int(item) >= len(docs) || int(r.item) >= len(docs) || docs[item].id != docs[r.item].id)
			if !beside && !slices.Contains(out, item) {
				out = append(out, item)
			}
		}
	}
	return out
}

// itemsNear are the documents that have most of a sentence's words.
func (x *Index) itemsNear(text string, lang Lang, now time.Time) []int32 {
	s := x.words()
	u := x.understand(Question{Text: text, Lang: lang, Now: now})
	u.intent = AskPassage
	var out []int32
	for _, c := range s.rank(u, maxNearby, now, nil) {
		out = append(out, c.doc)
	}
	return out
}

// beside lays a sentence beside a script, and tells whether it is nearly that.
func (m *comparison) beside(c nearRun, from, to int) (run, bool) {
	l := c.script
	a := align(l.atoms, m.atoms[from:to])
	a.theirs[0], a.theirs[1] = a.theirs[0]+from, a.theirs[1]+from
	for i := range a.gaps {
		a.gaps[i].theirs[0] += from
		a.gaps[i].theirs[1] += from
	}
	if a.same == 0 {
		return run{}, false
	}
	r := run{kind: PartAltered, item: c.item, script: l}
	head, tail := m.brokenHead(l, a), m.brokenTail(l, a)
	whole := a
	whole.widen(l, from, to)
	if head || tail {
		wide := whole
		whole.gaps = slices.DeleteFunc(whole.gaps, func(g gap) bool {
			return head && g.ours[1] <= a.ours[0] || tail && g.ours[0] >= a.ours[1]
		})
		if head {
			whole.ours[0], whole.theirs[0] = a.ours[0], a.theirs[0]
		}
		if tail {
			whole.ours[1], whole.theirs[1] = a.ours[1], len(m.atoms)
		}
		r.cut = wide.ours != whole.ours
	}
	r.from, r.to, r.ours, r.same, r.gaps = whole.theirs[0], whole.theirs[1], whole.ours, a.same, whole.gaps
	r.gaps = slices.DeleteFunc(r.gaps, func(g gap) bool { return g.ours[0] == g.ours[1] && g.theirs[0] == g.theirs[1] })
	if least, like := m.needed(r, from, to); r.same < least || whole.likeness() < like {
		return r, false
	}
	if len(r.gaps) == 0 {
		r.kind = PartSame
		if l.kind == fixWas || l.old != nil {
			r.kind = PartFormer
		}
	}
	return r, true
}

// needed is how many words of a run have to be alike, and which share of it, for
// it to be ours.
func (m *comparison) needed(r run, from, to int) (least int, like float64) {
	switch {
	case r.item >= 0 && m.items[r.item] > 0 && r.ours[1]-r.ours[0] <= printWords:
		return shortAmongOurs, likeAmongOurs
	case r.item >= 0 && m.items[r.item] > 0:
		return sameAmongOurs, likeAmongOurs
	case r.from > from && !m.opened(r.from), r.to < to && !m.closed(r.to):
		return alone, likeAlone
	}
	return sameAlone, likeAlone
}

// brokenTail reports whether the text breaks off behind an alignment.
func (m *comparison) brokenTail(l *laid, a alignment) bool {
	return a.theirs[1] >= len(m.atoms)-1 && m.cutOff(l, a.ours[1], a.theirs[1])
}

// brokenHead reports whether the text begins in the middle of a sentence, and
// what is missing could not have turned it into something else.
func (m *comparison) brokenHead(l *laid, a alignment) bool {
	if a.theirs[0] != 0 || a.ours[0] == 0 {
		return false
	}
	if strings.HasPrefix(strings.TrimSpace(m.text), "…") || strings.HasPrefix(strings.TrimSpace(m.text), "...") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(m.text[m.atoms[0].from:])
	var missing []string
	for p := len(l.starts) - 2; p >= 0; p-- {
		if l.starts[p] < a.ours[0] {
			for _, at := range l.atoms[l.starts[p]:a.ours[0]] {
				missing = append(missing, at.key)
			}
			break
		}
	}
	return l.kind == ofItem && unicode.IsLower(first) && len(missing) > 0 && !slices.ContainsFunc(missing, weighty) && !attributes(missing, l.lang)
}

// weighty reports whether a sentence without this word may say something else.
func weighty(key string) bool {
	return negations[key] || digits(key) > 0 || countWords[EN][key] > 0 || countWords[FR][key] > 0
}

// negations are the folded words that turn a sentence round.
var negations = wordSet(`no not never none nobody nothing neither nor without cannot t denied denies denying
	ne n pas non jamais aucun aucune rien personne ni sans nie nient dement dementi`)
