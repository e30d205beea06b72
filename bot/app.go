package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"griot/bot/adapter"
	"griot/bot/delivery"
	"griot/bot/fleet"
	"griot/bot/store"
	"griot/bot/web"
	"griot/briefings"
	"griot/commands"
	"griot/config"
)

// app is the program put together: the one place that knows which store, which
// services and which adapters there are.
type app struct {
	cfg      config.Config
	sys      system
	log      *slog.Logger
	metrics  *web.Metrics
	content  *content
	store    *store.Store
	fleet    *fleet.Fleet // nil: no other process shares the database
	digests  *delivery.Service
	core     *commands.Core
	asked    adapter.Core // core, with its answers counted
	adapters map[commands.Platform]adapter.Adapter
	pacers   map[commands.Platform]*delivery.Pacer
	unmade   map[commands.Platform]error                // what kept an adapter with a token from being made
	hooks    map[string]func(adapter.Core) http.Handler // by path
}

// grace is the time that what is in hand has to finish; closing the store fits
// into what is left of the ten seconds.
const grace = 8 * time.Second

// pollContent is how often changed files are looked for.
const pollContent = 30 * time.Second

// restContent is how long changed files must be left alone before they are read.
const restContent = 2 * time.Second

// inMemory is cfg for calls that write no file and reach no platform.
func inMemory(cfg config.Config) config.Config {
	return config.Config{Content: cfg.Content, Log: cfg.Log, DatabaseURL: config.NewSecret("sqlite::memory:")}
}

