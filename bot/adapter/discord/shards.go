package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"griot/bot/adapter"
)

// shard is a part of the servers that a bot is in, served by one link:
// https://docs.discord.com/developers/events/gateway#sharding
type shard struct{ n, of int }

func (s shard) String() string { return fmt.Sprintf("%d/%d", s.n, s.of) }

// log names the shard where there are several.
func (s shard) log(log *slog.Logger) *slog.Logger {
	if s.of == 1 {
		return log
	}
	return log.With("shard", s.String())
}

// identifyEvery is the time between two identifies of one rate limit key, five
// seconds and what a network may take off them:
// https://docs.discord.com/developers/events/gateway#rate-limiting
const identifyEvery = 5500 * time.Millisecond

// gatewayLife is how long what Discord says about the gateway is good for: the
// shards of a start need not ask each.
const gatewayLife = 3 * time.Second

// gateway is what Discord says about its gateway:
// https://docs.discord.com/developers/events/gateway#get-gateway-bot
type gateway struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Remaining   *int  `json:"remaining"`
		After       int64 `json:"reset_after"` // milliseconds
		Concurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
	asked time.Time
}

// gateway asks where the gateway is, unless that was told within maxAge. It takes
// no turn: interactions are answered while the bot's other calls have to wait.
func (a *Adapter) gateway(ctx context.Context, maxAge time.Duration) (*gateway, error) {
	if g := a.told.Load(); g != nil && time.Since(g.asked) < maxAge {
		return g, nil
	}
	g := &gateway{asked: time.Now()}
	err := a.rest.do(ctx, call{method: http.MethodGet, path: "gateway/bot"}, g)
	if notServed(err) || err == nil && g.URL == "" {
		err = a.rest.do(ctx, call{method: http.MethodGet, path: "gateway"}, g)
	}
	if f, ok := errors.AsType[*fault](err); ok {
		err = classify(f, false)
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the gateway: %w", err)
	}
	g.Shards, g.Limit.Concurrency = max(g.Shards, 1), max(g.Limit.Concurrency, 1)
	a.told.Store(g)
	return g, nil
}

// mayBegin is an error when no session may begin any more today: one too many
// and Discord takes the token away.
func (g *gateway) mayBegin() error {
	if l := g.Limit; l.Remaining != nil && *l.Remaining <= 0 && l.After > 0 {
		return &adapter.RetryError{After: time.Duration(l.After) * time.Millisecond, Global: true, Err: errors.New("no session start left today")}
	}
	return nil
}

// turn waits until a shard may begin a session.
func (a *Adapter) turn(ctx context.Context, g *gateway, sh shard) error {
	key := fmt.Sprintf("discord:%s|identify|%d", a.id, sh.n%g.Limit.Concurrency)
	if a.fleet != nil {
		return a.fleet.Turn(ctx, key, a.identifyEvery)
	}
	return a.turns.wait(ctx, key, a.identifyEvery)
}

// keepSharded holds a link for every shard, as many as Discord wants, that no
// other process of the fleet holds one for. It returns early for what waiting
// does not cure.
func (a *Adapter) keepSharded(ctx, talks context.Context, core adapter.Core) error {
	var fault error
	for of := 0; ; {
		g, err := a.insist(ctx, fault == nil)
		if g == nil {
			return err
		}
		if g.Shards == of {
			return fault
		}
		of = g.Shards
		fault = a.linkAll(ctx, talks, core, of)
		if _, resharded := errors.AsType[shardFault](fault); !resharded {
			return fault
		}
		a.log.Warn("gateway wants other shards", "had", of, "err", fault)
	}
}

// insist asks for the gateway until there is an answer, which is nil when ctx
// is done or the token is refused.
func (a *Adapter) insist(ctx context.Context, cached bool) (*gateway, error) {
	age := gatewayLife
	if !cached {
		age = 0
	}
	for try := 1; ctx.Err() == nil; try++ {
		g, err := a.gateway(ctx, age)
		switch {
		case err == nil:
			return g, nil
		case tokenRefused(err):
			return nil, adapter.ErrToken
		case ctx.Err() != nil:
			return nil, nil
		}
		wait := a.backoff(try)
		if re, ok := errors.AsType[*adapter.RetryError](err); ok {
			wait = max(wait, re.After)
		}
		a.log.Warn("gateway not found", "err", err, "try", try, "wait", wait.Round(time.Millisecond))
		pause(ctx, wait)
	}
	return nil, nil
}

// linkAll holds a link for every shard it gets the lease of. The first fault
// ends all.
func (a *Adapter) linkAll(ctx, talks context.Context, core adapter.Core, of int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for n := range of {
		all.Go(func() {
			sh := shard{n, of}
			err := adapter.Lead(ctx, a.fleet, "discord:"+a.id+":"+sh.String(), func(ctx context.Context, _ adapter.Lease) error {
				return a.keepLinked(ctx, talks, core, sh)
			})
			if err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	if err := context.Cause(ctx); adapterFault(err) {
		return err
	}
	return nil
}

// turns spaces what this process does alone. Its zero value is ready.
type turns struct {
	mu   sync.Mutex
	next map[string]time.Time
}

func (t *turns) wait(ctx context.Context, name string, every time.Duration) error {
	t.mu.Lock()
	if t.next == nil {
		t.next = map[string]time.Time{}
	}
	at := time.Now()
	if next := t.next[name]; next.After(at) {
		at = next
	}
	t.next[name] = at.Add(every)
	t.mu.Unlock()
	pause(ctx, time.Until(at))
	return ctx.Err()
}
