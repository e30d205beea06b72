package briefings_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// prose draws texts of the words that briefings are made of.
func prose(t *rapid.T, name string) string {
	words := rapid.SampledFrom([]string{
		"the ", "army ", "army", "l’armée ", "attacked", " ", "\u00a0", "\n", ". ", ", ", "12 ", "4,200 ", "4\u00a0200 ", "$2.85 million ", "7 March 2024", "1er mars 2024 ",
		"6 and 8 May 2026 ", "2026-05-09 ", "mars 2024 ", "50 % ", "15th ", "«\u00a0", "é", "\xff", "😀",
	})
	return strings.Join(rapid.SliceOfN(words, 0, 40).Draw(t, name), "")
}

// edited draws a text and one that came of it by changing a few words.
func edited(t *rapid.T) (was, now string) {
	list := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 9), func(i int) string {
		return []string{"The ", "toll ", "rose ", "to ", "12 ", "on ", "7 March 2024 ", ". ", "soldiers ", "\n"}[i]
	}), 1, 60).Draw(t, "was")
	other := append([]string{}, list...)
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		i := rapid.IntRange(0, len(other)-1).Draw(t, "place")
		other[i] = rapid.SampledFrom([]string{"", "19 ", "8 March 2024 ", "civilians ", "The toll rose to 12 "}).Draw(t, "word")
	}
	return strings.Join(list, ""), strings.Join(other, "")
}

// apply does what a comparison says to a text.
func apply(edits []briefings.Edit) (was, now string) {
	for _, e := range edits {
		if e.Op != briefings.Insert {
			was += e.Text
		}
		if e.Op != briefings.Delete {
			now += e.Text
		}
	}
	return was, now
}

// TestDiffMakesTheOneOfTheOther: applied to the old text a comparison gives the
// new one, letter by letter; it says nothing twice and, of equal texts, nothing.
func TestDiffMakesTheOneOfTheOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was, now := prose(t, "was"), prose(t, "now")
		if rapid.Bool().Draw(t, "edited") {
			was, now = edited(t)
		}
		edits := briefings.Diff(was, now)
		if a, b := apply(edits); a != was || b != now {
			t.Fatalf("%q\nmake %q of %q,\nwant %q of %q", edits, b, a, now, was)
		}
		for i, e := range edits {
			if e.Text == "" || i > 0 && (edits[i-1].Op == e.Op || edits[i-1].Op == briefings.Insert && e.Op == briefings.Delete) {
				t.Fatalf("%q is not in order at %d", edits, i)
			}
		}
		if same := briefings.Diff(was, was); was != "" && (len(same) != 1 || same[0].Op != briefings.Keep) || was == "" && same != nil {
			t.Fatalf("a text and itself differ by %q", same)
		}
		if p := briefings.Passages(was, was); p != nil {
			t.Fatalf("a text and itself differ in %q", p)
		}
		if strings.Join(strings.Fields(was), " ") != strings.Join(strings.Fields(now), " ") && briefings.Passages(was, now) == nil {
			t.Fatalf("%q and %q differ nowhere", was, now)
		}
	})
}

var (
	wholeDate   = regexp.MustCompile(`\b\d{1,2} March 2024\b`)
	wholeNumber = regexp.MustCompile(`\b\d+\b`)
)

// TestDiffKeepsDatesAndNumbersWhole: no date or number begins in one edit and
// ends in the next.
func TestDiffKeepsDatesAndNumbersWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was, now := edited(t)
		edits := briefings.Diff(was, now)
		for _, op := range []briefings.EditOp{briefings.Delete, briefings.Insert} {
			text, ends := "", map[int]bool{}
			for _, e := range edits {
				if e.Op == op || e.Op == briefings.Keep {
					text += e.Text
					ends[len(text)] = true
				}
			}
			for _, p := range []*regexp.Regexp{wholeDate, wholeNumber} {
				for _, at := range p.FindAllStringIndex(text, -1) {
					for i := at[0] + 1; i < at[1]; i++ {
						if ends[i] {
							t.Fatalf("%q cuts %q", edits, text[at[0]:at[1]])
						}
					}
				}
			}
		}
	})
}

// TestPassagesAreShort: whatever differs, each place is one short line.
func TestPassagesAreShort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was, now := strings.Repeat(prose(t, "was"), rapid.IntRange(1, 30).Draw(t, "times")), prose(t, "now")
		for _, p := range briefings.Passages(was, now) {
			for _, s := range []string{p.Before, p.Was, p.Now, p.After} {
				if len([]rune(s)) > 250 || strings.Contains(s, "\n") {
					t.Fatalf("%q is no short line", s)
				}
			}
			if p.Was == p.Now {
				t.Fatalf("%q says that %q stays", p, p.Was)
			}
		}
	})
}

func TestPassages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, was, now string
		want           []briefings.Passage
	}{
		{
			"a date", "Armed men attacked the post on the bridge on 6 March 2024. The River Front claimed it.", "Armed men attacked the post on the bridge on 7 March 2024. The River Front claimed it.",
			[]briefings.Passage{{"… post on the bridge on ", "6 March 2024", "7 March 2024", ". The River Front claimed it."}},
		},
		{
			"a number with its scale", "It cost $2.85 million in all.", "It cost $28.5 million in all.",
			[]briefings.Passage{{"It cost ", "$2.85 million", "$28.5 million", "in all."}},
		},
		{"an addition", "The toll is disputed.", "The toll is disputed by both.", []briefings.Passage{{"The toll is disputed ", "", "by both", "."}}},
		{"what is taken out", "A truce, signed in May, holds.", "A truce holds.", []briefings.Passage{{"A truce ", ", signed in May,", "", "holds."}}},
		{"a new line", "One.\nThree.", "One.\nTwo.\nThree.", []briefings.Passage{{"", "", "Two.", ""}}},
		{"a last line", "One.", "One.\nTwo.", []briefings.Passage{{"", "", "Two.", ""}}},
		{"other spaces", "a  b", "a b", nil},
		{"another text", "The cat sat on the mat.", "Dogs run.", []briefings.Passage{{"", "The cat sat on the mat", "Dogs run", "."}}},
		{"changes side by side", "12 soldiers and 3 civilians died.", "19 soldiers and 4 civilians died.", []briefings.Passage{{"", "12 soldiers and 3", "19 soldiers and 4", "civilians died."}}},
		{
			"changes far apart", "One two three four five six seven eight nine ten.", "1 two three four five six seven eight nine 10.",
			[]briefings.Passage{{"", "One", "1", "two three four five six …"}, {"… five six seven eight nine ", "ten", "10", "."}},
		},
	} {
		if d := cmp.Diff(tc.want, briefings.Passages(tc.was, tc.now)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

func BenchmarkPassages(b *testing.B) {
	p := briefingstest.Synthetic(300)
	var all strings.Builder
	for _, e := range p.Events[:60] {
		all.WriteString(e.Fact.EN + "\n")
	}
	was := all.String()
	for name, now := range map[string]string{
		"a word a line": strings.ReplaceAll(was, "March", "April") + "More.", "nothing alike": strings.ToUpper(was),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(was)))
			for b.Loop() {
				briefings.Passages(was, now)
			}
		})
	}
}
