package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestHelpThatCannotBeWrittenIsAFault(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"say", "--help"}} {
		var errs bytes.Buffer
		code := run(t.Context(), system{args: args, env: func(string) (string, bool) { return "", false }, stdout: full{}, stderr: &errs})
		if code != fault || errs.String() != "griot: no space left on device\n" {
			t.Errorf("%s: exit code %d, %q, want 1 and why", strings.Join(args, " "), code, errs.String())
		}
	}
}
