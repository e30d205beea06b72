package briefings_test

import (
	"strings"
	"testing"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// shownParts writes what a text was taken apart into.
func shownParts(parts []briefings.Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(string(p.Kind) + " " + string(p.ID))
		for _, e := range p.Changes {
			b.WriteString(" [" + e.Was + "|" + e.Now + "]")
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestCompare(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for text, want := range map[string]string{
		"President Tolen and the River Front signed the Truce of Arden on 10 February 2026. It has no end date.": "same event:2026-02-10-truce-signed",
		"10 February 2026: Velmora and the River Front sign a truce.":                                            "same event:2026-02-10-truce-signed",
		"11 February 2026: Velmora and the River Front sign a truce.":                                            "altered event:2026-02-10-truce-signed [10 February 2026|11 February 2026]; same event:2026-02-10-truce-signed",
		"President Tolen and the River Front signed the Truce of Arden on 10 February 2026. It has an end date.": "same event:2026-02-10-truce-signed; altered event:2026-02-10-truce-signed [no|an]",
		"President Tolen and the Lakes Union signed the Truce of Arden on 10 February 2026.":                     "altered event:2026-02-10-truce-signed [River Front|Lakes Union]",
		"Relief Watch: 4.200 families lost their homes.":                                                         "same event:2025-09-12-north-shore-floods",
		"Relief Watch: 4 200 families lost their homes.":                                                         "same event:2025-09-12-north-shore-floods",
		"Relief Watch: 42.00 families lost their homes.":                                                         "altered event:2025-09-12-north-shore-floods [4,200|42.00]",
		"The River Front claimed the attack; the toll is dis":                                                    "same event:2024-03-07-arden-bridge",
		"President Tolen and the River Front signed the Truce of Arden on 1\ufe0f10 February 2026.":              "altered event:2026-02-10-truce-signed [10 February 2026|110 February 2026]",
		"President Tolen and the River Front signed the Truce of Arden on 1\ufe0f\u20e310 February 2026.":        "altered event:2026-02-10-truce-signed [10 February 2026|110 February 2026]",
		"President Tolen and the River Front signed the Truce of Arden on <not> 10 February 2026.":               "altered event:2026-02-10-truce-signed [|not]",
		"President Tolen and the River Front signed the Truce of Arden on 10½ February 2026.":                    "altered event:2026-02-10-truce-signed [10 February 2026|10½ February 2026]",
		"President Tolen and the River Front signed the Truce of Arden on \u202e10\u202c February 2026.":         "altered event:2026-02-10-truce-signed [10 February 2026|01 February 2026]",
		"fought the government of Velmora from 2023 to the truce of February 2026.":                              "same actor:river-front",
		"Le conseil de l’Union des Lacs adopte son premier budget en décembre 2025. The lakes rose for a week.":  "same event:2025-12-union-budget; foreign ",
		"The mayor of Port Selm opened a new market with music and dancing":                                      "foreign ",
		"": "",
	} {
		if got := shownParts(x.Compare(text, briefings.Known{}, briefingstest.Now)); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}
