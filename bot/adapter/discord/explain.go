package discord

import (
	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
	"griot/commands"
)

// Explain tells which calls an answer to a slash command is sent with.
func (a *Adapter) Explain(place commands.Place, r commands.Reply) ([]adapter.Call, error) {
	if r.Prompt != nil {
		c, err := formCall(*r.Prompt)
		return []adapter.Call{c}, err
	}
	parts, err := a.Render(place, r)
	if err != nil {
		return nil, err
	}
	var out []adapter.Call
	for i, p := range parts {
		body := flagged(p.Body, r.Private)
		c := adapter.Call{Method: "POST", Path: "/webhooks/0/0", Body: body}
		if i == 0 {
			c.Path = "/interactions/0/0/callback"
			if c.Body, err = encode(callback{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: body}); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}
