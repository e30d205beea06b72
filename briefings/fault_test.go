package briefings_test

import (
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// files copies the invented pack, so that a test can break it.
func files(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(briefingstest.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(briefingstest.FS(), name)
		m[name] = &fstest.MapFile{Data: src}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// edit replaces one text in one file, which must be there.
func edit(t testing.TB, m fstest.MapFS, name, old, text string) {
	t.Helper()
	src := string(m[name].Data)
	if !strings.Contains(src, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	m[name] = &fstest.MapFile{Data: []byte(strings.Replace(src, old, text, 1))}
}

// heads returns "position: severity: what" of each fault.
func heads(faults []briefings.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%v: %s: %s", f.At, f.Severity, f.What))
	}
	return out
}

// strikeAgain is an event of the pack under another id.
const strikeAgain = `- id: 2025-02-03-again
  date: "2025-02-03"
  countries: [XO]
  places: [port-selm]
  kind: economic
  topics: [velmora]
  importance: 1
  confidence: medium
  title: {en: Strike of boatmen over the lake levy, fr: Grève des bateliers}
  fact: {en: They stopped work., fr: Ils cessent le travail.}
  sources: [radio-selm-2025-02-levy-protest]

`

// breakages are edits that break the invented pack (a new file when there is
// nothing old to replace), each with the beginning of a fault it must give.
var breakages = []struct{ name, file, old, text, want string }{
	// Records.
	{"unknown key", "actors.yaml", "  kind: person\n", "  kind: person\n  colour: blue\n", `actors.yaml:20:3: error: unknown key "colour" in actor`},
	{"key given twice", "actors.yaml", "  kind: person\n", "  kind: person\n  kind: person\n", `actors.yaml:20:3: error: "kind" is given twice in actor`},
	{"missing language", "terms.yaml", "    fr: Taxe des lacs\n", "", `terms.yaml:5:5: error: term of term has no fr`},
	{"empty language", "terms.yaml", "    fr: Taxe des lacs\n", "    fr: ''\n", `terms.yaml:6:9: error: term of term has no fr`},
	{"one text for both languages", "places.yaml", "  name:\n    en: Arden\n    fr: Arden\n", "  name: Arden\n", `places.yaml:4:9: error: name of place has one text for all languages`},
	{"a list where a text belongs", "places.yaml", "country: XV", "country: [XV]", `places.yaml:7:12: error: a text is expected here`},
	{"a text where a list belongs", "events/2025.yaml", "topics: [velmora]", "topics: velmora", `events/2025.yaml:9:11: error: topics of event is a list`},
	{"an alias of YAML", "places.yaml", "country: XV", "country: &c XV", `places.yaml:7:12: error: anchors, aliases, tags and merges are not used in packs`},
	{"a word out of a closed list", "events/2025.yaml", "kind: election", "kind: elections", `events/2025.yaml:83:9: error: kind of event cannot be "elections"`},
	{"a number out of range", "events/2025.yaml", "importance: 2", "importance: 7", `events/2025.yaml:10:15: error: importance of event: "7" is not a number from 1 to 3`},
	{"no date", "events/2025.yaml", `date: "2025-01-15"`, `date: "2025-13-15"`, `events/2025.yaml:4:9: error: date of event: "2025-13-15" is not a date`},
	{"a slug that is none", "actors.yaml", "slug: mara-tolen", "slug: Mara_Tolen", `actors.yaml:14:9: error: "Mara_Tolen" cannot be the slug of actor`},
	{"an invisible character", "actors.yaml", "en: Mara Tolen", "en: Mara\u202e Tolen", `actors.yaml:16:9: error: the text holds the invisible character U+202E`},
	{"half a coordinate", "places.yaml", "  lon: 21.5\n", "", `places.yaml:3:3: error: the place has only one of lat and lon`},
	{"exact coordinates", "places.yaml", "  lon: 21.5\n  coordinates: approximate\n", "  lon: 21.5\n", `places.yaml:3:3: error: coordinates are said to be approximate where they are given`},
	{"a second list in the file", "actors.yaml", "sources: [lakes-encyclopedia-nd-three-lakes]\n", "sources: [lakes-encyclopedia-nd-three-lakes]\nextra: 1\n", `error: unknown key "extra"`},
	{"broken syntax", "terms.yaml", "boat tax, taxe]", "boat tax, taxe", `error: not valid YAML`},
	{"a file that is no part of a pack", "events/2024.yml", "", "x", `events/2024.yml:1:1: error: this is not part of a pack`},
	{"a language that is not there", "topics/velmora.de.md", "", "x", `topics/velmora.de.md:1:1: error: this is not part of a pack`},
	{"prose without a topic", "topics/lost.en.md", "", "## summary\n\nText. [@lakes-encyclopedia-nd-three-lakes]\n", `topics/lost.en.md:1:1: error: the prose has no topic "lost"`},
	{"no UTF-8", "terms.yaml", "Lake levy", "Lake\xff levy", `terms.yaml:5:13: error: the file is not valid UTF-8`},
	// Prose.
	{"unsourced paragraph", "topics/velmora.en.md", " [@lakes-herald-2024-03-08-arden-bridge]\n", "\n", `topics/velmora.en.md:12:1: error: the text has no source`},
	{"unsourced last sentence", "topics/fog.en.md", "three-lakes]", "three-lakes] It is so.", `topics/fog.en.md:3:116: error: the text behind the last citation has no source`},
	{"unknown section", "topics/velmora.en.md", "## unknowns", "## unknown", `topics/velmora.en.md:18:4: error: there is no section "unknown"`},
	{"wrong level", "topics/velmora.en.md", "## figures", "### figures", `topics/velmora.en.md:14:5: error: headings have two number signs`},
	{"twice the same section", "topics/velmora.en.md", "## background", "## situation", `topics/velmora.en.md:10:4: error: the section "situation" is given twice`},
	{"wrong order", "topics/fog.en.md", "## summary", "## watch\n\nX. [@lakes-encyclopedia-nd-three-lakes]\n\n## summary", `topics/fog.en.md:5:4: error: the section "summary" comes too late`},
	{"text before the first heading", "topics/fog.en.md", "## summary\n", "", `topics/fog.en.md:2:1: error: the text stands before the first heading`},
	{"HTML", "topics/fog.en.md", "Fog closes", "Fog <b>closes</b>", `topics/fog.en.md:3:5: error: HTML is not used in prose`},
	{"a block of HTML", "topics/fog.en.md", "Fog closes", "<p>Fog", `topics/fog.en.md:3:1: error: a piece of HTML is not used in prose`},
	{"a picture", "topics/fog.en.md", "Fog closes", "![Fog](x.png) closes", `error: a picture is not used in prose`},
	{"an address", "topics/fog.en.md", "Fog closes", "Fog https://fog.example closes", `topics/fog.en.md:3:5: error: an address is not used in prose`},
	{"a link to a page", "topics/fog.en.md", "Fog closes", "[Fog](https://fog.example) closes", `topics/fog.en.md:3:2: error: "https://fog.example" cannot be linked`},
	{"a link definition", "topics/fog.en.md", "Fog closes", "[Fog]: https://fog.example\n\nFog closes", `topics/fog.en.md:3:8: error: an address is not used in prose`},
	{"a quote", "topics/fog.en.md", "Fog closes", "> Fog closes", `topics/fog.en.md:3:1: error: a quote is not used in prose`},
	{"a code block", "topics/fog.en.md", "Fog closes", "    Fog closes", `topics/fog.en.md:3:5: error: a code block is not used in prose`},
	{"numbers as bullets", "topics/fog.en.md", "Fog closes", "1. Fog closes", `error: bullets begin with "- "`},
	{"nested bullets", "topics/fog.en.md", "Fog closes", "- Fog. [@lakes-encyclopedia-nd-three-lakes]\n  - Fog closes", `error: a bullet is one paragraph`},
	{"nested marks", "topics/fog.en.md", "Fog closes", "**Fog *closes***", `error: emphasis within strong`},
	{"a line break", "topics/fog.en.md", "Fog closes", "Fog  \ncloses", `topics/fog.en.md:3:1: error: a line break within a paragraph is not used in prose`},
	{"an open citation", "topics/fog.en.md", "three-lakes]", "three-lakes", `topics/fog.en.md:3:80: error: the citation is not closed`},
	{"a malformed citation", "topics/fog.en.md", "[@lakes", "[@Lakes", `topics/fog.en.md:3:80: error: "@Lakes-encyclopedia-nd-three-lakes" is not a citation`},
	{"unknown source in prose", "topics/fog.en.md", "[@lakes-encyclopedia", "[@lake-encyclopedia", `topics/fog.en.md:3:80: error: there is no source "lake-encyclopedia-nd-three-lakes"`},
	{"unknown item in prose", "topics/velmora.en.md", "actor:mara-tolen", "actor:mara-toln", `topics/velmora.en.md:3:35: error: there is no actor "mara-toln"`},
	{"a section in one language only", "topics/velmora.fr.md", "## figures", "## sides", `topics/velmora.fr.md:1:1: error: the section "figures" is only there in "en"`},
	{"a bullet in one language only", "topics/velmora.fr.md", "- La [trêve]", "La [trêve]", `topics/velmora.fr.md:7:1: error: this is a bullet in one language only`},
	{"other sources in one language", "topics/velmora.fr.md", "[@radio-selm-2025-02-levy-protest]", "[@lakes-union-2024-06-charter]", `topics/velmora.fr.md:8:3: error: the sources differ from topics/velmora.en.md:8:3`},
	{"fewer bullets in one language", "topics/velmora.fr.md", "- La [trêve](event:2026-02-10-truce-signed) n’a **pas de terme**. [@agence-des-lacs-2026-02-11-treve]\n", "", `error: the section "situation" has 2 paragraphs and bullets in "en" but 1 in "fr"`},
	{"other links in one language", "topics/velmora.fr.md", "(term:lake-levy)", "(actor:velmora)", `topics/velmora.fr.md:8:3: warning: the links differ from topics/velmora.en.md:8:3`},
	// Rules across files.
	{"an event in another year's file", "events/2025.yaml", `date: "2025-01-15"`, `date: "2024-01-15"`, `events/2025.yaml:4:9: error: an event of 2024 stands in events/2025.yaml`},
	{"unknown actor", "events/2025.yaml", "actors: [mara-tolen, velmora]", "actors: [mara-tolen, velmra]", `events/2025.yaml:82:24: error: there is no actor "velmra"`},
	{"unknown country", "events/2025.yaml", "countries: [XO]", "countries: [XQ]", `events/2025.yaml:97:15: error: there is no country "XQ"`},
	{"named twice", "events/2025.yaml", "places: [port-selm, arden]", "places: [arden, arden]", `events/2025.yaml:24:19: error: the place "arden" is named twice`},
	{"id without the date", "events/2025.yaml", "id: 2025-01-15-levy", "id: 2025-01-16-levy", `events/2025.yaml:3:7: error: the id "2025-01-16-levy-decreed" does not begin with the date 2025-01-15`},
	{"end before the beginning", "events/2025.yaml", `end: "2025-02-17"`, `end: "2025-02-01"`, `events/2025.yaml:22:8: error: the end 2025-02-01 lies before the date 2025-02-03`},
	{"a day to come", "topics/fog.yaml", `as_of: "2026-04"`, `as_of: "2026-06"`, `topics/fog.yaml:8:8: error: as_of 2026-06 lies in the future`},
	{"two events of one id", "events/2025.yaml", "id: 2025-12-union-budget", "id: 2025-01-15-levy-decreed", `error: the event "2025-01-15-levy-decreed" is taken by events/2025.yaml:3:7`},
	{"two cards of one slug", "terms.yaml", "slug: lake-levy", "slug: arden", `error: the slug "arden" is taken by terms.yaml:3:9`},
	{"two topics of one command", "topics/fog.yaml", "command: fog", "command: union", `topics/lakes-union.yaml:2:10: error: the command "union" is taken by topics/fog.yaml:2:10`},
	{"a command no platform takes", "topics/fog.yaml", "command: fog", "command: fog-season", `topics/fog.yaml:2:10: error: "fog-season" cannot be a command`},
	{"too sure", "events/2026.yaml", "confidence: low", "confidence: high", `events/2026.yaml:30:15: error: high confidence needs a source of grade A, or two of which one is above C`},
	{"a claim's source is not the event's", "events/2024.yaml", "  sources: [lakes-herald-2024-03-08-arden-bridge, agence-des-lacs-2024-03-09-pont-arden]\n  corr", "  sources: [lakes-herald-2024-03-08-arden-bridge]\n  corr", `error: the claim's source "agence-des-lacs-2024-03-09-pont-arden" is not among the event's`},
	{"a contested number in the fact", "events/2024.yaml", "the toll is disputed.", "it left 19 people dead.", `events/2024.yaml:19:9: error: the toll "19" is contested: the claims give other numbers`},
	{"a contested number in the French fact", "events/2024.yaml", "le bilan est discuté.", "12 soldats sont tués.", `events/2024.yaml:20:9: error: the toll "12" is contested: the claims give other numbers`},
	{"another number", "events/2025.yaml", "halved the levy.", "halved the levy to 40 francs a boat.", `events/2025.yaml:34:9: warning: the sum "40" stands outside a claim`},
	{"too long a title", "events/2025.yaml", "en: Boatmen strike over", "en: Boatmen of both shores and of all the islands between them strike for many days over", `events/2025.yaml:31:9: error: the title has 98 characters; at most 90 fit`},
	{"a banned host", "sources.yaml", "https://relief.example/reports", "https://m.rumours.example/reports", `sources.yaml:51:8: error: pages of "m.rumours.example" are never linked`},
	{"no address", "sources.yaml", "https://relief.example/reports/north-shore", "relief.example", `sources.yaml:51:8: error: "relief.example" is not the address of a page`},
	{"an address without a name", "sources.yaml", "https://relief.example/", "http://192.0.2.7/", `sources.yaml:51:8: error: "192.0.2.7" is not a public host`},
	{"a draft linked from published text", "topics/velmora.en.md", "(term:lake-levy)", "(topic:fog)", `topics/velmora.en.md:8:8: error: the published topic "velmora" points to the topic "fog", which is draft`},
	{"a draft term linked from published text", "terms.yaml", "- slug: lake-levy\n", "- slug: lake-levy\n  status: draft\n", `topics/velmora.en.md:8:8: error: the published topic "velmora" points to the term "lake-levy", which is draft`},
	{"a withdrawn event linked from published text", "events/2026.yaml", "- id: 2026-02-10-truce-signed\n", "- id: 2026-02-10-truce-signed\n  status: retired\n", `topics/velmora.en.md:7:8: error: the published topic "velmora" points to the event "2026-02-10-truce-signed", which is retired`},
	{"a withdrawn actor of an event", "actors.yaml", "- slug: mara-tolen\n", "- slug: mara-tolen\n  status: retired\n", `events/2025.yaml:82:12: error: the published event "2025-11-01-tolen-elected" points to the actor "mara-tolen", which is retired`},
	{"a status that is none", "actors.yaml", "- slug: mara-tolen\n", "- slug: mara-tolen\n  status: gone\n", `actors.yaml:15:11: error: status of actor cannot be "gone"`},
	{"a draft among the related", "topics/velmora.yaml", "related: [lakes-union]", "related: [lakes-union, fog]", `topics/velmora.yaml:13:24: error: the published topic "velmora" points to the topic "fog", which is draft`},
	{"the file is not named like the topic", "topics/fog.yaml", "slug: fog", "slug: mist", `topics/fog.yaml:1:7: error: the slug "mist" is not the name of the file`},
	{"the same event twice", "events/2025.yaml", "events:\n", "events:\n\n" + strikeAgain, `error: the event is the same as event:2025-02-03-again`},
	{"an event that looks like another", "events/2025.yaml", "events:\n", "events:\n\n" + strings.Replace(strikeAgain, "Strike of boatmen over the lake levy", "Strike on the lakes over the levy", 1), `warning: the event looks like event:2025-02-03-again`},
	{"an event told again in nearly the same words", "events/2025.yaml", "events:\n", "events:\n\n" + strings.NewReplacer("Strike of boatmen over the lake levy", "Strike on the lakes over the levy", "They stopped work.", "Boatmen of both shores stopped work for two whole weeks. Velmora then halved the levy.").Replace(strikeAgain), `error: the event is the same as event:2025-02-03-again`},
	{"an event told again a day later", "events/2025.yaml", "events:\n", "events:\n\n" + strings.NewReplacer("2025-02-03", "2025-02-04", "They stopped work.", "Boatmen of both shores stopped work for two whole weeks. Velmora then halved the levy.").Replace(strikeAgain), `error: the event is the same as event:2025-02-04-again`},
	{"a title used again a day later", "events/2025.yaml", "events:\n", "events:\n\n" + strings.ReplaceAll(strikeAgain, "2025-02-03", "2025-02-04"), `warning: the event looks like event:2025-02-04-again`},
	{"a pattern that is none", "pack.yaml", "rumours.example", `"rum*ours.example"`, `error: "rum*ours.example" is not a host`},
	{"a claim of state media alone", "events/2026.yaml", "sources: [shore-letter-2026-04-port-selm-fire]\n  - by:\n      en: Port", "sources: [ostrana-state-radio-2026-02-12-truce]\n  - by:\n      en: Port", `error: the claim's source "ostrana-state-radio-2026-02-12-truce" is not among the event's`},
	{"a topic without a situation", "topics/velmora.en.md", "## situation", "## background", `topics/velmora.en.md:1:1: error: the published topic "velmora" has no section "situation"`},
	{"few sources", "topics/lakes-union.en.md", "; the cause is not known. [@shore-letter-2026-04-port-selm-fire]", ". [@lakes-encyclopedia-nd-three-lakes]", `warning: summary and situation of "lakes-union" rest on fewer than three sources`},
	{"related to itself", "topics/velmora.yaml", "[lakes-union]", "[velmora]", `topics/velmora.yaml:13:11: error: the topic is related to itself`},
	{"a command that is another topic's slug", "topics/lakes-union.yaml", "command: union", "command: velmora", `error: the command "velmora" is the slug of another topic`},
	{"a language that is no code", "sources.yaml", "lang: en", "lang: english", `error: "english" is not a language`},
	{"an example that is no command", "pack.yaml", `- /velmora`, `- velmora`, `pack.yaml:10:3: error: the example "velmora" is not a command line`},
	{"an example in one language", "pack.yaml", `{en: /who LU, fr: /qui UL}`, `{en: /who LU}`, `pack.yaml:13:3: error: an entry of examples has no fr`},
	{"an example that is a list", "pack.yaml", `- /velmora`, `- [/velmora]`, `pack.yaml:10:3: error: an entry of examples`},
	{"a command's name that Discord refuses", "topics/lakes-union.yaml", "fr: union_des_lacs", "fr: Union", `topics/lakes-union.yaml:3:32: error: "Union" cannot be a command in "fr"`},
	{"another topic's command", "topics/lakes-union.yaml", "fr: union_des_lacs", "fr: velmora", `topics/lakes-union.yaml:3:32: error: the command "velmora" is taken by topics/velmora.yaml:2:10`},
	{"a command's name in one language", "topics/lakes-union.yaml", "{en: union, fr: union_des_lacs}", "{en: union}", `topics/lakes-union.yaml:3:16: error: command_names of the topic has no fr`},
	{"a host with its scheme", "pack.yaml", "rumours.example", `"https://rumours.example"`, `error: "https://rumours.example" is not a host`},
	{"a country twice", "pack.yaml", "code: XV", "code: XO", `error: the country "XO" is given twice`},
	{"a country that is no code", "pack.yaml", "code: XV", "code: Velmora", `error: "Velmora" is not the code of a country`},
	{"too long a line", "topics/fog.yaml", "A draft that no reader may see", strings.Repeat("A draft that no reader may see ", 4), `error: the line has 125 characters; at most 100 fit`},
	{"a state medium without its state", "pack.yaml", "[Ostrana State Radio]", "[Ostrana State Press]", `sources.yaml:76:14: warning: readers are not told whose state media "Ostrana State Radio" is`},
	{"a voice of nobody", "pack.yaml", "  publishers: [Ostrana State Radio]\n", "", `pack.yaml:21:3: error: voice has no publishers`},
	{"a source that repeats nothing", "sources.yaml", "grade: C", "grade: C\n  repeats: lost-letter", `error: there is no source "lost-letter"`},
	{"a source that repeats itself", "sources.yaml", "grade: C", "grade: C\n  repeats: shore-letter-2026-04-port-selm-fire", `error: the source "shore-letter-2026-04-port-selm-fire" repeats one itself`},
	{"sure by two sources of which one repeats the other", "sources.yaml", "kind: state-media\n", "kind: state-media\n  repeats: agence-des-lacs-2026-02-11-treve\n", `events/2026.yaml:11:15: error: high confidence needs a source of grade A, or two of which one is above C`},
	{"a source of tomorrow", "sources.yaml", `"2026-04-19"`, `"2026-05-02"`, `error: the date 2026-05-02 lies in the future`},
	{"corrections in disorder", "events/2024.yaml", "      fr: Le Lakes Herald donne la nuit du 7 mars.\n", "      fr: Le Lakes Herald donne la nuit du 7 mars.\n  - date: \"2024-03-19\"\n    was: {en: A, fr: A}\n    now: {en: B, fr: B}\n    why: {en: C, fr: C}\n", `events/2024.yaml:55:11: error: the correction of 2024-03-19 stands behind one of 2024-03-20`},
	{"a correction of tomorrow", "actors.yaml", `"2026-03-01"`, `"2026-05-02"`, `error: the correction of 2026-05-02 lies in the future`},
	{"a contested number in prose", "topics/velmora.en.md", "in March 2024 was the *first* inside the capital", "killed 12 soldiers", `topics/velmora.en.md:12:1: error: the toll "12" is contested: the claims of event:2024-03-07-arden-bridge give other numbers`},
	{"an unknown topic", "events/2025.yaml", "topics: [velmora]", "topics: [velmra]", `events/2025.yaml:9:12: error: there is no topic "velmra"`},
	{"a moment that is none", "topics/fog.yaml", "status: draft", "status: draft\npublish_at: soon", `error: publish_at of the topic: "soon" is not a moment`},
	{"no pack.yaml", "pack.yaml", "", "", `pack.yaml:1:1: error: the file is empty`},
	{"an alias of two", "places.yaml", "aliases: [Ardenn]", "aliases: [riverists]", `places.yaml:8:13: warning: "riverists" leads to actor:river-front too`},
	{"French without its spaces", "topics/fog.fr.md", "chaque hiver,", "chaque hiver ;", `topics/fog.fr.md:3:1: warning: "e hiver ; c" is not set as French is`},
	{"a correction of nothing", "actors.yaml", "en: It has fought since 2023.\n      fr: Il combat depuis 2023.", "en: The group was said to have been formed in 2022.\n      fr: Le groupe était dit formé en 2022.", `error: the correction changes nothing`},
}

func TestEveryFaultIsFound(t *testing.T) {
	t.Parallel()
	for _, tc := range breakages {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := files(t)
			if tc.old == "" {
				m[tc.file] = &fstest.MapFile{Data: []byte(tc.text)}
			} else {
				edit(t, m, tc.file, tc.old, tc.text)
			}
			_, faults := briefings.Check(m, briefingstest.Now)
			got := heads(faults)
			for _, h := range got {
				if strings.Contains(h, tc.want) && tc.want != "" {
					return
				}
			}
			t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), tc.want)
		})
	}
}

