package briefings

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestDatesInRunningText(t *testing.T) {
	t.Parallel()
	today := Date{2026, 3, 10} // a Tuesday
	for text, want := range map[string]string{
		"What happened on 17 September 2024?":       "2024-09-17 2024-09-17",
		"attaque du 17/09/2024 à l'aéroport":        "2024-09-17 2024-09-17",
		"le 17 septembre 2024":                      "2024-09-17 2024-09-17",
		"the September 2024 attack":                 "2024-09-01 2024-09-30",
		"attacks in 2020 and in May 2021":           "2020-01-01 2020-12-31; 2021-05-01 2021-05-31",
		"what happened last week":                   "2026-03-02 2026-03-08",
		"la semaine dernière":                       "2026-03-02 2026-03-08",
		"il y a 3 jours":                            "2026-03-07 2026-03-07",
		"who replaced the chair in mid-2026":        "2026-06-01 2026-08-31",
		"combien de coups depuis 2012":              "2012-01-01 2012-12-31 since",
		"the attack before 2024":                    "2024-01-01 2024-12-31 before",
		"what is planned for tomorrow":              "2026-03-11 2026-03-11",
		"l’année prochaine":                         "2027-01-01 2027-12-31",
		"1er mai 2025":                              "2025-05-01 2025-05-01",
		"What may happen? A march of 300 in a week": "",
		"resolution 2085 with 2 000 men":            "",
		"une peine de 10 ans, 5 days of talks":      "",
		"132 dead, 5000 troops":                     "",
	} {
		var got []string
		for _, s := range periods(wordsOf(text), FR, today) {
			got = append(got, strings.TrimSpace(s.First.String()+" "+s.Last.String()+" "+map[opening]string{since: "since", before: "before"}[s.open]))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q speaks of %q, want %q", text, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"One. Two! Three? Four":                       "One.|Two!|Three?|Four",
		"About 1.5 km, on 3 May. It was said":         "About 1.5 km, on 3 May.|It was said",
		"He said “go.” They went.":                    "He said “go.”|They went.",
		"Il dit : «\u00a0Partez.\u00a0» Ils partent.": "Il dit : «\u00a0Partez.\u00a0»|Ils partent.",
		"J. K. Diallo spoke. Then left":               "J. K. Diallo spoke.|Then left",
		"It is the U.N. that counts":                  "It is the U.N. that counts",
		"Un bilan (10 morts). 12 selon les autres.":   "Un bilan (10 morts).|12 selon les autres.",
		"": "",
	} {
		if got := strings.Join(Sentences(text), "|"); got != want {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aB .!?…”»\u00a0é\n1"))).Draw(t, "text")
		if got := strings.Join(Sentences(text), ""); letters(got) != letters(text) {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}

// TestWordsOfTheLanguageAreFolded holds that the lists are written as they are
// looked up.
func TestWordsOfTheLanguageAreFolded(t *testing.T) {
	t.Parallel()
	for _, lang := range Langs {
		words := strings.Fields(everyday[lang] + " " + moreQuestionWords[lang])
		for w := range emptyWords[lang] {
			words = append(words, w)
		}
		for w := range thesaurusWords()[lang] {
			words = append(words, w)
		}
		for w := range howManyWords {
			words = append(words, w)
		}
		for _, w := range words {
			if Fold(w) != w {
				t.Errorf("%q is looked up as %q", w, Fold(w))
			}
		}
	}
}
