package discord_test

import (
	"errors"
	"net/http"
	"testing"

	"griot/bot/adapter"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

// TestReach: a channel the bot sees is reached, and why not is told otherwise.
func TestReach(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	d.AddChannel("61", discordtest.Guild)
	d.AddThread("62", "61")
	d.AddChannel("63", discordtest.Guild)
	d.Refuse("63", http.StatusForbidden, 50001)
	for to, want := range map[commands.Destination]error{
		{Chat: "61"}: nil, {Chat: "61", Thread: "62"}: nil, {Chat: "63"}: adapter.ErrForbidden, {Chat: "64"}: adapter.ErrGone,
	} {
		to.Platform = commands.Discord
		if err := a.Reach(t.Context(), to); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", to, err, want)
		}
	}
}
