package commands

import (
	"strings"
	"testing"

	"griot/briefings"
)

// Several parts are shown in the order of briefings, however they are named.
func TestSections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	headings := func(r Reply) string {
		var out []string
		for _, b := range r.Blocks {
			if b.Kind == Heading {
				out = append(out, Join(b.Spans))
			}
		}
		return strings.Join(out, ", ")
	}
	r := w.ask(t, briefings.FR, inGroup, `/velmora sections:"unknowns; Situation,résumé,"`)
	if r.Refused || headings(r) != "Situation, Ce qu’on ignore" || r.Items[1] != "topic:velmora#summary" {
		t.Errorf("shows %q and %v", headings(r), r.Items)
	}
	for _, b := range r.Buttons {
		if b.Row == 0 && (strings.Contains(b.Line, "sections") || b.Label == "Situation") || b.Label == "In English" && !strings.Contains(b.Line, "sections") {
			t.Errorf("button %s leads to %s", b.Label, b.Line)
		}
	}
	if one, same := w.ask(t, briefings.EN, inGroup, "/velmora sections:situation"), w.ask(t, briefings.EN, inGroup, "/velmora section:situation"); one.Text() != same.Text() {
		t.Errorf("one part reads\n%s\nwant\n%s", one.Text(), same.Text())
	}
	r = w.ask(t, briefings.EN, inGroup, "/velmora sections:situation,weather")
	if !r.Refused || !strings.Contains(r.Text(), "“weather” is no part of the briefing on Velmora. The parts are: summary, situation") {
		t.Errorf("says %s", r.Text())
	}
}
