package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/bot/adapter"
)

const (
	// oncePrefix begins the notes of what is done once, by all processes together.
	// Their values are until when they count, in microseconds, and the state.
	oncePrefix         = "once|"
	onceBusy, onceDone = "busy", "done"
	// onceSweep is the time between two looks for notes that count no more.
	onceSweep = 5 * time.Minute
)

func onceValue(until time.Time, state string) string {
	return fmt.Sprintf("%020d %s", micro(until), state)
}

// ClaimOnce asks whether this process is to do what comes to several of them,
// such as to answer an update. Mine is said to one, which has hold for it;
// when it has not settled it by then it is the next one's who asks.
func (s *Store) ClaimOnce(ctx context.Context, what string, hold time.Duration) (adapter.Claim, error) {
	now := time.Now()
	r, err := s.write.ExecContext(ctx, `INSERT INTO note (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE note.value /* COLLATE "C" */ < ?`,
		oncePrefix+what, onceValue(now.Add(hold), onceBusy), onceValue(now, ""))
	mine, err := affected(r, err, fmt.Sprintf("claim %q", what))
	if err != nil {
		return adapter.Busy, err
	}
	if mine {
		s.sweepOnce(ctx, now)
		return adapter.Mine, nil
	}
	value, err := s.Note(ctx, oncePrefix+what)
	if err == nil && strings.HasSuffix(value, onceDone) {
		return adapter.Done, nil
	}
	return adapter.Busy, err
}

// SettleOnce notes that what was claimed is done, and keeps that for a while.
func (s *Store) SettleOnce(ctx context.Context, what string, keep time.Duration) error {
	return s.SetNote(ctx, oncePrefix+what, onceValue(time.Now().Add(keep), onceDone))
}

// sweepOnce deletes what counts no more, now and then.
func (s *Store) sweepOnce(ctx context.Context, now time.Time) {
	last := s.swept.Load()
	if now.UnixMicro()-last < onceSweep.Microseconds() || !s.swept.CompareAndSwap(last, now.UnixMicro()) {
		return
	}
	if _, err := s.write.ExecContext(ctx, `DELETE FROM note WHERE name LIKE ? AND value /* COLLATE "C" */ < ?`, oncePrefix+"%", onceValue(now, "")); err != nil {
		s.log.Warn("old claims not deleted", "err", err)
	}
}
