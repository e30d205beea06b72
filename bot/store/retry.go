package store

import (
	"context"
	"fmt"
	"time"

	"griot/commands"
)

// Left is a place where something of a run stays missing, and why.
type Left struct {
	To  commands.Destination
	Why string
}

// PutBack is what was put back into a run.
type PutBack struct {
	Parts, Places int
	Left          []Left
}

// Why something that is missing is not put back.
const (
	LeftDoubt   = "it may have arrived"
	LeftHeld    = "its subscription is paused or stopped"
	LeftGone    = "nobody subscribes to it any more"
	LeftReplied = "a later digest took its place"
)

// PutBack plans anew what is missing of a run, to be sent until expires: what
// cannot arrive or came too late, the parts behind it, and, if doubtful is set,
// what may have arrived, which some may then read twice. What was sent stays.
// A digest is put back only where it is the last one that was planned: a later
// one told the same, or will.
func (s *Store) PutBack(ctx context.Context, run string, doubtful bool, expires, now time.Time) (PutBack, error) {
	var out PutBack
	err := s.tx(ctx, func(tx conn) error {
		out = PutBack{}
		lost, err := lostOf(ctx, tx, run)
		if err != nil || len(lost) == 0 {
			return err
		}
		wishes, err := wishesOf(ctx, tx, run, lost)
		if err != nil {
			return err
		}
		for len(lost) > 0 {
			n := 1
			for n < len(lost) && lost[n].To == lost[0].To {
				n++
			}
			if err := putBack(ctx, tx, lost[:n], wishes[lost[0].To], doubtful, expires, now, &out); err != nil {
				return err
			}
			lost = lost[n:]
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return PutBack{}, fmt.Errorf("put back what is missing: %w", err)
	}
	return out, nil
}

// lostOf locks and returns what is missing of a run, place by place.
func lostOf(ctx context.Context, tx conn, run string) ([]Delivery, error) {
	var out []Delivery
	rows, err := tx.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE run = ? AND `+missing+` ORDER BY platform, chat, thread, part /* FOR UPDATE */`, run)
	return out, each(rows, err, func() error {
		d, err := scanDelivery(rows)
		out = append(out, d)
		return err
	})
}

// wishAt is how the subscriptions of a place stand to a run.
type wishAt struct {
	any, held bool     // some there at all; some of the run that are paused or stopped
	free      []string // ids of those that the run is the last of
}

// wishesOf locks the subscriptions that a run is, or was, the last one of.
func wishesOf(ctx context.Context, tx conn, run string, lost []Delivery) (map[commands.Destination]wishAt, error) {
	out := map[commands.Destination]wishAt{}
	for _, d := range lost {
		out[d.To] = wishAt{}
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, platform, chat, thread, last_run, open_run, CASE WHEN paused = 1 OR stopped <> '' THEN 1 ELSE 0 END
		FROM subscription WHERE (platform, chat, thread) IN (SELECT platform, chat, thread FROM delivery WHERE run = ? AND `+missing+`) ORDER BY id /* FOR UPDATE */`, run)
	return out, each(rows, err, func() error {
		var id, last, open string
		var to commands.Destination
		var held bool
		if err := rows.Scan(&id, &to.Platform, &to.Chat, &to.Thread, &last, &open, &held); err != nil {
			return err
		}
		w := out[to]
		w.any = true
		switch {
		case last != run || open != "" && open != run:
		case held:
			w.held = true
		default:
			w.free = append(w.free, id)
		}
		out[to] = w
		return nil
	})
}

// planAnew makes a delivery new. One in doubt stays so, from when its run was
// planned on: where the platform shows its history, it is looked for first.
const planAnew = `UPDATE delivery SET state = 'planned', not_before = ?, expires = ?, doubts = ?, refusals = 0, cause = '', err = '',
	started_at = CASE WHEN CAST(? AS bigint) = 0 THEN 0 WHEN started_at = 0 THEN (SELECT planned_at FROM run WHERE id = delivery.run) ELSE started_at END,
	changed = ?` + deliveryKey + ` AND state = ?`

// putBack plans anew what is missing at one place.
func putBack(ctx context.Context, tx conn, lost []Delivery, w wishAt, doubtful bool, expires, now time.Time, out *PutBack) error {
	to := lost[0].To
	if lost[0].Purpose == Digest && len(w.free) == 0 {
		why := LeftReplied
		switch {
		case w.held:
			why = LeftHeld
		case !w.any:
			why = LeftGone
		}
		out.Left = append(out.Left, Left{to, why})
		return nil
	}
	parts := 0
	for _, d := range lost {
		if d.inDoubt() && !doubtful {
			continue
		}
		doubt := bit(d.inDoubt())
		r, err := tx.ExecContext(ctx, planAnew, append(append([]any{micro(now), micro(expires), doubt, doubt, micro(now)}, d.key()...), d.State)...)
		if ok, err := affected(r, err, "plan it anew"); err != nil {
			return err
		} else if ok {
			parts++
		}
	}
	if parts < len(lost) {
		out.Left = append(out.Left, Left{to, LeftDoubt})
	}
	if parts == 0 {
		return nil
	}
	out.Parts, out.Places = out.Parts+parts, out.Places+1
	for _, id := range w.free {
		if _, err := tx.ExecContext(ctx, `UPDATE subscription SET open_run = ? WHERE id = ?`, lost[0].Run, id); err != nil {
			return err
		}
	}
	return nil
}

// inDoubt reports whether a delivery that ended may have arrived.
func (d Delivery) inDoubt() bool { return d.State == Unknown || d.Doubts > 0 }
