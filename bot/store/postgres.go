package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgres is the engine of many processes.
var postgres = engine{
	dialect: goose.DialectPostgres,
	shared:  true,
	arrays:  true,
	limit:   30 * time.Second,
	rewrite: numbered,
	clear:   unreachable,
	again:   lostRace,
	tables:  `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`,
	lockSQL: `SELECT pg_advisory_xact_lock(` + lockKey + `)`,
	tellSQL: `SELECT pg_notify('` + channel + `', ?)`,
}

// lockKey makes a lock's number of its name. Locks belong to a database, whose
// schemas may each hold the tables of another bot.
const lockKey = `hashtextextended('griot|' || current_schema() || '|' || CAST(? AS text), 0)`

// poolSize is how many connections a process uses at most: four processes
// leave room in the 100 that PostgreSQL takes by default.
const poolSize = 16

// comments is what stands in comments of statements: words for PostgreSQL alone.
var comments = strings.NewReplacer("/* ", "", " */", "")

// numbered writes $1, $2 ... for the question marks, and uncovers what stands
// in comments.
func numbered(query string) string {
	var b strings.Builder
	for i, piece := range strings.Split(comments.Replace(query), "?") {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(piece)
	}
	return b.String()
}

// ErrUnreachable says that the database cannot be reached, or that it went
// away in between. Nothing has to be done for the next try but to wait.
var ErrUnreachable = errors.New("the database cannot be reached")

// unreachable tells errors of the connection from those of statements.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func unreachable(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) || errors.Is(err, ErrUnreachable) || errors.Is(err, ErrFull) {
		return err
	}
	gone := false
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case pg.Code == "53100":
			return ErrFull
		case strings.HasPrefix(pg.Code, "08"), // the connection broke
			strings.HasPrefix(pg.Code, "57P"), // the server stops, starts, or ended it
			pg.Code == "53300",                // it takes no more connections
			pg.Code == "25P03":                // it ended one that hung in a transaction
			gone = true
		}
	} else {
		_, connect := errors.AsType[*pgconn.ConnectError](err)
		_, network := errors.AsType[net.Error](err)
		gone = connect || network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
	}
	if gone {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return err
}

// lostRace is true for a deadlock, a serialization failure and a row that
// somebody else added first: a new transaction sees it.
func lostRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40P01" || pg.Code == "40001" || pg.Code == "23505")
}

// config reads the address. Errors tell nothing of what stands in it.
func config(url string) (*pgx.ConnConfig, error) {
	_, rest, _ := strings.Cut(url, "://")
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	// An unescaped character in a password would make part of it a host or a
	// port, which messages show.
	ambiguous := strings.Contains(rest, "#") || !strings.Contains(authority, "@") && strings.Contains(tail, "@")
	cfg, err := pgx.ParseConfig(url)
	if err != nil || ambiguous {
		return nil, errors.New("not an address of PostgreSQL: write postgres://USER:PASSWORD@HOST:5432/DATABASE, with # / ? @ % in the password as %23 %2F %3F %40 %25")
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "griot"
	}
	session(cfg, limits)
	if cfg.ConnectTimeout == 0 || cfg.ConnectTimeout > 10*time.Second {
		cfg.ConnectTimeout = 10 * time.Second
	}
	return cfg, nil
}

// limits are those of the server: no statement runs, no lock is waited for and
// no process that hangs holds its locks for longer.
var limits = map[string]string{
	"statement_timeout":                   "30s",
	"lock_timeout":                        "20s",
	"idle_in_transaction_session_timeout": "60s",
}

// session sets parameters on every new connection, but those which the address
// sets, and has what is committed survive a crash of the server, whatever its
// settings are. It does so by a statement, as poolers refuse a connection that
// begins with parameters they do not know.
func session(cfg *pgx.ConnConfig, params map[string]string) {
	set := []string{`SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`}
	for name, value := range params {
		if cfg.RuntimeParams[name] == "" {
			set = append(set, `SET `+name+` = '`+value+`'`)
		}
	}
	all := strings.Join(set, "; ")
	cfg.AfterConnect = func(ctx context.Context, c *pgconn.PgConn) error { return c.Exec(ctx, all).Close() }
}

// connectPostgres makes the pool and one connection.
func (s *Store) connectPostgres(ctx context.Context, url string) error {
	e := postgres
	e.me = rand.Text()
	s.engine, s.name = &e, "the PostgreSQL database"
	cfg, err := config(url)
	if err != nil {
		return err
	}
	s.name = fmt.Sprintf("database %s on %s", cfg.Database, cfg.Host)
	s.pg = cfg
	s.db = stdlib.OpenDB(*cfg)
	s.db.SetMaxOpenConns(poolSize)
	s.db.SetMaxIdleConns(poolSize)
	s.db.SetConnMaxIdleTime(5 * time.Minute)
	s.readers = s.db
	s.write, s.read = conn{s.db, s.engine}, conn{s.db, s.engine}
	return s.clear(s.db.PingContext(ctx))
}

// aloneOn returns connections that have no time-out, for migrations, while no
// other process has such ones.
func aloneOn(ctx context.Context, cfg *pgx.ConnConfig) (*sql.DB, func() error, error) {
	cfg = cfg.Copy()
	none := map[string]string{}
	for name := range limits {
		delete(cfg.RuntimeParams, name)
		none[name] = "0"
	}
	session(cfg, none)
	db := stdlib.OpenDB(*cfg)
	one, err := db.Conn(ctx)
	if err == nil {
		_, err = one.ExecContext(ctx, numbered(`SELECT pg_advisory_lock(`+lockKey+`)`), "migrate")
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, func() error { return errors.Join(one.Close(), db.Close()) }, nil
}
