package commands

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"griot/briefings"
)

// Text writes the answer as plain text: one paragraph or entry a line,
// citations as [1], links only in the list of sources.
func (r Reply) Text() string {
	var lines []string
	add := func(s string) {
		if s = strings.TrimSpace(oneLine.Replace(s)); s != "" {
			lines = append(lines, s)
		}
	}
	add(r.Title)
	add(r.AsOfLine())
	for _, b := range r.Blocks {
		switch b.Kind {
		case Fact:
			add(b.Label + Words(r.Lang).colon + Join(b.Spans))
		case Picture:
			if b.File != nil {
				add(b.File.Alt)
			}
		default:
			add(Join(b.Spans))
		}
		for _, e := range b.Entries {
			add("- " + Join(e))
		}
	}
	if len(r.Sources) > 0 {
		add(Words(r.Lang).Sources)
		for _, s := range r.Sources {
			add(s.Line())
		}
	}
	return strings.Join(lines, "\n")
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

// Join writes spans as plain text, citations as [1].
func Join(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Kind == Citation {
			b.WriteString("[" + strconv.Itoa(s.Source) + "]")
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// Line writes the source as plain text with its number, and its address last.
func (s Source) Line() string {
	line := "[" + strconv.Itoa(s.N) + "] " + s.Label()
	if s.URL != "" {
		line += " " + s.URL
	}
	return line
}

// Label names the source in words: publisher, title, date and note.
func (s Source) Label() string {
	var line strings.Builder
	line.WriteString(s.Publisher)
	for _, part := range []string{s.Title, s.Date} {
		if part != "" {
			line.WriteString(", " + part)
		}
	}
	if s.Note != "" {
		line.WriteString(" (" + s.Note + ")")
	}
	return line.String()
}

// JSON writes the answer as `griot say --as json` prints it.
func (r Reply) JSON() ([]byte, error) {
	type pressJSON struct {
		Label string `json:"label"`
		Line  string `json:"line,omitempty"`
		URL   string `json:"url,omitempty"`
	}
	type fileJSON struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Alt  string `json:"alt,omitempty"`
	}
	title := r.Title
	if title == "" && r.Refused {
		title = both("No answer", "Pas de réponse").In(r.Lang)
	}
	out := struct {
		Command string         `json:"command"`
		Lang    briefings.Lang `json:"lang"`
		Title   string         `json:"title"`
		AsOf    string         `json:"as_of"`
		Private bool           `json:"private"`
		Text    string         `json:"text"`
		Items   []briefings.ID `json:"items"`
		Sources []briefings.ID `json:"sources"`
		Buttons []pressJSON    `json:"buttons"`
		Files   []fileJSON     `json:"files"`
		Band    string         `json:"band,omitempty"`
		Verdict string         `json:"verdict,omitempty"`
	}{
		Command: cmp.Or(r.Command, "unknown"), Lang: r.Lang, Title: title, AsOf: r.AsOf.String(), Private: r.Private, Text: r.Text(),
		Items: append([]briefings.ID{}, r.Items...), Sources: []briefings.ID{}, Buttons: []pressJSON{}, Files: []fileJSON{},
		Band: r.Band, Verdict: r.Verdict,
	}
	for _, s := range r.Sources {
		out.Sources = append(out.Sources, s.ID)
	}
	for _, b := range r.Buttons {
		out.Buttons = append(out.Buttons, pressJSON{b.Label, b.Line, b.URL})
	}
	if r.Choices != nil {
		for _, o := range r.Choices.Options {
			out.Buttons = append(out.Buttons, pressJSON{Label: o.Label, Line: o.Line})
		}
	}
	for _, f := range r.Files {
		out.Files = append(out.Files, fileJSON{f.Name, f.Type, f.Alt})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // it is read by programs and by people, not by browsers
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
