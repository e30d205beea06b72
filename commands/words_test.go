package commands

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"griot/briefings"
)

// TestTopicsByAnyName holds that a topic opens under whatever it goes by.
func TestTopicsByAnyName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, line := range []string{
		"/union", "/lakes-union", "/LU", "/ul", "/Lakes Union", "/union des lacs", "/UNION DES LACS section:summary", "/lakesunion section:summary", "lakes union",
	} {
		r, err := ParseLine(w.Table(), line)
		if line == "/lakesunion section:summary" { // near, and not its name
			if e, ok := errors.AsType[*UserError](err); !ok || len(e.Try) == 0 || e.Try[0] != "/union" {
				t.Errorf("%s: %v offers %+v", line, err, e)
			}
			continue
		}
		if err != nil || r.Command != "union" {
			t.Errorf("%s asks for %+v, %v", line, r, err)
		}
	}
	if r, err := ParseLine(w.Table(), "/union des lacs section:figures lang:fr"); err != nil || len(r.Options) != 2 || r.Options["section"] != "figures" {
		t.Errorf("options behind a long name: %+v, %v", r, err)
	}
	if r, err := ParseLine(w.Table(), "/velmora figures"); err != nil || r.Options["section"] != "figures" {
		t.Errorf("a section behind a command: %+v, %v", r, err)
	}
}

// TestQuestionsAreNoCommand holds that plain words which begin with a topic's
// name are not refused for a section nobody asked for.
func TestQuestionsAreNoCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for line, want := range map[string]bool{
		"velmora bridge attack": true, "union des lacs what now": true,
		"velmora": false, "velmora figures": false, "velmora what is not known": false, "velmora section:nonsense": false, "/velmora bridge attack": false,
	} {
		if _, err := ParseLine(w.Table(), line); errors.Is(err, ErrNoCommand) != want {
			t.Errorf("%q: %v, want no command: %v", line, err, want)
		}
	}
}

func TestValuesOfSeveralWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for line, want := range map[string]map[string]string{
		"/timeline from:last month":                             {"from": "last month"},
		"/timeline from:1er janvier 2025 to:15 janvier 2025":    {"from": "1er janvier 2025", "to": "15 janvier 2025"},
		"/timeline from:2025 velmora":                           {"from": "2025", "topic": "velmora"},
		"/timeline from:last month velmora":                     {"from": "last month", "topic": "velmora"},
		"/timeline country:Port Selm velmora":                   {"country": "Port Selm", "topic": "velmora"},
		"/timeline actor:River Front union":                     {"actor": "River Front", "topic": "union"},
		"/timeline kind:human rights velmora":                   {"kind": "human rights", "topic": "velmora"},
		"/timeline kind:coup d'état":                            {"kind": "coup d'état"},
		"/latest since:last month":                              {"since": "last month"},
		`/timeline country:"Port" Selm`:                         {"country": "Port", "topic": "Selm"},
		"/timeline from: last month":                            {"from": "last", "topic": "month"},
		"/timeline topic:velmora from:the end of the last year": {"topic": "velmora", "from": "the end of the last year"},
	} {
		r, err := ParseLine(w.Table(), line)
		if line == "/timeline from: last month" {
			continue // the space is forgiven by another rule, tested with the lines
		}
		if err != nil || len(r.Options) != len(want) {
			t.Errorf("%s: %v, %v", line, r.Options, err)
		}
		for k, v := range want {
			if r.Options[k] != v {
				t.Errorf("%s: %s is %q, want %q", line, k, r.Options[k], v)
			}
		}
	}
}

func TestUnknownOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for line, try := range map[string]string{
		"/timeline form:2025":            "/timeline from:2025",
		"/timeline velmora dates:2025":   "/help command:timeline",
		"/velmora sectoin:figures":       "/velmora section:figures",
		"/chronologie sujt:velmora":      "/timeline topic:velmora",
		"/digest subscribe topcs:x":      "/digest subscribe topics:x",
		"/timeline depuis:2025":          "/help command:timeline",
		"/digest subscribe nothing:here": `/help command:"digest subscribe"`,
	} {
		_, err := ParseLine(w.Table(), line)
		e, ok := errors.AsType[*UserError](err)
		if !ok || !slices.Contains(e.Try, try) || strings.Contains(e.Say.FR, "%!") || e.Say.EN == e.Say.FR {
			t.Errorf("%s: %v offers %+v, want %s", line, err, e, try)
			continue
		}
		for _, l := range e.Try {
			if _, err := ParseLine(w.Table(), l); err != nil {
				t.Errorf("%s offers %s, which is refused: %v", line, l, err)
			}
		}
	}
	for _, line := range []string{"/search who:what", "/who http://a.example", "/timeline 12:30"} {
		if _, err := ParseLine(w.Table(), line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestDatesAmongWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for said, want := range map[string][3]string{
		"velmora 2025":                     {"velmora", "2025-01-01", "2025-12-31"},
		"2025 velmora":                     {"velmora", "2025-01-01", "2025-12-31"},
		"march 2024 in velmora":            {"velmora", "2024-03-01", "2024-03-31"},
		"mars 2024 au velmora":             {"velmora", "2024-03-01", "2024-03-31"},
		"velmora since 2025":               {"velmora", "2025-01-01", ""},
		"velmora depuis mars 2025":         {"velmora", "2025-03-01", ""},
		"velmora until 2024":               {"velmora", "", "2024-12-31"},
		"velmora jusqu’en mars 2024":       {"velmora", "", "2024-03-31"},
		"velmora from 2024 to march 2025":  {"velmora", "2024-01-01", "2025-03-31"},
		"velmora entre 2024 et 2025":       {"velmora", "2024-01-01", "2025-12-31"},
		"de 2024 à 2025":                   {"", "2024-01-01", "2025-12-31"},
		"since 2025":                       {"", "2025-01-01", ""},
		"union des lacs":                   {"union des lacs", "", ""},
		"nothing of the kind":              {"nothing of the kind", "", ""},
		"2025 nothing":                     {"2025 nothing", "", ""},
		strings.Repeat("2025 ", 200) + "x": {strings.Repeat("2025 ", 200) + "x", "", ""},
	} {
		topic, from, to := splitDates(w.view(), Request{Lang: briefings.FR, Now: testNow}, said)
		if got := [3]string{topic, from, to}; got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

// TestNothingResembles holds that signs and pictures are not said to be near a name.
func TestNothingResembles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, line := range []string{"/who 🐒", "/timeline 🐒", "/timeline actor:🐒", "/define …"} {
		if text := show(w.ask(t, briefings.EN, inGroup, line)); strings.Contains(text, "nearest") {
			t.Errorf("%s: %s", line, text)
		}
	}
	if got := clip("a\u202eb\u2066c\u200fd"); got != "a b c d" {
		t.Errorf("says %q back", got)
	}
	_, err := ParseLine(w.Table(), "/")
	if e, ok := errors.AsType[*UserError](err); !ok || strings.Contains(e.Say.EN, "/.") || !slices.Equal(e.Try, []string{"/help"}) {
		t.Errorf("an empty command: %v", err)
	}
}

// TestTheFirstWordsAreNear holds that who writes on behind a name, as people do,
// is led to what it names.
func TestTheFirstWordsAreNear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, line := range []string{"/digest subscribe Lakes Union daily 7:00 Europe/Paris", "/timeline lakes union in the rain"} {
		got := w.as(t, true, inGroup, line)
		if text := show(got); !strings.Contains(text, "The nearest is Lakes Union.") || len(got.Buttons) == 0 || !strings.Contains(got.Buttons[0].Line, "topics:lakes-union") && !strings.Contains(got.Buttons[0].Line, "topic:lakes-union") {
			t.Errorf("%s: %s\n%+v", line, text, got.Buttons)
		}
	}
}

// TestAgeOfATimeline holds that a timeline is as old as the briefing on what
// was asked for, not as the youngest its events touch.
func TestAgeOfATimeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for line, want := range map[string]string{
		"/timeline": "2026-04", "/timeline country:XV": "2026-04-20", "/timeline country:velmora": "2026-04-20", "/timeline actor:velmora": "2026-04-20",
		"/who velmora": "2026-04-20", "/who lakes-union": "2026-04", "/timeline topic:velmora": "2026-04-20", "/timeline actor:lakes-union": "2026-04", "/timeline country:XO": "2026-04",
	} {
		if got := w.ask(t, briefings.EN, inGroup, line).AsOf.String(); got != want {
			t.Errorf("%s is as of %s, want %s", line, got, want)
		}
	}
	if text := show(w.ask(t, briefings.EN, inGroup, "/timeline country:XV from:2026-05")); !strings.Contains(text, "no further than 20 April 2026") {
		t.Error(text)
	}
}

func TestClockWords(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"7am": "07:00", "7 am": "07:00", "7:30pm": "19:30", "12am": "00:00", "12:05pm": "12:05", "7PM": "19:00", "7h30": "07:30", "07:00": "07:00",
		"13pm": "", "0am": "", "am": "", "m": "", "7m": "", "pm7": "", "7apm": "", "": "", "25:00": "", "7:61am": "",
	} {
		if got, _ := readClock(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

func TestHelpByAnyName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, line := range []string{"/help union des lacs", "/help LU", "/help /union", "/help lakes-union"} {
		if r := w.ask(t, briefings.EN, inGroup, line); r.Title != "/union" {
			t.Errorf("%s: %s", line, show(r))
		}
	}
}
