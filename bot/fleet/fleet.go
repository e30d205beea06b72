// Package fleet is the replicas of a bot: processes that are all the same and
// share one database. What one of them does for all, such as polling, moves to
// another when it ends, dies, stands still or loses the database.
package fleet

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
)

// askEvery is about how often a lease that another replica has is asked for.
// When it is given back that is heard at once.
const askEvery = 2 * time.Second

// Fleet is one replica among the others. Its methods may be called from
// several goroutines.
type Fleet struct {
	store *store.Store
	name  string
	log   *slog.Logger

	mu   sync.Mutex
	held map[*lease]bool
	news chan struct{} // closed and replaced when there is news
}

var _ adapter.Fleet = (*Fleet)(nil)

// New makes this process a replica on a shared database.
func New(s *store.Store, log *slog.Logger) *Fleet {
	f := &Fleet{store: s, name: name(), held: map[*lease]bool{}, news: make(chan struct{})}
	f.log = log.With("replica", f.name)
	s.Replica("griot " + f.name)
	return f
}

// name tells this process from others, also from one of the same number on the
// same machine before.
func name() string {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "host"
	}
	return fmt.Sprintf("%.30s/%d/%s", host, os.Getpid(), strings.ToLower(rand.Text()[:6]))
}

// Name is HOST/PID/BOOT.
func (f *Fleet) Name() string { return f.name }

// Hear has whoever waits for a lease ask for it at once. It never blocks.
func (f *Fleet) Hear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.news)
	f.news = make(chan struct{})
}

// Lease waits until no other replica has the lease.
func (f *Fleet) Lease(ctx context.Context, name string) (adapter.Lease, error) {
	told := ""
	for {
		f.mu.Lock()
		news := f.news
		f.mu.Unlock()
		got, err := f.store.Lease(ctx, name)
		switch {
		case got != nil:
			l := &lease{Lease: got, name: name, f: f}
			f.mu.Lock()
			f.held[l] = true
			f.mu.Unlock()
			f.log.Info("lease taken", "lease", name)
			return l, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			if told != "nobody" {
				told = "nobody"
				f.log.Warn("lease not asked for, trying again", "lease", name, "err", err)
			}
		default:
			if holder, err := f.store.Holder(ctx, name); err == nil && holder != "" && holder != told {
				told = holder
				f.log.Info("another replica has the lease, waiting", "lease", name, "holder", strings.TrimPrefix(holder, "griot "))
			}
		}
		f.rest(ctx, news)
	}
}

// rest waits until a lease may be asked for again. Replicas that hear the same
// news do not come at the same instant.
func (f *Fleet) rest(ctx context.Context, news <-chan struct{}) {
	timer := time.NewTimer(askEvery*3/4 + mathrand.N(askEvery/2))
	defer timer.Stop()
	select {
	case <-news:
		timer.Reset(mathrand.N(100 * time.Millisecond))
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Leases are the leases this replica has, by name.
func (f *Fleet) Leases() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for l := range f.held {
		if l.Held() {
			out = append(out, l.name)
		}
	}
	slices.Sort(out)
	return out
}

// Turn waits for a turn that all replicas share.
func (f *Fleet) Turn(ctx context.Context, name string, every time.Duration) error {
	for {
		wait, _, err := f.store.Reserve(ctx, name, 1, every, 0)
		if err == nil {
			return pause(ctx, wait)
		}
		if ctx.Err() == nil {
			f.log.Warn("turn not reserved, trying again", "turn", name, "err", err)
		}
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
}

// Claim asks whether something is this replica's to do.
func (f *Fleet) Claim(ctx context.Context, what string, hold time.Duration) (adapter.Claim, error) {
	return f.store.ClaimOnce(ctx, what, hold)
}

// Settle notes that what was claimed is done.
func (f *Fleet) Settle(ctx context.Context, what string, keep time.Duration) error {
	return f.store.SettleOnce(ctx, what, keep)
}

// lease is one this replica has.
type lease struct {
	*store.Lease
	name string
	f    *Fleet
}

// Release gives the lease back; the others hear of it.
func (l *lease) Release() {
	l.f.mu.Lock()
	had := l.f.held[l]
	delete(l.f.held, l)
	l.f.mu.Unlock()
	l.Lease.Release()
	if had {
		l.f.log.Info("lease given back", "lease", l.name)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
