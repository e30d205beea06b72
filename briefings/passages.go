package briefings

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Passage is a place where two texts differ, short enough to show: what stood
// there, what stands there now, and the words around it, in one line each. Was
// is empty where something was only added, Now where something was only taken
// out. "…" stands for what is left out.
type Passage struct{ Before, Was, Now, After string }

const (
	// around is how many words of its line show where a passage is.
	around = 5
	// nearby is how many words between two changes make one passage of them.
	nearby = 3
	// maxPassage is how many characters of what stood and stands in one place
	// are shown, 4 out of 5 of them from its beginning.
	maxPassage = 240
)

// Passages tells where and how two texts differ, in the text's order; nothing
// when they have the same words. Whoever needs every letter asks [Diff].
func Passages(was, now string) []Passage {
	edits := Diff(was, now)
	var out []Passage
	for i := 0; i < len(edits); {
		if edits[i].Op == Keep {
			i++
			continue
		}
		end := i + 1
		for end < len(edits) && (edits[end].Op != Keep || end+1 < len(edits) && within(edits[end].Text)) {
			end++
		}
		if p := passage(edits, i, end); p.Was != p.Now {
			out = append(out, p)
		}
		i = end
	}
	return out
}

// passage makes one of edits[i:end], which keep little or nothing.
func passage(edits []Edit, i, end int) Passage {
	var before, was, now, after string
	if i > 0 {
		before = edits[i-1].Text
	}
	if end < len(edits) {
		after = edits[end].Text
	}
	for _, e := range edits[i:end] {
		if e.Op != Insert {
			was += e.Text
		}
		if e.Op != Delete {
			now += e.Text
		}
	}
	// A word differs from itself where other spaces follow.
	a, b := tokens(was), tokens(now)
	for len(a) > 0 && len(b) > 0 && sameWord(a[0], b[0]) {
		before += longer(a[0], b[0])
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && sameWord(a[len(a)-1], b[len(b)-1]) {
		after = longer(a[len(a)-1], b[len(b)-1]) + after
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	was, now = strings.Join(a, ""), strings.Join(b, "")
	edge := func(at func(s, end string) bool) bool {
		return (was == "" || at(was, "\n")) && (now == "" || at(now, "\n"))
	}
	if edge(strings.HasPrefix) { // the words around stand in other lines
		before = ""
	}
	if edge(strings.HasSuffix) {
		after = ""
	}
	return Passage{Before: lineEnd(before), Was: shorten(was), Now: shorten(now), After: lineBegin(after)}
}

func sameWord(a, b string) bool {
	return strings.TrimRight(a, spaceRunes) == strings.TrimRight(b, spaceRunes)
}

func longer(a, b string) string {
	if len(a) > len(b) {
		return a
	}
	return b
}

// within reports whether kept text is too short to part two passages.
func within(kept string) bool {
	return !strings.Contains(kept, "\n") && len(tokens(kept)) <= nearby
}

// lineEnd is the last words of the last line of a text.
func lineEnd(text string) string {
	line := text[strings.LastIndexByte(text, '\n')+1:]
	list := tokens(line)
	if begin := lastWords(list); begin > 0 {
		return "… " + strings.TrimLeft(strings.Join(list[begin:], ""), spaceRunes)
	}
	return line
}

// lineBegin is the first words of the first line of a text.
func lineBegin(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	list := tokens(line)
	slices.Reverse(list)
	rest := lastWords(list)
	slices.Reverse(list)
	if rest > 0 {
		return strings.TrimRight(strings.Join(list[:len(list)-rest], ""), spaceRunes) + " …"
	}
	return line
}

// lastWords is where the last few words of the tokens begin; marks are no words.
func lastWords(list []string) int {
	n := 0
	for i := len(list) - 1; i >= 0; i-- {
		if r, _ := utf8.DecodeRuneInString(list[i]); !isWord(r) {
			continue
		}
		if n++; n > around {
			return i + 1
		}
	}
	return 0
}

func isWord(r rune) bool { return !ends(string(r)) }

// shorten puts a changed text on one line and cuts it in the middle where it is
// long, between words.
func shorten(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\n", " "))
	if utf8.RuneCountInString(text) <= maxPassage {
		return text
	}
	list := tokens(text)
	head, tail, size := 0, len(list), 0
	for ; head < tail && size+utf8.RuneCountInString(list[head]) <= maxPassage*4/5; head++ {
		size += utf8.RuneCountInString(list[head])
	}
	for ; tail > head && size+utf8.RuneCountInString(list[tail-1]) <= maxPassage; tail-- {
		size += utf8.RuneCountInString(list[tail-1])
	}
	return strings.TrimSpace(strings.Join(list[:head], "")) + " … " + strings.TrimSpace(strings.Join(list[tail:], ""))
}
