package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/briefings"
)

// Older returns what items said before they changed, and what those said that
// were retracted and are not there again, of each the latest first and at most
// limit together. Revisions whose words were not kept are left out.
func (s *Store) Older(ctx context.Context, ids []briefings.ID, limit int) ([]briefings.Older, error) {
	const columns = `SELECT r.id, r.corrected, r.text_en, r.text_fr, next.seen,
		(SELECT l.retracted FROM revision l WHERE l.id = r.id ORDER BY l.n DESC LIMIT 1)
		FROM revision r JOIN revision next ON next.id = r.id AND next.n = r.n + 1 WHERE r.text_en <> '' AND `
	out, err := s.readOlder(ctx, columns+`next.kind = 'retracted' AND NOT EXISTS (SELECT 1 FROM revision l WHERE l.id = r.id AND l.n > next.n)
		ORDER BY next.seen DESC, r.id LIMIT ?`, max(limit/2, 1))
	if err != nil || len(ids) == 0 || len(out) >= limit {
		return out, err
	}
	args := make([]any, 0, len(ids)+1)
	for _, id := range ids {
		args = append(args, id)
	}
	of, err := s.readOlder(ctx, columns+`r.id IN (?`+strings.Repeat(", ?", len(ids)-1)+`) AND next.kind <> 'retracted' ORDER BY next.seen DESC, r.id, r.n DESC LIMIT ?`,
		append(args, limit-len(out))...)
	return append(of, out...), err
}

func (s *Store) readOlder(ctx context.Context, query string, args ...any) ([]briefings.Older, error) {
	var out []briefings.Older
	rows, err := s.read.QueryContext(ctx, query, args...)
	err = each(rows, err, func() error {
		var o briefings.Older
		var seen int64
		if err := rows.Scan(&o.ID, &o.Told, &o.Words.EN, &o.Words.FR, &seen, &o.Gone); err != nil {
			return err
		}
		o.Until = briefings.DateOf(instant(seen).In(time.UTC))
		out = append(out, o)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what items said before: %w", err)
	}
	return out, nil
}
