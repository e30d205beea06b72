package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	_ "time/tzdata" // what the program embeds

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"griot/briefings"
	"griot/commands"
)

// pack knows three topics by several names.
var pack = Options{Topic: func(name string) (string, []string) {
	switch briefings.Fold(name) {
	case "reef", "le recif":
		return "reef", nil
	case "harbour":
		return "harbour", nil
	case "storm":
		return "storm", nil
	case "storn":
		return "", []string{"storm"}
	}
	return "", nil
}}

// subscription draws one as the store has it.
func subscription(t *rapid.T) commands.Subscription {
	s := commands.Subscription{
		Schedule: commands.Schedule(rapid.SampledFrom([]string{"daily 07:00", "weekdays 23:59", "weekly mon 00:00", "cron 0 7 * * 1-5", "cron */20 6,18 1,15 * *"}).Draw(t, "schedule")),
		Zone:     rapid.SampledFrom([]string{"Africa/Bamako", "Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"}).Draw(t, "zone"),
		Lang:     rapid.SampledFrom([]briefings.Lang{briefings.EN, briefings.FR}).Draw(t, "lang"), WhenQuiet: rapid.SampledFrom([]string{"skip", "brief"}).Draw(t, "quiet"),
		QuietHours: rapid.SampledFrom([]string{"", "22:00-07:00", "01:30-01:31"}).Draw(t, "hours"),
		TextOnly:   rapid.Bool().Draw(t, "text"), Paused: rapid.Bool().Draw(t, "paused"),
		Topics: rapid.Permutation([]string{"reef", "harbour", "storm"}).Draw(t, "topics")[:rapid.IntRange(1, 3).Draw(t, "n")],
	}
	s.To = rapid.SampledFrom([]commands.Destination{
		{Platform: commands.Telegram, Chat: "-1001234567890", Thread: "7"},
		{Platform: commands.Telegram, Chat: "42"},
		{Platform: commands.Telegram, Chat: "-9223372036854775808"},
		{Platform: commands.Discord, Chat: "123456789012345678"},
		{Platform: commands.Discord, Chat: "1", Thread: "9223372036854775807"},
		{Platform: commands.Terminal, Chat: "here"},
	}).Draw(t, "to")
	return s
}

func subscriptions(t *rapid.T) []commands.Subscription {
	return rapid.SliceOfNDistinct(rapid.Custom(subscription), 0, 12, func(s commands.Subscription) string {
		return fmt.Sprint(s.To, s.Topics, s.Schedule, s.Zone, s.Lang)
	}).Draw(t, "subscriptions")
}

func write(t interface{ Fatal(...any) }, f Format, subs []commands.Subscription) string {
	var b bytes.Buffer
	if err := Write(&b, f, subs); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrittenAndReadIsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		subs := subscriptions(t)
		for _, f := range []Format{CSV, JSON} {
			text := write(t, f, subs)
			got, err := Read([]byte(text), f, pack)
			if err != nil {
				t.Fatalf("%s\n%s", err, text)
			}
			if again := write(t, f, got); again != text {
				t.Fatalf("written again:\n%s\nwant\n%s", again, text)
			}
			shuffled := slices.Clone(subs)
			slices.Reverse(shuffled)
			if other := write(t, f, shuffled); other != text {
				t.Fatalf("written in another order:\n%s\nwant\n%s", other, text)
			}
		}
	})
}

