package commands

import (
	"context"
	"errors"
	"time"

	"griot/briefings"
)

// Schedule is when a subscription is due, in the words its files use:
// "daily 07:00", "weekdays 07:00", "weekly mon 07:00", "cron 0 7 * * 1-5".
type Schedule string

// Subscription is one place's wish for digests.
type Subscription struct {
	ID       string // short, made by the store
	To       Destination
	Guild    string
	Topics   []string // slugs, in the pack's order
	Schedule Schedule
	Zone     string // IANA name
	Lang     briefings.Lang
	// WhenQuiet says what a quiet day brings: "skip" nothing, "brief" one line.
	WhenQuiet  string
	QuietHours string // "22:00-07:00" or empty
	TextOnly   bool
	Paused     bool
	Stopped    string    // why it was stopped, a code such as [StopGone]; empty while it is active
	Owner      string    // in a shared place the id of who asked for it, to be told when it must stop; may be empty
	Next       time.Time // next due instant, UTC
	Last       time.Time // end of the last window reported, UTC; zero before the first digest
	Created    time.Time
}

// Digests keeps subscriptions and sends what they ask for. Errors that wrap
// *UserError are the asker's to read.
type Digests interface {
	// Check completes and verifies a subscription without storing it: the
	// schedule and zone are valid and Next is set. Faults are *UserError.
	Check(s Subscription, now time.Time) (Subscription, error)
	// Subscribe stores s, which Check has passed. One that differs in nothing
	// but options from one the destination has replaces it; replaced says so.
	Subscribe(ctx context.Context, s Subscription) (stored Subscription, replaced bool, err error)
	// Edit changes a subscription in its row: its id, window, history and
	// pause stay, and what is on its way comes. The change is given it as it
	// stands, and again when somebody else was quicker; it must be quick. It may
	// name another thread of the same chat, where the next one goes then. A
	// destination that has another one like that, and faults of what is wanted,
	// are *UserError. It returns false when there is no such subscription.
	Edit(ctx context.Context, to Destination, id string, change func(Subscription) (Subscription, error)) (Subscription, bool, error)
	// History tells what became of the newest digests of a subscription, newest
	// first, and the next ones to come, at most limit of each.
	History(ctx context.Context, to Destination, id string, limit int) (past, next []Sending, err error)
	// List returns the destination's subscriptions, oldest first.
	List(ctx context.Context, to Destination) ([]Subscription, error)
	// Elsewhere returns the subscriptions of the other threads of the
	// destination's chat, and of the chat itself, oldest first.
	Elsewhere(ctx context.Context, to Destination) ([]Subscription, error)
	// Stop ends a subscription for good; false when the destination has no such one.
	Stop(ctx context.Context, to Destination, id string) (bool, error)
	// Pause holds a subscription, or resumes it from now on.
	Pause(ctx context.Context, to Destination, id string, paused bool) (bool, error)
	// SendNow plans a run of the subscription at once, through the ledger.
	SendNow(ctx context.Context, to Destination, id string) error
}

// Sending is what became of one digest at its place, or is to come of one.
type Sending struct {
	Slot  time.Time // the instant it was due, UTC
	When  time.Time // when it arrived or was given up; of one to come, when it is sent or tried next, UTC
	State SendState
	// Cause says why it did not arrive or waits: a code such as [StopGone] or
	// [CauseQuietHours]; empty where the state says all.
	Cause   string
	Asked   bool     // somebody asked for it at once
	InChat  bool     // it went to the chat itself, its thread or topic being closed or gone
	Parts   int      // the messages it is made of; 0 when it has none, or not yet
	Arrived int      // those that arrived
	Links   []string // their addresses in order, where the platform has some
}

// SendState is where a digest stands.
type SendState string

// The states of a [Sending].
const (
	SendArrived SendState = "arrived"
	SendPartly  SendState = "partly"  // some of its messages arrived, the others never will
	SendComing  SendState = "coming"  // on its way, or waiting for its time
	SendDoubt   SendState = "doubt"   // it may have arrived; the platform did not say
	SendQuiet   SendState = "quiet"   // nothing was new, and nothing is wanted then
	SendLate    SendState = "late"    // given up because it was too late
	SendHeld    SendState = "held"    // the subscription was paused, stopped or ended meanwhile
	SendRefused SendState = "refused" // the place did not take it
	SendFault   SendState = "fault"   // a fault of ours
)

// CauseQuietHours says that a digest waits for the end of the quiet hours.
const CauseQuietHours = "quiet hours"

// Pin is a briefing that a place has pinned: one message, whose text is edited
// when it changes.
type Pin struct {
	To       Destination
	Private  bool   // To is a one-to-one chat
	Guild    string // the Discord server's id, or empty
	Topic    string // slug
	Sections string // joined by ","; empty: what the topic says first
	Lang     briefings.Lang
	Created  time.Time
	// Stands says that its message is there, as far as anybody knows, and Link
	// where it can be opened; "" where the platform has no address for it.
	Stands bool
	Link   string
	Coming bool // its text is on its way
	// PinnedAt is when Griot pinned the message: it does so once, and nobody is
	// told when a person unpins it. Unpinned says why Griot could not, a code such
	// as [StopPinLimit].
	PinnedAt time.Time
	Unpinned string
	Stopped  string // why its text is not kept current any more, a code such as [StopLost]
}

