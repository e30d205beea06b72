package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Own takes the right to run on the database, which one process at a time has
// with SQLite: it posts digests and expires what a former process left. On a
// shared database everybody may. Reading and subcommands need no such right.
// Owning twice is fine; Close gives it up.
func (s *Store) Own() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" || s.held != nil {
		return nil
	}
	f, err := takeFile(s.path)
	s.held = f
	return err
}

// errHeld says that another process has the lock.
var errHeld = errors.New("held by another process")

// takeFile takes the lock of the process that runs on a file.
func takeFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	if err := lockFile(f); err != nil {
		held := make([]byte, 20)
		n, _ := f.ReadAt(held, 0)
		f.Close()
		if !errors.Is(err, errHeld) {
			return nil, fmt.Errorf("lock %s: %w; is it on a network drive? put it on a local disk", f.Name(), err)
		}
		return nil, fmt.Errorf("another griot (process %s) runs on %s: stop it first, or give this one its own file with GRIOT_DATABASE_URL",
			strings.TrimSpace(string(held[:n])), path)
	}
	if err := f.Truncate(0); err == nil {
		fmt.Fprintln(f, os.Getpid())
	}
	return f, nil
}

// takeFileSoon waits some seconds for the lock, for what others do quickly.
func takeFileSoon(ctx context.Context, path string) (*os.File, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		f, err := takeFile(path)
		if err == nil {
			return f, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-again.C:
		}
	}
}
