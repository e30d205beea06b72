package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What fits a message. The platform takes 100 entities and about 9,500 bytes of
// their addresses; the rest is left to what it finds in a text by itself.
const (
	maxText     = 4096
	maxCaption  = 1024
	maxEntities = 90
	maxLinks    = 8000
)

// piece is what is best kept whole: a heading, a paragraph, an entry.
type piece struct {
	rich
	gap   int    // line breaks before it, when something stands before it
	keep  bool   // stays with what follows
	frame string // the quote it stands in
	cost
}

// cost is what something takes of a message.
type cost struct{ units, entities, links int }

func (c cost) plus(d cost) cost {
	return cost{c.units + d.units, c.entities + d.entities, c.links + d.links}
}

func (c cost) fits() bool {
	return c.units <= maxText && c.entities <= maxEntities && c.links <= maxLinks
}

func newPiece(r rich, gap int) piece {
	r = r.trim().quiet()
	return piece{rich: r, gap: gap, cost: costOf(r)}
}

func costOf(r rich) cost {
	c := cost{units: units(r.text), entities: len(r.marks)}
	for _, m := range r.marks {
		c.links += len(m.url)
	}
	return c
}

// page is one message being filled.
type page struct {
	pieces []piece
	cost
}

// adding is what p takes where it would stand.
func (g *page) adding(p piece) cost {
	c := p.cost
	n := len(g.pieces)
	if n > 0 {
		c.units += p.gap
	}
	if p.frame != "" && (n == 0 || g.pieces[n-1].frame != p.frame) {
		c.entities++
	}
	return c
}

func (g *page) add(p piece) {
	g.cost = g.plus(g.adding(p))
	g.pieces = append(g.pieces, p)
}

// fill lays pieces into as few pages as it takes, in order, each piece whole
// where one page can hold it.
func fill(pieces []piece) []rich {
	var out []rich
	var g page
	flush := func() {
		if len(g.pieces) > 0 {
			out = append(out, g.join())
		}
		g = page{}
	}
	for _, p := range pieces {
		for {
			if g.plus(g.adding(p)).fits() {
				g.add(p)
				break
			}
			carry := g.carry()
			if len(carry) < len(g.pieces) { // what belongs to p goes along to the next page
				g.pieces = g.pieces[:len(g.pieces)-len(carry)]
				flush()
				for _, c := range carry {
					g.add(c)
				}
				continue
			}
			head, rest := p.cut(cost{maxText - g.units - p.gap, maxEntities - g.entities - 1, maxLinks - g.links})
			if head.text == "" {
				flush()
				continue
			}
			g.add(head)
			flush()
			if rest.text == "" {
				break
			}
			p = rest
		}
	}
	flush()
	return out
}

// carry are the last pieces that stay with what follows.
func (g *page) carry() []piece {
	i := len(g.pieces)
	for i > 0 && g.pieces[i-1].keep {
		i--
	}
	return append([]piece(nil), g.pieces[i:]...)
}

// join makes the page one text.
func (g *page) join() rich {
	var b strings.Builder
	var out rich
	frame, from := "", 0
	end := func() {
		if frame != "" {
			out.marks = append(out.marks, mark{from, b.Len(), frame, ""})
		}
	}
	for i, p := range g.pieces {
		if p.frame != frame {
			end()
		}
		if i > 0 {
			b.WriteString(strings.Repeat("\n", p.gap))
		}
		if p.frame != frame {
			frame, from = p.frame, b.Len()
		}
		at := b.Len()
		b.WriteString(p.text)
		for _, m := range p.marks {
			out.marks = append(out.marks, mark{m.from + at, m.to + at, m.kind, m.url})
		}
	}
	end()
	out.text = b.String()
	return out
}

// enough is the least room worth beginning a long piece in.
const enough = 64

// cut takes from p what room there is, up to the end of a sentence if one is in
// the latter half, else of a word. The head is empty when it is not worth it.
func (p piece) cut(room cost) (head, rest piece) {
	if room.units < enough || room.entities < 4 || room.links < 2*maxURL {
		return piece{}, p
	}
	to := reach(p.rich, room)
	if to >= len(p.text) {
		return p, piece{}
	}
	to = breakBefore(p.text, to)
	head, rest = p, p
	head.rich, rest.rich = p.slice(0, to).trim(), p.slice(to, len(p.text)).trim()
	head.cost, rest.cost = costOf(head.rich), costOf(rest.rich)
	rest.gap, head.keep = 0, false
	return head, rest
}

// reach is the byte up to which the room lasts, at least one code point.
func reach(r rich, room cost) int {
	n, to := 0, len(r.text)
	for i, c := range r.text {
		if n += utf16Len(c); n > room.units {
			to = i
			break
		}
	}
	used := cost{}
	for _, m := range r.marks {
		used.entities, used.links = used.entities+1, used.links+len(m.url)
		if (used.entities > room.entities || used.links > room.links) && m.from > 0 {
			to = min(to, m.from)
			break
		}
	}
	return to
}

// breakBefore is the best place for a break at or before byte to.
func breakBefore(s string, to int) int {
	sentence, space := 0, 0
	for i, r := range s[:to] {
		if !unicode.IsSpace(r) || r == '\u00a0' || r == '\u202f' {
			continue
		}
		space = i
		before := strings.TrimRight(s[:i], "»”\")]1234567890[")
		if r == '\n' || strings.HasSuffix(before, ".") || strings.HasSuffix(before, "!") || strings.HasSuffix(before, "?") || strings.HasSuffix(before, "…") {
			sentence = i
		}
	}
	switch {
	case sentence > to/2:
		return sentence
	case space > to/2:
		return space
	}
	for to > 1 && to < len(s) { // an accent is not torn from its letter, unless there are too many
		r, size := utf8.DecodeRuneInString(s[to:])
		if _, last := utf8.DecodeLastRuneInString(s[:to]); unicode.IsMark(r) && to-last > len(s)/2 && size > 0 {
			to -= last
			continue
		}
		break
	}
	return to
}
