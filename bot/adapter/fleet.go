package adapter

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Fleet is what lets several processes serve one bot together. A process that
// is alone has none: nil.
type Fleet interface {
	// Name is this process's name among them, for logs.
	Name() string
	// Lease waits for the right to do something, which one process at a time
	// has. Its only error is ctx's.
	Lease(ctx context.Context, name string) (Lease, error)
	// Turn waits for one of the turns that all processes together have, no two
	// of them closer than every.
	Turn(ctx context.Context, name string, every time.Duration) error
	// Claim asks whether this process is to do what may come to several of
	// them. Who is gets hold to do it in; then it is another's to do.
	Claim(ctx context.Context, what string, hold time.Duration) (Claim, error)
	// Settle says that what was claimed is done, and keeps that for a while; for
	// no time, that it is not done and may be claimed.
	Settle(ctx context.Context, what string, keep time.Duration) error
}

// Lease is a right while it lasts.
type Lease interface {
	// Lost is closed when the right is gone: what needs it stops at once. nil
	// when that cannot happen. Release does not close it.
	Lost() <-chan struct{}
	// Held reports whether the right is certainly ours still. A process that
	// stood still, and has not yet noticed what it lost, is told so.
	Held() bool
	// Release gives the right back; more than once is fine.
	Release()
}

// Claim is what became of asking for a piece of work.
type Claim int

// The answers to a claim.
const (
	Mine Claim = iota // do it
	Busy              // another does it at the moment, or is gone and it is soon to be had
	Done              // it is done
)

// ErrLeaseLost says that a lease is another's now.
var ErrLeaseLost = errors.New("lease lost")

// Lead runs f whenever this process has the lease of that name, with a context
// that ends when the lease is lost or ctx is done. It returns nil when ctx is
// done, or what f returns while it has the lease, unless that wraps ErrLeaseLost.
// Without a fleet the lease is had at once and not lost.
func Lead(ctx context.Context, fleet Fleet, name string, f func(ctx context.Context, lease Lease) error) error {
	for {
		var lease Lease = alone{}
		var err error
		if fleet != nil {
			if lease, err = fleet.Lease(ctx, name); err != nil {
				return nil
			}
		}
		err = lead(ctx, lease, f)
		switch {
		case ctx.Err() != nil:
			return nil
		case !errors.Is(err, ErrLeaseLost):
			return err
		}
	}
}

// lead runs f under one lease; ErrLeaseLost when that was lost.
func lead(ctx context.Context, lease Lease, f func(ctx context.Context, lease Lease) error) error {
	defer lease.Release()
	ctx, cancel := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-lease.Lost():
			cancel(ErrLeaseLost)
		case <-ctx.Done():
		}
	})
	err := f(ctx, lease)
	cancel(nil)
	watch.Wait()
	if errors.Is(context.Cause(ctx), ErrLeaseLost) {
		return ErrLeaseLost
	}
	return err
}

// alone is the lease of a process that has no others beside it.
type alone struct{}

func (alone) Lost() <-chan struct{} { return nil }
func (alone) Held() bool            { return true }
func (alone) Release()              {}
