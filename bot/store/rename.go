package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"griot/briefings"
)

// The columns that name items of a pack. Who adds one to the schema adds it
// here, so that what is kept follows an item to another id.
var (
	// itemColumns hold whole ids, such as "event:2024-09-17-bamako-attack", and
	// beside them the number of a revision of the item.
	itemColumns = []struct{ table, id, n string }{{"revision", "id", "n"}, {"fix", "item", "n"}, {"owed", "item", "n"}, {"remark", "item", "n"}}
	// topicColumns hold the slug of a topic, at most once for each of the keys.
	topicColumns = []struct {
		table, slug string
		keys        []string
	}{{"look", "topic", []string{"platform", "chat", "thread"}}, {"pin", "topic", []string{"platform", "chat", "thread"}}}
	// topicsColumns hold slugs of topics joined by ";", at most once for each of the keys.
	topicsColumns = []struct {
		table, slugs string
		keys         []string
	}{
		{"revision", "topics", []string{"id", "n"}},
		{"subscription", "topics", []string{"platform", "chat", "thread", "schedule", "zone", "lang"}},
	}
)

// rename carries what is kept of items over from ids they had before, and
// reports whether there was something.
func rename(ctx context.Context, tx conn, known map[briefings.ID]known, revisions map[briefings.ID]briefings.Revision) (bool, error) {
	renamed := false
	for _, id := range slices.Sorted(maps.Keys(revisions)) {
		for _, old := range revisions[id].Formerly {
			was, ok := known[old]
			if !ok {
				continue
			}
			renamed = true
			if was.retracted {
				if err := unretract(ctx, tx, old, id); err != nil {
					return false, err
				}
			}
			if err := renameItem(ctx, tx, old, id, was.n); err != nil {
				return false, err
			}
			if id.Kind() != briefings.KindTopic {
				continue
			}
			if err := renameTopic(ctx, tx, old.Slug(), id.Slug()); err != nil {
				return false, err
			}
		}
	}
	return renamed, nil
}

// unretract has messages made anew that say that an item was withdrawn, when it
// turns out that it only had another id.
func unretract(ctx context.Context, tx conn, old, id briefings.ID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE post SET fixed = 0 WHERE said IN (SELECT said FROM said_item WHERE item = ?)`, old); err != nil {
		return err
	}
	// What they said first counts, not that they show it under its new id too.
	_, err := tx.ExecContext(ctx, `DELETE FROM said_item WHERE item = ? AND EXISTS (SELECT 1 FROM said_item o WHERE o.said = said_item.said AND o.item = ?)`, id, old)
	return err
}

// renameItem gives the rows of an item its new id. Where it has revisions under
// that one, too, having been taken for another item before it was said to be
// this one, they follow the n of the old id.
func renameItem(ctx context.Context, tx conn, old, id briefings.ID, n int) error {
	if err := renameSaid(ctx, tx, old, id, n); err != nil {
		return err
	}
	for _, c := range itemColumns {
		if _, err := tx.ExecContext(ctx, `UPDATE `+c.table+` SET `+c.n+` = -(`+c.n+` + ?) WHERE `+c.id+` = ?`, n, id); err != nil {
			return err // negative at first: no two may have one number, not even for a moment
		}
		if _, err := tx.ExecContext(ctx, `UPDATE `+c.table+` SET `+c.n+` = -`+c.n+` WHERE `+c.id+` = ? AND `+c.n+` < 0`, id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE `+c.table+` SET `+c.id+` = ? WHERE `+c.id+` = ?`, id, old); err != nil {
			return err
		}
	}
	return nil
}

// renameTopic writes the new slug of a topic where its old one stands. Of two
// rows that become the same the one with the new slug stays.
func renameTopic(ctx context.Context, tx conn, old, slug string) error {
	// The windows of digests name topics in quotes.
	if _, err := tx.ExecContext(ctx, `UPDATE said SET request = REPLACE(request, ?, ?) WHERE request LIKE '{"asks":%'`, `"`+old+`"`, `"`+slug+`"`); err != nil {
		return err
	}
	for _, c := range topicColumns {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+c.table+` WHERE `+c.slug+` = ? AND EXISTS (SELECT 1 FROM `+c.table+` o WHERE o.`+c.slug+` = ?`+
			sameKeys(c.table, c.keys)+`)`, old, slug); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE `+c.table+` SET `+c.slug+` = ? WHERE `+c.slug+` = ?`, slug, old); err != nil {
			return err
		}
	}
	for _, c := range topicsColumns {
		has := `';' || ` + c.table + `.` + c.slugs + ` || ';' LIKE ?`
		replaced := `TRIM(REPLACE(';' || ` + c.table + `.` + c.slugs + ` || ';', ?, ?), ';')`
		from, to := ";"+old+";", ";"+slug+";"
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+c.table+` WHERE `+has+` AND EXISTS (SELECT 1 FROM `+c.table+` o WHERE o.`+c.slugs+` = `+replaced+
			sameKeys(c.table, c.keys)+`)`, "%"+from+"%", from, to); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE `+c.table+` SET `+c.slugs+` = `+replaced+` WHERE `+has, from, to, "%"+from+"%"); err != nil {
			return err
		}
	}
	return nil
}

// sameKeys is the rest of a condition: the other row o has the same keys.
func sameKeys(table string, keys []string) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteString(` AND o.` + k + ` = ` + table + `.` + k)
	}
	return b.String()
}
