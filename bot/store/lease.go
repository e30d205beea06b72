package store

import (
	"context"
	"fmt"
	"maps"
	"sync"
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
	lost chan struct{} // nil: never
	end  func()
}

// Lost is closed when the right is gone because the connection to the database
// is: what needs it stops at once. It is not closed by Release.
func (l *Lease) Lost() <-chan struct{} { return l.lost }

// Release gives the right back. Releasing twice, or what was lost, is fine.
func (l *Lease) Release() { l.end() }

// Lease asks for a right that one process at a time has; it is nil when another
// has it. It does not end with ctx but with Release or the connection. When its
// holder dies, another gets it within 20 seconds. With SQLite, where one
// process runs, it is always granted and never lost.
//
// It is an advisory lock of PostgreSQL on a connection of its own, which must
// not lead through a pooler in transaction mode.
func (s *Store) Lease(ctx context.Context, name string) (*Lease, error) {
	if s.pg == nil {
		return &Lease{end: func() {}}, nil
	}
	c, err := s.direct(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for the lease %q: %w", name, s.clear(err))
	}
	var ok bool
	if err := c.QueryRow(ctx, numbered(`SELECT pg_try_advisory_lock(`+lockKey+`)`), "lease|"+name).Scan(&ok); err != nil || !ok {
		closeSoon(c)
		if err != nil {
			return nil, fmt.Errorf("ask for the lease %q: %w", name, s.clear(err))
		}
		return nil, nil
	}
	hold, stop := context.WithCancel(context.WithoutCancel(ctx))
	l, done := &Lease{lost: make(chan struct{})}, make(chan struct{})
	go func() {
		defer close(done)
		if err := live(hold, c, beat, func(string) {}); hold.Err() == nil {
			s.log.Warn("lease lost", "lease", name, "err", s.clear(err))
			close(l.lost)
		}
	}()
	l.end = sync.OnceFunc(func() {
		stop()
		<-done
		closeSoon(c) // ends the session, and with it the lock
	})
	return l, nil
}

// direct opens a connection beside the pool.
func (s *Store) direct(ctx context.Context) (*pgx.Conn, error) {
	cfg := s.pg.Copy()
	maps.Copy(cfg.RuntimeParams, keepalives)
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	return pgx.ConnectConfig(ctx, cfg)
}

// live calls heard for every notification that comes and returns when the
// connection breaks or ctx is done. It asks the server every so often.
func live(ctx context.Context, c *pgx.Conn, every time.Duration, heard func(payload string)) error {
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
			err := c.Ping(ask)
			cancel()
			if err != nil {
				return err
			}
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