func TestWhatIsNoFault(t *testing.T) {
	t.Parallel()
	for name, edits := range map[string][][3]string{
		"an alias that two share on purpose": {{"places.yaml", "aliases: [Ardenn]", "aliases: [riverists]"}, {"pack.yaml", "never_link:", "shared_names: [Riverists]\nnever_link:"}},
		"a few that nobody counted":          {{"events/2025.yaml", "halved the levy.", "halved the levy to four francs a boat."}},
	} {
		m := files(t)
		for _, e := range edits {
			edit(t, m, e[0], e[1], e[2])
		}
		if _, faults := briefings.Check(m, briefingstest.Now); len(faults) > 0 {
			t.Errorf("%s: %q", name, heads(faults))
		}
	}
}

func TestATopicThatIsStillToBeWrittenIsAWarning(t *testing.T) {
	t.Parallel()
	m := files(t)
	for _, year := range []string{"2024", "2025", "2026"} {
		edit(t, m, "events/"+year+".yaml", "topics: [velmora]", "topics: [velmora, ostrana]")
	}
	_, faults := briefings.Check(m, briefingstest.Now)
	if len(faults) != 3 || len(briefings.Errors(faults)) > 0 {
		t.Errorf("faults %q", heads(faults))
	}
}

func TestFaultsComeAllAtOnce(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "actors.yaml", "  kind: person\n", "  kind: person\n  colour: blue\n")
	edit(t, m, "actors.yaml", "sources: [lakes-union-2024-06-charter]", "sources: [lakes-union-2024-06-chart]")
	edit(t, m, "events/2026.yaml", "confidence: low", "confidence: high")
	edit(t, m, "topics/velmora.fr.md", "## figures", "## figure")
	delete(m, "topics/fog.fr.md")
	want := []string{
		`actors.yaml:12:13: error: there is no source "lakes-union-2024-06-chart"`,
		`actors.yaml:20:3: error: unknown key "colour" in actor`,
		`events/2026.yaml:30:15: error: high confidence needs a source of grade A, or two of which one is above C`,
		`topics/fog.fr.md:1:1: error: the topic "fog" has no prose in "fr"`,
		`topics/velmora.fr.md:1:1: error: the section "figures" is only there in "en"`,
		`topics/velmora.fr.md:14:4: error: there is no section "figure"`,
	}
	for range 5 {
		_, faults := briefings.Check(m, briefingstest.Now)
		var got []string
		for _, h := range heads(faults) {
			if !strings.Contains(h, "velmora.en.md:1:1") { // the same from the other side
				got = append(got, h)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("faults (-want +got):\n%s", diff)
		}
	}
}

