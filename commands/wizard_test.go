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
