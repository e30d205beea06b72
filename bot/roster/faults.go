package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"griot/commands"
)

// Fault is something wrong in a file, where it stands, and what to do about it.
type Fault struct {
	Line, Column int // from 1; columns are counted in characters
	What, Cure   string
}

// Faults are all that is wrong in a file, in its order.
type Faults []Fault

func (f Faults) Error() string {
	var lines []string
	for _, one := range f {
		lines = append(lines, fmt.Sprintf("%d:%d: %s (%s)", one.Line, one.Column, one.What, one.Cure))
	}
	return strings.Join(lines, "\n")
}

func (f *Faults) add(at spot, what, cure string) {
	*f = append(*f, Fault{at.line, at.column, what, cure})
}

func (f Faults) sort() {
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
}

// spot is a place in a file.
type spot struct{ line, column int }

// said makes a fault of what an asker in a chat would be told: the first
// sentence is what is wrong, the rest is what to do.
func said(err *commands.UserError) (what, cure string) {
	what, cure, _ = strings.Cut(strings.TrimSuffix(err.Say.EN, "."), ". ")
	if cure == "" {
		cure = "see the help of griot subscriptions import"
	}
	return lowerFirst(what), lowerFirst(cure)
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if strings.HasPrefix(s, "I ") {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
