package telegram_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/briefings"
	"griot/commands"
)

func TestRestartAnswersNothingTwice(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	b := newBot(t, s)
	stop := b.run(t)
	s.Say(amina, amina.ID, "/lake one")
	s.WaitMessages(t, amina.ID, 1)
	stop()
	if n := s.Pending(); n != 0 {
		t.Errorf("%d updates not confirmed after a stop in order", n)
	}
	s.Say(amina, amina.ID, "/lake two") // while nobody is there
	newBot(t, s, func(o *telegram.Options) { o.Notes = b.notes }).run(t)
	s.Say(amina, amina.ID, "/lake three")
	got := answers(t, s, amina.ID, "three")
	if want := "one two three"; len(got) != 3 || !strings.HasSuffix(got[1], "two") {
		t.Errorf("answers %q, want %s", got, want)
	}
}

func TestWhatWasInHandAtACrash(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Say(amina, amina.ID, "/lake") // number 1001
	s.Say(amina, amina.ID, "/lake new")
	b := newBot(t, s)
	key := "telegram:updates:700000001"
	left := `{"next":1002,"last":4102444800,"open":[{"update_id":1001,"message":{"message_id":5,"date":1,"chat":{"id":501,"type":"private"},"from":{"id":501},"text":"/lake left"}}]}`
	if err := b.notes.SetNote(t.Context(), key, left); err != nil {
		t.Fatal(err)
	}
	stop := b.run(t)
	got := answers(t, s, amina.ID, "new")
	if want := []string{"You asked /lake section:left", "You asked /lake section:new"}; !slices.Equal(got, want) {
		t.Errorf("answers %q, want %q", got, want)
	}
	stop()
	if note, _ := b.notes.Note(t.Context(), key); strings.Contains(note, "open") || !strings.Contains(note, `"next":1003`) {
		t.Errorf("note %s, want nothing in hand", note)
	}
}

func TestWhatIsInHandIsKept(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	b := newBot(t, s)
	b.run(t)
	s.Fail("sendMessage", telegramtest.Fault{Hang: true})
	s.Say(amina, amina.ID, "/lake left")
	s.WaitCalls(t, "sendMessage", 1)
	s.Say(telegramtest.User{ID: 502}, 502, "/lake") // confirms the one before
	s.WaitMessages(t, 502, 1)
	s.Say(telegramtest.User{ID: 502}, 502, "/lake")
	s.WaitMessages(t, 502, 2)
	if note, _ := b.notes.Note(t.Context(), "telegram:updates:700000001"); !strings.Contains(note, "/lake left") {
		t.Errorf("note %s, want the update in hand", note)
	}
	s.Close()
}

func TestUpdatesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s, b := start(t)
	for _, raw := range []string{
		`{}`, `{"message":null}`, `{"message":{}}`, `{"message":[]}`, `{"message":{"text":"somebody wrote","chat":"x"}}`,
		`{"callback_query":{}}`, `{"callback_query":{"id":"1","data":"/lake","message":{}}}`, `{"inline_query":{}}`,
		`{"update_id":"x","message":{"text":"somebody wrote"}}`, `[]`, `7`, `"somebody wrote"`, `{"my_chat_member":{}}`,
		`{"message":{"chat":{"id":1e300}}}`, `{"channel_post":{"text":"/lake","chat":{"id":-5,"type":"channel"}}}`,
		`{"message":{"text":"/lake","date":4102444800,"chat":{"id":-6,"type":"group"}}}`,
	} {
		s.Inject(raw)
	}
	s.Say(amina, amina.ID, "/lake")
	s.WaitMessages(t, amina.ID, 1)
	if !strings.Contains(b.logs.String(), "update skipped") {
		t.Error("nothing was logged")
	}
}

