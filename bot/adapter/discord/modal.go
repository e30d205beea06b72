package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
	"griot/commands"
)

// Limits of forms: https://docs.discord.com/developers/components/reference#text-input
const (
	maxFormTitle = 45
	maxFormHint  = 100
	maxFormText  = 4000
)

// modal is a form with one field, whose custom id is the option it is for.
type modal struct {
	CustomID   string `json:"custom_id"`
	Title      string `json:"title"`
	Components []struct {
		Type       int     `json:"type"`
		Components []field `json:"components"`
	} `json:"components"`
}

type field struct {
	Type     int    `json:"type"`
	CustomID string `json:"custom_id"`
	Style    int    `json:"style"`
	Label    string `json:"label"`
	Hint     string `json:"placeholder,omitempty"`
	Most     int    `json:"max_length"`
	Required bool   `json:"required"`
}

const (
	typeText  = 4
	styleLong = 2
)

// form lays a prompt out, with its line by its key where it is too long for an id.
func form(p commands.Prompt) (callback, map[string]string, error) {
	title, label := clip(oneLine(p.Title), maxFormTitle), clip(oneLine(p.Label), maxFormTitle)
	if title == "" || label == "" || p.Option == "" || !strings.HasPrefix(p.Line, "/") {
		return callback{}, nil, fmt.Errorf("%w: a form without title, label or line", adapter.ErrPayload)
	}
	k := keys{lines: map[string]string{}, used: map[string]int{}}
	m := modal{CustomID: k.id(p.Line, maxCustomID), Title: title}
	m.Components = append(m.Components, struct {
		Type       int     `json:"type"`
		Components []field `json:"components"`
	}{typeRow, []field{{
		Type: typeText, CustomID: p.Option, Style: styleLong, Label: label, Hint: clip(oneLine(p.Hint), maxFormHint), Most: max(1, min(p.Most, maxFormText)), Required: true,
	}}})
	return callback{Type: discordgo.InteractionResponseModal, Data: m}, k.lines, nil
}

// prompt asks for words with a form; false when that cannot be the answer any more.
func (t *talk) prompt(ctx context.Context, p commands.Prompt) bool {
	c, lines, err := form(p)
	if err == nil {
		err = t.a.remember(ctx, lines)
	}
	if err != nil {
		t.a.log.Error("form not made", "err", err)
		return false
	}
	t.mu.Lock()
	late := t.answered || t.i.Type == discordgo.InteractionModalSubmit // a form does not open from a form
	t.answered = t.answered || !late
	t.mu.Unlock()
	if !late {
		_ = t.first(ctx, c, nil) // logged
	}
	return !late
}

// submit answers the line of a form with what was written into it.
func (t *talk) submit(ctx context.Context) {
	line, ok := t.line(ctx)
	if !ok {
		return
	}
	r, err := commands.ParseLine(t.core.Table(), line)
	if err != nil {
		r = t.core.Settle(ctx, t.i.request(r), t.i.Locale)
		t.show(ctx, commands.Refusal(t.core.Table(), r.Lang, err), false)
		return
	}
	for _, row := range t.i.Data.Components {
		for _, f := range row.Components {
			r.Options[f.CustomID] = f.Value
		}
	}
	t.reply(ctx, t.i.request(r), false)
}

// line is the line that a button, select or form stands for; false when nobody
// knows any more, which is said then.
func (t *talk) line(ctx context.Context) (string, bool) {
	line := t.i.key()
	if key, hashed := strings.CutPrefix(line, "#"); hashed {
		ask, cancel := context.WithTimeout(ctx, suggestLimit)
		defer cancel()
		var err error
		if line, err = t.a.notes.Note(ask, "line:"+key); err != nil {
			t.a.log.Error("line of a button not read", "err", err)
		}
	}
	if strings.TrimSpace(line) == "" {
		t.say(ctx, t.words().TooLate)
		return "", false
	}
	return line, true
}

// formCall is the first answer to an asker who is to fill a form.
func formCall(p commands.Prompt) (adapter.Call, error) {
	c, _, err := form(p)
	if err != nil {
		return adapter.Call{}, err
	}
	body, err := encode(c)
	return adapter.Call{Method: "POST", Path: "/interactions/0/0/callback", Body: json.RawMessage(body)}, err
}
