package commands

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// as answers a line for somebody who does or does not administer the place.
func (w world) as(t testing.TB, isAdmin bool, place Place, line string) Reply {
	t.Helper()
	r, err := ParseLine(w.Table(), line)
	if err != nil {
		t.Fatal(err)
	}
	r.Lang, r.Place, r.User, r.Now, r.Admin = briefings.EN, place, "u1", testNow, admin(isAdmin)
	return w.Answer(t.Context(), r)
}

const complete = "/digest subscribe topics:velmora schedule:daily time:07:00 zone:Europe/Paris lang:en"

func TestChangingAPlaceIsForItsAdministrators(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		complete, "/digest subscribe", "/digest subscribe topics:velmora confirm:ask", "/digest stop id:d1", "/digest edit id:d1", "/digest pause id:d1",
		"/digest resume id:d1", "/digest now id:d1", "/settings scope:place lang:fr", "/forget scope:place confirm:yes",
	} {
		for _, place := range []Place{inGroup, inServer} {
			w := newWorld(t)
			w.as(t, true, place, complete)
			if err := w.prefs.Set(t.Context(), place.Destination, Settings{Lang: briefings.EN}); err != nil {
				t.Fatal(err)
			}
			before := slices.Clone(w.digests.subs)
			got := w.as(t, false, place, line)
			if !strings.Contains(got.Text(), "administer this place") || !got.Private {
				t.Errorf("%s in %s by anybody: %s", line, place, got.Text())
			}
			if len(w.digests.subs) != len(before) || w.digests.subs[0].Paused || len(w.digests.sent) != 0 || w.prefs.kept[place.Destination].Lang != briefings.EN {
				t.Errorf("%s in %s by anybody changed something", line, place)
			}
			if got := w.as(t, true, place, line); strings.Contains(got.Text(), "administer this place") {
				t.Errorf("%s in %s by an administrator: %s", line, place, got.Text())
			}
		}
	}
}

func TestNobodyAdministersByDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(t, briefings.EN, inGroup, complete)
	if len(w.digests.subs) != 0 {
		t.Error("subscribed without anybody saying who administers the place")
	}
	w.ask(t, briefings.EN, inPrivate, complete)
	if len(w.digests.subs) != 1 {
		t.Error("not subscribed in a private chat")
	}
}

func TestDigestNeedsTheAppInTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	place := inServer
	place.Postable = false
	if got := w.as(t, true, place, complete); !strings.Contains(got.Text(), "not in this server") || len(w.digests.subs) != 0 {
		t.Errorf("answers %s", got.Text())
	}
	if got := w.as(t, true, place, "/velmora"); !strings.Contains(got.Text(), "Mara Tolen") {
		t.Errorf("reading answers %s", got.Text())
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]Subscription{
		complete: {Topics: []string{"velmora"}, Schedule: "daily 07:00", Zone: "Europe/Paris", Lang: "en", WhenQuiet: "skip"},
		"/digest subscribe union, XV schedule:weekdays time:6h05 zone:UTC":                                                           {Topics: []string{"lakes-union", "velmora"}, Schedule: "weekdays 06:05", Zone: "UTC", Lang: "en", WhenQuiet: "skip"},
		"/digest subscribe all schedule:weekly day:sunday time:7 zone:paris lang:fr when_quiet:brief quiet_hours:22-7 text_only:yes": {Topics: []string{"lakes-union", "velmora"}, Schedule: "weekly sun 07:00", Zone: "Europe/Paris", Lang: "fr", WhenQuiet: "brief", QuietHours: "22:00-07:00", TextOnly: true},
		`/digest subscribe velmora schedule:"cron 0 7 * * 1-5" zone:UTC`:                                                             {Topics: []string{"velmora"}, Schedule: "cron 0 7 * * 1-5", Zone: "UTC", Lang: "en", WhenQuiet: "skip"},
		`/digest subscribe velmora schedule:cron time:"0 7 * * 1-5" zone:UTC`:                                                        {Topics: []string{"velmora"}, Schedule: "cron 0 7 * * 1-5", Zone: "UTC", Lang: "en", WhenQuiet: "skip"},
		`/digest subscribe velmora schedule:"weekly mon 07:00" zone:UTC`:                                                             {Topics: []string{"velmora"}, Schedule: "weekly mon 07:00", Zone: "UTC", Lang: "en", WhenQuiet: "skip"},
		"/digest abonner sujets:velmora rythme:quotidien heure:07:00 fuseau:UTC langue:français":                                     {Topics: []string{"velmora"}, Schedule: "daily 07:00", Zone: "UTC", Lang: "fr", WhenQuiet: "skip"},
	} {
		w := newWorld(t)
		got := w.as(t, true, inServer, line)
		if len(w.digests.subs) != 1 {
			t.Errorf("%s: %s", line, got.Text())
			continue
		}
		s := w.digests.subs[0]
		if s.To != inServer.Destination || s.Guild != "1" || !slices.Equal(s.Topics, want.Topics) || s.Schedule != want.Schedule || s.Zone != want.Zone ||
			s.Lang != want.Lang || s.WhenQuiet != want.WhenQuiet || s.QuietHours != want.QuietHours || s.TextOnly != want.TextOnly {
			t.Errorf("%s:\n got %+v\nwant %+v", line, s, want)
		}
		// What it would be subscribed with again is the same.
		again := newWorld(t)
		again.as(t, true, inServer, subscription(s).Line())
		if len(again.digests.subs) != 1 || again.digests.subs[0].Schedule != s.Schedule || again.digests.subs[0].QuietHours != s.QuietHours {
			t.Errorf("%s does not subscribe again", subscription(s).Line())
		}
	}
}

