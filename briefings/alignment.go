package briefings

// alignment is the best way to lay a run of one text beside a run of another,
// word by word.
type alignment struct {
	ours, theirs [2]int // from and to, in atoms
	same         int    // atoms that are alike
	gaps         []gap
}

// gap is a place where the two differ; one of its ranges may be empty.
type gap struct{ ours, theirs [2]int }

// What a step of an alignment is worth: T. Smith, M. Waterman, "Identification
// of common molecular subsequences" (1981), https://doi.org/10.1016/0022-2836(81)90087-5
const (
	likeWorth   = 2
	unlikeWorth = -1
)

// align finds the runs of both that are most alike.
func align(ours, theirs []atom) alignment {
	rows, cols := len(ours)+1, len(theirs)+1
	score := make([]int32, rows*cols)
	bestAt, best := 0, int32(0)
	for i := 1; i < rows; i++ {
		for j := 1; j < cols; j++ {
			s := max(score[(i-1)*cols+j], score[i*cols+j-1]) + unlikeWorth
			diagonal := score[(i-1)*cols+j-1]
			if ours[i-1].key == theirs[j-1].key {
				s = max(s, diagonal+likeWorth)
			} else {
				s = max(s, diagonal+unlikeWorth)
			}
			s = max(s, 0)
			if score[i*cols+j] = s; s > best {
				best, bestAt = s, i*cols+j
			}
		}
	}
	return traced(ours, theirs, score, bestAt)
}

// traced walks back from the end of the best run to its beginning.
func traced(ours, theirs []atom, score []int32, at int) alignment {
	cols := len(theirs) + 1
	i, j := at/cols, at%cols
	a := alignment{ours: [2]int{i, i}, theirs: [2]int{j, j}}
	open := false
	differ := func(x, y int) { // a step back over x of ours and y of theirs
		if !open {
			a.gaps = append(a.gaps, gap{[2]int{i, i}, [2]int{j, j}})
			open = true
		}
		g := &a.gaps[len(a.gaps)-1]
		i, j = i-x, j-y
		g.ours[0], g.theirs[0] = i, j
	}
	for i > 0 && j > 0 && score[i*cols+j] > 0 {
		s, diagonal := score[i*cols+j], score[(i-1)*cols+j-1]
		switch alike := ours[i-1].key == theirs[j-1].key; {
		case alike && s == diagonal+likeWorth:
			i, j, open = i-1, j-1, false
			a.same++
		case !alike && s == diagonal+unlikeWorth:
			differ(1, 1)
		case s == score[(i-1)*cols+j]+unlikeWorth:
			differ(1, 0)
		default:
			differ(0, 1)
		}
	}
	a.ours[0], a.theirs[0] = i, j
	for x, y := 0, len(a.gaps)-1; x < y; x, y = x+1, y-1 {
		a.gaps[x], a.gaps[y] = a.gaps[y], a.gaps[x]
	}
	return a
}

// slack is how many more words than ours somebody may have put in their place.
const slack = 3

// widen makes a run of ours whole: from the piece that it begins in to the end
// of the one that it ends in. Theirs grows by as much where it can, from least
// on and up to most.
func (a *alignment) widen(l *laid, least, most int) {
	for p := 0; p < len(l.starts)-1; p++ {
		from, to := l.starts[p], l.starts[p+1]
		if l.kind == ofClaim || l.kind == ofSource {
			from, to = 0, len(l.atoms)
		}
		if from < a.ours[0] && a.ours[0] < to {
			more := a.theirs[0] - least
			if more > a.ours[0]-from+slack {
				more = min(more, a.ours[0]-from)
			}
			a.gaps = append([]gap{{[2]int{from, a.ours[0]}, [2]int{a.theirs[0] - more, a.theirs[0]}}}, a.gaps...)
			a.ours[0], a.theirs[0] = from, a.theirs[0]-more
		}
		if from < a.ours[1] && a.ours[1] < to {
			more := most - a.theirs[1]
			if more > to-a.ours[1]+slack {
				more = min(more, to-a.ours[1])
			}
			a.gaps = append(a.gaps, gap{[2]int{a.ours[1], to}, [2]int{a.theirs[1], a.theirs[1] + more}})
			a.ours[1], a.theirs[1] = to, a.theirs[1]+more
		}
	}
}

// likeness is which share of the longer of both runs is alike.
func (a *alignment) likeness() float64 {
	return float64(a.same) / float64(max(a.ours[1]-a.ours[0], a.theirs[1]-a.theirs[0], 1))
}
