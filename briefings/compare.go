package briefings

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Part is a run of a text that somebody has, compared with the pack.
type Part struct {
	Kind PartKind
	Text string // as they have it
	// What follows is empty for foreign ones.
	ID      ID // as in [Excerpt]
	Block   int
	Claim   int
	Lang    Lang
	Ours    string   // what the pack says, or said
	Sources []string // slugs of what that rests on
	Cut     bool     // it is the beginning or the end of a longer one
	Words   int      // how many words are ours
	Changes []Edited // of an altered one
	Fix     *Correction
	Older   *Older // where it is what an item said before
}

// PartKind says what a run is.
type PartKind string

// The kinds of runs.
const (
	PartSame    PartKind = "same"    // word for word in the pack
	PartFormer  PartKind = "former"  // word for word what the pack said before
	PartAltered PartKind = "altered" // nearly so
	PartFrame   PartKind = "frame"   // words that stand around what the pack says
	PartForeign PartKind = "foreign"
)

// Known is what a text may hold besides what the pack says now.
type Known struct {
	Older  []Older  // what items said before
	Frames []string // lines of at least four words that stand around the pack's texts
}

// Edited is a place where a text differs from the pack's: Was and what stands
// around it are ours, Now is theirs.
type Edited struct {
	Kind EditedKind
	Passage
	TheirBefore, TheirAfter string // what stands around it with them
}

// EditedKind is what differs, what weighs most first.
type EditedKind int

// What may differ.
const (
	EditedNumber EditedKind = iota
	EditedName
	EditedDate
	EditedNegation
	EditedWords
)

// Bounds of the work that one text can ask for.
const (
	MaxCompared = 10_000    // characters that are looked at
	maxAligned  = 8_000_000 // pairs of words that are compared to lay sentences beside the pack's
	maxNearby   = 6         // items that a sentence is laid beside
	maxRun      = 120       // words of such a sentence
	maxNear     = 500       // places that begin like something of the pack
)

// Compare takes a text apart into what stands in the pack, stood there, or
// nearly does, and the rest, in the text's order. It goes by words alone:
// formatting, addresses, citations, emoji and spaces may be lost.
func (x *Index) Compare(text string, known Known, now time.Time) []Part {
	if utf8.RuneCountInString(text) > MaxCompared {
		text = string([]rune(text)[:MaxCompared])
	}
	m := &comparison{x: x, prints: x.prints(), now: now, laid: map[start]*laid{}, items: map[int32]int{}, ids: map[ID]int{}}
	m.text = cleaned(text)
	m.atoms = atomsOf(m.text)
	m.read(known)
	m.exact()
	m.inGaps()
	return m.parts()
}

// comparison is a text being compared.
type comparison struct {
	x      *Index
	prints *prints
	now    time.Time
	text   string
	atoms  []atom
	laid   map[start]*laid // by item, part and language
	older  []*laid
	opens  map[uint32][]beginning // where older scripts begin
	near   []nearRun              // of scripts that began like the text, and went on otherwise
	runs   []run                  // found, in order
	items  map[int32]int          // those with a run, and how many
	ids    map[ID]int             // the same by id, of topics whole
	worked int                    // pairs of words compared so far
}

// run is a stretch of atoms that is explained.
type run struct {
	from, to int
	kind     PartKind
	item     int32 // -1 for what was before
	script   *laid
	ours     [2]int // atoms of the script
	cut      bool
	same     int
	gaps     []gap
}

type nearRun struct {
	from   int
	item   int32
	script *laid
}

type beginning struct {
	script *laid
	piece  int
}

func (m *comparison) read(known Known) {
	m.opens = map[uint32][]beginning{}
	open := func(l *laid) {
		for p := range len(l.starts) - 1 {
			if from := l.starts[p]; len(l.atoms)-from >= printWords {
				h := hashOf(l.atoms[from : from+printWords])
				m.opens[h] = append(m.opens[h], beginning{l, p})
			}
		}
	}
	for i := range known.Older {
		for _, s := range known.Older[i].scripts() {
			l := s.lay()
			m.older = append(m.older, l)
			open(l)
		}
	}
	for _, line := range known.Frames {
		open((&printed{kind: ofFrame, pieces: []string{line}}).lay())
	}
}

