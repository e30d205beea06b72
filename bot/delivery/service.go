package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"griot/bot/adapter"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

const (
	// tick is the longest the planner rests: a due run starts within it.
	tick = 15 * time.Second
	// lease is how long a claimed delivery belongs to its worker.
	lease = time.Minute
	// callLimit bounds one call to a platform, below the lease.
	callLimit = 30 * time.Second
	// turnLimit bounds the wait for a call's turn, so that nobody holds what is
	// claimed for long.
	turnLimit = 20 * time.Second
	// leaseGrace is how long a lease has run out before it is taken over: a
	// holder that lost the store for a while keeps its outcome first.
	leaseGrace = 15 * time.Second
	// partSpace lies between the parts of one message when several processes
	// send them; one process alone paces them itself.
	partSpace = time.Second
)

// Options is what a Service works with.
type Options struct {
	Store    *store.Store
	Adapters map[commands.Platform]adapter.Adapter
	// Pacers are those that the adapters' calls wait at. A delivery waits there
	// before it is started: what waits is not in doubt when the process ends.
	Pacers map[commands.Platform]*Pacer
	// Digest makes the content; *commands.Core has it.
	Digest func(ctx context.Context, s commands.Subscription, w commands.Window, now time.Time) (commands.Reply, error)
	// Notice makes what readers are told when a digest cannot arrive;
	// *commands.Core has it. Nil: they are not told.
	Notice func(kind commands.NoticeKind, s commands.Subscription, cause string, lang briefings.Lang) commands.Reply
	// Core makes messages anew that have to be corrected; *commands.Core is one.
	// Nil: none are.
	Core Core
	// Editors is where editors decide; the zero Destination: nowhere.
	Editors commands.Destination
	// First is how long before everybody else editors are sent a digest; 0: they
	// are not.
	First time.Duration
	// Remember is for how long it is known what was sent; 0 means 90 days.
	Remember time.Duration
	Log      *slog.Logger
	Now      func() time.Time // nil: time.Now
	// Workers is how many calls to one platform run at once; 0 means 16.
	Workers int
	// Deadline is how late a digest may be sent; 0 means 12 hours.
	Deadline time.Duration
	// InDoubt is what to do with a message that may have arrived where the
	// platform cannot tell; empty means Resend.
	InDoubt InDoubt
}

// Service plans and sends digests. It is a [commands.Digests].
type Service struct {
	Options
	boot      string // names this process in the ledger
	began     time.Time
	platforms []commands.Platform
	wake      chan struct{}                       // the planner
	kick      map[commands.Platform]chan struct{} // those who claim
	breakers  map[commands.Platform]*breaker
	inHand    sync.Map                // handKey: between the start of a call and its record
	read      atomic.Pointer[reading] // of the database's clock; nil: there is one process
	machine   func() time.Time        // the machine's clock, where Now may be a test's
	parts     partCache
	looked    atomic.Int64  // when the planner last looked, in microseconds
	tick      time.Duration // the longest rest of the planner
	swept     time.Time     // by the planner

	// at is called between the steps of a delivery; tests end the process there.
	at func(step string)
}

var _ commands.Digests = (*Service)(nil)

// New returns a service that does nothing yet; its [commands.Digests] methods
// work whether it runs or not.
func New(o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Workers <= 0 {
		o.Workers = 16
	}
	if o.Deadline <= 0 {
		o.Deadline = 12 * time.Hour
	}
	if o.Remember <= 0 {
		o.Remember = 90 * 24 * time.Hour
	}
	s := &Service{Options: o, boot: rand.Text(), wake: make(chan struct{}, 1), kick: map[commands.Platform]chan struct{}{}, breakers: map[commands.Platform]*breaker{}, at: func(string) {}, tick: tick, machine: time.Now}
	for p := range o.Adapters {
		s.platforms = append(s.platforms, p)
		s.kick[p] = make(chan struct{}, 1)
		s.breakers[p] = new(breaker)
	}
	slices.Sort(s.platforms)
	s.looked.Store(s.Now().UnixMicro()) // it is about to
	return s
}

