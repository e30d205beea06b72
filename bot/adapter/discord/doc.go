// Package discord is the adapter to Discord: it answers slash commands and
// presses, over the gateway or over signed HTTP requests, and posts parts into
// channels. discordgo carries its REST calls and names its wire types; the
// gateway link is our own (link.go says why).
//
// Goroutines while [Adapter.Run] runs, all waited for before it returns:
//
//   - one for each shard's links, one after the other (gateway.go), with one
//     beside it that sends a link's heartbeats (link.go);
//   - one that keeps the registered commands the same as the table (register.go);
//   - one for each interaction being answered, bounded (handle.go), and its
//     timer, which defers an answer that takes long.
//
// Only the link's reader and its heartbeat write to the socket, one at a time;
// interactions share nothing but the HTTP client.
//
// Of several processes each shard is linked by one, the one that has the lease
// "discord:BOT:SHARD/COUNT", and the commands are registered by one, that of
// "discord:BOT:commands" (shards.go). Who loses a shard's lease closes its link
// at once, and answers what came over it: it came to nobody else.
package discord
