package briefings_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// FuzzLoad holds that no file content whatever crashes the loader, that every
// fault says what and where, and that a pack without errors can be indexed.
func FuzzLoad(f *testing.F) {
	m := files(f)
	for name, file := range m {
		f.Add(name, string(file.Data))
	}
	for _, src := range []string{
		"", "a", "actors:", "actors: []", "actors: {}", "- a", "actors:\n- ", "actors:\n- a\n-", "actors: &a [*a]", "a: *b", "<<: *a", "!!int a", "? a", "? - b\n: c", "---\n---\n", "actors:\n- slug: \"", "actors:\n- slug: |\n", "\ta: b",
		"actors:\n- slug: a\n  name: {en: a, fr: {}}\n", strings.Repeat("[", 2000), strings.Repeat("{a: ", 600), strings.Repeat("- ", 900), "%YAML 1.1\n---\na: b", "a: 'b", "\ufeffactors:\n", "actors:\r\n- slug: x\r\n",
	} {
		f.Add("actors.yaml", src)
		f.Add("pack.yaml", src)
	}
	for _, src := range []string{
		"", "#", "## summary", "## summary\n\n", "- ", "-", "## summary\n\n[@", "## summary\n\n[@]", "## summary\n\n[@a;;@b]", "## summary\n\n**a [@b]**", "[a](event:b)", "[a]: b", "![", "<b>", "```\n", "> > >", "1. a", "- a\n\n  b", "a\\\nb", "&amp;&#0;&nbsp;", "## summary\n\n\\[@a] [@b]",
		strings.Repeat("> ", 900), strings.Repeat("[", 900), strings.Repeat("*a", 900), strings.Repeat("- ", 900),
	} {
		f.Add("topics/velmora.en.md", src)
	}
	f.Fuzz(func(t *testing.T, name, src string) {
		if _, ok := m[name]; !ok {
			name = "topics/velmora.en.md"
		}
		broken := fstest.MapFS{}
		maps.Copy(broken, m)
		broken[name] = &fstest.MapFile{Data: []byte(src)}
		p, faults := briefings.Load(broken, briefingstest.Now)
		for _, fault := range faults {
			if fault.At.File == "" || fault.What == "" || fault.Cure == "" || fault.Severity == "" || !utf8.ValidString(fault.String()) {
				t.Errorf("fault %+v", fault)
			}
		}
		x := briefings.NewIndex(p)
		if !briefings.HasErrors(faults) {
			x.Search("truce", briefings.EN, 5)
			x.Near("truce", 5)
		}
	})
}

// FuzzParseDate holds that what is read is written back the same.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2024-09-17", "2024-09", "2024", "", "0000", "2024-02-30", "-001", "20240917", "2024-9-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := briefings.ParseDate(s)
		if err != nil {
			return
		}
		if d.String() != s && !d.IsZero() {
			t.Errorf("%q reads as %v", s, d)
		}
		if d.First().Compare(d.Last()) > 0 || d.AddDays(1).Compare(d.First()) <= 0 {
			t.Errorf("%v goes from %v to %v", d, d.First(), d.Last())
		}
		for _, lang := range briefings.Langs {
			d.In(lang)
		}
	})
}

// FuzzFold holds that folding is done once and for all, and leaves words.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Côte d’Ivoire", "  A--b ", "ﬁ", "İ", "ß", "Ǆ", "\u0345", "ŉ", "東京", "\xff", "ﷺ", "ᾼ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := briefings.Fold(s)
		if twice := briefings.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, and folded again %q", s, once, twice)
		}
		for w := range strings.SplitSeq(once, " ") {
			if w == "" && once != "" || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				t.Errorf("Fold(%q) = %q", s, once)
			}
		}
	})
}

// FuzzSearch holds that any query is answered with at most as many hits as
// asked for, best first, each once, and none of a draft.
func FuzzSearch(f *testing.F) {
	x := briefingstest.Index(f)
	for _, s := range []string{"", "truce", "zanzibarine", "LU", "the", "a b c d e f g h", "\xff\xfe", "Trêve d’Arden ?", strings.Repeat("lake ", 500), "2024", "@actor:velmora"} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, query string, limit int) {
		for _, lang := range []briefings.Lang{briefings.EN, briefings.FR, "xx"} {
			hits := x.Search(query, lang, limit%50)
			if len(hits) > max(limit%50, 0) {
				t.Errorf("%d hits of %d", len(hits), limit)
			}
			seen := map[briefings.ID]bool{}
			for i, h := range hits {
				if h.ID.Kind() == briefings.KindTopic && h.ID.Slug() == "fog" || seen[h.ID] || i > 0 && hits[i-1].Score < h.Score {
					t.Errorf("hit %d of %q is %v", i, query, h)
				}
				seen[h.ID] = true
			}
		}
		x.Near(query, limit%50)
		x.Find(query)
		x.Mentions(query)
	})
}

