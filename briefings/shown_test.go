package briefings_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// TestReadersSeeWhatIsPublished: whatever state items are in, the index of a
// moment and its revisions hold the published ones and no other, and only from
// their moment on.
func TestReadersSeeWhatIsPublished(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := briefingstest.Pack(t)
		start := briefingstest.Now
		want := map[briefings.ID]func(time.Time) bool{}
		state := func(id briefings.ID, status *briefings.Status, at *time.Time) {
			*status = rapid.SampledFrom([]briefings.Status{briefings.Draft, briefings.Published, briefings.Retired, ""}).Draw(rt, string(id))
			if rapid.Bool().Draw(rt, "waits") {
				*at = start.Add(time.Duration(rapid.IntRange(-5, 5).Draw(rt, "minutes")) * time.Minute)
			}
			s, from := *status, *at
			want[id] = func(now time.Time) bool {
				return (s == briefings.Published || s == "" && id.Kind() != briefings.KindTopic) && !now.Before(from)
			}
		}
		for i := range p.Topics {
			state(p.Topics[i].ID(), &p.Topics[i].Status, &p.Topics[i].PublishAt)
		}
		for i := range p.Events {
			state(p.Events[i].ID(), &p.Events[i].Status, &p.Events[i].PublishAt)
		}
		for i := range p.Actors {
			state(p.Actors[i].ID(), &p.Actors[i].Status, &p.Actors[i].PublishAt)
		}
		for i := range p.Terms {
			state(p.Terms[i].ID(), &p.Terms[i].Status, &p.Terms[i].PublishAt)
		}
		before := start.Add(-10 * time.Minute)
		for minute := -6; minute <= 6; minute++ {
			now := start.Add(time.Duration(minute) * time.Minute)
			revs, x := p.RevisionsAt(now), briefings.NewIndex(p.At(now))
			more := false
			for id, shown := range want {
				if _, seen := revs[id]; seen != shown(now) {
					rt.Fatalf("%s at minute %d has a revision: %v", id, minute, seen)
				}
				seen := shown(now)
				switch id.Kind() {
				case briefings.KindEvent:
					seen = x.Event(id.Slug()) != nil
				case briefings.KindActor:
					seen = x.Actor(id.Slug()) != nil
				case briefings.KindTerm:
					seen = x.Term(id.Slug()) != nil
				}
				if seen != shown(now) {
					rt.Fatalf("%s at minute %d is found: %v", id, minute, seen)
				}
				more = more || !shown(before) && shown(now)
			}
			if p.Appears(before, now) != more {
				rt.Fatalf("something appears by minute %d: %v, want %v", minute, !more, more)
			}
			before = now
		}
	})
}

func TestStatusOfRecords(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "actors.yaml", "- slug: relief-watch\n", "- slug: relief-watch\n  status: retired\n")
	edit(t, m, "topics/velmora.en.md", "[Relief Watch](actor:relief-watch)", "Relief Watch")
	edit(t, m, "topics/velmora.fr.md", "[Relief Watch](actor:relief-watch)", "Relief Watch")
	edit(t, m, "events/2025.yaml", "  actors: [relief-watch]\n", "")
	edit(t, m, "topics/lakes-union.en.md", "[truce](term:truce-of-arden)", "truce")
	edit(t, m, "topics/lakes-union.fr.md", "[trêve](term:truce-of-arden)", "trêve")
	edit(t, m, "terms.yaml", "- slug: truce-of-arden\n", "- slug: truce-of-arden\n  status: draft\n")
	edit(t, m, "events/2026.yaml", "- id: 2026-04-18-port-selm-fire\n", "- id: 2026-04-18-port-selm-fire\n  publish_at: \"2026-05-01T08:01:00Z\"\n")
	// The same told twice, of which one is withdrawn.
	edit(t, m, "events/2025.yaml", "- id: 2025-02-03-boatmen-strike\n", "- id: 2025-02-03-strike-of-boatmen\n  status: retired\n"+
		strings.SplitN(strings.SplitN(string(m["events/2025.yaml"].Data), "- id: 2025-02-03-boatmen-strike\n", 2)[1], "- id:", 2)[0]+"- id: 2025-02-03-boatmen-strike\n")
	p, faults := briefings.Load(m, briefingstest.Now)
	if len(faults) > 0 {
		t.Fatalf("faults %v", faults)
	}
	var left []string
	was := briefingstest.Pack(t).Revisions()
	is := p.RevisionsAt(briefingstest.Now)
	for id := range was {
		if _, ok := is[id]; !ok {
			left = append(left, string(id))
		}
	}
	slices.Sort(left)
	if d := cmp.Diff([]string{"actor:relief-watch", "event:2026-04-18-port-selm-fire", "term:truce-of-arden"}, left); d != "" {
		t.Errorf("readers do not see (-want +got):\n%s", d)
	}
	if _, ok := p.RevisionsAt(briefingstest.Now.Add(time.Minute))["event:2026-04-18-port-selm-fire"]; !ok {
		t.Error("the event is not there at its moment")
	}
}
