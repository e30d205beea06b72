package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/web"
	"griot/commands"
)

var discard = slog.New(slog.DiscardHandler)

// serve runs a server until the test ends and returns its address.
func serve(t *testing.T, o web.Options) string {
	t.Helper()
	o.Addr, o.Log = "127.0.0.1:0", discard
	s, err := web.Listen(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return "http://" + s.Addr()
}

func call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestPages(t *testing.T) {
	t.Parallel()
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		_, _ = w.Write(body)
	})
	url := serve(t, web.Options{
		Ready: []web.Check{
			{Name: "content", Run: func(context.Context) error { return nil }},
			{Name: "store", Run: func(context.Context) error { return errors.New("secret path") }},
		},
		Hooks: map[string]http.Handler{"/hook": echo},
	})
	for _, tc := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"health", "GET", "/healthz", "", 200, "ok\n"},
		{"readiness names what is missing, not why", "GET", "/readyz", "", 503, "content: ok\nstore: not ready\n"},
		{"hook", "POST", "/hook", "hello", 200, "hello"},
		{"hook by GET", "GET", "/hook", "", 405, "Method Not Allowed\n"},
		{"hook with a huge body", "POST", "/hook", strings.Repeat("x", 2<<20), 413, ""},
		{"no metrics", "GET", "/metrics", "", 404, "404 page not found\n"},
		{"anything else", "GET", "/", "", 404, "404 page not found\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			status, text := call(t, tc.method, url+tc.path, tc.body)
			if status != tc.status || tc.want != "" && text != tc.want {
				t.Errorf("%d %.100q, want %d %q", status, text, tc.status, tc.want)
			}
		})
	}
}

func TestAddressTaken(t *testing.T) {
	t.Parallel()
	url := serve(t, web.Options{})
	_, err := web.Listen(t.Context(), web.Options{Addr: strings.TrimPrefix(url, "http://"), Log: discard})
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("error %v, want the address taken", err)
	}
}

func TestStopFinishesRequestsInHand(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		_, _ = io.WriteString(w, "done")
	})
	s, err := web.Listen(t.Context(), web.Options{Addr: "127.0.0.1:0", Log: discard, Hooks: map[string]http.Handler{"/hook": slow}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- s.Run(ctx) }()
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Post("http://"+s.Addr()+"/hook", "text/plain", nil)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		answer <- string(text)
	}()
	<-entered
	stop()
	close(leave)
	if got := <-answer; got != "done" {
		t.Errorf("the request in hand got %q, want its answer", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("run: %v", err)
	}
}

type answers struct{ adapter.Core }

func (answers) Answer(_ context.Context, r commands.Request) commands.Reply {
	return commands.Reply{Command: r.Command}
}

func TestMetricsCountAnswersAndNobody(t *testing.T) {
	t.Parallel()
	m := web.NewMetrics("v1")
	m.ContentLoaded(time.Unix(1_700_000_000, 0))
	m.ContentRefused()
	m.Gauge("griot_deliveries", "By state.", "state", func(context.Context) (map[string]float64, error) { return map[string]float64{"sent": 3}, nil })
	m.Gauge("griot_digests_overdue_seconds", "One.", "", func(context.Context) (map[string]float64, error) { return map[string]float64{"": 90}, nil })
	m.Gauge("griot_away", "None.", "", func(context.Context) (map[string]float64, error) { return nil, errors.New("the database is away") })
	core := m.Measure(answers{})
	for range 2 {
		core.Answer(t.Context(), commands.Request{
			Command: "lake", User: "person-7", Options: map[string]string{"topic": "written"},
			Place: commands.Place{Destination: commands.Destination{Platform: commands.Discord, Chat: "chat-9"}},
		})
	}
	_, text := call(t, "GET", serve(t, web.Options{Metrics: m.Handler()})+"/metrics", "")
	for _, want := range []string{
		`griot_answers_total{command="lake",platform="discord"} 2`, `griot_answer_seconds_count{platform="discord"} 2`,
		`griot_deliveries{state="sent"} 3`, `griot_build_info{version="v1"} 1`, `griot_content_loaded_timestamp_seconds 1.7e+09`,
		`griot_content_refused_total 1`, `griot_digests_overdue_seconds 90`, "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, private := range []string{"person-7", "chat-9", "written"} {
		if strings.Contains(text, private) {
			t.Errorf("the metrics tell %q", private)
		}
	}
}
