package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	sqlite3 "modernc.org/sqlite"
)

// openSQLite is sql.Open with connections that keep their statements.
func openSQLite(dsn string) (*sql.DB, error) {
	c, err := sqlite3.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{c}), nil
}

// keeping makes connections that keep statements ready which they ran before:
// SQLite takes up to half of the time of a short one to read it. PostgreSQL's
// driver does the same.
type keeping struct{ driver.Connector }

// Connect makes a connection.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &keeper{bareConn: c.(bareConn), kept: map[string]*ready{}}, nil
}

// bareConn is what the driver's connections can do and database/sql asks for.
type bareConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// What a connection keeps: so many statements, of so much text in all.
const (
	keptStatements = 48
	keptText       = 96 << 10
)

// keeper is a connection. database/sql uses it from one goroutine at a time.
type keeper struct {
	bareConn
	kept map[string]*ready // those that are not running
	text int               // length of all
	tick int
}

// ready is a statement that can be run again.
type ready struct {
	bareStmt
	query string
	used  int
}

type bareStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// ExecContext runs a statement.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !repeats(query) {
		return k.bareConn.ExecContext(ctx, query, args)
	}
	s, err := k.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(ctx, args)
	return r, cmp.Or(err, k.giveBack(s, err))
}

// QueryContext runs a query.
func (k *keeper) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !repeats(query) {
		return k.bareConn.QueryContext(ctx, query, args)
	}
	s, err := k.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, cmp.Or(err, k.giveBack(s, err))
	}
	return &keptRows{Rows: r, k: k, s: s}, nil
}

// Close ends the connection and what it kept.
func (k *keeper) Close() error {
	var errs []error
	for _, s := range k.kept {
		errs = append(errs, s.Close())
	}
	clear(k.kept)
	return errors.Join(append(errs, k.bareConn.Close())...)
}

// repeats reports whether a statement is of the kind that is run often, and
// whose effect comes of running it alone.
func repeats(query string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch word {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE":
		return true
	}
	return false
}

// take returns a statement that nobody else runs.
func (k *keeper) take(ctx context.Context, query string) (*ready, error) {
	if s, ok := k.kept[query]; ok {
		delete(k.kept, query)
		k.text -= len(query)
		return s, nil
	}
	s, err := k.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &ready{bareStmt: s.(bareStmt), query: query}, nil
}

// giveBack keeps a statement for the next time, unless it had trouble.
func (k *keeper) giveBack(s *ready, trouble error) error {
	if _, twice := k.kept[s.query]; trouble != nil || twice || len(s.query) > keptText {
		return s.Close()
	}
	k.tick++
	s.used = k.tick
	k.kept[s.query] = s
	k.text += len(s.query)
	var errs []error
	for len(k.kept) > keptStatements || k.text > keptText {
		oldest := s
		for _, other := range k.kept {
			if other.used < oldest.used {
				oldest = other
			}
		}
		delete(k.kept, oldest.query)
		k.text -= len(oldest.query)
		errs = append(errs, oldest.Close())
	}
	return errors.Join(errs...)
}

// keptRows gives its statement back when it is read.
type keptRows struct {
	driver.Rows
	k    *keeper
	s    *ready
	done bool
}

// ColumnTypeDatabaseTypeName names the type a column was declared with.
func (r *keptRows) ColumnTypeDatabaseTypeName(i int) string {
	return r.Rows.(driver.RowsColumnTypeDatabaseTypeName).ColumnTypeDatabaseTypeName(i)
}

// Close ends the reading.
func (r *keptRows) Close() error {
	if r.done {
		return nil
	}
	r.done = true
	err := r.Rows.Close()
	return cmp.Or(err, r.k.giveBack(r.s, err))
}