// newApp puts the program together and loads its content. Nothing runs yet.
// Beside the platforms of the settings it answers on chat, unless that is nil.
func newApp(ctx context.Context, cfg config.Config, sys system, log *slog.Logger, chat adapter.Adapter) (*app, error) {
	fsys, err := packFS(cfg)
	if err != nil {
		return nil, err
	}
	a := &app{
		cfg: cfg, sys: sys, log: log, metrics: web.NewMetrics(version()),
		adapters: map[commands.Platform]adapter.Adapter{}, pacers: map[commands.Platform]*delivery.Pacer{}, unmade: map[commands.Platform]error{}, hooks: map[string]func(adapter.Core) http.Handler{},
	}
	live := new(briefings.Live)
	a.content = &content{
		dir: cfg.Content, fsys: fsys, live: live, log: log, now: sys.now, wake: make(chan struct{}, 1), every: pollContent, rest: restContent, took: a.took, tell: a.contentNews,
	}
	pack, err := a.content.read()
	if err != nil {
		return nil, err
	}
	if a.store, err = store.Open(ctx, cfg.DatabaseURL.Reveal(), log); err != nil {
		return nil, hinted{err, "see database_url (GRIOT_DATABASE_URL)"}
	}
	if err := a.store.Own(); err != nil {
		return nil, errors.Join(err, a.close())
	}
	if a.store.Shared() {
		a.fleet = fleet.New(a.store, log)
	}
	if chat != nil {
		a.adapters[chat.Platform()] = chat
	}
	a.join()
	a.serve(live)
	// What is held must be reachable by the command that releases it.
	a.content.packs, a.content.doubts, a.content.holds = a.store, cfg.DoubtsContent(), cfg.HoldsContent() && a.store.Lasts()
	if err := a.content.begin(ctx, pack); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

// serve makes the core and the digests, which need each other.
func (a *app) serve(live *briefings.Live) {
	a.digests = delivery.New(delivery.Options{
		Store: a.store, Adapters: a.adapters, Pacers: a.pacers, Log: a.log, Now: a.sys.now,
		Digest: func(ctx context.Context, s commands.Subscription, w commands.Window, now time.Time) (commands.Reply, error) {
			if err := a.current(ctx); err != nil {
				return commands.Reply{}, err
			}
			return a.core.Digest(ctx, s, w, now)
		},
		Notice: func(kind commands.NoticeKind, s commands.Subscription, cause string, lang briefings.Lang) commands.Reply {
			return a.core.Notice(kind, s, cause, lang)
		},
		Deadline: a.cfg.Delivery.Deadline, InDoubt: delivery.InDoubt(a.cfg.Delivery.InDoubt), Remember: a.cfg.Delivery.Remember, Editors: editorsOf(a.cfg), First: a.cfg.EditorsFirst,
	})
	a.core = commands.New(commands.Options{
		Live: live, Digests: a.digests, Preferences: a.store, Changes: a.store, Desk: desk{a}, Remarks: desk{a}, Pins: a.digests, Version: version(), Log: a.log, Now: a.sys.now, Remember: a.cfg.Delivery.Remember,
	})
	a.digests.Core = a.core
	a.asked = a.metrics.Measure(a.core)
	a.watch()
}

// close closes the store. Nothing may be running any more.
func (a *app) close() error { return a.store.Close() }

// run runs everything until ctx is done, the chat in the terminal ends, or no
// platform is left, in the order doc.go tells.
func (a *app) run(ctx context.Context) error {
	server, err := a.listen(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Why the end comes is this function's business: what runs below is only
	// told that it has come, and takes no signal for a fault.
	below, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	context.AfterFunc(ctx, end)
	var all sync.WaitGroup
	all.Go(func() { a.content.watch(below, a.sys.reload) })
	if server != nil {
		all.Go(func() { stopWith(stop, server.Run(below)) })
	}
	all.Go(func() { stopWith(stop, a.digests.Run(below)) })
	if a.fleet != nil {
		all.Go(func() { a.hear(below) })
	}
	a.runAdapters(below, stop, &all)
	a.log.Info("griot runs", a.about()...)
	<-ctx.Done()
	a.log.Info("griot stops")
	if !within(grace, all.Wait) {
		a.log.Warn("stopped before everything was finished", "after", grace)
	}
	if f, ok := errors.AsType[fatal](context.Cause(ctx)); ok {
		return f.error
	}
	return nil
}

// hear takes to heart what other processes on the database say, until ctx is done.
func (a *app) hear(ctx context.Context) {
	a.store.Listen(ctx, func() {
		a.fleet.Hear()
		a.decided()
	})
}

// fatal is why the program stops by itself, unlike a signal or the chat's end.
type fatal struct{ error }

func stopWith(stop context.CancelCauseFunc, err error) {
	if err != nil {
		stop(fatal{err})
	}
}

// runAdapters runs each adapter. One that gives up does not stop the others;
// when the last one has, there is nothing left to do.
func (a *app) runAdapters(ctx context.Context, stop context.CancelCauseFunc, all *sync.WaitGroup) {
	var running sync.WaitGroup
	for platform, ad := range a.adapters {
		running.Go(func() {
			err := ad.Run(ctx, a.asked)
			switch {
			case err != nil:
				a.log.Error("adapter gave up", "adapter", string(platform), "err", err, "cure", cure(platform, err))
			case platform == commands.Terminal:
				stop(nil) // the chat is over
			}
		})
	}
	all.Go(func() {
		running.Wait()
		if ctx.Err() == nil {
			stopWith(stop, hinted{errors.New("no platform is left to answer on"), "the log says why; griot doctor looks into it"})
		}
	})
}

// listen takes the address to serve HTTP at, or nil when there is to be none.
func (a *app) listen(ctx context.Context) (*web.Server, error) {
	if a.cfg.HTTPAddr == "" {
		return nil, nil
	}
	hooks := map[string]http.Handler{}
	for path, hook := range a.hooks {
		hooks[path] = hook(a.asked)
	}
	s, err := web.Listen(ctx, web.Options{
		Addr: a.cfg.HTTPAddr, Log: a.log, Metrics: a.metrics.Handler(),
		Ready: []web.Check{{Name: "content", Run: a.contentReady}, {Name: "database", Run: a.storeReady}, {Name: "digests", Run: a.digests.Ready}}, Hooks: hooks,
	})
	if err != nil {
		return nil, hinted{err, "set http_addr (GRIOT_HTTP_ADDR) to an address that is free"}
	}
	return s, nil
}

// about is what the log tells of this process first.
func (a *app) about() []any {
	out := []any{"version", version(), "adapters", a.names()}
	if a.fleet != nil {
		out = append(out, "replica", a.fleet.Name())
	}
	return out
}

func (a *app) names() string {
	var names []string
	for p := range a.adapters {
		names = append(names, string(p))
	}
	return strings.Join(names, " ")
}

// within reports whether f returns in time; if not, it is left behind.
func within(d time.Duration, f func()) bool {
	finished := make(chan struct{})
	go func() {
		f()
		close(finished)
	}()
	select {
	case <-finished:
		return true
	case <-time.After(d):
		return false
	}
}
