package telegram_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

func TestErrorsOfSend(t *testing.T) {
	t.Parallel()
	plain := errors.New("plain")
	refuse := func(status int, text string) telegramtest.Fault {
		return telegramtest.Fault{Status: status, Text: text}
	}
	for _, c := range []struct {
		name  string
		fault telegramtest.Fault
		want  error
	}{
		{"blocked", refuse(403, "Forbidden: bot was blocked by the user"), adapter.ErrGone},
		{"deactivated", refuse(403, "Forbidden: user is deactivated"), adapter.ErrGone},
		{"kicked from a group", refuse(403, "Forbidden: bot was kicked from the group chat"), adapter.ErrGone},
		{"kicked from a supergroup", refuse(403, "Forbidden: bot was kicked from the supergroup chat"), adapter.ErrGone},
		{"not a member of a channel", refuse(403, "Forbidden: bot is not a member of the channel chat"), adapter.ErrGone},
		{"group deleted", refuse(403, "Forbidden: the group chat was deleted"), adapter.ErrGone},
		{"never started", refuse(403, "Forbidden: bot can't initiate conversation with a user"), adapter.ErrGone},
		{"chat not found", refuse(400, "Bad Request: chat not found"), adapter.ErrGone},
		{"no rights", refuse(400, "Bad Request: not enough rights to send text messages to the chat"), adapter.ErrForbidden},
		{"no rights at all", refuse(400, "Bad Request: have no rights to send a message"), adapter.ErrForbidden},
		{"write forbidden", refuse(403, "Forbidden: CHAT_WRITE_FORBIDDEN"), adapter.ErrForbidden},
		{"topic gone", refuse(400, "Bad Request: message thread not found"), adapter.ErrThread},
		{"topic closed", refuse(400, "Bad Request: TOPIC_CLOSED"), adapter.ErrThread},
		{"too long", refuse(400, "Bad Request: message is too long"), adapter.ErrPayload},
		{"bad entities", refuse(400, "Bad Request: can't parse entities: unsupported start tag"), adapter.ErrPayload},
		{"bad data", refuse(400, "Bad Request: BUTTON_DATA_INVALID"), adapter.ErrPayload},
		{"bad token", refuse(401, "Unauthorized"), adapter.ErrToken},
		{"no such bot", refuse(404, "Not Found"), adapter.ErrToken},
		{"server error", refuse(500, "Internal Server Error"), adapter.ErrUnknown},
		{"gateway error in HTML", telegramtest.Fault{Status: 502, Body: "<html>bad gateway</html>"}, adapter.ErrUnknown},
		{"cut off", telegramtest.Fault{Drop: true}, adapter.ErrUnknown},
		{"cut off after it arrived", telegramtest.Fault{Drop: true, After: true}, adapter.ErrUnknown},
		{"half an answer", telegramtest.Fault{Body: `{"ok":true,"resu`}, adapter.ErrUnknown},
		{"an answer without a message", telegramtest.Fault{Body: `{"ok":true,"result":true}`}, adapter.ErrUnknown},
		{"no answer", telegramtest.Fault{Hang: true}, adapter.ErrUnknown},
	} {
		for _, file := range []bool{false, true} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				s := telegramtest.New(t)
				s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
				method := "sendMessage"
				if file {
					method = "sendDocument"
				}
				s.Fail(method, c.fault)
				err := sendOne(t, newBot(t, s).Adapter, file)
				if !errors.Is(err, c.want) && c.want != plain {
					t.Fatalf("error %v, want one wrapping %v", err, c.want)
				}
				if strings.Contains(err.Error(), telegramtest.Token) {
					t.Errorf("the error holds the token: %v", err)
				}
			})
		}
	}
}

// sendOne sends one part to the group, within two seconds.
func sendOne(t *testing.T, a *telegram.Adapter, file bool) error {
	t.Helper()
	r := commands.Reply{Title: "Hello"}
	if file {
		r = commands.Reply{Files: []commands.File{{Name: "lake.csv", Type: "text/csv", Data: []byte("a,b\n")}}}
	}
	to := commands.Destination{Platform: commands.Telegram, Chat: "-2001"}
	parts, err := a.Render(commands.Place{Destination: to}, r)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err = a.Send(ctx, to, parts[0], "run1:0")
	return err
}

