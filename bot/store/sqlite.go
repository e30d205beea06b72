package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqlite is the engine of one file and one process that runs on it.
var sqlite = engine{
	dialect: goose.DialectSQLite3,
	rewrite: func(query string) string { return query },
	clear:   func(err error) error { return err },
	again:   func(error) bool { return false },
	tables:  `SELECT name FROM sqlite_master WHERE type = 'table'`,
}

// connectSQLite opens the file, or ":memory:".
func (s *Store) connectSQLite(ctx context.Context, file string) (err error) {
	s.engine, s.name = &sqlite, "database "+file
	dsn := "file::memory:"
	if file != ":memory:" {
		s.path = file
		if err := checkOurs(ctx, file); err != nil {
			return err
		}
		if err := private(file); err != nil {
			return err
		}
		dsn = fileDSN(file)
	}
	dsn += "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate"
	if s.db, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	s.readers = s.db // a database in memory belongs to its one connection
	if s.path != "" {
		if s.readers, err = sql.Open("sqlite", dsn); err != nil {
			return err
		}
		s.readers.SetMaxOpenConns(4)
		s.readers.SetMaxIdleConns(4)
	}
	s.write, s.read = conn{s.db, s.engine}, conn{s.readers, s.engine}
	return s.checkPragmas(ctx)
}

// private makes the file when it is not there and keeps others from reading
// it: it tells who subscribed to what. A file that is there is not opened, as
// closing it again would end the locks that this process has on it:
// https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return os.Chmod(file, 0o600)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// checkPragmas reads back what was asked for: the driver ignores a wrong spelling.
func (s *Store) checkPragmas(ctx context.Context) error {
	want := map[string]string{"busy_timeout": "5000", "synchronous": "2", "foreign_keys": "1", "journal_mode": "wal"}
	if s.path == "" {
		want["journal_mode"] = "memory"
	}
	for name, value := range want {
		var got string
		if err := s.write.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
			return fmt.Errorf("read pragma %s: %w", name, err)
		}
		if got != value {
			return fmt.Errorf("pragma %s is %s, want %s: is the file on a network drive? put it on a local disk", name, got, value)
		}
	}
	return nil
}
