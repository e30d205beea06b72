package delivery

import (
	"context"
	"time"
)

// apart is how far the clocks of a machine and of the database may be apart
// before it is worth a word: what is due comes by the machine's.
const apart = 5 * time.Second

// reading is what the database's clock showed when the machine's showed at.
type reading struct{ at, db time.Time }

// tune reads the database's clock, which the leases of several processes run by:
// those of their machines may be apart by more than a lease lasts.
func (s *Service) tune(ctx context.Context) error {
	if !s.Store.Shared() {
		return nil
	}
	asked := s.machine()
	db, err := s.Store.Clock(ctx)
	if err != nil {
		return err
	}
	at := asked.Add(s.machine().Sub(asked) / 2)
	was, off := s.read.Swap(&reading{at, db}), at.Sub(db)
	if off.Abs() > apart && (was == nil || was.at.Sub(was.db).Abs() <= apart) {
		s.Log.Warn("this machine's clock is not the database's: set it, for example with an NTP service", "ahead", off.Round(time.Second))
	}
	return nil
}

// leaseTime is now by the clock that leases run by. Once it is read, it goes on
// although the machine's clock is set.
func (s *Service) leaseTime() time.Time {
	now, r := s.Now(), s.read.Load()
	if r == nil {
		return now
	}
	machine := s.machine()
	return r.db.Add(machine.Sub(r.at) + now.Sub(machine))
}

// stood reports whether so much time went by since a lease was written that a
// call would not end within it: the process, or the database, stood still. The
// monotonic clock stops while a machine is suspended, the other may be set.
func (s *Service) stood(since time.Time) bool {
	now := s.Now()
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0))) > lease-callLimit
}
