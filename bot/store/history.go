package store

import (
	"context"
	"fmt"
	"time"

	"griot/commands"
)

// PastRun is a run and what became of its parts at one place.
type PastRun struct {
	Run
	Parts []PastPart // in order
}

// PastPart is what became of one part.
type PastPart struct {
	State     State
	NotBefore time.Time
	Changed   time.Time // when it came to this state
	Refusals  int       // how often its destination refused it
	InChat    bool      // it goes to the chat itself, not to its thread
	Ref       string    // id of the message sent
	Err       string
}

// History returns the newest runs of digests that went, or were to go, to a
// destination, at most limit of them, newest first.
func (s *Store) History(ctx context.Context, to commands.Destination, limit int) ([]PastRun, error) {
	var out []PastRun
	rows, err := s.read.QueryContext(ctx, `SELECT r.id, r.run_key, r.slot, r.zone, r.lang, r.window_end, d.state, d.not_before, d.changed, d.refusals, d.via, d.msg_ref, d.err
		FROM (SELECT n.id, n.run_key, n.slot, n.zone, n.lang, n.window_end, n.planned_at FROM run n JOIN delivery f ON f.run = n.id
			WHERE f.platform = ? AND f.chat = ? AND f.thread = ? AND f.part = 0 AND f.purpose = 'digest'
			ORDER BY n.window_end DESC, n.planned_at DESC, n.id LIMIT ?) AS r
		JOIN delivery d ON d.run = r.id AND d.platform = ? AND d.chat = ? AND d.thread = ?
		ORDER BY r.window_end DESC, r.planned_at DESC, r.id, d.part`,
		to.Platform, to.Chat, to.Thread, limit, to.Platform, to.Chat, to.Thread)
	err = each(rows, err, func() error {
		var r PastRun
		var p PastPart
		var end, notBefore, changed int64
		var via string
		err := rows.Scan(&r.ID, &r.Key, &r.Slot, &r.Zone, &r.Lang, &end, &p.State, &notBefore, &changed, &p.Refusals, &via, &p.Ref, &p.Err)
		r.End, p.NotBefore, p.Changed, p.InChat = instant(end), instant(notBefore), instant(changed), via == "chat"
		if n := len(out); n == 0 || out[n-1].ID != r.ID {
			out = append(out, r)
		}
		last := &out[len(out)-1]
		last.Parts = append(last.Parts, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the history of a destination: %w", err)
	}
	return out, nil
}
