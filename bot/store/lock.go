package store

import (
	"fmt"
	"os"
	"strings"
)

// Own takes the right to run on the database, which one process at a time has:
// it posts digests and expires what a former process left. Reading and
// subcommands need no such right. Owning twice is fine; Close gives it up.
func (s *Store) Own() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" || s.lock != nil {
		return nil
	}
	name := s.path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open lock file: %w", err)
	}
	if err := lockFile(f); err != nil {
		held := make([]byte, 20)
		n, _ := f.ReadAt(held, 0)
		f.Close()
		return fmt.Errorf("another griot (process %s) runs on %s: stop it first, or give this one its own file with GRIOT_DATABASE_URL: %w",
			strings.TrimSpace(string(held[:n])), s.path, err)
	}
	if err := f.Truncate(0); err == nil {
		fmt.Fprintln(f, os.Getpid())
	}
	s.lock = f
	return nil
}
