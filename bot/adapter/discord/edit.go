package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"griot/bot/adapter"
)

var _ adapter.Editor = (*Adapter)(nil)

// Edit makes a message of the bot read as p:
// https://docs.discord.com/developers/resources/message#edit-message
func (a *Adapter) Edit(ctx context.Context, ref adapter.MessageRef, p adapter.Part) error {
	body, err := whole(p.Body)
	if err != nil {
		return fmt.Errorf("%w: %w", adapter.ErrPayload, err)
	}
	if !idPattern.MatchString(ref.ID) {
		return fmt.Errorf("%w: it has no id here", adapter.ErrLost)
	}
	if err := a.remember(ctx, p.Lines); err != nil {
		return err
	}
	if err := a.pacer.Wait(ctx, ref.To, false); err != nil {
		return err
	}
	channel, err := a.channel(ctx, ref.To)
	if err != nil {
		return err
	}
	c := call{method: http.MethodPatch, path: "channels/" + escapeID(channel) + "/messages/" + escapeID(ref.ID), body: body, files: p.Files}
	header, err := a.rest.head(ctx, c, nil)
	a.mind(ref.To, header)
	switch {
	case hasCode(err, codeOldEdits): // only such edits have to wait, not the channel
		f, _ := errors.AsType[*fault](err)
		return classify(f, false)
	case err != nil:
		return a.judge(ref.To, err)
	}
	return nil
}

// whole names every field of a message's body, since an edit leaves those that
// it does not name as they were.
func whole(body json.RawMessage) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, fmt.Errorf("a part's body: %w", err)
	}
	if len(fields) == 0 {
		return nil, errEmpty
	}
	for name, none := range map[string]string{"content": `""`, "embeds": `[]`, "components": `[]`, "attachments": `[]`} {
		if _, named := fields[name]; !named {
			fields[name] = json.RawMessage(none)
		}
	}
	delete(fields, "flags") // it is shown to whom it was shown
	fields["allowed_mentions"] = json.RawMessage(noPings)
	return encode(fields)
}
