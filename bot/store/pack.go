package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"griot/briefings"
	"griot/commands"
)

// PackState is what became of a version of the content.
type PackState string

// The states of a pack.
const (
	PackUsed     PackState = "used"     // has been in use; the last one taken is
	PackHeld     PackState = "held"     // is implausible and waits for a person
	PackReleased PackState = "released" // may be used, a person says
	PackDropped  PackState = "dropped"  // may not be used, a person says
)

// Pack is a version of the content.
type Pack struct {
	Hash  string // of its files, hex
	Name  string
	State PackState
	Since time.Time         // of its state; of a used one, when it was last taken into use
	Why   []briefings.Doubt // what it is held for; of a used one, what looked wrong when it was taken and no person has said is right
}

// Publish is a pack that is taken into use.
type Publish struct {
	Hash, Name string
	// Before is the hash of the pack this process used until now; empty when it starts.
	Before    string
	Revisions map[briefings.ID]briefings.Revision
}

// ErrBehind says that another process uses a newer pack than the one given,
// which was replaced by it. What changed is not taken back.
var ErrBehind = errors.New("another replica uses newer content")

// fresh is for how long a process that was seen to use a pack is taken to do so.
const fresh = 2 * time.Minute

// take notes which pack is in use. An older one is an edit taken back where
// this process had the newer one, or nobody has it any more.
func (s *Store) take(ctx context.Context, tx conn, p Publish, now time.Time) error {
	last, touched, err := inUse(ctx, tx)
	if err != nil {
		return err
	}
	if last.Hash == p.Hash {
		return touch(ctx, tx, p.Hash, now)
	}
	var state PackState
	err = tx.QueryRowContext(ctx, `SELECT state FROM pack WHERE hash = ?`, p.Hash).Scan(&state)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case s.shared && state == PackUsed && p.Before != last.Hash && now.Sub(touched) < fresh:
		return ErrBehind
	}
	since := max(micro(now), micro(last.Since)+1) // the newest is the last one taken, whatever the clocks say
	if _, err := tx.ExecContext(ctx, `INSERT INTO pack (hash, name, state, seen, changed, touched) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET state = excluded.state, changed = excluded.changed, touched = excluded.touched, why = ''`,
		p.Hash, p.Name, PackUsed, micro(now), since, micro(now)); err != nil {
		return err
	}
	if state == PackHeld { // taken without a word, as it is not to be held any more
		return setCard(ctx, tx, commands.CardContent, p.Hash, commands.CardGone, commands.Editor{}, now)
	}
	return nil
}

func touch(ctx context.Context, tx conn, hash string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE pack SET touched = ? WHERE hash = ? AND touched < ?`, micro(now), hash, micro(now))
	return err
}

// inUse returns the pack last taken into use, the zero Pack when there is none,
// and when a process was last seen to use it.
func inUse(ctx context.Context, c conn) (p Pack, touched time.Time, err error) {
	var since, last int64
	err = c.QueryRowContext(ctx, `SELECT hash, name, changed, touched FROM pack WHERE state = ? ORDER BY changed DESC LIMIT 1`, PackUsed).Scan(&p.Hash, &p.Name, &since, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return Pack{}, time.Time{}, nil
	}
	p.State, p.Since = PackUsed, instant(since)
	return p, instant(last), err
}

// UsedPack returns the pack last taken into use, by whichever process; the zero
// Pack when there is none.
func (s *Store) UsedPack(ctx context.Context) (Pack, error) {
	p, _, err := inUse(ctx, s.read)
	if err != nil {
		return Pack{}, fmt.Errorf("read which pack is in use: %w", err)
	}
	return p, nil
}

// TouchPack notes that this process uses a pack still, where others may want to know.
func (s *Store) TouchPack(ctx context.Context, hash string, now time.Time) error {
	if !s.shared {
		return nil
	}
	if err := touch(ctx, s.write, hash, now); err != nil {
		return fmt.Errorf("note that a pack is in use: %w", err)
	}
	return nil
}

// HoldPack notes that a pack is held, unless a person or another process has
// decided already; it returns its state then, and whether this call held it.
// Editors are shown it, with how many items it changes.
func (s *Store) HoldPack(ctx context.Context, hash, name string, why []briefings.Doubt, changes int, now time.Time) (PackState, bool, error) {
	text, err := json.Marshal(why)
	if err != nil {
		return "", false, fmt.Errorf("hold a pack: %w", err)
	}
	state, first := PackState(""), false
	err = s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO pack (hash, name, state, seen, changed, why) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
			hash, name, PackHeld, micro(now), micro(now), string(text))
		if first, err = affected(r, err, "hold a pack"); err != nil {
			return err
		}
		if first {
			about := commands.CardAbout{Pack: name, Changes: changes}
			for _, d := range why {
				about.Doubts = append(about.Doubts, d.Say)
			}
			if err := addCard(ctx, tx, commands.CardContent, hash, about, now); err != nil {
				return err
			}
		}
		return tx.QueryRowContext(ctx, `SELECT state FROM pack WHERE hash = ?`, hash).Scan(&state)
	})
	if err != nil {
		return "", false, fmt.Errorf("hold a pack: %w", err)
	}
	return state, first, nil
}

// PackState returns what became of a pack, "" when it is not known.
func (s *Store) PackState(ctx context.Context, hash string) (PackState, error) {
	var state PackState
	err := s.read.QueryRowContext(ctx, `SELECT state FROM pack WHERE hash = ?`, hash).Scan(&state)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read what became of a pack: %w", err)
	}
	return state, nil
}

// DoubtPack keeps what looks wrong about the pack in use, for a person to see;
// without a doubt, that a person says that it is right.
func (s *Store) DoubtPack(ctx context.Context, hash string, why []briefings.Doubt) error {
	text := []byte{}
	if len(why) > 0 {
		var err error
		if text, err = json.Marshal(why); err != nil {
			return fmt.Errorf("doubt a pack: %w", err)
		}
	}
	if _, err := s.write.ExecContext(ctx, `UPDATE pack SET why = ? WHERE hash = ? AND state = ?`, string(text), hash, PackUsed); err != nil {
		return fmt.Errorf("doubt a pack: %w", err)
	}
	return nil
}

// ForgetHeld forgets a held pack whose files are gone.
func (s *Store) ForgetHeld(ctx context.Context, hash string, now time.Time) error {
	err := s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM pack WHERE hash = ? AND state = ?`, hash, PackHeld)
		if ok, err := affected(r, err, "delete it"); err != nil || !ok {
			return err
		}
		return setCard(ctx, tx, commands.CardContent, hash, commands.CardGone, commands.Editor{}, now)
	})
	if err != nil {
		return fmt.Errorf("forget a held pack: %w", err)
	}
	return nil
}

