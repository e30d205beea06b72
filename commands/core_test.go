package commands

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// coreOf makes a core over a pack of a test's own.
func coreOf(p *briefings.Pack) *Core {
	live := &briefings.Live{}
	live.Swap(briefings.NewIndex(p))
	return New(Options{Live: live, Now: func() time.Time { return testNow }})
}

func twins() *briefings.Pack {
	src := []briefings.Source{{Slug: "s", Publisher: "P", Title: "T", URL: "https://www.rumours.example/x", Grade: briefings.GradeA}}
	return &briefings.Pack{
		NeverLink: []string{"rumours.example"}, Sources: src,
		Actors: []briefings.Actor{
			{Slug: "cnx-east", Name: both("Council (East)", "Conseil (Est)"), Aliases: []string{"CNX"}, Summary: both("Of the east.", "De l’Est."), Sources: []string{"s"}},
			{Slug: "cnx-west", Name: both("Council (West)", "Conseil (Ouest)"), Aliases: []string{"CNX"}, Summary: both("Of the west.", "De l’Ouest."), Sources: []string{"s"}},
		},
	}
}

func TestOneNameOfTwo(t *testing.T) {
	t.Parallel()
	w := world{Core: coreOf(twins())}
	for _, line := range []string{"/who cnx", "/define CNX"} {
		r := w.ask(t, briefings.FR, inGroup, line)
		if len(r.Buttons) != 2 || r.Buttons[0].Label != "Conseil (Est)" || len(r.Items) != 2 {
			t.Fatalf("%s: %s", line, show(r))
		}
		if got := w.ask(t, briefings.EN, inGroup, r.Buttons[1].Line); got.Title != "Council (West)" {
			t.Errorf("%s shows %s", r.Buttons[1].Line, got.Title)
		}
		if r.Sources[0].URL != "" || strings.Contains(r.Text(), "rumours") {
			t.Errorf("links a host that is never linked: %s", r.Text())
		}
	}
	r := w.ask(t, briefings.EN, inGroup, "/timeline actor:CNX")
	if len(r.Buttons) < 2 || r.Buttons[0].Line != "/timeline actor:cnx-east" || r.Buttons[0].Label != "Council (East)" {
		t.Errorf("timeline asks %s", show(r))
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	v := coreOf(twins()).view()
	for address, want := range map[string]bool{
		"https://press.example/a": true, "http://press.example": true, "https://rumours.example.org/": true, "https://notrumours.example/": true,
		"https://rumours.example/": false, "https://WWW.Rumours.Example:443/x": false, "https://a.b.rumours.example./": false,
		"": false, "javascript:alert(1)": false, "ftp://press.example/": false, "//press.example": false, "https://%zz": false,
	} {
		if got := v.link(address) != ""; got != want {
			t.Errorf("%q is linked: %v, want %v", address, got, want)
		}
	}
}

func TestStartOpensWhatALinkNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for payload, want := range map[string]string{
		"velmora": "velmora", "union": "union", "LU": "union", "timeline": "timeline", "timeline_velmora": "timeline", "river-front": "who", "who_RF": "who",
		"2024-03-07-arden-bridge": "timeline", "lake-levy": "define", "search_boat_tax": "search",
		"": "start", "start": "start", "nonsense": "start", "forget": "start", "settings": "start", "digest_stop": "start", "fog": "start",
	} {
		if got := w.ask(t, briefings.EN, inPrivate, "/start "+payload).Command; got != want {
			t.Errorf("/start %s answers %s, want %s", payload, got, want)
		}
	}
}

func TestTopicsComeAndGo(t *testing.T) {
	t.Parallel()
	p := briefingstest.Pack(t)
	for i := range p.Topics {
		if p.Topics[i].Slug == "fog" {
			p.Topics[i].Status, p.Topics[i].PublishAt = briefings.Published, testNow.Add(time.Hour)
		}
	}
	live := &briefings.Live{}
	live.Swap(briefings.NewIndex(p))
	var later atomic.Bool
	c := New(Options{Live: live, Now: func() time.Time {
		if later.Load() {
			return testNow.Add(time.Hour)
		}
		return testNow
	}})
	w := world{Core: c}
	if c.Table().Find("fog") != nil || len(w.ask(t, briefings.EN, inGroup, "/search zanzibarine").Items) != 0 {
		t.Error("shown before its time")
	}
	later.Store(true)
	if c.Table().Find("fog") == nil || len(w.ask(t, briefings.EN, inGroup, "/search zanzibarine").Items) == 0 {
		t.Error("not shown when its time has come")
	}
	live.Swap(briefings.NewIndex(&briefings.Pack{}))
	if c.Table().Find("fog") != nil {
		t.Error("still in the table after the content changed")
	}
}

func TestDraftsAreNotSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, line := range []string{"/fog", "/search zanzibarine", "/search fog season", "/timeline fog", "/sources fog", "/start fog", "/help", "/about", "/digest subscribe topics:fog", "/latest fog"} {
		if text := show(w.ask(t, briefings.EN, inPrivate, line)); strings.Contains(text, "Fog season") || strings.Contains(text, "marks as a draft") {
			t.Errorf("%s shows a draft: %s", line, text)
		}
	}
	for _, typed := range []string{"fog", "zanzibarine", ""} {
		for _, s := range w.Suggest(t.Context(), Request{Lang: briefings.EN}, typed, 0, 50) {
			if s.ID == "topic:fog" {
				t.Errorf("%q suggests a draft", typed)
			}
		}
	}
	if got := w.Complete(t.Context(), Request{Command: "timeline"}, "topic", "fog"); len(got) != 0 {
		t.Errorf("completes %v", got)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tc := range []struct{ command, sub, option, typed, first string }{
		{"timeline", "", "topic", "vel", "velmora"},
		{"timeline", "", "topic", "union des", "lakes-union"},
		{"chronologie", "", "sujet", "velmra", "velmora"},
		{"timeline", "", "kind", "hum", "humanitarian"},
		{"timeline", "", "country", "ostr", "XO"},
		{"timeline", "", "actor", "rf", "river-front"},
		{"velmora", "", "section", "chif", "figures"},
		{"settings", "", "zone", "paris", "Europe/Paris"},
		{"help", "", "command", "/dig", "digest"},
		{"digest", "subscribe", "topics", "velmora,uni", "velmora,lakes-union"},
		{"who", "", "name", "tolen", "mara-tolen"},
		{"search", "", "query", "boatm", "Grève des bateliers contre la taxe des lacs"},
		{"search", "", "query", "river f", "Front du fleuve (FF)"},
		{"define", "", "term", "levy", "lake-levy"},
		{"search", "", "query", "levy", "Taxe des lacs"},
		{"union_des_lacs", "", "partie", "sit", "situation"},
		{"nothing", "", "x", "y", ""},
		{"timeline", "", "nothing", "y", ""},
		{"timeline", "", "topic", "qqqqqq", ""},
	} {
		got := w.Complete(t.Context(), Request{Command: tc.command, Sub: tc.sub, Lang: briefings.FR, Now: testNow}, tc.option, tc.typed)
		first := ""
		if len(got) > 0 {
			first = got[0].Value
		}
		if first != tc.first || len(got) > 25 {
			t.Errorf("/%s %s %s:%s completes %v, want %q first", tc.command, tc.sub, tc.option, tc.typed, got, tc.first)
		}
	}
	if got := w.Complete(t.Context(), Request{Command: "settings"}, "zone", ""); len(got) != 25 {
		t.Errorf("%d zones, want 25", len(got))
	}
}

