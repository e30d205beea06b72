package briefings

import (
	"cmp"
	"slices"
	"strings"
)

// exact finds the runs that are word for word the pack's.
func (m *comparison) exact() {
	for i := 0; i+shortSource <= len(m.atoms); {
		r, ok := m.at(i)
		if !ok {
			r, ok = m.short(i, i+shortSource)
			ok = ok && r.script.kind == ofSource
		}
		if !ok || r.same < alone && r.kind != PartFrame && r.script.kind != ofSource && !(m.opened(r.from) && m.closed(r.to)) {
			i++
			continue
		}
		m.take(r)
		i = r.to
	}
}

// alone is how many words of ours can stand in the middle of a sentence of
// somebody's and be no chance. Fewer are looked at again with the whole sentence.
const alone = 12

// opened reports whether something begins with atom i: a sentence, a line, or
// what went before was ours.
func (m *comparison) opened(i int) bool {
	if i == 0 || len(m.runs) > 0 && m.runs[len(m.runs)-1].to == i || strings.ContainsAny(m.before(i), "\n.!?…“«[)") {
		return true
	}
	for n := 1; strings.Contains(m.before(i), ":") && n <= mostLabel; n++ { // behind a label
		if i == n || strings.ContainsAny(m.before(i-n), "\n.!?…") {
			return true
		}
	}
	return false
}

// mostLabel is how many words stand before a colon at most that are a label.
const mostLabel = 7

// before is what lies between an atom and the one before it.
func (m *comparison) before(i int) string { return m.text[m.atoms[i-1].to:m.atoms[i].from] }

// closed reports whether something ends before atom i, or what goes on is ours.
func (m *comparison) closed(i int) bool {
	if i >= len(m.atoms) || strings.ContainsAny(m.before(i), "\n.!?…;:)»”[") {
		return true
	}
	_, ok := m.at(i)
	return ok
}

func (m *comparison) take(r run) {
	at, _ := slices.BinarySearchFunc(m.runs, r, func(a, b run) int { return cmp.Compare(a.from, b.from) })
	m.runs = slices.Insert(m.runs, at, r)
	m.items[r.item]++
	m.ids[wholeID(r.script.id)]++
}

// at returns the longest run that begins with atom i: of what the pack says
// now, else of what it said.
func (m *comparison) at(i int) (best run, ok bool) {
	if i+printWords > len(m.atoms) {
		return run{}, false
	}
	h := hashOf(m.atoms[i : i+printWords])
	for _, s := range m.prints.at(h) {
		l := m.lay(s)
		r := m.follow(l, l.starts[s.piece], i)
		r.item = s.item
		if l.kind == fixWas {
			r.kind = PartFormer
		}
		m.better(&best, r)
	}
	if best.to > i {
		return best, true
	}
	for _, f := range m.opens[h] {
		r := m.follow(f.script, f.script.starts[f.piece], i)
		if r.item, r.kind = -1, PartFormer; f.script.kind == ofFrame {
			r.kind = PartFrame
		}
		m.better(&best, r)
	}
	return best, best.to > i
}

// better keeps the longer run; of equal ones that of an item at hand.
func (m *comparison) better(best *run, r run) {
	if r.to <= r.from {
		if r.script != nil && r.item >= 0 && len(m.near) < maxNear {
			m.near = append(m.near, nearRun{r.from, r.item, r.script})
		}
		return
	}
	more := r.to - best.to
	if more > 0 || more == 0 && (best.kind == PartFormer && r.kind == PartSame || r.kind == best.kind && m.ids[wholeID(r.script.id)] > m.ids[wholeID(best.script.id)]) {
		*best = r
	}
}

func wholeID(id ID) ID { return MakeID(id.Kind(), id.Slug()) }

// follow goes along a script from its atom as far as the text does.
func (m *comparison) follow(l *laid, from, i int) run {
	n := 0
	for from+n < len(l.atoms) && i+n < len(m.atoms) && l.atoms[from+n].key == m.atoms[i+n].key {
		n++
	}
	r := run{from: i, to: i, kind: PartSame, script: l, ours: [2]int{from, from}}
	if m.cutOff(l, from+n, i+n) {
		r.to, r.cut, r.ours[1] = len(m.atoms), from+n < len(l.atoms), from+len(m.atoms)-i
	} else if n >= printWords {
		if end := l.endOf(from, n); end-from >= printWords {
			r.to, r.ours[1] = i+end-from, end
		}
	}
	r.same = r.to - r.from
	r.ours[1] = min(r.ours[1], len(l.atoms))
	return r
}

// cutOff reports whether the text breaks off while it goes along a script:
// before atom ours, or in the middle of that.
func (m *comparison) cutOff(l *laid, ours, theirs int) bool {
	if len(m.atoms) == 0 || theirs < len(m.atoms)-1 {
		return false
	}
	if !m.breaksOff() {
		return false
	}
	if theirs == len(m.atoms) {
		return true
	}
	last := m.atoms[len(m.atoms)-1]
	if ours >= len(l.atoms) || !strings.HasPrefix(l.atoms[ours].key, last.key) || len(last.key) >= len(l.atoms[ours].key) {
		return false
	}
	if digits(last.key) > 0 { // a shorter number is another number, unless it is the beginning of a year
		return isYear(l.atoms[ours].key)
	}
	return len(m.x.Mentions(m.text[last.from:last.to])) == 0 // a shorter name is another name
}

// breaksOff reports whether the text ends without what ends a sentence.
func (m *comparison) breaksOff() bool {
	tail := m.text[m.atoms[len(m.atoms)-1].to:]
	return !strings.ContainsAny(strings.NewReplacer("…", "", "...", "").Replace(tail), ".!?")
}

func isYear(key string) bool {
	return len(key) == 4 && digits(key) == 4 && (key[:2] == "19" || key[:2] == "20")
}
