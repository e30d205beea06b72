// Package web serves what the bot shows over HTTP: health, readiness, metrics,
// and the platforms' webhooks where they are used.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	maxBody   = 1 << 20 // the largest webhook call is a few kilobytes
	maxHeader = 16 << 10
	// The grace of Run fits into the ten seconds the whole program has to stop.
	stopGrace  = 5 * time.Second
	readyGrace = 2 * time.Second
)

// Options is what a server is made of.
type Options struct {
	Addr    string // host:port; port 0 for any
	Ready   []Check
	Metrics http.Handler
	// Hooks are handlers by path that take POST requests: the platforms' webhooks.
	Hooks map[string]http.Handler
	Log   *slog.Logger
}

// Check is one condition of being ready.
type Check struct {
	Name string
	// Run returns nil when the condition holds. It is called for every
	// question, with a context of two seconds.
	Run func(ctx context.Context) error
}

// Server is an HTTP server that listens.
type Server struct {
	listener net.Listener
	http     *http.Server
	log      *slog.Logger
}

// Listen takes the address, so that a fault shows at the start; Run serves.
func Listen(ctx context.Context, o Options) (*Server, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("serve http: %w", err)
	}
	return &Server{
		listener: l,
		log:      o.Log,
		http: &http.Server{
			Handler:           handler(o),
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       15 * time.Second,
			WriteTimeout:      30 * time.Second,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    maxHeader,
			ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
		},
	}, nil
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Run serves until ctx is done, then finishes the requests in hand.
func (s *Server) Run(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	s.log.Info("http serves", "addr", s.Addr())
	select {
	case err := <-served:
		return fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	err := s.http.Shutdown(stopping)
	if err != nil {
		_ = s.http.Close() // the requests still in hand were given their time
	}
	<-served
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("http requests cut off", "after", stopGrace)
		return nil
	}
	return err
}

func handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", ready(o))
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	for path, h := range o.Hooks {
		mux.Handle("POST "+path, h)
	}
	return http.MaxBytesHandler(mux, maxBody)
}

// ready names every condition with its state; why one does not hold is for the log.
func ready(o Options) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyGrace)
		defer cancel()
		status, text := http.StatusOK, ""
		for _, c := range o.Ready {
			state := "ok"
			if err := c.Run(ctx); err != nil {
				state, status = "not ready", http.StatusServiceUnavailable
				o.Log.Warn("not ready", "check", c.Name, "err", err)
			}
			text += c.Name + ": " + state + "\n"
		}
		say(w, status, text)
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // who asked may have gone
}
