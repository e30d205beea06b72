package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// parse reads a settings file into values by dotted key. It walks the syntax
// tree itself, because decoding strictly stops at the first unknown key.
func parse(path string, data []byte) (map[string]given, Faults) {
	p := &fileParser{path: path, values: map[string]given{}}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return p.values, Faults{{Key: path, What: syntax(err), Cure: "write key: value lines as in griot.example.yaml"}}
	}
	for i, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.NullType:
		case i > 0:
			p.fault(doc.Body, "a second document", "keep every setting above the line ---")
		default:
			p.mapping("", doc.Body)
		}
	}
	return p.values, p.faults
}

// syntax is the parser's message on one line, without the source it quotes: a
// quoted line could hold a token.
func syntax(err error) string {
	if ye, ok := errors.AsType[yaml.Error](err); ok {
		pos := ye.GetToken().Position
		return fmt.Sprintf("line %d, column %d: %s", pos.Line, pos.Column, ye.GetMessage())
	}
	return "not YAML"
}

type fileParser struct {
	path   string
	values map[string]given
	faults Faults
}

func (p *fileParser) at(n ast.Node) string {
	pos := n.GetToken().Position
	return fmt.Sprintf("%s:%d:%d", p.path, pos.Line, pos.Column)
}

func (p *fileParser) fault(n ast.Node, what, cure string) {
	p.faults = append(p.faults, Fault{Key: p.at(n), What: what, Cure: cure})
}

// mapping reads the keys below prefix, which is empty or ends with a dot.
func (p *fileParser) mapping(prefix string, n ast.Node) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return
	default:
		p.fault(n, cmp.Or(strings.TrimSuffix(prefix, "."), "the file")+" is not a list of settings", "write key: value lines as in griot.example.yaml")
		return
	}
	for _, kv := range pairs {
		p.pair(prefix, kv)
	}
}

func (p *fileParser) pair(prefix string, kv *ast.MappingValueNode) {
	key := prefix + kv.Key.GetToken().Value
	switch {
	case isGroup(key):
		p.mapping(key+".", kv.Value)
	case !slices.Contains(keys(), key):
		p.fault(kv.Key, fmt.Sprintf("unknown setting %q", key), nearest(key))
	default:
		v, ok := scalar(kv.Value)
		if !ok {
			p.fault(kv.Value, key+" is not a single value", "write it on one line: "+lastPart(key)+": value")
			return
		}
		p.values[key] = given{v, p.at(kv.Key)}
	}
}

// keys lists what a file may set, "_file" forms of secrets included.
func keys() []string {
	var out []string
	for _, s := range Settings() {
		out = append(out, s.Key)
		if s.Secret {
			out = append(out, s.Key+"_file")
		}
	}
	return out
}

func isGroup(key string) bool {
	return slices.ContainsFunc(keys(), func(k string) bool { return strings.HasPrefix(k, key+".") })
}

func lastPart(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// nearest says which known key a wrong one may stand for.
func nearest(key string) string {
	for _, k := range keys() {
		if lastPart(k) == lastPart(key) || strings.ReplaceAll(k, ".", "_") == strings.ToLower(key) {
			group, _, nested := strings.Cut(k, ".")
			if nested {
				return fmt.Sprintf("write %s below %s:", lastPart(k), group)
			}
			return "write " + k + " at the left edge"
		}
	}
	if alike := alike(strings.ToLower(key)); len(alike) > 0 {
		return "did you mean " + strings.Join(alike, " or ") + "?"
	}
	return "settings are " + strings.Join(keys(), ", ")
}

// alike lists the keys and groups that a key with a few wrong letters comes
// nearest to.
func alike(key string) []string {
	var out []string
	best := 2 + len(key)/8
	for _, known := range keys() {
		group, _, nested := strings.Cut(known, ".")
		if !nested {
			group = known
		}
		for _, c := range []struct{ name, means string }{{known, known}, {lastPart(known), known}, {group, group}} {
			d := letters(key, c.name)
			if d > best || len(c.name) <= 2*d {
				continue
			}
			if d < best {
				out, best = nil, d
			}
			if !slices.Contains(out, c.means) {
				out = append(out, c.means)
			}
		}
	}
	return out
}

// letters counts those to add, drop or change to make one name of the other.
func letters(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, change)
		}
	}
	return row[len(b)]
}

func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.NullNode:
		return "", true
	}
	return "", false
}
