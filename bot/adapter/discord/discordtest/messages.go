package discordtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// channel is a place with its messages.
type channel struct {
	guild, parent string
	kind          int // 0 text, 1 DM, 11 public thread
	messages      []*Message
	status, code  int         // refusal of everything, when status is not 0
	edited        []time.Time // when messages older than an hour were
	pinned        []string    // ids, the oldest pin first
	noPins        bool        // the bot may not pin here
}

func (ch *channel) object(id string) map[string]any {
	o := map[string]any{"id": id, "type": ch.kind}
	if ch.guild != "" {
		o["guild_id"] = ch.guild
	}
	if ch.parent != "" {
		o["parent_id"] = ch.parent
	}
	return o
}

// Message is a message as the fake keeps it.
type Message struct {
	ID         string  `json:"id"`
	Type       int     `json:"type"` // 0, or 6: it says that something was pinned
	Channel    string  `json:"channel_id"`
	Content    string  `json:"content"`
	Embeds     []Embed `json:"embeds"`
	Components []Row   `json:"components"`
	Flags      int     `json:"flags"`
	Nonce      string  `json:"nonce,omitempty"`
	at         time.Time
	Author     author     `json:"author"`
	Timestamp  string     `json:"timestamp"`
	Uploads    []uploaded `json:"attachments"`

	Files []File          `json:"-"`
	Edits int             `json:"-"`
	Raw   json.RawMessage `json:"-"` // the body it was last written with
}

type author struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type uploaded struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// Embed is the part of an embed that tests read.
type Embed struct {
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
}

// EmbedFooter is the small print of an embed.
type EmbedFooter struct {
	Text string `json:"text"`
}

// EmbedImage is the picture of an embed.
type EmbedImage struct {
	URL string `json:"url"`
}

// Row is a row of components.
type Row struct {
	Type       int         `json:"type"`
	Components []Component `json:"components"`
}

