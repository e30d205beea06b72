package main

import (
	"syscall"
	"testing"
)

// smallDisk is a folder on a disk of eight megabytes.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("griot", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("NOT TESTED: a small disk needs the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}
