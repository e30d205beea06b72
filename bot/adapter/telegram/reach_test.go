package telegram

import (
	"errors"
	"testing"

	"griot/bot/adapter"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

// TestReach: who is in a chat reaches it, and why not is told otherwise.
func TestReach(t *testing.T) {
	t.Parallel()
	f := telegramtest.New(t)
	f.AddChat(telegramtest.Chat{ID: -1, Type: "supergroup"})
	f.AddChat(telegramtest.Chat{ID: -2, Type: "supergroup"})
	f.AddChat(telegramtest.Chat{ID: -3, Type: "channel"})
	f.AddChat(telegramtest.Chat{ID: 42, Type: "private"})
	f.Lose(-2, "Forbidden: bot was kicked from the supergroup chat")
	a, err := New(Options{Token: telegramtest.Token, APIURL: f.URL()})
	if err != nil {
		t.Fatal(err)
	}
	for chat, want := range map[string]error{"-1": nil, "42": nil, "-2": adapter.ErrGone, "-3": adapter.ErrForbidden, "-9": adapter.ErrGone} {
		if err := a.Reach(t.Context(), commands.Destination{Platform: commands.Telegram, Chat: chat}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", chat, err, want)
		}
	}
}
