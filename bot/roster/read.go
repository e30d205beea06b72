package roster

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/bot/schedule"
	"griot/briefings"
	"griot/commands"
)

// Options is what reading needs to know.
type Options struct {
	// Topic finds a topic by slug, command, name or alias: its slug, or the
	// slugs that come near what was written.
	Topic func(name string) (slug string, near []string)
}

// Read reads the subscriptions of a file. They are complete but for what only a
// database knows: their ids and their next slots. With one fault there are
// none; the error is then [Faults].
func Read(data []byte, f Format, o Options) ([]commands.Subscription, error) {
	var faults Faults
	if what := notText(data); what != "" {
		faults.add(spot{1, 1}, what, "save it as UTF-8")
		return nil, faults
	}
	read := readCSV
	if f == JSON {
		read = readJSON
	}
	c := checker{Options: o, faults: &faults, schedules: map[[2]string]timed{}, spans: map[[2]string]timed{}, topics: map[string]found{}}
	var out []commands.Subscription
	first := map[string]spot{}
	read(data, &faults, func(r record) {
		before := len(faults)
		s := c.subscription(r)
		if len(faults) > before {
			return
		}
		key := fmt.Sprintf("%s %q %q %s %s", s.To, s.Topics, s.Schedule, s.Zone, s.Lang)
		if at, twice := first[key]; twice {
			faults.add(r.at, fmt.Sprintf("this wants the same as line %d", at.line), "leave one of them away")
			return
		}
		first[key] = r.at
		out = append(out, s)
	})
	if len(faults) > 0 {
		faults.sort()
		return nil, faults
	}
	return out, nil
}

// notText says why a file cannot be read as text at all.
func notText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}), bytes.IndexByte(data, 0) >= 0:
		return "the file is not in UTF-8: it looks like UTF-16"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "the file is a spreadsheet, not a table of text"
	}
	return ""
}

// checker turns records into subscriptions. What many rows have in common is
// looked at once.
type checker struct {
	Options
	faults    *Faults
	schedules map[[2]string]timed
	spans     map[[2]string]timed
	topics    map[string]found
}

// timed is a schedule or a span of hours, understood in its zone.
type timed struct {
	text, zone string
	err        error
}

type found struct {
	slug string
	near []string
}

func (c *checker) subscription(r record) commands.Subscription {
	var s commands.Subscription
	s.To = c.place(r)
	s.Topics = c.topicList(r)
	c.times(r, &s)
	switch l := c.word(r, lang, "en", "fr"); l {
	case "":
		c.missing(r, lang, "write en or fr")
	default:
		s.Lang = briefings.Lang(l)
	}
	if s.WhenQuiet = c.word(r, whenQuiet, "skip", "brief"); s.WhenQuiet == "" {
		s.WhenQuiet = "skip"
	}
	s.TextOnly, s.Paused = c.yes(r, textOnly), c.yes(r, paused)
	return s
}

// text is a value as it was meant, or "" when there is none.
func (c *checker) text(r record, column string) string {
	f, ok := r.fields[column]
	switch {
	case !ok || f.wrong:
		return ""
	case f.isList:
		c.fault(r, column, "a list has no place here", "write one text")
		return ""
	case !utf8.ValidString(f.text):
		c.fault(r, column, fmt.Sprintf("%s holds letters that are not UTF-8", column), "save the file as UTF-8")
		return ""
	}
	return trim(f.text)
}

func (c *checker) fault(r record, column, what, cure string) {
	f := r.fields[column]
	if f.at == (spot{}) {
		f.at = r.at
	}
	c.faults.add(f.at, what, cure)
	f.wrong = true
	r.fields[column] = f
}

// missing tells that a value is not there, unless its fault was told already.
func (c *checker) missing(r record, column, cure string) {
	if !r.fields[column].wrong {
		c.fault(r, column, "the "+column+" is missing", cure)
	}
}

