package discord

import (
	"encoding/json"
	"fmt"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

// Limits of a message: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
const (
	maxTitle       = 256
	maxDescription = 4096
	maxEmbedText   = 6000
	maxEmbeds      = 10
	maxFiles       = 10
	maxFileBytes   = 10 << 20
	maxAlt         = 1024
)

// colour is the stripe beside every embed; it says nothing, so it is one.
const colour = 0x3F6E8C

// flagEphemeral shows a message to the asker alone.
const flagEphemeral = 1 << 6

// flagQuiet has a message notify nobody, on no device:
// https://docs.discord.com/developers/resources/message#message-object-message-flags
const flagQuiet = 1 << 12

// message is the body of a create-message call and of its relatives.
type message struct {
	Content     string       `json:"content,omitempty"`
	Embeds      []embed      `json:"embeds"`
	Components  []row        `json:"components"`
	Mentions    mentions     `json:"allowed_mentions"`
	Flags       int          `json:"flags,omitempty"`
	Attachments []attachment `json:"attachments,omitempty"`
}

// mentions forbids every ping; Discord allows all when the field is missing.
type mentions struct{}

const noPings = `{"parse":[]}`

// MarshalJSON writes the one value there is.
func (mentions) MarshalJSON() ([]byte, error) { return []byte(noPings), nil }

type embed struct {
	Title       string  `json:"title,omitempty"`
	Description string  `json:"description,omitempty"`
	Color       int     `json:"color,omitempty"`
	Image       *image  `json:"image,omitempty"`
	Footer      *footer `json:"footer,omitempty"`
}

type image struct {
	URL string `json:"url"`
}

type footer struct {
	Text string `json:"text"`
}

type attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// page is a message being filled.
type page struct {
	message
	files []commands.File
	size  int
	text  int // how many of its embeds hold the answer itself; sources come behind
}

// Render lays r out as embeds, buttons and files. What does not fit one message
// goes on in the next; buttons and files stand under the last.
func (a *Adapter) Render(_ commands.Place, r commands.Reply) ([]adapter.Part, error) {
	return render(r)
}

func render(r commands.Reply) ([]adapter.Part, error) {
	words := commands.Words(r.Lang)
	l := layouter{asOf: r.AsOfLine()}
	title := oneLine(r.Title)
	pieces := lay(r.Blocks, words)
	if units(titled(title)) > maxTitle { // it stands above the text instead
		pieces = append(fit("## ", []commands.Span{{Text: title}}, false, true), pieces...)
		title = ""
	}
	l.text(titled(title), pieces)
	if len(r.Sources) > 0 {
		l.sources(escape(words.Sources, false), laySources(r.Sources))
	}
	for _, f := range r.Files {
		l.attach(f)
	}
	pages := l.finish()
	if l.err != nil {
		return nil, l.err
	}
	if r.Stays || len(pages) > 1 {
		r = adapter.Beside(r)
	}
	rows, lines, err := components(r)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 && len(rows) > 0 {
		return nil, fmt.Errorf("%w: buttons without any text", adapter.ErrPayload)
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("%w: nothing to show", adapter.ErrPayload)
	}
	last := &pages[len(pages)-1]
	last.Components = rows
	if r.Quiet {
		for i := range pages {
			pages[i].Flags |= flagQuiet
		}
	}
	return parts(pages, lines)
}

// titled is a title as an embed shows it; mentions and links do not form there, marks do.
func titled(title string) string { return escape(title, false) }

func parts(pages []page, lines map[string]string) ([]adapter.Part, error) {
	out := make([]adapter.Part, len(pages))
	for i, p := range pages {
		for _, f := range p.files {
			if len(f.Data) > maxFileBytes {
				return nil, fmt.Errorf("%w: file %q has %d bytes, Discord takes %d", adapter.ErrPayload, f.Name, len(f.Data), maxFileBytes)
			}
		}
		if p.Components == nil {
			p.Components = []row{}
		}
		if p.Embeds == nil {
			p.Embeds = []embed{}
		}
		b, err := encode(p.message)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", adapter.ErrPayload, err)
		}
		out[i] = adapter.Part{Body: b, Files: p.files}
		if i == len(pages)-1 {
			out[i].Lines = lines
		}
	}
	return out, nil
}

// encode writes JSON as people read it: < > & as they are.
func encode(v any) (json.RawMessage, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return json.RawMessage(strings.TrimRight(b.String(), "\n")), nil
}
