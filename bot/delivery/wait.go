package delivery

import (
	"maps"
	"slices"
	"time"

	"griot/commands"
)

// Hold stops calls for d after the platform asked for a wait: those to one
// destination, or all of the bot's when to is the zero Destination.
func (p *Pacer) Hold(to commands.Destination, d time.Duration) {
	until := time.Now().Add(d)
	p.holdHere(to, until)
	p.write(held{to, until})
	if all := p.flooded(to, until); !all.IsZero() {
		p.holdHere(commands.Destination{}, all)
		p.write(held{until: all})
	}
}

// write has a wait written down that is worth it.
func (p *Pacer) write(h held) {
	if p.limiter == nil || time.Until(h.until) < worthKeeping-slack {
		return
	}
	select {
	case p.keep <- h:
	default: // so many at once are over soon, and a delivery keeps its own wait
	}
}

// floodChats is how many chats that were asked to wait at a time tell that the
// bot as a whole is too fast.
const floodChats = 3

// flooded takes into account that a chat was asked to wait; it returns until
// when all have to, or the zero time. Telegram asks with the same words when a
// chat gets too much and when the bot calls too often; in the latter case
// everybody would be refused in turn.
func (p *Pacer) flooded(to commands.Destination, until time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked == nil || to == (commands.Destination{}) {
		return time.Time{}
	}
	now := time.Now()
	maps.DeleteFunc(p.asked, func(_ string, at time.Time) bool { return !at.After(now) })
	p.asked[to.Chat] = until
	if len(p.asked) < floodChats {
		return time.Time{}
	}
	return slices.MinFunc(slices.Collect(maps.Values(p.asked)), time.Time.Compare)
}

func (p *Pacer) holdHere(to commands.Destination, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if to == (commands.Destination{}) {
		p.hold = later(p.hold, until)
		return
	}
	turn := p.chats[to]
	p.chats[to] = chatTurn{turn.tat, later(turn.hold, until)}
}
