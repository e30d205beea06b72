package telegram

import (
	"context"
	"fmt"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

// Reach asks whether the bot is in a chat and may write there. Whether a topic
// is there Telegram tells nobody.
func (a *Adapter) Reach(ctx context.Context, to commands.Destination) error {
	var c chat
	if err := a.call(ctx, "getChat", tgbotapi.Params{"chat_id": to.Chat}, &c); err != nil || c.private() {
		return err
	}
	var me user
	if err := a.call(ctx, "getMe", nil, &me); err != nil {
		return err
	}
	var m struct {
		Status string `json:"status"`
		Sends  *bool  `json:"can_send_messages"`
		Posts  *bool  `json:"can_post_messages"`
	}
	if err := a.call(ctx, "getChatMember", tgbotapi.Params{"chat_id": to.Chat, "user_id": strconv.FormatInt(me.ID, 10)}, &m); err != nil {
		return err
	}
	switch {
	case m.Status == "left", m.Status == "kicked":
		return fmt.Errorf("%w: the bot is not in it", adapter.ErrGone)
	case m.Sends != nil && !*m.Sends:
		return fmt.Errorf("%w: can_send_messages is off", adapter.ErrForbidden)
	case c.Type == "channel" && m.Status != "creator" && (m.Posts == nil || !*m.Posts):
		return fmt.Errorf("%w: can_post_messages is off", adapter.ErrForbidden)
	}
	return nil
}

var _ adapter.Reacher = (*Adapter)(nil)
