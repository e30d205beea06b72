package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/commands"
)

const (
	// remarkMost is how much somebody may tell the editors within remarkSpan.
	remarkMost = 5
	remarkSpan = 24 * time.Hour
	// answerKey begins the key of a run that brings an answer.
	answerKey = "answer|"
)

// File keeps a remark; see [commands.Remarks].
func (s *Store) File(ctx context.Context, r commands.Remark, seen string, now time.Time) (commands.Remark, time.Time, error) {
	var again time.Time
	r.Text, r.State, r.Made = clean(r.Text), commands.RemarkOpen, now
	who, since := []any{r.Who.Platform, r.Who.Chat, r.Who.Thread}, micro(now.Add(-remarkSpan))
	err := s.tx(ctx, func(tx conn) error {
		again = time.Time{}
		if err := tx.lock(ctx, "remarks"); err != nil {
			return err
		}
		var known string
		err := tx.QueryRowContext(ctx, `SELECT id FROM remark WHERE platform = ? AND chat = ? AND thread = ? AND made > ? AND item = ? AND said = ?`,
			append(slices.Clone(who), since, r.Item, r.Text)...).Scan(&known)
		if !errors.Is(err, sql.ErrNoRows) {
			r.ID = known
			return err
		}
		var told int
		var first int64
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MIN(made), 0) FROM remark WHERE platform = ? AND chat = ? AND thread = ? AND made > ?`,
			append(slices.Clone(who), since)...).Scan(&told, &first); err != nil {
			return err
		}
		if told >= remarkMost {
			again = instant(first).Add(remarkSpan)
			return nil
		}
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(CASE WHEN CAST(? AS text) <> '' AND hash LIKE ? THEN n END), MAX(n), 0) FROM revision WHERE id = ?`,
			seen, hexOnly(seen)+"%", r.Item).Scan(&r.N); err != nil {
			return err
		}
		r.ID = strings.ToLower(rand.Text()[:8])
		if _, err := tx.ExecContext(ctx, `INSERT INTO remark (id, platform, chat, thread, place, lang, item, n, said, wants, state, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.ID, r.Who.Platform, r.Who.Chat, r.Who.Thread, r.Place.String(), r.Lang, r.Item, r.N, r.Text, bit(r.Wants), r.State, micro(now)); err != nil {
			return err
		}
		if err := addCard(ctx, tx, commands.CardRemark, r.ID, commands.CardAbout{}, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return r, again, fmt.Errorf("keep a remark: %w", err)
	}
	return r, again, nil
}

// hexOnly is a beginning of a hash without signs of LIKE.
func hexOnly(s string) string {
	if strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s
}

// Want notes whether somebody wants an answer; see [commands.Remarks].
func (s *Store) Want(ctx context.Context, who commands.Destination, id string, wants bool) (ok bool, err error) {
	err = s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE remark SET wants = ? WHERE id = ? AND platform = ? AND chat = ? AND thread = ? AND state = 'open'`,
			bit(wants), id, who.Platform, who.Chat, who.Thread)
		if ok, err = affected(r, err, "note it"); err != nil || !ok {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE card SET n = n + 1 WHERE id = ?`, cardID(commands.CardRemark, id)); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return false, fmt.Errorf("note who wants an answer: %w", err)
	}
	return ok, nil
}

// remarkColumns are those of a remark r and its card k.
const remarkColumns = `r.id, r.platform, r.chat, r.thread, r.place, r.lang, r.item, r.n, COALESCE((SELECT MAX(n) FROM revision v WHERE v.id = r.item), 0),
	r.said, r.wants, r.state, r.answer, r.made, COALESCE(k.who, ''), COALESCE(k.decided, 0)`

const remarks = ` FROM remark r LEFT JOIN card k ON k.kind = 'report' AND k.subject = r.id `

func scanRemark(row scanner) (commands.Remark, error) {
	var r commands.Remark
	var place string
	var latest int
	var made, decided int64
	err := row.Scan(&r.ID, &r.Who.Platform, &r.Who.Chat, &r.Who.Thread, &place, &r.Lang, &r.Item, &r.N, &latest, &r.Text, &r.Wants, &r.State, &r.Answer, &made, &r.By.Name, &decided)
	if err != nil {
		return r, err
	}
	if r.N > 0 {
		r.Since = latest - r.N
	}
	r.Made, r.Decided = instant(made), instant(decided)
	r.Place, err = commands.ParseDestination(place)
	return r, err
}

// Remarks returns what readers told, newest first, or what is open alone; of
// those whose id begins with the given letters.
func (s *Store) Remarks(ctx context.Context, id string, openOnly bool) ([]commands.Remark, error) {
	if strings.ContainsAny(id, "%_") {
		return nil, nil // LIKE has signs of its own
	}
	var out []commands.Remark
	rows, err := s.read.QueryContext(ctx, `SELECT `+remarkColumns+remarks+`WHERE r.id LIKE ? AND (r.state = 'open' OR ? = 0) ORDER BY r.made DESC, r.id`, strings.ToLower(id)+"%", bit(openOnly))
	err = each(rows, err, func() error {
		r, err := scanRemark(rows)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what readers told: %w", err)
	}
	return out, nil
}

// remark returns the remark of a card, nil when it is not there any more.
func remark(ctx context.Context, c conn, id string) (*commands.Remark, error) {
	r, err := scanRemark(c.QueryRowContext(ctx, `SELECT `+remarkColumns+remarks+`WHERE r.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

// Answer answers a remark, once, or closes it when there is no answer; false
// when that was done before, or there is no such one. The answer is planned for
// who wrote it by whoever renders it; see [Store.Untold].
func (s *Store) Answer(ctx context.Context, id, answer string, by commands.Editor, now time.Time) (ok bool, err error) {
	state, shown := commands.RemarkAnswered, commands.CardAnswered
	if answer == "" {
		state, shown = commands.RemarkClosed, commands.CardClosed
	}
	err = s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE remark SET state = ?, answer = ? WHERE id = ? AND state = 'open'`, state, clean(answer), id)
		if ok, err = affected(r, err, "note the answer"); err != nil || !ok {
			return err
		}
		if err := setCard(ctx, tx, commands.CardRemark, id, shown, by, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return false, fmt.Errorf("answer a remark: %w", err)
	}
	return ok, nil
}

// Untold returns up to limit remarks of these platforms whose answer is not planned yet for who
// wrote them and wants it.
func (s *Store) Untold(ctx context.Context, platforms []commands.Platform, limit int) ([]commands.Remark, error) {
	in, args := list(platforms)
	var out []commands.Remark
	rows, err := s.read.QueryContext(ctx, `SELECT `+remarkColumns+remarks+`WHERE r.state = 'answered' AND r.told = 0 AND r.wants = 1 AND r.platform IN `+in+` ORDER BY r.made LIMIT ?`, append(args, limit)...)
	err = each(rows, err, func() error {
		r, err := scanRemark(rows)
		out = append(out, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read answers to bring: %w", err)
	}
	return out, nil
}

// AnswerRun is the run that brings the answer to a remark.
func AnswerRun(id string) string { return answerKey + id }

// TellAnswer plans the messages that bring an answer, to who wrote the remark;
// no parts mean that it cannot be brought. It does nothing when somebody else did.
func (s *Store) TellAnswer(ctx context.Context, r commands.Remark, run Run, kind string, parts []string, expires, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		res, err := tx.ExecContext(ctx, `UPDATE remark SET told = 1 WHERE id = ? AND told = 0`, r.ID)
		if ok, err := affected(res, err, "note that an answer is planned"); err != nil || !ok || len(parts) == 0 {
			return err
		}
		return addLetter(ctx, tx, run, r.Who, kind, Notice, false, "", parts, expires, now)
	})
	if err != nil {
		return fmt.Errorf("plan an answer: %w", err)
	}
	return nil
}

// forgetRemarks forgets what somebody told, and says how much that was.
func forgetRemarks(ctx context.Context, tx conn, of commands.Destination) (n int, err error) {
	const theirs = `platform = ? AND chat = ? AND thread = ?`
	who := []any{of.Platform, of.Chat, of.Thread}
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM remark WHERE `+theirs, who...).Scan(&n); err != nil || n == 0 {
		return n, err
	}
	return n, withdrawRemarks(ctx, tx, theirs, who, time.Now())
}

// withdrawRemarks forgets remarks: which ones, the rest of a condition says. What
// editors were shown of them is not kept any more, and the cards say so.
func withdrawRemarks(ctx context.Context, tx conn, which string, args []any, now time.Time) error {
	cards := `SELECT id FROM card WHERE kind = 'report' AND subject IN (SELECT id FROM remark WHERE ` + which + `)`
	for _, c := range [...]struct {
		stmt string
		args []any
	}{
		{`UPDATE delivery SET state = 'skipped', err = 'the remark was taken back' WHERE state IN ('planned', 'retry') AND run IN (SELECT run.id FROM run JOIN card k ON run.run_key LIKE 'desk|' || k.id || '|%' WHERE k.id IN (` + cards + `))`, args},
		{`UPDATE message SET content = '{}' WHERE run IN (SELECT run.id FROM run JOIN card k ON run.run_key LIKE 'desk|' || k.id || '|%' WHERE k.id IN (` + cards + `))`, args},
		{`UPDATE card SET state = ?, who = '', person = '', decided = ?, n = n + 1 WHERE id IN (` + cards + `)`, append([]any{commands.CardGone, micro(now)}, args...)},
		{`DELETE FROM remark WHERE ` + which, args},
	} {
		if _, err := tx.ExecContext(ctx, c.stmt, c.args...); err != nil {
			return err
		}
	}
	return nil
}
