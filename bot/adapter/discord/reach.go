package discord

import (
	"cmp"
	"context"
	"net/http"

	"griot/bot/adapter"
	"griot/commands"
)

// Reach asks whether the bot sees a channel or thread. What else it may do there
// Discord tells when it is done.
func (a *Adapter) Reach(ctx context.Context, to commands.Destination) error {
	_, err := a.inTurn(ctx, call{method: http.MethodGet, path: "channels/" + escapeID(cmp.Or(to.Thread, to.Chat))}, nil)
	return meaning(err)
}

var _ adapter.Reacher = (*Adapter)(nil)
