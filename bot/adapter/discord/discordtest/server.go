package discordtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Identities of the fake's one application, server and channel.
const (
	AppID   = "900000000000000001"
	Guild   = "700000000000000001"
	Channel = "600000000000000001"
	User    = "500000000000000001"
)

// Server is the fake. Its methods may be called from several goroutines.
type Server struct {
	t    testing.TB
	http *httptest.Server
	key  ed25519.PrivateKey

	mu           sync.Mutex
	changed      chan struct{} // closed and replaced at every change
	now          func() time.Time
	ids          int
	faults       []*Fault
	calls        []Call
	channels     map[string]*channel
	commands     []json.RawMessage
	interactions map[string]*Interaction // by token
	gw           gateway
	closed       bool
	interactURL  string
	latency      time.Duration
	posted       int
	onPost       func()
	oldEdits     int
	pinLimit     int
	flood        flood
}

// Call is a request that arrived.
type Call struct {
	By           string // whose address it came by, of those that [Server.URLFor] made
	Method, Path string // path behind /api/v10
	Query        string
	Header       http.Header
	Body         json.RawMessage // of a multipart request its payload_json
	Files        []File
	Status       int // what was answered; 0 while it is under way or was dropped
	At           time.Time
}

// File is an upload that arrived.
type File struct {
	Name, Type string
	Data       []byte
}

// New starts a fake that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{
		t: t, key: key, changed: make(chan struct{}), now: time.Now,
		channels:     map[string]*channel{Channel: {guild: Guild}},
		interactions: map[string]*Interaction{},
	}
	s.gw.heartbeat, s.gw.shards, s.gw.concurrency = 41250*time.Millisecond, 1, 1
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.close)
	return s
}

// URL is the API URL to give to the bot.
func (s *Server) URL() string { return s.http.URL + "/api/v10" }

// URLFor is an API URL for one of several programs with the same token, so that
// what it does can be told from what the others do.
func (s *Server) URLFor(name string) string {
	return s.http.URL + "/for/" + url.PathEscape(name) + "/api/v10"
}

// Token is the token the fake accepts.
func (s *Server) Token() string { return "OTAwMDAwMDAw.discordtest.c2VjcmV0LXRva2Vu" }

// PublicKey is the key, in hex, that signs interactions sent over HTTP.
func (s *Server) PublicKey() string {
	return fmt.Sprintf("%x", s.key.Public().(ed25519.PublicKey))
}

// SetClock makes the fake tell the time by now.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Calls lists the requests so far whose path begins with prefix.
func (s *Server) Calls(method, prefix string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if (method == "" || c.Method == method) && strings.HasPrefix(c.Path, prefix) {
			out = append(out, c)
		}
	}
	return out
}

// WaitCalls waits until n such requests were answered.
func (s *Server) WaitCalls(method, prefix string, n int) []Call {
	s.t.Helper()
	var got []Call
	s.Wait(fmt.Sprintf("%d calls of %s %s", n, method, prefix), func() bool {
		got = s.Calls(method, prefix)
		done := 0
		for _, c := range got {
			if c.Status != 0 {
				done++
			}
		}
		return done >= n
	})
	return got
}

// Wait returns once cond holds; it is asked again after every change, and now and then. Ten
// seconds without it fail the test.
func (s *Server) Wait(what string, cond func() bool) {
	s.t.Helper()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	look := time.NewTicker(10 * time.Millisecond) // for what does not happen here, such as a line in a log
	defer look.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return
		}
		select {
		case <-changed:
		case <-look.C:
		case <-limit.C:
			s.t.Fatalf("discordtest: waited in vain for %s", what)
		}
	}
}

// touch wakes everybody who waits; s.mu is held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// id makes a snowflake of the fake's time; s.mu is held.
func (s *Server) id() string {
	s.ids++
	ms := s.now().UnixMilli() - 1420070400000
	return strconv.FormatInt(ms<<22|int64(s.ids&0x3fffff), 10)
}

func (s *Server) close() {
	s.mu.Lock()
	s.closed = true
	s.touch()
	s.mu.Unlock()
	s.CutLinks()
	s.http.CloseClientConnections()
	s.http.Close()
}

// complain fails the test for something Discord would accept and we must not do.
func (s *Server) complain(format string, args ...any) {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if !closed {
		s.t.Errorf("discordtest: "+format, args...)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, gatewayPath) {
		s.serveGateway(w, r)
		return
	}
	path, by := r.URL.Path, ""
	if rest, ok := strings.CutPrefix(path, "/for/"); ok {
		by, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	path, ok := strings.CutPrefix(path, "/api/v10")
	if !ok {
		apiError(http.StatusNotFound, 0, "404: Not Found").write(w)
		return
	}
	call := Call{By: by, Method: r.Method, Path: path, Query: r.URL.RawQuery, Header: r.Header.Clone()}
	if err := readBody(r, &call); err != nil {
		apiError(http.StatusBadRequest, 50109, "The request body contains invalid JSON.").write(w)
		return
	}
	if !s.travel(r.Context()) {
		panic(http.ErrAbortHandler)
	}
	s.mu.Lock()
	call.At = s.now()
	s.calls = append(s.calls, call)
	n := len(s.calls) - 1
	fault := s.fault(call)
	s.mu.Unlock()
	var a answer
	if fault == nil || fault.After || fault.Header != nil {
		a = s.within(&call)
	}
	if fault != nil && fault.Header != nil {
		a.header = http.Header{}
		for k, v := range fault.Header {
			a.header.Set(k, v)
		}
	} else if fault != nil {
		if a, ok = s.play(r.Context(), fault); !ok {
			panic(http.ErrAbortHandler)
		}
	}
	if !s.travel(r.Context()) {
		panic(http.ErrAbortHandler)
	}
	s.mu.Lock()
	s.calls[n].Status = a.status
	s.touch()
	s.mu.Unlock()
	a.write(w)
}

// answer is a response to be written.
type answer struct {
	status int
	header http.Header
	body   any
	raw    []byte
}

func (a answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	if a.raw == nil && a.body != nil {
		a.raw, _ = json.Marshal(a.body)
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(a.status)
	_, _ = io.Writer(w).Write(a.raw)
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func apiError(status, code int, message string) answer {
	return answer{status: status, body: map[string]any{"message": message, "code": code}}
}

// invalid is Discord's answer to a body it refuses.
func invalid(faults []string) answer {
	return answer{status: http.StatusBadRequest, body: map[string]any{
		"message": "Invalid Form Body", "code": 50035, "errors": map[string]any{"_errors": faults},
	}}
}
