package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"griot/commands"
)

// Shown is a card whose message does not tell how it stands, and that message.
type Shown struct {
	commands.Card
	N   int    // of its changes, to be told
	Ref string // id of the message; empty when it is not sent, or lost
	// New says that there was no message yet.
	New bool
}

// cardID is short and always the same for a subject.
func cardID(kind commands.CardKind, subject string) string {
	sum := sha256.Sum256([]byte(string(kind) + "|" + subject))
	return hex.EncodeToString(sum[:8])
}

// addCard has editors decide on something. One that was decided on before, or
// was gone, is shown in a message of its own.
func addCard(ctx context.Context, tx conn, kind commands.CardKind, subject string, about commands.CardAbout, now time.Time) error {
	return insertCard(ctx, tx, kind, subject, about, now, `DO UPDATE SET about = excluded.about, state = excluded.state, made = excluded.made,
		who = '', person = '', decided = 0, n = 1, shown = 0, run = '', part = 0, edit = '' WHERE card.state <> excluded.state`)
}

// addCardOnce is addCard for what never comes again.
func addCardOnce(ctx context.Context, tx conn, kind commands.CardKind, subject string, about commands.CardAbout, now time.Time) error {
	return insertCard(ctx, tx, kind, subject, about, now, `DO NOTHING`)
}

func insertCard(ctx context.Context, tx conn, kind commands.CardKind, subject string, about commands.CardAbout, now time.Time, again string) error {
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO card (id, kind, subject, about, state, made) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) `+again,
		cardID(kind, subject), kind, subject, clean(string(text)), commands.CardOpen, micro(now))
	return err
}

// setCard notes what was decided, and by whom; nothing when it stands so
// already, or there is no card.
func setCard(ctx context.Context, tx conn, kind commands.CardKind, subject string, state commands.CardState, by commands.Editor, now time.Time) error {
	person := ""
	if by.User != "" {
		person = personOf(by.Platform, by.User)
	}
	_, err := tx.ExecContext(ctx, `UPDATE card SET state = ?, who = ?, person = ?, decided = ?, n = n + 1 WHERE id = ? AND state <> ?`,
		state, clean(by.Name), person, micro(now), cardID(kind, subject), state)
	return err
}

// personOf names somebody in a column.
func personOf(p commands.Platform, user string) string { return string(p) + ":" + user }

// cardColumns are those of a card c and of the delivery d of its message.
const cardColumns = `c.id, c.kind, c.subject, c.about, c.state, c.who, c.decided, c.n, c.run,
	COALESCE(d.platform, ''), COALESCE(d.chat, ''), CASE WHEN d.via = 'chat' THEN '' ELSE COALESCE(d.thread, '') END,
	CASE WHEN d.state = 'sent' THEN d.msg_ref ELSE '' END`

func scanCard(row scanner) (Shown, error) {
	var c Shown
	var about, run string
	var decided int64
	err := row.Scan(&c.ID, &c.Kind, &c.Subject, &about, &c.State, &c.By.Name, &decided, &c.N, &run, &c.At.Platform, &c.At.Chat, &c.At.Thread, &c.Ref)
	if err != nil {
		return c, err
	}
	c.Decided, c.New = instant(decided), run == ""
	return c, json.Unmarshal([]byte(about), &c.About)
}

// Card returns a card, with where its message stands; false when there is none.
func (s *Store) Card(ctx context.Context, id string) (commands.Card, bool, error) {
	c, err := scanCard(s.read.QueryRowContext(ctx, `SELECT `+cardColumns+` FROM card c LEFT JOIN delivery d ON d.run = c.run AND d.part = c.part WHERE c.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return commands.Card{}, false, nil
	}
	if err == nil {
		err = s.complete(ctx, &c.Card)
	}
	if err != nil {
		return commands.Card{}, false, fmt.Errorf("read a card: %w", err)
	}
	return c.Card, true, nil
}

// complete adds to a card how its subject stands.
func (s *Store) complete(ctx context.Context, c *commands.Card) (err error) {
	switch c.Kind {
	case commands.CardDigest:
		c.Reach, err = reach(ctx, s.read, c.Subject)
	case commands.CardRemark:
		c.Remark, err = remark(ctx, s.read, c.Subject)
	}
	return err
}

// StaleCards returns cards whose message does not tell how they stand, oldest
// first: at most limit. One that was decided on before it was shown never is;
// one whose message is on its way has to wait.
func (s *Store) StaleCards(ctx context.Context, limit int) ([]Shown, error) {
	var out []Shown
	rows, err := s.read.QueryContext(ctx, `SELECT `+cardColumns+` FROM card c LEFT JOIN delivery d ON d.run = c.run AND d.part = c.part
		WHERE c.shown < c.n AND (c.run <> '' OR c.state = 'open') AND (d.run IS NULL OR d.state NOT IN `+open+`)
			AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.run = c.edit AND e.state IN `+open+`)
		ORDER BY c.made, c.id LIMIT ?`, limit)
	err = each(rows, err, func() error {
		c, err := scanCard(rows)
		out = append(out, c)
		return err
	})
	for i := range out {
		if err == nil {
			err = s.complete(ctx, &out[i].Card)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read cards to show: %w", err)
	}
	return out, nil
}

// ShowCard plans the messages of a card, of which the last is the card itself,
// or the edit of that, as c tells it; no part means that there is nothing to
// edit. It does nothing when somebody else did it.
func (s *Store) ShowCard(ctx context.Context, c Shown, r Run, to commands.Destination, kind string, parts []string, expires, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		run := r.ID
		if len(parts) == 0 {
			run = ""
		}
		set, args := `edit = ?`, []any{run}
		if c.New {
			set, args = `run = ?, part = ?`, []any{run, max(len(parts)-1, 0)}
		}
		res, err := tx.ExecContext(ctx, `UPDATE card SET shown = ?, `+set+` WHERE id = ? AND n >= ? AND shown < ? AND (run = '') = (CAST(? AS bigint) = 1)`,
			slices.Concat([]any{c.N}, args, []any{c.ID, c.N, c.N, bit(c.New)})...)
		if ok, err := affected(res, err, "note that a card is shown"); err != nil || !ok || len(parts) == 0 {
			return err
		}
		return addLetter(ctx, tx, r, to, kind, Desk, true, c.Ref, parts, expires, now)
	})
	if err != nil {
		return fmt.Errorf("plan a card: %w", err)
	}
	return nil
}

// Decide brings a card from the state it is told in into another one, and does
// what that means; false when it is in another state by now, or cannot be.
func (s *Store) Decide(ctx context.Context, c commands.Card, state commands.CardState, by commands.Editor, now time.Time) (bool, error) {
	switch {
	case c.Kind == commands.CardContent && state == commands.CardSent:
		return s.DecidePack(ctx, c.Subject, PackReleased, by, now)
	case c.Kind == commands.CardContent && state == commands.CardHeld:
		return s.DecidePack(ctx, c.Subject, PackDropped, by, now)
	case c.Kind == commands.CardDigest && state == commands.CardHeld:
		return s.HoldRun(ctx, c.Subject, "", by, now)
	case c.Kind == commands.CardDigest && state == commands.CardOpen:
		return s.ReleaseRun(ctx, c.Subject, by, now)
	case c.Kind == commands.CardRemark && state == commands.CardClosed:
		return s.Answer(ctx, c.Subject, "", by, now)
	}
	return false, fmt.Errorf("decide on a card: a %s cannot be %s", c.Kind, state)
}
