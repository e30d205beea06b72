package briefings_test

import (
	"testing"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

func TestSearchFindsTheRightThingFirst(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, tc := range []struct {
		name, query string
		lang        briefings.Lang
		want        briefings.ID
	}{
		{"words of a title", "soldiers killed on the bridge", briefings.EN, "event:2024-03-07-arden-bridge"},
		{"the same in French", "soldats tués sur le pont", briefings.FR, "event:2024-03-07-arden-bridge"},
		{"a question", "When was the Lakes Union founded?", briefings.EN, "event:2024-06-10-lakes-union-founded"},
		{"inflected", "flooding displaced family", briefings.EN, "event:2025-09-12-north-shore-floods"},
		{"without accents, in capitals", "PRESIDENTE ELUE", briefings.FR, "event:2025-11-01-tolen-elected"},
		{"one mistake", "boatmen strkie", briefings.EN, "event:2025-02-03-boatmen-strike"},
		{"two mistakes in a long word", "inondatoins deplacnet", briefings.FR, "event:2025-09-12-north-shore-floods"},
		{"two mistakes in the only word", "inondtaiosn", briefings.FR, "event:2025-09-12-north-shore-floods"},
		{"an acronym", "LU budget", briefings.EN, "event:2025-12-union-budget"},
		{"an alias that no text holds", "riverists", briefings.EN, "actor:river-front"},
		{"an acronym of the other language", "UL charter", briefings.EN, "event:2024-06-10-lakes-union-founded"},
		{"a month", "september 2024", briefings.EN, "event:2024-09-joint-patrols"},
		{"a term", "halved tax on goods", briefings.EN, "term:lake-levy"},
		{"a name in French in an English query", "Trêve d’Arden", briefings.EN, "term:truce-of-arden"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			hits := x.Search(tc.query, tc.lang, 5)
			if len(hits) == 0 || hits[0].ID != tc.want {
				t.Errorf("%q finds %v, want %s first", tc.query, hits, tc.want)
			}
		})
	}
}

func TestSearchLooksForNoEmptyWords(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, query := range []string{"", "the of which", "de la qui", "l’ d’", "?!"} {
		for _, lang := range briefings.Langs {
			if hits := x.Search(query, lang, 5); len(hits) > 0 {
				t.Errorf("%q finds %v", query, hits)
			}
		}
	}
}