// Run plans and sends until ctx is done, then finishes the calls in hand. It
// returns early only when another process runs on the same database.
func (s *Service) Run(ctx context.Context) error {
	s.began = s.Now()
	if err := s.Store.Own(); err != nil {
		return fmt.Errorf("run digests: %w", err)
	}
	if err := s.recover(ctx, !s.Store.Shared()); err != nil && ctx.Err() == nil {
		return fmt.Errorf("take up what a former run left: %w", err)
	}
	if why, since, err := s.Store.Paused(ctx); err == nil && !since.IsZero() {
		s.Log.Warn("deliveries are held: nothing is sent until griot deliveries release", "since", since, "reason", why)
	}
	var all, keepers sync.WaitGroup
	kept, ended := context.WithCancel(context.WithoutCancel(ctx)) // the calls in hand may be asked to wait
	defer ended()
	for _, p := range s.platforms {
		if pacer := s.Pacers[p]; pacer != nil {
			pacer.Recall(ctx)
			keepers.Go(func() { pacer.Keep(kept) })
		}
		all.Go(func() { s.deliver(ctx, p) })
	}
	s.planner(ctx)
	all.Wait()
	ended()
	keepers.Wait()
	return nil
}

// Wake has the planner look for due runs at once; it never blocks.
func (s *Service) Wake() { nudge(s.wake) }

// Nudge has the service look at once for what is due and for what is to be
// sent: another process that shares the database has planned, subscribed, held
// or released something. It never blocks.
func (s *Service) Nudge() {
	for _, c := range s.kick {
		nudge(c)
	}
	s.Wake()
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (s *Service) planner(ctx context.Context) {
	for ctx.Err() == nil {
		looked := s.Now()
		err := errors.Join(s.plan(ctx), s.Store.Overslept(ctx, looked), s.notices(ctx), s.correct(ctx), s.pins(ctx), s.tellFixed(ctx), s.cards(ctx), s.answers(ctx), s.recover(ctx, false), s.sweep(ctx))
		if err == nil {
			s.looked.Store(s.Now().UnixMicro())
		} else if ctx.Err() == nil {
			s.Log.Error("digests not planned", "err", err)
		}
		for _, p := range s.platforms {
			nudge(s.kick[p])
		}
		timer := time.NewTimer(s.rest(ctx, looked))
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// rest is how long the planner may sleep, having looked at what was due at an
// instant: until the next thing is due. What was due then is in hand.
func (s *Service) rest(ctx context.Context, looked time.Time) time.Duration {
	next, err := s.Store.Wake(ctx, s.platforms, looked)
	if err != nil || next.IsZero() {
		return s.tick
	}
	return min(max(next.Sub(s.Now()), 0), s.tick)
}

// recover takes up deliveries whose holder is gone. Those not started were not
// sent; of the others nobody knows.
func (s *Service) recover(ctx context.Context, boot bool) error {
	if err := s.tune(ctx); err != nil {
		return err
	}
	now, leases := s.Now(), s.leaseTime()
	left, err := s.Store.Abandoned(ctx, s.boot, boot, leases.Add(-leaseGrace), leases.Add(lease))
	for _, d := range left {
		if s.holds(d) { // the store was away for longer than the lease
			continue
		}
		o := again(d, now, d.Err)
		if d.State == store.Started {
			lost := fmt.Errorf("%w: the process ended during the call", adapter.ErrUnknown)
			o = Judge(lost, s.try(d, now)).outcome(lost, adapter.MessageRef{}, now)
			s.Log.Warn("delivery in doubt", "run", d.Run, "adapter", string(d.To.Platform), "part", d.Part, "state", string(o.State))
		}
		err = errors.Join(err, s.Store.Finish(ctx, d, s.boot, o, now))
	}
	return err
}
