package discordtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
)

// Limits of a message: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedText   = 6000
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxRows        = 5
	maxPerRow      = 5
	maxCustomID    = 100
	maxLabel       = 80
	maxURL         = 512
	maxOptions     = 25
	maxOptionText  = 100
	maxPlaceholder = 150
	maxFiles       = 10
	maxFileBytes   = 10 << 20
	maxAlt         = 1024
)

// size counts in UTF-16 units: nobody documents what Discord counts, and this is
// the strictest of the candidates.
func size(s string) int { return len(utf16.Encode([]rune(s))) }

// refuseBody checks a message's body. What Discord refuses is refused; what it
// would take and we must not send fails the test.
func (s *Server) refuseBody(c *Call) (answer, bool) {
	faults, sins := CheckMessage(c.Body, len(c.Files))
	for _, sin := range sins {
		s.complain("%s %s: %s: %s", c.Method, c.Path, sin, c.Body)
	}
	for _, f := range c.Files {
		if len(f.Data) > maxFileBytes {
			return apiError(413, 40005, "Request entity too large"), true
		}
	}
	if len(faults) > 0 {
		return invalid(faults), true
	}
	return answer{}, false
}

// body is what the checks read of a message.
type body struct {
	Content    string `json:"content"`
	Embeds     []bodyEmbed
	Components []bodyRow
	Mentions   *struct {
		Parse []string `json:"parse"`
		Users []string `json:"users"`
		Roles []string `json:"roles"`
	} `json:"allowed_mentions"`
	Flags       int    `json:"flags"`
	Nonce       string `json:"nonce"`
	Attachments []struct {
		ID          any    `json:"id"`
		Filename    string `json:"filename"`
		Description string `json:"description"`
	} `json:"attachments"`
}

type bodyEmbed struct {
	Title, Description, URL string
	Footer                  struct{ Text string }
	Author                  struct{ Name string }
	Image                   struct{ URL string }
	Fields                  []struct{ Name, Value string }
}

type bodyRow struct {
	Type       int
	Components []bodyComponent
}

type bodyComponent struct {
	Type        int
	Style       int
	Label       string
	CustomID    string `json:"custom_id"`
	URL         string
	Placeholder string
	Options     []struct {
		Label, Value, Description string
		Default                   bool
	}
}

// CheckMessage lists what Discord would refuse in a message's body, and what it
// would accept although it must never be sent. files is the number of uploads.
func CheckMessage(raw []byte, files int) (faults, sins []string) {
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return []string{"not a message: " + err.Error()}, nil
	}
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if b.Mentions == nil || b.Mentions.Parse == nil || len(b.Mentions.Parse)+len(b.Mentions.Users)+len(b.Mentions.Roles) > 0 {
		sins = append(sins, "allowed_mentions does not forbid every ping")
	}
	if n := size(b.Content); n > maxContent {
		bad("content: %d of %d characters", n, maxContent)
	}
	if b.Content == "" && len(b.Embeds) == 0 && files == 0 && len(b.Components) == 0 && b.Attachments == nil {
		bad("empty message (50006)")
	}
	if len(b.Nonce) > 25 {
		bad("nonce: longer than 25")
	}
	if files > maxFiles || len(b.Attachments) > maxFiles {
		bad("attachments: more than %d", maxFiles)
	}
	names := map[string]bool{}
	for _, a := range b.Attachments {
		names[a.Filename] = true
		if size(a.Description) > maxAlt {
			bad("attachments: description longer than %d", maxAlt)
		}
	}
	checkEmbeds(b.Embeds, names, bad)
	checkRows(b.Components, bad)
	return faults, sins
}

func checkEmbeds(embeds []bodyEmbed, files map[string]bool, bad func(string, ...any)) {
	if len(embeds) > maxEmbeds {
		bad("embeds: %d of %d", len(embeds), maxEmbeds)
	}
	total := 0
	limit := func(what, text string, most int) {
		total += size(text)
		if size(text) > most {
			bad("%s: %d of %d characters", what, size(text), most)
		}
	}
	for i, e := range embeds {
		at := fmt.Sprintf("embeds.%d.", i)
		limit(at+"title", e.Title, maxTitle)
		limit(at+"description", e.Description, maxDescription)
		limit(at+"footer", e.Footer.Text, maxFooter)
		limit(at+"author", e.Author.Name, maxAuthor)
		if len(e.Fields) > maxFields {
			bad(at+"fields: %d of %d", len(e.Fields), maxFields)
		}
		for _, f := range e.Fields {
			limit(at+"field name", f.Name, maxFieldName)
			limit(at+"field value", f.Value, maxFieldValue)
			if f.Name == "" || f.Value == "" {
				bad("%sfields: empty", at)
			}
		}
		if e.Title+e.Description+e.Footer.Text+e.Author.Name+e.Image.URL == "" && len(e.Fields) == 0 {
			bad("%sempty", at)
		}
		if name, ok := strings.CutPrefix(e.Image.URL, "attachment://"); ok && !files[name] {
			bad("%simage: no attachment %q", at, name)
		}
	}
	if total > maxEmbedText {
		bad("embeds: %d of %d characters in all", total, maxEmbedText)
	}
}

func checkRows(rows []bodyRow, bad func(string, ...any)) {
	if len(rows) > maxRows {
		bad("components: %d of %d rows", len(rows), maxRows)
	}
	seen := map[string]bool{}
	for i, r := range rows {
		if r.Type != 1 || len(r.Components) == 0 || len(r.Components) > maxPerRow {
			bad("components.%d: type %d with %d components", i, r.Type, len(r.Components))
		}
		for _, c := range r.Components {
			if c.CustomID != "" && seen[c.CustomID] {
				bad("components.%d: custom id %q used twice", i, c.CustomID)
			}
			seen[c.CustomID] = true
			checkComponent(c, len(r.Components), bad)
		}
	}
}

func checkComponent(c bodyComponent, beside int, bad func(string, ...any)) {
	switch {
	case c.Type == 2 && c.Style == 5:
		u, err := url.Parse(c.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || size(c.URL) > maxURL || c.CustomID != "" {
			bad("button: bad link %q", c.URL)
		}
	case c.Type == 2:
		if c.Style < 1 || c.Style > 5 || c.CustomID == "" || c.URL != "" {
			bad("button: style %d, custom id %q", c.Style, c.CustomID)
		}
	case c.Type == 3:
		checkSelect(c, beside, bad)
	default:
		bad("component: type %d", c.Type)
	}
	if c.Type == 2 && (c.Label == "" || size(c.Label) > maxLabel) {
		bad("button: label %q", c.Label)
	}
	if size(c.CustomID) > maxCustomID {
		bad("custom id: longer than %d: %q", maxCustomID, c.CustomID)
	}
}

func checkSelect(c bodyComponent, beside int, bad func(string, ...any)) {
	if c.CustomID == "" || beside != 1 || len(c.Options) == 0 || len(c.Options) > maxOptions || size(c.Placeholder) > maxPlaceholder {
		bad("select: %d options, %d in its row, placeholder %q", len(c.Options), beside, c.Placeholder)
	}
	seen, chosen := map[string]bool{}, 0
	for _, o := range c.Options {
		if o.Label == "" || o.Value == "" || size(o.Label) > maxOptionText || size(o.Value) > maxOptionText || size(o.Description) > maxOptionText {
			bad("select: option %q = %q", o.Label, o.Value)
		}
		if seen[o.Value] {
			bad("select: value %q twice", o.Value)
		}
		seen[o.Value] = true
		if o.Default {
			chosen++
		}
	}
	if chosen > 1 {
		bad("select: %d entries chosen", chosen)
	}
}
