package commands

import (
	"fmt"
	"strings"
	"testing"

	"griot/briefings"
)

// TestEmbeddedPack holds the laws of answers over everything the program ships.
func TestEmbeddedPack(t *testing.T) {
	t.Parallel()
	p, _ := briefings.Load(briefings.Embedded(), testNow.AddDate(1, 0, 0)) // its faults are the pack's own test
	w := world{Core: coreOf(p)}
	var lines []string
	for _, topic := range w.view().topics {
		lines = append(lines, "/"+topic.Command, "/disputed "+topic.Slug)
		for _, s := range topic.Sections[briefings.EN] {
			lines = append(lines, "/"+topic.Command+" section:"+string(s.Kind))
		}
		for page := range (len(w.view().sourcesOf(topic)) + sourcesPage - 1) / sourcesPage {
			lines = append(lines, fmt.Sprintf("/sources %s page:%d", topic.Slug, page+1))
		}
	}
	for page := range (len(p.Events) + timelinePage - 1) / timelinePage {
		lines = append(lines, fmt.Sprintf("/timeline page:%d", page+1))
	}
	for _, a := range p.Actors {
		lines = append(lines, "/who "+a.Slug)
	}
	for _, d := range p.Terms {
		lines = append(lines, "/define "+d.Slug)
	}
	for _, line := range lines {
		for _, lang := range briefings.Langs {
			r := w.ask(t, lang, inGroup, line)
			checkReply(t, w.Table(), r)
			if !strings.HasPrefix(line, "/disputed") || len(r.Items) > 0 {
				checkCited(t, r)
			}
			if strings.Contains(r.Text(), Words(lang).Apology) {
				t.Errorf("%s in %s fails", line, lang)
			}
			if t.Failed() {
				t.Fatalf("at %s in %s", line, lang)
			}
		}
	}
	for _, example := range p.Examples {
		for _, lang := range briefings.Langs {
			if r := w.ask(t, lang, inGroup, example.In(lang)); r.Refused || len(r.Items) == 0 {
				t.Errorf("the example %q answers %q", example.In(lang), r.Text())
			}
		}
	}
	for _, topic := range w.view().topics {
		if n := len(w.ask(t, briefings.EN, inGroup, "/"+topic.Command).Sources); n < 3 {
			t.Errorf("/%s cites %d sources, want three", topic.Command, n)
		}
	}
}
