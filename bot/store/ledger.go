package store

import (
	"context"
	"fmt"
	"time"
)

// State is where a delivery stands.
type State string

// The states of a delivery. Planned, Claimed, Started and Retry are open.
const (
	Planned State = "planned"
	Claimed State = "claimed" // a worker has it under a lease; certainly not sent
	Started State = "started" // the call is made or about to be
	Sent    State = "sent"
	Retry   State = "retry"   // again, not before a time
	Unknown State = "unknown" // may have arrived, given up asking
	Skipped State = "skipped" // on purpose, Err says why
	Dead    State = "dead"    // never will arrive, Err says why
	Expired State = "expired" // its deadline passed
)

// Final reports whether nothing more happens by itself.
func (s State) Final() bool {
	switch s {
	case Planned, Claimed, Started, Retry:
		return false
	}
	return true
}

// Purpose is what a delivery is for.
type Purpose string

// The purposes of deliveries.
const (
	Digest Purpose = "digest" // wanted by a subscription of its destination, or not sent
	Notice Purpose = "notice" // tells why a digest does not come, or comes elsewhere, or what was wrong in one
	// Correction makes a message that stands read as its items do now.
	Correction Purpose = "correction"
	Desk       Purpose = "desk" // a card at the editors' place
	// PinText brings the text of a living pin: as a new message, or as an edit of
	// the one that stands. Pinning pins that message, Unpinning unpins it.
	PinText   Purpose = "pin"
	Pinning   Purpose = "pinning"
	Unpinning Purpose = "unpinning"
	// Answer is the purpose of messages that no delivery brought; see [Post].
	Answer Purpose = "answer"
)

// Acts reports whether a delivery of the purpose brings no text: it does
// something with the message that it says it edits.
func (p Purpose) Acts() bool { return p == Pinning || p == Unpinning }

// Run is one rendering of one digest, for everyone who is due the same.
type Run struct {
	ID   string // made from Key
	Key  string // group and local slot, unique
	Slot string
	Zone string
	Lang string
	End  time.Time // of its window
}

// windows is the lock under which windows are closed and changes are dated: a
// change is seen by the run that closes its window, or falls into the next.
const windows = "windows"

const (
	insertRun     = `INSERT INTO run (id, run_key, slot, zone, lang, window_end, planned_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	insertMessage = `INSERT INTO message (run, kind, part, content, said) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
)

// AddRun keeps a run and so closes its window: what the content sees after
// this belongs to the next one. A run with that key already there is left alone.
func (s *Store) AddRun(ctx context.Context, r Run, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		if err := tx.lock(ctx, windows); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertRun, r.ID, r.Key, r.Slot, r.Zone, r.Lang, micro(r.End), micro(now))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep a run: %w", err)
	}
	return nil
}

// SaveMessages keeps what a run says to one kind of place, part by part, and
// returns how many parts are kept. What was kept already stays, as it may have
// been sent: the number may be another's, who was quicker. Messages that show
// items are kept track of once they are sent.
func (s *Store) SaveMessages(ctx context.Context, run, kind string, parts []string, says Saying, now time.Time) (int, error) {
	kept := 0
	err := s.tx(ctx, func(tx conn) error {
		said, err := keepSaid(ctx, tx, says, now)
		if err != nil {
			return err
		}
		for i, p := range parts {
			r, err := tx.ExecContext(ctx, insertMessage, run, kind, i, p, said)
			if ok, err := affected(r, err, "keep a part"); err != nil {
				return err
			} else if !ok { // the first part decides whose they are
				break
			}
		}
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM message WHERE run = ? AND kind = ?`, run, kind).Scan(&kept)
	})
	if err != nil {
		return 0, fmt.Errorf("keep the messages of a run: %w", err)
	}
	return kept, nil
}

// Messages returns how many parts a run has for a kind of place; 0 when it is not rendered.
func (s *Store) Messages(ctx context.Context, run, kind string) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM message WHERE run = ? AND kind = ?`, run, kind).Scan(&n)
	return n, err
}

// Message returns one part of what a run says to a kind of place.
func (s *Store) Message(ctx context.Context, run, kind string, part int) (string, error) {
	var content string
	err := s.read.QueryRowContext(ctx, `SELECT content FROM message WHERE run = ? AND kind = ? AND part = ?`, run, kind, part).Scan(&content)
	if err != nil {
		return "", fmt.Errorf("read part %d of run %s for %s: %w", part, run, kind, err)
	}
	return content, nil
}