func TestSearchLeavesOutTopicsUntilTheyArePublished(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "topics/fog.yaml", "status: draft", "status: published\npublish_at: \"2026-05-09T07:00:00Z\"")
	p, _ := briefings.Load(m, briefingstest.Now)
	x := briefings.NewIndex(p)
	at := time.Date(2026, 5, 9, 7, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name string
		hits []briefings.Hit
		want int
	}{
		{"without a clock", x.Search("zanzibarine", briefings.EN, 5), 0},
		{"before", x.SearchAt("zanzibarine", briefings.EN, 5, at.Add(-time.Second)), 0},
		{"from then on", x.SearchAt("zanzibarine", briefings.EN, 5, at), 1},
	} {
		if len(tc.hits) != tc.want {
			t.Errorf("%s: %v", tc.name, tc.hits)
		}
	}
	if _, seen := p.RevisionsAt(at.Add(-time.Second))["topic:fog"]; seen {
		t.Error("the topic has a revision before it is published")
	}
	if _, seen := p.RevisionsAt(at)["topic:fog"]; !seen {
		t.Error("the topic has no revision when it is published")
	}
}

// TestRevisionsFollowWhatReadersSee holds that order, aliases and places in
// files change no hash, and that any change of a text does.
func TestRevisionsFollowWhatReadersSee(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(20, 60).Draw(t, "items")
		p, q := briefingstest.Synthetic(n), briefingstest.Synthetic(n)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		rnd.Shuffle(len(q.Events), func(i, j int) { q.Events[i], q.Events[j] = q.Events[j], q.Events[i] })
		rnd.Shuffle(len(q.Actors), func(i, j int) { q.Actors[i], q.Actors[j] = q.Actors[j], q.Actors[i] })
		for i := range q.Events {
			q.Events[i].At = briefings.Pos{File: "elsewhere.yaml", Line: i}
			slices.Reverse(q.Events[i].Sources)
		}
		q.Actors[0].Aliases = append(q.Actors[0].Aliases, "Another")
		if diff := cmp.Diff(p.Revisions(), q.Revisions()); diff != "" {
			t.Fatalf("order matters (-want +got):\n%s", diff)
		}
		e := &q.Events[rapid.IntRange(0, len(q.Events)-1).Draw(t, "event")]
		switch rapid.IntRange(0, 6).Draw(t, "change") {
		case 0:
			e.Title.FR += "."
		case 1:
			e.Fact.EN = strings.TrimSuffix(e.Fact.EN, ".")
		case 2:
			e.Claims[1].Says.EN += "!"
		case 3:
			e.Claims = e.Claims[:1]
		case 4:
			e.Sources = e.Sources[:1]
			e.Sources[0] += "-x"
		case 5:
			e.Date = e.Date.AddDays(1)
		case 6:
			e.Claims[0].By.EN += "x"
		}
		before, after := p.Revisions(), q.Revisions()
		for id, r := range after {
			if changed := before[id].Hash != r.Hash; changed != (id == e.ID()) {
				t.Fatalf("%s changed is %v", id, changed)
			}
		}
	})
}

