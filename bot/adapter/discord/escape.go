package discord

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// units is the length of s in UTF-16 units. Discord does not document what it
// counts; no candidate (code points, graphemes, units) counts more than this.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// clean makes text fit to be shown: valid UTF-8, without control characters and
// without marks that turn the direction of what follows, line ends as \n.
func clean(s string) string {
	plain := utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && unwanted(r) || r == '\u2028' || r == '\u2029' })
	if plain {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case r == '\t' || r == '\v' || r == '\f':
			return ' '
		case unwanted(r):
			return -1
		}
		return r
	}, s)
}

func unwanted(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// oneLine is clean text without line ends or double spaces, for titles and
// labels. Spaces that hold words together stay as they are.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(clean(s), breaks), " ") }

// breaks reports whether a line may break at r: French sets other spaces before
// its marks.
func breaks(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }

// zeroWidth parts what would otherwise be read as one mark.
const zeroWidth = "\u200b"

// escape writes clean text so that Discord shows exactly it: no markup, mention,
// timestamp, link or list can come out of it. lineStart says that it stands at
// the start of a line. Letters and digits stay as they are, so that text can be
// searched for.
func escape(s string, lineStart bool) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	for i, r := range s {
		switch r {
		case '\\', '*', '_', '~', '`', '|', '<', '>', '[', ']', '#':
			b.WriteByte('\\')
		case '-', '+':
			if lineStart { // a list, or small print "-#"
				b.WriteByte('\\')
			}
		case '.', ')':
			if lineStart = false; startsNumber(s[:i]) { // "1." at the start of a line
				b.WriteByte('\\')
			}
		case ':':
			if strings.HasPrefix(s[i:], "://") { // a bare address becomes a link
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
		if r == '@' && (strings.HasPrefix(s[i+1:], "everyone") || strings.HasPrefix(s[i+1:], "here")) {
			b.WriteString(zeroWidth) // no backslash takes the ping out of these words
		}
		lineStart = r == '\n' || lineStart && r == ' '
	}
	return b.String()
}

// startsNumber reports whether s ends with digits that begin a line.
func startsNumber(s string) bool {
	t := strings.TrimRight(s, "0123456789")
	line := strings.TrimRight(t, " ")
	return len(t) < len(s) && (line == "" || strings.HasSuffix(line, "\n"))
}

// parted keeps words that ping, and runs of backticks, apart.
var parted = strings.NewReplacer("@everyone", "@"+zeroWidth+"everyone", "@here", "@"+zeroWidth+"here", "``", "`"+zeroWidth+"`"+zeroWidth)

// code writes text as inline code. Nothing is markup in it but backticks: two
// around it let single ones be, three would be a block.
func code(s string) string {
	s = parted.Replace(oneLine(s))
	if s == "" {
		return ""
	}
	fence := "`"
	if strings.Contains(s, "`") {
		fence = "``"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// around puts a mark around text that is not blank; space stays outside, where
// Discord wants it.
func around(mark, s string, lineStart bool) string {
	inner := strings.TrimSpace(s)
	if inner == "" {
		return s
	}
	at := strings.Index(s, inner)
	e := strings.ReplaceAll(escape(inner, true), "\n", " ")
	if mark == "*" && strings.Contains(e, `\*`) {
		mark = "_" // the single star does not know escapes: https://github.com/ariabuckles/simple-markdown
	}
	return escape(s[:at], lineStart) + mark + e + mark + s[at+len(inner):]
}

// linkable reports whether u is an address that may be linked, and makes it safe
// to stand in parentheses.
func linkable(u string) (string, bool) {
	u = strings.TrimSpace(u)
	low := strings.ToLower(u)
	if !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") || !utf8.ValidString(u) {
		return "", false
	}
	var b strings.Builder
	for _, r := range u {
		switch {
		case r <= ' ' || r == 0x7f || strings.ContainsRune("()<>[]\\`|\"*", r) || unwanted(r) || unicode.IsSpace(r):
			for _, c := range []byte(string(r)) {
				const digits = "0123456789ABCDEF"
				b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), true
}

// masked writes a masked link. A title with brackets would break it, so that one
// stands before the link.
func masked(text, u, word string, lineStart bool) string {
	text = strings.TrimSpace(text)
	safe, ok := linkable(u)
	switch {
	case !ok:
		return escape(text, lineStart)
	case text == "":
		return "[" + escape(word, false) + "](" + safe + ")"
	case strings.ContainsAny(text, "[]"):
		return escape(text, lineStart) + " [" + escape(word, false) + "](" + safe + ")"
	}
	return "[" + escape(strings.ReplaceAll(text, "\n", " "), true) + "](" + safe + ")"
}
