package briefings

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Records are read from the syntax tree rather than decoded into structs: a
// decoder stops at its first fault, an editor wants all of them, each with its
// place.

// mapping is a YAML mapping being read. Keys that nobody asked for are faults.
type mapping struct {
	f      *file
	at     Pos
	what   string // what the mapping describes, for faults
	fields map[string]field
	order  []string
	asked  map[string]bool
}

type field struct {
	key   Pos
	value ast.Node
}

// parseYAML returns the only document of the file as a mapping, or nil after
// noting why there is none.
func (f *file) parseYAML(what string) *mapping {
	if f.broken {
		return nil
	}
	if p, deep := f.tooDeep(); deep {
		f.fault(p, fmt.Sprintf("brackets or lists are nested more than %d deep", maxNesting), "Close them, or put the text in quotes.")
		return nil
	}
	body := f.document(f.src, 0, what)
	if body == nil {
		return nil
	}
	return f.mapping(body, what)
}

// document parses a part of the file that begins after so many lines.
func (f *file) document(src []byte, after int, what string) (body ast.Node) {
	defer func() {
		// The parser has crashed on malformed input before; to an editor that is one more fault.
		if r := recover(); r != nil {
			f.fault(Pos{Line: after + 1, Col: 1}, "this cannot be read as YAML", "Look for a wrong indentation or an unclosed quote or bracket.")
			body = nil
		}
		f.broken = f.broken || body == nil
	}()
	tokens := lexer.Tokenize(string(src))
	for _, tk := range tokens {
		if tk.Position != nil {
			moved := *tk.Position // tokens may share one
			moved.Line += after
			tk.Position = &moved
		}
	}
	doc, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // duplicates are told by mapping, all of them
	if err != nil {
		f.syntaxFault(err)
		return nil
	}
	for _, d := range doc.Docs {
		switch {
		case d.Body == nil:
		case body != nil:
			f.fault(f.nodePos(d.Body), "the file holds several documents", "Remove the line ---.")
			return nil
		default:
			body = d.Body
		}
	}
	if body == nil {
		f.fault(Pos{Line: after + 1, Col: 1}, "the file is empty", "Write "+what+" into it, or delete it.")
	}
	return body
}

func (f *file) syntaxFault(err error) {
	p, what := Pos{Line: 1, Col: 1}, err.Error()
	var ye yaml.Error
	if errors.As(err, &ye) {
		what = ye.GetMessage()
		if tk := ye.GetToken(); tk != nil && tk.Position != nil {
			p = Pos{Line: tk.Position.Line, Col: tk.Position.Column}
		}
	}
	f.fault(p, "not valid YAML: "+what, "Look at indentation, quotes and colons here and in the line before; a text with \": \" or \" #\" needs quotes.")
}

// tooDeep looks for nesting that would exhaust a recursive parser.
func (f *file) tooDeep() (Pos, bool) {
	depth := 0
	for i, b := range f.src {
		switch b {
		case '[', '{':
			if depth++; depth > maxNesting {
				return f.pos(i), true
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	for i := range f.starts {
		line := f.src[f.starts[i]:f.lineEnd(i)]
		lead := 0
		for _, b := range line {
			if b != ' ' && b != '-' && b != '?' && b != '\t' && b != ':' {
				break
			}
			lead++
		}
		if lead > maxNesting {
			return Pos{Line: i + 1, Col: 1}, true
		}
	}
	return Pos{}, false
}

func (f *file) nodePos(n ast.Node) Pos {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return Pos{f.name, tk.Position.Line, tk.Position.Column}
	}
	return Pos{f.name, 1, 1}
}

func (f *file) mapping(n ast.Node, what string) *mapping {
	m := &mapping{f: f, what: what, fields: map[string]field{}, asked: map[string]bool{}}
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		f.wrongNode(n, what+" is a list of keys with values", "Write \"key: value\" lines.")
		return nil
	}
	m.at = f.nodePos(n)
	for _, pair := range pairs {
		key, at := pair.Key.GetToken().Value, f.nodePos(pair.Key)
		if _, isScalar := f.scalarOf(pair.Key); !isScalar {
			f.fault(at, "this key is not a plain word", "Write \"key: value\"; anchors, aliases, tags and merges are not used in packs.")
			continue
		}
		if first, twice := m.fields[key]; twice {
			f.fault(at, fmt.Sprintf("%q is given twice in %s", key, what), fmt.Sprintf("Keep one; the first is in line %d.", first.key.Line))
			continue
		}
		m.fields[key] = field{at, pair.Value}
		m.order = append(m.order, key)
	}
	return m
}

// wrongNode says that n is not what belongs here.
func (f *file) wrongNode(n ast.Node, what, cure string) {
	p := Pos{Line: 1, Col: 1}
	if n != nil {
		p = f.nodePos(n)
		switch n.(type) {
		case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
			what, cure = "anchors, aliases, tags and merges are not used in packs", "Write the value out."
		}
	}
	f.fault(p, what, cure)
}
