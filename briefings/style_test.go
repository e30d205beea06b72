package briefings_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// houseStyle is a style for the invented pack, which keeps it.
const houseStyle = `sentence_words: {en: 30, fr: 34}
speakers: true
avoid:
  - words: {en: [gang, boat people], fr: [bande]}
    use: {en: group, fr: groupe}
    unless: [claim]
  - words: {en: [lately, "tardi*"], fr: [naguère]}
    use: {en: the date, fr: la date}
    unless: [dated]
  - words: {en: [LUX], fr: [Velmorra]}
    use: {en: Lakes Union, fr: Velmora}
`

// styled is the invented pack with that style.
func styled(t testing.TB) fstest.MapFS {
	m := files(t)
	m["style.yaml"] = &fstest.MapFile{Data: []byte(houseStyle)}
	return m
}

func TestTheInventedPackKeepsItsStyle(t *testing.T) {
	t.Parallel()
	p, faults := briefings.Check(styled(t), briefingstest.Now)
	if len(faults) > 0 {
		t.Errorf("%q", heads(faults))
	}
	if len(p.Style.Avoid) != 3 || p.Style.Sentence[briefings.FR] != 34 || !p.Style.Speakers || p.Style.Binding {
		t.Errorf("style is %+v", p.Style)
	}
}

// lapses are edits of the invented pack with what its style says to them; ""
// where it allows them.
var lapses = []struct{ name, file, old, text, want string }{
	{"an avoided word", "actors.yaml", "en: President of Velmora", "en: Leader of a gang, President of Velmora", `the house style avoids "gang"`},
	{"in capitals", "events/2025.yaml", "Boatmen of both shores stopped", "Gang boatmen of both shores stopped", `events/2025.yaml:34:9: warning: the house style avoids "Gang"`},
	{"two words", "events/2025.yaml", "Boatmen of both shores stopped", "The boat people of both shores stopped", `events/2025.yaml:34:13: warning: the house style avoids "boat people"`},
	{"within another word", "events/2025.yaml", "Boatmen of both shores stopped", "Gangs and gangways of both shores stopped", ""},
	{"another language's word", "events/2025.yaml", "Boatmen of both shores stopped", "The bande of both shores stopped", ""},
	{"in French", "events/2025.yaml", "fr: Les bateliers des deux rives", "fr: La bande des deux rives", `the house style avoids "bande"`},
	{"in a quotation", "events/2025.yaml", "Boatmen of both shores stopped", "The “boat people” of both shores stopped", ""},
	{"behind a quotation", "events/2025.yaml", "Boatmen of both shores stopped", "The “boatmen”, a gang of both shores, stopped", `events/2025.yaml:34:26: warning: the house style avoids "gang"`},
	{"with who says it", "events/2025.yaml", "Boatmen of both shores stopped", "According to the ministry a gang of both shores stopped", ""},
	{"in a claim", "events/2024.yaml", "en: 12 soldiers were killed", "en: By a gang 12 soldiers were killed", ""},
	{"in prose", "topics/velmora.en.md", "has **no end date**", "has no gang and **no end date**", `topics/velmora.en.md:7:53: warning: the house style avoids "gang"`},
	{"a beginning", "events/2025.yaml", "Boatmen of both shores stopped", "Tardily boatmen of both shores stopped", `the house style avoids "Tardily"`},
	{"a word without a date", "events/2025.yaml", "Boatmen of both shores stopped", "Boatmen lately stopped", `events/2025.yaml:34:17: warning: the house style avoids "lately"`},
	{"a word with the year", "events/2025.yaml", "Boatmen of both shores stopped", "Boatmen in 2025 lately stopped", ""},
	{"a spelling", "events/2025.yaml", "fr: Les bateliers des deux rives", "fr: Les bateliers du Velmorra", `the house style avoids "Velmorra"`},
	{"a spelling in other letters", "events/2025.yaml", "Boatmen of both shores stopped", "Boatmen of Lux stopped", ""},
	{"a long sentence", "events/2025.yaml", "Boatmen of both shores stopped", "Boatmen" + strings.Repeat(" of this shore and that", 6) + " stopped", `events/2025.yaml:34:9: warning: the sentence that begins with "Boatmen of this shore" has 36 words`},
	{"a long text of short sentences", "events/2025.yaml", "Boatmen of both shores stopped", strings.Repeat("Boatmen of this shore stopped. ", 8) + "Others stopped", ""},
	{"a number that nobody gives", "actors.yaml", "en: President of Velmora", "en: It has 1,200 soldiers. President of Velmora", `warning: the strength "1,200" has no speaker`},
	{"a toll that nobody gives", "topics/velmora.fr.md", "n’a **pas de terme**", "a suivi 1\u00a0240 morts et n’a **pas de terme**", `topics/velmora.fr.md:7:53: warning: the toll "1 240" has no speaker`},
	{"a toll with who gives it", "topics/velmora.fr.md", "n’a **pas de terme**", "a suivi 240 morts selon l’Union et n’a **pas de terme**", ""},
	{"a few", "actors.yaml", "en: President of Velmora", "en: Four soldiers guard her. President of Velmora", ""},
	{"an unknown key", "style.yaml", "speakers: true", "speaker: true", `style.yaml:2:1: error: unknown key "speaker"`},
	{"an unknown allowance", "style.yaml", "unless: [claim]", "unless: [claims]", `style.yaml:6:14: error: unless cannot be "claims"`},
	{"a star within", "style.yaml", `"tardi*"`, `"tar*di"`, `style.yaml:7:26: error: "tar*di" holds no word`},
	{"nothing to write instead", "style.yaml", "use: {en: group, fr: groupe}", "use: {en: group}", `style.yaml:5:10: error: use of an entry of avoid has no fr`},
	{"no number", "style.yaml", "fr: 34", "fr: many", `is not a number from 10 to 200`},
}