// DecidePack releases or drops a held pack, or changes such a decision; false
// when there is no such pack, or that was decided before.
func (s *Store) DecidePack(ctx context.Context, hash string, state PackState, by commands.Editor, now time.Time) (ok bool, err error) {
	err = s.tx(ctx, func(tx conn) error {
		r, err := tx.ExecContext(ctx, `UPDATE pack SET state = ?, changed = ? WHERE hash = ? AND state IN (?, ?, ?) AND state <> ?`,
			state, micro(now), hash, PackHeld, PackReleased, PackDropped, state)
		if ok, err = affected(r, err, "decide on a pack"); err != nil || !ok {
			return err
		}
		shown := commands.CardHeld
		if state == PackReleased {
			shown = commands.CardSent
		}
		if err := setCard(ctx, tx, commands.CardContent, hash, shown, by, now); err != nil {
			return err
		}
		return tx.tell(ctx)
	})
	return ok && err == nil, err
}

// Packs returns the pack in use, then those that a person decides or decided on,
// newest first.
func (s *Store) Packs(ctx context.Context) ([]Pack, error) {
	used, err := s.UsedPack(ctx)
	if err != nil {
		return nil, err
	}
	var out []Pack
	rows, err := s.read.QueryContext(ctx, `SELECT hash, name, state, changed, why FROM pack WHERE state <> ? OR hash = ?
		ORDER BY CASE state WHEN 'used' THEN 0 ELSE 1 END, changed DESC, hash`, PackUsed, used.Hash)
	err = each(rows, err, func() error {
		var p Pack
		var since int64
		var why string
		if err := rows.Scan(&p.Hash, &p.Name, &p.State, &since, &why); err != nil {
			return err
		}
		p.Since = instant(since)
		out = append(out, p)
		if why == "" {
			return nil
		}
		return json.Unmarshal([]byte(why), &out[len(out)-1].Why)
	})
	if err != nil {
		return nil, fmt.Errorf("read packs: %w", err)
	}
	return out, nil
}

// KeepFiles keeps the files of the pack in use, so that it stays in use when
// they are replaced and this process starts again. They are asked for unless
// they are kept already. Those of the packs before go.
func (s *Store) KeepFiles(ctx context.Context, hash string, files func() ([]byte, error)) error {
	last, _, err := inUse(ctx, s.read)
	if err != nil || last.Hash != hash { // another process was quicker
		return err
	}
	var kept bool
	if err := s.read.QueryRowContext(ctx, `SELECT files <> '' FROM pack WHERE hash = ?`, hash).Scan(&kept); err != nil || kept {
		return err
	}
	data, err := files()
	if err != nil {
		return err
	}
	err = s.tx(ctx, func(tx conn) error {
		if _, err := tx.ExecContext(ctx, `UPDATE pack SET files = '' WHERE files <> '' AND hash <> ?`, hash); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE pack SET files = ? WHERE hash = ?`, base64.StdEncoding.EncodeToString(data), hash)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the files of a pack: %w", err)
	}
	return nil
}

// Files returns what KeepFiles kept of a pack, nil when that is nothing.
func (s *Store) Files(ctx context.Context, hash string) ([]byte, error) {
	var text string
	err := s.read.QueryRowContext(ctx, `SELECT files FROM pack WHERE hash = ?`, hash).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) || err == nil && text == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the files of a pack: %w", err)
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("read the files of a pack: %w", err)
	}
	return data, nil
}

// Lasts reports whether what is kept outlasts this process, and others can reach it.
func (s *Store) Lasts() bool { return s.pg != nil || s.path != "" }
