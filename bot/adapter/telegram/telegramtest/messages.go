package telegramtest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Message is a message of the bot as it stands now.
type Message struct {
	ID       int64
	Chat     int64
	Thread   int64
	Method   string // the call that made it
	Text     string // or the caption
	Entities []Entity
	Found    []Entity // what Telegram finds in the text by itself
	Rows     [][]Button
	ReplyTo  int64
	At       time.Time // when it was sent
	By       string    // whose address it came by, see [Server.URLFor]
	File     *File
	Edits    int
	Silent   bool
	Preview  bool // a preview of a link may be shown
	Deleted  bool
	Inline   bool // sent through inline mode
	markup   string
}

// Button is a button beneath a message.
type Button struct {
	Text  string `json:"text"`
	Data  string `json:"callback_data,omitempty"`
	URL   string `json:"url,omitempty"`
	Style string `json:"style,omitempty"`
}

// Data returns the data of the button with this label, or "".
func (m Message) Data(label string) string {
	for _, row := range m.Rows {
		for _, b := range row {
			if b.Text == label {
				return b.Data
			}
		}
	}
	return ""
}

// Messages returns what the bot has written to a chat, the oldest first.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	if c := s.chats[chat]; c != nil {
		for _, m := range c.messages {
			out = append(out, *m)
		}
	}
	return out
}

// WaitMessages waits until the bot has written n messages to a chat.
func (s *Server) WaitMessages(tb testing.TB, chat int64, n int) []Message {
	tb.Helper()
	s.wait(tb, strconv.Itoa(n)+" messages in "+strconv.FormatInt(chat, 10), func() bool {
		return s.chats[chat] != nil && len(s.chats[chat].messages) >= n
	})
	return s.Messages(chat)
}

// WaitEdit waits until a message was edited n times and returns it.
func (s *Server) WaitEdit(tb testing.TB, chat, id int64, n int) Message {
	tb.Helper()
	var out Message
	s.wait(tb, "an edit", func() bool {
		m := s.chat(chat).find(strconv.FormatInt(id, 10))
		if m == nil || m.Edits < n {
			return false
		}
		out = *m
		return true
	})
	return out
}

// Delete removes a message, as a person would.
func (s *Server) Delete(chat, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.chat(chat).find(strconv.FormatInt(id, 10)); m != nil {
		m.Deleted = true
		s.chat(chat).unpin(id)
	}
}

func now() int64 { return time.Now().Unix() }

func (s *Server) next() int64 {
	s.ids++
	return s.ids
}

// send is every method that makes one message.
func (s *Server) send(c Call) (any, *failure) {
	chat, refused := s.open(c.Params)
	if refused != nil {
		return nil, refused
	}
	m := &Message{Chat: chat.ID, Method: c.Method, Silent: c.Params["disable_notification"] == "true"}
	if refused := m.read(c); refused != nil {
		return nil, refused
	}
	m.ID = s.next()
	m.Thread, _ = strconv.ParseInt(c.Params["message_thread_id"], 10, 64)
	var to struct {
		ID int64 `json:"message_id"`
	}
	if raw := c.Params["reply_parameters"]; raw != "" && json.Unmarshal([]byte(raw), &to) != nil {
		return nil, bad("can't parse reply parameters JSON object")
	}
	m.ReplyTo = to.ID
	m.At, m.By = time.Now(), c.By
	chat.messages = append(chat.messages, m)
	s.sent++
	if s.onSend != nil {
		s.onSend()
	}
	return m.json(chat), nil
}

// read checks and takes over what a message says.
func (m *Message) read(c Call) *failure {
	field, ents, limit := "text", "entities", MaxText
	switch c.Method {
	case "sendPhoto", "sendDocument":
		field, ents, limit = "caption", "caption_entities", MaxCaption
		name := map[string]string{"sendPhoto": "photo", "sendDocument": "document"}[c.Method]
		f, ok := c.Files[name]
		if !ok || len(f.Data) == 0 {
			return bad("there is no " + name + " in the request")
		}
		m.File = &f
	default:
		if empty(c.Params["text"]) {
			return bad("message text is empty")
		}
	}
	entities, refused := readEntities(c.Params[ents])
	if refused != nil {
		return refused
	}
	if why := CheckText(c.Params[field], entities, limit); why != "" {
		return bad(why)
	}
	if c.Params["parse_mode"] != "" {
		return bad("this server takes entities, not markup")
	}
	rows, refused := readKeyboard(c.Params["reply_markup"])
	if refused != nil {
		return refused
	}
	var preview struct {
		Off bool `json:"is_disabled"`
	}
	if raw := c.Params["link_preview_options"]; raw != "" && json.Unmarshal([]byte(raw), &preview) != nil {
		return bad("can't parse link preview options JSON object")
	}
	m.Text, m.Entities, m.Rows, m.Preview = c.Params[field], entities, rows, !preview.Off
	m.markup, m.Found = c.Params["reply_markup"], Detect(m.Text, entities)
	return nil
}

func readKeyboard(raw string) ([][]Button, *failure) {
	if raw == "" {
		return nil, nil
	}
	var k struct {
		Rows      [][]Button `json:"inline_keyboard"`
		Force     bool       `json:"force_reply"`
		Hint      string     `json:"input_field_placeholder"`
		Selective bool       `json:"selective"`
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(raw)))
	dec.DisallowUnknownFields()
	if dec.Decode(&k) != nil {
		return nil, bad("can't parse reply keyboard markup JSON object")
	}
	if k.Force && len(k.Rows) > 0 || units(k.Hint) > 64 || !k.Force && (k.Hint != "" || k.Selective) {
		return nil, bad("can't parse reply keyboard markup JSON object")
	}
	n := 0
	for _, row := range k.Rows {
		if n += len(row); len(row) > 8 || n > 100 {
			return nil, bad("reply markup is too long")
		}
		for _, b := range row {
			switch {
			case empty(b.Text):
				return nil, bad("text buttons are not allowed to be empty")
			case (b.Data == "") == (b.URL == ""):
				return nil, bad("text buttons are unallowed in the inline keyboard")
			case len(b.Data) > 64:
				return nil, bad("BUTTON_DATA_INVALID")
			case len(b.URL) > 2048:
				return nil, bad("BUTTON_URL_INVALID")
			case !slices.Contains([]string{"", "danger", "success", "primary"}, b.Style):
				return nil, bad("invalid button style specified")
			}
		}
	}
	return k.Rows, nil
}

func (m *Message) json(c *chat) map[string]any {
	out := map[string]any{
		"message_id": m.ID, "date": now(), "chat": c.json(),
		"from": map[string]any{"id": BotID, "is_bot": true, "first_name": "Griot", "username": BotName},
	}
	if m.Thread != 0 {
		out["message_thread_id"], out["is_topic_message"] = m.Thread, true
	}
	if m.Method == "sendMessage" {
		out["text"] = m.Text
		if all := slices.Concat(m.Entities, m.Found); len(all) > 0 {
			out["entities"] = all
		}
	}
	if len(m.Rows) > 0 {
		out["reply_markup"] = map[string]any{"inline_keyboard": m.Rows}
	}
	return out
}
