package commands

import (
	"testing"

	"griot/briefings"
)

// TestLinesReadInTheAskersLanguage: what is offered is written with names of
// the language, and asks for the same.
func TestLinesReadInTheAskersLanguage(t *testing.T) {
	t.Parallel()
	table := newWorld(t).Table()
	for line, want := range map[string]string{
		"/search query:malii":                      "/chercher mots:malii",
		"/timeline from:2024 to:2025":              "/chronologie debut:2024 fin:2025",
		"/velmora section:background":              "/velmora partie:contexte",
		"/digest subscribe topics:velmora lang:fr": "/envois abonner langue:français sujets:velmora",
		"/nothing at:all":                          "/nothing at:all",
		"/help":                                    "/aide",
	} {
		got := table.local(line, briefings.FR)
		if got != want {
			t.Errorf("%s reads %s, want %s", line, got, want)
		}
		if table.local(line, briefings.EN) != line {
			t.Errorf("%s changes in English", line)
		}
		a, errA := ParseLine(table, line)
		b, errB := ParseLine(table, got)
		if (errA == nil) != (errB == nil) || a.Command != b.Command || a.Sub != b.Sub || len(a.Options) != len(b.Options) {
			t.Errorf("%s and %s ask for other things", line, got)
		}
	}
}
