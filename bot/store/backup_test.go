package store

import (
	"context"
	"errors"
	"io/fs"
	"maps"
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

// everything dumps all rows but the notes about holds and backups.
func everything(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for table, columns := range tablesOf(t, s) {
		rows := dump(t, s, table, columns)
		all[table] = slices.DeleteFunc(rows, func(row string) bool {
			return strings.HasPrefix(row, "["+holdNote+" ") || strings.HasPrefix(row, "["+backupNote+" ")
		})
	}
	return all
}

// filled opens a database that has rows in every table.
func filled(t *testing.T, url string) *Store {
	t.Helper()
	s := openTest(t, url)
	for table, columns := range tablesOf(t, s) {
		fill(t, s, table, columns)
	}
	return s
}

func backup(t *testing.T, s *Store) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "backup of today.db")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEveryTableIsBackedUp(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		if got := slices.Sorted(maps.Keys(tablesOf(t, s))); !slices.Equal(got, slices.Sorted(slices.Values(tables))) {
			t.Errorf("tables %v, backed up are %v", got, tables)
		}
	})
}

// TestBackUpAndRestore goes from every engine to every engine.
func TestBackUpAndRestore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := filled(t, url)
		want := everything(t, s)
		file := backup(t, s)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v, want rights 0600", info.Mode(), err)
		}
		alone(t, file)
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Each(t, func(t *testing.T, url string) {
			to := openTest(t, url)
			if _, _, err := to.AddSubscription(t.Context(), testSub("1"), noon); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := to.Restore(t.Context(), file); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, everything(t, to)); diff != "" {
					t.Errorf("restored (-was +is):\n%s", diff)
				}
			}
			reason, since, err := to.Paused(t.Context())
			if err != nil || !strings.HasPrefix(reason, "restored from a backup of 2") || !strings.HasSuffix(reason, " UTC") || time.Since(since) > time.Minute {
				t.Errorf("held since %s for %q, %v", since, reason, err)
			}
			if got, err := to.Note(t.Context(), backupNote); err != nil || got != "" {
				t.Errorf("the backup's own note %q, %v", got, err)
			}
			if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
				t.Errorf("the backup was changed, %v", err)
			}
		})
	})
}

// alone wants nothing but the file in its folder.
func alone(t *testing.T, file string) {
	t.Helper()
	list, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(list) != 1 || list[0].Name() != filepath.Base(file) {
		t.Errorf("in its folder are %v, %v", list, err)
	}
}

// TestBackUpWhileUsed: a copy is of one instant, whoever writes.
func TestBackUpWhileUsed(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := openTest(t, storetest.URL(t, kind))
			put := func(n int) error { // in two tables, the same number
				return s.tx(t.Context(), func(tx conn) error {
					for _, stmt := range []string{
						`INSERT INTO limiter (token, tat) VALUES ('n', ?) ON CONFLICT (token) DO UPDATE SET tat = excluded.tat`,
						`INSERT INTO note (name, value) VALUES ('n', CAST(CAST(? AS bigint) AS text)) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
					} {
						if _, err := tx.ExecContext(t.Context(), stmt, n); err != nil {
							return err
						}
					}
					return nil
				})
			}
			if err := put(0); err != nil {
				t.Fatal(err)
			}
			stop := make(chan struct{})
			var writer sync.WaitGroup
			writer.Go(func() {
				for n := 1; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					if err := put(n); err != nil {
						t.Errorf("write: %v", err)
						return
					}
				}
			})
			seen := map[string]bool{}
			for range 5 {
				to := openTest(t, "sqlite::memory:")
				if err := to.Restore(t.Context(), backup(t, s)); err != nil {
					t.Fatal(err)
				}
				var tat, note string
				if err := to.read.QueryRowContext(t.Context(), `SELECT CAST(tat AS text), value FROM limiter JOIN note ON name = token`).Scan(&tat, &note); err != nil || tat != note {
					t.Errorf("a copy holds %s and %s, %v", tat, note, err)
				}
				seen[note] = true
			}
			close(stop)
			writer.Wait()
			if len(seen) < 2 {
				t.Error("nothing was written meanwhile: this test tests nothing")
			}
		})
	}
}

func TestBackUpRefuses(t *testing.T) {
	t.Parallel()
	s := filled(t, storetest.URL(t, "file"))
	dir := t.TempDir()
	file := filepath.Join(dir, "precious")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	dangling := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), dangling); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), dangling); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a link: %v", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(dir, "no", "where")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into no folder: %v", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(done, filepath.Join(dir, "late")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	alone(t, file)
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("%q, %v", text, err)
	}
}
