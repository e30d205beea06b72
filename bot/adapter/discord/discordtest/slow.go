package discordtest

import (
	"context"
	"time"
)

// Slow makes every call wait d on its way in and d on its way out.
func (s *Server) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// travel is one way of a call; false when the caller has gone.
func (s *Server) travel(ctx context.Context) bool {
	s.mu.Lock()
	d := s.latency
	s.mu.Unlock()
	if d == 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// OnPost has f called whenever a message was posted to a channel, before the
// answer to that. It must not call the fake.
func (s *Server) OnPost(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onPost = f
}

// accepted notes that a message was posted; s.mu is held.
func (s *Server) accepted() {
	s.posted++
	if s.onPost != nil {
		s.onPost()
	}
}

// Posted counts the messages posted to channels so far.
func (s *Server) Posted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posted
}
