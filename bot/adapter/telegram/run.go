package telegram

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
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
	if err := a.insist(ctx, a.knowSelf); err != nil {
		return ended(ctx, err)
	}
	a.log.Info("joined", "bot", a.self.Load().Username, "webhook", a.webhook != "")
	return ended(ctx, adapter.Lead(ctx, a.fleet, "telegram:"+a.id, func(ctx context.Context, lease adapter.Lease) error {
		return a.lead(ctx, core, lease)
	}))
}

// lead does what one process of the fleet does for all: it says how updates
// shall come, keeps the menus and polls.
func (a *Adapter) lead(ctx context.Context, core adapter.Core, lease adapter.Lease) error {
	if err := a.insist(ctx, a.arrange); err != nil {
		return ended(ctx, err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	var menus sync.WaitGroup
	menus.Go(func() { a.keepMenus(ctx, core) })
	defer menus.Wait()
	defer stop(nil)
	if a.webhook != "" {
		<-ctx.Done()
		return nil
	}
	p := &poller{Adapter: a, core: core, lease: lease, lost: func() { stop(adapter.ErrLeaseLost) }}
	return p.poll(ctx)
}

// ended is nil for whatever comes of being told to stop.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// insist asks Telegram until it answers; it gives up when the token is refused.
func (a *Adapter) insist(ctx context.Context, ask func(ctx context.Context) error) error {
	var b backoff
	for {
		err := ask(ctx)
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

// arrange says how updates shall come. A webhook that cannot be removed does not
// keep polling from being tried: if one is set, the refusal says so.
func (a *Adapter) arrange(ctx context.Context) error {
	err := a.setWebhook(ctx)
	if err != nil && a.webhook == "" && ctx.Err() == nil && !errors.Is(err, adapter.ErrToken) {
		a.log.Warn("no webhook could be removed; polling all the same", "err", err)
		return nil
	}
	return err
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
