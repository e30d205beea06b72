package briefings

import (
	"fmt"
	"time"
)

// checker holds what the rules look at.
type checker struct {
	p      *Pack
	x      *Index
	now    Date
	at     func(item Pos, path ...string) Pos
	span   func(block Pos, i int) Pos
	faults []Fault
}

// check applies every rule to a pack. The pack may be broken in any way.
func check(p *Pack, now time.Time, at func(Pos, ...string) Pos, span func(Pos, int) Pos) []Fault {
	c := &checker{p: p, x: NewIndex(p), now: DateOf(now), at: at, span: span}
	return c.faults
}

func (c *checker) err(at Pos, cure, format string, args ...any) {
	c.faults = append(c.faults, Fault{At: at, Severity: Error, What: fmt.Sprintf(format, args...), Cure: cure})
}
