package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"griot/commands"
)

// pinKey begins the key of a run that brings the text of pins, or pins them.
const pinKey = "pin|"

// PinKey is the key of a run for pins, made from what tells it from others.
func PinKey(rest string) string { return pinKey + rest }

// atPin joins a pin k with the place of a delivery.
const atPin = `k.platform = delivery.platform AND k.chat = delivery.chat AND k.thread = delivery.thread`

// pinsPost is true when the message p is that of a living pin.
const pinsPost = `EXISTS (SELECT 1 FROM pin k WHERE k.platform = p.platform AND k.chat = p.chat AND k.ref = p.ref LIMIT 1 OFFSET 0)`

const pinColumns = `k.platform, k.chat, k.thread, k.topic, k.kind, k.guild, k.sections, k.lang, k.made, k.ref, k.open_run, k.edited, k.pinned, k.unpinned, k.stopped, k.remade`

// Pin is a living pin as it is kept.
type Pin struct {
	commands.Pin
	Kind   string
	Ref    string    // id of its message; empty: there is none now
	Run    string    // the one that brings its text; empty: none is on its way
	Edited time.Time // when its text was last sent, or could not be
	Remade bool      // a message of it that was deleted has been made anew
}

func scanPin(row scanner, more ...any) (Pin, error) {
	var p Pin
	var made, edited, pinned int64
	err := row.Scan(append([]any{&p.To.Platform, &p.To.Chat, &p.To.Thread, &p.Topic, &p.Kind, &p.Guild, &p.Sections, &p.Lang, &made, &p.Ref, &p.Run, &edited, &pinned, &p.Unpinned, &p.Stopped, &p.Remade}, more...)...)
	p.Created, p.Edited, p.PinnedAt = instant(made), instant(edited), instant(pinned)
	p.Private = strings.HasSuffix(p.Kind, "/private")
	p.Stands, p.Coming = p.Ref != "", p.Run != ""
	return p, err
}

// Pins returns the pins of a place, oldest first.
func (s *Store) Pins(ctx context.Context, at commands.Destination) ([]Pin, error) {
	var out []Pin
	rows, err := s.read.QueryContext(ctx, `SELECT `+pinColumns+` FROM pin k WHERE platform = ? AND chat = ? AND thread = ? ORDER BY made, topic`, at.Platform, at.Chat, at.Thread)
	err = each(rows, err, func() error {
		p, err := scanPin(rows)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the pins of a place: %w", err)
	}
	return out, nil
}

// Pin returns the pin of a topic at a place; false when there is none.
func (s *Store) Pin(ctx context.Context, at commands.Destination, topic string) (Pin, bool, error) {
	p, err := scanPin(s.read.QueryRowContext(ctx, `SELECT `+pinColumns+` FROM pin k WHERE platform = ? AND chat = ? AND thread = ? AND topic = ?`, at.Platform, at.Chat, at.Thread, topic))
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("read a pin: %w", err)
	}
	return p, true, nil
}

// AddPin keeps that a place wants a topic pinned, and reports whether it did
// already: then its sections and language change, and one that was stopped goes
// on. However many ask for it at once, there is one.
func (s *Store) AddPin(ctx context.Context, p Pin, now time.Time) (existed bool, err error) {
	err = s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO pin (platform, chat, thread, topic, kind, guild, sections, lang, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			p.To.Platform, p.To.Chat, p.To.Thread, p.Topic, p.Kind, p.Guild, p.Sections, p.Lang, micro(now))
		added, err := affected(r, err, "add the row")
		if existed = !added; err != nil {
			return err
		}
		if existed {
			if _, err := tx.ExecContext(ctx, `UPDATE pin SET kind = ?, guild = ?, sections = ?, lang = ?`+pinRow, p.Kind, p.Guild, p.Sections, p.Lang, p.To.Platform, p.To.Chat, p.To.Thread, p.Topic); err != nil {
				return err
			}
			if err := resumePin(ctx, tx, p, ` AND stopped <> ''`); err != nil {
				return err
			}
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return existed, fmt.Errorf("keep a pin: %w", err)
	}
	return existed, nil
}

