package briefings

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// figure is a number with what it counts.
type figure struct {
	class      figureClass
	text       string
	value      float64 // 0 when it is vague
	least      bool    // at least, more than
	about      bool
	vague      bool
	attributed bool // its sentence says who gave it
	elsewhen   bool // its sentence speaks of another month
}

// How many words before and behind a number may say what it counts.
const (
	wordsBefore = 3
	wordsBehind = 5
)

// figures returns the numbers of a text that are tolls, strengths or sums.
func figures(text string, on Date, lang Lang) []figure {
	var out []figure
	for sentence := range strings.SplitSeq(countable(text), "\n") {
		words := strings.Fields(Fold(sentence))
		for i, n := 0, 0; i < len(words); i += n {
			f := figure{}
			if f, n = number(words[i:], lang); n == 0 {
				n = 1
				continue
			}
			if next := words[i+n:]; isDate(words, i+n-1, lang) || len(next) > 0 && slices.Contains(uncontested[lang], next[0]) {
				continue
			}
			if f.class = classOf(words[max(i-wordsBefore, 0):min(i+n+wordsBehind, len(words))], lang); f.class == "" {
				continue
			}
			before := " " + strings.Join(words[max(i-2, 0):i], " ")
			bounded := func(phrase string) bool { return strings.HasSuffix(before, " "+phrase) }
			f.least = slices.ContainsFunc(bounds[lang].least, bounded)
			f.about = f.about || slices.ContainsFunc(bounds[lang].about, bounded)
			f.vague = f.vague || slices.ContainsFunc(bounds[lang].some, bounded)
			f.elsewhen = elsewhen(words, on, lang)
			f.attributed = attributes(words, lang)
			out = append(out, f)
		}
	}
	return out
}

// attributes reports whether one of the words says who gave a number.
func attributes(words []string, lang Lang) bool { return hasPhrase(words, attributions[lang]) }

// hasPhrase reports whether one of the phrases begins somewhere in the words.
func hasPhrase(words, phrases []string) bool {
	text := " " + strings.Join(words, " ")
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(text, " "+p) })
}

// countable writes numbers as single words, signs of money as words, and ends
// sentences with a line break: "4 200 $" becomes "4200 dollars", "1.5" "1p5".
func countable(text string) string {
	runes := []rune(text)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	digit := func(i int) bool { return at(i) >= '0' && at(i) <= '9' }
	var b strings.Builder
	for i, r := range runes {
		switch {
		case strings.ContainsRune(" \u00a0\u202f,.", r) && digit(i-1) && digit(i+1) && digit(i+2) && digit(i+3) && !digit(i+4):
		case r == ':' && digit(i-1) && digit(i+1): // the time of day
			b.WriteByte('h')
		case (r == '.' || r == ',') && digit(i-1) && digit(i+1):
			b.WriteByte('p')
		case strings.ContainsRune(".;:!?", r) && unicode.IsSpace(at(i+1)):
			b.WriteByte('\n')
		case r == '$':
			b.WriteString(" dollars ")
		case r == '€':
			b.WriteString(" euros ")
		case r == '%':
			b.WriteString(" percent ")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isNumber(w string, lang Lang) bool {
	return w[0] >= '0' && w[0] <= '9' || countWords[lang][w] > 0 || slices.Contains(vague[lang], w)
}

// isDate reports whether the number is a year, the day of a month, an ordinal
// or a percentage.
func isDate(words []string, i int, lang Lang) bool {
	w := words[i]
	if n, err := strconv.Atoi(w); err == nil && len(w) == 4 && n >= 1900 && n <= 2100 {
		return true
	}
	if strings.ContainsFunc(w, func(r rune) bool { return r >= 'a' && r <= 'z' && r != 'p' }) && w[0] <= '9' {
		return true // 15th, 1er
	}
	if i > 0 && isMonth(words[i-1], lang) {
		return true
	}
	for _, next := range words[i+1:] {
		switch {
		case isMonth(next, lang), next == "percent", next == "pour" && slices.Contains(words, "cent"):
			return true
		case isNumber(next, lang), slices.Contains(between, next): // 6 and 8 May
			continue
		}
		break
	}
	return false
}

// between are the words between the days of one month.
var between = []string{"and", "to", "or", "et", "au", "ou"}

func isMonth(w string, lang Lang) bool {
	return slices.Contains(foldedMonths[lang], w)
}

var foldedMonths = func() map[Lang][]string {
	folded := map[Lang][]string{}
	for _, lang := range Langs {
		for _, m := range Months(lang) {
			folded[lang] = append(folded[lang], Fold(m))
		}
	}
	return folded
}()

// otherTimes are what a sentence has that looks back at another event.
var otherTimes = map[Lang][]string{
	EN: {"days after", "days before", "weeks after", "weeks before", "earlier", "previous"},
	FR: {"jours apres", "jours avant", "semaines apres", "semaines avant", "plus tot", "precedent"},
}

// elsewhen reports whether a sentence looks back at another event, or names
// months of which none is the event's.
func elsewhen(words []string, d Date, lang Lang) bool {
	if hasPhrase(words, otherTimes[lang]) {
		return true
	}
	named := false
	for _, w := range words {
		if !isMonth(w, lang) {
			continue
		}
		if d.Month == 0 || w == foldedMonths[lang][d.Month-1] {
			return false
		}
		named = true
	}
	return named
}

// classOf returns the first class that one of the words belongs to.
func classOf(words []string, lang Lang) figureClass {
	best := figureClass("")
	for _, w := range words {
		switch class := wordClass(w, lang); {
		case class == toll:
			return toll
		case class == strength || best == "":
			best = cmp.Or(class, best)
		}
	}
	return best
}

// startsWith reports whether a word begins with one of the starts, or is one
// that ends in a dot.
func startsWith(w string, starts []string) bool {
	for _, start := range starts {
		if whole, ok := strings.CutSuffix(start, "."); ok && w == whole || !ok && w[0] == start[0] && strings.HasPrefix(w, start) {
			return true
		}
	}
	return false
}

// wordClass returns what a word counts, if anything.
func wordClass(w string, lang Lang) figureClass {
	for _, c := range figureWords {
		if startsWith(w, c.words[lang]) {
			return c.class
		}
	}
	return ""
}

// written returns the number as it stands in the text, where it is found.
func (f figure) written(text string) string {
	shown := strings.ReplaceAll(f.text, "p", ".")
	whole, _, _ := strings.Cut(shown, ".")
	candidates := []string{shown, strings.ReplaceAll(shown, ".", ",")}
	if n := len(whole); n > 3 {
		for _, sep := range [...]string{",", "\u00a0", "\u202f", " ", "."} {
			candidates = append(candidates, whole[:n-3]+sep+whole[n-3:])
		}
	}
	for _, c := range candidates {
		if strings.Contains(text, c) {
			return c
		}
	}
	return shown
}
