package briefings

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// EditOp says what an [Edit] does with its text.
type EditOp string

// What an edit does.
const (
	Keep   EditOp = "keep"
	Delete EditOp = "delete"
	Insert EditOp = "insert"
)

// Edit is a run of the comparison of two texts.
type Edit struct {
	Op   EditOp
	Text string
}

// maxEdits bounds the words by which two texts may differ and still be compared
// word by word; with more, the one is told to stand for the other.
const maxEdits = 400

// Diff compares two texts word by word, dates and numbers kept whole. What it
// keeps and deletes, joined, is was; what it keeps and inserts is now; of one
// place what is deleted comes first. It takes the shortest way by the greedy
// algorithm of E. Myers, "An O(ND) Difference Algorithm and Its Variations"
// (1986), https://doi.org/10.1007/BF01840446, then joins changes that stand
// so near to each other that the words between them help nobody.
func Diff(was, now string) []Edit {
	a, b := tokens(was), tokens(now)
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var s script
	s.add(Keep, a[:head]...)
	s.change(a[head:len(a)-tail], b[head:len(b)-tail])
	s.add(Keep, a[len(a)-tail:]...)
	return readable(s.edits)
}

// script collects edits, neighbours of one kind joined.
type script struct{ edits []Edit }

func (s *script) add(op EditOp, tokens ...string) {
	text := strings.Join(tokens, "")
	switch n := len(s.edits); {
	case text == "":
	case n > 0 && s.edits[n-1].Op == op:
		s.edits[n-1].Text += text
	default:
		s.edits = append(s.edits, Edit{op, text})
	}
}

// change adds the shortest way from a to b, or puts all of b in the place of a.
func (s *script) change(a, b []string) {
	way, ok := shortest(a, b)
	if !ok {
		s.add(Delete, a...)
		s.add(Insert, b...)
		return
	}
	for len(way) > 0 {
		n := 1
		for n < len(way) && way[n] == way[0] {
			n++
		}
		switch op := way[0]; op {
		case Insert:
			s.add(op, b[:n]...)
			b = b[n:]
		case Delete:
			s.add(op, a[:n]...)
			a = a[n:]
		default:
			s.add(op, a[:n]...)
			a, b = a[n:], b[n:]
		}
		way = way[n:]
	}
}

// shortest returns what to do with one token after the other to come from a to
// b; false when more than maxEdits would have to go or come.
//
// In step d, reach[k] is how far into a one gets on the diagonal k (place in a
// less place in b) with d tokens deleted or inserted.
func shortest(a, b []string) ([]EditOp, bool) {
	limit := min(len(a)+len(b), maxEdits)
	reach := make([]int, 2*limit+3)
	mid := limit + 1
	var past [][]int // reach before each step, from diagonal -d-1 to d+1
	for d := 0; d <= limit; d++ {
		past = append(past, slices.Clone(reach[mid-d-1:mid+d+2]))
		for k := -d; k <= d; k += 2 {
			x := reach[mid+k-1] + 1
			if comesDown(reach, mid, k, d) {
				x = reach[mid+k+1]
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			if reach[mid+k] = x; x >= len(a) && x-k >= len(b) {
				return trace(past, len(a), len(b)), true
			}
		}
	}
	return nil, false
}

// comesDown reports whether diagonal k is best entered by an insertion.
func comesDown(reach []int, mid, k, d int) bool {
	return k == -d || k != d && reach[mid+k-1] < reach[mid+k+1]
}

// trace walks back from the end to the beginning.
func trace(past [][]int, x, y int) []EditOp {
	var way []EditOp
	for d := len(past) - 1; d > 0; d-- {
		reach, mid, k := past[d], d+1, x-y
		op, before := Delete, k-1
		if comesDown(reach, mid, k, d) {
			op, before = Insert, k+1
		}
		fromX := reach[mid+before]
		fromY := fromX - before
		kept := min(x-fromX, y-fromY) // the step itself lies on one side only
		for range kept {
			way = append(way, Keep)
		}
		way = append(way, op)
		x, y = fromX, fromY
	}
	for range x {
		way = append(way, Keep)
	}
	slices.Reverse(way)
	return way
}

// readable takes what is kept between two changes for changed, too, where it is
// shorter than both, and puts what is deleted in one place before what is inserted.
func readable(edits []Edit) []Edit {
	for i := 1; i+1 < len(edits); i++ {
		if edits[i].Op != Keep || strings.Contains(edits[i].Text, "\n") {
			continue
		}
		n := utf8.RuneCountInString(edits[i].Text)
		if n > changedBefore(edits[:i]) || n > changedAfter(edits[i+1:]) {
			continue
		}
		text := edits[i].Text
		edits = slices.Replace(edits, i, i+1, Edit{Delete, text}, Edit{Insert, text})
	}
	var s script
	var gone, come []string
	flush := func() {
		s.add(Delete, gone...)
		s.add(Insert, come...)
		gone, come = nil, nil
	}
	for _, e := range edits {
		switch e.Op {
		case Delete:
			gone = append(gone, e.Text)
		case Insert:
			come = append(come, e.Text)
		default:
			flush()
			s.add(Keep, e.Text)
		}
	}
	flush()
	return s.edits
}

// changedBefore is the longer of what goes and comes at the end of edits.
func changedBefore(edits []Edit) int {
	i := len(edits)
	for i > 0 && edits[i-1].Op != Keep {
		i--
	}
	return changedAfter(edits[i:])
}

// changedAfter is the longer of what goes and comes at the beginning of edits.
func changedAfter(edits []Edit) int {
	size := map[EditOp]int{}
	for _, e := range edits {
		if e.Op == Keep {
			break
		}
		size[e.Op] += utf8.RuneCountInString(e.Text)
	}
	return max(size[Delete], size[Insert])
}
