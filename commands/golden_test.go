package commands

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// said names lines by the file that holds their answers.
var said = map[string]string{
	"topic":                "/velmora",
	"topic-section":        "/velmora section:figures",
	"topic-unconfirmed":    "/union",
	"topic-bad-section":    "/velmora section:figgures",
	"timeline":             "/timeline",
	"timeline-page":        "/timeline page:2",
	"timeline-topic":       "/timeline union",
	"timeline-filters":     "/timeline velmora from:2024 to:2025-02 country:XV kind:attack",
	"timeline-words":       "/timeline velmora last year",
	"timeline-actor":       "/timeline actor:RF",
	"timeline-place":       `/timeline country:"port selm" from:2026`,
	"timeline-event":       "/timeline event:2024-03-07-arden-bridge",
	"timeline-day":         `/timeline day:"7 march"`,
	"timeline-day-none":    "/timeline velmora day:08-01",
	"timeline-bad-day":     "/timeline day:2024-03",
	"timeline-empty":       "/timeline velmora from:2020 to:2021",
	"timeline-future":      "/timeline union from:2027",
	"timeline-reversed":    "/timeline velmora from:2025 to:2024",
	"timeline-bad-date":    "/timeline velmora from:someday",
	"timeline-bad-topic":   "/timeline velmra",
	"timeline-bad-country": "/timeline country:ostrna",
	"latest":               "/latest",
	"latest-topic":         "/latest union since:2025-12",
	"latest-empty":         "/latest velmora since:today",
	"changes":              "/changes",
	"changes-day":          "/changes velmora since:24h looked:first",
	"changes-looked":       "/changes velmora looked:tdk500",
	"changes-quiet":        "/changes union since:yesterday",
	"search":               "/search truce",
	"search-filters":       "/search truce topic:union from:2026",
	"search-conditions":    "/search truce kind:attack actor:RF from:2024-03 to:2024-12",
	"search-nothing":       "/search qqqqqqqq",
	"ask":                  "/ask how many soldiers were killed on the bridge of Arden?",
	"ask-when":             "/ask quand l’Union des Lacs a-t-elle été fondée",
	"ask-card":             "/ask c koi l’UL",
	"ask-compare":          "/ask difference between River Front and Lakes Union",
	"ask-same":             "/ask is RF the same as the River Front?",
	"ask-now":              "/ask what is happening in velmora now",
	"ask-prose":            "/ask what end date does the truce have",
	"ask-closest":          "/ask did the River Front attack the boatmen",
	"ask-ahead":            "/ask will the River Front sign the truce of Arden",
	"ask-none":             "/ask best pancake recipe @everyone <b>**now**</b>",
	"ask-future":           "/ask who will win the next election in velmora",
	"ask-advice":           "/ask is it safe to travel to velmora",
	"ask-later":            "/ask what happened in velmora in september 2026",
	"check":                "/check 7 March 2024: Soldiers killed in an attack on the bridge of Arden. Ministry of Defence of Velmora: 12 soldiers were killed.",
	"check-altered":        "/check 8 March 2024: Soldiers killed in an attack on the bridge of Arden. The Lakes Union did not claim the attack; the toll is disputed. Ministry of Defence of Velmora: 120 soldiers were killed. The village burned for two days.",
	"check-corrected":      "/check Des hommes armés attaquent le poste de l’armée sur le pont d’Arden le 6 mars 2024.",
	"check-updated":        "/check Le Velmora est dirigé par la présidente Mara Tolen. Une trêve tient. La taxe reste.",
	"check-cut":            "/check Armed men attacked the army post on the bridge of Ard",
	"check-facts":          "/check They say 40 soldiers died in the attack on the bridge of Arden. Is that so? @everyone <b>**now**</b>",
	"check-nothing":        "/check Two eggs, a cup of flour and some milk make six pancakes",
	"who":                  "/who RF",
	"who-near":             "/who mara toln",
	"define":               "/define levy",
	"define-missing":       "/define",
	"sources":              "/sources union",
	"disputed":             "/disputed velmora",
	"disputed-none":        "/disputed fog",
	"digest":               "/digest",
	"digest-list":          "/digest list",
	"digest-topics":        "/digest subscribe",
	"digest-confirm":       "/digest subscribe topics:velmora,union schedule:weekly day:tue time:7h zone:paris lang:fr confirm:ask",
	"digest-subscribed":    "/digest subscribe topics:velmora schedule:daily time:07:00 zone:Europe/Paris lang:en",
	"pin":                  "/pin velmora",
	"pin-sections":         "/pin velmora sections:unknowns,situation lang:fr",
	"pin-unknown":          "/pin velmra",
	"pin-bad-section":      "/pin velmora sections:weather",
	"pins-none":            "/pins",
	"unpin-none":           "/unpin velmora",
	"settings":             "/settings",
	"settings-zone":        "/settings zone:pariss",
	"help":                 "/help",
	"help-command":         "/help timeline",
	"about":                "/about",
	"privacy":              "/privacy",
	"forget":               "/forget",
	"start":                "/start",
	"start-topic":          "/start velmora",
	"unknown":              "/velmroa",
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	for name, line := range said {
		for _, lang := range briefings.Langs {
			t.Run(name+"/"+string(lang), func(t *testing.T) {
				t.Parallel()
				reply := newWorld(t).ask(t, lang, inPrivate, line)
				golden(t, name+"."+string(lang), line+"\n\n"+show(reply))
			})
		}
	}
}

// show writes an answer with everything that can be pressed.
func show(r Reply) string {
	var b strings.Builder
	b.WriteString(r.Text() + "\n")
	for _, bt := range r.Buttons {
		b.WriteString("\n{" + bt.Label + "} " + bt.Line)
	}
	if r.Choices != nil {
		b.WriteString("\n{" + r.Choices.Placeholder + "}")
		for _, o := range r.Choices.Options {
			mark := "\n  "
			if o.Selected {
				mark = "\n* "
			}
			b.WriteString(mark + o.Label + " " + o.Line)
		}
	}
	if len(r.Items) > 0 {
		b.WriteString("\n\nitems:")
		for _, id := range r.Items {
			b.WriteString(" " + string(id))
		}
	}
	return b.String() + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s changed (-want +got):\n%s\nif intended: go test ./commands -update", file, d)
	}
}
