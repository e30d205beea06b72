package delivery

import (
	"context"
	"errors"
	"strings"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// Limiter is the part of a bot's pace that outlives a process and that several
// share. *store.Store is one. Keys are a bot's public id, "telegram:123456",
// or that and a chat, "telegram:123456|CHAT".
type Limiter interface {
	// Shared reports whether other processes may call for the same bot.
	Shared() bool
	// Reserve takes n slots, step apart, of all that processes share; a row that
	// lies further back than behind catches up no more than that. wait is until
	// the first of them, by the database's clock. hold is how long nobody may call
	// at all; then nothing is reserved.
	Reserve(ctx context.Context, key string, n int, step, behind time.Duration) (wait, hold time.Duration, err error)
	// HoldUntil notes that nobody calls for d.
	HoldUntil(ctx context.Context, key string, d time.Duration) error
	// Holds returns the waits in force of a bot and its chats, by key.
	Holds(ctx context.Context, bot string) (map[string]time.Duration, error)
}

const (
	// worthKeeping is how long a wait has to be to be written down.
	worthKeeping = 5 * time.Second
	// keepEvery is how often the waits that other processes were asked for are read.
	keepEvery = 2 * time.Second
	// reserveTime bounds a reservation: an answer does not wait longer for one.
	reserveTime = 2 * time.Second
	// batch is how many slots digests reserve at a time. An answer takes the
	// first of them, so it waits no longer for there being many.
	batch = 6
)

// held is a wait somebody was asked for.
type held struct {
	to    commands.Destination
	until time.Time
}

// slots are reserved turns, the earliest first, and when the row may be asked again.
type slots struct {
	at     []time.Time
	asking chan struct{} // closed when the one who asks is done
}

// take removes the first slot and returns when the next one is.
func (s *slots) take() time.Time {
	s.at = s.at[1:]
	if len(s.at) > 0 {
		return s.at[0]
	}
	return time.Time{}
}

func (p *Pacer) shared() bool { return p.limiter != nil && p.step > 0 && p.limiter.Shared() }

// reserve makes sure that there is a slot to wait for, when processes share them.
func (p *Pacer) reserve(ctx context.Context, to commands.Destination, urgent bool) error {
	if !p.shared() {
		return nil
	}
	for {
		p.mu.Lock()
		now := time.Now()
		for len(p.slots.at) > 0 && p.slots.at[0].Before(now.Add(-slack-p.step)) {
			p.slots.at = p.slots.at[1:] // nobody came in time
		}
		if len(p.slots.at) > 0 {
			p.tat = p.slots.at[0]
		}
		// Who has to wait for the chat or for everybody needs no slot yet.
		if len(p.slots.at) > 0 || p.chatReady(to, urgent).After(now) || p.hold.After(now) {
			p.mu.Unlock()
			return nil
		}
		asking := p.slots.asking
		if asking == nil {
			p.slots.asking = make(chan struct{})
			p.mu.Unlock()
			return p.ask(ctx, urgent)
		}
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-asking:
		}
	}
}

// ask reserves slots in the row all processes share. When the row cannot be
// had a digest waits; an answer goes at this process's own pace.
func (p *Pacer) ask(ctx context.Context, urgent bool) error {
	n := batch
	if urgent {
		n = 1
	}
	bound, cancel := context.WithTimeout(ctx, reserveTime)
	wait, hold, err := p.limiter.Reserve(bound, p.key, n, p.step, slack)
	cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.slots.asking)
	p.slots.asking = nil
	now := time.Now()
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return ctx.Err()
	case urgent:
		p.log.Warn("shared pace not read, answering at this process's own", "err", err)
		p.slots.at, p.tat = append(p.slots.at, later(p.tat, now)), later(p.tat, now)
		return nil
	default:
		return &adapter.RetryError{After: time.Second, Err: errors.New("the shared pace cannot be read")}
	}
	if hold > 0 { // nothing is reserved then
		p.hold = later(p.hold, now.Add(hold))
		return nil
	}
	for i := range n {
		p.slots.at = append(p.slots.at, now.Add(wait+time.Duration(i)*p.step))
	}
	p.tat = p.slots.at[0]
	return nil
}

// Keep writes down the waits the platform asks for and reads those that other
// processes were asked for, until ctx is done and nothing is left to write.
// Without a Limiter it returns at once.
func (p *Pacer) Keep(ctx context.Context) {
	if p.limiter == nil {
		return
	}
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			p.keepLast(ctx)
			return
		case h := <-p.keep:
			p.keepOne(ctx, h)
		case <-tick.C:
			if p.limiter.Shared() {
				p.Recall(ctx)
			}
		}
	}
}

func (p *Pacer) keepOne(ctx context.Context, h held) {
	err := p.limiter.HoldUntil(context.WithoutCancel(ctx), p.holdKey(h.to), time.Until(h.until))
	if err != nil {
		p.log.Warn("wait the platform asked for not kept", "err", err)
	}
}

// keepLast writes down what was asked for last.
func (p *Pacer) keepLast(ctx context.Context) {
	for {
		select {
		case h := <-p.keep:
			p.keepOne(ctx, h)
		default:
			return
		}
	}
}

// Recall reads the waits that were written down, by this bot's processes that
// are no more and those that there are. Without a Limiter there are none.
func (p *Pacer) Recall(ctx context.Context) {
	if p.limiter == nil {
		return
	}
	holds, err := p.limiter.Holds(ctx, p.key)
	if err != nil {
		if ctx.Err() == nil {
			p.log.Warn("waits the platform asked for not read", "err", err)
		}
		return
	}
	platform, _, _ := strings.Cut(p.key, ":")
	for key, d := range holds {
		var to commands.Destination
		if _, chat, ok := strings.Cut(key, "|"); ok {
			chat, thread, _ := strings.Cut(chat, "/")
			to = commands.Destination{Platform: commands.Platform(platform), Chat: chat, Thread: thread}
		}
		p.holdHere(to, time.Now().Add(d))
	}
}

func (p *Pacer) holdKey(to commands.Destination) string {
	switch {
	case to == commands.Destination{}:
		return p.key
	case to.Thread == "":
		return p.key + "|" + to.Chat
	}
	return p.key + "|" + to.Chat + "/" + to.Thread
}
