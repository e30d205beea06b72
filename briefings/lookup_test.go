package briefings_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// marked puts brackets around what is marked.
func marked(x *briefings.Index, query, text string, lang briefings.Lang) string {
	var b strings.Builder
	last := 0
	for _, r := range x.Marker(query, lang).Marks(text, lang) {
		b.WriteString(text[last:r[0]] + "[" + text[r[0]:r[1]] + "]")
		last = r[1]
	}
	return b.String() + text[last:]
}

func TestMarks(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, tc := range []struct {
		query, text, want string
		lang              briefings.Lang
	}{
		{"soldiers killed", "Soldiers were killed on the bridge; a soldier survived.", "[Soldiers] were [killed] on the bridge; a [soldier] survived.", briefings.EN},
		{"soldats tués", "Des soldats ont été tués, l’armée tue.", "Des [soldats] ont été [tués], l’armée [tue].", briefings.FR},
		{"RF truce", "The River Front signed a truce.", "The [River Front] signed a [truce].", briefings.EN},
		{"trucce", "The truce holds.", "The [truce] holds.", briefings.EN},
		{"zzz", "Nothing here.", "Nothing here.", briefings.EN},
		{"the of", "The end of it.", "The end of it.", briefings.EN},
	} {
		if got := marked(x, tc.query, tc.text, tc.lang); got != tc.want {
			t.Errorf("%q in %q: %q, want %q", tc.query, tc.text, got, tc.want)
		}
	}
}

func TestMarksLieWithinTheText(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	words := rapid.SampledFrom([]string{"truce", "River Front", "½ soldier", "l’armée", "ﬁre", "é", " ", "\u202e", "12", "RF", "\xff"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(words).Draw(t, "text"), rapid.SampledFrom([]string{" ", "", "-"}).Draw(t, "gap"))
		last := -1
		for _, r := range x.Marker("truce of the RF, soldiers, fire ½", briefings.EN).Marks(text, briefings.EN) {
			if r[0] <= last || r[1] <= r[0] || r[1] > len(text) {
				t.Fatalf("%q is marked at %v", text, r)
			}
			last = r[1]
		}
	})
}

func TestSearchUnderConditions(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	rapid.Check(t, func(t *rapid.T) {
		f := briefings.Filter{
			Topic: rapid.SampledFrom([]string{"", "velmora", "lakes-union", "nothing"}).Draw(t, "topic"),
			Actor: rapid.SampledFrom([]string{"", "river-front", "lakes-union"}).Draw(t, "actor"),
			Kind:  rapid.SampledFrom([]string{"", "attack", "agreement"}).Draw(t, "kind"),
		}
		if rapid.Bool().Draw(t, "dated") {
			f.From = briefings.Date{Year: 2025}
		}
		q := briefings.Query{Question: briefings.Question{Text: "truce velmora union attack levy", Lang: briefings.EN}, Filter: f, Limit: 50}
		var events []briefings.ID
		for _, e := range x.Select(f) {
			events = append(events, e.ID())
		}
		for _, h := range x.SearchFor(q) {
			if h.ID.Kind() == briefings.KindEvent && !slices.Contains(events, h.ID) {
				t.Errorf("%+v finds %s", f, h.ID)
			}
			if h.ID.Kind() != briefings.KindEvent && (f.Kind != "" || !f.From.IsZero()) {
				t.Errorf("%+v finds %s, which has no date and no kind", f, h.ID)
			}
			if h.ID.Kind() == briefings.KindTopic && f.Topic != "" && h.ID.Slug() != f.Topic && f.Topic == "nothing" {
				t.Errorf("%+v finds %s", f, h.ID)
			}
		}
	})
}

func TestSearchWhileTyping(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for typed, want := range map[string]briefings.ID{
		"boatm": "event:2025-02-03-boatmen-strike", "soldiers kill": "event:2024-03-07-arden-bridge", "grève des bat": "event:2025-02-03-boatmen-strike", "north shore flo": "event:2025-09-12-north-shore-floods",
	} {
		q := briefings.Query{Question: briefings.Question{Text: typed, Lang: briefings.EN, Typing: true}, Limit: 3}
		if hits := x.SearchFor(q); len(hits) == 0 || hits[0].ID != want {
			t.Errorf("%q finds %v, want %s first", typed, hits, want)
		}
	}
	q := briefings.Query{Question: briefings.Question{Text: "boatm ", Lang: briefings.EN, Typing: true}, Limit: 3}
	if hits := x.SearchFor(q); len(hits) > 0 && hits[0].Score > 5 {
		t.Errorf("a finished word is read as a beginning: %v", hits)
	}
}
