package commands

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
)

// standing is a digest with a history that no edit may touch.
func standing(place Place) Subscription {
	return Subscription{
		ID: "d1", To: place.Destination, Guild: place.Guild, Topics: []string{"velmora"}, Schedule: "daily 07:00", Zone: "Europe/Paris", Lang: briefings.EN, WhenQuiet: "skip",
		Owner: "u7", Last: testNow.Add(-time.Hour), Created: testNow.AddDate(0, -1, 0), Next: time.Date(2026, 4, 22, 5, 0, 0, 0, time.UTC),
	}
}

func worldWith(t testing.TB, subs ...Subscription) world {
	t.Helper()
	w := newWorld(t)
	w.digests.subs, w.digests.made = subs, len(subs)
	return w
}

// TestEditByCommand changes every option with one line, and nothing else.
func TestEditByCommand(t *testing.T) {
	t.Parallel()
	for line, change := range map[string]func(*Subscription){
		"time:08:00":                  func(s *Subscription) { s.Schedule = "daily 08:00" },
		"heure:6h15":                  func(s *Subscription) { s.Schedule = "daily 06:15" },
		"topics:union,velmora":        func(s *Subscription) { s.Topics = []string{"lakes-union", "velmora"} },
		"topics:all":                  func(s *Subscription) { s.Topics = []string{"lakes-union", "velmora"} },
		"schedule:weekdays":           func(s *Subscription) { s.Schedule = "weekdays 07:00" },
		"schedule:weekly day:tue":     func(s *Subscription) { s.Schedule = "weekly tue 07:00" },
		"day:sunday":                  func(s *Subscription) { s.Schedule = "weekly sun 07:00" },
		"day:dimanche time:18":        func(s *Subscription) { s.Schedule = "weekly sun 18:00" },
		`schedule:"weekly fri 09:30"`: func(s *Subscription) { s.Schedule = "weekly fri 09:30" },
		`schedule:"cron 0 7 * * 1-5"`: func(s *Subscription) { s.Schedule = "cron 0 7 * * 1-5" },
		"zone:UTC":                    func(s *Subscription) { s.Zone = "UTC" },
		"lang:fr":                     func(s *Subscription) { s.Lang = briefings.FR },
		"when_quiet:brief":            func(s *Subscription) { s.WhenQuiet = "brief" },
		"quiet_hours:22-7":            func(s *Subscription) { s.QuietHours = "22:00-07:00" },
		"heures_calmes:aucune":        func(*Subscription) {},
		"text_only:yes":               func(s *Subscription) { s.TextOnly = true },
		"time:08:00 lang:fr quiet_hours:21:30-06:00 zone:Africa": nil,
		"time:08:00 lang:fr quiet_hours:21:30-06:00":             func(s *Subscription) { s.Schedule, s.Lang, s.QuietHours = "daily 08:00", briefings.FR, "21:30-06:00" },
	} {
		want := standing(inServer)
		w := worldWith(t, want)
		got := w.as(t, true, inServer, "/digest edit id:d1 "+line)
		if change != nil {
			change(&want)
		}
		if d := cmp.Diff([]Subscription{want}, w.digests.subs); d != "" {
			t.Errorf("%s: %s\n%s", line, d, got.Text())
		}
		checkReply(t, w.Table(), got)
	}
}

// TestEditTakesBack puts every option back to what it was.
func TestEditTakesBack(t *testing.T) {
	t.Parallel()
	rich := standing(inServer)
	rich.Schedule, rich.QuietHours, rich.WhenQuiet, rich.TextOnly = "weekly mon 07:00", "22:00-07:00", "brief", true
	for line, change := range map[string]func(*Subscription){
		"quiet_hours:none": func(s *Subscription) { s.QuietHours = "" },
		"when_quiet:skip":  func(s *Subscription) { s.WhenQuiet = "skip" },
		"text_only:no":     func(s *Subscription) { s.TextOnly = false },
		"time:09:00":       func(s *Subscription) { s.Schedule = "weekly mon 09:00" },
		"schedule:daily":   func(s *Subscription) { s.Schedule = "daily 07:00" },
	} {
		want := rich
		change(&want)
		w := worldWith(t, rich)
		got := w.as(t, true, inServer, "/digest edit "+line) // the only one needs no id
		if d := cmp.Diff([]Subscription{want}, w.digests.subs); d != "" {
			t.Errorf("%s: %s\n%s", line, d, got.Text())
		}
	}
}

