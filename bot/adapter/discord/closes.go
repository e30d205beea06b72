package discord

import (
	"errors"

	"github.com/gorilla/websocket"

	"griot/bot/adapter"
)

// Close codes after which no other try helps:
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
var fatalCloses = map[int]error{
	4004: adapter.ErrToken,
	4010: shardFault("gateway: wrong shard"),
	4011: shardFault("gateway: the bot is in so many servers that it needs shards, of which Discord did not say how many; set the public key and use HTTP interactions instead"),
	4012: errors.New("gateway: wrong API version; the API address must end in /v10"),
	4013: errors.New("gateway: wrong intents"),
	4014: errors.New("gateway: intents not allowed for this application"),
}

// shardFault says that the number of shards is not what Discord wants.
type shardFault string

func (f shardFault) Error() string { return string(f) }

// fatal returns the error that a close code means for good, or nil.
func fatal(err error) error {
	if ce, ok := errors.AsType[*websocket.CloseError](err); ok {
		if f := fatalCloses[ce.Code]; f != nil {
			return f
		}
	}
	return nil
}

// sessionOver reports whether a close code ends the session.
func sessionOver(err error) bool {
	return websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, 4003, 4007, 4009)
}
