package store

import (
	"context"
	"sync"
)

// group commits what several goroutines write at the same time in one
// transaction: the disk is waited for once. Who finds nobody at it commits for
// all who come meanwhile.
type group struct {
	mu    sync.Mutex
	busy  bool
	queue []*entry
}

type entry struct {
	f    func(ctx context.Context, tx conn) error
	done chan error
}

// together runs f in a transaction that others may share. A fault of one
// undoes all, which are then run again one by one: f must bear that. PostgreSQL
// does this itself, for all its connections.
func (s *Store) together(ctx context.Context, f func(ctx context.Context, tx conn) error) error {
	if s.shared {
		return s.tx(ctx, func(tx conn) error { return f(ctx, tx) })
	}
	e := &entry{f: f, done: make(chan error, 1)}
	g := &s.group
	g.mu.Lock()
	g.queue = append(g.queue, e)
	lead := !g.busy
	g.busy = true
	g.mu.Unlock()
	if lead {
		s.lead(context.WithoutCancel(ctx))
	}
	return <-e.done
}

// single runs f, which is one statement.
func (s *Store) single(ctx context.Context, f func(ctx context.Context, c conn) error) error {
	if s.shared {
		return f(ctx, s.write) // a transaction by itself
	}
	return s.together(ctx, f)
}

// lead commits until nobody waits any more. When no transaction can be begun,
// as another program holds the database, all are told so at once.
func (s *Store) lead(ctx context.Context) {
	for {
		s.group.mu.Lock()
		batch := s.group.queue
		s.group.queue = nil
		s.group.busy = len(batch) > 0
		s.group.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		begun := false
		err := s.tx(ctx, func(tx conn) error {
			begun = true
			for _, e := range batch {
				if err := e.f(ctx, tx); err != nil {
					return err
				}
			}
			return nil
		})
		for _, e := range batch {
			if err != nil && begun && len(batch) > 1 {
				e.done <- s.tx(ctx, func(tx conn) error { return e.f(ctx, tx) })
			} else {
				e.done <- err
			}
		}
	}
}
