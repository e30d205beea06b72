package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// Store is an open database. Its methods may be called from several goroutines.
type Store struct {
	*engine
	db      *sql.DB // writes
	readers *sql.DB // may be the same
	write   conn    // on db
	read    conn    // on readers
	name    string  // of the database, for messages: no secret
	log     *slog.Logger
	path    string          // of SQLite's file, else empty
	pg      *pgx.ConnConfig // of PostgreSQL, else nil
	group   group
	swept   atomic.Int64           // when claims that count no more were deleted last, in microseconds
	replica atomic.Pointer[string] // what PostgreSQL shows of connections of its own

	mu   sync.Mutex
	held *os.File // the lock file, of the process that runs on the file
}

// Open opens the database named by url, makes what is not there yet, and
// brings the schema up to date: "sqlite:FILE", "sqlite::memory:" to keep
// nothing, or a PostgreSQL address such as
// "postgres://USER:PASSWORD@HOST:5432/DATABASE", whose database exists.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
// No error holds the password.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	s, err := connect(ctx, url, log)
	if err != nil {
		return nil, err
	}
	err = s.migrate(ctx)
	if err == nil {
		err = s.mark(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", s.name, err), s.Close())
	}
	return s, nil
}

// Look opens a database that is there, for those who only look: it makes no
// file and changes no schema. It returns [ErrEmpty], [ErrOlder] or [ErrNewer]
// when the schema is not the one of this program, and fs.ErrNotExist when there
// is no file. Several processes may look while another one runs.
func Look(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	s, err := connectAs(ctx, url, log, true)
	if err != nil {
		return nil, err
	}
	if err := s.checkVersion(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", s.name, err), s.Close())
	}
	return s, nil
}

// connect opens the database whatever its schema is.
func connect(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	return connectAs(ctx, url, log, false)
}

func connectAs(ctx context.Context, url string, log *slog.Logger, look bool) (*Store, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Store{log: log}
	var err error
	scheme, rest, _ := strings.Cut(url, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		err = s.connectSQLite(ctx, rest, look)
	case scheme == "postgres" || scheme == "postgresql":
		err = s.connectPostgres(ctx, url)
	default: // what follows may hold a password
		return nil, fmt.Errorf("database url of scheme %q is not supported: write sqlite:FILE, sqlite::memory: to keep nothing, or postgres://USER:PASSWORD@HOST:5432/DATABASE", scheme)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", s.name, err), s.Close())
	}
	return s, nil
}

// Shared reports whether other processes may work on the same rows.
func (s *Store) Shared() bool { return s.shared }

// Replica names this process among those that share the database: what it does
// on connections of its own, such as to hold a lease, is shown under that name,
// of which 63 bytes count.
func (s *Store) Replica(name string) { s.replica.Store(&name) }

// Close closes the database and gives up the right to run on it.
func (s *Store) Close() error {
	var errs []error
	if s.readers != nil && s.readers != s.db {
		errs = append(errs, s.readers.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held != nil {
		errs = append(errs, s.held.Close())
		s.held = nil
	}
	return errors.Join(errs...)
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

// clean is a text that PostgreSQL takes too: valid, and without the byte 0.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
