package briefings

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// cite is a citation in the syntax tree.
type cite struct {
	ast.BaseInline
	raw   []byte // between the brackets; nil when the bracket never closes
	start int
}

// kindCite is the node kind of citations; kinds are only ever made at start-up.
var kindCite = ast.NewNodeKind("Citation")

func (*cite) Kind() ast.NodeKind              { return kindCite }
func (c *cite) Dump(source []byte, level int) { ast.DumpHelper(c, source, level, nil, nil) }

// citeParser reads "[@source-id; @source-id]".
type citeParser struct{}

func (citeParser) Trigger() []byte { return []byte{'['} }

func (citeParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 2 || line[1] != '@' {
		return nil
	}
	c := &cite{start: segment.Start}
	end := bytes.IndexByte(line, ']')
	if end < 0 {
		block.Advance(len(bytes.TrimRight(line, "\n")))
		return c
	}
	c.raw = line[1:end]
	block.Advance(end + 1)
	return c
}

// spanner turns the inline nodes of one block into spans.
type spanner struct {
	f     *file
	block *Block
	lines *text.Segments
	last  int // offset where the last node with a place began
}

func (s *spanner) pos() Pos { return s.f.pos(s.last) }

func (s *spanner) emit(sp Span) {
	spans := s.block.Spans
	if n := len(spans); n > 0 && sp.Kind == SpanText && spans[n-1].Kind == SpanText {
		spans[n-1].Text += sp.Text
		return
	}
	if sp.Kind != SpanCite && sp.Text == "" {
		return
	}
	s.f.spans[spanKey{s.block.At, len(spans)}] = s.pos()
	s.block.Spans = append(spans, sp)
}

func (s *spanner) inlines(parent ast.Node, kind SpanKind) {
	if s.last == 0 && s.lines.Len() > 0 {
		s.last = s.lines.At(0).Start
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		s.inline(n, kind)
	}
}

func (s *spanner) inline(n ast.Node, kind SpanKind) {
	switch n := n.(type) {
	case *ast.Text:
		s.text(n, kind)
	case *ast.String:
		s.emit(Span{Kind: kind, Text: plain(n.Value)})
	case *cite:
		s.last = n.start
		s.cite(n, kind)
	case *ast.Emphasis:
		inner := SpanEmphasis
		if n.Level == 2 {
			inner = SpanStrong
		}
		s.nested(n, kind, inner)
	case *ast.CodeSpan:
		s.nested(n, kind, SpanCode)
	case *ast.Link:
		s.link(n, kind)
	case *ast.Image:
		s.f.fault(s.pos(), "a picture is not used in prose", proseCure)
	case *ast.AutoLink:
		s.f.fault(s.pos(), "an address is not used in prose", "Put the page into sources.yaml and cite it: [@source-id].")
	case *ast.RawHTML:
		if n.Segments.Len() > 0 {
			s.last = n.Segments.At(0).Start
		}
		s.f.fault(s.pos(), "HTML is not used in prose", proseCure)
	default:
		s.f.fault(s.pos(), fmt.Sprintf("a %s is not used in prose", strings.ToLower(n.Kind().String())), proseCure)
	}
}

func (s *spanner) text(n *ast.Text, kind SpanKind) {
	s.last = n.Segment.Start
	raw := n.Segment.Value(s.f.src)
	if at := address(raw); at >= 0 {
		s.f.fault(s.f.pos(n.Segment.Start+at), "an address is not used in prose", "Put the page into sources.yaml and cite it: [@source-id].")
	}
	t := string(raw)
	if kind != SpanCode && !n.IsRaw() {
		t = plain(raw)
	}
	if r, bad := invisible(strings.ReplaceAll(t, "\n", " ")); bad {
		s.f.fault(s.pos(), fmt.Sprintf("the text holds the invisible character U+%04X", r), "Delete it.")
	}
	if n.HardLineBreak() {
		s.f.fault(s.pos(), "a line break within a paragraph is not used in prose", "Delete the spaces or the backslash at the end of the line, or begin a new paragraph.")
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		t += " "
	}
	s.emit(Span{Kind: kind, Text: t})
}

// address finds what looks like a web address and returns where it begins, or -1.
func address(raw []byte) int {
	for _, mark := range [...]string{"://", "www."} {
		if before, _, ok := bytes.Cut(raw, []byte(mark)); ok {
			return bytes.LastIndexAny(before, " \n(") + 1
		}
	}
	return -1
}

// nested emits the children of n as spans of kind inner; a run has one kind.
func (s *spanner) nested(n ast.Node, outer, inner SpanKind) {
	if outer != SpanText {
		s.f.fault(s.pos(), fmt.Sprintf("%s within %s", inner, outer), "A run of text has one kind: remove one pair of marks.")
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		s.inline(c, inner)
	}
}