// TestSpreadsheetsMayHaveSavedIt changes what a spreadsheet changes; the
// subscriptions stay the same.
func TestSpreadsheetsMayHaveSavedIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		subs := subscriptions(t)
		text := write(t, CSV, subs)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}).Draw(t, "order")
		truth := rapid.SampledFrom([][2]string{{"true", "false"}, {"TRUE", "FALSE"}, {"VRAI", "FAUX"}, {"1", "0"}}).Draw(t, "truth")
		around := rapid.SampledFrom([]string{"%s", " %s ", "'%s", `="%s"`, "\u00a0%s"}).Draw(t, "around")
		var out bytes.Buffer
		out.WriteString(rapid.SampledFrom([]string{"", "\ufeff", "\ufeff\r\n"}).Draw(t, "mark"))
		w := csv.NewWriter(&out)
		w.Comma = rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "separator")
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		tail := make([]string, rapid.IntRange(0, 3).Draw(t, "empty cells"))
		for i, row := range rows {
			var moved []string
			for _, from := range order {
				cell := row[from]
				switch {
				case i == 0:
					cell = strings.ToUpper(cell)
				case cell == "true":
					cell = truth[0]
				case cell == "false":
					cell = truth[1]
				case from == 1 || from == 2 && cell != "":
					cell = fmt.Sprintf(around, cell)
				}
				moved = append(moved, cell)
			}
			_ = w.Write(append(moved, tail...))
			_ = w.Write(make([]string, 11))
		}
		w.Flush()
		got, err := Read(out.Bytes(), CSV, pack)
		if err != nil {
			t.Fatalf("%s\n%s", err, out.String())
		}
		if again := write(t, CSV, got); again != text {
			t.Fatalf("read\n%s\nas\n%s\nwant\n%s", out.String(), again, text)
		}
	})
}

