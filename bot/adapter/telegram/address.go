package telegram

import (
	"strconv"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

var _ adapter.Linker = (*Adapter)(nil)

// firstChannel is what the id of a supergroup or channel is below:
// https://core.telegram.org/api/bots/ids
const firstChannel = -1_000_000_000_000

// Link is where a message of a supergroup or channel can be opened; private
// chats and basic groups have no addresses: https://core.telegram.org/api/links#message-links
func (*Adapter) Link(place commands.Place, id string) string {
	chat, err := strconv.ParseInt(place.Chat, 10, 64)
	if err != nil || chat >= firstChannel {
		return ""
	}
	path := []string{"https://t.me/c", strconv.FormatInt(firstChannel-chat, 10)}
	if place.Thread != "" {
		path = append(path, place.Thread)
	}
	for _, part := range append(path[2:], id) {
		if n, err := strconv.ParseInt(part, 10, 64); err != nil || n <= 0 {
			return ""
		}
	}
	return strings.Join(append(path, id), "/")
}
