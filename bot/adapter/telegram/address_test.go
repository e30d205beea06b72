package telegram_test

import (
	"testing"

	"griot/bot/adapter/telegram"
	"griot/commands"
)

func TestLink(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ chat, thread, id, want string }{
		{"-1001234567890", "", "55", "https://t.me/c/1234567890/55"},
		{"-1001234567890", "7", "55", "https://t.me/c/1234567890/7/55"},
		{"-1000000000001", "", "55", "https://t.me/c/1/55"},
		{"-1001234", "", "55", ""}, // a basic group whose id merely begins like that
		{"-2001", "", "55", ""},
		{"42", "", "55", ""},
		{"-1001234567890", "", "", ""},
		{"-1001234567890", "x", "55", ""},
		{"-1001234567890", "", "5/5", ""},
		{"odd", "", "55", ""},
	} {
		place := commands.Place{Destination: commands.Destination{Chat: tc.chat, Thread: tc.thread}}
		if got := (*telegram.Adapter)(nil).Link(place, tc.id); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}
