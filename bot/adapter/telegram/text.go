package telegram

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// clean makes s text as Telegram keeps it: valid, lines ended by \n alone, no
// control characters and none that turn the direction of what follows.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case r == '\n':
			return r
		case unicode.Is(unicode.Cc, r) || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}

func isClean(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' && c != '\n', c == 0x7f, c == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0:
			return false
		case c == 0xe2 && i+1 < len(s) && (s[i+1] == 0x80 || s[i+1] == 0x81):
			if r, _ := utf8.DecodeRuneInString(s[i:]); r >= '\u2028' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
				return false
			}
		}
	}
	return utf8.ValidString(s)
}

// oneLine is clean without line breaks, for labels.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// units counts as Telegram does: https://core.telegram.org/api/entities#entity-length
func units(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < 0x80 || c >= 0xc0 && c < 0xf0:
			n++
		case c >= 0xf0:
			n += 2
		}
	}
	return n
}

// visible reports whether there is anything to see in s; Telegram refuses texts
// and entities without.
func visible(s string) bool { return strings.ContainsFunc(s, shows) }

func shows(r rune) bool { return !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Cc) }

// joiner is the word joiner: it is not seen, no line breaks at it, and none of
// Telegram's patterns goes on past it.
const joiner = "\u2060"

// wakes returns the place within s behind byte i where a joiner must stand so
// that Telegram makes nothing of its own of what is there, or -1. A name behind
// @ would be told that it was mentioned, and an address would lead where no
// source of ours is. Commands are left: pressing one asks us.
func wakes(s string, i int) int {
	next, size := utf8.DecodeRuneInString(s[i+1:])
	after := s[i+1+size:]
	wake := false
	switch s[i] {
	case '@', '#':
		wake = word(next) || next == '\u200c' || next == '·'
	case '$':
		wake = next >= 'A' && next <= 'Z' || strings.HasPrefix(s[i+1:], "1INCH")
	case ':':
		wake = strings.HasPrefix(s[i+1:], "//")
	case '.':
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if !word(before) && before != '-' && before != '~' && before < 0xc0 {
			return -1
		}
		second, _ := utf8.DecodeRuneInString(after)
		wake = word(next) && word(second) && !(digit(next) && digit(second)) || digit(next) && dotted(after)
	}
	if wake {
		return i + 1
	}
	return -1
}

// dotted reports whether after more digits another dot and digit follow, as in
// the addresses of machines.
func dotted(s string) bool {
	s = strings.TrimLeft(s, "0123456789")
	return len(s) > 1 && s[0] == '.' && digit(rune(s[1]))
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func word(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// utf16Len is the number of units of one code point.
func utf16Len(r rune) int { return max(utf16.RuneLen(r), 1) }