// press follows the button of a label, over pages when it is on a later one.
func (w world) press(t *testing.T, place Place, at Reply, label, next string) Reply {
	t.Helper()
	for range 10 {
		onward := ""
		for _, b := range at.Buttons {
			switch b.Label {
			case label:
				return w.inLang(t, place, at.Lang, b.Line)
			case next:
				onward = b.Line
			}
		}
		if onward == "" {
			break
		}
		at = w.inLang(t, place, at.Lang, onward)
	}
	t.Fatalf("no button %q on %s", label, show(at))
	return at
}

func (w world) inLang(t *testing.T, place Place, lang briefings.Lang, line string) Reply {
	t.Helper()
	r, err := ParseLine(w.Table(), line)
	if err != nil {
		t.Fatal(err)
	}
	r.Lang, r.Place, r.User, r.Now, r.Admin = lang, place, "u1", testNow, admin(true)
	return w.Answer(t.Context(), r)
}

// TestEditByButtons changes every option without typing, in both languages,
// each time from the message the last change left.
func TestEditByButtons(t *testing.T) {
	t.Parallel()
	for lang, presses := range map[briefings.Lang][]string{
		briefings.EN: {
			"Other briefings", "Lakes Union", "✓ Velmora", "Go on", "Other days", "Once a week", "Tuesday", "Other time", "18:00", "Other time zone", "Africa…", "Bamako",
			"Other language", "French", "Quiet hours", "22:00-07:00", "One line on quiet days", "Text only",
		},
		briefings.FR: {
			"Autres dossiers", "Union des Lacs", "✓ Velmora", "Continuer", "Autres jours", "Une fois par semaine", "Mardi", "Autre heure", "18:00", "Autre fuseau", "Africa…", "Bamako",
			"Autre langue", "Français", "Heures calmes", "22:00-07:00", "Une ligne les jours calmes", "Texte seul",
		},
	} {
		want := standing(inGroup)
		w := worldWith(t, want, standingOf("d2", "union"))
		at := w.inLang(t, inGroup, lang, "/digest edit id:d1")
		for _, label := range presses {
			at = w.press(t, inGroup, at, label, Words(lang).Next)
			checkReply(t, w.Table(), at)
			if lang == briefings.FR && plainSpace.MatchString(strings.Split(at.Text(), "/digest")[0]) {
				t.Errorf("plain space in %s", at.Text())
			}
		}
		want.Topics, want.Schedule, want.Zone, want.Lang = []string{"lakes-union"}, "weekly tue 18:00", "Africa/Bamako", briefings.FR
		want.QuietHours, want.WhenQuiet, want.TextOnly = "22:00-07:00", "brief", true
		if d := cmp.Diff(want, w.digests.subs[0]); d != "" {
			t.Errorf("in %s: %s", lang, d)
		}
		for _, label := range map[briefings.Lang][]string{
			briefings.EN: {"Quiet hours", "None", "Nothing on quiet days", "With pictures"}, briefings.FR: {"Heures calmes", "Aucune", "Rien les jours calmes", "Avec images"},
		}[lang] {
			at = w.press(t, inGroup, at, label, Words(lang).Next)
		}
		want.QuietHours, want.WhenQuiet, want.TextOnly = "", "skip", false
		if d := cmp.Diff(want, w.digests.subs[0]); d != "" {
			t.Errorf("taken back in %s: %s", lang, d)
		}
	}
}

func standingOf(id, topic string) Subscription {
	s := standing(inGroup)
	s.ID, s.Topics = id, []string{topic}
	return s
}