func TestPollingGoesOn(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]telegramtest.Fault{
		"another poller":  {Status: 409, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"},
		"a limit":         {Status: 429, Text: "Too Many Requests: retry after 1", RetryAfter: 1},
		"a gateway error": {Status: 502, Body: "<html>"},
		"a cut":           {Drop: true},
		"nonsense":        {Body: `{"ok":true,"result":{"a":1}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			s.Fail("getUpdates", fault)
			s.Fail("getMe", telegramtest.Fault{Drop: true})
			b := newBot(t, s)
			b.run(t)
			s.Say(amina, amina.ID, "/lake")
			s.WaitMessages(t, amina.ID, 1)
			if !strings.Contains(b.logs.String(), "level=WARN") {
				t.Error("the operator was not told")
			}
		})
	}
	t.Run("a webhook of somebody else", func(t *testing.T) {
		t.Parallel()
		s, _ := start(t)
		s.WaitCalls(t, "getUpdates", 1)
		resp, err := http.PostForm(s.URL()+"/bot"+telegramtest.Token+"/setWebhook", map[string][]string{"url": {"http://127.0.0.1:1/hook"}})
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		s.WaitCalls(t, "deleteWebhook", 2)
		s.Say(amina, amina.ID, "/lake")
		s.WaitMessages(t, amina.ID, 1)
	})
}

func TestAnswersAreTriedAgain(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for i, fault := range []telegramtest.Fault{
		{Status: 429, Text: "Too Many Requests: retry after 1", RetryAfter: 1},
		{Status: 500, Text: "Internal Server Error"},
		{Drop: true},
		{Status: 400, Text: "Bad Request: can't parse entities"},
	} {
		s.Fail("sendMessage", fault)
		s.Say(amina, amina.ID, "/lake")
		s.WaitMessages(t, amina.ID, i+1)
	}
}

func TestSlowChatStopsNobody(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	s.Fail("sendMessage", telegramtest.Fault{Hang: true})
	s.Say(amina, amina.ID, "/lake")
	s.WaitCalls(t, "sendMessage", 1)
	for i := range 150 {
		id := int64(600 + i)
		s.Say(telegramtest.User{ID: id}, id, "/lake")
	}
	for i := range 150 {
		s.WaitMessages(t, int64(600+i), 1)
	}
	s.Close() // lets the one that hangs go
}

func TestMenus(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	b := newBot(t, s)
	stop := b.run(t)
	s.WaitCalls(t, "setMyCommands", 8)
	stop()
	has := func(key, name string) bool {
		for _, c := range s.Menu(key) {
			if c.Command == name {
				return true
			}
		}
		return false
	}
	for key, want := range map[string]bool{"default/": false, "all_group_chats/": false, "all_private_chats/": true, "all_chat_administrators/fr": true} {
		if has(key, "settings") != want {
			t.Errorf("menu %s has /settings: %v, want %v", key, !want, want)
		}
	}
	if !has("default/fr", "lac") || has("default/fr", "lake") || !has("default/", "lake") {
		t.Error("names are not those of the language")
	}
	again := newBot(t, s)
	again.run(t)
	s.WaitCalls(t, "getMyCommands", 16)
	if n := len(s.Calls("setMyCommands")); n != 8 {
		t.Errorf("%d menus set anew though they were the same", n-8)
	}
	for _, f := range again.Check(t.Context(), again.core) {
		if !f.OK {
			t.Errorf("finding %+v, want all well", f)
		}
	}
	again.core.mu.Lock()
	again.core.extra = commands.Table{{Name: "new", Names: briefings.Same("new"), Summary: briefings.Same("New")}}
	again.core.mu.Unlock()
	found := false
	for _, f := range again.Check(t.Context(), again.core) {
		found = found || f.What == "telegram menus" && f.Note == "the menu where no other one is set differs from the table of commands" && f.Cure != ""
	}
	if !found {
		t.Error("menus that differ are not found")
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	var hook http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hook.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	b := newBot(t, s, func(o *telegram.Options) { o.WebhookURL = web.URL + "/telegram/webhook" })
	hook = b.Webhook(b.core)
	s.Say(amina, amina.ID, "/lake before")
	b.run(t)
	s.WaitMessages(t, amina.ID, 1)
	s.Say(amina, amina.ID, "/lake")
	s.WaitMessages(t, amina.ID, 2)
	_, secret := s.Webhook()
	if secret == "" || strings.Contains(telegramtest.Token, secret) {
		t.Errorf("secret %q", secret)
	}
	post := func(secret, body string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	update := `{"update_id":5,"message":{"message_id":5,"date":4102444800,"chat":{"id":501,"type":"private"},"from":{"id":501},"text":"/lake once"}}`
	for _, c := range []struct {
		secret, body string
		want         int
	}{
		{"", update, 403},
		{"wrong", update, 403},
		{secret, update, 200},
		{secret, update, 200},
		{secret, "nonsense", 200},
		{secret, string(bytes.Repeat([]byte("x"), 2<<20)), 400},
	} {
		if got := post(c.secret, c.body); got != c.want {
			t.Errorf("status %d for %.30q, want %d", got, c.body, c.want)
		}
	}
	if n := len(s.Messages(amina.ID)); n != 3 {
		t.Errorf("%d messages, want 3: the update brought twice is answered once", n)
	}
}
