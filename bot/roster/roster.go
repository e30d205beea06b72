// Package roster writes subscriptions as files that people and programs edit,
// CSV or JSON, and reads them back. What is written and read again is the same
// to the last byte. Reading checks everything before it returns anything: what
// is wrong comes with its line and its cure, all at once.
package roster

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"griot/commands"
)

// Format is how a roster is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// FormatOf is what a file's ending says; false when it says nothing.
func FormatOf(file string) (Format, bool) {
	switch f := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))); f {
	case CSV, JSON:
		return f, true
	}
	return "", false
}

// The columns of a roster.
const (
	platform   = "platform"
	chat       = "chat"
	thread     = "thread"
	topics     = "topics"
	when       = "schedule"
	zone       = "zone"
	lang       = "lang"
	whenQuiet  = "when_quiet"
	quietHours = "quiet_hours"
	textOnly   = "text_only"
	paused     = "paused"
)

// columns are all of them in the order they are written in, and whether a row
// can do without.
var columns = []struct {
	name     string
	optional bool
}{
	{platform, false},
	{chat, false},
	{thread, true},
	{topics, false},
	{when, false},
	{zone, false},
	{lang, false},
	{whenQuiet, true},
	{quietHours, true},
	{textOnly, true},
	{paused, true},
}

// entry is a subscription as JSON has it.
type entry struct {
	Platform   string   `json:"platform"`
	Chat       string   `json:"chat"`
	Thread     string   `json:"thread"`
	Topics     []string `json:"topics"`
	Schedule   string   `json:"schedule"`
	Zone       string   `json:"zone"`
	Lang       string   `json:"lang"`
	WhenQuiet  string   `json:"when_quiet"`
	QuietHours string   `json:"quiet_hours"`
	TextOnly   bool     `json:"text_only"`
	Paused     bool     `json:"paused"`
}

// entryOf is what files tell of a subscription. One that was stopped is as good
// as paused: it sends nothing until somebody resumes it.
func entryOf(s commands.Subscription) entry {
	return entry{
		Platform: string(s.To.Platform), Chat: s.To.Chat, Thread: s.To.Thread, Topics: append([]string{}, s.Topics...),
		Schedule: string(s.Schedule), Zone: s.Zone, Lang: string(s.Lang), WhenQuiet: s.WhenQuiet, QuietHours: s.QuietHours,
		TextOnly: s.TextOnly, Paused: s.Paused || s.Stopped != "",
	}
}

func (e entry) row() []string {
	return []string{
		e.Platform, e.Chat, e.Thread, strings.Join(e.Topics, ";"), e.Schedule, e.Zone, e.Lang, e.WhenQuiet, e.QuietHours,
		strconv.FormatBool(e.TextOnly), strconv.FormatBool(e.Paused),
	}
}

// Write writes subscriptions, sorted by place, topics and schedule: the same
// ones always make the same bytes.
func Write(w io.Writer, f Format, subs []commands.Subscription) error {
	subs = slices.Clone(subs)
	slices.SortStableFunc(subs, compare)
	if f == JSON {
		return writeJSON(w, subs)
	}
	out := csv.NewWriter(w)
	var header []string
	for _, c := range columns {
		header = append(header, c.name)
	}
	rows := [][]string{header}
	for _, s := range subs {
		rows = append(rows, entryOf(s).row())
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write subscriptions: %w", err)
	}
	return nil
}

// writeJSON writes one array, a subscription a line.
func writeJSON(w io.Writer, subs []commands.Subscription) error {
	enc := newLines(w)
	for _, s := range subs {
		enc.add(entryOf(s))
	}
	if err := enc.end(); err != nil {
		return fmt.Errorf("write subscriptions: %w", err)
	}
	return nil
}

// lines writes a JSON array with an element a line.
type lines struct {
	w   io.Writer
	sep string
	err error
}

func newLines(w io.Writer) *lines { return &lines{w: w, sep: "[\n"} }

func (l *lines) add(v any) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil && l.err == nil {
		l.err = err
	}
	l.write(l.sep + strings.TrimSuffix(b.String(), "\n"))
	l.sep = ",\n"
}

func (l *lines) end() error {
	if l.sep != ",\n" {
		l.write("[")
	}
	l.write("\n]\n")
	return l.err
}

func (l *lines) write(s string) {
	if l.err == nil {
		_, l.err = io.WriteString(l.w, s)
	}
}

// compare orders subscriptions as files have them.
func compare(a, b commands.Subscription) int {
	return cmp.Or(
		strings.Compare(string(a.To.Platform), string(b.To.Platform)), strings.Compare(a.To.Chat, b.To.Chat), strings.Compare(a.To.Thread, b.To.Thread),
		slices.Compare(a.Topics, b.Topics), strings.Compare(string(a.Schedule), string(b.Schedule)),
		strings.Compare(a.Zone, b.Zone), strings.Compare(string(a.Lang), string(b.Lang)),
	)
}
