package store

import (
	"context"
	"fmt"
	"time"

	"griot/commands"
)

// rememberLooks is how long it is kept when somebody looked. commands says so
// to people.
const rememberLooks = 183 * 24 * time.Hour

// Look notes that somebody looks at what changed in a topic, or in all when it
// is empty, and returns when they last did, there or at all; zero for never.
// What is seen after this call is dated after it, so that nothing falls between
// two looks. What was noted half a year ago goes.
func (s *Store) Look(ctx context.Context, who commands.Destination, topic string, now time.Time) (time.Time, error) {
	var last int64
	err := s.tx(ctx, func(tx conn) error {
		if err := tx.lock(ctx, windows); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM look WHERE looked < ?`, micro(now.Add(-rememberLooks))); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(looked), 0) FROM look WHERE platform = ? AND chat = ? AND thread = ? AND topic IN ('', ?)`,
			who.Platform, who.Chat, who.Thread, topic).Scan(&last); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO look (platform, chat, thread, topic, looked) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (platform, chat, thread, topic) DO UPDATE SET looked = excluded.looked`, who.Platform, who.Chat, who.Thread, topic, micro(now))
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("note a look: %w", err)
	}
	return instant(last), nil
}