func TestFaultShowsLineCaretAndCure(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "topics/velmora.fr.md", "(actor:mara-tolen)", "(actor:mara-toln)")
	edit(t, m, "topics/velmora.en.md", "(actor:mara-tolen)", "(actor:mara-toln)")
	_, faults := briefings.Check(m, briefingstest.Now)
	if len(faults) != 2 {
		t.Fatal(faults)
	}
	const want = `topics/velmora.fr.md:3:42: there is no actor "mara-toln"
  Le Velmora est dirigé par la présidente [Mara Tolen](actor:mara-toln), élue en novembre 2025 [@lakes-herald-2025-11-02-…
                                           ^
  Did you mean "mara-tolen"?`
	if diff := cmp.Diff(want, faults[1].String()); diff != "" {
		t.Errorf("fault (-want +got):\n%s", diff)
	}
}

func TestMovingRecordsBetweenFilesChangesNothing(t *testing.T) {
	t.Parallel()
	m := files(t)
	before, _ := briefings.Check(m, briefingstest.Now)
	var all strings.Builder
	all.WriteString("events:\n")
	for _, name := range []string{"events/2026.yaml", "events/2024.yaml", "events/2025.yaml"} {
		body, _ := strings.CutPrefix(string(m[name].Data), "events:\n")
		for line := range strings.SplitSeq(body, "\n") { // and indent the list, as some editors do
			all.WriteString("  " + line + "\n")
		}
		delete(m, name)
	}
	m["events/all.yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(all.String(), "\n", "\r\n"))}
	after, faults := briefings.Check(m, briefingstest.Now)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !maps.EqualFunc(before.Revisions(), after.Revisions(), func(a, b briefings.Revision) bool { return a.Hash == b.Hash }) {
		t.Error("revisions differ")
	}
	if before.Hash == after.Hash {
		t.Error("the hash of the pack does not tell them apart")
	}
}

func TestAFileThatCannotBeReadIsOneFault(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sources.yaml", "actors.yaml", "terms.yaml", "places.yaml", "events/2024.yaml", "pack.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := files(t)
			m[name] = &fstest.MapFile{Data: append([]byte("\xff"), m[name].Data...)}
			_, faults := briefings.Check(m, briefingstest.Now)
			if got := heads(faults); len(got) != 1 || got[0] != name+":1:1: error: the file is not valid UTF-8" {
				t.Errorf("faults %q", got)
			}
		})
	}
}

