package delivery

import (
	"context"
	"errors"
	"log/slog"
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
	// Bot is the bot's public id, never its token. Waits the platform asked for
	// are kept under it in Limiter, and so survive a restart.
	Bot     string
	Limiter Limiter // nil: what is asked for ends with the process
	Log     *slog.Logger
}

// Pacer spaces the calls of one bot: within this process by itself, and among
// several through a Limiter they share. It is an [adapter.Pacer]; its memory is
// bounded by the chats called in the last minutes.
type Pacer struct {
	step        time.Duration // between calls, 0 for no limit
	chat, group pace
	key         string // the bot's in limiter
	limiter     Limiter
	log         *slog.Logger
	keep        chan held // what Keep has to write down

	mu     sync.Mutex
	tat    time.Time // when the next call may start
	hold   time.Time // nobody calls before
	chats  map[commands.Destination]chatTurn
	sweep  int                  // size at which chats is swept
	urgent int                  // urgent calls waiting for the bot's next slot
	asked  map[string]time.Time // chats that were asked to wait, where the platform does not say whom it means
	slots  slots
	crowd  crowd
}

var _ adapter.Pacer = (*Pacer)(nil)

// chatTurn is when a chat takes its next call by its pace, and since a wait was asked for.
type chatTurn struct{ tat, hold time.Time }

// pace is a GCRA: a call every step, with up to burst steps in advance.
type pace struct{ step, burst time.Duration }

// Processes that share a rate take their slots from one row. slack is how late a
// slot may be used and still not delay the next one, as timers are never exact;
// share of the rate is used, so that calls which catch up never make a second
// hold one too many: share * (1s + slack) < 1s.
const (
	slack = 10 * time.Millisecond
	share = 0.99
)

// stale is how old a turn may be when its call starts, where others use the
// rate too: a database that stalls holds all of them up at one time, and what
// came together afterwards would be refused. share * (1s + slack + stale) calls
// are fewer than a platform takes in a second.
const stale = 60 * time.Millisecond

// catchUp is how much of what was missed a process alone makes up for, as on a
// machine that is busy for a moment. Its crowd keeps a second from holding one
// too many.
const catchUp = 100 * time.Millisecond

// NewPacer returns the pacer of one bot.
func NewPacer(o PacerOptions) *Pacer {
	p := &Pacer{
		chats: map[commands.Destination]chatTurn{}, sweep: 1024, log: o.Log,
		key: string(o.Platform) + ":" + o.Bot, limiter: o.Limiter, keep: make(chan held, 256),
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	rate := o.PerSecond
	switch o.Platform {
	case commands.Telegram:
		p.asked = map[string]time.Time{}
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
		p.step = time.Duration(float64(time.Second) / rate)
		if p.shared() {
			p.step = time.Duration(float64(time.Second) / (rate * share))
		}
		if rate <= 1000 { // beyond, nobody counts
			p.crowd.at = make([]time.Time, int(max(rate, 1)))
		}
	}
	return p
}

// turnKey is where a context holds a turn.
type turnKey struct{}

// granted is the right to start one call.
type granted struct {
	at   time.Time
	used atomic.Bool
}

// withTurn gives the next call made with ctx the right to start: its turn was
// waited for already, and came at a time.
func withTurn(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, turnKey{}, &granted{at: at})
}

// Wait returns when a call to the destination may start. When that is beyond
// ctx's deadline it returns an *adapter.RetryError at once.
func (p *Pacer) Wait(ctx context.Context, to commands.Destination, urgent bool) error {
	t, ok := ctx.Value(turnKey{}).(*granted)
	switch {
	case !ok || !t.used.CompareAndSwap(false, true):
		return p.wait(ctx, to, urgent, true)
	case p.shared() && time.Since(t.at) > stale:
		return p.wait(ctx, commands.Destination{}, urgent, true) // the chat's turn is still its own
	}
	return p.spread(ctx)
}

// wait is Wait for a call that starts now, or one that is still to be written
// down before it does, see withTurn.
func (p *Pacer) wait(ctx context.Context, to commands.Destination, urgent, starts bool) error {
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
		if err := p.reserve(ctx, to, urgent); err != nil {
			return err
		}
		p.mu.Lock()
		now := time.Now()
		at, global := p.ready(to, urgent, now)
		count(urgent && (at.Equal(p.tat) || at.Equal(p.crowd.room())))
		if !at.After(now) {
			had := p.take(to, now)
			if had && starts {
				p.crowd.add(now)
			}
			p.mu.Unlock()
			if had {
				return nil
			}
			continue // somebody was faster at the last slot
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
	at = p.chatReady(to, urgent)
	bot := later(later(p.tat, p.crowd.room()), p.hold)
	if !urgent && p.urgent > 0 && !at.After(now) && !bot.After(now) {
		bot = now.Add(max(p.step/4, time.Millisecond)) // somebody waits for an answer
	}
	if bot.After(at) {
		return bot, bot.Equal(p.hold)
	}
	return at, false
}

// quick is how many calls in a row an answer may make beyond a chat's pace:
// who asks twice within a second, or gets a long answer, is not kept waiting.
// "Short bursts that go over this limit" are allowed, says the FAQ above.
const quick = 2

// chatReady says when the chat takes another call.
func (p *Pacer) chatReady(to commands.Destination, urgent bool) time.Time {
	turn, pc := p.chats[to], p.paceOf(to)
	burst := pc.burst
	if urgent {
		burst = max(burst, quick*pc.step)
	}
	if turn.tat.IsZero() {
		return turn.hold
	}
	return later(turn.tat.Add(-burst), turn.hold)
}

// take takes the turn; false when there is no slot left for it.
func (p *Pacer) take(to commands.Destination, now time.Time) bool {
	if p.shared() {
		if len(p.slots.at) == 0 {
			return false
		}
		p.tat = p.slots.take()
	} else if p.step > 0 {
		p.tat = later(p.tat, now.Add(-catchUp)).Add(p.step)
	}
	if pc := p.paceOf(to); pc.step > 0 {
		turn := p.chats[to]
		p.chats[to] = chatTurn{later(turn.tat, now).Add(pc.step), turn.hold}
	}
	if len(p.chats) < p.sweep {
		return true
	}
	for k, turn := range p.chats {
		if !turn.tat.After(now) && !turn.hold.After(now) {
			delete(p.chats, k)
		}
	}
	p.sweep = max(1024, 2*len(p.chats))
	return true
}

// paceOf is a chat's pace; what goes to no chat has none.
func (p *Pacer) paceOf(to commands.Destination) pace {
	if to == (commands.Destination{}) {
		return pace{}
	}
	if strings.HasPrefix(to.Chat, "-") {
		return p.group
	}
	return p.chat
}
