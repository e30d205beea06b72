package briefings

import (
	"slices"
	"strconv"
	"strings"
)

// countWords are the words of numbers that prose spells out. Two words are left
// out, being articles too: one and un.
var countWords = map[Lang]map[string]float64{
	EN: counted("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", map[string]float64{
		"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
		"dozen": 12, "hundred": 100, "thousand": 1000,
	}),
	FR: counted("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize", map[string]float64{
		"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80, "nonante": 90,
		"dizaine": 10, "douzaine": 12, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
		"cent": 100, "cents": 100, "mille": 1000, "millier": 1000,
	}),
}

// counted numbers the words from two on and adds others.
func counted(words string, others map[string]float64) map[string]float64 {
	for i, w := range strings.Fields(words) {
		others[w] = float64(i + 2)
	}
	return others
}

// number reads the number that the words begin with, in digits or spelled out,
// and says how many words it takes; none when they begin with something else.
func number(words []string, lang Lang) (figure, int) {
	w := words[0]
	switch {
	case w[0] >= '0' && w[0] <= '9':
		f := figure{text: w}
		f.value, _ = strconv.ParseFloat(strings.Replace(w, "p", ".", 1), 64)
		return f, 1
	case slices.Contains(vague[lang], w):
		return figure{text: w, vague: true}, 1
	case countWords[lang][w] == 0:
		return figure{}, 0
	}
	value, n := 0.0, 0
	for n < len(words) {
		step := 1
		if n+1 < len(words) && joins(words[n], value, lang) {
			step = 2
		}
		next := words[n+step-1]
		v := countWords[lang][next]
		if step == 2 && (next == "one" || next == "un" || next == "une") || n > 0 && next == "one" {
			v = 1
		}
		sum, fits := extend(value, v)
		if v == 0 || n > 0 && !fits {
			break
		}
		value, n = sum, n+step
	}
	last := words[n-1]
	return figure{text: strings.Join(words[:n], " "), value: value, about: lang == FR && strings.HasSuffix(last, "aine") || last == "millier"}, n
}

// joins reports whether a word ties what follows to the number before it: two
// hundred and five, soixante et onze.
func joins(w string, value float64, lang Lang) bool {
	switch lang {
	case EN:
		return w == "and" && value >= 100
	case FR:
		return w == "et" && value >= 20
	}
	return false
}

// extend adds a further word to a number: it multiplies by hundred and
// thousand, and fills in what is still zero.
func extend(value, v float64) (float64, bool) {
	below := int(value) % 100
	switch {
	case value == 0:
		return v, true
	case v == 1000:
		return value * v, value < 1000
	case v == 100:
		rest := int(value) % 1000
		return value + float64(rest)*99, rest > 0 && rest < 10
	case v == 20 && below == 4: // quatre vingts
		return value + 76, true
	case v < 10:
		return value + v, below%10 == 0 && below != 10
	case v < 20: // soixante dix, quatre vingt onze
		return value + v, below == 0 || below == 60 || below == 80
	}
	return value + v, below == 0
}