// word reads one of some words; "" when there is none or another.
func (c *checker) word(r record, column string, words ...string) string {
	w := strings.ToLower(c.text(r, column))
	if w == "" || slices.Contains(words, w) {
		return w
	}
	c.fault(r, column, fmt.Sprintf("%s is %q", column, clip(w)), "write "+strings.Join(words, " or "))
	return ""
}

// yes reads a truth value, false when there is none; spreadsheets write their own.
func (c *checker) yes(r record, column string) bool {
	switch w := strings.ToLower(c.text(r, column)); w {
	case "true", "yes", "1", "vrai", "oui":
		return true
	case "", "false", "no", "0", "faux", "non":
	default:
		c.fault(r, column, fmt.Sprintf("%s is %q", column, clip(w)), "write true or false")
	}
	return false
}

// topicList reads the topics, each by any of its names, once each.
func (c *checker) topicList(r record) []string {
	f, out := r.fields[topics], []string(nil)
	names := f.list
	if !f.isList {
		for name := range strings.SplitSeq(c.text(r, topics), ";") {
			names = append(names, field{at: f.at, text: name})
		}
	}
	some := false
	for _, name := range names {
		text := trim(name.text)
		if text == "" || name.wrong {
			continue
		}
		some = true
		t, ok := c.topics[text]
		if !ok {
			t.slug, t.near = c.Topic(text)
			c.topics[text] = t
		}
		switch {
		case t.slug == "":
			c.faults.add(name.at, fmt.Sprintf("the pack has no topic %q", clip(text)), topicCure(text, t.near))
		case !slices.Contains(out, t.slug):
			out = append(out, t.slug)
		}
	}
	if !some {
		c.missing(r, topics, `name at least one; several are separated by ";"`)
	}
	return out
}

func topicCure(name string, near []string) string {
	switch {
	case strings.Contains(name, ","):
		return `separate topics by ";"`
	case len(near) > 0:
		return "did you mean " + strings.Join(near, ", ") + "? or leave it away"
	}
	return "griot say /help lists the topics; or leave it away"
}

// times reads the schedule and the quiet hours, both in the zone.
func (c *checker) times(r record, s *commands.Subscription) {
	z := c.text(r, zone)
	if z == "" {
		c.missing(r, zone, "write an IANA name such as Africa/Dakar, Europe/Paris or UTC")
	} else if _, err := schedule.Zone(z); err != nil {
		c.refused(r, zone, err)
		z = ""
	}
	known := z != ""
	if !known {
		z = "UTC" // so that the rest is looked at too
	}
	word := c.text(r, when)
	if word == "" {
		c.missing(r, when, `write "daily 07:00", "weekdays 07:00", "weekly mon 07:00" or "cron 0 7 * * 1-5"`)
	} else {
		t := remember(c.schedules, word, z, func() timed {
			p, err := schedule.Parse(commands.Schedule(word), z)
			if err != nil {
				return timed{err: err}
			}
			return timed{text: p.String(), zone: p.Location().String()}
		})
		c.refused(r, when, t.err)
		s.Schedule, s.Zone = commands.Schedule(t.text), t.zone
	}
	if span := c.text(r, quietHours); span != "" {
		t := remember(c.spans, span, z, func() timed {
			q, err := schedule.ParseQuiet(span, z)
			return timed{text: q.String(), err: err}
		})
		c.refused(r, quietHours, t.err)
		s.QuietHours = t.text
	}
}

func remember(in map[[2]string]timed, text, zone string, parse func() timed) timed {
	key := [2]string{text, zone}
	t, ok := in[key]
	if !ok {
		t = parse()
		in[key] = t
	}
	return t
}

// refused tells what a chat would be told of the value; nil is no fault.
func (c *checker) refused(r record, column string, err error) {
	if err == nil {
		return
	}
	what, cure := err.Error(), "see the help of griot subscriptions import"
	if ue, ok := errors.AsType[*commands.UserError](err); ok {
		what, cure = said(ue)
	}
	c.fault(r, column, column+": "+what, cure)
}
