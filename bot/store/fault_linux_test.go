package store

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestSmallDisk fills a real one, which has more ways to fail: the log beside
// the file, its index, the lock.
func TestSmallDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("griot", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("NOT TESTED: a small disk needs the right to mount one: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	}()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(dir, "griot.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	noRoom(t, s)
	if err := syscall.Mount("griot", dir, "tmpfs", syscall.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	roomAgain(t, s)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
