package briefings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences cuts prose into its sentences; nothing but the spaces between them
// is lost. A full stop ends one where a space follows and no small letter
// behind it, unless it is that of an initial.
func Sentences(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		if i < start || !strings.ContainsRune(".!?…", r) {
			continue
		}
		end := behindClosing(text, i+utf8.RuneLen(r))
		rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
		next, _ := utf8.DecodeRuneInString(rest)
		if rest == "" || len(rest) == len(text[end:]) || unicode.IsLower(next) || r == '.' && initial(text[start:i]) {
			continue
		}
		out = append(out, strings.TrimSpace(text[start:end]))
		start = len(text) - len(rest)
	}
	if last := strings.TrimSpace(text[start:]); last != "" {
		out = append(out, last)
	}
	return out
}

// behindClosing returns the place behind the quotes and brackets that close at i.
func behindClosing(text string, i int) int {
	for i < len(text) {
		tail := strings.TrimLeft(text[i:], "\u00a0\u202f")
		r, size := utf8.DecodeRuneInString(tail)
		if !strings.ContainsRune("”’\"')»", r) {
			break
		}
		i = len(text) - len(tail) + size
	}
	return i
}

// initial reports whether a full stop behind s is that of an initial: "J. K."
func initial(s string) bool {
	last := s[strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '.' })+1:]
	first, size := utf8.DecodeRuneInString(last)
	return size == len(last) && unicode.IsUpper(first)
}
