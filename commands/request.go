package commands

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/briefings"
)

// Platform names where a place is.
type Platform string

// The platforms.
const (
	Discord  Platform = "discord"
	Telegram Platform = "telegram"
	Terminal Platform = "terminal"
)

// Destination is where messages go: a channel or chat, and a thread or forum
// topic of it. Discord: Chat is the channel's id. Telegram: Chat is the signed
// chat id, Thread the topic. It is comparable, and the key under which a
// place's subscriptions and settings are kept.
type Destination struct {
	Platform Platform
	Chat     string
	Thread   string // empty for none
}

// String writes "discord:123", "telegram:-100123/7".
func (d Destination) String() string {
	s := string(d.Platform) + ":" + d.Chat
	if d.Thread != "" {
		s += "/" + d.Thread
	}
	return s
}

// ParseDestination reads what [Destination.String] writes.
func ParseDestination(s string) (Destination, error) {
	platform, rest, ok := strings.Cut(s, ":")
	chat, thread, _ := strings.Cut(rest, "/")
	d := Destination{Platform(platform), chat, thread}
	switch d.Platform {
	case Discord, Telegram, Terminal:
	default:
		ok = false
	}
	if !ok || chat == "" {
		return Destination{}, fmt.Errorf("%q is not a place: write discord:CHANNEL or telegram:CHAT or telegram:CHAT/TOPIC", s)
	}
	return d, nil
}

// Place is where a request was made.
type Place struct {
	Destination
	// Private is a one-to-one chat, in which everyone is their own administrator.
	Private bool
	// Postable says that the bot can post here by itself later: on Discord the
	// app is installed in the server (or it is the bot's own DM).
	Postable bool
	// Guild is the Discord server's id, or empty.
	Guild string
}

// Request is one thing asked, whatever the platform.
type Request struct {
	Command string            // name of a row of the table
	Sub     string            // name of its subcommand, or empty
	Options map[string]string // by option name, as typed; absent means not given
	Lang    briefings.Lang    // language to answer in, already decided
	Place   Place
	// User is the asker's id on the platform; empty when a place acts as itself (a channel post).
	User string
	// Name is what the platform calls the asker, to be shown to others who decide
	// at the same place, and never logged; it may be empty.
	Name string
	// Admin reports whether the asker administers the place, asking the
	// platform only when called. Nil means no.
	Admin func(ctx context.Context) (bool, error)
	Now   time.Time
	// Zone is the zone the asker's dates are in; nil means UTC.
	Zone *time.Location
	// TextOnly asks for an answer without pictures and files.
	TextOnly bool
}

// Option returns the value given for the option, or "".
func (r Request) Option(name string) string { return r.Options[name] }
