package commands

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
)

var (
	inChat  = Place{Destination: Destination{Telegram, "-100", ""}, Postable: true} // whose topic 7 is inGroup
	inTopic = inGroup
)

// TestTheChatReachesItsTopics: a topic that is closed or gone takes no commands,
// so the chat's administrators see and change its digests from anywhere in it.
func TestTheChatReachesItsTopics(t *testing.T) {
	t.Parallel()
	for line, done := range map[string]func(world) bool{
		"/digest list":                  func(w world) bool { return true },
		"/digest why id:d1":             func(w world) bool { return true },
		"/digest preview id:d1":         func(w world) bool { return true },
		"/digest edit id:d1 time:08:00": func(w world) bool { return w.digests.subs[0].Schedule == "daily 08:00" },
		"/digest pause id:d1":           func(w world) bool { return w.digests.subs[0].Paused },
		"/digest now id:d1":             func(w world) bool { return len(w.digests.sent) == 1 },
		"/digest stop id:d1":            func(w world) bool { return len(w.digests.subs) == 0 },
	} {
		w := worldWith(t, standing(inTopic))
		if r := w.as(t, true, inChat, line); r.Refused || !done(w) {
			t.Errorf("%s by an administrator: %s", line, r.Text())
		}
		w = worldWith(t, standing(inTopic))
		r := w.as(t, false, inChat, line)
		if d := cmp.Diff([]Subscription{standing(inTopic)}, w.digests.subs); d != "" || len(w.digests.sent) > 0 || strings.Contains(r.Text(), "Velmora") {
			t.Errorf("%s by a member: %s\n%s", line, d, r.Text())
		}
		other := inChat
		other.Chat = "-101"
		if r := w.as(t, true, other, line); strings.Contains(r.Text(), "Velmora") || !cmp.Equal(w.digests.subs[0], standing(inTopic)) {
			t.Errorf("%s in another chat: %s", line, r.Text())
		}
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	stopped := standing(inTopic)
	stopped.Stopped = StopThread
	for name, sub := range map[string]Subscription{"running": standing(inTopic), "stopped": stopped} {
		w := worldWith(t, sub)
		if r := w.as(t, false, inChat, digestHere("d1")); w.digests.subs[0].To != inTopic.Destination || !r.Refused {
			t.Errorf("%s: a member moved it: %s", name, r.Text())
		}
		r := w.as(t, true, inChat, digestHere("d1"))
		want := standing(inTopic)
		want.To = inChat.Destination
		if d := cmp.Diff(want, w.digests.subs[0]); d != "" {
			t.Errorf("%s: %s\n%s", name, d, r.Text())
		}
		checkReply(t, w.Table(), r)
		if again := w.as(t, true, inChat, digestHere("d1")); !strings.Contains(again.Text(), "already") {
			t.Errorf("%s again: %s", name, again.Text())
		}
		if w.as(t, true, inTopic, "/digest edit id:d1 ici:oui"); w.digests.subs[0].To != inTopic.Destination {
			t.Errorf("%s: not back in its topic", name)
		}
	}
	w := worldWith(t, standing(inServer))
	borrowed := inServer
	borrowed.Thread, borrowed.Postable = "901", false
	if r := w.as(t, true, borrowed, digestHere("d1")); !strings.Contains(r.Text(), "not in this server") || w.digests.subs[0].To != inServer.Destination {
		t.Errorf("moved to where nothing can be posted: %s", r.Text())
	}
}

// TestNoticesLeadOn presses the buttons of notices, in the chat they are read in.
func TestNoticesLeadOn(t *testing.T) {
	t.Parallel()
	for _, kind := range []NoticeKind{NoticeThread, NoticeStopped} {
		w := worldWith(t, standing(inTopic))
		if kind == NoticeStopped {
			w.digests.subs[0].Stopped = StopThread
		}
		r := w.Notice(kind, w.digests.subs[0], StopThread, briefings.EN)
		w.press(t, inChat, r, "Have it come here", "")
		if s := w.digests.subs[0]; s.To != inChat.Destination || s.Stopped != "" {
			t.Errorf("%s: moved to %+v", kind, s)
		}
		w.press(t, inChat, r, "Stop", "")
		if len(w.digests.subs) != 0 {
			t.Errorf("%s: not stopped", kind)
		}
	}
}

// TestWhichOneIsAQuestion: it comes with what can be chosen, not as a refusal
// that leaves a message in a shared place as it is.
func TestWhichOneIsAQuestion(t *testing.T) {
	t.Parallel()
	other := standing(inGroup)
	other.ID, other.Topics = "d2", []string{"lakes-union"}
	for _, line := range []string{"/digest stop", "/digest why", "/digest edit time:08:00"} {
		for _, place := range []Place{inGroup, inServer} {
			w := worldWith(t, standing(place), func() Subscription { o := other; o.To = place.Destination; return o }())
			r := w.as(t, true, place, line)
			if r.Refused || r.Private != (place.Platform == Discord) || len(r.Buttons) != 2 || !strings.Contains(r.Text(), "Which one?") {
				t.Errorf("%s in %s: %+v", line, place.Destination, r)
			}
		}
	}
}

// TestListHasPages: every digest of a place can be reached by buttons.
func TestListHasPages(t *testing.T) {
	t.Parallel()
	var subs []Subscription
	for _, id := range []string{"d1", "d2", "d3", "d4", "d5"} {
		s := standing(inServer)
		s.ID = id
		subs = append(subs, s)
	}
	w := worldWith(t, subs...)
	first := w.as(t, true, inServer, "/digest list")
	last := w.press(t, inServer, first, "Next ›", "")
	if strings.Contains(first.Text(), "d5") || !pressable(first, "/digest stop id:d4") || !pressable(last, "/digest stop id:d5") {
		t.Errorf("%s\n%s", show(first), show(last))
	}
	checkReply(t, w.Table(), first)
	checkReply(t, w.Table(), last)
}

func TestListReads(t *testing.T) {
	t.Parallel()
	elsewhere, french := standing(inTopic), standing(inChat)
	elsewhere.ID, elsewhere.Stopped = "d2", StopThread
	french.ID, french.Lang, french.Paused = "d3", briefings.FR, true
	for _, lang := range briefings.Langs {
		w := worldWith(t, standing(inChat), elsewhere, french)
		golden(t, "digest-list-chat."+string(lang), show(w.inLang(t, inChat, lang, "/digest list")))
		golden(t, "digest-moved."+string(lang), show(w.inLang(t, inChat, lang, digestHere("d2"))))
	}
}

// TestCompleteKnowsTheChat: ids of other topics are offered to administrators.
func TestCompleteKnowsTheChat(t *testing.T) {
	t.Parallel()
	own := standing(inChat)
	own.ID = "d2"
	w := worldWith(t, standing(inTopic), own)
	for is, want := range map[bool]int{true: 2, false: 1} {
		got := w.Complete(t.Context(), Request{Command: "digest", Sub: "edit", Place: inChat, Lang: briefings.EN, Admin: admin(is)}, "id", "")
		if len(got) != want || got[0].Value != "d2" {
			t.Errorf("administrator %v: %v", is, got)
		}
	}
}