// lay returns a script of the pack cut into atoms.
func (m *comparison) lay(at start) *laid {
	at.hash, at.piece = 0, 0
	l, ok := m.laid[at]
	if !ok {
		list := m.x.scripts(int(at.item), Langs[at.lang])
		l = list[at.part].lay()
		m.laid[at] = l
	}
	return l
}

// parts lists the runs, and what lies between them as foreign.
func (m *comparison) parts() []Part {
	var out []Part
	last := 0
	for i, r := range m.runs {
		out = append(out, m.foreign(last, r.from)...)
		out = append(out, m.part(i))
		last = r.to
	}
	return append(out, m.foreign(last, len(m.atoms))...)
}

func (m *comparison) part(i int) Part {
	r := m.runs[i]
	l := r.script
	p := Part{
		Kind: r.kind, Text: m.between(r.from, r.to), ID: l.id, Block: l.block, Claim: l.claim, Lang: l.lang, Sources: l.sources,
		Cut: r.cut, Words: r.same, Fix: l.fix, Older: l.old, Ours: l.between(r.ours[0], r.ours[1]),
	}
	if l.kind == fixWas && i+1 < len(m.runs) && m.runs[i+1].script.kind == fixNow && m.runs[i+1].script.fix == l.fix {
		p.Kind = PartSame // a correction that says both
	}
	if r.cut {
		p.Ours = l.between(r.ours[0], l.pieceEnd(r.ours[1]))
	}
	p.Changes = m.changes(r)
	return p
}

// pieceEnd is the end of the piece that holds what stands before an atom.
func (l *laid) pieceEnd(at int) int {
	for _, s := range l.starts[1:] {
		if s >= at {
			return s
		}
	}
	return len(l.atoms)
}

// between is the text of atoms from up to to, with the marks behind them.
func (m *comparison) between(from, to int) string { return runOf(m.text, m.atoms, from, to) }

func (l *laid) between(from, to int) string { return runOf(l.text, l.atoms, from, to) }

func runOf(text string, atoms []atom, from, to int) string {
	if from >= to {
		return ""
	}
	begin, end := atoms[from].from, atoms[to-1].to
	for end < len(text) { // what closes the sentence
		r, size := utf8.DecodeRuneInString(text[end:])
		if !strings.ContainsRune(".!?…”»)\"’", r) && r != '\u00a0' && r != '\u202f' {
			break
		}
		end += size
	}
	if begin > 0 && strings.ContainsAny(text[begin-1:begin], "(\"") {
		begin--
	}
	for begin > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:begin])
		if !strings.ContainsRune("“«’", r) {
			break
		}
		begin -= size
	}
	return strings.Join(strings.FieldsFunc(text[begin:end], unicode.IsSpace), " ")
}

// foreign is what no run explains, a sentence or line each.
func (m *comparison) foreign(from, to int) []Part {
	var out []Part
	for _, s := range m.sentences(from, to) {
		out = append(out, Part{Kind: PartForeign, Text: m.between(s[0], s[1])})
	}
	return out
}

// sentences cuts a run of the text at the ends of lines and sentences.
func (m *comparison) sentences(from, to int) [][2]int {
	var out [][2]int
	begin := from
	for i := from; i < to; i++ {
		if i+1 < to && !m.endsAt(i) {
			continue
		}
		out = append(out, [2]int{begin, i + 1})
		begin = i + 1
	}
	return out
}

// endsAt reports whether a line or a sentence ends behind atom i.
func (m *comparison) endsAt(i int) bool {
	behind := m.text[m.atoms[i].to:m.atoms[i+1].from]
	if strings.Contains(behind, "\n") {
		return true
	}
	at := strings.IndexAny(behind, ".!?…")
	if at < 0 || !strings.ContainsFunc(behind[at:], unicode.IsSpace) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(m.text[m.atoms[i+1].from:])
	return !unicode.IsLower(next) && !(behind[at] == '.' && initial(m.text[:m.atoms[i].to]))
}
