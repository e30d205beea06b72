package commands

import (
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

// at answers a line of somebody in a place at a moment.
func (w world) at(t *testing.T, now time.Time, place Place, user, line string) Reply {
	t.Helper()
	r, err := ParseLine(w.Table(), line)
	if err != nil {
		t.Fatal(err)
	}
	r.Lang, r.Place, r.User, r.Now = briefings.EN, place, user, now
	return w.Answer(t.Context(), r)
}

func pressed(t *testing.T, r Reply, label string) string {
	t.Helper()
	for _, b := range r.Buttons {
		if b.Label == label {
			return b.Line
		}
	}
	t.Fatalf("no button %q among %v", label, r.Buttons)
	return ""
}

// TestSinceILastLooked: each look begins where the one before ended, for each
// person by themselves; turning to another span and back is no look.
func TestSinceILastLooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.looks.fakeChanges = fakeChanges{
		{ID: "term:lake-levy", Kind: Updated, Seen: testNow.Add(90 * time.Minute)},
		{ID: "topic:velmora", Kind: Updated, Seen: testNow.Add(-time.Hour)},
		{ID: "event:2024-03-07-arden-bridge", Kind: Updated, Seen: testNow.Add(-2 * aDay)},
		{ID: "event:2026-02-10-truce-signed", Kind: Updated, Seen: testNow.Add(-8 * aDay)},
	}
	line := pressed(t, w.at(t, testNow, inGroup, "u1", "/velmora"), "What changed")
	look := func(hours int, user, line, wants string) Reply {
		t.Helper()
		r := w.at(t, testNow.Add(time.Duration(hours)*time.Hour), inGroup, user, line)
		var got []string
		for _, id := range r.Items {
			got = append(got, string(id))
		}
		if strings.Join(got, " ") != wants || !r.Private {
			t.Errorf("%s by %s after %d hours shows %v, private %v, want %s:\n%s", line, user, hours, got, r.Private, wants, r.Text())
		}
		return r
	}
	first := look(0, "u1", line, "topic:velmora event:2024-03-07-arden-bridge")
	day := look(0, "u1", pressed(t, first, "24 hours"), "topic:velmora")
	week := look(0, "u1", pressed(t, day, "7 days"), "topic:velmora event:2024-03-07-arden-bridge")
	look(0, "u1", pressed(t, week, "Since I last looked"), "topic:velmora event:2024-03-07-arden-bridge")
	quiet := look(1, "u1", line, "")
	if !strings.Contains(quiet.Text(), "Since you last looked, on 21 April 2026 at 09:30 (UTC).") || !strings.Contains(quiet.Text(), "Nothing changed.") {
		t.Errorf("a quiet hour reads\n%s", quiet.Text())
	}
	look(2, "u2", line, "term:lake-levy topic:velmora event:2024-03-07-arden-bridge")
	second := look(2, "u1", line, "term:lake-levy")
	look(3, "u1", pressed(t, second, "24 hours"), "term:lake-levy topic:velmora")
	look(4, "u1", pressed(t, look(3, "u1", pressed(t, second, "7 days"), "term:lake-levy topic:velmora event:2024-03-07-arden-bridge"), "Since I last looked"), "term:lake-levy")
	look(5, "u1", "/changes", "term:lake-levy topic:velmora event:2024-03-07-arden-bridge") // of one briefing is not of all
	look(6, "u1", line, "")
}

// TestAPlaceHasNoLooks: what a channel posts is nobody's, so nothing is
// remembered of it, and the answer is for all.
func TestAPlaceHasNoLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.at(t, testNow, inGroup, "", "/changes velmora since:look")
	if r.Private || len(w.looks.looked) != 0 || !strings.Contains(r.Text(), "In the last 7 days.") {
		t.Errorf("private %v, looks %v:\n%s", r.Private, w.looks.looked, r.Text())
	}
	for _, b := range r.Buttons {
		if strings.Contains(b.Line, "look") {
			t.Errorf("offers %s", b.Line)
		}
	}
}

func TestSpansOfChanges(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"/changes since:24h":                        "In the last 24 hours.",
		"/changes since:24 hours":                   "In the last 24 hours.",
		"/changements depuis:7 jours":               "In the last 7 days.",
		"/changes velmora since:7d":                 "In the last 7 days.",
		"/changes since:last month":                 "Since 1 March 2026.",
		"/changes since:2026-04-20":                 "Since 20 April 2026.",
		"/changes since:someday":                    "I do not understand “someday” as a date.",
		"/changes looked:zzzzzzzzzzzz":              "You have not looked here before",
		"/changes looked:-5":                        "You have not looked here before",
		"/changes depuis:depuis ma dernière visite": "You have not looked here before",
	} {
		if got := newWorld(t).at(t, testNow, inPrivate, "u1", line).Text(); !strings.Contains(got, want) {
			t.Errorf("%s answers\n%s\nwant %s", line, got, want)
		}
	}
}
