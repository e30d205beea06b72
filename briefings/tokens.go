package briefings

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokens cuts a text into what a comparison takes as one: a date, a number
// with its sign and scale, a word, a line break, or a single mark, each with
// the spaces behind it. Joined they are the text.
func tokens(text string) []string {
	var out []string
	for len(text) > 0 {
		n := tokenEnd(text)
		if text[0] != '\n' {
			n += spaces(text[n:])
		}
		out = append(out, text[:n])
		text = text[n:]
	}
	return out
}

// tokenEnd is the length of the token that s begins with.
func tokenEnd(s string) int {
	if n := dateEnd(s); n > 0 {
		return n
	}
	if n := numberEnd(s); n > 0 {
		return n
	}
	if n := wordEnd(s); n > 0 {
		return n
	}
	_, n := utf8.DecodeRuneInString(s)
	return n
}

const spaceRunes = " \t\u00a0\u202f"

// spaces is the length of the spaces that s begins with.
func spaces(s string) int { return len(s) - len(strings.TrimLeft(s, spaceRunes)) }

// digits is the length of the digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// lettersEnd is the length of the letters that s begins with.
func lettersEnd(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			return i
		}
	}
	return len(s)
}

// wordEnd is the length of the word that s begins with: letters and digits,
// joined by apostrophes and hyphens.
func wordEnd(s string) int {
	end, joined := 0, false
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			end, joined = i+utf8.RuneLen(r), true
		case joined && strings.ContainsRune("'’‑-", r):
			joined = false // unless something follows
		default:
			return end
		}
	}
	return end
}

// ends reports whether no word goes on at the beginning of s.
func ends(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// dateEnd is the length of the date that s begins with: "2026-05-09", "7 March
// 2024", "1er mars", "6 and 8 May 2026", "mars 2024"; 0 for none.
func dateEnd(s string) int {
	if n := digits(s); n == 4 && len(s) >= 7 && s[4] == '-' && digits(s[5:]) == 2 {
		end := 7
		if len(s) >= 10 && s[7] == '-' && digits(s[8:]) == 2 {
			end = 10
		}
		if ends(s[end:]) {
			return end
		}
		return 0
	}
	end := 0
	if n := dayEnd(s); n > 0 {
		end = n
		for _, link := range dayLinks {
			if rest, ok := strings.CutPrefix(s[n:], link); ok && dayEnd(rest) > 0 {
				end = n + len(link) + dayEnd(rest)
			}
		}
		gap := spaces(s[end:])
		if gap == 0 {
			return 0
		}
		end += gap
	}
	month := lettersEnd(s[end:])
	if month == 0 || !monthName(s[end:end+month]) {
		return 0
	}
	dayless := end == 0
	end += month
	if gap := spaces(s[end:]); gap > 0 && digits(s[end+gap:]) == 4 && ends(s[end+gap+4:]) {
		return end + gap + 4
	}
	if dayless {
		return 0 // May and mars are words, too
	}
	return end
}

// dayLinks stand between the days of one month.
var dayLinks = [...]string{"–", "-", " and ", " to ", " or ", " et ", " au ", " ou "}

// dayEnd is the length of the day of a month that s begins with.
func dayEnd(s string) int {
	n := digits(s)
	if n == 0 || n > 2 {
		return 0
	}
	if strings.HasPrefix(s[n:], "er") {
		n += 2
	}
	return n
}

func monthName(word string) bool {
	for _, lang := range Langs {
		if names := months[lang]; slices.Contains(names[:], word) {
			return true
		}
	}
	return false
}

// numberEnd is the length of the number that s begins with: "4,200", "$2.85
// million", "50 %", with the spaces of thousands; 0 for none, and for what is
// part of a word, such as 15th.
func numberEnd(s string) int {
	sign := 0
	if r, n := utf8.DecodeRuneInString(s); strings.ContainsRune("$€£", r) {
		sign = n
	}
	n := digits(s[sign:])
	if n == 0 {
		return 0
	}
	end := sign + n
	for gap := groupGap(s[end:]); n <= 3 && gap > 0 && digits(s[end+gap:]) == 3; gap = groupGap(s[end:]) {
		end += gap + 3
	}
	if end+1 < len(s) && (s[end] == '.' || s[end] == ',') {
		if n := digits(s[end+1:]); n > 0 {
			end += 1 + n
		}
	}
	if !ends(s[end:]) {
		return 0
	}
	if gap := spaces(s[end:]); gap > 0 {
		if n := lettersEnd(s[end+gap:]); n > 0 && scales[strings.ToLower(s[end+gap:end+gap+n])] > 0 {
			end += gap + n
		}
	}
	gap := spaces(s[end:])
	if r, n := utf8.DecodeRuneInString(s[end+gap:]); strings.ContainsRune("%$€£", r) && r != utf8.RuneError {
		end += gap + n
	}
	return end
}

// groupGap is the length of what parts thousands at the beginning of s.
func groupGap(s string) int {
	for _, gap := range [...]string{",", ".", " ", "\u00a0", "\u202f"} {
		if strings.HasPrefix(s, gap) {
			return len(gap)
		}
	}
	return 0
}

// scales are the words behind a number that multiply it.
var scales = map[string]float64{
	"hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "mille": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "milliard": 1e9, "milliards": 1e9,
}
