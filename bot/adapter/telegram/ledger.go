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

	saving sync.Mutex
	saved  string // the note as it stands, but for its time
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
	Open []json.RawMessage `json:"open,omitempty"`
}

func (l *ledger) record() record {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := record{Next: l.next, Last: l.last.Unix()}
	for _, id := range slices.Sorted(maps.Keys(l.open)) {
		r.Open = append(r.Open, l.open[id])
	}
	return r
}

func (a *Adapter) ledgerNote() string { return "telegram:updates:" + a.id }

// load reads where the last run stopped and what it had in hand then.
func (a *Adapter) load(ctx context.Context) (*ledger, []json.RawMessage) {
	value, err := a.note(ctx, a.ledgerNote())
	if err != nil {
		a.log.Warn("offset not read, updates of the last moments may be answered again", "err", err)
	}
	var r record
	if json.Unmarshal([]byte(value), &r) != nil || r.Next <= 0 {
		return newLedger(0, time.Time{}), nil
	}
	return newLedger(r.Next, time.Unix(r.Last, 0)), r.Open
}

// save keeps the ledger if it changed, and reports whether it is kept.
func (a *Adapter) save(ctx context.Context, l *ledger) bool {
	l.saving.Lock()
	defer l.saving.Unlock()
	r := l.record()
	if r.Next == 0 {
		return true
	}
	raw, err := json.Marshal(r)
	if err == nil && string(raw) == l.saved {
		return true
	}
	if err == nil {
		err = a.setNote(ctx, a.ledgerNote(), string(raw))
	}
	if err != nil {
		a.log.Warn("offset not kept, updates may be answered again after a restart", "err", err)
		return false
	}
	l.saved = string(raw)
	return a.notes != nil
}

// saveTime is how long what is handled may still stand in the note as in hand.
const saveTime = 25 * time.Millisecond

// keepSaving saves what is finished while the poll loop waits for updates.
func (a *Adapter) keepSaving(ctx context.Context, l *ledger, stop <-chan struct{}) {
	for {
		select {
		case <-l.finished:
		case <-stop:
			return
		}
		sleep(ctx, saveTime)
		a.save(ctx, l)
	}
}
