package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/store/storetest"
)

// TestRestoreRefuses: what is no whole backup changes nothing.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := filled(t, url)
		want := everything(t, s)
		whole, err := os.ReadFile(backup(t, s))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		refuses := func(what, file string, kind error) {
			t.Helper()
			if err := s.Restore(t.Context(), file); !errors.Is(err, kind) || err != nil && strings.Contains(err.Error(), "%!") {
				t.Errorf("%s: %v, want %v", what, err, kind)
			}
		}
		made := func(content []byte) string {
			t.Helper()
			f, err := os.CreateTemp(dir, "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write(content); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			return f.Name()
		}
		refuses("nothing", filepath.Join(dir, "nothing"), fs.ErrNotExist)
		refuses("a folder", dir, ErrNoBackup)
		for n := 0; n < len(whole); n += 1 + n/2 { // cut off anywhere
			refuses(fmt.Sprintf("%d of %d bytes", n, len(whole)), made(whole[:n]), ErrNoBackup)
		}
		for n := 4096; n < len(whole); n += 4096 { // and between its pages
			refuses(fmt.Sprintf("%d of %d bytes", n, len(whole)), made(whole[:n]), ErrNoBackup)
		}
		for n := 4096; n < len(whole); n += 4096 { // with a hole anywhere
			refuses(fmt.Sprintf("a hole at %d", n), made(slices.Concat(whole[:n], make([]byte, 4096), whole[n+4096:])), ErrNoBackup)
		}
		refuses("more than whole", made(append(slices.Clone(whole), 0)), ErrNoBackup)
		refuses("a text", made([]byte(strings.Repeat("not a database ", 100))), ErrNoBackup)
		refuses("another program's", sqliteFile(t, `CREATE TABLE moz_places (id TEXT)`), ErrNoBackup)
		refuses("an empty database", sqliteFile(t, `VACUUM`), ErrNoBackup)
		refuses("a newer one's", sqliteFile(t, `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY, version_id INTEGER, is_applied INTEGER, tstamp TIMESTAMP)`,
			`CREATE TABLE subscription (id TEXT)`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`), ErrNewer)
		if s.path != "" {
			refuses("itself", s.path, ErrNoBackup)
			refuses("one in use", filled(t, storetest.URL(t, "file")).path, ErrNoBackup)
		}
		if diff := cmp.Diff(want, everything(t, s)); diff != "" {
			t.Errorf("changed (-was +is):\n%s", diff)
		}
		if reason, _, err := s.Paused(t.Context()); reason != "" || err != nil {
			t.Errorf("held for %q, %v", reason, err)
		}
	})
}

// TestRestoreIsAllOrNothing: a fault in the middle leaves everything as it was.
func TestRestoreIsAllOrNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		file := backup(t, filled(t, "sqlite::memory:"))
		if err := s.SetNote(t.Context(), "a", "b"); err != nil {
			t.Fatal(err)
		}
		refusal := `CREATE TRIGGER refusal BEFORE INSERT ON setting BEGIN SELECT RAISE(ABORT, 'refusal'); END`
		if s.Shared() {
			refusal = `ALTER TABLE setting ADD CONSTRAINT refusal CHECK (zone = '')`
		}
		if _, err := s.write.ExecContext(t.Context(), refusal); err != nil {
			t.Fatal(err)
		}
		want := everything(t, s)
		if err := s.Restore(t.Context(), file); err == nil || !strings.Contains(err.Error(), "refusal") {
			t.Errorf("restored: %v", err)
		}
		if diff := cmp.Diff(want, everything(t, s)); diff != "" {
			t.Errorf("changed (-was +is):\n%s", diff)
		}
	})
}

// TestRestoresEverySchema: a file of any older version is restored, and stays as it is.
func TestRestoresEverySchema(t *testing.T) {
	t.Parallel()
	for version := int64(1); version <= int64(len(landed)); version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "old.db")
			old := atVersion(t, "sqlite:"+file, version)
			columns, want := tablesOf(t, old), map[string][]string{}
			for table, columns := range columns {
				fill(t, old, table, columns)
				want[table] = dump(t, old, table, columns)
			}
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{"memory", "postgres"} {
				t.Run(kind, func(t *testing.T) {
					t.Parallel()
					s := openTest(t, storetest.URL(t, kind))
					if err := s.Restore(t.Context(), file); err != nil {
						t.Fatal(err)
					}
					if _, err := s.Release(t.Context()); err != nil {
						t.Fatal(err)
					}
					for table, columns := range columns {
						if diff := cmp.Diff(want[table], dump(t, s, table, columns)); diff != "" {
							t.Errorf("rows of %s (-was +is):\n%s", table, diff)
						}
					}
					if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
						t.Errorf("the file was changed, %v", err)
					}
				})
			}
		})
	}
}

// TestRestoreWaitsForItsTurn: who writes for longer than others wait for the file
// keeps no restore away.
func TestRestoreWaitsForItsTurn(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "file")
	s, other := openTest(t, url), openTest(t, url)
	file := backup(t, filled(t, "sqlite::memory:"))
	tx, err := other.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restored := make(chan error, 1)
	go func() { restored <- s.Restore(t.Context(), file) }()
	select {
	case err := <-restored:
		t.Fatalf("it did not wait: %v, %v", err, tx.Rollback())
	case <-time.After(6 * time.Second): // SQLite's own patience is five
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-restored; err != nil {
		t.Error(err)
	}
}

// TestRestoreWhileUsed: of what others write meanwhile nothing from before is left.
func TestRestoreWhileUsed(t *testing.T) {
	t.Parallel()
	pair(t, func(t *testing.T, p [2]*Store) {
		file := backup(t, filled(t, "sqlite::memory:"))
		stop, began := make(chan struct{}), make(chan struct{})
		var writer sync.WaitGroup
		writer.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				_, err := p[1].write.ExecContext(t.Context(), `INSERT INTO note (name, value)
					SELECT CAST(? AS text), CASE WHEN EXISTS (SELECT 1 FROM note WHERE name = 'hold') THEN 'held' ELSE 'free' END`, fmt.Sprint("n", n))
				if err != nil {
					t.Errorf("write: %v", err)
					return
				}
				if n == 10 {
					close(began)
				}
			}
		})
		<-began
		if err := p[0].Restore(t.Context(), file); err != nil {
			t.Error(err)
		}
		close(stop)
		writer.Wait()
		var old int
		if err := p[0].read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM note WHERE value = 'free'`).Scan(&old); err != nil || old > 0 {
			t.Errorf("%d rows from before, %v", old, err)
		}
	})
}