// TestOldButtonsChangeNothingBack: a message that stood for a while knows only
// what its buttons change.
func TestOldButtonsChangeNothingBack(t *testing.T) {
	t.Parallel()
	w := worldWith(t, standing(inServer))
	old := w.as(t, true, inServer, "/digest edit id:d1")
	w.as(t, true, inServer, "/digest edit id:d1 lang:fr time:09:00")
	w.press(t, inServer, old, "Text only", "")
	if s := w.digests.subs[0]; !s.TextOnly || s.Lang != briefings.FR || s.Schedule != "daily 09:00" {
		t.Errorf("edited to %+v", s)
	}
}

func TestEditAsksForWhatIsMissing(t *testing.T) {
	t.Parallel()
	weekly, cron := standing(inServer), standing(inServer)
	weekly.Schedule, cron.Schedule = "weekly mon 07:00", "cron 0 7 * * 1-5"
	for _, tc := range []struct {
		sub        Subscription
		line, says string
		press      string
		want       Schedule
	}{
		{standing(inServer), "schedule:weekly", "On which day?", "Friday", "weekly fri 07:00"},
		{weekly, "schedule:weekly", "On which day?", "Friday", "weekly fri 07:00"},
		{cron, "schedule:daily", "At what time?", "19:00", "daily 19:00"},
		{cron, "day:fri", "At what time?", "19:00", "weekly fri 19:00"},
		{cron, "time:08:00", "How often?", "Monday to Friday", "weekdays 08:00"},
		{standing(inServer), "zone:Africa/", "In which time zone?", "Bamako", "daily 07:00"},
	} {
		w := worldWith(t, tc.sub)
		at := w.as(t, true, inServer, "/digest edit id:d1 "+tc.line)
		if !strings.Contains(at.Text(), tc.says) || !cmp.Equal(w.digests.subs[0], tc.sub) {
			t.Errorf("%s: %s; want it to ask first", tc.line, at.Text())
		}
		w.press(t, inServer, at, tc.press, "Next ›")
		if got := w.digests.subs[0].Schedule; got != tc.want {
			t.Errorf("%s and %q: %s, want %s", tc.line, tc.press, got, tc.want)
		}
	}
}

// TestEditRefusesKindly: nothing changes, and every refusal leads on.
func TestEditRefusesKindly(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"/digest edit id:d1 time:25:00": "time of day", "/digest edit id:d1 zone:Europe/Pari": "no time zone", "/digest edit id:d1 topics:velmra": "no briefing",
		"/digest edit id:d1 topics:none": "at least one", "/digest edit id:d1 quiet_hours:late": "span of hours", "/digest edit id:d1 quiet_hours:7-7": "span of hours",
		"/digest edit id:d1 lang:de": "no choice", "/digest edit id:d1 schedule:hourly": "schedule", `/digest edit id:d1 schedule:"cron 0 7 31 2 *"`: "never comes",
		"/digest edit id:d9 time:08:00": "no digest “d9”", "/digest edit time:08:00": "Which one?",
	} {
		w := worldWith(t, standing(inServer), func() Subscription { s := standing(inServer); s.ID = "d2"; return s }())
		before := slices.Clone(w.digests.subs)
		r := w.as(t, true, inServer, line)
		if d := cmp.Diff(before, w.digests.subs); d != "" || !strings.Contains(r.Text(), says) || !r.Private {
			t.Errorf("%s: %s %s, want %q", line, d, r.Text(), says)
		}
		if !strings.Contains(line, "cron 0 7 31") && len(r.Buttons) == 0 { // the fake names no way on
			t.Errorf("%s leads nowhere: %s", line, show(r))
		}
		for _, b := range r.Buttons { // of two digests it changes the one asked for, and nothing else of it
			to, err := ParseLine(w.Table(), b.Line)
			given := slices.DeleteFunc(slices.Sorted(maps.Keys(to.Options)), func(name string) bool { return name == "id" || name == "pick" })
			if strings.Contains(line, "id:d1") && (err != nil || to.Sub == "edit" && (to.Option("id") != "d1" || len(given) > 1)) {
				t.Errorf("%s leads to %s, %v", line, b.Line, err)
			}
		}
	}
	w := worldWith(t, standing(inServer))
	if w.as(t, true, inGroup, "/digest edit id:d1 time:08:00"); w.digests.subs[0].Schedule != "daily 07:00" {
		t.Error("another place changed it")
	}
}

