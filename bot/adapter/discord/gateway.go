package discord

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"griot/bot/adapter"
)

// backoff is the wait before try n to link up, from 1: a second, doubled up to
// a minute, the half of it by chance so that a fleet does not come back at once.
func backoff(n int) time.Duration {
	full := time.Second << min(n-1, 6)
	full = min(full, time.Minute)
	return full/2 + rand.N(full/2)
}

// keepLinked holds a shard's link to the gateway until ctx is done: one after
// the other, resumed where Discord lets us. Answers live as long as talks. It
// returns early for what waiting does not cure.
func (a *Adapter) keepLinked(ctx, talks context.Context, core adapter.Core, sh shard) error {
	log := sh.log(a.log)
	s := &session{}
	for try := 0; ctx.Err() == nil; {
		linked := time.Time{}
		err := a.link(ctx, talks, core, sh, s, func() { linked = time.Now() })
		if ctx.Err() != nil {
			break
		}
		if f := fatal(err); f != nil {
			return f
		}
		if tokenRefused(err) {
			return adapter.ErrToken
		}
		if sessionOver(err) || s.pending { // a resume without an answer would have none the next time
			s.forget()
		}
		if !linked.IsZero() && time.Since(linked) > time.Minute {
			try = 0
		}
		try++
		wait := a.backoff(try)
		if errors.Is(err, errInvalid) {
			wait = a.backoff(max(try, 2)) // Discord wants one to five seconds here
		}
		if !linked.IsZero() && try == 1 && s.id != "" {
			wait = min(wait, 250*time.Millisecond) // a resume costs nothing, and events wait for it
		}
		if re, ok := errors.AsType[*adapter.RetryError](err); ok {
			wait = max(wait, re.After)
		}
		log.Warn("gateway link ended", "err", err, "try", try, "wait", wait.Round(time.Millisecond), "resumable", s.id != "")
		pause(ctx, wait)
	}
	return nil
}

// pause waits, unless ctx ends before.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// link connects once and serves until the link ends; up is called when the session stands.
func (a *Adapter) link(ctx, talks context.Context, core adapter.Core, sh shard, s *session, up func()) error {
	address := s.url
	if s.id == "" || address == "" {
		g, err := a.gateway(ctx, gatewayLife)
		if err != nil {
			return err
		}
		address = g.URL
		if s.id == "" {
			if err := g.mayBegin(); err != nil {
				return err
			}
			if err := a.turn(ctx, g, sh); err != nil {
				return err
			}
		}
	}
	address, err := gatewayURL(address)
	if err != nil {
		return err
	}
	conn, err := dial(ctx, address, a.rest.transport())
	if err != nil {
		s.url = "" // the address to resume at may be what is gone
		return err
	}
	l := &link{conn: conn, session: s, shard: sh}
	l.ready = func(app string) {
		if app != "" {
			a.app.Store(&app)
			sh.log(a.log).Info("gateway linked", "application", app)
		} else {
			sh.log(a.log).Info("gateway link resumed")
		}
		up()
	}
	l.event = func(kind string, data json.RawMessage) {
		if kind == "INTERACTION_CREATE" {
			a.accept(talks, core, data)
		}
	}
	return l.serve(ctx, a.token)
}

// gatewayURL adds version and encoding to the address of a gateway.
func gatewayURL(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "ws" && u.Scheme != "wss") || u.Host == "" {
		return "", errors.New("the gateway's address is no ws:// or wss:// address")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	q := u.Query()
	q.Set("v", "10")
	q.Set("encoding", "json")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// transport is what calls go through in the end, for the gateway's dialer.
func (r *rest) transport() http.RoundTripper {
	if l, ok := r.session.Client.Transport.(leading); ok {
		return l.next
	}
	return nil
}
