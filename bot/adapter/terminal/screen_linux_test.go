package terminal

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// pty opens a pseudo-terminal: what a person sees and types is its master.
func pty(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("SKIPPED: no pseudo-terminal on this machine: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	var unlock, n int32
	for _, call := range []struct {
		request uintptr
		at      *int32
	}{{syscall.TIOCSPTLCK, &unlock}, {syscall.TIOCGPTN, &n}} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), call.request, uintptr(unsafe.Pointer(call.at))); errno != 0 {
			t.Fatal(errno)
		}
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("SKIPPED: no pseudo-terminal on this machine: %v", err)
	}
	t.Cleanup(func() { _ = slave.Close() })
	return master, slave
}

func TestTerminalEditsCompletesAndColours(t *testing.T) {
	t.Parallel()
	master, slave := pty(t)
	a := New(Options{In: slave, Out: slave, Greeting: "Welcome."})
	if !a.Interactive() {
		t.Fatal("a pseudo-terminal counts as a pipe")
	}
	done := make(chan error, 1)
	go func() { done <- a.Run(t.Context(), lakeCore{}) }()
	seen := bufio.NewReader(master)
	await := func(want string) string {
		t.Helper()
		var all strings.Builder
		for !strings.Contains(all.String(), want) {
			b, err := seen.ReadByte()
			if err != nil {
				t.Fatalf("%v after %q, want %q", err, all.String(), want)
			}
			all.WriteByte(b)
		}
		return all.String()
	}
	await("> ")
	if _, err := master.WriteString("/dig\t"); err != nil {
		t.Fatal(err)
	}
	await("/digest ")
	if _, err := master.WriteString("\x17/lake\r"); err != nil { // Ctrl-W takes the word back
		t.Fatal(err)
	}
	await(bold + "You" + reset)
	await("Figures")
	if _, err := fmt.Fprintln(a.Notices(slave), "a log line"); err != nil {
		t.Fatal(err)
	}
	await("a log line\r\n")
	if _, err := master.WriteString("\x04"); err != nil { // Ctrl-D
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
