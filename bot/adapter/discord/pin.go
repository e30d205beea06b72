package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"griot/bot/adapter"
)

var _ adapter.Pinner = (*Adapter)(nil)

// pinRight is what pinning and unpinning takes, as Discord calls it: the right
// of its own that Manage Messages does not include any more.
const pinRight = "Pin Messages"

// Pin pins a message: https://docs.discord.com/developers/resources/message#pin-message
// Discord notifies nobody of it; a line in the channel says that it was done.
func (a *Adapter) Pin(ctx context.Context, ref adapter.MessageRef) error {
	return a.pins(ctx, http.MethodPut, ref)
}

// Unpin takes a message off the pins: https://docs.discord.com/developers/resources/message#unpin-message
func (a *Adapter) Unpin(ctx context.Context, ref adapter.MessageRef) error {
	err := a.pins(ctx, http.MethodDelete, ref)
	if errors.Is(err, adapter.ErrLost) {
		return nil
	}
	return err
}

// pins calls the route of pins that took the place of /channels/{id}/pins, which
// discordgo's own methods still use.
func (a *Adapter) pins(ctx context.Context, method string, ref adapter.MessageRef) error {
	if !idPattern.MatchString(ref.ID) {
		return fmt.Errorf("%w: it has no id here", adapter.ErrLost)
	}
	if err := a.pacer.Wait(ctx, ref.To, false); err != nil {
		return err
	}
	channel, err := a.channel(ctx, ref.To)
	if err != nil {
		return err
	}
	c := call{method: method, path: "channels/" + escapeID(channel) + "/messages/pins/" + escapeID(ref.ID)}
	header, err := a.rest.head(ctx, c, nil)
	a.mind(ref.To, header)
	switch {
	case hasCode(err, codePinLimit):
		return fmt.Errorf("%w: %w", adapter.ErrPinLimit, err)
	case hasCode(err, codeNoPermission):
		return &adapter.RightError{Right: pinRight, Err: err}
	case err != nil:
		return a.judge(ref.To, err)
	}
	return nil
}
