package discordtest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

// Fault makes requests fail.
type Fault struct {
	Method     string // empty: any
	Path       string // prefix of the path behind /api/v10
	Times      int    // how often; 0: for ever
	Status     int
	Code       int               // Discord's error code
	RetryAfter float64           // seconds, for status 429
	Global     bool              // the 429 is for the whole bot
	HTML       bool              // answer a web page, as proxies do
	Raw        string            // answer this text with Status
	Drop       bool              // cut the connection without an answer
	Hang       bool              // answer nothing until the caller leaves
	After      bool              // do what was asked first, then fail
	Header     map[string]string // answer as usual, with these headers
}

// Fail adds a fault; earlier ones come first.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Heal removes every fault.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fault takes the first fault that fits; s.mu is held.
func (s *Server) fault(c Call) *Fault {
	for i, f := range s.faults {
		if (f.Method != "" && f.Method != c.Method) || !strings.HasPrefix(c.Path, f.Path) {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return f
	}
	return nil
}

// play answers with a fault; false cuts the connection.
func (s *Server) play(ctx context.Context, f *Fault) (answer, bool) {
	switch {
	case f.Drop:
		return answer{}, false
	case f.Hang:
		<-ctx.Done()
		return answer{}, false
	case f.Raw != "":
		return answer{status: f.Status, raw: []byte(f.Raw)}, true
	case f.HTML:
		page := "<html><body>" + http.StatusText(f.Status) + "</body></html>"
		a := answer{status: f.Status, raw: []byte(page), header: http.Header{"Content-Type": {"text/html"}}}
		if f.RetryAfter > 0 {
			a.header.Set("Retry-After", strconv.Itoa(int(f.RetryAfter+0.999)))
		}
		return a, true
	case f.Status == http.StatusTooManyRequests:
		return f.tooMany(), true
	}
	return apiError(f.Status, f.Code, "made to fail"), true
}

// tooMany is the answer with status 429.
func (f *Fault) tooMany() answer {
	a := answer{status: f.Status, body: map[string]any{
		"message": "You are being rate limited.", "retry_after": f.RetryAfter, "global": f.Global, "code": f.Code,
	}}
	a.header = http.Header{"Retry-After": {strconv.Itoa(int(f.RetryAfter + 0.999))}, "X-Ratelimit-Scope": {"user"}}
	if f.Global {
		a.header.Set("X-RateLimit-Global", "true")
		a.header.Set("X-RateLimit-Scope", "global")
	}
	return a
}
