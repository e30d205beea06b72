package commands

import (
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

// TestWhyTellsWhatBecameOfThem shows every way a digest can end or wait.
func TestWhyTellsWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 4, d, 5, 0, 0, 0, time.UTC) }
	link := func(n string) string { return "https://discord.com/channels/1/900/" + n }
	past := []Sending{
		{Slot: day(21), When: day(21).Add(5 * time.Hour), State: SendComing, Cause: CauseQuietHours, Parts: 1},
		{Slot: day(20), When: testNow.Add(40 * time.Minute), State: SendComing, Cause: StopForbidden + ":Send Messages", Parts: 1},
		{Slot: day(19), When: testNow.Add(time.Minute), State: SendComing, Parts: 2},
		{Slot: day(18), When: day(18), State: SendComing, Parts: 1},
		{Slot: day(17), When: day(17).Add(2 * time.Second), State: SendArrived, Parts: 1, Arrived: 1, Links: []string{link("1")}},
		{Slot: day(16), When: day(16).Add(3 * time.Hour), State: SendArrived, Parts: 3, Arrived: 3, Links: []string{link("2"), link("3"), link("4")}},
		{Slot: day(15), When: day(16), State: SendArrived, Parts: 1, Arrived: 1, InChat: true},
		{Slot: day(15).Add(time.Hour), When: day(15).Add(time.Hour), State: SendArrived, Asked: true, Parts: 1, Arrived: 1},
		{Slot: day(14), When: day(14), State: SendPartly, Parts: 3, Arrived: 2, Cause: StopGone, Links: []string{link("5"), link("6")}},
		{Slot: day(13), When: day(13), State: SendDoubt, Parts: 1},
		{Slot: day(12), When: day(12), State: SendQuiet},
		{Slot: day(11), When: day(11), State: SendLate},
		{Slot: day(10), When: day(10), State: SendHeld},
		{Slot: day(9), When: day(9), State: SendRefused, Cause: StopThread, Parts: 1},
		{Slot: day(8), When: day(8), State: SendFault, Parts: 1},
	}
	for _, lang := range briefings.Langs {
		w := worldWith(t, standing(inServer))
		w.digests.past = map[string][]Sending{"d1": past}
		r := w.inLang(t, inServer, lang, "/digest why")
		golden(t, "digest-why-all."+string(lang), show(r))
		checkReply(t, w.Table(), r)
		if lang == briefings.FR && plainSpace.MatchString(r.Text()) {
			t.Errorf("plain space: %q", plainSpace.FindString(r.Text()))
		}
		var links []string
		for _, b := range r.Blocks {
			for _, e := range b.Entries {
				for _, s := range e {
					if s.Kind == Link {
						links = append(links, s.URL[len(s.URL)-1:])
					}
				}
			}
		}
		if got := strings.Join(links, ""); got != "123456" {
			t.Errorf("links to %q, want each message that arrived", got)
		}
	}
}

// TestWhyTellsOfClockChanges: a time that is not there, one that comes twice,
// and clocks that changed are said, in the zone's own time.
func TestWhyTellsOfClockChanges(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v.UTC()
	}
	for _, tc := range []struct {
		name, zone string
		schedule   Schedule
		slots      []string
		want       []string
	}{
		{"forward", "Europe/Paris", "daily 02:30", []string{"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}, []string{
			"Saturday 28 March 2026 at 02:30 (Europe/Paris, UTC+1)",
			"Sunday 29 March 2026 at 03:00 (Europe/Paris, UTC+2); the clocks go forward and there is no 02:30 that day",
			"Monday 30 March 2026 at 02:30 (Europe/Paris, UTC+2)",
		}},
		{"back", "Europe/Paris", "daily 02:30", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}, []string{
			"Sunday 25 October 2026 at 02:30 (Europe/Paris, UTC+2); 02:30 comes twice that day, this is the first",
			"Monday 26 October 2026 at 02:30 (Europe/Paris, UTC+1); the clocks have changed since the one before",
		}},
		{"a plain morning", "America/New_York", "daily 07:00", []string{"2026-03-07T12:00:00Z", "2026-03-08T11:00:00Z"}, []string{
			"Saturday 7 March 2026 at 07:00 (America/New_York, UTC−5)",
			"Sunday 8 March 2026 at 07:00 (America/New_York, UTC−4); the clocks have changed since the one before",
		}},
		{"half hours", "Asia/Kathmandu", "daily 07:00", []string{"2026-03-07T01:15:00Z"}, []string{"Saturday 7 March 2026 at 07:00 (Asia/Kathmandu, UTC+5:45)"}},
		{"none", "UTC", "cron 0 7 * * *", []string{"2026-03-29T07:00:00Z"}, []string{"Sunday 29 March 2026 at 07:00 (UTC)"}},
	} {
		s := standing(inServer)
		s.Zone, s.Schedule = tc.zone, tc.schedule
		w := worldWith(t, s)
		w.digests.next = map[string][]Sending{}
		for _, slot := range tc.slots {
			w.digests.next["d1"] = append(w.digests.next["d1"], Sending{Slot: at(slot), When: at(slot), State: SendComing})
		}
		text := w.as(t, false, inServer, "/digest why").Text()
		for _, want := range tc.want {
			if !strings.Contains(text+"\n", "- "+want+"\n") {
				t.Errorf("%s: %s\nwant %s", tc.name, text, want)
			}
		}
	}
	s := standing(inServer)
	s.Schedule, s.QuietHours = "daily 05:00", "22:00-07:00"
	w := worldWith(t, s)
	w.digests.next = map[string][]Sending{"d1": {{Slot: at("2026-04-22T03:00:00Z"), When: at("2026-04-22T05:00:00Z"), State: SendComing, Cause: CauseQuietHours}}}
	if text := w.as(t, false, inServer, "/digest why").Text(); !strings.Contains(text, "at 05:00 (Europe/Paris, UTC+2); held by the quiet hours, it comes at 07:00 (Europe/Paris)") {
		t.Errorf("quiet hours: %s", text)
	}
}

// TestWhyNamesWhatComesAlong: digests of one place and hour are one message.
func TestWhyNamesWhatComesAlong(t *testing.T) {
	t.Parallel()
	other, french, later := standing(inServer), standing(inServer), standing(inServer)
	other.ID, other.Topics = "d2", []string{"lakes-union"}
	french.ID, french.Lang = "d3", briefings.FR
	later.ID, later.Next = "d4", later.Next.Add(time.Hour)
	w := worldWith(t, standing(inServer), other, french, later)
	text := w.as(t, false, inServer, "/digest why id:d1").Text()
	if !strings.Contains(text, "one message") || !strings.Contains(text, "d2 Lakes Union") || strings.Contains(text, "d3") || strings.Contains(text, "d4") {
		t.Errorf("says %s", text)
	}
	w.digests.subs[0].Paused = true
	if text := w.as(t, false, inServer, "/digest why id:d1").Text(); strings.Contains(text, "one message") || !strings.Contains(text, "Paused.") {
		t.Errorf("paused, it says %s", text)
	}
}
