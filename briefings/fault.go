package briefings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Severity says whether a fault keeps a pack from being used.
type Severity string

// The severities. A pack with an error is refused; a warning is for its editor.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Fault is something wrong with a pack, told to the person who edits it.
type Fault struct {
	At       Pos
	Severity Severity
	What     string // what is wrong, lower case, no full stop
	Cure     string // what to do about it
	Line     string // the line itself, empty when the fault is not in one
}

// String writes the position and what is wrong, then the line, a caret under
// the column, and the cure.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.At.String())
	b.WriteString(": ")
	if f.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(f.What)
	if f.Line != "" {
		line, caret := window(f.Line, f.At.Col)
		b.WriteString("\n  " + line + "\n  " + caret)
	}
	if f.Cure != "" {
		b.WriteString("\n  " + f.Cure)
	}
	return b.String()
}

// String writes "file:line:column", without the parts that are not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// windowWidth is how much of a line a fault shows: paragraphs of prose are one
// line each, and a caret 800 columns away helps nobody.
const windowWidth = 120

// window cuts line around column col, and makes the line with the caret.
func window(line string, col int) (shown, caret string) {
	runes := []rune(line)
	at := min(max(col-1, 0), len(runes))
	from := 0
	if at > windowWidth*2/3 {
		from = at - windowWidth/2
	}
	to := min(from+windowWidth, len(runes))
	cut := slices.Clone(runes[from:to])
	if from > 0 {
		cut[0] = '…'
	}
	if to < len(runes) {
		cut[len(cut)-1] = '…'
	}
	var pad strings.Builder
	for _, r := range cut[:min(at-from, len(cut))] {
		if r == '\t' {
			pad.WriteByte('\t') // keeps the caret below its letter, however wide tabs are
		} else {
			pad.WriteByte(' ')
		}
	}
	return string(cut), pad.String() + "^"
}

// Errors returns the faults that are errors.
func Errors(faults []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool { return f.Severity != Error })
}

// clamp keeps a position within the line it names: parsers have pointed behind ends.
func (p Pos) clamp(line string) Pos {
	if p.Col > 0 {
		p.Col = min(p.Col, utf8.RuneCountInString(line)+1)
	}
	return p
}

// sortFaults puts faults in the order of the files, and drops those told twice.
func sortFaults(faults []Fault) []Fault {
	slices.SortFunc(faults, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Col, b.At.Col),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.What, b.What), cmp.Compare(a.Cure, b.Cure))
	})
	return slices.Compact(faults)
}
