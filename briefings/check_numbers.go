package briefings

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// figureClass is what a number counts, where that is apt to be disputed.
type figureClass string

const (
	toll     figureClass = "toll"
	strength figureClass = "strength"
	sum      figureClass = "sum"
)

// figureWords are the beginnings of folded words that say what a number near
// them counts. Of several classes the first one counts: soldiers killed are a
// toll, not a strength.
var figureWords = [...]struct {
	class figureClass
	words map[Lang][]string
}{
	{toll, map[Lang][]string{
		EN: {"kill", "dead", "death", "died", "wounded", "injured", "victim", "bodies", "casualt", "executed", "massacred", "toll"},
		FR: {"tue", "mort", "deces", "decede", "blesse", "victime", "corps", "execute", "massacre", "bilan", "peri"},
	}},
	{strength, map[Lang][]string{
		EN: {"troops", "soldiers", "fighters", "men", "personnel", "strong", "militants", "mercenaries", "peacekeepers", "gunmen"},
		FR: {"soldats", "combattants", "hommes", "militaires", "effectif", "mercenaires", "casques"},
	}},
	{sum, map[Lang][]string{
		EN: {"dollar", "euro", "franc", "usd", "eur", "cfa", "ransom"},
		FR: {"dollar", "euro", "franc", "usd", "eur", "cfa", "fcfa", "rancon"},
	}},
}

// numberWords are the numbers that prose spells out; one is left out, being an article too.
var numberWords = map[Lang][]string{
	EN: strings.Fields("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands dozen dozens"),
	FR: strings.Fields("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent cents centaine centaines mille millier milliers douzaine dizaine dizaines vingtaine trentaine quarantaine cinquantaine soixantaine"),
}

// attributions are folded words that say who gave the numbers of a sentence.
var attributions = map[Lang][]string{
	EN: {"according", "said", "says", "say", "report", "announced", "counted", "concluded", "put", "puts", "cited", "estimated", "toll", "count", "sources", "named", "found", "inquiry"},
	FR: {"selon", "apres", "dit", "disent", "rapporte", "annonce", "compte", "conclut", "conclu", "cite", "estime", "bilan", "decompte", "sources", "chiffre", "fait etat", "article", "recense", "denombre"},
}

// vague are the number words that no exact number contradicts.
var vague = map[Lang][]string{
	EN: {"hundreds", "thousands", "dozens"},
	FR: {"dizaines", "centaines", "milliers"},
}

// bounds are what stands before a number that is only the least, or about right.
var bounds = map[Lang]struct{ least, about []string }{
	EN: {least: []string{"least", "than", "over"}, about: []string{"about", "around", "some", "nearly", "almost"}},
	FR: {least: []string{"moins", "de"}, about: []string{"environ", "quelque", "pres", "une"}},
}

// figure is a number with what it counts.
type figure struct {
	class      figureClass
	text       string
	value      float64 // 0 when it is spelled out
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
		for i, w := range words {
			if !isNumber(w, lang) || isDate(words, i, lang) {
				continue
			}
			class := classOf(words[max(i-wordsBefore, 0):min(i+1+wordsBehind, len(words))], lang)
			if class == "" {
				continue
			}
			f := figure{class: class, text: w, vague: slices.Contains(vague[lang], w)}
			f.value, _ = strconv.ParseFloat(strings.Replace(w, "p", ".", 1), 64)
			before := words[max(i-2, 0):i]
			f.least = shares(before, bounds[lang].least)
			f.about = shares(before, bounds[lang].about)
			f.elsewhen = elsewhen(words, on, lang)
			f.attributed = slices.ContainsFunc(words, func(w string) bool {
				return slices.ContainsFunc(attributions[lang], func(a string) bool { return strings.HasPrefix(w, a) })
			})
			out = append(out, f)
		}
	}
	return out
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
	return w[0] >= '0' && w[0] <= '9' || slices.Contains(numberWords[lang], w)
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
	for _, m := range foldedMonths[lang] {
		if w == m {
			return true
		}
	}
	return false
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

// elsewhen reports whether a sentence names months, none of which is the event's.
func elsewhen(words []string, d Date, lang Lang) bool {
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

// wordClass returns what a word counts, if anything.
func wordClass(w string, lang Lang) figureClass {
	for _, c := range figureWords {
		for _, start := range c.words[lang] {
			if w[0] == start[0] && strings.HasPrefix(w, start) {
				return c.class
			}
		}
	}
	return ""
}

// numbers holds that a contested toll, strength or sum stands in claims, each
// with who gave it. A number that nobody disputes, that its sentence attributes,
// or that every claim bears out is worth a warning: readers should know whose it is.
func (c *checker) numbers(e *Event) {
	said := map[figureClass][][]figure{} // by class, the figures of each claim that has any
	for _, claim := range e.Claims {
		byClass := map[figureClass][]figure{}
		for _, f := range figures(claim.Says.EN, e.Date, EN) {
			byClass[f.class] = append(byClass[f.class], f)
		}
		for class, list := range byClass {
			said[class] = append(said[class], list)
		}
	}
	for _, field := range [...]struct {
		key  string
		text Text
	}{{"title", e.Title}, {"fact", e.Fact}} {
		for _, lang := range Langs {
			for _, f := range figures(field.text.In(lang), e.Date, lang) {
				at := c.at(e.At, field.key, string(lang))
				if f.contested(said[f.class]) {
					c.err(at, "Move the number into a claim that says who gave it, and write dozens, or a deadly attack.", "the %s %q is contested: the claims give other numbers", f.class, f.text)
				} else {
					c.warn(at, "Say who gave the number in a claim, or leave it where nobody disputes it.", "the %s %q stands outside a claim", f.class, f.text)
				}
			}
		}
	}
}

// contested reports whether the claims dispute the number: they give different
// ones, of which one contradicts it, and the text does not say whose it is.
func (f figure) contested(claims [][]figure) bool {
	if f.attributed || f.elsewhen || f.vague || f.value == 0 || len(claims) < 2 {
		return false
	}
	differ := false
	contradicted := false
	for _, claim := range claims {
		differ = differ || highest(claim) != highest(claims[0])
		contradicted = contradicted || !slices.ContainsFunc(claim, f.fits)
	}
	return differ && contradicted
}

// fits reports whether the number and one out of a claim can both be right.
func (f figure) fits(claimed figure) bool {
	switch {
	case claimed.value == 0:
		return claimed.vague
	case f.least:
		return claimed.value >= f.value
	case f.about || claimed.about:
		return math.Abs(claimed.value-f.value) <= 0.1*f.value
	case claimed.least:
		return f.value >= claimed.value
	}
	return f.value == claimed.value
}

func highest(figures []figure) float64 {
	most := 0.0
	for _, f := range figures {
		most = max(most, f.value)
	}
	return most
}