func TestWhatMayBeLeftAway(t *testing.T) {
	t.Parallel()
	want := []commands.Subscription{{
		To: commands.Destination{Platform: commands.Telegram, Chat: "-100123"}, Topics: []string{"reef", "harbour"}, Schedule: "daily 07:00", Zone: "Africa/Bamako",
		Lang: briefings.FR, WhenQuiet: "skip",
	}}
	for name, text := range map[string]string{
		"csv":        "zone,topics,lang,platform,chat,schedule\nafrica/bamako,Le Récif; harbour;reef,FR,Telegram,-100123,daily 7:00\n",
		"short rows": "platform,chat,topics,schedule,zone,lang,paused,thread\ntelegram,-100123,reef;harbour,daily 07:00,Africa/Bamako,fr\n",
		"excel":      "sep=;\r\nplatform;chat;topics;schedule;zone;lang\r\ntelegram;\u2212100123;\"reef;harbour\";daily 07:00;Africa/Bamako;fr\r\n",
		"old mac":    "platform,chat,topics,schedule,zone,lang\rtelegram,-100123,reef;harbour,daily 07:00,Africa/Bamako,fr\r",
		"json":       `[{"platform":"telegram","chat":"-100123","topics":["reef","harbour","reef"],"schedule":"daily 07:00","zone":"Africa/Bamako","lang":"fr","thread":null}]`,
		"json lines": "\ufeff" + `{"platform":"telegram","chat":-100123,"topics":"reef;harbour","schedule":"daily 07:00","zone":"Africa/Bamako","lang":"fr"}` + "\n",
	} {
		f := CSV
		if strings.HasPrefix(name, "json") {
			f = JSON
		}
		got, err := Read([]byte(text), f, pack)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	if got, err := Read([]byte("[]"), JSON, pack); err != nil || len(got) != 0 {
		t.Errorf("an empty list: %v, %v", got, err)
	}
}

func TestEveryFaultHasItsPlaceAndCure(t *testing.T) {
	t.Parallel()
	const csvHeader = "platform,chat,thread,topics,schedule,zone,lang,when_quiet,quiet_hours,text_only,paused\n"
	for _, tc := range []struct {
		name string
		f    Format
		text string
		want []string // line:column and words of what is wrong, in order
	}{
		{"nothing", CSV, "", []string{"1:1 no header"}},
		{"nothing", JSON, " ", []string{"1:1 nothing in it"}},
		{"no header", CSV, "telegram,1\n", []string{"1:1 first row is no header"}},
		{"header", CSV, "platform,chat,topics,schedule,zone,lang,pausd,chat\n", []string{`1:41 no column "pausd"`, "1:47 chat is there twice"}},
		{"half a header", CSV, "\n\nchat,topics,schedule,lang\n1,mars,daily 07:00,en\n", []string{"3:1 lacks platform, zone"}},
		{
			"every column", CSV, csvHeader + "irc,x,y,mars,hourly,Europe/Pari,de,loud,25:00-1,maybe,perhaps\n",
			[]string{`2:1 no platform "irc"`, `2:9 no topic "mars"`, "2:14 I do not know the schedule", "2:21 zone", `2:33 lang is "de"`, `2:36 when_quiet is "loud"`, "2:41 quiet_hours", `2:49 text_only is "maybe"`, `2:55 paused is "perhaps"`},
		},
		{"empty", CSV, csvHeader + ",,,,,,,,,,\n,,,,,,,brief,,,\n", []string{"3:1 platform is missing", "3:4 topics is missing", "3:5 schedule is missing", "3:6 zone is missing", "3:7 lang is missing"}},
		{
			"ids", CSV, csvHeader + "telegram,@news,x,reef,daily 07:00,UTC,en,,,,\ndiscord,-5,0,reef,daily 07:00,UTC,en,,,,\ntelegram,-1.00123E+12,,reef,daily 07:00,UTC,en,,,,\ndiscord,007,12.0,reef,daily 07:00,UTC,en,,,,\ntelegram,,,reef,daily 07:00,UTC,en,,,,\n",
			[]string{`2:10 chat "@news" is no id`, `2:16 thread "x" is no id`, `3:9 chat "-5" is no id`, `3:12 thread "0" is no id`, "4:10 rounded by a spreadsheet", `5:9 chat "007"`, `5:13 thread "12.0"`, "6:10 chat is missing"},
		},
		{
			"quoted newlines count as lines", CSV, csvHeader + "telegram,1,,\"reef;\n\nharbour\",daily 07:00,UTC,en,,,,\ntelegram,2,,\"reef;\r\nNaïve; mars\",daily 25:00,UTC,en,,,,\n",
			[]string{`5:13 no topic "Naïve"`, `5:13 no topic "mars"`, "6:14 not a time of day"},
		},
		{"columns count characters", CSV, csvHeader + "telegram,1,,Le Récif,daily 25:00,UTC,en,,,,\n", []string{"2:22 not a time of day"}},
		{"behind sep=", CSV, "sep=;\nplatform;chat;topics;schedule;zone;lang\ntelegram;1;mars;daily 07:00;UTC;en\ntelegram;1;\"", []string{`3:12 no topic "mars"`, "4:1 quotes of this row do not match (line 4)"}},
		{"twice", CSV, csvHeader + "telegram,1,,reef,daily 07:00,UTC,en,,,,\n\ntelegram,1,,Reef;reef,daily 7:00,utc,EN,brief,,,true\n", []string{"4:1 wants the same as line 2"}},
		{"a cell too many", CSV, "platform,chat,topics,schedule,zone,lang\ntelegram,1,reef,harbour,daily 07:00,UTC,en\n", []string{"2:17 I do not know the schedule", "2:25 zone", `2:37 lang is "utc"`, `2:41 "en" stands in no column`}},
		{"commas between topics", CSV, csvHeader + "telegram,1,,\"reef,harbour\",daily 07:00,UTC,en,,,,\n", []string{`2:13 no topic "reef,harbour"`}},
		{"a quote alone", CSV, csvHeader + "telegram,1,,mars,daily 07:00,UTC,en,,,,\ntelegram,1,,\"reef,daily 07:00,UTC,en,,,,\n\n", []string{`2:13 no topic "mars"`, "3:1 quotes of this row do not match"}},
		{"latin 1", CSV, csvHeader + "telegram,1,,R\xe9cif,daily 07:00,UTC,en,,,,\n", []string{"2:13 not UTF-8"}},
		{"utf-16", CSV, "\xff\xfep\x00l\x00", []string{"1:1 UTF-16"}},
		{"a workbook", CSV, "PK\x03\x04", []string{"1:1 spreadsheet"}},
		{"json", JSON, "[\n {\"platform\":\"irc\", \"chat\": \"1\",\n  \"topics\":[\"reef\",\"mars\"], \"schedule\":\"daily 07:00\",\"zone\":\"UTC\",\"lang\":\"en\",\"pausd\":true,\"lang\":\"fr\"}\n]", []string{`2:14 no platform "irc"`, `3:20 no topic "mars"`, `3:79 no key "pausd"`, "3:92 lang is there twice"}},
		{"json of other kinds", JSON, `[1,{"platform":"telegram","chat":[1],"topics":{"a":1},"schedule":"daily 07:00","zone":"UTC","lang":["en"],"paused":"no"}]`, []string{"1:2 no subscription", "1:34 neither a text", "1:47 neither a text", "1:100 neither a text"}},
		{"json cut off", JSON, "[\n{\"platform\":\"telegram\",", []string{"2:24 ends within"}},
		{"no json", JSON, "[\n{\"platform\" \"telegram\"}]", []string{"2:13 not JSON"}},
	} {
		t.Run(fmt.Sprintf("%s %s", tc.f, tc.name), func(t *testing.T) {
			t.Parallel()
			subs, err := Read([]byte(tc.text), tc.f, pack)
			faults, ok := errors.AsType[Faults](err)
			if !ok || subs != nil {
				t.Fatalf("read %v, %v, want faults alone", subs, err)
			}
			for i, f := range faults {
				got := fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.What)
				if i >= len(tc.want) || !matches(got, tc.want[i]) {
					t.Errorf("fault %d: %s (%s)", i, got, f.Cure)
				}
				if f.Cure == "" {
					t.Errorf("%s: no cure", got)
				}
			}
			if len(faults) != len(tc.want) {
				t.Errorf("%d faults, want %d: %q", len(faults), len(tc.want), tc.want)
			}
		})
	}
}

