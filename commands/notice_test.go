package commands

import (
	"strings"
	"testing"

	"griot/briefings"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dc, dm := Destination{Discord, "600", ""}, Destination{Discord, "800", ""}
	tg, me := Destination{Telegram, "-100123", ""}, Destination{Telegram, "42", ""}
	for name, tc := range map[string]struct {
		kind  NoticeKind
		to    Destination
		guild string
		cause string
	}{
		"discord-gone":           {NoticeStopped, dc, "1", StopGone},
		"discord-gone-private":   {NoticeStopped, dm, "", StopGone},
		"discord-thread":         {NoticeStopped, Destination{Discord, "600", "611"}, "1", StopThread},
		"discord-forbidden":      {NoticeStopped, Destination{Discord, "600", "611"}, "1", StopForbidden},
		"discord-forbidden-one":  {NoticeStopped, dc, "1", StopForbidden + ":Send Messages"},
		"discord-forbidden-some": {NoticeStopped, dc, "1", StopForbidden + ":Embed Links, Use Soundboard"},
		"telegram-gone":          {NoticeStopped, tg, "", StopGone},
		"telegram-gone-private":  {NoticeStopped, me, "", StopGone},
		"telegram-thread":        {NoticeStopped, Destination{Telegram, "-100123", "7"}, "", StopThread},
		"telegram-forbidden":     {NoticeStopped, tg, "", StopForbidden},
		"telegram-forbidden-one": {NoticeStopped, tg, "", StopForbidden + ":can_post_messages"},
		"unknown":                {NoticeStopped, tg, "", "something else"},
		"fallback-discord":       {NoticeThread, Destination{Discord, "600", "611"}, "1", StopThread},
		"fallback-telegram":      {NoticeThread, Destination{Telegram, "-100123", "7"}, "", StopThread},
	} {
		s := Subscription{ID: "d1", To: tc.to, Guild: tc.guild, Topics: []string{"velmora"}, Schedule: "daily 07:00", Zone: "Europe/Paris", Lang: "fr", WhenQuiet: "skip"}
		for _, lang := range briefings.Langs {
			r := w.Notice(tc.kind, s, tc.cause, lang)
			golden(t, "notice-"+name+"."+string(lang), show(r))
			checkReply(t, w.Table(), r)
			if lang == briefings.FR && plainSpace.MatchString(r.Text()[:strings.Index(r.Text(), "/digest")]) {
				t.Errorf("%s: plain space in %s", name, r.Text())
			}
			if r.Lang != lang || r.Private || (len(r.Buttons) > 0) != (tc.to.Thread != "" && tc.cause == StopThread) {
				t.Errorf("%s: %+v; want it for all, in %s, with buttons where it is read in the chat", name, r, lang)
			}
		}
	}
	if r := w.Notice(NoticeStopped, Subscription{ID: "d1", To: me, Topics: []string{"gone-topic"}}, "", "de"); r.Lang != briefings.EN || r.Text() == "" {
		t.Errorf("an unknown language and topic: %+v", r)
	}
}

// TestStoppedIsToldInSentences: a list and why say what happened and how to go on.
func TestStoppedIsToldInSentences(t *testing.T) {
	t.Parallel()
	for _, cause := range []string{StopGone, StopThread, StopForbidden, StopForbidden + ":Send Messages", "odd"} {
		w := newWorld(t)
		w.as(t, true, inServer, complete)
		w.digests.subs[0].Stopped = cause
		for _, line := range []string{"/digest list", "/digest why"} {
			r := w.as(t, false, inServer, line)
			why, cure := stopWords(w.digests.subs[0], cause)
			if !strings.Contains(r.Text(), why.EN) || !strings.Contains(r.Text(), cure.EN) || strings.Contains(r.Text(), cause) && strings.Contains(cause, ":") {
				t.Errorf("%s of %q: %s", line, cause, r.Text())
			}
			if !pressable(r, "/digest resume id:d1") {
				t.Errorf("%s of %q offers no way on: %s", line, cause, show(r))
			}
		}
	}
}

// pressable reports whether a reply has a button of the line.
func pressable(r Reply, line string) bool {
	for _, b := range r.Buttons {
		if b.Line == line {
			return true
		}
	}
	return false
}

// TestWhoAskedIsKept: to be told when a shared place's digest has to stop.
func TestWhoAskedIsKept(t *testing.T) {
	t.Parallel()
	for place, want := range map[Place]string{inServer: "u1", inGroup: "u1", inPrivate: ""} {
		w := newWorld(t)
		w.as(t, true, place, complete)
		if got := w.digests.subs[0].Owner; got != want {
			t.Errorf("in %s the owner is %q, want %q", place.Destination, got, want)
		}
	}
}
