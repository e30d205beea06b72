package commands

import (
	"slices"
	"testing"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// TestOldIdsLeadToTheNew: what readers kept of an item, a link, a button or a
// name, leads to it under the id it has now.
func TestOldIdsLeadToTheNew(t *testing.T) {
	t.Parallel()
	p := briefingstest.Pack(t)
	for i := range p.Topics {
		if tp := &p.Topics[i]; tp.Slug == "velmora" {
			tp.Formerly = []string{"republic-of-velmora", "velmoria"}
		}
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Slug == "2024-03-07-arden-bridge" {
			e.Formerly = []string{"2024-03-06-arden-bridge"}
		}
	}
	for i := range p.Actors {
		if a := &p.Actors[i]; a.Slug == "river-front" {
			a.Formerly = []string{"river-rebels"}
		}
	}
	w := world{Core: coreOf(p)}
	for line, want := range map[string]briefings.ID{
		"/republic-of-velmora section:figures":    "topic:velmora",
		"/velmoria":                               "topic:velmora",
		"/sources velmoria":                       "",
		"/timeline topic:republic-of-velmora":     "event:2026-02-10-truce-signed",
		"/timeline event:2024-03-06-arden-bridge": "event:2024-03-07-arden-bridge",
		"/who river-rebels":                       "actor:river-front",
		"/start velmoria":                         "topic:velmora",
	} {
		r := w.ask(t, briefings.EN, inPrivate, line)
		if r.Refused || want != "" && !slices.Contains(r.Items, want) {
			t.Errorf("%s shows %v:\n%s", line, r.Items, r.Text())
		}
	}
}
