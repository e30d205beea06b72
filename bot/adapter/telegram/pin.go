package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

var _ adapter.Pinner = (*Adapter)(nil)

// Pin pins a message without a notification: https://core.telegram.org/bots/api#pinchatmessage
func (a *Adapter) Pin(ctx context.Context, ref adapter.MessageRef) error {
	return a.pins(ctx, "pinChatMessage", ref, tgbotapi.Params{"disable_notification": "true"})
}

// Unpin takes a message off the pins: https://core.telegram.org/bots/api#unpinchatmessage
// Its number goes along, else the newest pin would go, whoever's it is.
func (a *Adapter) Unpin(ctx context.Context, ref adapter.MessageRef) error {
	err := a.pins(ctx, "unpinChatMessage", ref, tgbotapi.Params{})
	if errors.Is(err, adapter.ErrLost) {
		return nil
	}
	return err
}

func (a *Adapter) pins(ctx context.Context, method string, ref adapter.MessageRef, p tgbotapi.Params) error {
	if _, err := strconv.ParseInt(ref.ID, 10, 64); err != nil || strings.HasPrefix(ref.To.Chat, inlinePlace) {
		return fmt.Errorf("%w: it has no number here", adapter.ErrLost)
	}
	p["chat_id"], p["message_id"] = strings.TrimPrefix(ref.To.Chat, person), ref.ID
	if err := a.wait(ctx, ref.To, false); err != nil { // a pin says so in the chat
		return err
	}
	call, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	err := a.request(call, method, p, nil, nil)
	a.obey(ref.To, err)
	switch {
	case errors.Is(err, errSame):
		return nil
	case errors.Is(err, adapter.ErrForbidden):
		return &adapter.RightError{Right: a.pinRight(ctx, ref.To), Err: err}
	}
	return err
}

// pinRight is the right that pinning takes at a place; in a channel it is the
// one to edit messages. One that does not tell what it is is taken for a group.
func (a *Adapter) pinRight(ctx context.Context, to commands.Destination) string {
	var c chat
	if id, err := strconv.ParseInt(to.Chat, 10, 64); err == nil && id < firstChannel {
		if err := a.call(ctx, "getChat", tgbotapi.Params{"chat_id": to.Chat}, &c); err != nil {
			a.log.Debug("kind of a chat unknown", "err", err)
		}
	}
	if c.Type == "channel" {
		return "can_edit_messages"
	}
	return "can_pin_messages"
}
