package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/briefings"
	"griot/commands"
)

// Saying is what messages say: the same for all that answer the same with the
// same items in the same revisions.
type Saying struct {
	Lang    briefings.Lang
	Request string // what it answers, in the caller's form
	Items   []SaidItem
}

// SaidItem is an item that a message shows.
type SaidItem struct {
	ID   briefings.ID
	Hash string // of the revision shown; or, where it is empty,
	N    int    // its number
	// First is the number of the revision that the message showed at first; 0: N.
	First int
}

// Post is a message that stands, as far as it is kept track of.
type Post struct {
	To      commands.Destination
	Bundle  string // names the messages of a place that are one reply
	Part    int    // which of them it is, from 0
	Ref     string // its id, as in [Delivery]
	Kind    string
	Purpose Purpose
	Said    string
	File    bool // it is a file with a caption, not a text
}

// keepSaid keeps what messages say and returns its id, "" when they show no
// item that has revisions: such messages need no tracking.
func keepSaid(ctx context.Context, tx conn, says Saying, now time.Time) (string, error) {
	items, err := dated(ctx, tx, says.Items)
	if err != nil || len(items) == 0 {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", says.Lang, says.Request)
	for _, it := range items {
		fmt.Fprintf(h, "%s %d %d\n", it.ID, it.N, it.First)
	}
	id := hex.EncodeToString(h.Sum(nil)[:10])
	// Whoever sweeps away what nobody says waits for this row and finds it new.
	_, err = tx.ExecContext(ctx, `INSERT INTO said (id, lang, request, made) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET made = excluded.made`,
		id, says.Lang, clean(says.Request), micro(now))
	if err != nil {
		return "", err
	}
	var rows []any
	for _, it := range items {
		rows = append(rows, id, it.ID, it.N, it.First)
	}
	for v, args := range tx.tables([]string{"text", "text", "bigint", "bigint"}, rows) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO said_item (said, item, n, first) `+v+` ON CONFLICT DO NOTHING`, args...); err != nil {
			return "", err
		}
	}
	return id, nil
}

// dated are the items with the numbers of their revisions, in the order of
// ids; those without any are left out.
func dated(ctx context.Context, tx conn, items []SaidItem) ([]SaidItem, error) {
	var out []SaidItem
	for _, it := range items {
		if it.Hash != "" {
			var n sql.NullInt64
			err := tx.QueryRowContext(ctx, `SELECT MAX(n) FROM revision WHERE id = ? AND hash = ? AND retracted = 0`, it.ID, it.Hash).Scan(&n)
			if err != nil {
				return nil, err
			}
			it.N = int(n.Int64)
		}
		if it.First = cmp.Or(it.First, it.N); it.N > 0 {
			out = append(out, it)
		}
	}
	slices.SortFunc(out, func(a, b SaidItem) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return slices.CompactFunc(out, func(a, b SaidItem) bool { return a.ID == b.ID }), nil
}

const insertPost = `INSERT INTO post (platform, chat, thread, bundle, part, ref, kind, purpose, said, file, sent) `

// track keeps that a delivery's message stands, or what it says from now on.
func track(ctx context.Context, tx conn, d Delivery, o Outcome, now time.Time) error {
	place := []any{d.To.Platform, d.To.Chat}
	var err error
	switch {
	case o.State == Sent && o.Ref != "" && (d.Purpose == Digest && d.Edits == "" || d.Purpose == PinText):
		to, bundle := d.To, d.Run
		if d.Via != "" { // it stands in the chat itself
			to.Thread, bundle = "", d.Run+"/"+d.To.Thread
		}
		if d.Edits != "" {
			if _, err := tx.ExecContext(ctx, `DELETE FROM post WHERE platform = ? AND chat = ? AND ref = ?`, append(place, d.Edits)...); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, insertPost+`SELECT CAST(? AS text), CAST(? AS text), CAST(? AS text), CAST(? AS text), part, CAST(? AS text), kind, CAST(? AS text), said, CAST(? AS smallint), CAST(? AS bigint)
			FROM message WHERE run = ? AND kind = ? AND part = ? AND said <> '' ON CONFLICT DO NOTHING`,
			to.Platform, to.Chat, to.Thread, bundle, o.Ref, d.Purpose, bit(o.File), micro(now), d.Run, d.Kind, d.Part)
	case o.State == Sent && d.Purpose == Correction:
		_, err = tx.ExecContext(ctx, `UPDATE post SET said = (SELECT said FROM message m WHERE m.run = ? AND m.kind = ? AND m.part = ?)
			WHERE platform = ? AND chat = ? AND ref = ? AND fixed = (SELECT window_end FROM run WHERE id = ?)`,
			d.Run, d.Kind, d.Part, d.To.Platform, d.To.Chat, d.Edits, d.Run)
	case o.State == Dead && o.Cause == "lost" && d.Edits != "":
		_, err = tx.ExecContext(ctx, `DELETE FROM post WHERE platform = ? AND chat = ? AND ref = ?`, append(place, d.Edits)...)
	}
	if err == nil {
		err = keepPin(ctx, tx, d, o, now)
	}
	return err
}

// stands is true while the message that a delivery edits is the one it was
// planned for: whoever pressed a button may have turned it into another answer,
// and a later change may have been planned for it. A pin may have been given up,
// or have got a later text.
const stands = `(purpose <> 'correction' OR EXISTS (SELECT 1 FROM post p JOIN run r ON r.window_end = p.fixed
	WHERE r.id = delivery.run AND p.platform = delivery.platform AND p.chat = delivery.chat AND p.ref = delivery.edits))
	AND (purpose <> 'pin' OR EXISTS (SELECT 1 FROM pin k WHERE ` + atPin + ` AND k.open_run = delivery.run AND k.ref = delivery.edits))
	AND (purpose <> 'pinning' OR EXISTS (SELECT 1 FROM pin k WHERE ` + atPin + ` AND k.ref = delivery.edits))`

// Stands reports whether the message of a correction or a pin still is what the
// delivery was planned for.
func (s *Store) Stands(ctx context.Context, d Delivery) (bool, error) {
	var ok bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM delivery `+deliveryKey+` AND `+stands+`)`, d.key()...).Scan(&ok)
	if err != nil {
		return false, fmt.Errorf("read whether a message stands: %w", err)
	}
	return ok, nil
}

