package telegram

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

var _ adapter.Editor = (*Adapter)(nil)

// inlinePlace begins the chat of a message that was sent through inline mode:
// nobody tells the bot where such a one stands, only by which id it is edited.
const inlinePlace = "inline:"

// inlineMessage is the destination of an inline message, one for each.
func inlineMessage(id string) commands.Destination {
	return commands.Destination{Platform: commands.Telegram, Chat: inlinePlace + id}
}

// Edit makes a message read as p. A message of before its group got a new id
// cannot be reached under it: https://core.telegram.org/bots/api#editmessagetext
func (a *Adapter) Edit(ctx context.Context, ref adapter.MessageRef, p adapter.Part) error {
	d, err := read(p)
	if err != nil {
		return err
	}
	at := tgbotapi.Params{}
	if id, inline := strings.CutPrefix(ref.To.Chat, inlinePlace); inline {
		at["inline_message_id"] = id
	} else if _, err := strconv.ParseInt(ref.ID, 10, 64); err != nil {
		return fmt.Errorf("%w: it has no number here", adapter.ErrLost)
	} else {
		at["chat_id"], at["message_id"] = strings.TrimPrefix(ref.To.Chat, person), ref.ID
	}
	err = a.change(ctx, ref.To, at, d, false)
	if errors.Is(err, errNoText) { // words in the place of a file become its caption
		d.Caption, d.CaptionEntities, d.Text, d.Entities, d.Preview = d.Text, d.Entities, "", nil, nil
		err = a.change(ctx, ref.To, at, d, false)
	}
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// change edits the message that at names, once: its text, its file with the
// caption, or the caption alone.
func (a *Adapter) change(ctx context.Context, to commands.Destination, at tgbotapi.Params, d draft, urgent bool) error {
	method := "editMessageText"
	d.Silent = false // no edit is heard
	if d.Text == "" {
		method = "editMessageCaption"
	}
	p, err := a.params(ctx, d)
	if err == nil && d.file != nil {
		method, p, err = "editMessageMedia", d.media(p), nil
	}
	if err != nil {
		return err
	}
	maps.Copy(p, at)
	if err := a.wait(ctx, to, urgent); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	err = a.request(ctx, method, p, d.upload(), nil)
	a.obey(to, err)
	return err
}

// media is the parameters of a message with a file as an edit takes them: the
// caption belongs to the file.
func (d draft) media(p tgbotapi.Params) tgbotapi.Params {
	kind := d.upload()[0].Name
	raw, err := encode(struct {
		Type     string   `json:"type"`
		Media    string   `json:"media"`
		Caption  string   `json:"caption,omitempty"`
		Entities []entity `json:"caption_entities,omitempty"`
	}{kind, "attach://" + kind, d.Caption, d.CaptionEntities})
	out := tgbotapi.Params{}
	if err == nil { // our own types always encode
		out["media"] = string(raw)
	}
	out.AddNonEmpty("reply_markup", p["reply_markup"])
	return out
}
