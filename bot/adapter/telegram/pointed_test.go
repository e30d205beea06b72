package telegram_test

import (
	"testing"

	"griot/bot/adapter/telegram/telegramtest"
	"griot/briefings"
	"griot/commands"
)

// checking is a command that takes messages.
var checking = commands.Table{{
	Name: "check", Names: briefings.Text{EN: "check", FR: "verifier"}, Summary: briefings.Same("Check"), Private: true,
	Message: briefings.Same("Check with briefings"), Options: []commands.Option{{Name: "text", Names: briefings.Same("text"), Prose: true}},
}}

// TestMessagesAreChecked: a reply with the command hands over what it replies
// to, or the part that was marked; a message passed on in private is checked at
// once; what is neither stays what it was.
func TestMessagesAreChecked(t *testing.T) {
	t.Parallel()
	const group = -1001
	rumour := &telegramtest.Incoming{From: telegramtest.User{ID: 502}, Text: "The ferry sank. /lake"}
	for name, tc := range map[string]struct {
		in   telegramtest.Incoming
		want string
	}{
		"a reply":                 {telegramtest.Incoming{Chat: group, Text: "/check", To: rumour}, `/check text:"The ferry sank. /lake"`},
		"a reply in French":       {telegramtest.Incoming{Chat: group, Text: "/verifier", To: rumour}, `/check text:"The ferry sank. /lake"`},
		"a reply to a part":       {telegramtest.Incoming{Chat: group, Text: "/check", To: rumour, Quote: "ferry sank"}, `/check text:"ferry sank"`},
		"a reply with words":      {telegramtest.Incoming{Chat: group, Text: "/check It did not", To: rumour}, `/check text:"It did not"`},
		"another command's reply": {telegramtest.Incoming{Chat: group, Text: "/lake", To: rumour}, "/lake"},
		"passed on":               {telegramtest.Incoming{Chat: amina.ID, Text: "The ferry\nsank.", Passed: true}, `/check text:"The ferry\nsank."`},
		"passed on, a command":    {telegramtest.Incoming{Chat: amina.ID, Text: "/lake", Passed: true}, "/check text:/lake"},
		"passed on, a picture":    {telegramtest.Incoming{Chat: amina.ID, Caption: "The ferry sank.", Passed: true}, `/check text:"The ferry sank."`},
		"plain words":             {telegramtest.Incoming{Chat: amina.ID, Text: "the ferry"}, `/search words:"the ferry"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := start(t, checking...)
			s.AddChat(telegramtest.Chat{ID: group, Type: "supergroup"})
			tc.in.From = amina
			s.Write(tc.in)
			if got := s.WaitMessages(t, tc.in.Chat, 1)[0].Text; got != "You asked "+tc.want {
				t.Errorf("%q, want %q", got, "You asked "+tc.want)
			}
		})
	}
}

// TestForwardsInGroupsAreLeft: people pass things on there, and not to the bot.
func TestForwardsInGroupsAreLeft(t *testing.T) {
	t.Parallel()
	const group = -1001
	s, _ := start(t, checking...)
	s.AddChat(telegramtest.Chat{ID: group, Type: "supergroup"})
	s.Write(telegramtest.Incoming{From: amina, Chat: group, Text: "The ferry sank.", Passed: true})
	s.Say(amina, group, "/lake")
	if got := s.WaitMessages(t, group, 1)[0].Text; got != "You asked /lake" {
		t.Errorf("%q was answered", got)
	}
}
