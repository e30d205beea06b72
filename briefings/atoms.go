package briefings

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// atom is a word, a number or a sign of money of a text, as texts are compared
// by: what lies between them, and how they are written, counts for nothing.
type atom struct {
	key      string // folded; of a number its digits, with a point before decimals
	from, to int    // bytes of the text
}

var (
	addresses = regexp.MustCompile(`(?i)https?://[^\s>)\]]*`)
	tags      = regexp.MustCompile(`<[@#:/!&a-zA-Z][^<>\n]{0,300}>`)
	citeMarks = regexp.MustCompile(`\[\d{1,3}\]|\[\d{0,3}(?:…|\.\.\.)?$`)
)

// cleaned takes out of a text what programs put into it: addresses, tags,
// numbers of citeMarks, emoji, and characters that cannot be seen. Lines stay.
func cleaned(text string) string {
	text = strings.ToValidUTF8(text, " ")
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	if strings.Contains(text, "://") {
		text = addresses.ReplaceAllString(text, "")
	}
	if strings.Contains(text, "<") {
		text = tags.ReplaceAllString(text, " ")
	}
	if strings.Contains(text, "[") {
		text = citeMarks.ReplaceAllString(strings.TrimRightFunc(text, unicode.IsSpace), "")
	}
	if !strings.ContainsFunc(text, unseen) {
		return text
	}
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			b.WriteByte(' ')
		case unseen(r), i+1 < len(runes) && (runes[i+1] == emojiSign || runes[i+1] == keycap):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

const (
	emojiSign = '\ufe0f' // the character before it is an emoji
	keycap    = '\u20e3'
)

func unseen(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == emojiSign || r == keycap)
}

// atomsOf cuts a clean text into its atoms.
func atomsOf(text string) []atom {
	out := make([]atom, 0, len(text)/5)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune("$€£%‰", r):
			out = append(out, atom{string(r), i, i + size})
		case (r == '-' || r == '−') && i+size < len(text) && text[i+size] >= '0' && text[i+size] <= '9' && (i == 0 || strings.ContainsRune(" \n(", rune(text[i-1]))):
			out = append(out, atom{"-", i, i + size})
		case isLetter(r):
			n := lettersAndDigits(text[i:])
			if key, end := numeral(text, i, i+n); end > 0 {
				out = append(out, atom{key, i, end})
				i = end
			} else {
				out = append(out, atom{foldedWord(text[i : i+n]), i, i + n})
				i += n
			}
			continue
		}
		i += size
	}
	return out
}

func isLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func lettersAndDigits(s string) int {
	for i, r := range s {
		if !isLetter(r) {
			return i
		}
	}
	return len(s)
}

func foldedWord(word string) string { return strings.ReplaceAll(Fold(word), " ", "") }

// numeral reads a number written in digits at text[from:to], its thousands
// parted by anything and its decimals included, and returns where it ends; 0
// when letters are among the digits.
func numeral(text string, from, to int) (key string, end int) {
	if digits(text[from:to]) != to-from {
		return "", 0
	}
	key, end = text[from:to], to
	if len(key) <= 3 {
		for {
			gap := groupGap(text[end:])
			if gap == 0 && strings.HasPrefix(text[end:], "\n") {
				gap = 1
			}
			if gap == 0 || lettersAndDigits(text[end+gap:]) != 3 || digits(text[end+gap:]) != 3 {
				break
			}
			key += text[end+gap : end+gap+3]
			end += gap + 3
		}
	}
	if end+1 < len(text) && (text[end] == '.' || text[end] == ',') {
		if n := lettersAndDigits(text[end+1:]); n > 0 && digits(text[end+1:]) == n {
			key += "." + text[end+1:end+1+n]
			end += 1 + n
		}
	}
	return key, end
}
