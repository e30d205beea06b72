package adaptertest

import (
	"context"
	"errors"
	"sync"
	"time"

	"griot/bot/adapter"
)

// Fleet is the processes of one bot, in memory.
type Fleet struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced when a lease may be free
	leases  map[string]*lease
	turns   map[string]time.Time
	claims  map[string]adapter.Claim
}

// NewFleet makes a fleet without a process.
func NewFleet() *Fleet {
	return &Fleet{changed: make(chan struct{}), leases: map[string]*lease{}, turns: map[string]time.Time{}, claims: map[string]adapter.Claim{}}
}

// Holder names the process that has a lease, "" when none has.
func (f *Fleet) Holder(name string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if l := f.leases[name]; l != nil {
		return l.of.name
	}
	return ""
}

// Join makes a process of the fleet.
func (f *Fleet) Join(name string) *Process { return &Process{fleet: f, name: name} }

// touch has those who wait look again; f.mu is held.
func (f *Fleet) touch() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// Process is one process of a [Fleet].
type Process struct {
	fleet *Fleet
	name  string

	// Behind fleet.mu.
	asleep bool
	missed []*lease // lost, and not noticed yet
}

var _ adapter.Fleet = (*Process)(nil)

// Name is the process's.
func (p *Process) Name() string { return p.name }

// Doze frees the process's leases without telling it, as when it stands still;
// meanwhile it can claim nothing.
func (p *Process) Doze() {
	f := p.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	p.asleep = true
	for name, l := range f.leases {
		if l.of == p {
			delete(f.leases, name)
			p.missed = append(p.missed, l)
		}
	}
	f.touch()
}

// Wake tells the process what it lost in a doze.
func (p *Process) Wake() {
	f := p.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	p.asleep = false
	for _, l := range p.missed {
		close(l.lost)
	}
	p.missed = nil
	f.touch()
}

// Break takes the process's leases, as a lost connection does.
func (p *Process) Break() {
	p.Doze()
	p.Wake()
}

// Lease waits until nobody has the lease.
func (p *Process) Lease(ctx context.Context, name string) (adapter.Lease, error) {
	f := p.fleet
	for {
		f.mu.Lock()
		if f.leases[name] == nil && !p.asleep {
			l := &lease{of: p, name: name, lost: make(chan struct{})}
			f.leases[name] = l
			f.mu.Unlock()
			return l, nil
		}
		changed := f.changed
		f.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Turn spaces what all processes do.
func (p *Process) Turn(ctx context.Context, name string, every time.Duration) error {
	f := p.fleet
	f.mu.Lock()
	at := time.Now()
	if last, ok := f.turns[name]; ok && last.Add(every).After(at) {
		at = last.Add(every)
	}
	f.turns[name] = at
	f.mu.Unlock()
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Claim gives what nobody has claimed; it forgets nothing.
func (p *Process) Claim(ctx context.Context, what string, _ time.Duration) (adapter.Claim, error) {
	f := p.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	if p.asleep {
		return adapter.Busy, errors.New("nobody answers")
	}
	if state, ok := f.claims[what]; ok {
		return state, ctx.Err()
	}
	f.claims[what] = adapter.Busy
	return adapter.Mine, ctx.Err()
}

// Settle notes that something claimed is done, for ever, or not.
func (p *Process) Settle(ctx context.Context, what string, keep time.Duration) error {
	f := p.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.claims[what] = adapter.Done; keep <= 0 {
		delete(f.claims, what)
	}
	return ctx.Err()
}

type lease struct {
	of   *Process
	name string
	lost chan struct{}
}

func (l *lease) Lost() <-chan struct{} { return l.lost }

func (l *lease) Held() bool {
	f := l.of.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.leases[l.name] == l
}

func (l *lease) Release() {
	f := l.of.fleet
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.leases[l.name] == l {
		delete(f.leases, l.name)
		f.touch()
	}
}
