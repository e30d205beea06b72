package briefings

import (
	"cmp"
	"slices"
	"sort"
)

// prints finds where in the pack a run of words begins. It keeps no text: a
// hash of the first words of every piece, and where to read the rest.
type prints struct {
	starts []start  // by hash
	opens  []uint32 // hashes of the first one to three words of scripts, sorted
}

type start struct {
	hash  uint32
	item  int32 // as [Index.scripts] counts them
	part  uint8 // of its scripts
	piece uint8
	lang  uint8
}

// printWords is how many words find a place. Fewer stand everywhere.
const printWords = 4

// shortSource is how many words a source has at least that may stand anywhere.
const shortSource = printWords - 1

const maxParts = 255

func newPrints(x *Index) *prints {
	p := &prints{}
	for n := range x.allScripts() {
		for i, lang := range Langs {
			for part, s := range x.scripts(n, lang) {
				if part > maxParts {
					break
				}
				p.add(s.lay(), start{item: int32(n), part: uint8(part), lang: uint8(i)})
			}
		}
	}
	slices.SortFunc(p.starts, func(a, b start) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.item, b.item), cmp.Compare(a.part, b.part), cmp.Compare(a.piece, b.piece), cmp.Compare(a.lang, b.lang))
	})
	p.starts = slices.Clip(p.starts)
	slices.Sort(p.opens)
	p.opens = slices.Clip(slices.Compact(p.opens))
	return p
}

func (p *prints) add(l *laid, at start) {
	for i := range min(len(l.starts)-1, maxParts) {
		from := l.starts[i]
		if l.begins(i) && len(l.atoms)-from >= printWords {
			at.piece, at.hash = uint8(i), hashOf(l.atoms[from:from+printWords])
			p.starts = append(p.starts, at)
		}
	}
	for n := 1; n < min(printWords, len(l.atoms)+1); n++ {
		p.opens = append(p.opens, hashOf(l.atoms[:n]))
	}
	if n := len(l.atoms); n > 0 && n < printWords && l.kind != ofClaim { // the whole of it
		at.piece, at.hash = 0, hashOf(l.atoms)
		p.starts = append(p.starts, at)
	}
}

// at returns the places whose first words have the hash.
func (p *prints) at(hash uint32) []start {
	from := sort.Search(len(p.starts), func(i int) bool { return p.starts[i].hash >= hash })
	to := from
	for to < len(p.starts) && p.starts[to].hash == hash {
		to++
	}
	return p.starts[from:to]
}

// open reports whether some script begins with the atoms.
func (p *prints) open(list []atom) bool {
	if len(list) == 0 || len(list) >= printWords {
		return false
	}
	_, ok := slices.BinarySearch(p.opens, hashOf(list))
	return ok
}

// hashOf is FNV-1a over the keys.
func hashOf(list []atom) uint32 {
	h := uint32(2166136261)
	for _, a := range list {
		for i := range len(a.key) {
			h = (h ^ uint32(a.key[i])) * 16777619
		}
		h = (h ^ ' ') * 16777619
	}
	return h
}
