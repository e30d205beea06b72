package discord

import (
	"regexp"

	"griot/bot/adapter"
	"griot/commands"
)

var _ adapter.Linker = (*Adapter)(nil)

// snowflake is the form of Discord's ids: https://docs.discord.com/developers/reference#snowflakes
var snowflake = regexp.MustCompile(`^[0-9]{1,20}$`)

// Link is where a message can be opened: in its thread or channel, of a server or a private chat.
func (*Adapter) Link(place commands.Place, id string) string {
	channel, guild := place.Chat, place.Guild
	if place.Thread != "" {
		channel = place.Thread
	}
	if guild == "" {
		guild = "@me"
	} else if !snowflake.MatchString(guild) {
		return ""
	}
	if !snowflake.MatchString(channel) || !snowflake.MatchString(id) {
		return ""
	}
	return "https://discord.com/channels/" + guild + "/" + channel + "/" + id
}
