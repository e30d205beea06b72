package briefings

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestCompareKeepsEveryWord: every word of a text is in one part, in its order,
// and what is called the same as the pack's has the pack's words.
func TestCompareKeepsEveryWord(t *testing.T) {
	t.Parallel()
	x := embeddedIndex()
	pieces := []string{
		"JNIM claimed the attack. ", "Burkinabè government: 132 people killed.", "Human Rights Watch, from witnesses: More than 140 people killed. ", "\n", "[1]", "https://a.example/b ",
		"The control of Kidal and other northern towns is not established. ", "not ", "Mali ", "4,200 ", "🔥", "\u202e", "« Non », dit-il. ", "25 April 2026: ", "50 % ", "$3 ", "As of 9 May 2026",
	}
	// What is cut out of a text is cut out once: what is left may look like it again.
	others := rapid.StringOf(rapid.RuneFrom([]rune("aBÉé09 .,;:!?…-–’'\"«»%$\n\u00a0\u200b🔥٣字")))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), others), 0, 12).Draw(t, "text"), "")
		var got []string
		for _, p := range x.Compare(text, Known{Frames: []string{"As of 9 May 2026"}}, testDay) {
			keys := lettersIn(p.Text)
			if p.Kind == PartSame && !p.Cut && !slices.Equal(keys, lettersIn(p.Ours)) {
				t.Errorf("%q is called the same as %q", p.Text, p.Ours)
			}
			if !utf8.ValidString(p.Text) {
				t.Errorf("%q is broken", p.Text)
			}
			got = append(got, keys...)
		}
		if want := lettersIn(text); !slices.Equal(got, want) {
			t.Errorf("%q has the words %q, its parts %q", text, want, got)
		}
	})
}

// lettersIn are the words of a text as they are compared. What a line break parts
// may look like one number when the break is gone, so digits stand alone.
func lettersIn(text string) []string {
	var out []string
	for _, a := range atomsOf(cleaned(text)) {
		for _, r := range a.key {
			out = append(out, string(r))
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "." || s == "-" })
}

// TestPrintsAreSmall: what is kept to know texts again is little, 16 bytes for
// every place where a quotation may begin.
func TestPrintsAreSmall(t *testing.T) {
	t.Parallel()
	x := embeddedIndex()
	p := x.prints()
	if size := 16*len(p.starts) + 4*len(p.opens); size > 200_000 {
		t.Errorf("%d places and %d beginnings: %d bytes", len(p.starts), len(p.opens), size)
	}
}

// TestNumerals: numbers are the same however their thousands are parted, and
// decimals are no thousands.
func TestNumerals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"4,200 people": "4200 people", "4\u00a0200 people": "4200 people", "4 200": "4200", "4\n200": "4200", "4200": "4200", "9.5 km": "9.5 km", "9,5 km": "9.5 km", "95 km": "95 km",
		"1,234,567": "1234567", "in 2024 300 men": "in 2024 300 men", "2024-09-17": "2024 09 17", "$2.85 million": "$ 2.85 million", "50\u00a0%": "50 %", "-5 %": "- 5 %", "1er mai": "1er mai", "15th": "15th", "12, 300": "12 300",
	} {
		var keys []string
		for _, a := range atomsOf(cleaned(text)) {
			keys = append(keys, a.key)
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}

// FuzzCompare holds that any text is taken apart, into parts that can be shown.
func FuzzCompare(f *testing.F) {
	for _, s := range []string{"", "_https://a.example/b ", "[1", "&amp;lt;b&gt; 132 people", "<@1> @everyone", "\xff\xfe", "1\ufe0f\u20e3", "4\u00a02\n00", strings.Repeat("25 April 2026 ", 40)} {
		f.Add(s)
	}
	x := embeddedIndex()
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range x.Compare(text, Known{}, testDay) {
			if !utf8.ValidString(p.Text) || p.Kind != PartForeign && p.Kind != PartFrame && p.Ours == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
