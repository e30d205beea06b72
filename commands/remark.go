package commands

import (
	"context"
	"time"

	"griot/briefings"
)

// RemarkState is where a remark stands.
type RemarkState string

// The states of a remark.
const (
	RemarkOpen     RemarkState = "open"
	RemarkAnswered RemarkState = "answered"
	RemarkClosed   RemarkState = "closed"
)

// Remark is what a reader told the editors.
type Remark struct {
	ID    string      // short
	Who   Destination // of a person as in [Preferences]; a place that acts as itself
	Place Destination // where it was written
	Lang  briefings.Lang
	Item  briefings.ID // what it is about; empty: nothing of the content
	N     int          // the revision they read; 0: not known
	Since int          // how often the item changed since
	Text  string
	Wants bool // an answer
	State RemarkState
	// Answer is what the editors answered, By which of them, Decided when; By and
	// Decided also where it was closed.
	Answer  string
	By      Editor
	Decided time.Time
	Made    time.Time
}

// Remarks keeps what readers tell the editors.
type Remarks interface {
	// File keeps a remark and returns it with its id and revision; seen is the
	// beginning of the hash of the revision they read, "" when not known. Told the
	// same twice it is one. Who has told too much is asked to wait: again is then
	// when they can go on, and nothing is kept.
	File(ctx context.Context, r Remark, seen string, now time.Time) (kept Remark, again time.Time, err error)
	// Want notes whether who wrote a remark wants an answer; false when they wrote
	// no such one, or it is answered or closed.
	Want(ctx context.Context, who Destination, id string, wants bool) (bool, error)
}
