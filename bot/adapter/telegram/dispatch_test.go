package telegram_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

// One chat that asks without end keeps nobody else waiting: it takes one of the
// places, and what is too much of it is skipped and logged.
func TestFloodStopsNobody(t *testing.T) {
	t.Parallel()
	s, b := start(t)
	s.Fail("sendMessage", telegramtest.Fault{Hang: true})
	s.Say(amina, amina.ID, "/lake")
	s.WaitCalls(t, "sendMessage", 1)
	for range 300 {
		s.Say(amina, amina.ID, "/lake")
	}
	bintou := telegramtest.User{ID: 502, Lang: "fr"}
	s.Say(bintou, bintou.ID, "/lake")
	s.WaitMessages(t, bintou.ID, 1)
	if !strings.Contains(b.logs.String(), "too many at once from one chat") {
		t.Error("the operator was not told what was skipped")
	}
	s.Close() // lets the one that hangs go
}

func TestChatKeepsItsOrder(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	var want []string
	for word := range strings.FieldsSeq("one two three four five six seven eight nine ten") {
		s.Say(amina, amina.ID, "/lake "+word)
		want = append(want, "You asked /lake section:"+word)
	}
	if got := answers(t, s, amina.ID, "ten"); !slices.Equal(got, want) {
		t.Errorf("answers %q, want %q", got, want)
	}
}

// A webhook's requests behind several of one chat are let go at once: else that
// chat would hold every connection Telegram has.
func TestWebhookLetsAFloodGo(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	var hook http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hook.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	open := make(gate)
	b := newBot(t, s, func(o *telegram.Options) { o.WebhookURL, o.Pacer = web.URL+"/telegram/webhook", open })
	hook = b.Webhook(b.core)
	b.run(t)
	s.WaitCalls(t, "setWebhook", 1)
	s.AddChat(telegramtest.Chat{ID: amina.ID, Type: "private"})
	_, secret := s.Webhook()
	const asked, held = 12, 4
	status := make(chan int, asked)
	for i := range asked {
		body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":5,"date":4102444800,"chat":{"id":501,"type":"private"},"from":{"id":501},"text":"/lake"}}`, i+1)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		go func() {
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				status <- 0
				return
			}
			_ = resp.Body.Close()
			status <- resp.StatusCode
		}()
	}
	for range asked - held {
		if got := <-status; got != http.StatusOK {
			t.Errorf("status %d, want 200", got)
		}
	}
	close(open)
	for range held {
		<-status
	}
	s.WaitMessages(t, amina.ID, asked)
}

// gate is a pacer that lets nobody through to a chat before it is closed.
type gate chan struct{}

func (g gate) Wait(ctx context.Context, to commands.Destination, _ bool) error {
	if to.Chat == "" {
		return nil
	}
	select {
	case <-g:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (gate) Hold(commands.Destination, time.Duration) {}
