package briefings_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// rename gives an item another slug, wherever the pack names it.
func rename(p *briefings.Pack, kind briefings.Kind, old, now string) {
	swap := func(k briefings.Kind, slugs []string) {
		for i := range slugs {
			if k == kind && slugs[i] == old {
				slugs[i] = now
			}
		}
	}
	own := func(k briefings.Kind, slug *string, formerly *[]string) {
		if k == kind && *slug == old {
			*slug, *formerly = now, append(*formerly, old)
		}
	}
	for i := range p.Topics {
		t := &p.Topics[i]
		own(briefings.KindTopic, &t.Slug, &t.Formerly)
		swap(briefings.KindTopic, t.Related)
		for _, sections := range t.Sections {
			for _, s := range sections {
				for _, b := range s.Blocks {
					for j := range b.Spans {
						swap(briefings.KindSource, b.Spans[j].Cites)
						if ref := b.Spans[j].Ref; ref.Kind() == kind && ref.Slug() == old {
							part := ref[len(briefings.MakeID(kind, old)):]
							b.Spans[j].Ref = briefings.MakeID(kind, now) + part
						}
					}
				}
			}
		}
	}
	for i := range p.Events {
		e := &p.Events[i]
		own(briefings.KindEvent, &e.Slug, &e.Formerly)
		swap(briefings.KindTopic, e.Topics)
		swap(briefings.KindActor, e.Actors)
		swap(briefings.KindPlace, e.Places)
		swap(briefings.KindSource, e.Sources)
		for j := range e.Claims {
			swap(briefings.KindSource, e.Claims[j].Sources)
		}
	}
	for i := range p.Actors {
		own(briefings.KindActor, &p.Actors[i].Slug, &p.Actors[i].Formerly)
		swap(briefings.KindSource, p.Actors[i].Sources)
	}
	for i := range p.Terms {
		own(briefings.KindTerm, &p.Terms[i].Slug, &p.Terms[i].Formerly)
		swap(briefings.KindSource, p.Terms[i].Sources)
	}
	for i := range p.Places {
		own(briefings.KindPlace, &p.Places[i].Slug, &p.Places[i].Formerly)
	}
	for i := range p.Sources {
		own(briefings.KindSource, &p.Sources[i].Slug, &p.Sources[i].Formerly)
	}
}

// slugsOf are the slugs of all items of a kind.
func slugsOf(p *briefings.Pack, kind briefings.Kind) []string {
	var out []string
	switch kind {
	case briefings.KindTopic:
		for _, t := range p.Topics {
			out = append(out, t.Slug)
		}
	case briefings.KindEvent:
		for _, e := range p.Events {
			out = append(out, e.Slug)
		}
	case briefings.KindActor:
		for _, a := range p.Actors {
			out = append(out, a.Slug)
		}
	case briefings.KindTerm:
		for _, t := range p.Terms {
			out = append(out, t.Slug)
		}
	case briefings.KindPlace:
		for _, pl := range p.Places {
			out = append(out, pl.Slug)
		}
	case briefings.KindSource:
		for _, s := range p.Sources {
			out = append(out, s.Slug)
		}
	}
	return out
}

// TestARenameIsNoChange: whatever items are called, and however often that
// changes, what readers read has the same hash, and the former ids are told.
func TestARenameIsNoChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := briefingstest.Pack(t)
		before := p.Revisions()
		now, former := map[briefings.ID]briefings.ID{}, map[briefings.ID][]briefings.ID{}
		for id := range before {
			now[id] = id
		}
		for n := range rapid.IntRange(1, 8).Draw(rt, "renames") {
			kind := rapid.SampledFrom([]briefings.Kind{briefings.KindTopic, briefings.KindEvent, briefings.KindActor, briefings.KindTerm, briefings.KindPlace, briefings.KindSource}).Draw(rt, "kind")
			old := rapid.SampledFrom(slugsOf(p, kind)).Draw(rt, "item")
			slug := string(rune('a'+n)) + "-" + old
			rename(p, kind, old, slug)
			for id, is := range now {
				if is == briefings.MakeID(kind, old) {
					now[id] = briefings.MakeID(kind, slug)
					former[now[id]] = append(slices.Clone(former[is]), is)
				}
			}
		}
		after := p.Revisions()
		if len(after) != len(before) {
			rt.Fatalf("%d items after, %d before", len(after), len(before))
		}
		for id, r := range before {
			got := after[now[id]]
			if got.Hash != r.Hash || got.Words != r.Words || got.Corrected != r.Corrected || !slices.Equal(got.Formerly, former[now[id]]) {
				rt.Fatalf("%s, now %s, is %+v, was %+v", id, now[id], got, r)
			}
		}
		x := briefings.NewIndex(p)
		for _, is := range now {
			for _, id := range former[is] {
				if m := x.Find(id.Slug(), id.Kind()); id.Kind() != briefings.KindEvent && (len(m) != 1 || m[0].ID != is) {
					rt.Fatalf("%s leads to %v, want %s", id, m, is)
				}
				if id.Kind() == briefings.KindEvent && x.Event(id.Slug()).ID() != is {
					rt.Fatalf("%s leads nowhere", id)
				}
			}
		}
	})
}