func TestASlipOfSyntaxHidesNoOtherFault(t *testing.T) {
	t.Parallel()
	m := files(t)
	src := "sources:\n"
	for i := range 40 { // more than are parsed in one go
		src += fmt.Sprintf("\n- id: source-%d\n  publisher: Lakes Herald\n  title: Text\n  lang: en\n  kind: press\n  grade: A\n", i)
	}
	src = strings.Replace(src, "- id: source-2\n  publisher: Lakes", "- id: source-2\n  publisher: \"Lakes", 1)
	src = strings.Replace(src, "- id: source-38\n  publisher:", "- id: source-38\n  publishr:", 1)
	m["sources.yaml"] = &fstest.MapFile{Data: []byte(src)}
	_, faults := briefings.Check(m, briefingstest.Now)
	got := strings.Join(heads(faults), "\n")
	for _, want := range []string{"error: not valid YAML", `sources.yaml:270:3: error: unknown key "publishr" in source`} {
		if !strings.Contains(got, want) {
			t.Errorf("faults\n%s\nlack %s", got, want)
		}
	}
}

// TestReservedCommands holds that no topic hides behind a command of the program.
func TestReservedCommands(t *testing.T) {
	t.Parallel()
	fixed := []string{"timeline", "chronologie", "who", "qui"}
	for taken, want := range map[string]string{
		"union":          `topics/lakes-union.yaml:2:10: error: "union" is a command without any topic already`,
		"union_des_lacs": `topics/lakes-union.yaml:3:32: error: "union_des_lacs" is a command without any topic already`,
	} {
		_, faults := briefings.Check(files(t), briefingstest.Now, append(fixed, taken)...)
		if got := heads(faults); len(got) != 1 || got[0] != want {
			t.Errorf("%q, want only %q", got, want)
		}
	}
	_, faults := briefings.Check(files(t), briefingstest.Now, fixed[:3]...)
	if got, want := heads(faults), `pack.yaml:13:21: error: there is no command "qui" for the example`; len(got) != 1 || got[0] != want {
		t.Errorf("%q, want only %q", got, want)
	}
}

func TestHostPatterns(t *testing.T) {
	t.Parallel()
	for host, banned := range map[string]bool{
		"origin-www.paper.example.com": true, "test.example.com": true, "www.test.example.com": true, "www-stg.example.com": true, "a-stg.www.example.com": true,
		"test.com": false, "origin-stories.com": false, "testing.example.com": false, "www.example-stg.com": false, "stg.example.com": false, "latest.example.com": false,
	} {
		m := files(t)
		edit(t, m, "pack.yaml", "rumours.example", `"origin-*", "test.*", "*-stg"`)
		edit(t, m, "sources.yaml", "https://relief.example/reports", "https://"+host+"/reports")
		_, faults := briefings.Check(m, briefingstest.Now)
		if got := strings.Contains(strings.Join(heads(faults), "\n"), "never linked"); got != banned {
			t.Errorf("%s is banned: %v, want %v (%q)", host, got, banned, heads(faults))
		}
	}
}