// Record keeps track of the messages of one answer, all at one place. What was
// known of messages with their ids is forgotten: they say this now.
func (s *Store) Record(ctx context.Context, posts []Post, says Saying, now time.Time) error {
	if len(posts) == 0 {
		return nil
	}
	err := s.together(ctx, func(ctx context.Context, tx conn) error {
		for _, p := range posts {
			if _, err := tx.ExecContext(ctx, `DELETE FROM post WHERE platform = ? AND chat = ? AND ref = ?`, p.To.Platform, p.To.Chat, p.Ref); err != nil {
				return err
			}
		}
		said, err := keepSaid(ctx, tx, says, now)
		if err != nil || said == "" {
			return err
		}
		for _, p := range posts {
			_, err := tx.ExecContext(ctx, insertPost+`VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				p.To.Platform, p.To.Chat, p.To.Thread, p.Bundle, p.Part, p.Ref, p.Kind, p.Purpose, said, bit(p.File), micro(now))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep track of an answer: %w", err)
	}
	return nil
}

// Saying returns what messages say, by its id; false when nobody says it any more.
func (s *Store) Saying(ctx context.Context, id string) (Saying, bool, error) {
	var says Saying
	err := s.read.QueryRowContext(ctx, `SELECT lang, request FROM said WHERE id = ?`, id).Scan(&says.Lang, &says.Request)
	if errors.Is(err, sql.ErrNoRows) {
		return says, false, nil
	}
	if err == nil {
		rows, failed := s.read.QueryContext(ctx, `SELECT item, n, first FROM said_item WHERE said = ? ORDER BY item`, id)
		err = each(rows, failed, func() error {
			var it SaidItem
			err := rows.Scan(&it.ID, &it.N, &it.First)
			says.Items = append(says.Items, it)
			return err
		})
	}
	if err != nil {
		return says, false, fmt.Errorf("read what messages say: %w", err)
	}
	return says, true, nil
}

// renameSaid gives an item that messages show its new id; see renameItem.
func renameSaid(ctx context.Context, tx conn, old, id briefings.ID, n int) error {
	for _, c := range [...]struct {
		stmt string
		args []any
	}{
		{`DELETE FROM said_item WHERE item = ? AND EXISTS (SELECT 1 FROM said_item o WHERE o.said = said_item.said AND o.item = ?)`, []any{old, id}},
		{`UPDATE said_item SET n = n + ?, first = first + ? WHERE item = ?`, []any{n, n, id}},
		{`UPDATE said_item SET item = ? WHERE item = ?`, []any{id, old}},
		{`UPDATE owed SET first = first + ? WHERE item = ?`, []any{n, id}},
	} {
		if _, err := tx.ExecContext(ctx, c.stmt, c.args...); err != nil {
			return err
		}
	}
	return nil
}
