package briefings

import (
	"bytes"
	"regexp"
	"sync"

	"github.com/goccy/go-yaml/ast"
)

// A list of records is cut into its records before it is parsed, where the
// file is laid out so plainly that this cannot go wrong. So a fault of syntax
// costs the editor one record and not the whole file, and large files are
// parsed on every processor.

// chunk is some records of a list: lines from (0-based) up to to.
type chunk struct{ from, to int }

// recordsPerChunk keeps the cost of starting a parser small.
const recordsPerChunk = 16

var firstRecord = regexp.MustCompile(`^( *)- `)

// chunks cuts a file that consists of a line "key:" and a list beneath, or
// returns nil when it is laid out in another way.
func (f *file) chunks(key string) []chunk {
	if f.broken {
		return nil
	}
	var out []chunk
	dash, records := []byte(nil), 0
	for i := range f.starts {
		line := f.src[f.starts[i]:f.lineEnd(i)]
		trimmed := bytes.TrimLeft(line, " ")
		switch {
		case len(trimmed) == 0 || trimmed[0] == '#':
		case len(out) == 0 && dash == nil && string(bytes.TrimRight(line, " ")) == key+":":
			dash = []byte{}
		case dash == nil:
			return nil
		case len(dash) == 0:
			m := firstRecord.Find(line)
			if m == nil {
				return nil
			}
			dash = m
			out, records = append(out, chunk{from: i}), 1
		case bytes.HasPrefix(line, dash):
			if records++; records > recordsPerChunk {
				out[len(out)-1].to = i
				out, records = append(out, chunk{from: i}), 1
			}
		case len(line)-len(trimmed) < len(dash) || trimmed[0] == '\t':
			return nil
		}
	}
	if len(out) > 0 {
		out[len(out)-1].to = len(f.starts)
	}
	return out
}

// parseChunks parses the chunks side by side and returns all records in order.
func (f *file) parseChunks(chunks []chunk, what string) []ast.Node {
	nodes := make([]ast.Node, len(chunks))
	parts := make([]file, len(chunks))
	var parsing sync.WaitGroup
	for i, c := range chunks {
		parts[i] = file{name: f.name, src: f.src, starts: f.starts}
		parsing.Go(func() {
			nodes[i] = parts[i].document(f.src[f.starts[c.from]:f.lineEnd(c.to-1)], c.from, what)
		})
	}
	parsing.Wait()
	var records []ast.Node
	for i, n := range nodes {
		f.faults = append(f.faults, parts[i].faults...)
		f.broken = f.broken || parts[i].broken
		if seq, ok := n.(*ast.SequenceNode); ok {
			records = append(records, seq.Values...)
		} else if n != nil {
			f.wrongNode(n, "a list of records is expected here", "Begin each record with \"- \".")
		}
	}
	return records
}
