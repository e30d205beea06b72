package store

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"
)

// engine is what differs between the databases.
type engine struct {
	dialect goose.Dialect
	shared  bool                      // other processes may work on the same rows
	arrays  bool                      // a column of values goes as one argument
	limit   time.Duration             // of one statement, so that a dead network hangs nobody; 0 for none
	rewrite func(query string) string // turns a statement, written for SQLite, into the engine's own
	clear   func(err error) error     // says an error clearly; nil stays nil
	again   func(err error) bool      // a transaction lost a race and may be run again
	tables  string                    // lists the names of tables
	lockSQL string                    // takes a named lock until the transaction ends; "" where there is one writer
	tellSQL string                    // has other processes look; "" where there are none
	me      string                    // names this process to the others
}

// bound is ctx with the engine's limit of one statement.
func (e *engine) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if e.limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, e.limit)
}

// conn runs statements, rewritten for the engine, on a pool or in a transaction.
type conn struct {
	q interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}
	*engine
}

// ExecContext runs a statement that returns no rows.
func (c conn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, cancel := c.bound(ctx)
	defer cancel()
	r, err := c.q.ExecContext(ctx, c.rewrite(query), args...)
	return r, c.clear(err)
}

// QueryContext runs a query, for [each].
func (c conn) QueryContext(ctx context.Context, query string, args ...any) (*rows, error) {
	ctx, cancel := c.bound(ctx)
	r, err := c.q.QueryContext(ctx, c.rewrite(query), args...)
	if err != nil {
		cancel()
		return nil, c.clear(err)
	}
	return &rows{r, cancel, c.clear}, nil
}

// QueryRowContext runs a query of one row.
func (c conn) QueryRowContext(ctx context.Context, query string, args ...any) row {
	ctx, cancel := c.bound(ctx)
	return row{c.q.QueryRowContext(ctx, c.rewrite(query), args...), cancel, c.clear}
}

// rows is the result of a query.
type rows struct {
	*sql.Rows
	cancel context.CancelFunc
	clear  func(error) error
}

// row is the result of a query of one row; it must be scanned.
type row struct {
	*sql.Row
	cancel context.CancelFunc
	clear  func(error) error
}

// Scan reads the row; sql.ErrNoRows when there is none.
func (r row) Scan(dest ...any) error {
	defer r.cancel()
	return r.clear(r.Row.Scan(dest...))
}

// scanner is one row.
type scanner interface{ Scan(dest ...any) error }

// each runs f for every row of a query.
func each(r *rows, err error, f func() error) error {
	if err != nil {
		return err
	}
	defer r.cancel()
	defer r.Close()
	for r.Next() {
		if err := f(); err != nil {
			return err
		}
	}
	return r.clear(r.Err())
}

const (
	// txLimit bounds a transaction where other processes may wait for its locks.
	txLimit = 2 * time.Minute
	// txTries is how often a transaction that loses races is run at most.
	txTries = 8
)

// tx runs f in a transaction of the writer and commits when f returns nil. On
// a shared database, where it may lose a race, f may run several times: what it
// returns by variables it sets anew each time.
func (s *Store) tx(ctx context.Context, f func(tx conn) error) error {
	return s.txWithin(ctx, txLimit, f)
}

func (s *Store) txWithin(ctx context.Context, limit time.Duration, f func(tx conn) error) error {
	for try := 1; ; try++ {
		err := s.once(ctx, limit, f)
		if err == nil || try == txTries || !s.again(err) {
			return err
		}
		timer := time.NewTimer(time.Duration(rand.Int64N(int64(5*time.Millisecond) << try)))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func (s *Store) once(ctx context.Context, limit time.Duration, f func(tx conn) error) error {
	if s.shared {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.clear(err)
	}
	defer tx.Rollback() //nolint:errcheck // says only that it was committed
	if err := f(conn{tx, s.engine}); err != nil {
		return err
	}
	return s.clear(tx.Commit())
}

// lock takes the named lock until the transaction ends. Who takes it next waits,
// and the statements behind it see what this transaction did.
func (c conn) lock(ctx context.Context, name string) error {
	if c.lockSQL == "" {
		return nil
	}
	_, err := c.ExecContext(ctx, c.lockSQL, name)
	return err
}
