package adapter

import (
	"errors"
	"fmt"
	"time"

	"griot/commands"
)

// What the errors of [Adapter.Send], [Editor.Edit] and [Pinner.Pin] mean; the
// delivery worker decides by them alone. An error that is none of these happened
// before anything was sent.
var (
	// ErrUnknown: the message may have arrived (lost or unreadable answer, time-out, 5xx).
	ErrUnknown = errors.New("outcome unknown")
	// ErrGone: it never will arrive (blocked, kicked, channel deleted).
	ErrGone = errors.New("destination gone")
	// ErrForbidden: not until somebody gives a right; the text says which.
	ErrForbidden = errors.New("not allowed")
	// ErrPayload: the platform refuses what we made. Our fault, nobody is disabled.
	ErrPayload = errors.New("payload refused")
	// ErrToken: the platform refuses the token. Waiting does not cure it.
	ErrToken = errors.New("token refused")
	// ErrThread: the chat is there, its thread or forum topic is not, or is closed.
	ErrThread = errors.New("thread gone")
	// ErrLost: the message to edit is gone, or cannot be edited any more. The
	// place may be there all the same.
	ErrLost = errors.New("message gone or not to be edited")
	// ErrPinLimit: the place has as many pinned messages as the platform allows.
	// Not until somebody unpins one.
	ErrPinLimit = errors.New("no more pins allowed")
)

// RetryError says that the same call may work later.
type RetryError struct {
	After  time.Duration // at least
	Global bool          // the wait is for the whole bot, not only this destination
	Err    error
}

func (e *RetryError) Error() string { return fmt.Sprintf("retry after %s: %v", e.After, e.Err) }
func (e *RetryError) Unwrap() error { return e.Err }

// RightError says which right the bot lacks at a destination. It is an [ErrForbidden].
type RightError struct {
	Right string // as the platform calls it: "Send Messages", "can_post_messages"
	Err   error
}

func (e *RightError) Error() string {
	return fmt.Sprintf("the bot needs the right %s: %v", e.Right, e.Err)
}

// Unwrap makes it an ErrForbidden, beside what the platform said.
func (e *RightError) Unwrap() []error { return []error{ErrForbidden, e.Err} }

// MovedError says that the chat has a new id.
type MovedError struct{ To commands.Destination }

func (e *MovedError) Error() string { return "moved to " + e.To.String() }