// TestFormerIdsAreChecked: every fault of one, at its place.
func TestFormerIdsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, file, old, text, want string }{
		{"used again", "actors.yaml", "- slug: river-front\n", "- slug: river-front\n  formerly: [relief-watch]\n", `actors.yaml:37:14: error: "relief-watch" is the id of actor:relief-watch again`},
		{"used again by a card of another kind", "actors.yaml", "- slug: river-front\n", "- slug: river-front\n  formerly: [lake-levy]\n", `actors.yaml:37:14: error: "lake-levy" is the id of term:lake-levy again`},
		{"its own", "terms.yaml", "- slug: lake-levy\n", "- slug: lake-levy\n  formerly: [lake-levy]\n", `terms.yaml:4:14: error: term:lake-levy is called so still`},
		{"claimed twice", "events/2025.yaml", "- id: 2025-01-15-levy-decreed\n", "- id: 2025-01-15-levy-decreed\n  formerly: [2025-x]\n- id: 2025-01-15-other\n  formerly: [2025-x]\n", `events/2025.yaml:6:14: error: event:2025-01-15-levy-decreed was called "2025-x" too`},
		{"named twice", "sources.yaml", "- id: lakes-union-2024-06-charter\n", "- id: lakes-union-2024-06-charter\n  formerly: [charter, charter]\n", `sources.yaml:22:23: error: "charter" is named twice`},
		{"a command of another topic", "topics/velmora.yaml", "slug: velmora\n", "slug: velmora\nformerly: [union]\n", `topics/velmora.yaml:2:12: error: "union" is the command of topic:lakes-union now`},
		{"no slug", "places.yaml", "- slug: arden\n", "- slug: arden\n  formerly: [Old Arden]\n", `places.yaml:4:14: error: "Old Arden" cannot be a slug of place`},
		{"a link to the old id", "terms.yaml", "- slug: lake-levy\n", "- slug: boat-levy\n  formerly: [lake-levy]\n", `topics/velmora.en.md:8:8: error: the term "lake-levy" is called "boat-levy" now`},
		{"a list with the old id", "places.yaml", "- slug: arden\n", "- slug: arden-city\n  formerly: [arden]\n", `events/2024.yaml:6:12: error: the place "arden" is called "arden-city" now`},
	} {
		m := files(t)
		edit(t, m, tc.file, tc.old, tc.text)
		_, faults := briefings.Load(m, briefingstest.Now)
		if got := heads(faults); !slices.Contains(got, tc.want) {
			t.Errorf("%s: %s\nlacks %s", tc.name, got, tc.want)
		}
	}
}

// TestARenamedPackHasNoFault: what the checks want of a rename can be written.
func TestARenamedPackHasNoFault(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "terms.yaml", "- slug: lake-levy\n", "- slug: boat-levy\n  formerly: [lake-levy]\n")
	edit(t, m, "topics/velmora.en.md", "(term:lake-levy)", "(term:boat-levy)")
	edit(t, m, "topics/velmora.fr.md", "(term:lake-levy)", "(term:boat-levy)")
	edit(t, m, "events/2024.yaml", "- id: 2024-09-joint-patrols\n", "- id: 2024-09-patrols\n  formerly: [2024-09-joint-patrols, 2024-10-joint-patrols]\n")
	p, faults := briefings.Load(m, briefingstest.Now)
	if len(faults) > 0 {
		t.Fatalf("faults %v", faults)
	}
	hashes := func(revs map[briefings.ID]briefings.Revision) []string {
		var out []string
		for r := range maps.Values(revs) {
			out = append(out, r.Hash)
		}
		slices.Sort(out)
		return out
	}
	if d := cmp.Diff(hashes(briefingstest.Pack(t).Revisions()), hashes(p.Revisions())); d != "" {
		t.Errorf("changed (-was +now):\n%s", d)
	}
}
