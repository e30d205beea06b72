package briefings_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

func TestSearchLeavesOutTopicsUntilTheyArePublished(t *testing.T) {
	t.Parallel()
	m := files(t)
	edit(t, m, "topics/fog.yaml", "status: draft", "status: published\npublish_at: \"2026-05-09T07:00:00Z\"")
	p, _ := briefings.Load(m, briefingstest.Now)
	x := briefings.NewIndex(p)
	at := time.Date(2026, 5, 9, 7, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name string
		hits []briefings.Hit
		want int
	}{
		{"without a clock", x.Search("zanzibarine", briefings.EN, 5), 0},
		{"before", x.SearchAt("zanzibarine", briefings.EN, 5, at.Add(-time.Second)), 0},
		{"from then on", x.SearchAt("zanzibarine", briefings.EN, 5, at), 1},
	} {
		if len(tc.hits) != tc.want {
			t.Errorf("%s: %v", tc.name, tc.hits)
		}
	}
	if _, seen := p.RevisionsAt(at.Add(-time.Second))["topic:fog"]; seen {
		t.Error("the topic has a revision before it is published")
	}
	if _, seen := p.RevisionsAt(at)["topic:fog"]; !seen {
		t.Error("the topic has no revision when it is published")
	}
}

// TestRevisionsFollowWhatReadersSee holds that order, aliases and places in
// files change no hash, and that any change of a text does.
func TestRevisionsFollowWhatReadersSee(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(20, 60).Draw(t, "items")
		p, q := briefingstest.Synthetic(n), briefingstest.Synthetic(n)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		rnd.Shuffle(len(q.Events), func(i, j int) { q.Events[i], q.Events[j] = q.Events[j], q.Events[i] })
		rnd.Shuffle(len(q.Actors), func(i, j int) { q.Actors[i], q.Actors[j] = q.Actors[j], q.Actors[i] })
		for i := range q.Events {
			q.Events[i].At = briefings.Pos{File: "elsewhere.yaml", Line: i}
			slices.Reverse(q.Events[i].Sources)
		}
		q.Actors[0].Aliases = append(q.Actors[0].Aliases, "Another")
		if diff := cmp.Diff(p.Revisions(), q.Revisions()); diff != "" {
			t.Fatalf("order matters (-want +got):\n%s", diff)
		}
		e := &q.Events[rapid.IntRange(0, len(q.Events)-1).Draw(t, "event")]
		switch rapid.IntRange(0, 6).Draw(t, "change") {
		case 0:
			e.Title.FR += "."
		case 1:
			e.Fact.EN = strings.TrimSuffix(e.Fact.EN, ".")
		case 2:
			e.Claims[1].Says.EN += "!"
		case 3:
			e.Claims = e.Claims[:1]
		case 4:
			e.Sources = e.Sources[:1]
			e.Sources[0] += "-x"
		case 5:
			e.Date = e.Date.AddDays(1)
		case 6:
			e.Claims[0].By.EN += "x"
		}
		before, after := p.Revisions(), q.Revisions()
		for id, r := range after {
			changed := before[id].Hash != r.Hash
			if changed != (id == e.ID()) {
				t.Fatalf("%s changed is %v", id, changed)
			}
			if !changed && before[id].Words != r.Words {
				t.Fatalf("%s has the same hash, but reads %v and %v", id, before[id].Words, r.Words)
			}
		}
	})
}

// TestSelectIsTheFilter holds that the cut lists give what walking all events would.
func TestSelectIsTheFilter(t *testing.T) {
	t.Parallel()
	p := briefingstest.Synthetic(600)
	rnd := rand.New(rand.NewPCG(7, 7))
	for i := range p.Events { // some long ones, some known by month or year
		e := &p.Events[i]
		switch rnd.IntN(6) {
		case 0:
			e.End = e.Date.AddDays(rnd.IntN(900))
		case 1:
			e.Date.Day = 0
		case 2:
			e.Date.Day, e.Date.Month = 0, 0
		}
	}
	x := briefings.NewIndex(p)
	date := rapid.Custom(func(t *rapid.T) briefings.Date {
		switch rapid.IntRange(0, 3).Draw(t, "precision") {
		case 0:
			return briefings.Date{}
		case 1:
			return briefings.Date{Year: rapid.IntRange(2010, 2027).Draw(t, "year")}
		case 2:
			return briefings.Date{Year: rapid.IntRange(2010, 2027).Draw(t, "year"), Month: rapid.IntRange(1, 12).Draw(t, "month")}
		}
		return briefings.Date{Year: rapid.IntRange(2010, 2027).Draw(t, "year"), Month: rapid.IntRange(1, 12).Draw(t, "month"), Day: rapid.IntRange(1, 28).Draw(t, "day")}
	})
	rapid.Check(t, func(t *rapid.T) {
		f := briefings.Filter{From: date.Draw(t, "from"), To: date.Draw(t, "to")}
		f.Topic = rapid.SampledFrom([]string{"", "topic-1", "topic-2", "none"}).Draw(t, "topic")
		f.Country = rapid.SampledFrom([]string{"", "", "XO"}).Draw(t, "country")
		f.Kind = rapid.SampledFrom([]string{"", "", "attack"}).Draw(t, "kind")
		f.Actor = rapid.SampledFrom([]string{"", "", "actor-1"}).Draw(t, "actor")
		f.Place = rapid.SampledFrom([]string{"", "", "place-1"}).Draw(t, "place")
		var want []briefings.ID
		for _, e := range x.Events() {
			last := e.Date.Last()
			if !e.End.IsZero() && e.End.Last().Compare(last) > 0 {
				last = e.End.Last()
			}
			if (f.Topic == "" || slices.Contains(e.Topics, f.Topic)) && (f.Country == "" || slices.Contains(e.Countries, f.Country)) &&
				(f.Actor == "" || slices.Contains(e.Actors, f.Actor)) && (f.Place == "" || slices.Contains(e.Places, f.Place)) &&
				(f.Kind == "" || e.Kind == f.Kind) &&
				(f.From.IsZero() || last.Compare(f.From.First()) >= 0) && (f.To.IsZero() || e.Date.First().Compare(f.To.Last()) <= 0) {
				want = append(want, e.ID())
			}
		}
		var got []briefings.ID
		for _, e := range x.Select(f) {
			got = append(got, e.ID())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", f, diff)
		}
	})
}

