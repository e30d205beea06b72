package telegram_test

import (
	"strings"
	"testing"

	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

// TestPrompt: a reply to the message that asks for words gives them, in private
// and in groups; one to another message does not.
func TestPrompt(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	b := newBot(t, s)
	b.core.prompt = &commands.Prompt{Title: "Write", Label: "Write", Hint: strings.Repeat("Für alle ", 20), Line: "/lake section:figures", Option: "section", Most: 9}
	b.run(t)
	s.AddChat(telegramtest.Chat{ID: -5, Type: "supergroup"})
	reader := telegramtest.User{ID: 42}
	s.AddChat(telegramtest.Chat{ID: -6, Type: "channel"})
	s.Say(reader, -6, "/prompt")
	link := s.WaitMessages(t, -6, 1)[0].Entities[0].URL // what is written in a channel is the channel's
	s.Inject(`{"channel_post": {"message_id": 900, "date": 1, "chat": {"id": -6, "type": "channel"}, "sender_chat": {"id": -6, "type": "channel"}, "text": "words", "reply_to_message":
		{"message_id": 899, "date": 1, "chat": {"id": -6, "type": "channel"}, "sender_chat": {"id": -6, "type": "channel"}, "text": "Write", "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "` + link + `"}]}}}`)
	if got := s.WaitMessages(t, -6, 2)[1].Text; got != "You asked /lake section:words" {
		t.Errorf("in a channel %q", got)
	}
	for _, chat := range []int64{42, -5} {
		s.Say(reader, chat, "/prompt")
		ask := s.WaitMessages(t, chat, 1)[0]
		if !strings.Contains(ask.Text, "Reply to this message.") {
			t.Errorf("asks %q", ask.Text)
		}
		s.Write(telegramtest.Incoming{From: reader, Chat: chat, ReplyTo: ask.ID, Text: "two\nlines: of words"})
		given := s.WaitMessages(t, chat, 2)[1]
		if given.Text != `You asked /lake section:"two\nlines: of words"` {
			t.Errorf("given %q", given.Text)
		}
		s.Write(telegramtest.Incoming{From: reader, Chat: chat, ReplyTo: ask.ID, Text: "/lake"}) // a command is one all the same
		if got := s.WaitMessages(t, chat, 3)[2].Text; got != "You asked /lake" {
			t.Errorf("a command: %q", got)
		}
		s.Write(telegramtest.Incoming{From: reader, Chat: chat, ReplyTo: given.ID, Text: "words about the lake"})
		s.Say(reader, chat, "/lake")
		want := "You asked /lake"
		if chat > 0 {
			want = "words about the lake"
		}
		if got := s.WaitMessages(t, chat, 4)[3].Text; !strings.Contains(got, want) || strings.Contains(got, "section") {
			t.Errorf("a reply to another message: %q", got)
		}
	}
}
