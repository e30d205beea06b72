package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqlite is the engine of one file and one process that runs on it.
var sqlite = engine{
	dialect: goose.DialectSQLite3,
	rewrite: func(query string) string { return query },
	clear:   plain,
	again:   func(error) bool { return false },
	tables:  `SELECT name FROM sqlite_master WHERE type = 'table'`,
}

// ErrFull says that there is no room left for the database.
var ErrFull = errors.New("the disk that the database is on is full, nothing was changed; make room, then try again")

// ErrLocked says that another process kept the file to itself for too long.
var ErrLocked = errors.New("another program holds the database file for itself; end what it does there, such as a copy or a repair, then try again")

// plain tells that there is no room by [ErrFull] alone, and that the file is
// held by [ErrLocked]: what SQLite says of it tells an operator nothing.
func plain(err error) error {
	e, ok := errors.AsType[*driver.Error](err)
	switch {
	case ok && e.Code()&0xff == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC):
		return ErrFull
	case ok && e.Code()&0xff == sqlite3.SQLITE_BUSY:
		return ErrLocked
	}
	return err
}

// connectSQLite opens the file, or ":memory:". Who looks makes no file, and
// sets nothing that stays in one.
func (s *Store) connectSQLite(ctx context.Context, file string, look bool) (err error) {
	s.engine, s.name = &sqlite, "database "+file
	dsn, settings := "file::memory:", "?_pragma=journal_mode(WAL)"
	if file != ":memory:" {
		s.path = file
		if err := checkOurs(ctx, file); err != nil {
			return err
		}
		if look {
			settings = "?mode=rw"
		} else if err := private(file); err != nil {
			return err
		}
		dsn = fileDSN(file)
	}
	// It knows no sizes of tables: rather than look up the rows it is given, it
	// read a whole table past an index that it made of them for the occasion.
	dsn += settings + "&_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=automatic_index(0)&_txlock=immediate"
	if s.db, err = openSQLite(dsn); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	s.readers = s.db // a database in memory belongs to its one connection
	if s.path != "" {
		if s.readers, err = openSQLite(dsn); err != nil {
			return err
		}
		s.readers.SetMaxOpenConns(4)
		s.readers.SetMaxIdleConns(4)
	}
	s.write, s.read = conn{s.db, s.engine}, conn{s.readers, s.engine}
	if look && s.path != "" {
		_, err := os.Stat(file)
		return err
	}
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
	want := map[string]string{"busy_timeout": "5000", "synchronous": "2", "foreign_keys": "1", "automatic_index": "0", "journal_mode": "wal"}
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
