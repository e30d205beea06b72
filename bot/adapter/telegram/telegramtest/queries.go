package telegramtest

import (
	"encoding/json"
	"strconv"
	"testing"
)

// Query is a press of a button and how the bot answered it.
type Query struct {
	ID       string
	Answered bool
	Text     string
	Alert    bool
	Expired  bool
}

// Press presses a button with this data and returns the query's id. A message
// the bot did not write, or one that was deleted, comes as an inaccessible one.
func (s *Server) Press(from User, chatID, message int64, data string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chat(chatID)
	msg := map[string]any{"message_id": message, "date": 0, "chat": c.json()}
	if m := c.find(strconv.FormatInt(message, 10)); m != nil {
		msg = m.json(c)
	}
	return s.press(map[string]any{"from": from.json(), "message": msg, "data": data, "chat_instance": "1"})
}

// PressInline presses a button of a message sent through inline mode.
func (s *Server) PressInline(from User, inlineMessage, data string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.press(map[string]any{"from": from.json(), "inline_message_id": inlineMessage, "data": data, "chat_instance": "1"})
}

// Choose tells the bot that somebody sent a result, as Telegram does for bots
// whose owner asked for it.
func (s *Server) Choose(from User, query, result, inlineMessage string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push("chosen_inline_result", map[string]any{"result_id": result, "from": from.json(), "query": query, "inline_message_id": inlineMessage})
}

func (s *Server) press(q map[string]any) string {
	id := strconv.FormatInt(s.next(), 10)
	q["id"] = id
	s.queries[id] = &Query{ID: id}
	s.push("callback_query", q)
	return id
}

// Expire makes a press too old to answer.
func (s *Server) Expire(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q := s.queries[id]; q != nil {
		q.Expired = true
	}
}

// WaitAnswer waits until a press was answered.
func (s *Server) WaitAnswer(tb testing.TB, id string) Query {
	tb.Helper()
	var out Query
	s.wait(tb, "an answer to the press", func() bool {
		if q := s.queries[id]; q != nil {
			out = *q
		}
		return out.Answered
	})
	return out
}

func (s *Server) answerCallbackQuery(p map[string]string) (any, *failure) {
	q := s.queries[p["callback_query_id"]]
	if q == nil || q.Answered || q.Expired {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if units(p["text"]) > 200 {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	q.Answered, q.Text, q.Alert = true, p["text"], p["show_alert"] == "true"
	return true, nil
}

// Result is a result of inline mode.
type Result struct {
	Type        string `json:"type"`
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Content     struct {
		Text     string          `json:"message_text"`
		Entities []Entity        `json:"entities"`
		Preview  json.RawMessage `json:"link_preview_options"`
	} `json:"input_message_content"`
	Markup json.RawMessage `json:"reply_markup"`
}

// InlineAnswer is what the bot offers for words typed after its name.
type InlineAnswer struct {
	Results    []Result
	NextOffset string
	CacheTime  int
	Personal   bool
}

// Inline types words after the bot's name and returns the query's id.
func (s *Server) Inline(from User, query, offset string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strconv.FormatInt(s.next(), 10)
	s.push("inline_query", map[string]any{"id": id, "from": from.json(), "query": query, "offset": offset, "chat_type": "group"})
	return id
}

// WaitInline waits until an inline query was answered.
func (s *Server) WaitInline(tb testing.TB, id string) InlineAnswer {
	tb.Helper()
	var out InlineAnswer
	s.wait(tb, "an answer to the inline query", func() bool {
		a := s.inlines[id]
		if a != nil {
			out = *a
		}
		return a != nil
	})
	return out
}

// SendInline sends a result of inline mode and returns the message's inline id.
func (s *Server) SendInline(r Result) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, _ := readKeyboard(string(r.Markup))
	id := s.next()
	s.chats[id] = &chat{Chat: Chat{ID: id, Type: "group"}, messages: []*Message{{
		ID: id, Chat: id, Method: "sendMessage", Text: r.Content.Text, Entities: r.Content.Entities, Rows: rows, Inline: true,
	}}}
	return strconv.FormatInt(id, 10)
}

func (s *Server) answerInlineQuery(p map[string]string) (any, *failure) {
	a := &InlineAnswer{NextOffset: p["next_offset"], Personal: p["is_personal"] == "true"}
	a.CacheTime, _ = strconv.Atoi(p["cache_time"])
	if json.Unmarshal([]byte(p["results"]), &a.Results) != nil {
		return nil, bad("can't parse inline query results JSON object")
	}
	if len(a.Results) > 50 {
		return nil, bad("RESULTS_TOO_MUCH")
	}
	if len(a.NextOffset) > 64 {
		return nil, bad("NEXT_OFFSET_INVALID")
	}
	seen := map[string]bool{}
	for _, r := range a.Results {
		switch {
		case r.ID == "" || len(r.ID) > 64 || seen[r.ID]:
			return nil, bad("RESULT_ID_INVALID")
		case r.Type != "article" || r.Title == "":
			return nil, bad("ARTICLE_TITLE_EMPTY")
		case empty(r.Content.Text):
			return nil, bad("MESSAGE_EMPTY")
		}
		seen[r.ID] = true
		if why := CheckText(r.Content.Text, r.Content.Entities, MaxText); why != "" {
			return nil, bad(why)
		}
		if _, refused := readKeyboard(string(r.Markup)); refused != nil {
			return nil, refused
		}
	}
	s.inlines[p["inline_query_id"]] = a
	return true, nil
}