// Pins keeps briefings pinned and their text current. Errors that wrap
// *UserError are the asker's to read.
type Pins interface {
	// Pin has a place want a briefing pinned, which is sent and pinned without a
	// notification. Where it is already, existed says so and its message is edited
	// to show the sections and language wanted now. It waits a moment, so that
	// what it returns tells what became of it.
	Pin(ctx context.Context, p Pin) (stored Pin, existed bool, err error)
	// PinAgain pins the message of a pin once more, or makes it anew when there is
	// none, and has one go on that was stopped; false when the place has no such
	// pin. It waits like Pin.
	PinAgain(ctx context.Context, to Destination, topic string) (Pin, bool, error)
	// Unpin ends a pin and takes its message off the place's pins, where it stays
	// as any other; cause says why it is still pinned, a code such as
	// [StopForbidden]. It returns false when the place has no such pin.
	Unpin(ctx context.Context, to Destination, topic string) (was Pin, cause string, found bool, err error)
	// Pinned returns the pins of a place, oldest first.
	Pinned(ctx context.Context, to Destination) ([]Pin, error)
}

// Settings are what a person or a place chose.
type Settings struct {
	Lang     briefings.Lang // empty: as the platform says
	Zone     string         // IANA name, empty: UTC
	TextOnly bool
}

// Preferences keeps settings. A person's are kept under a destination whose
// Chat is "user:" and their id; they win over the place's.
type Preferences interface {
	// Get returns the settings of each, in that order; zero where there are none.
	Get(ctx context.Context, of ...Destination) ([]Settings, error)
	Set(ctx context.Context, of Destination, s Settings) error
	// Forget deletes everything stored under the destination, subscriptions
	// included, and a person's id from the digests they asked for in shared
	// places, and says how many entries went.
	Forget(ctx context.Context, of Destination) (int, error)
}

// ChangeKind is what happened to an item between two versions of the pack.
type ChangeKind string

// The kinds of changes.
const (
	Added     ChangeKind = "new"
	Updated   ChangeKind = "updated"
	Corrected ChangeKind = "corrected"
	Retracted ChangeKind = "retracted"
)

// Change is one revision of an item, at the time this installation saw it.
type Change struct {
	ID   briefings.ID
	Kind ChangeKind
	Seen time.Time
	// N is the number of the revision, counted from 1 for each item. Since is
	// the number of the one it is compared with: the one before, or an older
	// one when several changes are told as one; 0 when there is none.
	N, Since int
	// Title and Topics are the item's at that time, all that is left of one
	// that was retracted; they may be empty.
	Title  briefings.Text
	Topics []string
	// Was and Now are what the item said at Since and at N, in words: a line
	// for each field and paragraph. [Changes.Texts] reads them; they are empty
	// where the item was not there or its words were not kept.
	Was, Now briefings.Text
}

// Changes tells what changed in the content, and when it was seen here.
type Changes interface {
	// Between returns the changes seen in the half-open window [from, to), newest first.
	Between(ctx context.Context, from, to time.Time) ([]Change, error)
	// Texts returns the changes with Was and Now. It costs a look-up for each.
	Texts(ctx context.Context, changes []Change) ([]Change, error)
	// Older returns what items said before they changed, and what those said that
	// were retracted, of both the latest first and at most limit together.
	Older(ctx context.Context, ids []briefings.ID, limit int) ([]briefings.Older, error)
	// Look notes that somebody looks at what changed in a topic, or in all when
	// it is empty, and returns when they last did, there or at all; zero for
	// never. What is seen after this call is dated after it. The person's key is
	// that of [Preferences].
	Look(ctx context.Context, who Destination, topic string, now time.Time) (time.Time, error)
}

// UserError is a fault the asker can mend: what is wrong and what to do, in
// each language, in whole sentences.
type UserError struct {
	Say briefings.Text
	// Try are command lines that come nearest to what was wanted, best first.
	Try []string
	// Labels names the lines in Try for buttons; one that is missing or empty reads as the line.
	Labels []briefings.Text
	// Err is the kind of fault where callers need to tell, such as [ErrNoCommand]; may be nil.
	Err error
}

func (e *UserError) Error() string { return e.Say.EN }
func (e *UserError) Unwrap() error { return e.Err }

// ErrNoCommand says that a line names no command of the table. Adapters match
// it to stay silent in groups, where the line may be meant for another bot.
var ErrNoCommand = errors.New("no such command")

// ErrQuiet says that a digest has nothing to tell and its subscriber wants
// nothing then.
var ErrQuiet = errors.New("nothing new to tell")

// Window is the half-open span of time [From, To) a digest reports. A zero
// From makes it the first digest, which carries the state of affairs.
type Window struct{ From, To time.Time }

// Suggestion is something to look up, offered while somebody types.
type Suggestion struct {
	ID          briefings.ID
	Title       string // in the asker's language
	Description string // one line
	Line        string // command line that shows it
}
