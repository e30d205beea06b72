package briefings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

func TestRevisionsHoldWhatReadersRead(t *testing.T) {
	t.Parallel()
	revs := briefingstest.Pack(t).Revisions()
	for id, want := range map[briefings.ID]string{
		"event:2024-03-07-arden-bridge": "Soldiers killed in an attack on the bridge of Arden\n7 March 2024\n" +
			"Armed men attacked the army post on the bridge of Arden on 7 March 2024. The River Front claimed the attack; the toll is disputed.\n" +
			"Ministry of Defence of Velmora: 12 soldiers were killed.\n" +
			"Hospital sources, cited by Agence des Lacs: At least 19 people were killed, seven of them civilians.\n" +
			"River Front, cited by Agence des Lacs: It says it killed more than 30 soldiers.",
		"term:truce-of-arden": "Truce of Arden\nCease-fire signed in February 2026 by Velmora and the River Front.",
		"topic:velmora": "Velmora\nGovernment, war and truce in Velmora.\nNothing after 20 April 2026 is covered.\n" +
			"Velmora is governed by President Mara Tolen, elected in November 2025. A truce with the River Front has held since February 2026.\n" +
			"The truce has no end date.\nThe lake levy was halved after a strike of boatmen.\n" +
			"The attack on the bridge of Arden in March 2024 was the first inside the capital.\n" +
			"Relief Watch counted 4,200 families without a home after the floods of 2025; the government spoke of 2,900.\n" +
			"The toll of the bridge attack was never settled.",
	} {
		if d := cmp.Diff(want, revs[id].Words.EN); d != "" {
			t.Errorf("%s (-want +got):\n%s", id, d)
		}
	}
	if fr := revs["event:2025-02-03-boatmen-strike"].Words.FR; !strings.Contains(fr, "\n3 février 2025 – 17 février 2025\n") {
		t.Errorf("%q does not say from when until when", fr)
	}
}

// TestWordsOfThePack: they hold every sentence, no trace of a citation, and
// differ between items.
func TestWordsOfThePack(t *testing.T) {
	t.Parallel()
	p, _ := briefings.Load(briefings.Embedded(), briefingstest.Now)
	seen := map[string]briefings.ID{}
	for id, r := range p.Revisions() {
		for _, lang := range briefings.Langs {
			words := r.Words.In(lang)
			for _, bad := range []string{"  ", " .", " ,", "\n\n", "[@", "\n."} {
				if strings.Contains(words, bad) {
					t.Errorf("%s in %s holds %q:\n%s", id, lang, bad, words)
				}
			}
			if strings.TrimSpace(words) != words || words == "" {
				t.Errorf("%s in %s: %q", id, lang, words)
			}
		}
		if other, twice := seen[r.Words.EN]; twice {
			t.Errorf("%s and %s read the same", id, other)
		}
		seen[r.Words.EN] = id
	}
}