func TestSubscribeRefuses(t *testing.T) {
	t.Parallel()
	for option, says := range map[string]string{
		"topics:velmra": "no briefing", "time:25:00": "time of day", "zone:Europe/Pari": "no time zone", "zone:local": "no time zone", "schedule:hourly": "schedule",
		"schedule:cron": "five fields", "quiet_hours:late": "span of hours", "lang:de": "no choice", `schedule:"cron 0 7 31 2 *"`: "never comes", "zone:Nowhere/": "no time zone",
	} {
		w := newWorld(t)
		key, _, _ := strings.Cut(option, ":")
		var line strings.Builder
		line.WriteString("/digest subscribe")
		for _, o := range strings.Fields(complete)[2:] {
			if !strings.HasPrefix(o, key+":") {
				line.WriteString(" " + o)
			}
		}
		got := w.as(t, true, inServer, line.String()+" "+option)
		if len(w.digests.subs) != 0 || !strings.Contains(got.Text(), says) {
			t.Errorf("%s says %s, want %q", line.String()+" "+option, got.Text(), says)
		}
	}
}

// TestWizard presses its way through to a subscription.
func TestWizard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.as(t, true, inServer, "/digest subscribe")
	for _, label := range []string{"Velmora", "Lakes Union", "✓ Velmora", "Go on", "Once a week", "Tuesday", "07:00", "Europe…", "Paris", "French", "Confirm"} {
		line := ""
		for _, b := range at.Buttons {
			if b.Label == label {
				line = b.Line
			}
		}
		for page := 0; line == "" && page < 5; page++ { // a zone may be on a further page
			for _, b := range at.Buttons {
				if b.Label == "Next ›" {
					at = w.as(t, true, inServer, b.Line)
					break
				}
			}
			for _, b := range at.Buttons {
				if b.Label == label {
					line = b.Line
				}
			}
		}
		if line == "" {
			t.Fatalf("no button %q on %+v", label, at.Buttons)
		}
		if len(w.digests.subs) != 0 {
			t.Fatalf("subscribed before %q", label)
		}
		at = w.as(t, true, inServer, line)
	}
	if len(w.digests.subs) != 1 {
		t.Fatalf("not subscribed: %s", at.Text())
	}
	s := w.digests.subs[0]
	if s.Schedule != "weekly tue 07:00" || s.Zone != "Europe/Paris" || s.Lang != briefings.FR || !slices.Equal(s.Topics, []string{"lakes-union"}) {
		t.Errorf("subscribed %+v", s)
	}
}

func TestDigestCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as(t, true, inServer, complete)
	golden(t, "digest-listed.en", show(w.as(t, false, inServer, "/digest list")))
	golden(t, "digest-preview.en", show(w.as(t, false, inServer, "/digest preview")))
	golden(t, "digest-why.fr", show(w.ask(t, briefings.FR, inServer, "/digest why")))
	w.as(t, true, inServer, "/digest pause id:d1")
	if !w.digests.subs[0].Paused {
		t.Error("not paused")
	}
	w.as(t, true, inServer, "/digest resume")
	if w.digests.subs[0].Paused {
		t.Error("not resumed")
	}
	w.as(t, true, inServer, "/digest now")
	if !slices.Equal(w.digests.sent, []string{"d1"}) {
		t.Errorf("sent %v", w.digests.sent)
	}
	if got := w.as(t, true, inServer, "/digest stop id:d9"); len(w.digests.subs) != 1 || !strings.Contains(got.Text(), "no digest “d9”") {
		t.Errorf("a wrong id: %s", got.Text())
	}
	if got := w.as(t, true, inGroup, "/digest stop id:d1"); len(w.digests.subs) != 1 {
		t.Errorf("another place stopped it: %s", got.Text())
	}
	w.as(t, true, inServer, "/digest stop id:d1")
	if len(w.digests.subs) != 0 {
		t.Error("not stopped")
	}
}

func TestDigestContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	week := Window{From: testNow.Add(-7 * 24 * time.Hour), To: testNow}
	for name, tc := range map[string]struct {
		sub    Subscription
		window Window
	}{
		"first":   {Subscription{ID: "d1", Topics: []string{"lakes-union", "velmora"}, Zone: "UTC"}, Window{To: testNow}},
		"changes": {Subscription{ID: "d1", Topics: []string{"lakes-union", "velmora"}, Zone: "UTC"}, week},
		"quiet":   {Subscription{ID: "d1", Topics: []string{"velmora"}, Zone: "UTC", WhenQuiet: "brief"}, Window{From: testNow.Add(-time.Hour), To: testNow}},
	} {
		for _, lang := range briefings.Langs {
			tc.sub.Lang = lang
			r, err := w.Digest(t.Context(), tc.sub, tc.window, testNow)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "digest-content-"+name+"."+string(lang), show(r))
			checkReply(t, w.Table(), r)
			if name != "quiet" {
				checkCited(t, r)
			}
			if !slices.ContainsFunc(r.Buttons, func(b Button) bool { return b.Label == Words(lang).Stop && b.Line == "/digest stop id:d1" }) {
				t.Errorf("%s does not say how to stop", name)
			}
		}
	}
}

func TestManyChangesStayReadable(t *testing.T) {
	t.Parallel()
	p := briefingstest.Synthetic(3000)
	c := coreOf(p)
	var changes fakeChanges
	for _, e := range p.Events[:300] {
		changes = append(changes, Change{ID: e.ID(), Kind: Added, Seen: testNow.Add(-time.Hour)})
	}
	changes[200].Kind = Corrected
	c.changes = changes
	s := Subscription{ID: "d1", Zone: "UTC", Lang: briefings.EN}
	for _, topic := range p.Topics {
		s.Topics = append(s.Topics, topic.Slug)
	}
	r, err := c.Digest(t.Context(), s, Window{testNow.Add(-2 * time.Hour), testNow}, testNow)
	if err != nil {
		t.Fatal(err)
	}
	checkReply(t, c.Table(), r)
	checkCited(t, r)
	if r.Items[0] != changes[200].ID {
		t.Errorf("begins with %s, want the correction", r.Items[0])
	}
}

func TestDigestWindowIsHalfOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := testNow.Add(-25 * time.Hour) // the briefing on velmora was updated
	s := Subscription{ID: "d1", Topics: []string{"velmora"}, Zone: "UTC", Lang: briefings.EN}
	if _, err := w.Digest(t.Context(), s, Window{seen.Add(-time.Minute), seen}, testNow); !errors.Is(err, ErrQuiet) {
		t.Errorf("what is seen at the end of a window belongs to the next: %v", err)
	}
	if r, err := w.Digest(t.Context(), s, Window{seen, seen.Add(time.Minute)}, testNow); err != nil || !slices.Contains(r.Items, "topic:velmora") {
		t.Errorf("what is seen at the start of a window belongs to it: %v, %v", r.Items, err)
	}
	s.Topics = []string{"fog"}
	if _, err := w.Digest(t.Context(), s, Window{To: testNow}, testNow); !errors.Is(err, ErrQuiet) {
		t.Errorf("a digest of a draft: %v", err)
	}
}
