package discord

import (
	"encoding/json"
	"fmt"
	"strconv"
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

// MarshalJSON writes the one value there is.
func (mentions) MarshalJSON() ([]byte, error) { return []byte(`{"parse":[]}`), nil }

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

// layouter fills messages with embeds, and embeds with pieces.
type layouter struct {
	asOf  string
	pages []page
	open  bool // the last embed takes more text
	used  int  // units of the open description
	err   error
}

// room is what a message's embeds may hold, without the line that says how old they are.
func (l *layouter) room() int { return maxEmbedText - units(l.asOf) - 16 }

// page returns the page with room for n more units and an embed, a new one if need be.
func (l *layouter) page(n int) *page {
	if len(l.pages) > 0 {
		p := &l.pages[len(l.pages)-1]
		if p.size+n <= l.room() && len(p.Embeds) < maxEmbeds {
			return p
		}
	}
	l.pages = append(l.pages, page{})
	return &l.pages[len(l.pages)-1]
}

// begin opens an embed with room for n units behind its title.
func (l *layouter) begin(title string, n int) {
	p := l.page(units(title) + n)
	p.Embeds = append(p.Embeds, embed{Title: title, Color: colour})
	p.size += units(title)
	l.open, l.used = true, 0
}

// text lays the pieces of the answer out.
func (l *layouter) text(title string, pieces []piece) {
	groups := together(pieces)
	if title != "" {
		first := 0
		if len(groups) > 0 {
			first = weight(groups[0])
		}
		l.begin(title, min(first, maxDescription))
	}
	for _, g := range groups {
		if g[0].pic != nil {
			l.picture(*g[0].pic)
			continue
		}
		l.put(g)
	}
	l.open = false
}

// together groups pieces with those that must follow them.
func together(pieces []piece) [][]piece {
	var out [][]piece
	for i := 0; i < len(pieces); {
		end := i + 1
		for end < len(pieces) && pieces[end-1].keep && pieces[end].pic == nil {
			end++
		}
		out = append(out, pieces[i:end])
		i = end
	}
	return out
}

// weight is the most units that pieces take with the lines between them.
func weight(group []piece) int {
	n := 2 * (len(group) - 1)
	for _, p := range group {
		n += p.size
	}
	return n
}

// put adds pieces that belong together, in a new embed where the open one is full.
func (l *layouter) put(group []piece) {
	need := weight(group)
	if need > maxDescription && len(group) == 1 {
		l.err = fmt.Errorf("%w: %d characters that cannot be split", adapter.ErrPayload, need)
		return
	}
	if need > maxDescription { // too much to keep together
		for i := range group {
			l.put(group[i : i+1])
		}
		return
	}
	if !l.fits(need) {
		l.begin("", need)
	}
	p := &l.pages[len(l.pages)-1]
	e := &p.Embeds[len(p.Embeds)-1]
	for _, g := range group {
		sep := "\n"
		if g.gap {
			sep = "\n\n"
		}
		if e.Description == "" {
			sep = ""
		}
		e.Description += sep + g.text
		l.used += g.size + len(sep)
		p.size += g.size + len(sep)
	}
}

// fits reports whether the open embed takes need more units.
func (l *layouter) fits(need int) bool {
	if !l.open {
		return false
	}
	if l.used > 0 {
		need += 2
	}
	return l.used+need <= maxDescription && l.pages[len(l.pages)-1].size+need <= l.room()
}

// sources lays the list of sources out in embeds of its own, whole where that fits one message.
func (l *layouter) sources(title string, pieces []piece) {
	for i := range l.pages {
		l.pages[i].text = len(l.pages[i].Embeds)
	}
	l.begin(title, min(weight(pieces), maxDescription))
	for i := range pieces {
		l.put(pieces[i : i+1])
	}
	l.open = false
}

// picture shows a picture under the text so far, described for those who cannot see it.
func (l *layouter) picture(f commands.File) {
	if !l.open || len(l.pages[len(l.pages)-1].files) >= maxFiles {
		l.begin("", 0)
	}
	p := l.page(0)
	if len(p.files) >= maxFiles {
		l.pages = append(l.pages, page{})
		l.begin("", 0)
		p = l.page(0)
	}
	e := &p.Embeds[len(p.Embeds)-1]
	e.Image = &image{URL: "attachment://" + p.add(f)}
	l.open = false
}

// attach adds a file to the last message.
func (l *layouter) attach(f commands.File) {
	if len(l.pages) == 0 || len(l.pages[len(l.pages)-1].files) >= maxFiles {
		l.pages = append(l.pages, page{})
	}
	l.pages[len(l.pages)-1].add(f)
}

// add takes a file in under a name that Discord keeps as it is, and returns the name.
func (p *page) add(f commands.File) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, f.Name)
	if name = strings.TrimLeft(name, "."); name == "" {
		name = "file"
	}
	for _, have := range p.Attachments {
		if have.Filename == name {
			name = strconv.Itoa(len(p.files)) + "-" + name
		}
	}
	p.Attachments = append(p.Attachments, attachment{ID: strconv.Itoa(len(p.files)), Filename: name, Description: clip(oneLine(f.Alt), maxAlt)})
	p.files = append(p.files, f)
	return name
}

// finish writes under the text of every message how old the answer is, and
// which part of it this is.
func (l *layouter) finish() []page {
	for i := range l.pages {
		p := &l.pages[i]
		text := l.asOf
		if n := len(l.pages); n > 1 {
			if text != "" {
				text += " · "
			}
			text += strconv.Itoa(i+1) + "/" + strconv.Itoa(n)
		}
		if text == "" {
			continue
		}
		if len(p.Embeds) == 0 { // files alone
			p.Embeds = append(p.Embeds, embed{Color: colour})
		}
		at := p.text - 1
		if at < 0 {
			at = len(p.Embeds) - 1
		}
		p.Embeds[at].Footer = &footer{Text: text}
	}
	return l.pages
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
