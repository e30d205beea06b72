package delivery

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// PacerOptions says how often one bot may call. Zero values take the
// platform's, a little below what it allows.
type PacerOptions struct {
	Platform  commands.Platform
	PerSecond float64 // over all chats; negative lifts every limit
}

// Pacer spaces the calls of one bot within this process. It is an
// [adapter.Pacer]; its memory is bounded by the chats called in the last minutes.
type Pacer struct {
	step        time.Duration // between calls, 0 for no limit
	chat, group pace

	mu     sync.Mutex
	tat    time.Time // when the next call may start
	hold   time.Time // nobody calls before
	chats  map[commands.Destination]time.Time
	sweep  int // size at which chats is swept
	urgent int // urgent calls waiting for the bot's next slot
}

var _ adapter.Pacer = (*Pacer)(nil)

// pace is a GCRA: a call every step, with up to burst steps in advance.
type pace struct{ step, burst time.Duration }

// slack is how late a call may start and still not delay the next one: timers
// are never exact. share of the rate is used, so that calls which catch up
// never make a second hold one too many: share * (1s + slack) < 1s.
const (
	slack = 15 * time.Millisecond
	share = 0.985
)

// NewPacer returns the pacer of one bot.
func NewPacer(o PacerOptions) *Pacer {
	p := &Pacer{chats: map[commands.Destination]time.Time{}, sweep: 1024}
	rate := o.PerSecond
	switch o.Platform {
	case commands.Telegram:
		// About 1 a second a chat, 20 a minute a group: a burst of 5 and one
		// every 4 s are never more: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
		p.chat, p.group = pace{time.Second, 0}, pace{4 * time.Second, 16 * time.Second}
		if rate == 0 {
			rate = 28
		}
	case commands.Discord:
		// 50 a second for the bot; what a channel takes is in its answers.
		p.chat, p.group = pace{time.Second, 3 * time.Second}, pace{time.Second, 3 * time.Second}
		if rate == 0 {
			rate = 45
		}
	}
	if rate < 0 {
		p.chat, p.group = pace{}, pace{}
	}
	if rate > 0 {
		p.step = time.Duration(float64(time.Second) / (rate * share))
	}
	return p
}

// turnKey is where a context holds a turn.
type turnKey struct{}

// withTurn gives the next call made with ctx the right to start at once: its
// turn was waited for already.
func withTurn(ctx context.Context) context.Context {
	return context.WithValue(ctx, turnKey{}, new(atomic.Bool))
}

// Wait returns when a call to the destination may start. When that is beyond
// ctx's deadline it returns an *adapter.RetryError at once.
func (p *Pacer) Wait(ctx context.Context, to commands.Destination, urgent bool) error {
	if used, ok := ctx.Value(turnKey{}).(*atomic.Bool); ok && used.CompareAndSwap(false, true) {
		return ctx.Err()
	}
	counted := false // among those for whom the others leave the bot's next slot
	count := func(on bool) {
		if on && !counted {
			p.urgent++
		} else if !on && counted {
			p.urgent--
		}
		counted = on
	}
	defer func() {
		p.mu.Lock()
		count(false)
		p.mu.Unlock()
	}()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.mu.Lock()
		now := time.Now()
		at, global := p.ready(to, urgent, now)
		count(urgent && at.Equal(p.tat))
		if !at.After(now) {
			p.take(to, now)
			p.mu.Unlock()
			return nil
		}
		p.mu.Unlock()
		if deadline, ok := ctx.Deadline(); ok && at.After(deadline) {
			return &adapter.RetryError{After: at.Sub(now), Global: global, Err: errors.New("no turn before the time is up")}
		}
		timer := time.NewTimer(at.Sub(now))
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// ready says when a call may start, and whether the whole bot waits till then.
func (p *Pacer) ready(to commands.Destination, urgent bool, now time.Time) (at time.Time, global bool) {
	pc := p.paceOf(to)
	at = p.chats[to]
	if !at.IsZero() {
		at = at.Add(-pc.burst)
	}
	bot := later(p.tat, p.hold)
	if !urgent && p.urgent > 0 && !at.After(now) && !bot.After(now) {
		bot = now.Add(max(p.step/4, time.Millisecond)) // somebody waits for an answer
	}
	if bot.After(at) {
		return bot, bot.Equal(p.hold)
	}
	return at, false
}

func (p *Pacer) take(to commands.Destination, now time.Time) {
	if p.step > 0 {
		p.tat = later(p.tat, now.Add(-min(slack, p.step))).Add(p.step)
	}
	if pc := p.paceOf(to); pc.step > 0 {
		p.chats[to] = later(p.chats[to], now).Add(pc.step)
	}
	if len(p.chats) < p.sweep {
		return
	}
	for k, tat := range p.chats {
		if !tat.After(now) {
			delete(p.chats, k)
		}
	}
	p.sweep = max(1024, 2*len(p.chats))
}

func (p *Pacer) paceOf(to commands.Destination) pace {
	if strings.HasPrefix(to.Chat, "-") {
		return p.group
	}
	return p.chat
}

// Hold stops calls for d after the platform asked for a wait: those to one
// destination, or all of the bot's when to is the zero Destination.
func (p *Pacer) Hold(to commands.Destination, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := time.Now().Add(d)
	if to == (commands.Destination{}) {
		p.hold = later(p.hold, until)
		return
	}
	p.chats[to] = later(p.chats[to], until.Add(p.paceOf(to).burst))
}
