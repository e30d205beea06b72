package delivery

import "time"

// stood reports whether so much time went by since a lease was written that a
// call would not end within it: the process, or the database, stood still. The
// monotonic clock stops while a machine is suspended, the other may be set.
func (s *Service) stood(since time.Time) bool {
	now := s.Now()
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0))) > lease-callLimit
}
