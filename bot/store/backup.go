package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tables are all tables with rows of ours.
var tables = []string{"subscription", "run", "message", "delivery", "limiter", "note", "setting", "revision", "look", "pack", "said", "said_item", "post", "fix", "owed", "card", "remark", "pin"}

// backupNote tells in a backup when it was made.
const backupNote = "backup"

// Backup writes a consistent copy of the database, as it is at one instant, to
// a new file: an SQLite database, whatever the engine is, that [Store.Restore]
// takes. Others work on while it does. The file can be read by its owner alone
// and is complete or not there at all; one that is there is not touched, and
// the error is fs.ErrExist.
func (s *Store) Backup(ctx context.Context, file string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("back up to %s: %w", file, err)
		}
	}()
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("it is there already; name another file, or remove that one: %w", fs.ErrExist)
	}
	part := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+"."+strings.ToLower(rand.Text()[:8]))
	defer func() {
		for _, more := range []string{"", "-wal", "-shm", "-journal", ".lock"} {
			os.Remove(part + more) //nolint:errcheck // most are not there
		}
	}()
	if err := s.copyTo(ctx, part); err != nil {
		return err
	}
	return publish(part, file)
}

// copyTo copies the database to a file that is nobody's yet.
func (s *Store) copyTo(ctx context.Context, file string) (err error) {
	to, err := Open(ctx, "sqlite:"+file, s.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	err = s.snapshot(ctx, func(from conn) error {
		return to.tx(ctx, func(tx conn) error {
			for _, table := range tables {
				if err := copyRows(ctx, from, tx, table); err != nil {
					return fmt.Errorf("copy %s: %w", table, err)
				}
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO note (name, value) VALUES (?, ?)`, backupNote, strconv.FormatInt(micro(time.Now()), 10))
			return err
		})
	})
	if err != nil {
		return err
	}
	var mode string // moves what lies in the log beside the file into it
	err = to.write.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	if err == nil && mode != "delete" {
		err = fmt.Errorf("journal mode is still %s", mode)
	}
	return err
}

// snapshot reads the database as it is at one instant, for as long as f takes.
func (s *Store) snapshot(ctx context.Context, f func(from conn) error) error {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return s.clear(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	from, err := conn{tx, s.engine}.patient(ctx)
	if err != nil {
		return err
	}
	return f(from)
}

// patient is a transaction without time limits, for what lasts as long as the
// database is large.
func (c conn) patient(ctx context.Context) (conn, error) {
	if !c.shared {
		return c, nil
	}
	for _, name := range []string{"statement_timeout", "idle_in_transaction_session_timeout"} {
		if _, err := c.ExecContext(ctx, `SET LOCAL `+name+` = 0`); err != nil {
			return c, err
		}
	}
	e := *c.engine
	e.limit = 0
	return conn{c.q, &e}, nil
}

// copyRows copies all rows of a table.
func copyRows(ctx context.Context, from, to conn, table string) error {
	rows, err := from.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err != nil {
		return errors.Join(err, rows.Close())
	}
	types := make([]string, len(columns))
	insert := `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) `
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		_, err := to.ExecContext(ctx, insert+values(args, types...), args...)
		args = args[:0]
		return err
	}
	err = each(rows, nil, func() error {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for _, v := range row {
			if text, ok := v.(string); ok {
				v = clean(text) // SQLite takes more than PostgreSQL does
			}
			args = append(args, v)
		}
		if len(args) < bulkRows*len(columns) {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush())
}

// publish gives a finished file its name, unless another has that by now.
func publish(part, file string) error {
	err := os.Link(part, file)
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	if err != nil { // not every file system has links
		if _, err := os.Lstat(file); err == nil {
			return fs.ErrExist
		}
		if err := os.Rename(part, file); err != nil {
			return err
		}
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	dir.Sync() //nolint:errcheck // not every system can
	return dir.Close()
}
