package delivery

import (
	"errors"
	"sync"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

const (
	// outageMany destinations that refuse in the same minutes, at least as many
	// as accept, are no coincidence.
	outageMany = 5
	// troubleMany calls in a row without a usable answer are none either.
	troubleMany = 5
	// probeEvery is how often a delivery tries whether the trouble is over.
	probeEvery = 5 * time.Second
	// generationLife is how long outcomes are counted together; those of two
	// generations count, which is five to ten minutes.
	generationLife = 5 * time.Minute
	// refusalBudget is how many refusals may come in that time, far below the
	// 10,000 in ten minutes after which Discord bans an address:
	// https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
	refusalBudget = 2000
)

// breaker tells a platform's trouble from that of single destinations, and
// lets only probes through while there is some. It is safe for concurrent use.
type breaker struct {
	mu      sync.Mutex
	now     generation
	before  generation
	trouble int       // calls in a row without a usable answer
	probe   time.Time // when the next probe may go
}

// generation is what happened in some minutes.
type generation struct {
	since             time.Time
	refused, accepted map[commands.Destination]bool
	refusals          int
}

func newGeneration(now time.Time) generation {
	return generation{since: now, refused: map[commands.Destination]bool{}, accepted: map[commands.Destination]bool{}}
}

// saw takes the outcome of a call into account.
func (b *breaker) saw(to commands.Destination, err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(now)
	_, wait := errors.AsType[*adapter.RetryError](err)
	_, moved := errors.AsType[*adapter.MovedError](err)
	switch {
	case err == nil:
		if b.outage() { // it is over
			b.now, b.before = newGeneration(now), newGeneration(now)
		}
		b.trouble = 0
		b.now.accepted[to] = true
		delete(b.before.accepted, to)
		delete(b.now.refused, to)
		delete(b.before.refused, to)
	case wait:
		b.trouble = 0
		b.now.refusals++
	case moved, errors.Is(err, adapter.ErrPayload), errors.Is(err, adapter.ErrLost):
		b.trouble = 0
	case errors.Is(err, adapter.ErrGone), errors.Is(err, adapter.ErrForbidden), errors.Is(err, adapter.ErrThread), errors.Is(err, adapter.ErrToken):
		b.trouble = 0
		b.now.refusals++
		b.now.refused[to] = true
		delete(b.before.refused, to)
	default:
		b.trouble++
	}
}

// turn begins a new generation when it is time.
func (b *breaker) turn(now time.Time) {
	if b.now.refused == nil || now.Sub(b.now.since) >= 2*generationLife {
		b.now, b.before = newGeneration(now), newGeneration(now)
	} else if now.Sub(b.now.since) >= generationLife {
		b.now, b.before = newGeneration(now), b.now
	}
}

// outage reports whether many destinations refuse at once.
func (b *breaker) outage() bool {
	refused := len(b.now.refused) + len(b.before.refused)
	return refused >= outageMany && refused >= len(b.now.accepted)+len(b.before.accepted)
}

// theirs reports whether a refusal now says more of the platform than of the destination.
func (b *breaker) theirs(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(now)
	return b.outage()
}

// open reports whether there is trouble, so that only probes should go, and
// after which time the next one may.
func (b *breaker) open(now time.Time) (open bool, probe time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(now)
	if !b.outage() && b.trouble < troubleMany && b.now.refusals+b.before.refusals < refusalBudget {
		return false, 0
	}
	return true, max(b.probe.Sub(now), 0)
}

// pass reports whether a call may go now; while there is trouble it is a probe.
func (b *breaker) pass(now time.Time) bool {
	open, probe := b.open(now)
	if !open {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe > 0 || now.Before(b.probe) {
		return false
	}
	b.probe = now.Add(probeEvery)
	return true
}