// TestEditKeepsWhatIsNotPublishedAnyMore: a briefing that is withdrawn does not
// stand in the way of another hour.
func TestEditKeepsWhatIsNotPublishedAnyMore(t *testing.T) {
	t.Parallel()
	s := standing(inServer)
	s.Topics = []string{"fog", "velmora"}
	w := worldWith(t, s)
	if r := w.as(t, true, inServer, "/digest edit id:d1 time:08:00"); w.digests.subs[0].Schedule != "daily 08:00" || len(w.digests.subs[0].Topics) != 2 {
		t.Errorf("%+v: %s", w.digests.subs[0], r.Text())
	}
}

// TestEditIsAnOverlay: what is given stands, all else stays, and the same line
// again changes nothing more.
func TestEditIsAnOverlay(t *testing.T) {
	t.Parallel()
	c := newWorld(t).Core
	rapid.Check(t, func(t *rapid.T) {
		pickOf := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
		old := Subscription{
			Topics: []string{pickOf("topic", "velmora", "lakes-union")}, Schedule: Schedule(pickOf("schedule", "daily 07:00", "weekdays 06:30", "weekly sun 07:00")),
			Zone: pickOf("zone", "UTC", "Europe/Paris"), Lang: briefings.Lang(pickOf("lang", "en", "fr")), WhenQuiet: pickOf("quiet", "skip", "brief"),
			QuietHours: pickOf("hours", "", "22:00-07:00"), TextOnly: rapid.Bool().Draw(t, "text"), ID: "d1", Owner: "u2", Paused: rapid.Bool().Draw(t, "paused"),
		}
		want, options := old, map[string]string{}
		give := func(name, value string, set func()) {
			if rapid.Bool().Draw(t, "give "+name) {
				options[name] = value
				set()
			}
		}
		zone := pickOf("new zone", "Africa/Bamako", "Asia/Kathmandu")
		give("zone", zone, func() { want.Zone = zone })
		give("lang", "fr", func() { want.Lang = "fr" })
		give("when_quiet", "brief", func() { want.WhenQuiet = "brief" })
		give("quiet_hours", "none", func() { want.QuietHours = "" })
		give("text_only", "no", func() { want.TextOnly = false })
		give("topics", "velmora,lakes-union", func() { want.Topics = []string{"lakes-union", "velmora"} })
		give("time", "09:45", func() {
			f := strings.Fields(string(old.Schedule))
			f[len(f)-1] = "09:45"
			want.Schedule = Schedule(strings.Join(f, " "))
		})
		r := Request{Command: "digest", Sub: "edit", Options: options, Lang: briefings.EN, Now: testNow}
		got, err := c.edit(c.view(), r, old)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Fatalf("%v: %v\n%s", options, err, d)
		}
		if again, err := c.edit(c.view(), r, got); err != nil || !cmp.Equal(got, again) {
			t.Fatalf("%v again: %+v, %v", options, again, err)
		}
	})
}

func TestEditReads(t *testing.T) {
	t.Parallel()
	for _, lang := range briefings.Langs {
		w := worldWith(t, standing(inServer))
		golden(t, "digest-edit."+string(lang), show(w.inLang(t, inServer, lang, "/digest edit")))
		golden(t, "digest-edit-topics."+string(lang), show(w.inLang(t, inServer, lang, "/digest edit pick:topics")))
		golden(t, "digest-edit-quiet."+string(lang), show(w.inLang(t, inServer, lang, "/digest edit pick:quiet_hours")))
		golden(t, "digest-edited."+string(lang), show(w.inLang(t, inServer, lang, "/digest edit topics:all time:08:00")))
		w.digests.subs[0].Paused = true
		golden(t, "digest-edited-same."+string(lang), show(w.inLang(t, inServer, lang, "/digest edit time:08:00")))
	}
}
