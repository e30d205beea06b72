package adaptertest

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// Turns is a pacer that lets every call start at once, and a transport that
// fails the test when one was made without a turn. Give an adapter both.
type Turns struct {
	t    testing.TB
	free func(r *http.Request) bool

	mu   sync.Mutex
	left int // turns taken and not used yet
	used int
}

var _ adapter.Pacer = (*Turns)(nil)

// NewTurns makes the turns of one adapter. Calls that are free need none.
func NewTurns(t testing.TB, free func(r *http.Request) bool) *Turns {
	return &Turns{t: t, free: free}
}

// Wait gives a turn.
func (s *Turns) Wait(ctx context.Context, _ commands.Destination, _ bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left++
	return nil
}

// Hold does nothing.
func (*Turns) Hold(commands.Destination, time.Duration) {}

// Used is how many calls took a turn so far.
func (s *Turns) Used() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

// Client makes calls that are to take a turn. It follows no redirections.
func (s *Turns) Client() *http.Client {
	next := http.DefaultTransport.(*http.Transport).Clone()
	s.t.Cleanup(next.CloseIdleConnections)
	return &http.Client{
		Transport:     turnTaker{s, next},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type turnTaker struct {
	*Turns
	next http.RoundTripper
}

// RoundTrip uses a turn.
func (s turnTaker) RoundTrip(r *http.Request) (*http.Response, error) {
	if !s.free(r) {
		s.mu.Lock()
		if s.left == 0 {
			s.t.Errorf("%s %s took no turn at the pacer", r.Method, s.tail(r))
		} else {
			s.left--
			s.used++
		}
		s.mu.Unlock()
	}
	return s.next.RoundTrip(r)
}

// tail is the end of a path: what stands before it may hold a token.
func (turnTaker) tail(r *http.Request) string {
	path := r.URL.Path
	return path[max(0, len(path)-24):]
}
