package store

import (
	"context"
	"fmt"
	"time"
)

// now is the database's clock in microseconds, for what processes with clocks
// of their own have in common. PostgreSQL reads it anew wherever it stands, so
// also after a wait for a row; SQLite's is the process's, which is the argument.
const now = `(/* SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint) + 0 * */ CAST(? AS bigint))`

func clock() int64 { return time.Now().UnixMicro() }

// Clock is what the database's clock shows; with SQLite it is the process's.
func (s *Store) Clock(ctx context.Context) (time.Time, error) {
	var us int64
	if err := s.read.QueryRowContext(ctx, `SELECT `+now, clock()).Scan(&us); err != nil {
		return time.Time{}, fmt.Errorf("read the database's clock: %w", err)
	}
	return instant(us), nil
}

// reserve moves a row on by n steps, from its own time or from a little behind
// now, whichever is later. While there is a hold nothing moves.
const reserve = `INSERT INTO limiter (token, tat) VALUES (?, ` + now + ` - CAST(? AS bigint) + CAST(? AS bigint))
	ON CONFLICT (token) DO UPDATE SET tat = CASE WHEN limiter.hold > ` + now + ` THEN limiter.tat
		ELSE CASE WHEN limiter.tat > ` + now + ` - CAST(? AS bigint) THEN limiter.tat ELSE ` + now + ` - CAST(? AS bigint) END + CAST(? AS bigint) END
	RETURNING tat - ` + now + `, hold - ` + now

// Reserve reserves n slots, step apart, in the row of key, which is
// "telegram:123456" for the bot with that public id, and "telegram:123456|CHAT"
// for one chat. The first of them is wait away, 0 if it may be used now. Slots
// that nobody used are made up for as far as behind reaches back: it is how
// many may be used at once after a rest, in time. All processes' slots are
// apart: the row is the only one there is, by the database's clock.
//
// A hold, see HoldUntil, is how long nobody may use the key at all; then nothing
// is reserved, and wait is hold. The generic cell rate algorithm:
// https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
func (s *Store) Reserve(ctx context.Context, key string, n int, step, behind time.Duration) (wait, hold time.Duration, err error) {
	b, all, t := behind.Microseconds(), int64(n)*step.Microseconds(), clock()
	var next, held int64
	err = s.single(ctx, func(ctx context.Context, tx conn) error {
		return tx.QueryRowContext(ctx, reserve, key, t, b, all, t, t, b, t, b, all, t, t).Scan(&next, &held)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("reserve a turn of %s: %w", key, err)
	}
	if held > 0 {
		d := time.Duration(held) * time.Microsecond
		return d, d, nil
	}
	return max(0, time.Duration(next-all)*time.Microsecond), 0, nil
}

// HoldUntil has nobody use the key for d, as a platform asked for. A longer hold
// that there is stays.
func (s *Store) HoldUntil(ctx context.Context, key string, d time.Duration) error {
	us, t := d.Microseconds(), clock()
	_, err := s.write.ExecContext(ctx, `INSERT INTO limiter (token, tat, hold) VALUES (?, 0, `+now+` + CAST(? AS bigint))
		ON CONFLICT (token) DO UPDATE SET hold = CASE WHEN limiter.hold > excluded.hold THEN limiter.hold ELSE excluded.hold END`, key, t, us)
	if err == nil {
		err = s.write.tell(ctx)
	}
	if err != nil {
		return fmt.Errorf("hold %s: %w", key, err)
	}
	return nil
}

// sweep is how old a chat's row is when it says no more than none would: longer
// than any rest that is made up for.
const sweep = time.Hour

// Holds returns how long the keys of a bot are held, its own and those of its
// chats. Rows of chats that mean nothing any more are swept out.
func (s *Store) Holds(ctx context.Context, bot string) (map[string]time.Duration, error) {
	holds, old := map[string]time.Duration{}, 0
	rows, err := s.read.QueryContext(ctx, `SELECT token, hold - `+now+`, tat - `+now+` FROM limiter WHERE token = ? OR token LIKE ?`, clock(), clock(), bot, bot+"|%")
	err = each(rows, err, func() error {
		var key string
		var hold, tat int64
		err := rows.Scan(&key, &hold, &tat)
		if hold > 0 {
			holds[key] = time.Duration(hold) * time.Microsecond
		} else if key != bot && tat < -sweep.Microseconds() {
			old++
		}
		return err
	})
	if err == nil && old > 0 {
		_, err = s.write.ExecContext(ctx, `DELETE FROM limiter WHERE token LIKE ? AND hold < `+now+` AND tat < `+now+` - ?`, bot+"|%", clock(), clock(), sweep.Microseconds())
	}
	if err != nil {
		return nil, fmt.Errorf("read the holds of %s: %w", bot, err)
	}
	return holds, nil
}
