package telegramtest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is the token the server takes.
const Token = "700000001:TEST-token_that_must_never_be_shown"

// BotID and BotName are who the token belongs to.
const (
	BotID   = 700000001
	BotName = "Griot_Test_Bot"
)

// Server is a Telegram with one bot. Its methods may be called from any goroutine.
type Server struct {
	http *httptest.Server
	done chan struct{}
	once sync.Once

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever something happens
	latency time.Duration
	faults  map[string][]Fault
	calls   []Call
	chats   map[int64]*chat
	ids     int64 // of messages and queries
	updates []update
	lastID  int64
	allowed []string
	poller  chan struct{} // closed to end the waiting getUpdates
	polling string        // by whom
	polls   []Poll
	webhook webhook
	queries map[string]*Query
	inlines map[string]*InlineAnswer
	menus   map[string][]MenuCommand
	about   map[string]string
	sent    int
	onSend  func()
	flood   flood
	under   map[string]int // calls not answered yet, by method
}

// Call is a call that arrived, with its parameters as the server read them.
type Call struct {
	By     string // whose address it came by, of those that [Server.URLFor] made
	Method string
	Params map[string]string
	Files  map[string]File
	At     time.Time
}

// File is an uploaded file.
type File struct {
	Name string
	Data []byte
}

// New starts a server that stops with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := Start()
	tb.Cleanup(s.Close)
	return s
}

// Start starts a server; whoever calls it calls Close.
func Start() *Server {
	s := &Server{
		done: make(chan struct{}), changed: make(chan struct{}), faults: map[string][]Fault{}, chats: map[int64]*chat{},
		ids: 100, lastID: 1000, queries: map[string]*Query{}, inlines: map[string]*InlineAnswer{}, menus: map[string][]MenuCommand{}, about: map[string]string{}, under: map[string]int{},
	}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Close stops the server and whoever waits on it. More than once is fine.
func (s *Server) Close() {
	s.once.Do(func() {
		close(s.done)
		s.http.CloseClientConnections()
		s.http.Close()
	})
}

// URL is the address of the API, for the setting telegram.api_url.
func (s *Server) URL() string { return s.http.URL }

// URLFor is an address of the API for one of several programs with the same
// token, so that its calls can be told from the others'.
func (s *Server) URLFor(name string) string { return s.http.URL + "/for/" + url.PathEscape(name) }

// Slow makes every call wait d on its way in and d on its way out.
func (s *Server) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// Calls returns the calls of a method so far, those that went wrong too; of
// every method for "".
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// failure is an answer that is not ok.
type failure struct {
	code  int
	text  string
	retry int
	moved int64
}

func bad(text string) *failure { return &failure{code: 400, text: "Bad Request: " + text} }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	latency := s.latency
	s.mu.Unlock()
	if !s.pause(r, latency) {
		return
	}
	path, by := r.URL.Path, ""
	if rest, ok := strings.CutPrefix(path, "/for/"); ok {
		by, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	token, method, _ := strings.Cut(strings.TrimPrefix(path, "/bot"), "/")
	call, err := readCall(w, r, method)
	call.By, call.At = by, time.Now()
	switch {
	case token != Token:
		fail(w, &failure{code: 401, text: "Unauthorized"})
		return
	case err != nil:
		fail(w, bad("can't read the request"))
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, call)
	s.under[method]++
	s.wake()
	s.mu.Unlock()
	defer s.answered(method)
	fault, broken := s.fault(method)
	if broken && !fault.After {
		s.breakOff(w, r, fault)
		return
	}
	result, refused := s.do(r, call)
	if !s.pause(r, latency) {
		return
	}
	switch {
	case broken:
		s.breakOff(w, r, fault)
	case refused != nil:
		fail(w, refused)
	default:
		reply(w, 200, map[string]any{"ok": true, "result": result})
	}
}

func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d == 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// readCall reads parameters from the address, a form, a multipart form or JSON.
func readCall(w http.ResponseWriter, r *http.Request, method string) (Call, error) {
	c := Call{Method: method, Params: map[string]string{}, Files: map[string]File{}}
	r.Body = http.MaxBytesReader(w, r.Body, 60<<20)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		var fields map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&fields); err != nil {
			return c, err
		}
		for k, v := range fields {
			var text string
			if json.Unmarshal(v, &text) != nil {
				text = string(v)
			}
			c.Params[k] = text
		}
		return c, nil
	}
	var err error
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(60 << 20)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return c, err
	}
	for k, v := range r.Form {
		c.Params[k] = v[0]
	}
	if r.MultipartForm == nil {
		return c, nil
	}
	for k, headers := range r.MultipartForm.File {
		f, err := headers[0].Open()
		if err != nil {
			return c, err
		}
		data, err := io.ReadAll(f)
		if err != nil {
			return c, err
		}
		c.Files[k] = File{Name: headers[0].Filename, Data: data}
	}
	return c, nil
}

func fail(w http.ResponseWriter, f *failure) {
	body := map[string]any{"ok": false, "error_code": f.code, "description": f.text}
	params := map[string]any{}
	if f.retry > 0 {
		params["retry_after"] = f.retry
	}
	if f.moved != 0 {
		params["migrate_to_chat_id"] = f.moved
	}
	if len(params) > 0 {
		body["parameters"] = params
	}
	reply(w, f.code, body)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone
}
