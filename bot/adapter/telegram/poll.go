package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"griot/bot/adapter"
)

// poller polls for updates under one lease. The note of updates is marked as
// its own: who had the lease before cannot write it any more.
type poller struct {
	*Adapter
	core  adapter.Core
	lease adapter.Lease
	lost  func() // ends polling, when the note is found to be another's
	gone  atomic.Bool
	l     *ledger

	saving sync.Mutex
	term   string // of this poller, in the note
	saved  string // the note as it stands
}

// poll asks for updates and has them handled, first those the last poller had
// in hand. At the end it waits for those in hand and confirms them. When the
// lease is lost they are another's, and what is in hand is broken off.
func (p *poller) poll(ctx context.Context) error {
	left, err := p.takeOver(ctx)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var others sync.WaitGroup
	done := make(chan struct{})
	others.Go(func() { p.keepSaving(work, done) })
	others.Go(func() {
		select {
		case <-p.lease.Lost():
			stop()
		case <-done:
		}
	})
	p.resume(ctx, work, left)
	err = p.until(ctx, work)
	lost := errors.Is(context.Cause(ctx), adapter.ErrLeaseLost)
	if lost {
		stop()
	}
	timer := time.AfterFunc(stopTime, stop)
	defer timer.Stop()
	p.Adapter.work.wait()
	close(done)
	others.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(work), 2*time.Second)
	defer cancel()
	kept := p.save(last) // unless the next poller was there already
	if lost {
		return adapter.ErrLeaseLost
	}
	if err == nil && p.lease.Held() && !p.gone.Load() {
		p.confirm(last, p.l.offset(time.Now(), kept))
	}
	return err
}

// stands waits until the lease is held for sure; false when ctx ended before. A
// process that stood still learns late that it lost it.
func (p *poller) stands(ctx context.Context) bool {
	for !p.lease.Held() {
		if !sleep(ctx, 50*time.Millisecond) {
			return false
		}
	}
	return ctx.Err() == nil
}

func (p *poller) until(ctx, work context.Context) error {
	var b, idle backoff
	var drained time.Time // when Telegram last had no more for us
	kept := p.save(ctx)
	for p.stands(ctx) {
		asked := time.Now()
		raws, err := p.getUpdates(ctx, p.l.offset(time.Now(), kept), 50)
		if errors.Is(err, adapter.ErrToken) {
			return err
		}
		if err != nil {
			p.broken(ctx, err)
			b.wait(ctx, err)
			continue
		}
		awaited := time.Since(drained) < staleAfter
		fresh := p.accept(ctx, work, raws, awaited)
		if len(raws) < maxUpdates {
			drained = time.Now()
		}
		switch {
		case fresh > 0:
			b, idle = backoff{}, backoff{}
			if fresh <= few {
				p.l.settle(ctx, moment)
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
		kept = p.l.idle() || p.save(ctx)
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

// resume handles what the last poller had in hand when it fell over.
func (p *poller) resume(ctx, work context.Context, left []json.RawMessage) {
	for _, raw := range left {
		u, err := decode(raw)
		if err != nil {
			continue
		}
		p.l.mu.Lock()
		p.l.open[u.ID] = raw
		p.l.mu.Unlock()
		p.hand(ctx, work, u)
	}
}

// confirm lets Telegram forget what was handled, so that a next run without
// Notes does not answer it again.
func (a *Adapter) confirm(ctx context.Context, next int64) {
	if next == 0 {
		return
	}
	p := tgbotapi.Params{"offset": strconv.FormatInt(next, 10), "limit": "1", "timeout": "0", "allowed_updates": wanted}
	if err := a.request(ctx, "getUpdates", p, nil, nil); err != nil {
		a.log.Debug("last updates not confirmed", "err", err)
	}
}

func (a *Adapter) getUpdates(ctx context.Context, offset int64, seconds int) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+callTime)
	defer cancel()
	p := tgbotapi.Params{"timeout": strconv.Itoa(seconds), "allowed_updates": wanted}
	p.AddNonZero64("offset", offset)
	var out []json.RawMessage
	err := a.request(ctx, "getUpdates", p, nil, &out)
	return out, err
}

// accept hands new updates out and returns how many there were. They are awaited
// when they came while we listened.
func (p *poller) accept(ctx, work context.Context, raws []json.RawMessage, awaited bool) int {
	fresh := 0
	for _, raw := range raws {
		u, err := decode(raw)
		if u.ID == 0 {
			p.log.Warn("update skipped, it cannot be read", "err", err)
			continue
		}
		if !p.l.take(u.ID, raw) {
			continue
		}
		fresh++
		if err != nil {
			p.log.Warn("update skipped, it cannot be read", "update", u.ID, "err", err)
			p.l.finish(u.ID)
			continue
		}
		if u.Message != nil {
			u.Message.awaited = awaited
		}
		if u.Post != nil {
			u.Post.awaited = awaited
		}
		if !p.hand(ctx, work, u) {
			break // told to stop: the next run answers it
		}
	}
	return fresh
}

// hand has an update handled; false when ctx ended before there was room.
func (p *poller) hand(ctx, work context.Context, u update) bool {
	_, err := p.Adapter.work.do(ctx, u.key(), func() {
		defer func() {
			if work.Err() == nil { // else it was broken off, and the next poller handles it
				p.l.finish(u.ID)
			}
		}()
		if p.stands(work) {
			p.handle(work, p.core, u)
		}
	})
	if errors.Is(err, errFlood) {
		p.log.Warn("update skipped", "update", u.ID, "err", err)
		p.l.finish(u.ID)
		return true
	}
	return err == nil
}

// broken tells the operator what is the matter with polling, and mends what it can.
func (p *poller) broken(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, errConflict) && strings.Contains(err.Error(), "webhook"):
		p.log.Warn("a webhook was set by somebody else; removing it to go on polling")
		if err := p.setWebhook(ctx); err != nil {
			p.log.Warn("webhook not removed", "err", err)
		}
	case errors.Is(err, errConflict) && p.fleet != nil:
		p.log.Warn("another program polls with the same token, and it is no replica on this database: of those only this one polls; stop the other, or give it this database",
			"replica", p.fleet.Name(), "err", err)
	case errors.Is(err, errConflict):
		p.log.Warn("another program polls with the same token; stop one of them", "err", err)
	default:
		p.log.Warn("updates not received, trying again", "err", err)
	}
}
