package commands

import (
	"fmt"
	"strings"
	"testing"

	"griot/briefings"
)

// TestEveryTopicCanBeChosen: however many briefings a pack has, each is on some
// page, and what was chosen on another page stays chosen.
func TestEveryTopicCanBeChosen(t *testing.T) {
	t.Parallel()
	p := &briefings.Pack{}
	for i := range 45 {
		slug := fmt.Sprintf("topic-%02d", i)
		p.Topics = append(p.Topics, briefings.Topic{Slug: slug, Command: fmt.Sprintf("t%d", i), Name: briefings.Same("Topic " + slug[6:]), Status: briefings.Published})
	}
	w := world{Core: coreOf(p), digests: &fakeDigests{subs: []Subscription{standing(inServer)}, made: 1}}
	w.Core.digests = w.digests
	w.digests.subs[0].Topics = []string{"topic-03"}
	for _, start := range []string{"/digest subscribe", "/digest edit id:d1 pick:topics"} {
		at := w.as(t, true, inServer, start)
		for _, label := range []string{"Topic 01", "Topic 25", "Topic 44"} {
			at = w.press(t, inServer, at, label, "Next ›")
			checkReply(t, w.Table(), at)
		}
		at = w.press(t, inServer, at, "Go on", "Next ›")
		if text := at.Text(); !strings.HasPrefix(start, "/digest edit") && !pressable(at, "/digest subscribe confirm:ask schedule:daily topics:topic-01,topic-25,topic-44") {
			t.Errorf("%s goes on with %s", start, show(at))
		} else if strings.HasPrefix(start, "/digest edit") && strings.Join(w.digests.subs[0].Topics, ",") != "topic-01,topic-03,topic-25,topic-44" {
			t.Errorf("%s chose %v: %s", start, w.digests.subs[0].Topics, text)
		}
	}
}

// TestEveryPressOfADigestLeadsOn follows every button from the digests of a
// place, each press from the same state: none is refused, none fails.
func TestEveryPressOfADigestLeadsOn(t *testing.T) {
	t.Parallel()
	paused, stopped, elsewhere := standing(inChat), standing(inChat), standing(inTopic)
	paused.ID, paused.Paused, paused.Schedule, paused.WhenQuiet = "d2", true, "weekly mon 23:00", "brief"
	paused.QuietHours, paused.TextOnly = "22:00-07:00", true
	stopped.ID, stopped.Stopped, stopped.Schedule = "d3", StopForbidden, "cron 0 7 * * 1-5"
	elsewhere.ID = "d4"
	for _, lang := range briefings.Langs {
		queue := []string{"/digest list", "/digest subscribe", "/digest why id:d3", "/digest edit id:d2", "/digest edit id:d3", "/digest edit id:d4", "/digest stop"}
		seen, w := map[string]bool{}, worldWith(t)
		for len(queue) > 0 && len(seen) < 600 {
			line := queue[0]
			if queue = queue[1:]; seen[line] || !strings.HasPrefix(line, "/digest") {
				continue
			}
			seen[line] = true
			w.digests.made = 0 // what a press subscribes is named as one of those
			w.digests.subs = []Subscription{standing(inChat), paused, stopped, elsewhere}
			r := w.inLang(t, inChat, lang, line)
			checkReply(t, w.Table(), r)
			if r.Refused || strings.Contains(r.Text(), Words(lang).Apology) {
				t.Errorf("%s in %s: %s", line, lang, r.Text())
			}
			for _, b := range r.Buttons {
				queue = append(queue, b.Line)
			}
		}
		if len(seen) < 300 {
			t.Errorf("only %d lines followed", len(seen))
		}
	}
}
