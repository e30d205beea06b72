package commands

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var lineTable = Table{
	{Name: "mali", Names: same("mali"), Options: []Option{{Name: "section", Names: both("section", "partie")}, {Name: "lang", Names: both("lang", "langue")}}},
	{Name: "timeline", Names: both("timeline", "chronologie"), Options: []Option{
		{Name: "page", Names: both("page", "page"), Hidden: true},
		{Name: "topic", Names: both("topic", "sujet")},
		{Name: "from", Names: both("from", "debut")},
		{Name: "to", Names: both("to", "fin")},
	}},
	{Name: "digest", Names: same("digest"), Subs: []Command{
		{Name: "subscribe", Names: both("subscribe", "abonner"), Options: []Option{{Name: "topics", Names: both("topics", "sujets")}, {Name: "time", Names: both("time", "heure")}}},
		{Name: "list", Names: both("list", "liste")},
	}},
	{Name: "about", Names: both("about", "apropos")},
	{Name: "check", Names: same("check"), Options: []Option{{Name: "text", Names: same("text"), Prose: true}, {Name: "lang", Names: both("lang", "langue")}}},
}

func TestParseLine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		line string
		want Request
	}{
		"a command alone":                     {"/mali", Request{Command: "mali"}},
		"no slash, capitals, spaces":          {"  Mali \n", Request{Command: "mali"}},
		"a name in French":                    {"/chronologie", Request{Command: "timeline"}},
		"a key":                               {"/mali section:background lang:fr", Request{Command: "mali", Options: map[string]string{"section": "background", "lang": "fr"}}},
		"a key in French":                     {"/mali Partie:background", Request{Command: "mali", Options: map[string]string{"section": "background"}}},
		"free words":                          {"/timeline burkina faso", Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso"}}},
		"free words, then keys":               {"/timeline burkina faso from:2024 to:2025", Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso", "from": "2024", "to": "2025"}}},
		"keys, then free words":               {"/timeline from:2024 burkina faso", Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso", "from": "2024"}}},
		"a value that goes on":                {"/timeline mali from:last month to:today", Request{Command: "timeline", Options: map[string]string{"topic": "mali", "from": "last month", "to": "today"}}},
		"a topic that goes on":                {"/timeline topic:burkina faso from:2024", Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso", "from": "2024"}}},
		"a space after the colon":             {"/timeline mali from: 2024 to: last month", Request{Command: "timeline", Options: map[string]string{"topic": "mali", "from": "2024", "to": "last month"}}},
		"a space, nothing before":             {"/timeline from: 2024 mali", Request{Command: "timeline", Options: map[string]string{"topic": "mali", "from": "2024"}}},
		"quotes":                              {`/timeline topic:"burkina faso" from:"last \"x\" month"`, Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso", "from": `last "x" month`}}},
		"a text that begins with a quotation": {"/check “Who won?” As of 1 March 2026", Request{Command: "check", Options: map[string]string{"text": "“Who won?” As of 1 March 2026"}}},
		"lines of a text":                     {"/check One.\n \nTwo three.", Request{Command: "check", Options: map[string]string{"text": "One.\nTwo three."}}},
		"a quoted text":                       {"/check “Who won?” lang:fr", Request{Command: "check", Options: map[string]string{"text": "Who won?", "lang": "fr"}}},
		"quotes a phone makes":                {"/timeline topic:“burkina faso” from:«\u00a0mois dernier\u00a0»", Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso", "from": "mois dernier"}}},
		"a quote never closed":                {`/timeline topic:"burkina faso`, Request{Command: "timeline", Options: map[string]string{"topic": "burkina faso"}}},
		"an empty value":                      {`/timeline topic:"" from:2024`, Request{Command: "timeline", Options: map[string]string{"topic": "", "from": "2024"}}},
		"a colon that is no key":              {"/timeline http://a.example:80/x", Request{Command: "timeline", Options: map[string]string{"topic": "http://a.example:80/x"}}},
		"a subcommand":                        {"/digest abonner mali time:07:00", Request{Command: "digest", Sub: "subscribe", Options: map[string]string{"topics": "mali", "time": "07:00"}}},
		"no subcommand":                       {"/digest", Request{Command: "digest"}},
		"words nobody takes":                  {"/about this", Request{Command: "about"}},
		"a value may look like an end":        {`/timeline topic:a"b`, Request{Command: "timeline", Options: map[string]string{"topic": `a"b`}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseLine(lineTable, tc.line)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%q (-want +got):\n%s", tc.line, d)
			}
		})
	}
}

func TestParseLineRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		line, try string
		unknown   bool
	}{
		"a typing error":        {"/timelnie mali", "/timeline", true},
		"a command of nobody":   {"/qqqqqqqq", "", true},
		"nothing":               {"", "", true},
		"a subcommand's error":  {"/digest lst", "/digest list", false},
		"far too much":          {"/timeline " + strings.Repeat("é", MaxLine), "", false},
		"a command of 10k char": {"/" + strings.Repeat("x", 10_000), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseLine(lineTable, tc.line)
			e, ok := errors.AsType[*UserError](err)
			if !ok {
				t.Fatalf("error %v, want a *UserError", err)
			}
			if e.Say.EN == "" || e.Say.FR == "" || len(e.Say.FR) > 400 {
				t.Errorf("says %q", e.Say)
			}
			if errors.Is(err, ErrNoCommand) != tc.unknown {
				t.Errorf("is ErrNoCommand: %v, want %v", !tc.unknown, tc.unknown)
			}
			if tc.try != "" && (len(e.Try) == 0 || e.Try[0] != tc.try) {
				t.Errorf("tries %q, want %q first", e.Try, tc.try)
			}
		})
	}
}

// checkRound holds the law that a line reads back as what was written.
func checkRound(t interface{ Errorf(string, ...any) }, table Table, r Request) {
	line := r.Line()
	got, err := ParseLine(table, line)
	if err != nil {
		t.Errorf("%q: %v", line, err)
		return
	}
	if strings.ContainsAny(line, "\n\r") {
		t.Errorf("%q is more than one line", line)
	}
	if d := cmp.Diff(r, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%q (-written +read):\n%s", line, d)
	}
}

func TestLineReadsBack(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z:"\\ \n“”«»]*`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		cmd := rapid.SampledFrom(lineTable).Draw(t, "command")
		r := Request{Command: cmd.Name, Options: map[string]string{}}
		if len(cmd.Subs) > 0 && rapid.Bool().Draw(t, "with sub") {
			cmd = rapid.SampledFrom(cmd.Subs).Draw(t, "sub")
			r.Sub = cmd.Name
		}
		if len(cmd.Subs) == 0 {
			for _, o := range cmd.Options {
				if rapid.Bool().Draw(t, o.Name) {
					r.Options[o.Name] = value.Draw(t, "value")
				}
			}
		}
		checkRound(t, lineTable, r)
	})
	long := strings.Repeat(`a"b\ é`, 2000)
	checkRound(t, lineTable, Request{Command: "timeline", Options: map[string]string{"topic": long, "from": "x", "page": "\n"}})
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"/timeline a from:2024", `/timeline topic:"a b`, "/digest x", "/mali “a", "\"", `/timeline topic:\ "`, "/timeline \x85 a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r, err := ParseLine(lineTable, line)
		if err != nil {
			if _, ok := errors.AsType[*UserError](err); !ok {
				t.Fatalf("%q: %v is no *UserError", line, err)
			}
			return
		}
		checkRound(t, lineTable, r)
	})
}