// Component is a button or a select.
type Component struct {
	Type        int      `json:"type"`
	Style       int      `json:"style,omitempty"`
	Label       string   `json:"label,omitempty"`
	CustomID    string   `json:"custom_id,omitempty"`
	URL         string   `json:"url,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Options     []Option `json:"options,omitempty"`
}

// Option is an entry of a select.
type Option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// Text is everything there is to read in the message, markup included.
func (m Message) Text() string {
	out := []string{m.Content}
	for _, e := range m.Embeds {
		out = append(out, e.Title, e.Description)
		if e.Footer != nil {
			out = append(out, e.Footer.Text)
		}
	}
	return strings.Join(slices.DeleteFunc(out, func(s string) bool { return s == "" }), "\n")
}

// Private reports whether only the asker sees the message.
func (m Message) Private() bool { return m.Flags&64 != 0 }

// Buttons lists the message's buttons in order.
func (m Message) Buttons() []Component {
	var out []Component
	for _, r := range m.Components {
		for _, c := range r.Components {
			if c.Type == 2 {
				out = append(out, c)
			}
		}
	}
	return out
}

// DM is the id of the channel in which the bot and the user talk alone.
func DM(user string) string { return "8" + strings.TrimLeft(user, "8") }

// AddChannel makes a text channel of a server.
func (s *Server) AddChannel(id, guild string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel(id, guild)
}

// AddThread makes a thread of a channel.
func (s *Server) AddThread(id, parent string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channel(id, s.channel(parent, Guild).guild)
	ch.kind, ch.parent = 11, parent
}

// Refuse answers everything in a channel with an error; status 0 ends that.
func (s *Server) Refuse(id string, status, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channel(id, Guild)
	ch.status, ch.code = status, code
}

// Messages lists the messages of a channel, oldest first, ephemeral ones
// included, but not those that only say that something was pinned.
func (s *Server) Messages(id string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	if ch := s.channels[id]; ch != nil {
		for _, m := range ch.messages {
			if m.Type == 0 {
				out = append(out, *m)
			}
		}
	}
	return out
}

// WaitMessages waits until a channel has n messages.
func (s *Server) WaitMessages(id string, n int) []Message {
	s.t.Helper()
	var got []Message
	s.Wait(strconv.Itoa(n)+" messages in "+id, func() bool {
		got = s.Messages(id)
		return len(got) >= n
	})
	return got
}

// channel finds or makes a channel; s.mu is held.
func (s *Server) channel(id, guild string) *channel {
	ch := s.channels[id]
	if ch == nil {
		ch = &channel{guild: guild}
		if guild == "" {
			ch.kind = 1
		}
		s.channels[id] = ch
	}
	return ch
}

// channelMessages serves /channels/{id}/messages and /channels/{id}/messages/{id}.
func (s *Server) channelMessages(id, message string, c *Call) answer {
	if c.Method == "POST" || c.Method == "PATCH" {
		if a, bad := s.refuseBody(c); bad {
			return a
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[id]
	switch {
	case ch == nil:
		return apiError(http.StatusNotFound, 10003, "Unknown Channel")
	case ch.status != 0:
		return apiError(ch.status, ch.code, "refused")
	case c.Method == "POST" && message == "":
		return s.create(id, ch, c)
	case c.Method == "GET" && message == "":
		return history(ch, c.Query)
	}
	i := slices.IndexFunc(ch.messages, func(m *Message) bool { return m.ID == message && !m.Private() })
	if i < 0 {
		return apiError(http.StatusNotFound, 10008, "Unknown Message")
	}
	switch c.Method {
	case "GET":
		return ok(ch.messages[i])
	case "PATCH":
		if s.old(ch, ch.messages[i]) {
			return apiError(http.StatusTooManyRequests, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later")
		}
		s.edit(ch.messages[i], c)
		return ok(ch.messages[i])
	case "DELETE":
		s.remove(ch, message)
		return answer{status: http.StatusNoContent}
	}
	return apiError(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
}

// history lists a channel's messages, newest first, a page at a time and
// without their nonces; with after, the page that follows that id:
// https://docs.discord.com/developers/resources/message#get-channel-messages
func history(ch *channel, query string) answer {
	q, err := url.ParseQuery(query)
	limit, after := 50, uint64(0)
	if v := q.Get("limit"); v != "" && err == nil {
		limit, err = strconv.Atoi(v)
	}
	if v := q.Get("after"); v != "" && err == nil {
		after, err = strconv.ParseUint(v, 10, 64)
	}
	if err != nil || limit < 1 || limit > 100 {
		return invalid([]string{"limit: int value should be between 1 and 100"})
	}
	out := []Message{}
	for _, m := range ch.messages {
		if id, _ := strconv.ParseUint(m.ID, 10, 64); id > after && !m.Private() {
			shown := *m
			shown.Nonce = ""
			out = append(out, shown)
		}
	}
	if len(out) > limit && after > 0 {
		out = out[:limit]
	} else if len(out) > limit {
		out = out[len(out)-limit:]
	}
	slices.Reverse(out)
	return ok(out)
}

// nonceLife is how long an enforced nonce is known, "the past few minutes".
const nonceLife = 3 * time.Minute

// create posts a message, once for every enforced nonce; s.mu is held.
func (s *Server) create(id string, ch *channel, c *Call) answer {
	var in struct {
		Nonce   any  `json:"nonce"`
		Enforce bool `json:"enforce_nonce"`
	}
	_ = json.Unmarshal(c.Body, &in)
	nonce, _ := in.Nonce.(string)
	if in.Enforce && nonce != "" {
		for _, m := range ch.messages {
			if m.Nonce == nonce && s.now().Sub(m.at) < nonceLife {
				return ok(m)
			}
		}
	}
	m := s.newMessage(id, c)
	m.Nonce = nonce
	ch.messages = append(ch.messages, m)
	s.accepted()
	s.touch()
	return ok(m)
}

// newMessage makes a message of a body that passed the checks; s.mu is held.
func (s *Server) newMessage(channel string, c *Call) *Message {
	m := &Message{
		ID: s.id(), Channel: channel, Author: author{AppID, true},
		at: s.now(), Timestamp: s.now().UTC().Format("2006-01-02T15:04:05.000000+00:00"),
	}
	s.write(m, c)
	return m
}

// LimitOldEdits has a channel take only so many edits a minute of messages older
// than an hour; 0 is no limit. Discord does not say how many it takes.
func (s *Server) LimitOldEdits(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oldEdits = n
}

// old counts an edit of a message; true when it is one too many. s.mu is held.
func (s *Server) old(ch *channel, m *Message) bool {
	now := s.now()
	if s.oldEdits == 0 || now.Sub(m.at) <= time.Hour {
		return false
	}
	ch.edited = slices.DeleteFunc(ch.edited, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(ch.edited) >= s.oldEdits {
		return true
	}
	ch.edited = append(ch.edited, now)
	return false
}

// edit rewrites a message; s.mu is held.
func (s *Server) edit(m *Message, c *Call) {
	m.Edits++
	s.write(m, c)
	s.touch()
}

// write takes over the fields that a body names and keeps the others.
func (s *Server) write(m *Message, c *Call) {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(c.Body, &fields)
	keep := maps.Clone(fields)
	maps.DeleteFunc(keep, func(k string, _ json.RawMessage) bool {
		return !slices.Contains([]string{"content", "embeds", "components", "flags"}, k)
	})
	for k, clear := range map[string]func(){
		"embeds": func() { m.Embeds = nil }, "components": func() { m.Components = nil },
	} {
		if _, named := keep[k]; named {
			clear()
		}
	}
	private := m.Flags & 64
	b, _ := json.Marshal(keep)
	_ = json.Unmarshal(b, m)
	m.Flags |= private // what is ephemeral stays so
	m.Raw = c.Body
	if _, named := fields["attachments"]; named || len(c.Files) > 0 {
		m.Files, m.Uploads = c.Files, nil
		for i, f := range c.Files {
			m.Uploads = append(m.Uploads, uploaded{ID: strconv.Itoa(i), Filename: f.Name})
		}
	}
}
