package telegram

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
)

// ledger knows which updates came and which are in hand. Asking for updates
// from an offset on makes Telegram forget those before it, so what is in hand
// is kept in Notes first: one note for the offset and for all that is in hand.
type ledger struct {
	mu       sync.Mutex
	next     int64 // behind the last that came; 0 before the first
	open     map[int64]json.RawMessage
	last     time.Time     // when an update last came
	finished chan struct{} // something is to be saved
	settled  chan struct{} // likewise, for settle: one signal for two would reach one
}

// forget is how long an offset is good for: after a week without updates
// Telegram begins anew with any number, https://core.telegram.org/bots/api#update
const forget = 6 * 24 * time.Hour

func newLedger(next int64, last time.Time) *ledger {
	return &ledger{next: next, last: last, open: map[int64]json.RawMessage{}, finished: make(chan struct{}, 1), settled: make(chan struct{}, 1)}
}

// take reports whether an update is new; then it is in hand until finish.
func (l *ledger) take(id int64, raw json.RawMessage) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id < l.next {
		return false
	}
	l.open[id] = raw
	l.next, l.last = id+1, time.Now()
	return true
}

// finish says that an update is handled.
func (l *ledger) finish(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, id)
	for _, c := range []chan struct{}{l.finished, l.settled} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// offset is what to ask from: past what is in hand if that is kept, else at the
// first of it.
func (l *ledger) offset(now time.Time, kept bool) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) == 0 && !l.last.IsZero() && now.Sub(l.last) > forget {
		l.next = 0
	}
	low := l.next
	if !kept {
		for id := range l.open {
			low = min(low, id)
		}
	}
	return low
}

func (l *ledger) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open) == 0
}

// settle waits until nothing is in hand, for d at most.
func (l *ledger) settle(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	for !l.idle() {
		select {
		case <-l.settled:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// record is the note a ledger is kept as.
type record struct {
	Next int64             `json:"next"`
	Last int64             `json:"last"` // unix seconds
	By   string            `json:"by"`   // the poller's term
	Open []json.RawMessage `json:"open,omitempty"`
}

func (l *ledger) record(by string) record {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := record{Next: l.next, Last: l.last.Unix(), By: by}
	for _, id := range slices.Sorted(maps.Keys(l.open)) {
		r.Open = append(r.Open, l.open[id])
	}
	return r
}
