package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"griot/bot/adapter"
	"griot/commands"
)

// body is a message as it is made: the fields of sendMessage, or with a file
// those of sendPhoto and sendDocument, but for where it goes.
type body struct {
	Chat            json.Number `json:"chat_id,omitempty"`
	Thread          json.Number `json:"message_thread_id,omitempty"`
	Text            string      `json:"text,omitempty"`
	Entities        []entity    `json:"entities,omitempty"`
	Photo           string      `json:"photo,omitempty"`
	Document        string      `json:"document,omitempty"`
	Caption         string      `json:"caption,omitempty"`
	CaptionEntities []entity    `json:"caption_entities,omitempty"`
	Preview         *preview    `json:"link_preview_options,omitempty"`
	Silent          bool        `json:"disable_notification,omitempty"`
	ReplyTo         *replyTo    `json:"reply_parameters,omitempty"`
	Keyboard        *keyboard   `json:"reply_markup,omitempty"`
}

type preview struct {
	Off bool `json:"is_disabled"`
}

type replyTo struct {
	Message int64 `json:"message_id"`
	Anyway  bool  `json:"allow_sending_without_reply"`
}

// draft is a message laid out: its body and at most one file.
type draft struct {
	body
	file *commands.File
}

// maxPhoto is the most Telegram takes as a picture, maxFile at all.
const (
	maxPhoto = 10 << 20
	maxFile  = 50 << 20
)

// drafts lays r out: pictures first, then the text with the buttons on its last
// part, so that a press can edit it, then the other files.
func drafts(r commands.Reply) ([]draft, error) {
	var pictures, others []draft
	aside := r
	for i := range r.Blocks {
		if b := &r.Blocks[i]; b.Kind == commands.Picture && b.File != nil {
			pictures = append(pictures, attach(b.File, &aside))
		}
	}
	for i := range r.Files {
		others = append(others, attach(&r.Files[i], &aside))
	}
	if r.Prompt != nil {
		aside.Blocks = append(slices.Clone(aside.Blocks), commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{{Kind: commands.Emphasis, Text: replyHere.In(r.Lang)}}})
	}
	pieces, err := layout(aside)
	if err != nil {
		return nil, err
	}
	text := fill(pieces)
	if r.Stays || len(text) > 1 {
		r = adapter.Beside(r)
	}
	k, err := newKeyboard(r)
	if err != nil {
		return nil, err
	}
	out := pictures
	for i, t := range text {
		d := draft{body: body{Text: t.text, Entities: t.entities(), Preview: &preview{Off: true}}}
		if i == len(text)-1 {
			if d.Keyboard = k; r.Prompt != nil && k == nil {
				d.ask(*r.Prompt)
			}
		}
		out = append(out, d)
	}
	out = append(out, others...)
	if len(out) == 0 || len(text) == 0 && k != nil {
		return nil, fmt.Errorf("%w: an answer without words", adapter.ErrPayload)
	}
	for i := range out {
		out[i].Silent = r.Quiet
	}
	return out, check(out)
}

// attach makes a message of a file. What a caption cannot hold goes into the text.
func attach(f *commands.File, aside *commands.Reply) draft {
	d := draft{file: f}
	caption := oneLine(f.Alt)
	if units(caption) > maxCaption {
		aside.Blocks = append(aside.Blocks[:len(aside.Blocks):len(aside.Blocks)],
			commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{{Kind: commands.Emphasis, Text: f.Alt}}})
		caption = oneLine(f.Name)
	}
	r := rich{text: caption}.quiet()
	if units(r.text) > maxCaption || !visible(r.text) {
		r = rich{}
	}
	d.Caption = r.text
	return d
}

func (d draft) picture() bool {
	return d.file != nil && (d.file.Type == "image/png" || d.file.Type == "image/jpeg") && len(d.file.Data) <= maxPhoto
}

func (d draft) method() string {
	switch {
	case d.file == nil:
		return "sendMessage"
	case d.picture():
		return "sendPhoto"
	}
	return "sendDocument"
}

func check(drafts []draft) error {
	for _, d := range drafts {
		if d.file != nil && (len(d.file.Data) == 0 || len(d.file.Data) > maxFile) {
			return fmt.Errorf("%w: file %q of %d bytes", adapter.ErrPayload, d.file.Name, len(d.file.Data))
		}
	}
	return nil
}

// Render lays r out. A button's line stands in it whole: Send shortens what the
// platform would not take, and keeps it.
func (a *Adapter) Render(_ commands.Place, r commands.Reply) ([]adapter.Part, error) {
	list, err := drafts(r)
	if err != nil {
		return nil, err
	}
	parts := make([]adapter.Part, len(list))
	for i, d := range list {
		raw, err := encode(d.body)
		if err != nil {
			return nil, err
		}
		parts[i] = adapter.Part{Body: raw}
		if d.file != nil {
			parts[i].Files = []commands.File{*d.file}
		}
	}
	return parts, nil
}

// Explain tells which calls an answer is sent with.
func (a *Adapter) Explain(place commands.Place, r commands.Reply) ([]adapter.Call, error) {
	list, err := drafts(r)
	if err != nil {
		return nil, err
	}
	calls := make([]adapter.Call, len(list))
	for i, d := range list {
		d.Chat, d.Thread = "0", ""
		if _, err := strconv.ParseInt(place.Chat, 10, 64); err == nil {
			d.Chat = json.Number(place.Chat)
		}
		if n, err := strconv.ParseInt(place.Thread, 10, 64); err == nil && n > 0 {
			d.Thread = json.Number(place.Thread)
		}
		d.Keyboard, _ = d.Keyboard.shorten()
		switch {
		case d.picture():
			d.Photo = "attach://" + d.file.Name
		case d.file != nil:
			d.Document = "attach://" + d.file.Name
		}
		raw, err := encode(d.body)
		if err != nil {
			return nil, err
		}
		calls[i] = adapter.Call{Method: "POST", Path: "/" + d.method(), Body: raw}
	}
	return calls, nil
}

// encode writes JSON without escaping < > &: people read it too.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