func (s *spanner) cite(n *cite, kind SpanKind) {
	switch {
	case n.raw == nil:
		s.f.fault(s.pos(), "the citation is not closed", "Write [@source-id] or [@one; @two], on one line.")
		return
	case kind != SpanText:
		s.f.fault(s.pos(), fmt.Sprintf("a citation within %s", kind), "Move it behind the mark.")
		return
	}
	var ids []string
	for part := range strings.SplitSeq(string(n.raw), ";") {
		id, ok := strings.CutPrefix(strings.TrimSpace(part), "@")
		if !ok || !slugPattern.MatchString(id) {
			s.f.fault(s.pos(), fmt.Sprintf("%q is not a citation", strings.TrimSpace(part)), "Write [@source-id] or [@one; @two].")
			continue
		}
		ids = append(ids, id)
	}
	if len(ids) > 0 {
		s.trimRight()
		s.emit(Span{Kind: SpanCite, Cites: ids})
	}
}

func (s *spanner) link(n *ast.Link, outer SpanKind) {
	var label strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			s.f.fault(s.pos(), "the text of a link is plain", "Remove the marks within [ ].")
			continue
		}
		s.last = t.Segment.Start
		label.WriteString(plain(t.Segment.Value(s.f.src)))
		if t.SoftLineBreak() {
			label.WriteByte(' ')
		}
	}
	id := ID(n.Destination)
	switch kind := id.Kind(); {
	case outer != SpanText:
		s.f.fault(s.pos(), fmt.Sprintf("a link within %s", outer), "Remove the marks around it.")
	case label.Len() == 0:
		s.f.fault(s.pos(), "the link has no text", "Write [text](event:ID).")
	case len(n.Title) > 0:
		s.f.fault(s.pos(), "the link has a title", "Write [text](event:ID).")
	case kind != KindEvent && kind != KindActor && kind != KindTerm && kind != KindTopic, id.Part() != "" && kind != KindTopic, id.Slug() == "":
		s.f.fault(s.pos(), fmt.Sprintf("%q cannot be linked", string(id)), "Link items of the pack: event:ID, actor:slug, term:slug or topic:slug; pages are cited: [@source-id].")
	default:
		s.emit(Span{Kind: SpanRef, Text: label.String(), Ref: id})
	}
}

func (s *spanner) trimRight() {
	if n := len(s.block.Spans); n > 0 && s.block.Spans[n-1].Kind == SpanText {
		last := &s.block.Spans[n-1]
		if last.Text = strings.TrimRight(last.Text, " "); last.Text == "" {
			s.block.Spans = s.block.Spans[:n-1]
		}
	}
}

// trim takes the blanks off both ends of the block.
func (s *spanner) trim() {
	s.trimRight()
	if len(s.block.Spans) > 0 && s.block.Spans[0].Kind == SpanText {
		s.block.Spans[0].Text = strings.TrimLeft(s.block.Spans[0].Text, " ")
	}
}

// checkCited holds the rule that every sentence has a source: a citation covers
// what stands before it back to the previous one, so nothing may follow the last.
func (s *spanner) checkCited() {
	uncited, any := -1, false
	for i, sp := range s.block.Spans {
		if sp.Kind == SpanCite {
			uncited, any = -1, true
			continue
		}
		if uncited < 0 && strings.ContainsFunc(sp.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			uncited = i
		}
	}
	switch {
	case len(s.block.Spans) == 0:
		s.f.fault(s.block.At, "the paragraph is empty", "Write it or delete it.")
	case !any:
		s.f.fault(s.block.At, "the text has no source", "End it with a citation: [@source-id].")
	case uncited >= 0:
		s.f.fault(s.f.spans[spanKey{s.block.At, uncited}], "the text behind the last citation has no source", "End it with a citation: [@source-id].")
	}
}

// plain resolves backslash escapes and HTML entities, once.
func plain(raw []byte) string {
	if !bytes.ContainsAny(raw, "\\&") {
		return string(raw)
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		switch {
		case raw[i] == '\\' && i+1 < len(raw) && util.IsPunct(raw[i+1]):
			b.WriteByte(raw[i+1])
			i += 2
		case raw[i] == '&':
			end := bytes.IndexByte(raw[i:], ';')
			if end > 1 && end < 40 {
				if s := html.UnescapeString(string(raw[i : i+end+1])); utf8.RuneCountInString(s) <= 2 && s != string(raw[i:i+end+1]) {
					b.WriteString(s)
					i += end + 1
					continue
				}
			}
			b.WriteByte('&')
			i++
		default:
			b.WriteByte(raw[i])
			i++
		}
	}
	return b.String()
}
