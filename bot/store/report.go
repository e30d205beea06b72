package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/commands"
)

// BehindLost is why a part is skipped that stands behind one that did not arrive.
const BehindLost = "an earlier part did not arrive"

// missing is true for deliveries that were wanted and did not, or may not have,
// arrived. What was skipped for another reason was not wanted.
const missing = `(state IN ('dead', 'expired', 'unknown') OR state = 'skipped' AND err = '` + BehindLost + `')`

// RunReport is a run and what became of its deliveries.
type RunReport struct {
	Run
	Planned time.Time
	Held    time.Time // since when; zero: it is not
	Why     string    // it is held
	Purpose Purpose
	States  map[State]int // parts in each state
	Places  int
	Missing []commands.Destination // where something is missing, each once, in order
}

// Finished reports whether none of the run's deliveries is open.
func (r RunReport) Finished() bool {
	return r.States[Planned]+r.States[Claimed]+r.States[Started]+r.States[Retry] == 0
}

// Reports returns the newest runs that have deliveries, newest first: at most
// limit of them, 0 for all. With an id it returns that run alone.
func (s *Store) Reports(ctx context.Context, id string, limit int) ([]RunReport, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	out, at, err := s.newest(ctx, id, limit)
	if err == nil {
		err = s.count(ctx, id, at, out)
	}
	if err == nil {
		err = s.missed(ctx, id, at, out)
	}
	if err != nil {
		return nil, fmt.Errorf("read what became of runs: %w", err)
	}
	return out, nil
}

// newest returns runs and where each is among them.
func (s *Store) newest(ctx context.Context, id string, limit int) (out []RunReport, at map[string]int, err error) {
	at = map[string]int{}
	rows, err := s.read.QueryContext(ctx, `SELECT id, run_key, slot, zone, lang, window_end, planned_at, held, held_why FROM run
		WHERE (? = '' OR id = ?) AND EXISTS (SELECT 1 FROM delivery d WHERE d.run = run.id) ORDER BY planned_at DESC, window_end DESC, id LIMIT ?`, id, id, limit)
	return out, at, each(rows, err, func() error {
		r := RunReport{States: map[State]int{}}
		var end, planned, held int64
		err := rows.Scan(&r.ID, &r.Key, &r.Slot, &r.Zone, &r.Lang, &end, &planned, &held, &r.Why)
		r.End, r.Planned, r.Held = instant(end), instant(planned), instant(held)
		at[r.ID], out = len(out), append(out, r)
		return err
	})
}

// count counts the parts and places of runs. Reading all is quicker than asking
// for each where there are many runs, and as quick where there are few.
func (s *Store) count(ctx context.Context, id string, at map[string]int, out []RunReport) error {
	in, args := reported(id, out)
	rows, err := s.read.QueryContext(ctx, `SELECT run, purpose, state, COUNT(*), SUM(CASE WHEN part = 0 THEN 1 ELSE 0 END) FROM delivery WHERE `+in+` GROUP BY run, purpose, state`, args...)
	return each(rows, err, func() error {
		var run string
		var purpose Purpose
		var state State
		var parts, places int
		if err := rows.Scan(&run, &purpose, &state, &parts, &places); err != nil {
			return err
		}
		if i, ok := at[run]; ok {
			if out[i].Purpose == "" || !purpose.Acts() { // a pin's text, not that it was pinned
				out[i].Purpose = purpose
			}
			out[i].States[state] += parts
			out[i].Places += places
		}
		return nil
	})
}

// missed adds the places where something is missing.
func (s *Store) missed(ctx context.Context, id string, at map[string]int, out []RunReport) error {
	in, args := reported(id, out)
	rows, err := s.read.QueryContext(ctx, `SELECT DISTINCT run, platform, chat, thread FROM delivery WHERE `+in+` AND `+missing+` ORDER BY run, platform, chat, thread`, args...)
	return each(rows, err, func() error {
		var run string
		var to commands.Destination
		if err := rows.Scan(&run, &to.Platform, &to.Chat, &to.Thread); err != nil {
			return err
		}
		if i, ok := at[run]; ok {
			out[i].Missing = append(out[i].Missing, to)
		}
		return nil
	})
}

// reported is the condition of the deliveries of some runs: by name while they
// are few, else all.
func reported(id string, out []RunReport) (in string, args []any) {
	if id == "" && len(out) > bulkRows {
		return `1 = 1`, nil
	}
	for _, r := range out {
		args = append(args, r.ID)
	}
	if len(args) == 0 {
		return `1 = 0`, nil
	}
	return `run IN (` + strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ") + `)`, args
}

// RunsNamed returns up to two ids of runs that begin with the given hexadecimal
// digits: one of one run, two of several, none.
func (s *Store) RunsNamed(ctx context.Context, digits string) ([]string, error) {
	if digits == "" || strings.Trim(digits, "0123456789abcdef") != "" {
		return nil, nil // LIKE has signs of its own
	}
	var out []string
	rows, err := s.read.QueryContext(ctx, `SELECT id FROM run WHERE id LIKE ? ORDER BY id LIMIT 2`, digits+"%")
	err = each(rows, err, func() error {
		var id string
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for a run: %w", err)
	}
	return out, nil
}