const pinRow = ` WHERE platform = ? AND chat = ? AND thread = ? AND topic = ?`

// resumePin has the text of a pin sent again whatever kept it from that, even
// as a new message.
func resumePin(ctx context.Context, tx conn, p Pin, where string) error {
	_, err := tx.ExecContext(ctx, `UPDATE pin SET tried = '', edited = 0, stopped = '', stopped_at = 0, unpinned = '', remade = 0`+pinRow+where,
		p.To.Platform, p.To.Chat, p.To.Thread, p.Topic)
	return err
}

// PinAgain has a pin go on that was stopped, and its message pinned again by a
// run, or made anew when there is none; false when the place has no such pin.
func (s *Store) PinAgain(ctx context.Context, at commands.Destination, topic string, r Run, expires, now time.Time) (bool, error) {
	found := false
	err := s.tx(ctx, func(tx conn) error {
		p, ok, err := lockPin(ctx, tx, at, topic)
		if found = ok; err != nil || !ok {
			return err
		}
		if p.Stopped != "" || p.Ref == "" && p.Run == "" {
			err = resumePin(ctx, tx, p, "")
		} else {
			_, err = tx.ExecContext(ctx, `UPDATE pin SET unpinned = '', remade = 0, pinned = 0`+pinRow, p.To.Platform, p.To.Chat, p.To.Thread, p.Topic)
		}
		if err == nil && p.Ref != "" {
			err = addAct(ctx, tx, p, Pinning, r, expires, now)
		}
		if err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return found, fmt.Errorf("pin again: %w", err)
	}
	return found, nil
}

// RemovePin gives a pin up and has its message taken off the pins by a run. The
// message stays, and is corrected like any other. It returns the pin as it was;
// false when the place has no such one.
func (s *Store) RemovePin(ctx context.Context, at commands.Destination, topic string, r Run, expires, now time.Time) (p Pin, found bool, err error) {
	err = s.tx(ctx, func(tx conn) error {
		if p, found, err = lockPin(ctx, tx, at, topic); err != nil || !found {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM pin`+pinRow, at.Platform, at.Chat, at.Thread, topic); err != nil {
			return err
		}
		if p.Ref == "" {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE post SET sent = ? WHERE platform = ? AND chat = ? AND ref = ?`, micro(now), at.Platform, at.Chat, p.Ref); err != nil {
			return err
		}
		if err := addAct(ctx, tx, p, Unpinning, r, expires, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return p, found, fmt.Errorf("give a pin up: %w", err)
	}
	return p, found, nil
}

func lockPin(ctx context.Context, tx conn, at commands.Destination, topic string) (Pin, bool, error) {
	p, err := scanPin(tx.QueryRowContext(ctx, `SELECT `+pinColumns+` FROM pin k`+pinRow+` /* FOR UPDATE */`, at.Platform, at.Chat, at.Thread, topic))
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

// addAct plans that something is done with the message of a pin.
func addAct(ctx context.Context, tx conn, p Pin, purpose Purpose, r Run, expires, now time.Time) error {
	if _, err := tx.ExecContext(ctx, insertRun, r.ID, r.Key, r.Slot, r.Zone, r.Lang, micro(r.End), micro(now)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insertMessage, r.ID, p.Kind, 0, "{}", ""); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, insertPinCall, r.ID, p.To.Platform, p.To.Chat, p.To.Thread, 0, p.Kind, purpose, 1, p.Ref, micro(now), micro(expires), micro(now))
	return err
}

const insertPinCall = `INSERT INTO delivery (run, platform, chat, thread, part, kind, purpose, state, urgent, edits, not_before, expires, changed)
	VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