func TestEveryLapseIsFound(t *testing.T) {
	t.Parallel()
	for _, tc := range lapses {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := styled(t)
			edit(t, m, tc.file, tc.old, tc.text)
			_, faults := briefings.Check(m, briefingstest.Now)
			got := strings.Join(heads(faults), "\n")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Errorf("faults\n%s\nwant %q", got, tc.want)
			}
		})
	}
}

func TestALapseShowsLineAndCure(t *testing.T) {
	t.Parallel()
	m := styled(t)
	edit(t, m, "events/2025.yaml", "Boatmen of both shores stopped", "Boatmen of a gang lately stopped")
	_, faults := briefings.Check(m, briefingstest.Now)
	if len(faults) != 2 || !strings.HasPrefix(faults[0].Line, "    en: Boatmen of a gang") {
		t.Fatalf("faults %v", faults)
	}
	for i, want := range []string{"Write group, or say whose word it is.", "Write the date, or name the year in the sentence."} {
		if faults[i].Cure != want {
			t.Errorf("cure %q, want %q", faults[i].Cure, want)
		}
	}
}

// TestABindingStyle: where the pack says so, a lapse fails the check; it never
// keeps readers from a correction.
func TestABindingStyle(t *testing.T) {
	t.Parallel()
	m := styled(t)
	edit(t, m, "style.yaml", "speakers: true", "speakers: true\nbinding: true")
	edit(t, m, "events/2025.yaml", "Boatmen of both shores stopped", "Gang boatmen of both shores stopped")
	if _, faults := briefings.Check(m, briefingstest.Now); len(briefings.Errors(faults)) != 1 {
		t.Errorf("faults %q", heads(faults))
	}
	if _, faults := briefings.Load(m, briefingstest.Now); len(faults) != 0 {
		t.Errorf("the pack is not used for %q", heads(faults))
	}
}

// TestLongTitles: what fits a platform may be longer than the house wants.
func TestLongTitles(t *testing.T) {
	t.Parallel()
	const long = "Boatmen of both shores strike over the levy, for two weeks on end, in all"
	m := styled(t)
	edit(t, m, "events/2025.yaml", "Boatmen strike over the lake levy", long)
	if _, faults := briefings.Check(m, briefingstest.Now); len(faults) != 0 {
		t.Errorf("a style that asks nothing of titles: %q", heads(faults))
	}
	edit(t, m, "style.yaml", "speakers: true", "speakers: true\ntitle_characters: 70")
	if _, faults := briefings.Check(m, briefingstest.Now); len(faults) != 1 || !strings.Contains(faults[0].What, "the title has 73 characters; the house style wants at most 70") {
		t.Errorf("faults %q", heads(faults))
	}
}

// TestShortTitlesAreAskedFor where a button would cut the title.
func TestShortTitlesAreAskedFor(t *testing.T) {
	t.Parallel()
	m := styled(t)
	edit(t, m, "style.yaml", "speakers: true", "short_titles: true")
	_, faults := briefings.Check(m, briefingstest.Now)
	for _, e := range briefingstest.Pack(t).Events {
		cut := len([]rune(e.Title.EN)) > 40 || len([]rune(e.Title.FR)) > 40
		n := 0
		for _, f := range faults {
			if strings.Contains(f.What, "there is no short one") && f.At.File == e.At.File && f.At.Line > e.At.Line && f.At.Line < e.At.Line+14 {
				n++
			}
		}
		if want := cut && e.Short == (briefings.Text{}); (n == 1) != want {
			t.Errorf("%s: %d faults, wanted: %v", e.Slug, n, want)
		}
	}
}

// TestTheStyleGuideHasEveryRule: whoever is told of a word finds it there.
func TestTheStyleGuideHasEveryRule(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("STYLE.md")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := briefings.Check(briefings.Embedded(), briefingstest.Now)
	if len(p.Style.Avoid) == 0 {
		t.Fatal("the pack has no style")
	}
	text := strings.ToLower(string(guide))
	for _, a := range p.Style.Avoid {
		for _, lang := range briefings.Langs {
			if words := a.Words[lang]; len(words) > 0 && !strings.Contains(text, strings.ToLower(strings.TrimSuffix(words[0], "*"))) {
				t.Errorf("STYLE.md does not speak of %q", words[0])
			}
		}
	}
	for _, lang := range briefings.Langs {
		if want := fmt.Sprint(p.Style.Sentence[lang]); !strings.Contains(string(guide), want+" ") {
			t.Errorf("STYLE.md does not say that sentences have at most %s words", want)
		}
	}
}