// TestSidesAreNamed holds that readers see beside what is said whom it comes
// from: a party, a state's own medium, an outlet that repeats another.
func TestSidesAreNamed(t *testing.T) {
	t.Parallel()
	p := briefingstest.Pack(t)
	for i := range p.Sources {
		if s := &p.Sources[i]; s.Kind == briefings.StateMedia {
			s.Repeats = "agence-des-lacs-2026-02-11-treve"
		}
	}
	w, live := newWorld(t), &briefings.Live{}
	live.Swap(briefings.NewIndex(p))
	w.Core = New(Options{Live: live, Digests: w.digests, Preferences: w.prefs, Changes: w.looks, Now: func() time.Time { return testNow }})
	for line, want := range map[string][]string{
		"/timeline event:2024-03-07-arden-bridge": {
			"- Ministère de la Défense du Velmora (partie au conflit)\u00a0: 12 soldats", "- Front du fleuve, cité par l’Agence des Lacs (partie au conflit)\u00a0: ",
			"- Sources hospitalières, citées par l’Agence des Lacs\u00a0: ",
		},
		"/timeline event:2026-02-12-union-welcomes-truce": {
			"propose des observateurs. [1] (média d’État de l’Ostrana)",
			"12 février 2026 (média d’État de l’Ostrana, reprend Agence des Lacs)",
		},
		"/timeline event:2026-02-10-truce-signed": {"[1][2]\n"}, // one of the two speaks for nobody
	} {
		got := w.ask(t, briefings.FR, inGroup, line).Text()
		for _, s := range want {
			if !strings.Contains(got, s) {
				t.Errorf("%s says\n%s\nwithout %q", line, got, s)
			}
		}
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := Request{Lang: briefings.FR, Now: testNow}
	if got := w.Suggest(t.Context(), r, "", 0, 10); len(got) != 2 || got[0].Title != "Union des Lacs" || got[0].Line != "/union" {
		t.Errorf("nothing typed: %+v", got)
	}
	all := w.Suggest(t.Context(), r, "trêve", 0, 50)
	var paged []Suggestion
	for offset := 0; offset < len(all)+2; offset += 2 {
		paged = append(paged, w.Suggest(t.Context(), r, "trêve", offset, 2)...)
	}
	if d := cmp.Diff(all, paged); d != "" || len(all) < 3 {
		t.Errorf("pages differ from the whole of %d:\n%s", len(all), d)
	}
	for _, s := range all {
		if s.Title == "" || s.Line == "" || s.ID == "" {
			t.Errorf("suggests %+v", s)
		}
		if reply := w.ask(t, briefings.FR, inGroup, s.Line); !slices.Contains(reply.Items, s.ID) {
			t.Errorf("%s does not show %s", s.Line, s.ID)
		}
	}
	i := slices.IndexFunc(all, func(s Suggestion) bool { return s.ID == "event:2026-02-10-truce-signed" })
	if i < 0 || all[i].Title != "Trêve d’Arden signée" || all[i].Description != "10 février 2026\u00a0: Le Velmora et le Front du fleuve signent une trêve" {
		t.Errorf("an event is not suggested by its short title: %+v", all)
	}
	for _, bad := range [][2]int{{-1, 5}, {0, 0}, {1 << 40, 5}} {
		if got := w.Suggest(t.Context(), r, "trêve", bad[0], bad[1]); len(got) != 0 {
			t.Errorf("%v suggests %v", bad, got)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw, err := w.ask(t, briefings.EN, inGroup, "/velmora section:figures").JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "text")
	delete(got, "buttons")
	want := map[string]any{
		"command": "velmora", "lang": "en", "title": "Velmora", "as_of": "2026-04-20", "private": false,
		"items": []any{"topic:velmora", "topic:velmora#figures"}, "sources": []any{"source:relief-watch-2025-09-flood-survey"}, "files": []any{},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if raw, err = (Reply{}).JSON(); err != nil || strings.Contains(string(raw), "null") || strings.Contains(string(raw), "band") {
		t.Errorf("%s, %v", raw, err)
	}
	if raw, err = (Reply{Band: "none", Verdict: "current"}).JSON(); err != nil || !strings.Contains(string(raw), `"band":"none","verdict":"current"`) {
		t.Errorf("%s, %v", raw, err)
	}
}

// TestSwapWhileAnswering is for the race detector.
func TestSwapWhileAnswering(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pack := briefingstest.Pack(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 50 {
				if i == 0 {
					w.live.Swap(briefings.NewIndex(pack))
				}
				for _, line := range []string{"/sources union", "/disputed", "/velmora", "/search truce"} {
					r := w.ask(t, briefings.Langs[n%2], inPrivate, line)
					if len(r.Sources) == 0 {
						t.Errorf("%s: %s", line, r.Text())
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestTextOnly(t *testing.T) {
	t.Parallel()
	r := Reply{Blocks: []Block{para(plain("a")), {Kind: Picture, File: &File{Name: "p.png", Alt: "Ten dots."}}}, Files: []File{{Name: "x.ics"}}}
	if got := textOnly(r).Text(); got != "a\nTen dots." || len(textOnly(r).Files) != 0 || len(r.Files) != 1 {
		t.Errorf("text only reads %q", got)
	}
}

func TestInputTakesEveryName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"lakes-union", "union", "/union", "Lakes Union", "UNION DES LACS", "LU", "ul"} {
		r := w.ask(t, briefings.EN, inGroup, `/sources topic:"`+name+`"`)
		if len(r.Items) == 0 || r.Items[0] != "topic:lakes-union" {
			t.Errorf("%q: %s", name, r.Text())
		}
	}
	for _, name := range []string{"XV", "xv", "Velmora", "velmora"} {
		r := w.ask(t, briefings.EN, inGroup, "/timeline country:"+name+" kind:élection")
		if !slices.Equal(r.Items, []briefings.ID{"event:2025-11-01-tolen-elected"}) {
			t.Errorf("%q: %v", name, r.Items)
		}
	}
}
