package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"griot/commands"
)

// All returns every subscription, place by place, each place's oldest first.
func (s *Store) All(ctx context.Context) ([]commands.Subscription, error) {
	out, err := s.subscriptions(ctx, `ORDER BY platform, chat, thread, created, id`)
	if err != nil {
		return nil, fmt.Errorf("read all subscriptions: %w", err)
	}
	return out, nil
}

// Wanted is a subscription to import: complete but for its id, and Next set.
type Wanted struct {
	commands.Subscription
	// PlanAt is when a slot of it is planned: the slot, or the end of the quiet
	// hours it lies in.
	PlanAt func(slot time.Time) time.Time
}

// Imported counts what an import did.
type Imported struct {
	Added   int // new
	Changed int // has other options now, or is paused
	Resumed int // was paused or stopped and runs again, from now on
	Kept    int // was there just so
}

// Import makes the database have these subscriptions, all or none of them. What
// a place has already runs on; only what differs is changed, so that importing
// twice changes nothing. Subscriptions that are not among them stay.
func (s *Store) Import(ctx context.Context, wanted []Wanted, now time.Time) (Imported, error) {
	var done Imported
	err := s.tx(ctx, func(tx conn) error {
		done = Imported{}
		had, err := present(ctx, tx)
		if err != nil {
			return err
		}
		im := importer{ctx: ctx, tx: tx, now: now, ids: had.ids}
		for i, w := range wanted {
			old, ok := had.find(w.Subscription)
			if ok {
				if ok, err = im.change(old, w, &done); err != nil {
					return err
				}
			}
			if !ok { // of one place those first in the file are the older ones
				im.add(w, now.Add(time.Duration(i)*time.Microsecond))
				done.Added++
			}
			if len(im.new) >= importBatch {
				if err := im.flush(); err != nil {
					return err
				}
			}
		}
		if err := im.flush(); err != nil || done == (Imported{Kept: done.Kept}) {
			return err
		}
		return tx.tell(ctx)
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import subscriptions: %w", err)
	}
	return done, nil
}

// presence are the subscriptions there are, by what they want, and their ids.
type presence struct {
	exact, anyOrder map[string]commands.Subscription
	ids             map[string]bool
}

func present(ctx context.Context, tx conn) (presence, error) {
	p := presence{map[string]commands.Subscription{}, map[string]commands.Subscription{}, map[string]bool{}}
	rows, err := tx.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscription`)
	return p, each(rows, err, func() error {
		sub, err := scanSubscription(rows)
		p.exact[wish(sub)], p.ids[sub.ID] = sub, true
		sorted := sub
		sorted.Topics = slices.Sorted(slices.Values(sub.Topics))
		p.anyOrder[wish(sorted)] = sub
		return err
	})
}

// find finds the subscription that wants the same; the order of topics counts
// only between two that want the same.
func (p presence) find(sub commands.Subscription) (commands.Subscription, bool) {
	if old, ok := p.exact[wish(sub)]; ok {
		return old, true
	}
	sub.Topics = slices.Sorted(slices.Values(sub.Topics))
	old, ok := p.anyOrder[wish(sub)]
	return old, ok
}

// wish is what makes two subscriptions the same.
func wish(s commands.Subscription) string {
	return strings.Join([]string{s.To.String(), strings.Join(s.Topics, ";"), string(s.Schedule), s.Zone, string(s.Lang)}, "\x00")
}

type importer struct {
	ctx context.Context
	tx  conn
	now time.Time
	ids map[string]bool
	new []any // rows to add
}

const importColumns = `id, platform, chat, thread, guild, topics, schedule, zone, lang, when_quiet, quiet_hours, text_only, paused, stopped, next_due, plan_at, last_end, created`

var importTypes = []string{
	"text", "text", "text", "text", "text", "text", "text", "text", "text", "text", "text", "smallint", "smallint", "text", "bigint", "bigint", "bigint", "bigint",
}

func (im *importer) add(w Wanted, created time.Time) {
	id := ""
	for id == "" || im.ids[id] { // short as they are, among very many one comes twice
		id = strings.ToLower(rand.Text()[:8])
	}
	im.ids[id] = true
	im.new = append(im.new, id, w.To.Platform, w.To.Chat, w.To.Thread, w.Guild, strings.Join(w.Topics, ";"), w.Schedule, w.Zone, w.Lang,
		w.WhenQuiet, w.QuietHours, bit(w.TextOnly), bit(w.Paused), "", micro(w.Next), micro(w.PlanAt(w.Next)), 0, micro(created))
}

// importBatch is how many values of new rows are gathered.
const importBatch = 20_000

// flush adds the new rows.
func (im *importer) flush() error {
	defer func() { im.new = im.new[:0] }()
	added := 0
	for v, args := range im.tx.tables(importTypes, im.new) {
		r, err := im.tx.ExecContext(im.ctx, `INSERT INTO subscription (`+importColumns+`) `+v+` ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		added += int(n)
	}
	if added < len(im.new)/len(importTypes) {
		return errors.New("somebody subscribed to one of them meanwhile: import again")
	}
	return nil
}

// change makes an old subscription what is wanted; false when it is gone. It is
// read once more under a lock: where other processes plan, it may have moved on.
func (im *importer) change(old commands.Subscription, w Wanted, done *Imported) (bool, error) {
	if alike(old, w) {
		done.Kept++
		return true, nil
	}
	old, err := scanSubscription(im.tx.QueryRowContext(im.ctx, `SELECT `+subscriptionColumns+` FROM subscription WHERE id = ? /* FOR UPDATE */`, old.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	next := old.Next
	if held(old) && !w.Paused {
		next = w.Next
		done.Resumed++
		if _, err := im.tx.ExecContext(im.ctx, `UPDATE subscription SET last_end = CASE WHEN last_end > 0 THEN ? ELSE last_end END, `+resumed+` WHERE id = ?`,
			micro(im.now), old.ID); err != nil {
			return false, err
		}
	} else {
		done.Changed++
	}
	// One that was stopped stays so, and keeps saying why.
	_, err = im.tx.ExecContext(im.ctx, `UPDATE subscription SET when_quiet = ?, quiet_hours = ?, text_only = ?, next_due = ?, plan_at = ?,
		paused = CASE WHEN ? = 1 AND stopped = '' THEN 1 ELSE paused END WHERE id = ?`,
		w.WhenQuiet, w.QuietHours, bit(w.TextOnly), micro(next), micro(w.PlanAt(next)), bit(w.Paused), old.ID)
	return true, err
}

func held(s commands.Subscription) bool { return s.Paused || s.Stopped != "" }

// alike reports whether there is nothing to change.
func alike(old commands.Subscription, w Wanted) bool {
	return held(old) == w.Paused && old.WhenQuiet == w.WhenQuiet && old.QuietHours == w.QuietHours && old.TextOnly == w.TextOnly
}
