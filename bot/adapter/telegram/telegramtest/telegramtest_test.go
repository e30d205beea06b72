package telegramtest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"griot/bot/adapter/telegram/telegramtest"
)

// call calls a method and returns its result, or the words of its refusal.
func call(t *testing.T, s *telegramtest.Server, method string, pairs ...string) string {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.PostForm(s.URL()+"/bot"+telegramtest.Token+"/"+method, form)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct {
		OK     bool            `json:"ok"`
		Result json.RawMessage `json:"result"`
		Text   string          `json:"description"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Error(err)
	}
	if out.OK != (resp.StatusCode == 200) {
		t.Errorf("%s: ok %v with status %d", method, out.OK, resp.StatusCode)
	}
	return string(out.Result) + out.Text
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	keyboard := func(button string) string { return `{"inline_keyboard":[[` + button + `]]}` }
	for name, c := range map[string]struct {
		params []string
		want   string // the refusal, or empty
	}{
		"what is fine":               {[]string{"text", "𝒢 b", "entities", `[{"type":"bold","offset":0,"length":2}]`}, ""},
		"the longest":                {[]string{"text", strings.Repeat("é", 4096)}, ""},
		"a unit too long":            {[]string{"text", strings.Repeat("é", 4095) + "𝒢"}, "message is too long"},
		"nothing":                    {[]string{"text", " \u2060\n"}, "message text is empty"},
		"an entity past the end":     {[]string{"text", "abc", "entities", `[{"type":"bold","offset":1,"length":3}]`}, "ends after the end"},
		"half a symbol":              {[]string{"text", "𝒢", "entities", `[{"type":"bold","offset":0,"length":1}]`}, "middle of a UTF-16 symbol"},
		"entities that cross":        {[]string{"text", "abcd", "entities", `[{"type":"bold","offset":0,"length":2},{"type":"italic","offset":1,"length":2}]`}, "do not nest"},
		"bold in code":               {[]string{"text", "abcd", "entities", `[{"type":"code","offset":0,"length":4},{"type":"bold","offset":1,"length":2}]`}, "do not nest"},
		"a link that is none":        {[]string{"text", "abc", "entities", `[{"type":"text_link","offset":0,"length":3,"url":"x"}]`}, "wrong address"},
		"data too long":              {[]string{"text", "a", "reply_markup", keyboard(`{"text":"x","callback_data":"` + strings.Repeat("x", 65) + `"}`)}, "BUTTON_DATA_INVALID"},
		"a button without a label":   {[]string{"text", "a", "reply_markup", keyboard(`{"text":" ","callback_data":"x"}`)}, "not allowed to be empty"},
		"a button without a purpose": {[]string{"text", "a", "reply_markup", keyboard(`{"text":"x"}`)}, "unallowed"},
		"a topic that is not there":  {[]string{"text", "a", "message_thread_id", "9"}, "message thread not found"},
		"a closed topic":             {[]string{"text", "a", "message_thread_id", "8"}, "TOPIC_CLOSED"},
		"a chat that is not there":   {[]string{"chat_id", "-9", "text", "a"}, "chat not found"},
		"somebody never met":         {[]string{"chat_id", "9", "text", "a"}, "can't initiate conversation"},
		"a group that removed us":    {[]string{"chat_id", "-6", "text", "a"}, "bot was kicked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			s.AddChat(telegramtest.Chat{ID: -5, Type: "supergroup", Forum: true, Topics: []int64{7}, Closed: []int64{8}})
			s.Lose(-6, "bot was kicked from the group chat")
			got := call(t, s, "sendMessage", append([]string{"chat_id", "-5"}, c.params...)...)
			if refused := !strings.HasPrefix(got, "{"); refused != (c.want != "") || !strings.Contains(got, c.want) {
				t.Errorf("answer %q, want %q", got, c.want)
			}
		})
	}
}

func TestEditsAndPins(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddChat(telegramtest.Chat{ID: -5, Type: "group"})
	call(t, s, "sendMessage", "chat_id", "-5", "text", "a")
	id := s.Messages(-5)[0].ID
	var raw strings.Builder
	_ = json.NewEncoder(&raw).Encode(id)
	n := strings.TrimSpace(raw.String())
	for _, c := range []struct{ method, text, want string }{
		{"editMessageText", "a", "message is not modified"}, {"editMessageText", "b", "message_id"}, {"pinChatMessage", "", "true"},
	} {
		if got := call(t, s, c.method, "chat_id", "-5", "message_id", n, "text", c.text); !strings.Contains(got, c.want) {
			t.Errorf("%s %q: %q, want %q", c.method, c.text, got, c.want)
		}
	}
	if got := s.Pinned(-5); len(got) != 1 || got[0] != id {
		t.Errorf("pinned %v, want %d", got, id)
	}
	s.Delete(-5, id)
	if got := call(t, s, "editMessageText", "chat_id", "-5", "message_id", n, "text", "c"); !strings.Contains(got, "message to edit not found") {
		t.Errorf("edit of a deleted message: %q", got)
	}
	if got := s.Chats(); len(got) != 1 {
		t.Errorf("chats %v, want one", got)
	}
	if got := call(t, s, "answerCallbackQuery", "callback_query_id", "none"); !strings.Contains(got, "query is too old") {
		t.Errorf("answer to no press: %q", got)
	}
}

func TestTwoPollers(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	answers := make(chan string, 2)
	for range 2 {
		go func() { answers <- call(t, s, "getUpdates", "timeout", "50") }()
	}
	if got := <-answers; !strings.Contains(got, "terminated by other getUpdates request") {
		t.Errorf("one poller: %q", got)
	}
	s.Say(telegramtest.User{ID: 1}, 1, "hello")
	if got := <-answers; !strings.Contains(got, "hello") {
		t.Errorf("the other poller: %q", got)
	}
	if got := call(t, s, "getUpdates", "offset", "1002", "timeout", "0"); got != "[]" || s.Pending() != 0 {
		t.Errorf("after confirming: %q and %d pending", got, s.Pending())
	}
	call(t, s, "setWebhook", "url", "http://127.0.0.1:1")
	if got := call(t, s, "getUpdates"); !strings.Contains(got, "webhook is active") {
		t.Errorf("polling with a webhook: %q", got)
	}
}
