package briefings

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"unicode/utf8"
)

// Bounds of what a pack may hold; far above any real one, so that a wrong
// folder or a hostile file is a fault and not an outage.
const (
	maxFileSize = 4 << 20
	maxPackSize = 512 << 20
	maxFiles    = 20_000
	maxLineLen  = 20_000
	maxNesting  = 500
)

// file is one file of a pack while it is read.
type file struct {
	name   string
	src    []byte // UTF-8, line ends are \n
	starts []int  // offset of each line
	broken bool   // not to be parsed; why is among the faults
	faults []Fault
	items  map[Pos]*mapping // the records read, by position, to find their fields again
	spans  map[spanKey]Pos  // where each span of prose stands
	out    parsed           // what the file says
}

type spanKey struct {
	block Pos
	index int
}

// readFile reads and normalises a file.
func readFile(fsys fs.FS, name string) *file {
	f := &file{name: name, broken: true, items: map[Pos]*mapping{}, spans: map[spanKey]Pos{}}
	src, err := readBounded(fsys, name)
	if err != nil {
		f.fault(Pos{}, err.Error(), "Make the file readable.")
		return f
	}
	if len(src) > maxFileSize {
		f.fault(Pos{}, fmt.Sprintf("the file is larger than %d MB", maxFileSize>>20), "Split it; events may stand in one file per year.")
		return f
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	f.starts = lineStarts(src)
	if i := invalidByte(src); i >= 0 {
		f.src, f.broken = bytes.ToValidUTF8(src, []byte("?")), true
		f.fault(f.pos(i), "the file is not valid UTF-8", "Save it as UTF-8.")
		return f
	}
	f.src, f.broken = src, false
	for i, start := range f.starts {
		if f.lineEnd(i)-start > maxLineLen {
			f.fault(Pos{Line: i + 1, Col: 1}, fmt.Sprintf("the line is longer than %d bytes", maxLineLen), "Break it up.")
			f.broken = true
			return f
		}
	}
	return f
}

func readBounded(fsys fs.FS, name string) ([]byte, error) {
	r, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer r.Close()
	src, err := io.ReadAll(io.LimitReader(r, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return src, nil
}

// invalidByte returns the offset of the first byte that is no UTF-8 or a NUL, or -1.
func invalidByte(src []byte) int {
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return i
	}
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

func lineStarts(src []byte) []int {
	starts := []int{0}
	for i, b := range src {
		if b == '\n' && i+1 < len(src) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func (f *file) lineEnd(i int) int {
	if i+1 < len(f.starts) {
		return f.starts[i+1] - 1
	}
	return len(f.src)
}

// pos turns an offset into a position; columns count letters, not bytes.
func (f *file) pos(offset int) Pos {
	offset = min(max(offset, 0), len(f.src))
	i := max(sort.SearchInts(f.starts, offset+1)-1, 0)
	return Pos{File: f.name, Line: i + 1, Col: utf8.RuneCount(f.src[f.starts[i]:offset]) + 1}
}

// line returns the text of the 1-based line n, or "".
func (f *file) line(n int) string {
	if n < 1 || n > len(f.starts) || f.src == nil {
		return ""
	}
	return string(bytes.TrimRight(f.src[f.starts[n-1]:f.lineEnd(n-1)], "\n\r"))
}

// fault notes an error at p.
func (f *file) fault(p Pos, what, cure string) { f.note(Error, p, what, cure) }

func (f *file) note(s Severity, p Pos, what, cure string) {
	p.File = f.name
	f.faults = append(f.faults, Fault{At: p, Severity: s, What: what, Cure: cure})
}
