package discord_test

import (
	"testing"

	"griot/bot/adapter/discord"
	"griot/commands"
)

func TestLink(t *testing.T) {
	t.Parallel()
	for want, tc := range map[string]struct {
		place commands.Place
		id    string
	}{
		"https://discord.com/channels/7/6/9":   {commands.Place{Destination: commands.Destination{Chat: "6"}, Guild: "7"}, "9"},
		"https://discord.com/channels/7/61/9":  {commands.Place{Destination: commands.Destination{Chat: "6", Thread: "61"}, Guild: "7"}, "9"},
		"https://discord.com/channels/@me/8/9": {commands.Place{Destination: commands.Destination{Chat: "8"}, Private: true}, "9"},
	} {
		if got := (*discord.Adapter)(nil).Link(tc.place, tc.id); got != want {
			t.Errorf("%+v: %q, want %q", tc, got, want)
		}
	}
	for _, odd := range [][3]string{{"7", "6", ""}, {"7", "", "9"}, {"7", "6", "9/../x"}, {"x", "6", "9"}, {"7", "a b", "9"}} {
		place := commands.Place{Destination: commands.Destination{Chat: odd[1]}, Guild: odd[0]}
		if got := (*discord.Adapter)(nil).Link(place, odd[2]); got != "" {
			t.Errorf("%v has the address %q", odd, got)
		}
	}
}
