package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrNoBackup says that a file is none that can be restored.
var ErrNoBackup = errors.New("not a backup of griot; nothing was changed")

const (
	// restoreLimit bounds the transaction of a restore.
	restoreLimit = time.Hour
	// restoreWait is how long a restore waits for its turn to write, where others
	// write so much that they leave it none.
	restoreWait = time.Minute
)

// Restore replaces everything in the database by what a backup holds, from
// whichever engine it is, all in one transaction. One of an older version is
// brought up to date, in a copy; a newer one, a damaged one and any other file
// are refused. What was restored is held, see [Store.Paused], as much of it may
// have been sent since. Others may work on; they see the one or the other.
func (s *Store) Restore(ctx context.Context, file string) error {
	if err := s.restore(ctx, file); err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	return nil
}

func (s *Store) restore(ctx context.Context, file string) (err error) {
	if s.isItself(file) {
		return fmt.Errorf("it is the database itself: %w", ErrNoBackup)
	}
	dir, err := os.MkdirTemp("", "griot-restore")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	from, err := openBackup(ctx, file, filepath.Join(dir, "backup.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	why := "restored from a copy of a database"
	if text, err := from.Note(ctx, backupNote); err != nil {
		return err
	} else if us, err := strconv.ParseInt(text, 10, 64); err == nil {
		why = "restored from a backup of " + instant(us).Format("2006-01-02 15:04 UTC")
	}
	for began := time.Now(); ; {
		err := s.restoreFrom(ctx, from, why)
		if !errors.Is(err, ErrLocked) || time.Since(began) > restoreWait || ctx.Err() != nil {
			return err
		}
	}
}

// restoreFrom replaces everything by what a backup holds.
func (s *Store) restoreFrom(ctx context.Context, from *Store, why string) error {
	return s.txWithin(ctx, restoreLimit, func(tx conn) error {
		tx, err := tx.patient(ctx)
		if err != nil {
			return err
		}
		if tx.shared { // others read on, and write after this
			if _, err := tx.ExecContext(ctx, `LOCK TABLE `+strings.Join(tables, ", ")+` IN EXCLUSIVE MODE`); err != nil {
				return err
			}
		}
		return from.snapshot(ctx, func(from conn) error { return replaceAll(ctx, from, tx, why) })
	})
}

func replaceAll(ctx context.Context, from, tx conn, why string) error {
	for _, table := range tables {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
		if err := copyRows(ctx, from, tx, table); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM note WHERE name IN (?, ?)`, backupNote, holdNote); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO note (name, value) VALUES (?, ?)`, holdNote, holdText(why, time.Now())); err != nil {
		return err
	}
	return tx.tell(ctx)
}

func (s *Store) isItself(file string) bool {
	own, err := os.Stat(s.path)
	if s.path == "" || err != nil {
		return false
	}
	info, err := os.Stat(file)
	return err == nil && os.SameFile(own, info)
}

// openBackup copies a backup and opens the copy, brought up to date.
func openBackup(ctx context.Context, file, beside string) (*Store, error) {
	if err := copyWhole(file, beside); err != nil {
		return nil, err
	}
	look, err := Look(ctx, "sqlite:"+beside, nil)
	if err == nil {
		err = look.Close()
	}
	if errors.Is(err, ErrNewer) {
		return nil, err
	}
	if err != nil && !errors.Is(err, ErrOlder) {
		return nil, noBackup(ctx, err)
	}
	s, err := Open(ctx, "sqlite:"+beside, nil)
	if err != nil {
		return nil, noBackup(ctx, err)
	}
	var sound string
	err = s.read.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&sound)
	if err == nil && sound != "ok" {
		err = errors.New(sound)
	}
	if err != nil {
		return nil, errors.Join(noBackup(ctx, err), s.Close())
	}
	return s, nil
}

// noBackup is what is wrong with a file, unless something else is wrong.
func noBackup(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil, errors.Is(err, ErrFull):
		return err
	case errors.Is(err, ErrEmpty), errors.Is(err, ErrForeign):
		return ErrNoBackup
	}
	return fmt.Errorf("%w: it is damaged (%w)", ErrNoBackup, err)
}

// copyWhole copies an SQLite file that has all its bytes.
func copyWhole(file, to string) (err error) {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("it is a database in use, with more in %s-wal; griot backup makes a copy of it: %w", file, ErrNoBackup)
	}
	header := make([]byte, 100)
	if _, err := io.ReadFull(in, header); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return ErrNoBackup
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, in)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	// https://www.sqlite.org/fileformat.html#the_database_header
	page, pages := int64(binary.BigEndian.Uint16(header[16:])), int64(binary.BigEndian.Uint32(header[28:]))
	if page == 1 {
		page = 65536
	}
	if n != page*pages {
		return fmt.Errorf("%w: it has %d of its %d bytes", ErrNoBackup, n, page*pages)
	}
	return nil
}
