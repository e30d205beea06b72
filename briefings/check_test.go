package briefings

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFiguresAreTollsStrengthsAndSums(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		lang Lang
		want string
	}{
		{"12 soldiers were killed.", EN, "toll 12"},
		{"At least 4,200 people died, 35 wounded", EN, "toll ≥4200, toll 35"},
		{"plus de 30\u00a0soldats tués et 1\u00a0200\u00a0blessés", FR, "toll ≥30, toll 1200"},
		{"A force of 5,000 troops", EN, "strength 5000"},
		{"une force de 5 000 militaires", FR, "strength 5000"},
		{"for $2.85 million", EN, "sum 2p85"},
		{"une rançon de 50 millions d’euros", FR, "sum 50"},
		{"dozens of civilians were killed", EN, "toll ~dozens"},
		{"Seventy-seven soldiers were killed", EN, "toll seventy seven=77"},
		{"at least two hundred and five dead, three wounded", EN, "toll ≥two hundred and five=205, toll three=3"},
		{"a hundred and one villagers and two soldiers killed", EN, "toll hundred and one=101, toll two=2"},
		{"several hundred people were killed", EN, "toll ~hundred=100"},
		{"Soixante-dix-sept soldats tués", FR, "toll soixante dix sept=77"},
		{"des hommes tuent 17 soldats", FR, "toll 17"},
		{"quatre-vingt-onze morts et vingt et un blessés", FR, "toll quatre vingt onze=91, toll vingt et un=21"},
		{"mille deux cents combattants", FR, "strength mille deux cents=1200"},
		{"une quarantaine de morts", FR, "toll quarantaine=40"},
		{"deux ou trois morts", FR, "toll deux=2, toll trois=3"},
		{"France 24 a montré la décision, par 524 voix, d’un pays européen", FR, ""},
		{"RFI and France 24 were suspended over 524 votes in Europe", EN, ""},
		{"In the three-border area two attacks killed 9 soldiers", EN, "toll 9"},
		{"Two mass killings in a week", EN, ""},
		{"At 05:30 gunmen came", EN, ""},
		{"20 journalistes et 3 lieutenants tués, 4 paysans morts", FR, "toll 20, toll 3, toll 4"},
		{"12 mortars and 30 mentions", EN, ""},
		{"une période de 3 mois, 8 mortiers", FR, ""},
		{"On 7 March 2024 soldiers were killed", EN, ""},
		{"Le 1er mars 2024, des soldats sont tués", FR, ""},
		{"on 6 and 8 May 2026 villagers were killed", EN, ""},
		{"60 percent of the dead", EN, ""},
		{"The summit lasted 3 days", EN, ""},
		{"Resolution 2690 ended the mission", EN, ""},
	} {
		var got []string
		for _, f := range figures(tc.text, Date{}, tc.lang) {
			mark := map[bool]string{true: "≥"}[f.least] + map[bool]string{true: "~"}[f.vague]
			spelled := ""
			if f.value > 0 && strings.ContainsFunc(f.text, func(r rune) bool { return r >= 'a' && r != 'p' }) {
				spelled = fmt.Sprint("=", f.value)
			}
			got = append(got, fmt.Sprintf("%s %s%s%s", f.class, mark, f.text, spelled))
		}
		if g := strings.Join(got, ", "); g != tc.want {
			t.Errorf("%q has %q, want %q", tc.text, g, tc.want)
		}
	}
}

