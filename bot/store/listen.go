package store

import (
	"context"
	"math/rand/v2"
	"time"
)

// channel is where processes tell each other that there is something to do.
const channel = "griot"

// quietCheck is how often a connection that listens is asked whether it lives.
const quietCheck = 15 * time.Second

// Listen calls f whenever another process subscribed, planned, held or released
// something, leases among it, and after every time that such news may have been missed. It
// reconnects by itself and returns when ctx is done. f must not block. With
// SQLite there is nothing to hear; it waits for ctx.
func (s *Store) Listen(ctx context.Context, f func()) {
	if s.pg == nil {
		<-ctx.Done()
		return
	}
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, 30*time.Second) {
		began := time.Now()
		if err := s.listen(ctx, f); ctx.Err() == nil {
			s.log.Warn("not listening to other processes", "err", s.clear(err))
		}
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		timer := time.NewTimer(wait/2 + rand.N(wait/2)) // not all processes at once
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// listen listens until the connection breaks.
func (s *Store) listen(ctx context.Context, f func()) error {
	c, err := s.direct(ctx)
	if err != nil {
		return err
	}
	defer closeSoon(c)
	if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	f()
	return live(ctx, c, quietCheck, func(from string) {
		if from != s.me {
			f()
		}
	}, func(time.Time) {})
}

// tell has the processes that listen look; in a transaction, when it is committed.
func (c conn) tell(ctx context.Context) error {
	if c.tellSQL == "" {
		return nil
	}
	_, err := c.ExecContext(ctx, c.tellSQL, c.me)
	return err
}