// TestNearFindsNamesInSpiteOfOneMistake holds for every name of the pack, so
// that completion never leaves a reader alone with a slip.
func TestNearFindsNamesInSpiteOfOneMistake(t *testing.T) {
	t.Parallel()
	x := briefings.NewIndex(briefingstest.Synthetic(2000))
	rapid.Check(t, func(t *rapid.T) {
		a := x.Pack().Actors[rapid.IntRange(0, len(x.Pack().Actors)-1).Draw(t, "actor")]
		name := []byte(briefings.Fold(a.Name.EN))
		i := rapid.IntRange(0, len(name)-2).Draw(t, "place")
		switch rapid.IntRange(0, 3).Draw(t, "mistake") {
		case 0:
			name = slices.Delete(name, i, i+1)
		case 1:
			name = slices.Insert(name, i, 'x')
		case 2:
			name[i] = 'x'
		case 3:
			name[i], name[i+1] = name[i+1], name[i]
		}
		for _, m := range x.Near(string(name), 10) {
			if m.ID == a.ID() {
				return
			}
		}
		t.Fatalf("%q does not find %q", name, a.Name.EN)
	})
}

func TestShortCapitalsAreWordsOtherwise(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, tc := range []struct {
		text string
		want []briefings.ID
	}{
		{"What did the LU say?", []briefings.ID{"topic:lakes-union", "actor:lakes-union"}},
		{"He had lu the book", nil},
		{"ul", nil},
		{"the Lakes Union and the River Front", []briefings.ID{"topic:lakes-union", "actor:lakes-union", "actor:river-front"}},
		{"l’Union des Lacs", []briefings.ID{"topic:lakes-union", "actor:lakes-union"}},
		{"LUX", nil},
	} {
		var got []briefings.ID
		for _, m := range x.Mentions(tc.text) {
			got = append(got, m.ID)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.text, diff)
		}
	}
}

func TestDraftsAreFoundByNobody(t *testing.T) {
	t.Parallel()
	x := briefingstest.Index(t)
	for _, typed := range []string{"fog", "Fog season", "Saison des brumes", "fo"} {
		found := slices.Concat(x.Find(typed), x.Near(typed, 10), x.Mentions(typed))
		for _, m := range found {
			if m.ID == "topic:fog" {
				t.Errorf("%q finds the draft", typed)
			}
		}
	}
	if _, seen := x.Pack().Revisions()["topic:fog"]; seen || x.Topic("fog") == nil {
		t.Errorf("the draft has a revision: %v, is in the index: %v", seen, x.Topic("fog") != nil)
	}
}

// TestHashesStay: these stand in the databases of those who run the program. If
// another way of hashing gave others, the next start would tell all readers
// that everything was updated.
func TestHashesStay(t *testing.T) {
	t.Parallel()
	revs := briefingstest.Pack(t).Revisions()
	for id, want := range map[briefings.ID]string{
		"topic:velmora":                   "e2aa650b17aff8c4c6741bb35e40e100",
		"event:2024-03-07-arden-bridge":   "1b4313a6da3d8f30f89788a1dba76a43",
		"event:2025-02-03-boatmen-strike": "02380b6cea4006de0332d3de4b14bd5f",
		"actor:river-front":               "59961eb952dcd0fe8c21a509c5de947a",
		"term:lake-levy":                  "e431d9ca93e591341e481c49e9fb2749",
	} {
		if revs[id].Hash != want {
			t.Errorf("%s has hash %s, had %s", id, revs[id].Hash, want)
		}
	}
}

// TestAShortTitleIsNoNews: it is a label on a button, and readers of digests
// and pins need not be told of a better one.
func TestAShortTitleIsNoNews(t *testing.T) {
	t.Parallel()
	const id = "event:2024-03-07-arden-bridge"
	m := files(t)
	edit(t, m, "events/2024.yaml", "en: Attack on Arden bridge", "en: The bridge attack")
	p, faults := briefings.Load(m, briefingstest.Now)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if was, is := briefingstest.Pack(t).Revisions()[id].Hash, p.Revisions()[id].Hash; was != is {
		t.Errorf("the hash was %s, is %s", was, is)
	}
}

func TestSamePackSameRevisions(t *testing.T) {
	t.Parallel()
	a, _ := json.Marshal(briefingstest.Pack(t).Revisions())
	b, _ := json.Marshal(briefingstest.Pack(t).Revisions())
	if string(a) != string(b) {
		t.Error("two loads differ")
	}
	if r := briefingstest.Pack(t).Revisions()["event:2024-03-07-arden-bridge"]; r.Corrected != 1 || !slices.Equal(r.Topics, []string{"velmora"}) {
		t.Errorf("revision is %+v", r)
	}
}
