package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// sqliteFile makes an SQLite file with these statements and returns its path.
func sqliteFile(t *testing.T, statements ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.db")
	db, err := sql.Open("sqlite", fileDSN(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestForeignFilesStay: the file of another program is refused as it was.
func TestForeignFilesStay(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"tables":          {`CREATE TABLE subscription (id TEXT)`, `CREATE TABLE moz_places (id TEXT)`},
		"goose of theirs": {`CREATE TABLE goose_db_version (version_id INTEGER)`, `CREATE TABLE customer (id TEXT)`},
		"id":              {`PRAGMA application_id = 252006673`, `CREATE TABLE tiles (id TEXT)`},
		"id, no table":    {`PRAGMA application_id = 252006673`, `VACUUM`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := sqliteFile(t, statements...)
			if err := os.Chmod(file, 0o644); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if s, err := Open(t.Context(), "sqlite:"+file, nil); !errors.Is(err, ErrForeign) || s != nil {
				t.Errorf("open: %v, want a refusal", err)
			}
			after, err := os.ReadFile(file)
			if err != nil || string(after) != string(before) {
				t.Errorf("the file was changed, %v", err)
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("rights %v, %v, want them as they were", info.Mode(), err)
			}
		})
	}
}

// TestFilesBecomeOurs: what is empty or of an older version of ours is taken and marked.
func TestFilesBecomeOurs(t *testing.T) {
	t.Parallel()
	old := filepath.Join(t.TempDir(), "old.db")
	if err := atVersion(t, "sqlite:"+old, 1).Close(); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"new": filepath.Join(t.TempDir(), "new.db"), "empty": empty, "old": old,
		"cut off while made": sqliteFile(t, `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`,
			`INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				s, err := Open(t.Context(), "sqlite:"+file, nil)
				if err != nil {
					t.Fatal(err)
				}
				var id int64
				if err := s.read.QueryRowContext(t.Context(), `PRAGMA application_id`).Scan(&id); err != nil || id != applicationID {
					t.Errorf("application id %x, %v, want %x", id, err, applicationID)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
