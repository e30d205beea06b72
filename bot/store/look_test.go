package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"griot/bot/store/storetest"
)

// TestLookChangesNothing: what is not there is not made, what is older stays older.
func TestLookChangesNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, kind)
			if kind == "postgres" {
				if _, err := Look(t.Context(), url, nil); !errors.Is(err, ErrEmpty) {
					t.Errorf("look at an empty database: %v, want that it is empty", err)
				}
			}
			old := atVersion(t, url, 1)
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if s, err := Look(t.Context(), url, nil); !errors.Is(err, ErrOlder) || s != nil {
					t.Errorf("look: %v, want that it is older", err)
				}
			}
			openTest(t, url) // a bot runs
			s, err := Look(t.Context(), url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.All(t.Context()); err != nil {
				t.Errorf("read: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLookMakesNoFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "griot.db")
	if s, err := Look(t.Context(), "sqlite:"+file, nil); !errors.Is(err, fs.ErrNotExist) || s != nil {
		t.Errorf("look: %v, want that there is no file", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is there now, %v", err)
	}
}

// TestFullDisk: a migration without room says so in one sentence, and leaves
// the schema as it was.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "griot.db")
	s := atVersion(t, url, 1)
	if _, err := s.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
		t.Fatal(err)
	}
	if err := s.migrate(t.Context()); !errors.Is(err, ErrFull) || err.Error() != ErrFull.Error() {
		t.Errorf("migrate: %v, want %v", err, ErrFull)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	openTest(t, url)
}
