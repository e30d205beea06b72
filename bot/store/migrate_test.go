package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"griot/bot/store/storetest"
)

// landed holds the sum of every migration that ever reached somebody. A new
// one adds a line; no line ever changes.
var landed = map[string]string{
	"migrations/00001_start.sql":    "59fe62d6b86148c766e10554a9716798eb3d4e52718530796c08a0cec1a96774",
	"migrations/00002_delivery.sql": "309c04c0b3c4e910802b351f4cf3758a138a21604bb934eff2d0dc0346973542",
	"migrations/00003_notice.sql":   "cc9cc79992a385607180121d774300d36498f05b4327a225d0df0840e6657a29",
	"migrations/00004_content.sql":  "b093dedda443be3b9647262a8c606133a793ab2a0acb08b1691e47bdc93156e0",
	"migrations/00005_post.sql":     "63b0c54184fffa33da8577aa075c6452242860f40afa5c8995087899c39dfb9b",
	"migrations/00006_card.sql":     "59fbcf0f532ec53eb08cd0aeb6677226bcd761f156e73a63ce9aa8ca90514a60",
	"migrations/00007_hold.sql":     "622183a5e314f045c3f7ac645001c60706943441307945374921febac54b2710",
	"migrations/00008_remark.sql":   "55df82a4c82fde0b7e780c5fd2ab97d10a1ccb7ba3364009925ab4591ecedfc7",
	"migrations/00009_pin.sql":      "3f0fa61a2227142a250ef2b8300230bdfbf3cd7259412f055ab1cb9a454efced",
}

func TestLandedMigrationsStay(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		got[name] = hex.EncodeToString(sum[:])
	}
	if diff := cmp.Diff(landed, got); diff != "" {
		t.Errorf("a migration that landed may not change, a new one needs its line here (-landed +now):\n%s", diff)
	}
}

// TestMigrationsGoBothWays runs every migration up, down and up again.
func TestMigrationsGoBothWays(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		p, err := s.migrations(s.db)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.DownTo(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if left := tablesOf(t, s); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		if _, err := p.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.AddSubscription(t.Context(), testSub("1"), noon); err != nil {
			t.Error(err)
		}
	})
}

// TestMigratesFromEverySchema builds each schema there ever was, fills it and
// opens it: every row is still there, word for word.
func TestMigratesFromEverySchema(t *testing.T) {
	t.Parallel()
	for version := int64(1); version <= int64(len(landed)); version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			for _, kind := range []string{"file", "postgres"} {
				t.Run(kind, func(t *testing.T) {
					t.Parallel()
					migratesFrom(t, storetest.URL(t, kind), version)
				})
			}
		})
	}
}

func migratesFrom(t *testing.T, url string, version int64) {
	old := atVersion(t, url, version)
	tables := tablesOf(t, old)
	want := map[string][]string{}
	for table, columns := range tables {
		fill(t, old, table, columns)
		want[table] = dump(t, old, table, columns)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	now := openTest(t, url)
	p, err := now.migrations(now.db)
	if err != nil {
		t.Fatal(err)
	}
	if has, err := p.GetDBVersion(t.Context()); err != nil || has != int64(len(landed)) {
		t.Errorf("schema version %d, %v, want %d", has, err, len(landed))
	}
	for table, columns := range tables {
		if diff := cmp.Diff(want[table], dump(t, now, table, columns)); diff != "" {
			t.Errorf("rows of %s changed (-before +after):\n%s", table, diff)
		}
	}
	if _, _, err := now.AddSubscription(t.Context(), testSub("1"), noon); err != nil {
		t.Errorf("store a subscription: %v", err)
	}
}

// TestManyMigrate: processes that start at once on an empty database do not collide.
func TestManyMigrate(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, kind)
			for range 4 {
				if err := atVersion(t, url, 0).Close(); err != nil {
					t.Fatal(err)
				}
				start := make(chan struct{})
				var all sync.WaitGroup
				for range 6 {
					all.Go(func() {
						<-start
						s, err := Open(t.Context(), url, nil)
						if err != nil {
							t.Errorf("open: %v", err)
							return
						}
						if _, err := s.States(t.Context()); err != nil {
							t.Errorf("use: %v", err)
						}
						if err := s.Close(); err != nil {
							t.Errorf("close: %v", err)
						}
					})
				}
				close(start)
				all.Wait()
			}
		})
	}
}

// atVersion opens a database whose schema is as old as the version.
func atVersion(t *testing.T, url string, version int64) *Store {
	t.Helper()
	s, err := connect(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.migrations(s.db)
	if err != nil {
		t.Fatal(err)
	}
	if version == 0 {
		_, err = p.DownTo(t.Context(), 0)
	} else {
		_, err = p.UpTo(t.Context(), version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// column is a column as the database describes it.
type column struct{ name, kind string }

// tablesOf returns the columns of our tables, whatever the schema.
func tablesOf(t *testing.T, s *Store) map[string][]column {
	t.Helper()
	var names []string
	rows, err := s.write.QueryContext(t.Context(), s.tables)
	if err := each(rows, err, func() error {
		var name string
		err := rows.Scan(&name)
		if !strings.HasPrefix(name, "sqlite") && !strings.HasPrefix(name, "goose") {
			names = append(names, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	tables := map[string][]column{}
	for _, name := range names {
		rows, err := s.write.QueryContext(t.Context(), `SELECT * FROM `+name+` LIMIT 0`)
		if err != nil {
			t.Fatal(err)
		}
		types, err := rows.ColumnTypes()
		if err := errors.Join(err, rows.Close()); err != nil {
			t.Fatal(err)
		}
		for _, c := range types {
			tables[name] = append(tables[name], column{c.Name(), c.DatabaseTypeName()})
		}
	}
	return tables
}

// fill adds three rows to a table, no value of which is like another of its column.
func fill(t *testing.T, s *Store, table string, columns []column) {
	t.Helper()
	for n := range 3 {
		var names, marks []string
		var args []any
		for i, c := range columns {
			names, marks = append(names, c.name), append(marks, "?")
			switch c.kind {
			case "TEXT":
				args = append(args, fmt.Sprintf("%s %d; l’été « 雨 »\n", c.name, n))
			case "BIGINT", "INT8":
				args = append(args, int64(1e15)*int64(i+1)+int64(n))
			case "SMALLINT", "INT2":
				args = append(args, i+n)
			default:
				t.Fatalf("column %s of %s has type %s, which only one engine takes", c.name, table, c.kind)
			}
		}
		if _, err := s.write.ExecContext(t.Context(), `INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, args...); err != nil {
			t.Fatal(err)
		}
	}
}

// dump writes the rows of a table, sorted.
func dump(t *testing.T, s *Store, table string, columns []column) []string {
	t.Helper()
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	var out []string
	rows, err := s.write.QueryContext(t.Context(), `SELECT `+strings.Join(names, ", ")+` FROM `+table)
	if err := each(rows, err, func() error {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		err := rows.Scan(into...)
		out = append(out, fmt.Sprintf("%v", values))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}