// matches: the place is the same, the words are in it.
func matches(got, want string) bool {
	place, words, _ := strings.Cut(want, " ")
	at, what, _ := strings.Cut(got, " ")
	return place == at && strings.Contains(what, words)
}

func TestStoppedIsWrittenAsPaused(t *testing.T) {
	t.Parallel()
	s := commands.Subscription{To: commands.Destination{Platform: commands.Telegram, Chat: "1"}, Topics: []string{"reef"}, Schedule: "daily 07:00", Zone: "UTC", Lang: "en", WhenQuiet: "skip", Stopped: "gone"}
	if got := write(t, CSV, []commands.Subscription{s}); !strings.HasSuffix(got, "\ntelegram,1,,reef,daily 07:00,UTC,en,skip,,false,true\n") {
		t.Error(got)
	}
	if got := write(t, JSON, []commands.Subscription{s}); got != `[
{"platform":"telegram","chat":"1","thread":"","topics":["reef"],"schedule":"daily 07:00","zone":"UTC","lang":"en","when_quiet":"skip","quiet_hours":"","text_only":false,"paused":true}
]
` {
		t.Error(got)
	}
}

// FuzzRead: whatever is read, there are either faults, each at a line of the
// file and with a cure, or subscriptions that survive being written.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		headerLine() + "\ntelegram,-1,,reef,daily 07:00,UTC,en,skip,,false,false\n", `[{"platform":"telegram","chat":"1","topics":["reef"]}]`, "\"", "[{", "sep=;\n", "\r\n,\n",
	} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, table bool) {
		format := JSON
		if table {
			format = CSV
		}
		subs, err := Read(data, format, pack)
		if faults, ok := errors.AsType[Faults](err); ok {
			last := 1 + max(bytes.Count(data, []byte("\n")), bytes.Count(data, []byte("\r")))
			for _, fault := range faults {
				if fault.Line < 1 || fault.Line > last || fault.Column < 1 || fault.What == "" || fault.Cure == "" || len(subs) > 0 {
					t.Errorf("fault %+v in %d lines", fault, last)
				}
			}
			return
		}
		text := write(t, format, subs)
		again, err := Read([]byte(text), format, pack)
		if err != nil || write(t, format, again) != text {
			t.Errorf("written as\n%s\nread back: %v", text, err)
		}
	})
}
