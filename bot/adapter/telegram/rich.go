package telegram

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// entity is https://core.telegram.org/bots/api#messageentity
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// The types of entities we make.
const (
	bold       = "bold"
	italic     = "italic"
	code       = "code"
	textLink   = "text_link"
	blockquote = "blockquote"
	folded     = "expandable_blockquote"
)

// rich is text with marks. The marks of one kind do not overlap, and nothing
// overlaps code; links and quotes are not nested.
type rich struct {
	text  string
	marks []mark // by from
}

// mark is an entity by byte offsets.
type mark struct {
	from, to int
	kind     string
	url      string
}

// add appends s, marked with the kinds.
func (r *rich) add(s, url string, kinds ...string) {
	if s = clean(s); s == "" {
		return
	}
	from := len(r.text)
	r.text += s
	for _, k := range kinds {
		if k == "" {
			continue
		}
		m := mark{from, len(r.text), k, ""}
		if k == textLink {
			m.url = url
		}
		if last := r.last(k); last != nil && last.to == from && last.url == m.url {
			last.to = m.to
			continue
		}
		r.marks = append(r.marks, m)
	}
}

// last is the latest mark of a kind, if it is near the end.
func (r *rich) last(kind string) *mark {
	for i := len(r.marks) - 1; i >= 0 && i >= len(r.marks)-3; i-- {
		if r.marks[i].kind == kind {
			return &r.marks[i]
		}
	}
	return nil
}

// quiet puts joiners where Telegram would make links and mentions of its own.
func (r rich) quiet() rich {
	var at []int
	for i := 0; i < len(r.text); i++ {
		switch r.text[i] {
		case '@', '#', '$', ':', '.':
			if to := wakes(r.text, i); to >= 0 && !r.inCode(to) {
				at = append(at, to)
			}
		}
	}
	if len(at) == 0 {
		return r
	}
	var b strings.Builder
	from := 0
	for _, to := range at {
		b.WriteString(r.text[from:to])
		b.WriteString(joiner)
		from = to
	}
	b.WriteString(r.text[from:])
	shift := func(pos int) int {
		n, found := slices.BinarySearch(at, pos)
		if found {
			n++ // a joiner at a mark's border stays before it
		}
		return pos + n*len(joiner)
	}
	out := rich{text: b.String(), marks: make([]mark, len(r.marks))}
	for i, m := range r.marks {
		out.marks[i] = mark{shift(m.from), shift(m.to), m.kind, m.url}
	}
	return out
}

// inCode reports whether what is around pos is all code; Telegram leaves that alone.
func (r rich) inCode(pos int) bool {
	return slices.ContainsFunc(r.marks, func(m mark) bool { return m.kind == code && m.from < pos && pos < m.to })
}

// trim takes white space off both ends.
func (r rich) trim() rich {
	s := strings.TrimSpace(r.text)
	if len(s) == len(r.text) {
		return r
	}
	from := strings.Index(r.text, s)
	return r.slice(from, from+len(s))
}

// slice is the part from..to.
func (r rich) slice(from, to int) rich {
	out := rich{text: r.text[from:to]}
	for _, m := range r.marks {
		if lo, hi := max(m.from, from), min(m.to, to); lo < hi {
			out.marks = append(out.marks, mark{lo - from, hi - from, m.kind, m.url})
		}
	}
	return out
}

// entities counts the marks in UTF-16, without those nothing is seen of.
func (r rich) entities() []entity {
	if len(r.marks) == 0 {
		return nil
	}
	marks := make([]mark, 0, len(r.marks))
	for _, m := range r.marks {
		if m, ok := r.tighten(m); ok {
			marks = append(marks, m)
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var borders []int
	for _, m := range marks {
		borders = append(borders, m.from, m.to)
	}
	slices.Sort(borders)
	borders = slices.Compact(borders)
	at := make(map[int]int, len(borders))
	n, from := 0, 0
	for _, b := range borders {
		n += units(r.text[from:b])
		from, at[b] = b, n
	}
	out := make([]entity, len(marks))
	for i, m := range marks {
		out[i] = entity{Type: m.kind, Offset: at[m.from], Length: at[m.to] - at[m.from], URL: m.url}
	}
	return out
}

// tighten moves a mark's ends to what is seen.
func (r rich) tighten(m mark) (mark, bool) {
	for m.from < m.to {
		c, size := utf8.DecodeRuneInString(r.text[m.from:m.to])
		if shows(c) {
			break
		}
		m.from += size
	}
	for m.from < m.to {
		c, size := utf8.DecodeLastRuneInString(r.text[m.from:m.to])
		if shows(c) {
			break
		}
		m.to -= size
	}
	return m, m.from < m.to
}
