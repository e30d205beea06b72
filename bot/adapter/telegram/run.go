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
// It leaves time to note what was broken off before the program closes the store.
const stopTime = 5 * time.Second

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

// start learns who we are and says how updates shall come, until it is done. A
// webhook that cannot be removed does not keep polling from being tried: if one
// is set, the refusal says so.
func (a *Adapter) start(ctx context.Context) error {
	var b backoff
	for {
		err := a.knowSelf(ctx)
		if err == nil {
			err = a.setWebhook(ctx)
			if err != nil && a.webhook == "" && ctx.Err() == nil && !errors.Is(err, adapter.ErrToken) {
				a.log.Warn("no webhook could be removed; polling all the same", "err", err)
				return nil
			}
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
		"url": a.webhook, "secret_token": a.secret(), "allowed_updates": wanted, "max_connections": strconv.Itoa(inHand / 4),
	}, nil)
}

// poll asks for updates and has them handled, first those the last run had in
// hand. At the end it waits for those in hand and confirms them.
func (a *Adapter) poll(ctx, work context.Context, stop func(), core adapter.Core) error {
	l, left := a.load(ctx)
	var saver sync.WaitGroup
	done := make(chan struct{})
	saver.Go(func() { a.keepSaving(work, l, done) })
	a.resume(ctx, work, core, l, left)
	err := a.pollUntil(ctx, work, core, l)
	timer := time.AfterFunc(stopTime, stop)
	defer timer.Stop()
	a.work.wait()
	close(done)
	saver.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(work), 2*time.Second)
	defer cancel()
	kept := a.save(last, l)
	if err == nil {
		a.confirm(last, l.offset(time.Now(), kept))
	}
	return err
}

func (a *Adapter) pollUntil(ctx, work context.Context, core adapter.Core, l *ledger) error {
	var b, idle backoff
	var drained time.Time // when Telegram last had no more for us
	kept := a.save(ctx, l)
	for ctx.Err() == nil {
		asked := time.Now()
		raws, err := a.getUpdates(ctx, l.offset(time.Now(), kept), 50)
		if errors.Is(err, adapter.ErrToken) {
			return err
		}
		if err != nil {
			a.pollBroken(ctx, err)
			b.wait(ctx, err)
			continue
		}
		awaited := time.Since(drained) < staleAfter
		fresh := a.accept(ctx, work, core, l, raws, awaited)
		if len(raws) < maxUpdates {
			drained = time.Now()
		}
		switch {
		case fresh > 0:
			b, idle = backoff{}, backoff{}
			if fresh <= few {
				l.settle(ctx, moment)
			}
		case len(raws) == 0 && time.Since(asked) < time.Second: // it does not hold the call as asked
			b = backoff{}
			idle.breathe(ctx)
		case len(raws) == 0:
			b = backoff{}
		default: // what is in hand and could not be kept, or what cannot be read
			b.wait(ctx, nil)
		}
		// What is handled need not be kept before the next question confirms it;
		// keepSaving does so meanwhile.
		kept = l.idle() || a.save(ctx, l)
	}
	return nil
}

// maxUpdates is how many updates come at a time when there are more:
// https://core.telegram.org/bots/api#getupdates
const maxUpdates = 100

// A few updates are mostly handled within a moment, and then need not be kept.
const (
	few    = 4
	moment = 2 * time.Millisecond
)

// resume handles what the last run had in hand when it fell over.
func (a *Adapter) resume(ctx, work context.Context, core adapter.Core, l *ledger, left []json.RawMessage) {
	for _, raw := range left {
		u, err := decode(raw)
		if err != nil {
			continue
		}
		l.mu.Lock()
		l.open[u.ID] = raw
		l.mu.Unlock()
		a.hand(ctx, work, core, l, u)
	}
}

// confirm lets Telegram forget what was handled, so that a next run without
// Notes does not answer it again.
func (a *Adapter) confirm(ctx context.Context, next int64) {
	if next == 0 {
		return
	}
	p := tgbotapi.Params{"offset": strconv.FormatInt(next, 10), "limit": "1", "timeout": "0", "allowed_updates": wanted}
	if err := a.callBound(ctx, "getUpdates", p, nil, nil); err != nil {
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

// accept hands new updates out and returns how many there were. They are awaited
// when they came while we listened.
func (a *Adapter) accept(ctx, work context.Context, core adapter.Core, l *ledger, raws []json.RawMessage, awaited bool) int {
	fresh := 0
	for _, raw := range raws {
		u, err := decode(raw)
		if u.ID == 0 {
			a.log.Warn("update skipped, it cannot be read", "err", err)
			continue
		}
		if !l.take(u.ID, raw) {
			continue
		}
		fresh++
		if err != nil {
			a.log.Warn("update skipped, it cannot be read", "update", u.ID, "err", err)
			l.finish(u.ID)
			continue
		}
		if u.Message != nil {
			u.Message.awaited = awaited
		}
		if u.Post != nil {
			u.Post.awaited = awaited
		}
		if !a.hand(ctx, work, core, l, u) {
			break // told to stop: the next run answers it
		}
	}
	return fresh
}

// hand has an update handled; false when ctx ended before there was room.
func (a *Adapter) hand(ctx, work context.Context, core adapter.Core, l *ledger, u update) bool {
	_, err := a.work.do(ctx, u.key(), func() {
		defer func() {
			if work.Err() == nil { // else it was broken off, and the next run handles it
				l.finish(u.ID)
			}
		}()
		a.handle(work, core, u)
	})
	if errors.Is(err, errFlood) {
		a.log.Warn("update skipped", "update", u.ID, "err", err)
		l.finish(u.ID)
		return true
	}
	return err == nil
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
	return sleep(ctx, max(d, waits(err)))
}

// breathe waits a moment, longer each time, and soon as long as nobody notices.
func (b *backoff) breathe(ctx context.Context) {
	d := min(time.Millisecond<<min(b.tries, 10), 200*time.Millisecond)
	b.tries++
	sleep(ctx, d)
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
