package briefings_test

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
	"unicode/utf8"

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
		if len(briefings.Errors(faults)) == 0 {
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
