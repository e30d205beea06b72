package briefings

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"
)

// Revision is what readers see of an item, in short: when the hash differs
// from the one known before, the item has changed.
type Revision struct {
	Hash      string // hex
	Corrected int    // how many corrections the item records
	Title     Text
	Topics    []string // slugs of the topics it belongs to
	Formerly  []ID     // ids the item had before; its history is theirs
	Words     Text     // what readers read, in words: a line for each field and paragraph
}

// Revisions returns the revision of every topic, event, actor and term that
// readers see. A hash covers what they read (texts, dates, claims, sources) and
// nothing else: not files, order, aliases, ids or format. It knows no clock: what
// has a moment of publication is left out; see [Pack.RevisionsAt].
func (p *Pack) Revisions() map[ID]Revision { return p.RevisionsAt(time.Time{}) }

// RevisionsAt is Revisions of what readers see at the moment now.
func (p *Pack) RevisionsAt(now time.Time) map[ID]Revision {
	p = p.At(now)
	m := make(map[ID]Revision, len(p.Topics)+len(p.Events)+len(p.Actors)+len(p.Terms))
	first := p.firstNames()
	about := map[ID][]string{} // topics whose prose points to an item
	for i := range p.Topics {
		t := &p.Topics[i]
		if !t.Shown(now) {
			continue
		}
		for id := range t.refs() {
			about[id] = append(about[id], t.Slug)
		}
		m[t.ID()] = Revision{Hash: t.digest(first), Corrected: len(t.Corrections), Title: t.Name, Topics: []string{t.Slug}, Words: inEach(t.words)}
	}
	for i := range p.Events {
		e := &p.Events[i]
		m[e.ID()] = Revision{Hash: e.digest(first), Corrected: len(e.Corrections), Title: e.Title, Topics: e.Topics, Words: inEach(e.words)}
	}
	for i := range p.Actors {
		a := &p.Actors[i]
		m[a.ID()] = Revision{Hash: a.digest(first), Corrected: len(a.Corrections), Title: a.Name, Topics: about[a.ID()], Words: inEach(a.words)}
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		m[t.ID()] = Revision{Hash: t.digest(first), Corrected: len(t.Corrections), Title: t.Name, Topics: about[t.ID()], Words: inEach(t.words)}
	}
	for it := range p.items {
		if rev, ok := m[it.id]; ok && len(it.formerly) > 0 {
			rev.Formerly = it.former()
			m[it.id] = rev
		}
	}
	return m
}

// refs returns the items the topic's prose points to.
func (t *Topic) refs() map[ID]bool {
	m := map[ID]bool{}
	for _, sections := range t.Sections {
		for _, s := range sections {
			for _, b := range s.Blocks {
				for _, sp := range b.Spans {
					if sp.Kind == SpanRef {
						m[MakeID(sp.Ref.Kind(), sp.Ref.Slug())] = true
					}
				}
			}
		}
	}
	return m
}

func (t *Topic) digest(first firstNames) string {
	h := newDigest(t.Name, t.Line, t.NotCovered)
	h.str(t.AsOf.String())
	for _, lang := range Langs {
		h.count(len(t.Sections[lang]))
		for _, s := range t.Sections[lang] {
			h.str(string(s.Kind))
			h.count(len(s.Blocks))
			for _, b := range s.Blocks {
				h.str(strconv.FormatBool(b.Bullet))
				h.count(len(b.Spans))
				for _, sp := range b.Spans {
					h.str(string(sp.Kind))
					h.str(sp.Text)
					h.str(string(first.id(sp.Ref)))
					h.list(first.slugs(KindSource, sp.Cites))
				}
			}
		}
	}
	return h.sum()
}

func (a *Actor) digest(first firstNames) string {
	h := newDigest(a.Name, a.Summary)
	h.list(first.slugs(KindSource, a.Sources))
	return h.sum()
}

func (t *Term) digest(first firstNames) string {
	h := newDigest(t.Name, t.Definition)
	h.list(first.slugs(KindSource, t.Sources))
	return h.sum()
}

func (e *Event) digest(first firstNames) string {
	h := newDigest(e.Title, Text{}, e.Fact) // its short title is a label: a better one is no news
	h.str(e.Date.String())
	h.str(e.End.String())
	h.str(string(e.Confidence))
	h.list(first.slugs(KindSource, e.Sources))
	h.count(len(e.Claims))
	for _, c := range e.Claims {
		h.text(c.By)
		h.text(c.Says)
		h.list(first.slugs(KindSource, c.Sources))
	}
	return h.sum()
}

// digest hashes values one by one, each with its length before it, so that no
// two sequences of values read the same.
type digest struct{ b []byte }

func newDigest(texts ...Text) *digest {
	d := &digest{}
	for _, t := range texts {
		d.text(t)
	}
	return d
}

func (d *digest) count(n int) { d.b = append(strconv.AppendInt(d.b, int64(n), 10), ':') }

func (d *digest) str(s string) {
	d.count(len(s))
	d.b = append(d.b, s...)
}

func (d *digest) text(t Text) {
	d.str(t.EN)
	d.str(t.FR)
}

// list hashes slugs in any order: which of two sources is named first says nothing.
func (d *digest) list(slugs []string) {
	d.count(len(slugs))
	for _, s := range slices.Sorted(slices.Values(slugs)) {
		d.str(s)
	}
}

// sum returns half of the hash, which is plenty to tell versions of one item apart.
func (d *digest) sum() string {
	h := sha256.Sum256(d.b)
	return hex.EncodeToString(h[:16])
}
