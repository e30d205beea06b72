package discord

import (
	"strconv"
	"strings"
	"unicode"

	"griot/commands"
)

// write renders spans as Discord's markup, as they stand at the start of a line.
func write(spans []commands.Span) string {
	var b strings.Builder
	start := true
	for i, s := range spans {
		t := clean(s.Text)
		var out string
		switch s.Kind {
		case commands.Citation:
			out = "[" + strconv.Itoa(s.Source) + "]"
		case commands.Strong:
			out = around("**", t, start)
		case commands.Emphasis:
			out = around("*", t, start)
		case commands.Code:
			out = code(t)
		case commands.Link:
			out = masked(t, s.URL, "↗", start)
		default:
			out = escape(t, start)
		}
		if out == "" {
			continue
		}
		if i > 0 && touching(b.String(), out) {
			b.WriteString(zeroWidth)
		}
		b.WriteString(out)
		start = strings.HasSuffix(out, "\n") || start && strings.TrimSpace(out) == ""
	}
	return b.String()
}

// touching reports whether the marks at a seam would be read together: "**" and
// "**", a closing "_" and a letter, "]" and "(".
func touching(before, next string) bool {
	if before == "" {
		return false
	}
	last, first := before[len(before)-1], next[0]
	switch last {
	case '*', '_', '`', ')':
		letter := last == '_' && (first >= 0x80 || unicode.IsLetter(rune(first)) || unicode.IsDigit(rune(first)))
		return first == last || letter || last == '*' && first == '_'
	case '@':
		return true // "@" and "everyone" in two spans
	case ']':
		return first == '('
	case ':':
		return first == '/'
	case '/':
		return first == '/'
	}
	return first == '.' && startsNumber(before)
}

// split cuts spans into runs whose markup fits into limit units each: between
// sentences, else between words, else anywhere but inside a character. A
// citation stays with the sentence before it.
func split(spans []commands.Span, limit int) [][]commands.Span {
	type group struct {
		spans []commands.Span
		size  int
	}
	var groups []group
	for _, t := range tokens(spans, limit) {
		size := units(write([]commands.Span{t})) + 2 // a seam may cost a zero width and an escape
		if n := len(groups) - 1; n >= 0 && t.Kind == commands.Citation && groups[n].size+size <= limit {
			groups[n].spans, groups[n].size = append(groups[n].spans, t), groups[n].size+size
			continue
		}
		groups = append(groups, group{[]commands.Span{t}, size})
	}
	var out [][]commands.Span
	var run []commands.Span
	size := 0
	for _, g := range groups {
		if size > 0 && size+g.size > limit {
			out, run, size = append(out, join(run)), nil, 0
		}
		run, size = append(run, g.spans...), size+g.size
	}
	if len(run) > 0 {
		out = append(out, join(run))
	}
	return out
}

// join puts neighbours of one kind together again.
func join(tokens []commands.Span) []commands.Span {
	var out []commands.Span
	for _, t := range tokens {
		n := len(out)
		if n > 0 && out[n-1].Kind == t.Kind && out[n-1].URL == t.URL && t.Kind != commands.Citation && t.Kind != commands.Link {
			out[n-1].Text += t.Text
			continue
		}
		out = append(out, t)
	}
	return out
}

// tokens cuts spans into sentences, and sentences that alone are too long into
// words, and those into pieces.
func tokens(spans []commands.Span, limit int) []commands.Span {
	var out []commands.Span
	for _, s := range spans {
		if s.Kind == commands.Citation {
			out = append(out, s)
			continue
		}
		for _, sentence := range cut(s.Text, sentenceEnd) {
			if worst(sentence) <= limit {
				out = append(out, with(s, sentence))
				continue
			}
			for _, word := range cut(sentence, wordEnd) {
				for _, piece := range chop(word, limit) {
					out = append(out, with(s, piece))
				}
			}
		}
	}
	return out
}

func with(s commands.Span, text string) commands.Span {
	s.Text = text
	return s
}

// worst is the most units that text can take with every character escaped and marks around it.
func worst(text string) int { return 2*units(text) + 8 }

// cut breaks text behind each place where end says so; the pieces together are the text.
func cut(text string, end func(rs []rune, i int) bool) []string {
	rs := []rune(text)
	var out []string
	from := 0
	for i := range rs {
		if end(rs, i) {
			out = append(out, string(rs[from:i+1]))
			from = i + 1
		}
	}
	if from < len(rs) {
		out = append(out, string(rs[from:]))
	}
	return out
}

// sentenceEnd: the last space behind ".", "!", "?" or "…", with closing quotes between.
func sentenceEnd(rs []rune, i int) bool {
	if !breaks(rs[i]) || i+1 < len(rs) && breaks(rs[i+1]) {
		return false
	}
	if rs[i] == '\n' {
		return true
	}
	j := i
	for j > 0 && (unicode.IsSpace(rs[j]) || strings.ContainsRune("»”\"')]", rs[j])) {
		j--
	}
	return strings.ContainsRune(".!?…", rs[j])
}

func wordEnd(rs []rune, i int) bool {
	return breaks(rs[i]) && (i+1 == len(rs) || !breaks(rs[i+1]))
}

// chop cuts a word too long for limit between characters.
func chop(word string, limit int) []string {
	var out []string
	room := max(1, (limit-8)/2)
	from, n := 0, 0
	for i, r := range word {
		u := units(string(r))
		mark := unicode.IsMark(r) || r == '\u200d'
		if n+u > room && (!mark || n+u > room+room/2) {
			out, from, n = append(out, word[from:i]), i, 0
		}
		n += u
	}
	return append(out, word[from:])
}
