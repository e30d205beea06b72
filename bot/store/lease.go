package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// beat is how often a lease's connection is asked whether it lives, and
	// answer how long it may take: together well below the time after which
	// PostgreSQL frees the lock of a holder that is gone.
	beat   = 3 * time.Second
	answer = 5 * time.Second
)

const (
	// certain is how long after an answer a lease is held for sure. A process
	// that stood still finds it over, before it finds the connection ended.
	certain = 10 * time.Second
	// silence is how long PostgreSQL keeps the session of a holder that says
	// nothing, for one that stands still has a kernel that answers keepalives.
	silence = 15 * time.Second
)

// keepalives has PostgreSQL end a connection whose other side is gone within
// 20 s, whatever the server's own settings are.
// https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-TCP-SETTINGS
var keepalives = map[string]string{
	"tcp_keepalives_idle":     "5", // seconds
	"tcp_keepalives_interval": "5",
	"tcp_keepalives_count":    "2",
	"tcp_user_timeout":        "15000", // milliseconds, for what was sent and not received
}

// Lease is the right of one process to do something, such as to poll for a bot.
type Lease struct {
	lost  chan struct{} // nil: never
	end   func()
	heard atomic.Pointer[time.Time] // when the last question was asked that the server answered
}

// Lost is closed when the right is gone because the connection to the database
// is: what needs it stops at once. It is not closed by Release.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Held reports whether the right is ours for sure: nobody else can have it yet.
// It tells the truth also to a process that stood still and has not noticed that
// its connection was ended meanwhile.
func (l *Lease) Held() bool {
	if l.lost == nil {
		return true
	}
	select {
	case <-l.lost:
		return false
	default:
	}
	// The monotonic clock stops while a machine is suspended, the other may be set.
	heard, now := *l.heard.Load(), time.Now()
	return now.Sub(heard) < certain && now.Round(0).Sub(heard.Round(0)) < certain
}

// Release gives the right back. Releasing twice, or what was lost, is fine.
func (l *Lease) Release() { l.end() }

// Lease asks for a right that one process at a time has; it is nil when another
// has it. It does not end with ctx but with Release or the connection. When its
// holder dies or stands still, another gets it within 20 seconds (with
// PostgreSQL 13, which does not end silent sessions, only when it dies). With
// SQLite, where one process runs, it is always granted and never lost.
//
// It is an advisory lock of PostgreSQL on a connection of its own, which must
// not lead through a pooler in transaction mode.
func (s *Store) Lease(ctx context.Context, name string) (*Lease, error) {
	if s.pg == nil {
		return &Lease{end: func() {}}, nil
	}
	c, err := s.tryLock(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("ask for the lease %q: %w", name, s.clear(err))
	}
	if c == nil {
		return nil, nil
	}
	hold, stop := context.WithCancel(context.WithoutCancel(ctx))
	l, done := &Lease{lost: make(chan struct{})}, make(chan struct{})
	heard := func(at time.Time) { l.heard.Store(&at) }
	heard(time.Now())
	go func() {
		defer close(done)
		if err := live(hold, c, beat, func(string) {}, heard); hold.Err() == nil {
			s.log.Warn("lease lost", "lease", name, "err", s.clear(err))
			close(l.lost)
		}
	}()
	l.end = sync.OnceFunc(func() {
		stop()
		<-done
		s.unlock(c, name)
	})
	return l, nil
}

// tryLock returns a connection that has the lock, nil when another has it.
func (s *Store) tryLock(ctx context.Context, name string) (_ *pgx.Conn, err error) {
	if holder, err := s.Holder(ctx, name); err != nil || holder != "" {
		return nil, err // to ask on the pool costs less than a connection
	}
	c, err := s.direct(ctx)
	if err != nil {
		return nil, err
	}
	ok := false
	defer func() {
		if !ok {
			closeSoon(c)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	if _, err := c.Exec(ctx, `SELECT set_config(name, $1, false) FROM pg_settings WHERE name = 'idle_session_timeout'`, fmt.Sprint(silence.Milliseconds())); err != nil {
		return nil, err
	}
	if err := c.QueryRow(ctx, numbered(`SELECT pg_try_advisory_lock(`+lockKey+`)`), leaseKey(name)).Scan(&ok); err != nil || !ok {
		ok = false
		return nil, err
	}
	return c, nil
}

func leaseKey(name string) string { return "lease|" + name }

// unlock frees the lock, tells those who wait for it, and closes the connection.
func (s *Store) unlock(c *pgx.Conn, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	// Where it fails the session's end frees the lock.
	_, _ = c.Exec(ctx, numbered(`SELECT pg_advisory_unlock(`+lockKey+`), pg_notify('`+channel+`', CAST(? AS text))`), leaseKey(name), s.me)
	closeSoon(c)
}

// Holder names the process that has a lease, as [Store.Replica] named it; "" when
// none has.
func (s *Store) Holder(ctx context.Context, name string) (string, error) {
	if s.pg == nil {
		return "", nil
	}
	var who string
	err := s.read.QueryRowContext(ctx, `SELECT COALESCE(NULLIF(a.application_name, ''), 'somebody') FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		JOIN pg_database d ON d.oid = l.database
		WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
			AND (CAST(CAST(l.classid AS bigint) << 32 AS bigint) | CAST(l.objid AS bigint)) = `+lockKey, leaseKey(name)).Scan(&who)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("ask who has the lease %q: %w", name, err)
	}
	return who, nil
}

// direct opens a connection beside the pool.
func (s *Store) direct(ctx context.Context) (*pgx.Conn, error) {
	cfg := s.pg.Copy()
	params := maps.Clone(limits)
	maps.Copy(params, keepalives)
	session(cfg, params)
	if who := s.replica.Load(); who != nil {
		cfg.RuntimeParams["application_name"] = *who
	}
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	return pgx.ConnectConfig(ctx, cfg)
}

// live calls heard for every notification that comes and returns when the
// connection breaks or ctx is done. It asks the server every so often, and
// calls answered with when it asked.
func live(ctx context.Context, c *pgx.Conn, every time.Duration, heard func(payload string), answered func(asked time.Time)) error {
	for ctx.Err() == nil {
		wait, cancel := context.WithTimeout(ctx, every)
		n, err := c.WaitForNotification(wait) // returns at once when the connection breaks
		quiet := wait.Err() != nil
		cancel()
		switch {
		case err == nil:
			heard(n.Payload)
		case !quiet:
			return err
		default:
			ask, cancel := context.WithTimeout(ctx, answer)
			asked := time.Now()
			err := c.Ping(ask)
			cancel()
			if err != nil {
				return err
			}
			answered(asked)
		}
	}
	return ctx.Err()
}

// closeSoon closes a connection, politely if the server answers.
func closeSoon(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.Close(ctx) //nolint:errcheck // it is gone either way
}
