//go:build !unix || solaris || aix

package store

import "os"

// lockFile does nothing where the system has no such lock.
func lockFile(*os.File) error { return nil }
