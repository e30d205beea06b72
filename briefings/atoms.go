package briefings

import (
	"html"
	"regexp"
	"slices"
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
	// tags are those of HTML and of Discord; anything else in angle brackets is read by people.
	tags = regexp.MustCompile(`(?i)</?(?:a|abbr|b|blockquote|br|cite|code|del|details|div|em|font|h[1-6]|hr|i|img|ins|li|ol|p|pre|q|s|small|span|strike|strong|sub|summary|sup|t[dhr]|table|tbody|tg-emoji|tg-spoiler|thead|u|ul)` +
		`(?:\s+[a-z][\w:-]{0,40}\s*=\s*(?:"[^"<>\n]{0,300}"|'[^'<>\n]{0,300}'|[^\s"'<>]{1,300}))*\s*/?>` +
		`|<(?:@[!&]?\d+|#\d+|a?:\w{1,40}:\d+|t:-?\d+(?::\w)?|/[^<>:\n]{1,100}:\d+)>`)
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
	runes := asRead([]rune(text))
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			b.WriteByte(' ')
		case unseen(r), isEmoji(runes, i):
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

// asRead turns round what a mark has written from right to left.
func asRead(runes []rune) []rune {
	for i := 0; i < len(runes); i++ {
		if runes[i] != rightToLeft {
			continue
		}
		end := i + 1
		for end < len(runes) && runes[end] != '\n' && runes[end] != endOfTurn {
			end++
		}
		slices.Reverse(runes[i+1 : end])
		i = end
	}
	return runes
}

const (
	rightToLeft = '\u202e'
	endOfTurn   = '\u202c'
)

// isEmoji reports whether a sign is one by what follows it. Letters and digits
// stay what they are, but for a digit in a box at the beginning or the end of a
// sentence or line.
func isEmoji(runes []rune, i int) bool {
	behind := i + 1
	for behind < len(runes) && (runes[behind] == emojiSign || runes[behind] == keycap) {
		behind++
	}
	switch r := runes[i]; {
	case behind == i+1:
		return false
	case !isLetter(r), r >= 0x2100 && r < 0x2150: // such as ℹ
		return true
	case runes[behind-1] != keycap || !unicode.IsDigit(r):
		return false
	case behind < len(runes) && unicode.IsDigit(runes[behind]), i > 0 && unicode.IsDigit(runes[i-1]):
		return false
	}
	return !inPhrase(runes, i, behind)
}

// inPhrase reports whether words of the same line stand on both sides of a sign.
func inPhrase(runes []rune, from, to int) bool {
	passed := func(r rune) bool {
		return r != '\n' && !isLetter(r) && !unicode.IsPunct(r) || r == emojiSign || r >= 0x2100 && r < 0x2150
	}
	for from--; from >= 0 && passed(runes[from]); from-- {
	}
	for to < len(runes) && passed(runes[to]) {
		to++
	}
	words := func(at int) bool { return at >= 0 && at < len(runes) && (isLetter(runes[at]) || runes[at] == ',') }
	return words(from) && words(to)
}

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
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Nl, r) || isFraction(r)
}

func isFraction(r rune) bool { return r >= '¼' && r <= '¾' || r >= '⅐' && r <= '⅟' }

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
