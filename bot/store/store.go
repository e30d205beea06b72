package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Store is an open database. Its methods may be called from several goroutines.
type Store struct {
	write *sql.DB // one connection
	read  *sql.DB
	log   *slog.Logger
	path  string // of the file, empty in memory
	group group

	mu   sync.Mutex
	lock *os.File // held by the process that runs on the file
}

// Open opens the database named by url, "sqlite:FILE" or "sqlite::memory:",
// makes it when it is not there, and brings its schema up to date.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	file, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || file == "" {
		scheme, _, _ := strings.Cut(url, ":") // what follows may hold a password
		return nil, fmt.Errorf("database url of scheme %q is not supported: write sqlite:FILE, or sqlite::memory: to keep nothing", scheme)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Store{log: log}
	err := s.connect(ctx, file)
	if err == nil {
		err = s.migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", file, err), s.Close())
	}
	return s, nil
}

// connect opens the file, whatever its schema is.
func (s *Store) connect(ctx context.Context, file string) (err error) {
	dsn := "file::memory:"
	if file != ":memory:" {
		s.path = file
		if err := private(file); err != nil {
			return err
		}
		dsn = (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}).String()
	}
	dsn += "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate"
	if s.write, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	s.read = s.write // a database in memory belongs to its one connection
	if s.path != "" {
		if s.read, err = sql.Open("sqlite", dsn); err != nil {
			return err
		}
		s.read.SetMaxOpenConns(4)
		s.read.SetMaxIdleConns(4)
	}
	return s.checkPragmas(ctx)
}

// private makes the file when it is not there and keeps others from reading
// it: it tells who subscribed to what.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
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

// Close closes the database and gives up the right to run on it.
func (s *Store) Close() error {
	var errs []error
	if s.read != nil && s.read != s.write {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
		s.lock = nil
	}
	return errors.Join(errs...)
}

// tx runs f in a transaction of the writer and commits when f returns nil.
func (s *Store) tx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // says only that it was committed
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// each runs f for every row of a query.
func each(rows *sql.Rows, err error, f func() error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// micro writes an instant as it is stored.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads what micro writes.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
