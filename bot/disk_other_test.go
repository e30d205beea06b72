//go:build !linux

package main

import "testing"

func smallDisk(t *testing.T) string {
	t.Helper()
	t.Skip("NOT TESTED: there is no small disk on this system")
	return ""
}
