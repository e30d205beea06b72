package briefings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// done notes every key that was not asked for.
func (m *mapping) done() {
	for _, key := range m.order {
		if m.asked[key] {
			continue
		}
		var known []string
		for k := range m.asked {
			known = append(known, k)
		}
		m.f.fault(m.fields[key].key, fmt.Sprintf("unknown key %q in %s", key, m.what), didYouMean(key, known))
	}
}

// get returns the value of key, or nil when it is absent or empty.
func (m *mapping) get(key string) ast.Node {
	m.asked[key] = true
	v := m.fields[key].value
	if _, null := v.(*ast.NullNode); null {
		return nil
	}
	return v
}

// pos returns where the value of key stands, or the mapping itself.
func (m *mapping) pos(key string) Pos {
	if fd, ok := m.fields[key]; ok {
		if fd.value != nil {
			if _, null := fd.value.(*ast.NullNode); !null {
				return m.f.nodePos(fd.value)
			}
		}
		return fd.key
	}
	return m.at
}

func (m *mapping) missing(key string) {
	m.f.fault(m.pos(key), fmt.Sprintf("%s has no %s", m.what, key), fmt.Sprintf("Add \"%s: …\".", key))
}

// scalarOf returns the value of a scalar as written.
func (f *file) scalarOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// str returns the text of key; required ones that are absent are a fault.
func (m *mapping) str(key string, required bool) string {
	n := m.get(key)
	if n == nil {
		if required {
			m.missing(key)
		}
		return ""
	}
	s, ok := m.f.cleanText(n)
	if ok && s == "" && required {
		m.missing(key)
	}
	return s
}

// cleanText returns a scalar as one line of visible text.
func (f *file) cleanText(n ast.Node) (string, bool) {
	s, ok := f.scalarOf(n)
	if !ok {
		f.wrongNode(n, "a text is expected here", "Write one text, in quotes where it holds \": \" or \" #\".")
		return "", false
	}
	s = strings.TrimFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' })
	if r, bad := invisible(s); bad {
		f.fault(f.nodePos(n), fmt.Sprintf("the text holds the invisible character U+%04X", r), "Delete it; a text is one line.")
		return "", false
	}
	return s, true
}

// invisible finds a character that readers cannot see: controls, and format
// characters such as those that turn the direction of writing around.
func invisible(s string) (rune, bool) {
	for _, r := range s {
		if r >= ' ' && r <= '~' {
			continue
		}
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return r, true
		}
	}
	return 0, false
}

// text returns a text in every language.
func (m *mapping) text(key string, required bool) Text {
	n := m.get(key)
	if n == nil {
		if required {
			m.missing(key)
		}
		return Text{}
	}
	if s, ok := m.f.scalarOf(n); ok {
		m.f.fault(m.f.nodePos(n), fmt.Sprintf("%s of %s has one text for all languages", key, m.what),
			fmt.Sprintf("Write \"%s:\" with \"en: …\" and \"fr: …\" beneath; %q may be both.", key, s))
		return Text{}
	}
	sub := m.f.mapping(n, key+" of "+m.what)
	if sub == nil {
		return Text{}
	}
	t := Text{EN: sub.str("en", true), FR: sub.str("fr", true)}
	sub.done()
	return t
}

// nodes returns the entries of a list.
func (m *mapping) nodes(key string, required bool) []ast.Node {
	n := m.get(key)
	if n == nil {
		if required {
			m.missing(key)
		}
		return nil
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		m.f.wrongNode(n, fmt.Sprintf("%s of %s is a list", key, m.what), fmt.Sprintf("Write \"%s: [one, two]\", or one \"- entry\" a line.", key))
		return nil
	}
	if required && len(seq.Values) == 0 {
		m.missing(key)
	}
	return seq.Values
}

// strs returns a list of texts.
func (m *mapping) strs(key string, required bool) []string {
	var out []string
	for _, n := range m.nodes(key, required) {
		s, ok := m.f.cleanText(n)
		if ok && s == "" {
			m.f.fault(m.f.nodePos(n), fmt.Sprintf("an entry of %s is empty", key), "Write it or delete it.")
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// lines returns a list of texts, each for every language or with one for each.
func (m *mapping) lines(key string) []Text {
	var out []Text
	for _, n := range m.nodes(key, false) {
		if _, plain := m.f.scalarOf(n); plain {
			s, _ := m.f.cleanText(n)
			out = append(out, Same(s))
			continue
		}
		t := Text{}
		if sub := m.f.mapping(n, "an entry of "+key); sub != nil {
			t = Text{EN: sub.str("en", true), FR: sub.str("fr", true)}
			sub.done()
		}
		out = append(out, t)
	}
	return out
}

// maps returns a list of mappings.
func (m *mapping) maps(key, what string, required bool) []*mapping {
	var out []*mapping
	for _, n := range m.nodes(key, required) {
		if sub := m.f.mapping(n, what); sub != nil {
			out = append(out, sub)
		}
	}
	return out
}

// date returns a date; required ones that are absent are a fault.
func (m *mapping) date(key string, required bool) Date {
	s := m.str(key, required)
	if s == "" {
		return Date{}
	}
	d, err := ParseDate(s)
	if err != nil {
		m.f.fault(m.pos(key), fmt.Sprintf("%s of %s: %q is not a date", key, m.what, s), "Write 2024-09-17, 2024-09 or 2024, in quotes.")
	}
	return d
}

// instant returns a moment, in UTC when no offset is written.
func (m *mapping) instant(key string) time.Time {
	s := m.str(key, false)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	m.f.fault(m.pos(key), fmt.Sprintf("%s of %s: %q is not a moment", key, m.what, s), "Write 2026-05-09T07:00:00Z.")
	return time.Time{}
}

// number returns a number within [low, high].
func (m *mapping) number(key string, required bool, low, high float64) float64 {
	s := m.str(key, required)
	if s == "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v < low || v > high || v != v {
		m.f.fault(m.pos(key), fmt.Sprintf("%s of %s: %q is not a number from %g to %g", key, m.what, s, low, high), "Correct the number.")
		return 0
	}
	return v
}

// oneOf returns a word out of a closed list.
func (m *mapping) oneOf(key string, allowed ...string) string {
	s := m.str(key, true)
	if s == "" {
		return ""
	}
	if slices.Contains(allowed, s) {
		return s
	}
	m.f.fault(m.pos(key), fmt.Sprintf("%s of %s cannot be %q", key, m.what, s), didYouMean(s, allowed))
	return ""
}

// find returns the position of a field within the record, by keys and 0-based
// numbers of list entries; where the path ends early, of what there is.
func (m *mapping) find(path ...string) Pos {
	if len(path) == 0 {
		return m.at
	}
	fd, ok := m.fields[path[0]]
	if !ok {
		return m.at
	}
	n := fd.value
	for _, step := range path[1:] {
		next := child(n, step)
		if next == nil {
			break
		}
		n = next
	}
	if n == nil {
		return fd.key
	}
	return m.f.nodePos(n)
}

func child(n ast.Node, step string) ast.Node {
	switch n := n.(type) {
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(n.Values) {
			return n.Values[i]
		}
	case *ast.MappingNode:
		for _, v := range n.Values {
			if v.Key.GetToken().Value == step {
				return v.Value
			}
		}
	case *ast.MappingValueNode:
		if n.Key.GetToken().Value == step {
			return n.Value
		}
	}
	return nil
}
