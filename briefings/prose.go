package briefings

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

const proseCure = "Prose holds ## headings, paragraphs, \"- \" bullets, **strong**, *emphasis*, `code`, [@citations] and [links](event:ID); nothing else."

// proseParser makes the parser of prose: CommonMark without link definitions
// (they vanish from the tree unseen) and with citations.
func proseParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(append(parser.DefaultInlineParsers(),
			util.Prioritized(citeParser{}, 150))...), // before links, which "[" begins too
	)
}

// parseProse reads the prose of a topic.
func (f *file) parseProse() (sections []Section) {
	if f.broken {
		return nil
	}
	if p, deep := f.proseTooDeep(); deep {
		f.fault(p, "the line opens too many blocks or brackets", proseCure)
		return nil
	}
	defer func() {
		// A crash of the parser is one more fault of the file, never of the program.
		if r := recover(); r != nil {
			f.fault(Pos{Line: 1, Col: 1}, "the file cannot be read as prose", proseCure)
			sections = nil
		}
	}()
	root := proseParser().Parse(text.NewReader(f.src))
	w := proseWalker{f: f}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
	w.order()
	return w.sections
}

// proseTooDeep looks for markers that nest so deep that a recursive parser or
// walker would exhaust the stack.
func (f *file) proseTooDeep() (Pos, bool) {
	for i := range f.starts {
		line := f.src[f.starts[i]:f.lineEnd(i)]
		marks := 0
		for j, b := range line {
			switch b {
			case '>', '[', '*', '_', '-', '+':
				marks++
			}
			if marks > maxNesting {
				return f.pos(f.starts[i] + j), true
			}
		}
	}
	return Pos{}, false
}

type proseWalker struct {
	f        *file
	sections []Section
	heads    []Pos
}

// start returns where a block begins.
func (w *proseWalker) start(n ast.Node) Pos {
	for c := n; c != nil; c = c.FirstChild() {
		if c.Type() != ast.TypeInline && c.Lines().Len() > 0 {
			return w.f.pos(c.Lines().At(0).Start)
		}
		if p := c.Pos(); p > 0 {
			return w.f.pos(p)
		}
	}
	return w.f.pos(max(n.Pos(), 0))
}

func (w *proseWalker) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		w.heading(n)
	case *ast.Paragraph:
		w.add(n, false)
	case *ast.List:
		w.list(n)
	default:
		w.f.fault(w.start(n), fmt.Sprintf("a %s is not used in prose", blockName(n)), proseCure)
	}
}

func blockName(n ast.Node) string {
	switch n.(type) {
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return "code block"
	case *ast.Blockquote:
		return "quote"
	case *ast.HTMLBlock:
		return "piece of HTML"
	case *ast.ThematicBreak:
		return "line"
	}
	return strings.ToLower(n.Kind().String())
}

func (w *proseWalker) heading(n *ast.Heading) {
	at := w.start(n)
	name := strings.TrimSpace(string(n.Lines().Value(w.f.src)))
	if n.Level != 2 {
		w.f.fault(at, "headings have two number signs", fmt.Sprintf("Write \"## %s\".", name))
	}
	kind := SectionKind(name)
	known := make([]string, len(SectionKinds))
	for i, k := range SectionKinds {
		known[i] = string(k)
		if k == kind {
			known = nil
			break
		}
	}
	if known != nil {
		w.f.fault(at, fmt.Sprintf("there is no section %q", name), didYouMean(name, known)+" Headings are English in every language.")
	}
	for i, s := range w.sections {
		if s.Kind == kind {
			w.f.fault(at, fmt.Sprintf("the section %q is given twice", name), fmt.Sprintf("Join it with the one in line %d.", w.heads[i].Line))
		}
	}
	w.sections = append(w.sections, Section{Kind: kind})
	w.heads = append(w.heads, at)
}

func (w *proseWalker) list(n *ast.List) {
	if n.IsOrdered() || n.Marker != '-' {
		w.f.fault(w.start(n), "bullets begin with \"- \"", "Write \"- \" before each bullet.")
		return
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil {
			w.f.fault(w.start(item), "the bullet is empty", "Write it or delete it.")
			continue
		}
		switch first.(type) {
		case *ast.TextBlock, *ast.Paragraph:
			w.add(first, true)
		default:
			w.f.fault(w.start(first), fmt.Sprintf("a %s is not used in a bullet", blockName(first)), proseCure)
		}
		if more := first.NextSibling(); more != nil {
			w.f.fault(w.start(more), "a bullet is one paragraph", "Make it a bullet or a paragraph of its own.")
		}
	}
}

// add appends a paragraph or bullet to the section it stands in.
func (w *proseWalker) add(n ast.Node, bullet bool) {
	at := w.start(n)
	b := Block{Bullet: bullet, At: at}
	s := spanner{f: w.f, block: &b, lines: n.Lines()}
	s.inlines(n, SpanText)
	s.trim()
	s.checkCited()
	if len(w.sections) == 0 {
		w.f.fault(at, "the text stands before the first heading", "Begin the file with \"## summary\".")
		return
	}
	last := &w.sections[len(w.sections)-1]
	last.Blocks = append(last.Blocks, b)
}

// order checks that the sections are not empty and come as they are shown.
func (w *proseWalker) order() {
	rank := func(k SectionKind) int {
		for i, s := range SectionKinds {
			if s == k {
				return i
			}
		}
		return -1
	}
	highest := -1
	for i, s := range w.sections {
		if len(s.Blocks) == 0 {
			w.f.fault(w.heads[i], fmt.Sprintf("the section %q is empty", s.Kind), "Write it or delete the heading.")
		}
		r := rank(s.Kind)
		if r >= 0 && r < highest {
			w.f.fault(w.heads[i], fmt.Sprintf("the section %q comes too late", s.Kind),
				fmt.Sprintf("Move it before %q: the order is summary, situation, background, actors, sides, figures, watch, unknowns.", SectionKinds[highest]))
		}
		highest = max(highest, r)
	}
}