func TestContestedNumbers(t *testing.T) {
	t.Parallel()
	claim := func(says string) Claim { return Claim{By: Same("x"), Says: Same(says)} }
	for _, tc := range []struct {
		name, fact string
		claims     []Claim
		want       bool
	}{
		{"one of two versions", "The attack killed 12 soldiers.", []Claim{claim("12 soldiers killed."), claim("At least 19 people killed.")}, true},
		{"none of two versions", "The attack killed 40 soldiers.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, true},
		{"the least that all give", "The attack killed at least 12 soldiers.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, false},
		{"more than one gives", "The attack killed at least 15 soldiers.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, true},
		{"with its giver", "The attack killed 12 soldiers, the ministry said.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, false},
		{"a toll without its giver", "The death toll was 19.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, true},
		{"one of two versions, spelled out", "The attack killed twelve soldiers.", []Claim{claim("12 soldiers killed."), claim("At least 19 people killed.")}, true},
		{"versions spelled out", "The attack killed 12 soldiers.", []Claim{claim("Twelve soldiers killed."), claim("At least nineteen people killed.")}, true},
		{"one claim only", "The attack killed 12 soldiers.", []Claim{claim("12 soldiers killed.")}, false},
		{"claims that agree", "The attack killed 12 soldiers.", []Claim{claim("12 soldiers killed."), claim("12 dead.")}, false},
		{"a number of another kind", "A force of 300 troops came.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, false},
		{"no exact number", "The attack killed dozens.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, false},
		{"another month", "In January a similar attack had killed 28 soldiers.", []Claim{claim("12 soldiers killed."), claim("19 people killed.")}, false},
	} {
		e := Event{Slug: "2024-03-07-x", Date: Date{2024, 3, 7}, Fact: Text{EN: tc.fact}, Claims: tc.claims}
		said, got := e.claimed(), false
		for _, f := range figures(tc.fact, e.Date, EN) {
			got = got || f.contested(said[f.class])
		}
		if got != tc.want {
			t.Errorf("%s: contested is %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestWrongFrench(t *testing.T) {
	t.Parallel()
	for s, wrong := range map[string]bool{
		"Le bilan\u00a0: douze morts\u00a0; «\u00a0inédit\u00a0»\u00a0!": false,
		"à 12:30, 50\u00a0% des voix":                                    false,
		"Quoi\u202f?":                                                    false,
		"Quoi\u00a0?!":                                                   false,
		"(sic) et après":                                                 false,
		"Le bilan: douze":                                                true,
		"Le bilan ; douze":                                               true,
		"Quoi ?":                                                         true,
		"Quoi?":                                                          true,
		"50 %":                                                           true,
		"« inédit »":                                                     true,
		"l'armée":                                                        true,
		"l’armée":                                                        false,
		"\"inédit\"":                                                     true,
	} {
		if got := wrongFrench(s) != ""; got != wrong {
			t.Errorf("%q is wrong: %v, want %v", s, got, wrong)
		}
	}
}

func TestDistanceIsADistance(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"mali", "mail", 1}, {"mali", "malli", 1}, {"bamako", "bamaco", 1}, {"bamako", "bmakao", 2}, {"été", "ete", 2}, {"abc", "xyz", 3}} {
		if d := distance(tc.a, tc.b); d != tc.want || distance(tc.b, tc.a) != d {
			t.Errorf("%q and %q are %d apart, want %d", tc.a, tc.b, d, tc.want)
		}
		for limit := range 5 {
			if d := distanceWithin(tc.a, tc.b, limit); d != min(tc.want, limit+1) {
				t.Errorf("within %d, %q and %q are %d apart", limit, tc.a, tc.b, d)
			}
		}
	}
}

func TestWithinIsDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abcé]{0,7}`)
		words := rapid.SliceOfN(word, 0, 30).Draw(t, "words")
		typed, limit := word.Draw(t, "typed"), rapid.IntRange(0, 3).Draw(t, "limit")
		got := map[int]int{}
		newFuzzy(words).within(typed, limit, func(n int32, _ string, d int) { got[int(n)] = d })
		for i, w := range words {
			d := distance(typed, w)
			if found, ok := got[i]; ok != (d <= limit) || ok && found != d {
				t.Fatalf("%q and %q are %d apart, within %d found is %v %d", typed, w, d, limit, ok, found)
			}
		}
	})
}

func TestHighConfidence(t *testing.T) {
	t.Parallel()
	for grades, want := range map[string]int{"A": 0, "B": 1, "C": 1, "AC": 0, "BC": 0, "BB": 0, "CC": 1, "CCC": 1} {
		p := &Pack{Events: []Event{{Slug: "2024-x", Confidence: High}}}
		for i, g := range grades {
			slug := fmt.Sprint("s", i)
			p.Sources = append(p.Sources, Source{Slug: slug, Grade: Grade(g)})
			p.Events[0].Sources = append(p.Events[0].Sources, slug)
		}
		c := &checker{p: p, x: newLookups(p), at: func(item Pos, _ ...string) Pos { return item }}
		c.confidence(&p.Events[0])
		if len(c.faults) != want {
			t.Errorf("%s: faults %v", grades, c.faults)
		}
	}
}