func TestWaitsAndMovesOfSend(t *testing.T) {
	t.Parallel()
	for _, file := range []bool{false, true} {
		s := telegramtest.New(t)
		s.AddChat(telegramtest.Chat{ID: group, Type: "group"})
		p := &pacer{}
		a := newBot(t, s, func(o *telegram.Options) { o.Pacer = p }).Adapter
		s.Fail("", telegramtest.Fault{Status: 429, Text: "Too Many Requests: retry after 7", RetryAfter: 7})
		err := sendOne(t, a, file)
		if re, ok := errors.AsType[*adapter.RetryError](err); !ok || re.After != 7*time.Second || p.held != 7*time.Second {
			t.Errorf("error %v, held %s; want a retry after 7s, and the pacer told", err, p.held)
		}
		s.Upgrade(group, -1002001, false)
		err = sendOne(t, a, file)
		if m, ok := errors.AsType[*adapter.MovedError](err); !ok || m.To.String() != "telegram:-1002001" {
			t.Errorf("error %v, want moved", err)
		}
	}
}

// To ask whether Telegram answers takes a turn as any call does.
func TestPing(t *testing.T) {
	t.Parallel()
	b := newBot(t, telegramtest.New(t))
	if err := b.Ping(t.Context()); err != nil || b.turns.Used() != 1 {
		t.Errorf("error %v, %d turns used; want none and 1", err, b.turns.Used())
	}
}

// pacer lets everything pass and remembers.
type pacer struct {
	held          time.Duration
	waits, urgent int
}

func (p *pacer) Wait(_ context.Context, _ commands.Destination, urgent bool) error {
	p.waits++
	if urgent {
		p.urgent++
	}
	return nil
}

func (p *pacer) Hold(_ commands.Destination, d time.Duration) { p.held = d }

func TestNothingSentIsPlain(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	a, err := telegram.New(telegram.Options{Token: adaptertest.Token, APIURL: "http://" + address})
	if err != nil {
		t.Fatal(err)
	}
	err = sendOne(t, a, false)
	if err == nil || errors.Is(err, adapter.ErrUnknown) || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("error %v, want a plain one without the token", err)
	}
}

func TestSendArrives(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddChat(telegramtest.Chat{ID: forum, Type: "supergroup", Forum: true, Topics: []int64{7}})
	a := newBot(t, s).Adapter
	to := commands.Destination{Platform: commands.Telegram, Chat: "-1002002", Thread: "7"}
	for _, n := range adaptertest.Replies() {
		parts, err := a.Render(commands.Place{Destination: to}, n.Reply)
		if err != nil {
			continue // the suite of promises judges that
		}
		for i, p := range parts {
			ref, err := a.Send(t.Context(), to, p, "run1:0")
			if err != nil || ref.ID == "" || ref.To != to {
				t.Errorf("%s: part %d of %d: %v, %v", n.Name, i+1, len(parts), ref, err)
			}
		}
	}
	for _, m := range s.Messages(forum) {
		if m.Thread != 7 || m.Preview && m.File == nil {
			t.Errorf("message in thread %d, preview %v", m.Thread, m.Preview)
		}
		for _, e := range m.Found {
			if e.Type != "bot_command" {
				t.Errorf("Telegram finds a %s in %q", e.Type, m.Text)
			}
		}
	}
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "abc", "123", "123:", "123:a b", "123:a/b", "123:a%zz"} {
		_, err := telegram.New(telegram.Options{Token: token})
		if err == nil || len(token) > 3 && strings.Contains(err.Error(), token) {
			t.Errorf("token %q: error %v", token, err)
		}
	}
	if _, err := telegram.New(telegram.Options{Token: adaptertest.Token, APIURL: "api.telegram.org"}); err == nil {
		t.Error("an address without a scheme is taken")
	}
	s := telegramtest.New(t)
	a, err := telegram.New(telegram.Options{Token: adaptertest.Token, APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Run(t.Context(), &lakeCore{}); !errors.Is(err, adapter.ErrToken) || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("run with a refused token: %v", err)
	}
}
