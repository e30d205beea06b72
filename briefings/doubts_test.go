package briefings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

func doubts(t *testing.T, was, is *briefings.Pack) []string {
	t.Helper()
	var out []string
	for _, d := range briefings.Doubts(was, is, briefingstest.Now) {
		if d.Cure == "" || (d.File == "" || d.Line == 0) && !strings.HasPrefix(was.Hash, "synth") { // synthetic packs have no files
			t.Errorf("%+v has no place or no cure", d)
		}
		out = append(out, string(d.Kind)+": "+d.What)
	}
	return out
}

// TestDoubts: what is implausible is found and said, what is not is let be.
func TestDoubts(t *testing.T) {
	t.Parallel()
	const fire, bridge = "events/2026.yaml", "events/2024.yaml"
	for _, tc := range []struct {
		name string
		edit func(m fstest.MapFS)
		want []string
	}{
		{"nothing", func(fstest.MapFS) {}, nil},
		{"a word", func(m fstest.MapFS) { edit(t, m, bridge, "The River Front claimed", "The Front claimed") }, nil},
		{"a number that grew", func(m fstest.MapFS) {
			edit(t, m, bridge, "en: 12 soldiers were killed.", "en: 15 soldiers were killed.")
			edit(t, m, bridge, "fr: 12 soldats", "fr: 15 soldats")
		}, nil},
		{"a number that jumped", func(m fstest.MapFS) {
			edit(t, m, bridge, "en: 12 soldiers were killed.", "en: 120 soldiers were killed.")
			edit(t, m, bridge, "fr: 12 soldats", "fr: 120 soldats")
		}, []string{`number jump: 12 became 120 in event:2024-03-07-arden-bridge`}},
		{
			"a number that jumped in French alone", func(m fstest.MapFS) {
				edit(t, m, "topics/velmora.fr.md", "4\u00a0200\u00a0familles", "420\u00a0familles")
			},
			[]string{"number jump: 4\u00a0200 became 420 in topic:velmora"},
		},
		{"a number that jumped, corrected", func(m fstest.MapFS) {
			edit(t, m, bridge, "en: 12 soldiers were killed.", "en: 120 soldiers were killed.")
			edit(t, m, bridge, "      fr: Le Lakes Herald donne la nuit du 7 mars.\n", "      fr: Le Lakes Herald donne la nuit du 7 mars.\n  - date: \"2026-04-30\"\n    was: {en: 12., fr: 12.}\n    now: {en: 120., fr: 120.}\n    why: {en: A slip., fr: Une faute.}\n")
		}, nil},
		{"another year", func(m fstest.MapFS) { edit(t, m, "topics/velmora.en.md", "in November 2025", "in November 2015") }, nil},
		{"a source gone", func(m fstest.MapFS) {
			edit(t, m, "events/2024.yaml", "sources: [lakes-encyclopedia-nd-three-lakes]", "sources: [lakes-union-2024-06-charter]")
			for name, f := range m {
				m[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(f.Data), "lakes-encyclopedia-nd-three-lakes", "lakes-union-2024-06-charter"))}
			}
			edit(t, m, "sources.yaml", "- id: lakes-union-2024-06-charter", "- id: gone")
		}, []string{`source gone: the source "lakes-encyclopedia-nd-three-lakes" is gone, but topic:lakes-union, which rested on it, stays`}},
		{
			"a day to come", func(m fstest.MapFS) { edit(t, m, fire, "Port Selm on 18 April 2026.", "Port Selm on 18 April 2062.") },
			[]string{"future date: event:2026-04-18-port-selm-fire speaks of 18 April 2062, which is to come"},
		},
		{"a day to come in what to watch", func(m fstest.MapFS) {
			for _, lang := range []string{"en", "fr"} {
				edit(t, m, "topics/velmora."+lang+".md", "## unknowns", "## watch\n\n- 7 June 2030. [@lakes-herald-2025-11-02-election]\n\n## unknowns")
			}
		}, nil},
	} {
		m := files(t)
		tc.edit(m)
		is, faults := briefings.Load(m, briefingstest.Now)
		if tc.name != "a source gone" && len(briefings.Errors(faults)) > 0 {
			t.Fatalf("%s: %v", tc.name, faults)
		}
		got := doubts(t, briefingstest.Pack(t), is)
		if tc.name == "a source gone" { // and the one whose name it took
			got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "charter\" is gone") })
		}
		for _, d := range briefings.Doubts(briefingstest.Pack(t), is, briefingstest.Now) {
			if !strings.HasSuffix(d.Say.EN, ".") || !strings.HasSuffix(d.Say.FR, ".") || d.Say.EN == d.Say.FR || strings.Contains(d.Say.EN+d.Say.FR, "%!") {
				t.Errorf("%s: says %+v", tc.name, d.Say)
			}
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

func TestDoubtsOfManyGone(t *testing.T) {
	t.Parallel()
	was := briefingstest.Synthetic(60)
	for _, left := range []int{len(was.Events) - 4, len(was.Events) * 3 / 4, len(was.Events) / 2, 0} {
		is := briefingstest.Synthetic(60)
		is.Events = is.Events[:left]
		got := strings.Join(doubts(t, was, is), "\n")
		if gone := len(was.Events) - left; strings.Contains(got, fmt.Sprintf("items gone: %d of %d events are gone: event:", gone, len(was.Events))) != (3*gone >= len(was.Events)) {
			t.Errorf("%d of %d gone:\n%s", gone, len(was.Events), got)
		}
		is = briefingstest.Synthetic(60)
		for i := left; i < len(is.Events); i++ {
			rename(is, briefings.KindEvent, is.Events[i].Slug, "x-"+is.Events[i].Slug)
		}
		if got := doubts(t, was, is); got != nil {
			t.Errorf("of %d renamed: %q", len(was.Events)-left, got)
		}
	}
}

// TestNoDoubtOfWhatStays: a pack that follows itself, whatever it holds and
// however its items are called now, is plausible, and so is the one before it.
func TestNoDoubtOfWhatStays(t *testing.T) {
	t.Parallel()
	p, _ := briefings.Load(briefings.Embedded(), briefingstest.Now)
	if got := doubts(t, p, p); got != nil {
		t.Errorf("the pack doubts itself: %q", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		was, is := briefingstest.Pack(t), briefingstest.Pack(t)
		for n := range rapid.IntRange(0, 6).Draw(rt, "renames") {
			kind := rapid.SampledFrom([]briefings.Kind{briefings.KindTopic, briefings.KindEvent, briefings.KindActor, briefings.KindTerm, briefings.KindSource}).Draw(rt, "kind")
			slug := rapid.SampledFrom(slugsOf(is, kind)).Draw(rt, "item")
			rename(is, kind, slug, string(rune('a'+n))+"-"+slug)
		}
		if got := briefings.Doubts(was, is, briefingstest.Now.Add(time.Hour)); got != nil {
			rt.Fatalf("doubts %v", got)
		}
	})
}
