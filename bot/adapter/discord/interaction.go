package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"griot/commands"
)

// interaction is what we read of an interaction. discordgo's type lacks the
// channel, which tells threads, and refuses the whole for one odd field.
type interaction struct {
	ID          string                                          `json:"id"`
	App         string                                          `json:"application_id"`
	Type        discordgo.InteractionType                       `json:"type"`
	Token       string                                          `json:"token"`
	Guild       string                                          `json:"guild_id"`
	ChannelID   string                                          `json:"channel_id"`
	Channel     *channel                                        `json:"channel"`
	Member      *member                                         `json:"member"`
	User        *user                                           `json:"user"`
	Locale      string                                          `json:"locale"`
	GuildLocale string                                          `json:"guild_locale"`
	Context     *discordgo.InteractionContextType               `json:"context"`
	Owners      map[discordgo.ApplicationIntegrationType]string `json:"authorizing_integration_owners"`
	Data        *interactionData                                `json:"data"`
	Message     *struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	} `json:"message"`
}

type channel struct {
	ID     string                `json:"id"`
	Type   discordgo.ChannelType `json:"type"`
	Parent string                `json:"parent_id"`
}

type member struct {
	User        user   `json:"user"`
	Permissions string `json:"permissions"`
	Nick        string `json:"nick"`
}

type user struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Global   string `json:"global_name"`
}

// name is what others see the asker called.
func (i *interaction) name() string {
	if m := i.Member; m != nil {
		return cmp.Or(m.Nick, m.User.Global, m.User.Username)
	}
	if i.User != nil {
		return cmp.Or(i.User.Global, i.User.Username)
	}
	return ""
}

// interactionData is the union of what commands and components carry.
type interactionData struct {
	Target   string                           `json:"target_id"` // of a menu
	Resolved resolved                         `json:"resolved"`
	Name     string                           `json:"name"`
	Kind     discordgo.ApplicationCommandType `json:"type"`
	Options  []optionData                     `json:"options"`
	CustomID string                           `json:"custom_id"`
	Values   []string                         `json:"values"`
	// Of a form, what was written.
	Components []struct {
		Components []struct {
			CustomID string `json:"custom_id"`
			Value    string `json:"value"`
		} `json:"components"`
	} `json:"components"`
}

type optionData struct {
	Name    string                                 `json:"name"`
	Type    discordgo.ApplicationCommandOptionType `json:"type"`
	Value   json.RawMessage                        `json:"value"`
	Options []optionData                           `json:"options"`
	Focused bool                                   `json:"focused"`
}

// text is an option's value as it was typed.
func (o optionData) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return string(o.Value) // numbers and booleans read as they are written
}

// parseInteraction reads an interaction that can be answered. A field of another
// type than expected stays empty, and takes nothing else with it.
func parseInteraction(raw []byte) (*interaction, error) {
	var i *interaction
	err := json.Unmarshal(raw, &i)
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !odd {
		return nil, errors.New("interaction is no JSON")
	}
	switch {
	case i == nil:
		return nil, errors.New("interaction is null")
	case i.Type == discordgo.InteractionPing:
		return i, nil
	case !idPattern.MatchString(i.ID) || i.Token == "":
		return nil, errors.New("interaction without an id or token: nobody to answer")
	}
	if i.Data == nil {
		i.Data = &interactionData{}
	}
	return i, nil
}

// idPattern is what may stand in a path; Discord's own ids are digits.
var idPattern = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)

// asker is the id of who used the bot.
func (i *interaction) asker() string {
	switch {
	case i.Member != nil && i.Member.User.ID != "":
		return i.Member.User.ID
	case i.User != nil:
		return i.User.ID
	}
	return ""
}

