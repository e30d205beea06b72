package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/commands"
	"griot/config"
)

// testPack is the invented pack as a folder, for settings to name.
const testPack = "../briefings/briefingstest/pack"

// buffer is a bytes.Buffer for several goroutines that can be waited on.
type buffer struct {
	mu   sync.Mutex
	b    bytes.Buffer
	grew chan struct{}
}

func newBuffer() *buffer { return &buffer{grew: make(chan struct{}, 1)} }

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.grew <- struct{}{}:
	default:
	}
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// await waits until the text is there.
func (b *buffer) await(t testing.TB, text string) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !strings.Contains(b.String(), text) {
		select {
		case <-b.grew:
		case <-limit:
			t.Fatalf("no %q in:\n%s", text, b)
		}
	}
}

// fakeAdapter runs until told to, or gives up at once with err.
type fakeAdapter struct {
	adapter.Adapter
	err     error
	started chan struct{}
	finish  func(ctx context.Context) // what is in hand when it is told to stop
}

func (f *fakeAdapter) Run(ctx context.Context, _ adapter.Core) error {
	if f.err != nil {
		return f.err
	}
	if f.started != nil {
		close(f.started)
	}
	<-ctx.Done()
	if err := context.Cause(ctx); err != context.Canceled {
		return err // as an adapter may that takes any other cause for a fault
	}
	if f.finish != nil {
		f.finish(ctx)
	}
	return nil
}

// testApp is an app with the invented pack and these adapters.
func testApp(t *testing.T, log io.Writer, cfg config.Config, adapters map[commands.Platform]adapter.Adapter) *app {
	t.Helper()
	cfg.Content = testPack
	mem := inMemory(cfg)
	mem.HTTPAddr = cfg.HTTPAddr
	a, err := newApp(t.Context(), mem, system{now: time.Now, reload: make(chan os.Signal)}, newLog(log, cfg.Log), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	a.adapters = adapters
	return a
}

func TestOneRefusedTokenDoesNotStopTheOther(t *testing.T) {
	t.Parallel()
	log := newBuffer()
	other := &fakeAdapter{started: make(chan struct{})}
	a := testApp(t, log, config.Config{}, map[commands.Platform]adapter.Adapter{
		commands.Discord:  &fakeAdapter{err: fmt.Errorf("identify: %w", adapter.ErrToken)},
		commands.Telegram: other,
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	<-other.started
	log.await(t, "GRIOT_DISCORD_TOKEN") // the cure
	select {
	case err := <-done:
		t.Fatalf("stopped with %v, want the other platform to go on", err)
	default:
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("error %v, want nil after a stop", err)
	}
}

func TestAllRefusedIsAFault(t *testing.T) {
	t.Parallel()
	a := testApp(t, io.Discard, config.Config{}, map[commands.Platform]adapter.Adapter{
		commands.Discord:  &fakeAdapter{err: adapter.ErrToken},
		commands.Telegram: &fakeAdapter{err: adapter.ErrToken},
	})
	if err := a.run(t.Context()); err == nil || !strings.Contains(err.Error(), "no platform is left") {
		t.Errorf("error %v, want to hear that no platform is left", err)
	}
}

func TestStopWaitsForWhatIsInHand(t *testing.T) {
	t.Parallel()
	finished := false
	ad := &fakeAdapter{started: make(chan struct{}), finish: func(context.Context) { finished = true }}
	a := testApp(t, io.Discard, config.Config{}, map[commands.Platform]adapter.Adapter{commands.Discord: ad})
	ctx, stop := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	<-ad.started
	stop(errors.New("terminated")) // the cause that signals give is no fault of ours
	if err := <-done; err != nil || !finished {
		t.Errorf("error %v, finished %v, want what is in hand finished", err, finished)
	}
}

func TestStopWhileItStartsIsNoFault(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	env := map[string]string{"GRIOT_DATABASE_URL": "sqlite::memory:", "GRIOT_CONTENT": testPack, "GRIOT_TELEGRAM_TOKEN": "1:x", "GRIOT_TELEGRAM_API_URL": "http://127.0.0.1:1"}
	var said bytes.Buffer
	code := run(ctx, system{
		env: func(k string) (string, bool) { v, ok := env[k]; return v, ok }, stdin: strings.NewReader(""), stdout: io.Discard, stderr: &said, now: time.Now,
	})
	if code != done || said.Len() > 0 {
		t.Errorf("exit code %d, %q; want 0 and silence", code, said.String())
	}
}

func TestHTTPTellsReadinessWhileRunning(t *testing.T) {
	t.Parallel()
	log := newBuffer()
	ad := &fakeAdapter{started: make(chan struct{})}
	a := testApp(t, log, config.Config{HTTPAddr: "127.0.0.1:0"}, map[commands.Platform]adapter.Adapter{commands.Discord: ad})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	<-ad.started
	log.await(t, "http serves")
	_, rest, _ := strings.Cut(log.String(), "addr=")
	addr, _, _ := strings.Cut(rest, "\n")
	resp, err := http.Get("http://" + addr + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(text), "content: ok") {
		t.Errorf("%d %s %v, want ready", resp.StatusCode, text, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAddressTakenIsAFaultWithACure(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	a := testApp(t, io.Discard, config.Config{HTTPAddr: l.Addr().String()}, nil)
	out := newBuffer()
	report(out, a.run(t.Context()))
	if !strings.Contains(out.String(), "in use") || !strings.Contains(out.String(), "hint: set http_addr") {
		t.Errorf("got %s, want the fault and its cure", out)
	}
}

// A doctor beside a running bot finds its address taken, by the bot.
func TestDoctorKnowsARunningBot(t *testing.T) {
	t.Parallel()
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "ok\n") }))
	t.Cleanup(bot.Close)
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	for server, want := range map[*httptest.Server]bool{bot: true, other: false} {
		found := httpFindings(t.Context(), config.Config{HTTPAddr: server.Listener.Addr().String()})
		if len(found) != 1 || found[0].OK != want {
			t.Errorf("found %v, want ok %v", found, want)
		}
	}
}
