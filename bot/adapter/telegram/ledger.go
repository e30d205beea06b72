package telegram

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// ledger knows which updates came and which of them are handled. Asking for
// updates from an offset on makes Telegram forget those before, so the offset
// stays at the first one not handled.
type ledger struct {
	mu       sync.Mutex
	next     int64          // behind the last that came; 0 before the first
	known    map[int64]bool // from the first not handled on; true when handled
	open     int
	last     time.Time // when an update last came
	finished chan struct{}
}

// tooMany is how many known updates are held back for one that takes long. Past
// them it is confirmed all the same: better lost in a crash than in everybody's way.
const tooMany = 90

// forget is how long an offset is good for: after a week without updates
// Telegram begins anew with any number, https://core.telegram.org/bots/api#update
const forget = 6 * 24 * time.Hour

func newLedger(next int64, last time.Time) *ledger {
	return &ledger{next: next, last: last, known: map[int64]bool{}, finished: make(chan struct{}, 1)}
}

// take reports whether an update is new; then it is in hand until finish.
func (l *ledger) take(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id < l.next {
		return false
	}
	l.known[id] = false
	l.open++
	l.next, l.last = max(l.next, id+1), time.Now()
	return true
}

// finish says that an update is handled.
func (l *ledger) finish(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[id] = true
	l.open--
	if low := l.low(); low == l.next {
		clear(l.known)
	} else {
		for k := range l.known {
			if k < low {
				delete(l.known, k)
			}
		}
	}
	select {
	case l.finished <- struct{}{}:
	default:
	}
}

// low is the first update not handled, or the next that will come.
func (l *ledger) low() int64 {
	if l.open == 0 {
		return l.next
	}
	low := l.next
	for id, handled := range l.known {
		if !handled {
			low = min(low, id)
		}
	}
	return low
}

// offsets are the one to ask from and the one to keep.
func (l *ledger) offsets(now time.Time) (ask, keep int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == 0 && !l.last.IsZero() && now.Sub(l.last) > forget {
		l.next = 0
		clear(l.known)
	}
	keep = l.low()
	if len(l.known) >= tooMany {
		return l.next, keep
	}
	return keep, keep
}

func (l *ledger) idle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open == 0
}

// settle waits for what is in hand: a moment for all of it when there was
// something new, which spares asking twice; else until something is finished,
// because asking brings the same again.
func (l *ledger) settle(ctx context.Context, fresh bool) {
	wait := time.Second
	if fresh {
		wait = 4 * time.Millisecond
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	for !l.idle() {
		select {
		case <-l.finished:
			if !fresh {
				return
			}
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (a *Adapter) offsetNote() string { return "telegram:offset:" + a.id }

// loadOffset reads where the last run stopped.
func (a *Adapter) loadOffset(ctx context.Context) *ledger {
	value, err := a.note(ctx, a.offsetNote())
	if err != nil {
		a.log.Warn("offset not read, updates of the last moments may be answered again", "err", err)
	}
	var next, at int64
	if n, _ := fmt.Sscanf(value, "%d %d", &next, &at); n != 2 {
		return newLedger(0, time.Time{})
	}
	return newLedger(next, time.Unix(at, 0))
}

// saveOffset keeps where to go on after a restart.
func (a *Adapter) saveOffset(ctx context.Context, next int64) {
	value := strconv.FormatInt(next, 10) + " " + strconv.FormatInt(time.Now().Unix(), 10)
	if err := a.setNote(ctx, a.offsetNote(), value); err != nil {
		a.log.Warn("offset not kept, updates may be answered again after a restart", "err", err)
	}
}
