//go:build unix && !solaris && !aix

package store

import (
	"os"
	"syscall"
)

// lockFile locks the open file against other holders; the system unlocks it
// when the process ends, however it ends. It returns errHeld when somebody has it.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		return errHeld
	}
	return err
}
