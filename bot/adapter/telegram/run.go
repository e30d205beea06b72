package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
)

// stopTime is how long what is in hand may take after Run was told to stop.
const stopTime = 8 * time.Second

// Run answers updates with core until ctx is done. They are polled for, or
// brought to [Adapter.Webhook] when there is an address to bring them to.
func (a *Adapter) Run(ctx context.Context, core adapter.Core) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if err := a.start(ctx); err != nil {
		return ended(ctx, err)
	}
	var menus sync.WaitGroup
	menus.Go(func() { a.keepMenus(ctx, core) })
	defer menus.Wait()
	a.log.Info("joined", "bot", a.self.Load().Username, "webhook", a.webhook != "")
	if a.webhook != "" {
		<-ctx.Done()
		return nil
	}
	return ended(ctx, a.poll(ctx, work, stop, core))
}

// ended is nil for whatever comes of being told to stop.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// start learns who we are and says how updates shall come, until it is done.
func (a *Adapter) start(ctx context.Context) error {
	var b backoff
	for {
		err := a.knowSelf(ctx)
		if err == nil {
			err = a.setWebhook(ctx)
		}
		if err == nil || errors.Is(err, adapter.ErrToken) {
			return err
		}
		if ctx.Err() == nil {
			a.log.Warn("Telegram does not answer yet", "err", err)
		}
		if !b.wait(ctx, err) {
			return ctx.Err()
		}
	}
}

func (a *Adapter) knowSelf(ctx context.Context) error {
	if a.self.Load() != nil {
		return nil
	}
	var me user
	if err := a.call(ctx, "getMe", nil, &me); err != nil {
		return err
	}
	a.self.Store(&me)
	return nil
}

// setWebhook never drops what is pending: those are people who asked.
func (a *Adapter) setWebhook(ctx context.Context) error {
	if a.webhook == "" {
		return a.call(ctx, "deleteWebhook", nil, nil)
	}
	return a.call(ctx, "setWebhook", tgbotapi.Params{
		"url": a.webhook, "secret_token": a.secret(), "allowed_updates": wanted, "max_connections": strconv.Itoa(inHand / 2),
	}, nil)
}

// poll asks for updates and has them handled. At the end it waits for those in
// hand and confirms them.
func (a *Adapter) poll(ctx, work context.Context, stop func(), core adapter.Core) error {
	l := a.loadOffset(ctx)
	kept := int64(0)
	keep := func(ctx context.Context) {
		if _, next := l.offsets(time.Now()); next != kept && next != 0 {
			a.saveOffset(ctx, next)
			kept = next
		}
	}
	var b backoff
	for ctx.Err() == nil {
		ask, _ := l.offsets(time.Now())
		raws, err := a.getUpdates(ctx, ask, 50)
		if err != nil {
			if errors.Is(err, adapter.ErrToken) {
				return err
			}
			a.pollBroken(ctx, err)
			b.wait(ctx, err)
			continue
		}
		fresh := a.accept(ctx, work, core, l, raws)
		if fresh || len(raws) == 0 || !l.idle() {
			b = backoff{}
		} else if !b.wait(ctx, nil) { // nothing but what cannot be read
			break
		}
		l.settle(ctx, fresh)
		keep(ctx)
	}
	timer := time.AfterFunc(stopTime, stop)
	defer timer.Stop()
	a.work.wait()
	keep(work)
	a.confirm(work, l)
	return nil
}

// confirm lets Telegram forget what was handled, so that a next run without
// Notes does not answer it again.
func (a *Adapter) confirm(work context.Context, l *ledger) {
	next, _ := l.offsets(time.Now())
	if next == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(work, 2*time.Second)
	defer cancel()
	if err := a.callBound(ctx, "getUpdates", tgbotapi.Params{"offset": strconv.FormatInt(next, 10), "limit": "1", "timeout": "0"}, nil, nil); err != nil {
		a.log.Debug("last updates not confirmed", "err", err)
	}
}

func (a *Adapter) getUpdates(ctx context.Context, offset int64, seconds int) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+callTime)
	defer cancel()
	p := tgbotapi.Params{"timeout": strconv.Itoa(seconds), "allowed_updates": wanted}
	p.AddNonZero64("offset", offset)
	var out []json.RawMessage
	err := a.callBound(ctx, "getUpdates", p, nil, &out)
	return out, err
}

// accept hands new updates out and reports whether there were any.
func (a *Adapter) accept(ctx, work context.Context, core adapter.Core, l *ledger, raws []json.RawMessage) bool {
	fresh := false
	for _, raw := range raws {
		u, err := decode(raw)
		if u.ID == 0 {
			a.log.Warn("update skipped, it cannot be read", "err", err)
			continue
		}
		if !l.take(u.ID) {
			continue
		}
		fresh = true
		if err != nil {
			a.log.Warn("update skipped, it cannot be read", "update", u.ID, "err", err)
			l.finish(u.ID)
			continue
		}
		if !a.work.do(ctx, u.key(), func() {
			defer l.finish(u.ID)
			a.handle(work, core, u)
		}) {
			break // told to stop: the next run answers it
		}
	}
	return fresh
}

// pollBroken tells the operator what is the matter with polling, and mends what it can.
func (a *Adapter) pollBroken(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, errConflict) && strings.Contains(err.Error(), "webhook"):
		a.log.Warn("a webhook was set by somebody else; removing it to go on polling")
		if err := a.setWebhook(ctx); err != nil {
			a.log.Warn("webhook not removed", "err", err)
		}
	case errors.Is(err, errConflict):
		a.log.Warn("another program polls with the same token; stop one of them", "err", err)
	default:
		a.log.Warn("updates not received, trying again", "err", err)
	}
}

// backoff waits longer each time, with jitter, or as long as it was told.
type backoff struct{ tries int }

func (b *backoff) wait(ctx context.Context, err error) bool {
	d := min(500*time.Millisecond<<min(b.tries, 10), 30*time.Second)
	d = d/2 + rand.N(d)
	b.tries++
	if re, ok := errors.AsType[*adapter.RetryError](err); ok {
		d = max(d, re.After)
	}
	return sleep(ctx, d)
}

// sleep waits for d; false when ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
