// Package discord is the adapter to Discord: it answers slash commands and
// presses, over the gateway or over signed HTTP requests, and posts parts into
// channels. discordgo carries its REST calls and names its wire types; the
// gateway link is our own (link.go says why).
//
// Goroutines while [Adapter.Run] runs, all waited for before it returns:
//
//   - one for the gateway's links, one after the other (gateway.go), with one
//     beside it that sends a link's heartbeats (link.go);
//   - one that keeps the registered commands the same as the table (register.go);
//   - one for each interaction being answered, bounded (handle.go), and its
//     timer, which defers an answer that takes long.
//
// Only the link's reader and its heartbeat write to the socket, one at a time;
// interactions share nothing but the HTTP client.
package discord
