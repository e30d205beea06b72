package telegramtest

import (
	"strconv"
	"testing"
	"time"
)

// wake tells whoever waits that something happened; s.mu is held.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// patience is how long tests wait for what should come soon, at most.
const patience = 40 * time.Second

// wait blocks until ok, which is called with s.mu held, or fails the test.
func (s *Server) wait(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	timeout := time.After(patience)
	for {
		s.mu.Lock()
		good, changed := ok(), s.changed
		s.mu.Unlock()
		if good {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			tb.Fatalf("waited in vain for %s", what)
		case <-tb.Context().Done():
			tb.Fatalf("test ended while it waited for %s", what)
		}
	}
}

// Wait waits until ok, which is asked every now and then, for what does not
// happen here alone.
func (s *Server) Wait(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	limit := time.After(patience)
	for !ok() {
		select {
		case <-look.C:
		case <-limit:
			tb.Fatalf("waited in vain for %s", what)
		}
	}
}

// WaitCalls waits until a method was called n times and returns those calls.
func (s *Server) WaitCalls(tb testing.TB, method string, n int) []Call {
	tb.Helper()
	count := func() (k int) {
		for _, c := range s.calls {
			if c.Method == method {
				k++
			}
		}
		return k
	}
	s.wait(tb, strconv.Itoa(n)+" calls of "+method, func() bool { return count() >= n })
	return s.Calls(method)
}
