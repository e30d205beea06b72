package telegramtest

import (
	"io"
	"net/http"
)

// Fault is what goes wrong with one call.
type Fault struct {
	Status     int // with Text: a refusal in Telegram's form
	Text       string
	RetryAfter int
	MigrateTo  int64
	Body       string // a body sent as it is, with Status or 200
	Drop       bool   // the connection is cut without an answer
	Hang       bool   // no answer ever comes
	After      bool   // the call is carried out before its answer goes wrong
}

// Fail breaks the next call of a method, of any method for "". Faults queue up.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

func (s *Server) fault(method string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range []string{method, ""} {
		if q := s.faults[m]; len(q) > 0 {
			s.faults[m] = q[1:]
			return q[0], true
		}
	}
	return Fault{}, false
}

func (s *Server) breakOff(w http.ResponseWriter, r *http.Request, f Fault) {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
	case f.Drop:
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.Close()
		}
	case f.Body != "":
		if f.Status == 0 {
			f.Status = 200
		}
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
	default:
		fail(w, &failure{code: f.Status, text: f.Text, retry: f.RetryAfter, moved: f.MigrateTo})
	}
}
