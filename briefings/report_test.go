package briefings_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

func TestReport(t *testing.T) {
	t.Parallel()
	r := briefingstest.Pack(t).Report(briefingstest.Now)
	if got := []string{r.Topics[0].Slug, r.Topics[1].Slug, r.Topics[2].Slug}; !slices.Equal(got, []string{"fog", "lakes-union", "velmora"}) {
		t.Errorf("topics %q", got)
	}
	fog := briefings.TopicReport{
		Slug: "fog", Status: briefings.Draft, AsOf: "2026-04", AgeDays: 1,
		Words:     map[briefings.Lang]int{"en": 14, "fr": 15},
		Sentences: map[briefings.Lang]int{"en": 1, "fr": 1}, Sourced: map[briefings.Lang]int{"en": 1, "fr": 1},
		Citations: map[briefings.Lang]int{"en": 1, "fr": 1}, Sections: map[briefings.Lang]int{"en": 1, "fr": 1},
		Sources: 1, Same: true,
	}
	if d := cmp.Diff(fog, r.Topics[0]); d != "" {
		t.Errorf("fog (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]briefings.ID{"event:2026-04-18-port-selm-fire"}, r.Unconfirmed); d != "" {
		t.Errorf("unconfirmed (-want +got):\n%s", d)
	}
	if r.Sources.Uncited != 0 || r.Sources.Linked != 10 || r.Events.Short != 5 {
		t.Errorf("sources %+v, events %+v", r.Sources, r.Events)
	}
}

// TestReportSeesWhatIsNotSourced and what the languages do not share.
func TestReportSeesWhatIsNotSourced(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "topics/fog.en.md", "three-lakes]", "three-lakes] It lifts in March. It returns.")
	edit(t, m, "topics/velmora.fr.md", " [@radio-selm-2025-02-levy-protest]", " [@lakes-union-2024-06-charter]")
	p, _ := briefings.Load(m, briefingstest.Now)
	r := p.Report(briefingstest.Now)
	if fog := r.Topics[0]; fog.Sentences[briefings.EN] != 3 || fog.Sourced[briefings.EN] != 1 || !fog.Same {
		t.Errorf("fog is %+v", fog)
	}
	if r.Topics[2].Same {
		t.Error("velmora is said to rest on the same in both languages")
	}
}