// TestSelectIsTheFilter holds that the cut lists give what walking all events would.
func TestSelectIsTheFilter(t *testing.T) {
	t.Parallel()
	p := briefingstest.Synthetic(600)
	rnd := rand.New(rand.NewPCG(7, 7))
	for i := range p.Events { // some long ones, some known by month or year
		e := &p.Events[i]
		switch rnd.IntN(6) {
		case 0:
			e.End = e.Date.AddDays(rnd.IntN(900))
		case 1:
			e.Date.Day = 0
		case 2:
			e.Date.Day, e.Date.Month = 0, 0
		}
	}
	x := briefings.NewIndex(p)
	date := rapid.Custom(func(t *rapid.T) briefings.Date {
		switch rapid.IntRange(0, 3).Draw(t, "precision") {
		case 0:
			return briefings.Date{}
		case 1:
			return briefings.Date{Year: rapid.IntRange(2010, 2027).Draw(t, "year")}
		case 2:
			return briefings.Date{Year: rapid.IntRange(2010, 2027).Draw(t, "year"), Month: rapid.IntRange(1, 12).Draw(t, "month")}
		}
		return briefings.Date{Year: rapid.IntRange(2010, 2027).Draw(t, "year"), Month: rapid.IntRange(1, 12).Draw(t, "month"), Day: rapid.IntRange(1, 28).Draw(t, "day")}
	})
	rapid.Check(t, func(t *rapid.T) {
		f := briefings.Filter{From: date.Draw(t, "from"), To: date.Draw(t, "to")}
		f.Topic = rapid.SampledFrom([]string{"", "topic-1", "topic-2", "none"}).Draw(t, "topic")
		f.Country = rapid.SampledFrom([]string{"", "", "XO"}).Draw(t, "country")
		f.Kind = rapid.SampledFrom([]string{"", "", "attack"}).Draw(t, "kind")
		f.Actor = rapid.SampledFrom([]string{"", "", "actor-1"}).Draw(t, "actor")
		f.Place = rapid.SampledFrom([]string{"", "", "place-1"}).Draw(t, "place")
		var want []briefings.ID
		for _, e := range x.Events() {
			last := e.Date.Last()
			if !e.End.IsZero() && e.End.Last().Compare(last) > 0 {
				last = e.End.Last()
			}
			if (f.Topic == "" || slices.Contains(e.Topics, f.Topic)) && (f.Country == "" || slices.Contains(e.Countries, f.Country)) &&
				(f.Actor == "" || slices.Contains(e.Actors, f.Actor)) && (f.Place == "" || slices.Contains(e.Places, f.Place)) &&
				(f.Kind == "" || e.Kind == f.Kind) &&
				(f.From.IsZero() || last.Compare(f.From.First()) >= 0) && (f.To.IsZero() || e.Date.First().Compare(f.To.Last()) <= 0) {
				want = append(want, e.ID())
			}
		}
		var got []briefings.ID
		for _, e := range x.Select(f) {
			got = append(got, e.ID())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", f, diff)
		}
	})
}

// TestNearFindsNamesInSpiteOfOneMistake holds for every name of the pack, so
// that completion never leaves a reader alone with a slip.
func TestNearFindsNamesInSpiteOfOneMistake(t *testing.T) {
	t.Parallel()
	x := briefings.NewIndex(briefingstest.Synthetic(2000))
	rapid.Check(t, func(t *rapid.T) {
		a := x.Pack().Actors[rapid.IntRange(0, len(x.Pack().Actors)-1).Draw(t, "actor")]
		name := []byte(briefings.Fold(a.Name.EN))
		i := rapid.IntRange(0, len(name)-2).Draw(t, "place")
		switch rapid.IntRange(0, 3).Draw(t, "mistake") {
		case 0:
			name = slices.Delete(name, i, i+1)
		case 1:
			name = slices.Insert(name, i, 'x')
		case 2:
			name[i] = 'x'
		case 3:
			name[i], name[i+1] = name[i+1], name[i]
		}
		for _, m := range x.Near(string(name), 10) {
			if m.ID == a.ID() {
				return
			}
		}
		t.Fatalf("%q does not find %q", name, a.Name.EN)
	})
}

func TestShortCapitalsAreWordsOtherwise(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, tc := range []struct {
		text string
		want []briefings.ID
	}{
		{"What did the LU say?", []briefings.ID{"topic:lakes-union", "actor:lakes-union"}},
		{"He had lu the book", nil},
		{"ul", nil},
		{"the Lakes Union and the River Front", []briefings.ID{"topic:lakes-union", "actor:lakes-union", "actor:river-front"}},
		{"l’Union des Lacs", []briefings.ID{"topic:lakes-union", "actor:lakes-union"}},
		{"LUX", nil},
	} {
		var got []briefings.ID
		for _, m := range x.Mentions(tc.text) {
			got = append(got, m.ID)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.text, diff)
		}
	}
}

func TestDraftsAreFoundByNobody(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, typed := range []string{"fog", "Fog season", "Saison des brumes", "fo"} {
		found := slices.Concat(x.Find(typed), x.Near(typed, 10), x.Mentions(typed))
		for _, m := range found {
			if m.ID == "topic:fog" {
				t.Errorf("%q finds the draft", typed)
			}
		}
	}
	if _, seen := x.Pack().Revisions()["topic:fog"]; seen || x.Topic("fog") == nil {
		t.Errorf("the draft has a revision: %v, is in the index: %v", seen, x.Topic("fog") != nil)
	}
}

func TestSamePackSameRevisions(t *testing.T) {
	t.Parallel()
	a, _ := json.Marshal(briefingstest.Pack(t).Revisions())
	b, _ := json.Marshal(briefingstest.Pack(t).Revisions())
	if string(a) != string(b) {
		t.Error("two loads differ")
	}
	if r := briefingstest.Pack(t).Revisions()["event:2024-03-07-arden-bridge"]; r.Corrected != 1 || !slices.Equal(r.Topics, []string{"velmora"}) {
		t.Errorf("revision is %+v", r)
	}
}
