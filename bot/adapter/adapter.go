package adapter

import (
	"context"
	"encoding/json"
	"time"

	"griot/commands"
)

// Core answers. *commands.Core is one.
type Core interface {
	// Table is the commands there are now; it changes when the content does.
	Table() commands.Table
	// Answer always has a reply: faults of the asker read as kind sentences,
	// faults of ours as an apology, already logged.
	Answer(ctx context.Context, r commands.Request) commands.Reply
	// Complete suggests up to 25 values for an option half typed.
	Complete(ctx context.Context, r commands.Request, option, typed string) []commands.Choice
	// Suggest lists up to limit things to look up for words half typed, each
	// with the line that shows it, from offset on; it serves inline mode.
	Suggest(ctx context.Context, r commands.Request, typed string, offset, limit int) []commands.Suggestion
	// Settle fills in the language and zone of r from what its asker and place
	// chose, else from the platform's locale tag (BCP 47, may be empty).
	Settle(ctx context.Context, r commands.Request, locale string) commands.Request
}

// Adapter is one platform. Its methods may be called from several goroutines,
// Send also while Run is not running.
type Adapter interface {
	Platform() commands.Platform

	// Run answers requests with core until ctx is done, then finishes what is
	// in hand, disconnects and returns nil. It returns early only for a fault
	// that waiting does not cure, such as a refused token.
	Run(ctx context.Context, core Core) error

	// Render lays r out for a place within the platform's limits, in as many
	// parts as it needs; at least one. It is pure: no network, no clock. What
	// cannot be shown is an error wrapping ErrPayload, never dropped.
	Render(place commands.Place, r commands.Reply) ([]Part, error)

	// Send posts one part. The nonce is the same on every try of the same part
	// and at most 25 characters long. It tries once: retries belong to the
	// caller. See errors.go for what its errors mean.
	Send(ctx context.Context, to commands.Destination, p Part, nonce string) (MessageRef, error)
}

// Part is one message, laid out and ready to send: JSON with the fields of the
// platform's create-message call but for the destination. It survives storage.
type Part struct {
	Body  json.RawMessage `json:"body"`
	Files []commands.File `json:"files,omitempty"`
	// Lines are the command lines too long for a button's own data, by the key
	// that stands there instead ("#" and a hash). Who sends the part keeps them
	// under the note "line:" and the key without "#", so that presses survive restarts.
	Lines map[string]string `json:"lines,omitempty"`
}

// MessageRef names a message that was sent.
type MessageRef struct {
	To commands.Destination
	ID string
}

// Call is one request to a platform's API, as `griot say --as` prints it.
type Call struct {
	Method string          `json:"method"` // POST
	Path   string          `json:"path"`   // /interactions/0/0/callback, /sendMessage
	Body   json.RawMessage `json:"body"`   // always an object
}

// Explainer is an optional ability: it tells which calls an answer is sent
// with, ids and tokens written as 0. It is pure.
type Explainer interface {
	Explain(place commands.Place, r commands.Reply) ([]Call, error)
}

// Checker is an optional ability: it asks the platform what `griot doctor`
// wants to know, each finding with its cure.
type Checker interface {
	Check(ctx context.Context, core Core) []Finding
}

// Finding is one line of a check-up.
type Finding struct {
	What string // "discord token", "telegram privacy mode"
	OK   bool
	Note string // what was found
	Cure string // what to do about it; empty when OK
}

// Pacer spaces calls so that the platform's limits are obeyed before it has to
// say so. One pacer serves every call of a bot but those that do not count: to
// answer an interaction, to ask for updates, and to ask where the gateway is.
type Pacer interface {
	// Wait returns when a call to the destination may start, or, to the zero
	// Destination, one that brings no message anywhere. Urgent calls (somebody
	// waits for an answer) go before others.
	Wait(ctx context.Context, to commands.Destination, urgent bool) error
	// Hold stops calls for d after the platform asked for a wait: those to one
	// destination, or all of the bot's when to is the zero Destination.
	Hold(to commands.Destination, d time.Duration)
}

// Notes keeps small values across restarts: the offset of the last update
// handled, the lines of buttons too long for a button's own data.
type Notes interface {
	// Note returns the value kept under key, or "" when there is none.
	Note(ctx context.Context, key string) (string, error)
	SetNote(ctx context.Context, key, value string) error
	// SwapNote keeps value under key if what is kept there is old ("" for
	// nothing), and reports whether it was.
	SwapNote(ctx context.Context, key, old, value string) (bool, error)
}

// Mover is told when a chat got a new id: Telegram's group turned supergroup.
type Mover interface {
	Moved(ctx context.Context, from, to commands.Destination) error
}

// Linker is an optional ability: it knows the addresses of messages. It is pure.
type Linker interface {
	// Link returns where the message of a place can be opened, by those who may
	// read the place; "" where the platform has no address for it.
	Link(place commands.Place, id string) string
}

// Finder is an optional ability: it looks for a message in the destination's
// history, where a send may have left it although its answer was lost.
type Finder interface {
	// Find returns the message that p became when it was sent under the nonce
	// since then; found is false when it certainly is not there. An error
	// wrapping ErrForbidden or ErrGone says that the history cannot be read.
	Find(ctx context.Context, to commands.Destination, p Part, nonce string, since time.Time) (ref MessageRef, found bool, err error)
}

// Editor is an optional ability: it changes messages that were sent.
type Editor interface {
	// Edit makes a sent message read as p, its files and buttons included, and
	// pings nobody. It is nil also when the message read so before. It tries
	// once, and repeating it does no harm; its errors are those of
	// [Adapter.Send], and [ErrLost] when the message is gone or cannot be
	// edited any more.
	Edit(ctx context.Context, ref MessageRef, p Part) error
}

// Pinner is an optional ability: it keeps messages of the bot pinned at their
// place. Its methods try once, and repeating one does no harm. Their errors are
// those of [Adapter.Send]; a missing right is a *[RightError] that names it.
type Pinner interface {
	// Pin pins a message, notifying nobody. It is nil also when the message was
	// pinned before, [ErrPinLimit] when the place takes no more pins, and
	// [ErrLost] when the message is gone.
	Pin(ctx context.Context, ref MessageRef) error
	// Unpin takes a message off the pins. It is nil also when it was not among
	// them, or is gone.
	Unpin(ctx context.Context, ref MessageRef) error
}

// Pinger is an optional ability: it asks whether the platform answers at all.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Reacher is an optional ability: it asks whether the bot is at a destination
// and may write there, as far as the platform tells without being written to.
// Its errors are those of [Adapter.Send].
type Reacher interface {
	Reach(ctx context.Context, to commands.Destination) error
}

// Recorder keeps track of the answers that everybody at a place can read, so
// that they can be corrected where they stand.
type Recorder interface {
	// Record is told of an answer once its messages stand. What was known of
	// these messages before is over: a press may have turned one.
	Record(ctx context.Context, a Answered) error
}

// Answered is an answer and the messages it became.
type Answered struct {
	Place    commands.Place
	Request  commands.Request
	Reply    commands.Reply
	Messages []Posted // in order
}

// Posted is a message that stands.
type Posted struct {
	Ref  MessageRef
	File bool // it is a file with a caption, not a text, where the platform tells these apart
}