// place is where an interaction happened, and what the bot may do there later.
func (i *interaction) place() commands.Place {
	p := commands.Place{Destination: commands.Destination{Platform: commands.Discord, Chat: i.ChannelID}, Guild: i.Guild}
	if c := i.Channel; c != nil {
		if p.Chat == "" {
			p.Chat = c.ID
		}
		thread := c.Type == discordgo.ChannelTypeGuildPublicThread || c.Type == discordgo.ChannelTypeGuildPrivateThread || c.Type == discordgo.ChannelTypeGuildNewsThread
		if thread && c.Parent != "" {
			p.Chat, p.Thread = c.Parent, p.Chat
		}
	}
	if i.Guild == "" {
		// A chat between people, to which one of them brought the app, is shared.
		p.Private = i.Context == nil && (i.Owners == nil || hasOwner(i.Owners)) || i.Context != nil && *i.Context == discordgo.InteractionContextBotDM
		p.Postable = p.Private
		return p
	}
	p.Postable = i.Owners == nil || hasOwner(i.Owners)
	return p
}

// hasOwner reports whether the app is installed in the server, not only by the user.
func hasOwner(owners map[discordgo.ApplicationIntegrationType]string) bool {
	_, ok := owners[discordgo.ApplicationIntegrationGuildInstall]
	return ok
}

// adminRights are those of which one makes an administrator.
const adminRights = discordgo.PermissionAdministrator | discordgo.PermissionManageGuild | discordgo.PermissionManageMessages

// admin reports whether the asker administers the place: Discord says so in the
// interaction itself, so nobody is asked.
func (i *interaction) admin() bool {
	if i.Member == nil {
		return i.place().Private
	}
	rights, err := strconv.ParseUint(i.Member.Permissions, 10, 64)
	return err == nil && rights&adminRights != 0
}

// request fills in what every request has.
func (i *interaction) request(r commands.Request) commands.Request {
	r.Place, r.User, r.Name = i.place(), i.asker(), i.name()
	r.Admin = func(context.Context) (bool, error) { return i.admin(), nil }
	return r
}

// command reads a slash command, and the option being typed if there is one.
func (i *interaction) command() (r commands.Request, focused, typed string) {
	r = commands.Request{Command: i.Data.Name, Options: map[string]string{}}
	opts := i.Data.Options
	for range 2 { // a group and a subcommand at most
		if len(opts) != 1 || opts[0].Type != discordgo.ApplicationCommandOptionSubCommand && opts[0].Type != discordgo.ApplicationCommandOptionSubCommandGroup {
			break
		}
		r.Sub, opts = opts[0].Name, opts[0].Options
	}
	for _, o := range opts {
		if o.Focused {
			focused, typed = o.Name, o.text()
			continue
		}
		r.Options[o.Name] = o.text()
	}
	return i.request(r), focused, typed
}

// key is what the button or select that was pressed stands for: a line, or "#"
// and the key of one.
func (i *interaction) key() string {
	id := i.Data.CustomID
	if strings.HasPrefix(id, selectID) && len(i.Data.Values) > 0 {
		id = i.Data.Values[0]
	}
	return twin.ReplaceAllString(id, "")
}

// pressedPrivately reports whether only the asker sees the message pressed.
func (i *interaction) pressedPrivately() bool {
	return i.Message != nil && i.Message.Flags&flagEphemeral != 0
}

// privateCommand reports whether the table says that the answer is the asker's
// alone; a deferral must know it before the answer does.
func privateCommand(t commands.Table, r commands.Request) bool {
	cmd := t.Find(r.Command)
	if cmd == nil {
		return false
	}
	if sub := cmd.Sub(r.Sub); sub != nil && sub.Private {
		return true
	}
	return cmd.Private
}

// suggestions are choices as Discord takes them, those that fit.
func suggestions(list []commands.Choice, r commands.Request) []discordgo.ApplicationCommandOptionChoice {
	out := []discordgo.ApplicationCommandOptionChoice{}
	for _, c := range list {
		label := clip(oneLine(c.Label.In(r.Lang)), maxOption)
		if label == "" {
			label = clip(oneLine(c.Value), maxOption)
		}
		taken := slices.ContainsFunc(out, func(o discordgo.ApplicationCommandOptionChoice) bool { return o.Value == c.Value })
		if c.Value == "" || units(c.Value) > maxOption || label == "" || taken {
			continue
		}
		if out = append(out, discordgo.ApplicationCommandOptionChoice{Name: label, Value: c.Value}); len(out) == maxOptions {
			break
		}
	}
	return out
}
