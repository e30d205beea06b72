package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
	"griot/commands"
)

// person marks a destination that is a person: the chat with one has their id.
const person = "user:"

// Ping asks whether Telegram answers.
func (a *Adapter) Ping(ctx context.Context) error {
	var me user
	return a.call(ctx, "getMe", nil, &me)
}

// Send posts one part. Telegram knows no nonce: a part sent twice is shown twice.
func (a *Adapter) Send(ctx context.Context, to commands.Destination, p adapter.Part, _ string) (adapter.MessageRef, error) {
	d, err := read(p)
	if err != nil {
		return adapter.MessageRef{}, err
	}
	return a.send(ctx, to, d, false)
}

// read is the message that a part holds.
func read(p adapter.Part) (draft, error) {
	var d draft
	dec := json.NewDecoder(bytes.NewReader(p.Body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d.body); err != nil {
		return d, fmt.Errorf("%w: read the part: %w", adapter.ErrPayload, err)
	}
	switch len(p.Files) {
	case 0:
	case 1:
		d.file = &p.Files[0]
	default:
		return d, fmt.Errorf("%w: a message takes one file", adapter.ErrPayload)
	}
	return d, nil
}

// send posts one message, once.
func (a *Adapter) send(ctx context.Context, to commands.Destination, d draft, urgent bool) (adapter.MessageRef, error) {
	params, err := a.params(ctx, d)
	if err != nil {
		return adapter.MessageRef{}, err
	}
	params["chat_id"] = strings.TrimPrefix(to.Chat, person)
	params.AddNonEmpty("message_thread_id", to.Thread)
	if err := a.wait(ctx, to, urgent); err != nil {
		return adapter.MessageRef{}, err
	}
	var raw json.RawMessage
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	if err := a.request(ctx, d.method(), params, d.upload(), &raw); err != nil {
		a.obey(to, err)
		return adapter.MessageRef{}, err
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if json.Unmarshal(raw, &sent) != nil || sent.ID == 0 {
		return adapter.MessageRef{}, fmt.Errorf("%s: %w", d.method(), unknown(errNameless))
	}
	return adapter.MessageRef{To: to, ID: strconv.FormatInt(sent.ID, 10)}, nil
}

// obey tells the pacer of a wait Telegram asked for.
func (a *Adapter) obey(to commands.Destination, err error) {
	if re, ok := errors.AsType[*adapter.RetryError](err); ok && a.pacer != nil {
		if re.Global {
			to = commands.Destination{}
		}
		a.pacer.Hold(to, re.After)
	}
}

// params are what a message says, as a form takes it. Lines too long for their
// buttons are kept first.
func (a *Adapter) params(ctx context.Context, d draft) (tgbotapi.Params, error) {
	k, lines := d.Keyboard.shorten()
	if err := a.keep(ctx, lines); err != nil {
		return nil, err
	}
	p := tgbotapi.Params{}
	p.AddNonEmpty("text", d.Text)
	p.AddNonEmpty("caption", d.Caption)
	p.AddBool("disable_notification", d.Silent)
	add := func(key string, have bool, v any) {
		if !have {
			return
		}
		if raw, err := encode(v); err == nil { // our own types always encode
			p[key] = string(raw)
		}
	}
	add("entities", len(d.Entities) > 0, d.Entities)
	add("caption_entities", len(d.CaptionEntities) > 0, d.CaptionEntities)
	add("link_preview_options", d.Preview != nil, d.Preview)
	add("reply_parameters", d.ReplyTo != nil, d.ReplyTo)
	add("reply_markup", k != nil, k)
	return p, nil
}

func (d draft) upload() []tgbotapi.RequestFile {
	if d.file == nil {
		return nil
	}
	field := "document"
	if d.picture() {
		field = "photo"
	}
	name := oneLine(d.file.Name)
	if name == "" {
		name = "file"
	}
	return []tgbotapi.RequestFile{{Name: field, Data: tgbotapi.FileBytes{Name: name, Bytes: d.file.Data}}}
}
