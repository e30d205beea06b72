package telegramtest

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// edit is every method that changes a message.
func (s *Server) edit(c Call) (any, *failure) {
	var chat *chat
	var m *Message
	if id := c.Params["inline_message_id"]; id != "" {
		n, _ := strconv.ParseInt(id, 10, 64)
		chat = s.chats[n]
		if chat == nil || len(chat.messages) == 0 {
			return nil, bad("MESSAGE_ID_INVALID")
		}
		m = chat.messages[0]
	} else {
		var refused *failure
		if chat, refused = s.open(c.Params); refused != nil {
			return nil, refused
		}
		m = chat.find(c.Params["message_id"])
	}
	if m == nil {
		return nil, bad("message to edit not found")
	}
	next := *m
	if refused := next.change(c); refused != nil {
		return nil, refused
	}
	if next.Text == m.Text && reflect.DeepEqual(next.Entities, m.Entities) && reflect.DeepEqual(next.Rows, m.Rows) && next.File == m.File {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	next.Edits++
	*m = next
	if m.Inline {
		return true, nil
	}
	return m.json(chat), nil
}

// change takes over what an edit says.
func (m *Message) change(c Call) *failure {
	switch c.Method {
	case "editMessageReplyMarkup":
		rows, refused := readKeyboard(c.Params["reply_markup"])
		m.Rows = rows
		return refused
	case "editMessageMedia":
		return m.replace(c)
	case "editMessageCaption":
		if m.File == nil {
			return bad("there is no caption in the message to edit")
		}
		made := c
		made.Method, made.Files = m.Method, map[string]File{"photo": *m.File, "document": *m.File}
		return m.read(made)
	}
	if m.File != nil {
		return bad("there is no text in the message to edit")
	}
	return m.read(c)
}

// replace puts another file with its caption in the place of what stands: also
// of a text, https://core.telegram.org/bots/api#editmessagemedia
func (m *Message) replace(c Call) *failure {
	var in struct {
		Type     string          `json:"type"`
		Media    string          `json:"media"`
		Caption  string          `json:"caption"`
		Entities json.RawMessage `json:"caption_entities"`
	}
	dec := json.NewDecoder(strings.NewReader(c.Params["media"]))
	dec.DisallowUnknownFields()
	if dec.Decode(&in) != nil {
		return bad("can't parse InputMedia JSON object")
	}
	method := map[string]string{"photo": "sendPhoto", "document": "sendDocument"}[in.Type]
	if method == "" {
		return bad("wrong type of the media")
	}
	name, uploaded := strings.CutPrefix(in.Media, "attach://")
	f, ok := c.Files[name]
	if !uploaded || !ok || m.Inline {
		return bad("wrong file identifier/HTTP URL specified")
	}
	made := Call{Method: method, Params: map[string]string{"caption": in.Caption, "caption_entities": string(in.Entities), "reply_markup": c.Params["reply_markup"]}, Files: map[string]File{in.Type: f}}
	if refused := m.read(made); refused != nil {
		return refused
	}
	m.Method = method
	return nil
}
