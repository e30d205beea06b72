package store

import (
	"database/sql"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestKeptStatements: whatever is run on a connection, in whatever order, with
// rows still being read and tables changed in between, statements that were
// kept do what new ones do, and no more are kept than may be.
func TestKeptStatements(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		db, err := openSQLite("file::memory:")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		ctx := t.Context()
		c, err := db.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		run := func(query string, args ...any) error {
			_, err := c.ExecContext(ctx, query, args...)
			return err
		}
		if err := run(`CREATE TABLE fish (id bigint PRIMARY KEY)`); err != nil {
			t.Fatal(err)
		}
		there := map[int]bool{}
		var reading []*sql.Rows
		defer func() {
			for _, r := range reading {
				r.Close()
			}
		}()
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(t *rapid.T) {
				id := rapid.IntRange(0, 9).Draw(t, "id")
				if err := run(`INSERT INTO fish (id) VALUES (?)`, id); (err == nil) == there[id] {
					t.Fatalf("insert %d: %v, there before: %v", id, err, there[id])
				}
				there[id] = true
			},
			"count": func(t *rapid.T) {
				var n int
				if err := c.QueryRowContext(ctx, `SELECT COUNT(*) FROM fish`).Scan(&n); err != nil || n != len(there) {
					t.Fatalf("%d fish, %v, want %d", n, err, len(there))
				}
			},
			"others": func(t *rapid.T) {
				n := rapid.IntRange(1, 2*keptStatements).Draw(t, "n")
				var got int
				if err := c.QueryRowContext(ctx, fmt.Sprintf(`SELECT %d%*s`, n, rapid.IntRange(0, keptText/8).Draw(t, "space"), "")).Scan(&got); err != nil || got != n {
					t.Fatalf("%d, %v, want %d", got, err, n)
				}
			},
			"read": func(t *rapid.T) {
				rows, err := c.QueryContext(ctx, `SELECT id FROM fish WHERE id >= ? ORDER BY id`, 0)
				if err != nil {
					t.Fatal(err)
				}
				reading = append(reading, rows)
			},
			"read on": func(t *rapid.T) {
				if len(reading) == 0 {
					t.Skip("nothing is being read")
				}
				rows := reading[0]
				reading = reading[1:]
				last := -1
				for rows.Next() {
					var id int
					if err := rows.Scan(&id); err != nil || id <= last || !there[id] {
						t.Fatalf("read %d behind %d, %v", id, last, err)
					}
					last = id
				}
				if err := rows.Close(); err != nil {
					t.Fatal(err)
				}
			},
			"alter": func(t *rapid.T) {
				if len(reading) > 0 {
					t.Skip("the table is being read")
				}
				if err := run(`DROP INDEX IF EXISTS by_id`); err != nil {
					t.Fatal(err)
				}
				if err := run(`CREATE INDEX by_id ON fish (id DESC)`); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				err := c.Raw(func(driver any) error {
					k, text := driver.(*keeper), 0
					for query := range k.kept {
						text += len(query)
					}
					if len(k.kept) > keptStatements || k.text != text || text > keptText {
						return fmt.Errorf("%d statements of %d bytes are kept, %d counted", len(k.kept), text, k.text)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}
