package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if os.Getenv(aheadVar) != "" {
		os.Exit(asProgram())
	}
	testscript.Main(m, map[string]func(){"griot": main})
}

// TestScripts runs the program itself. $PACK is the invented pack.
func TestScripts(t *testing.T) {
	t.Parallel()
	pack, err := filepath.Abs("../briefings/briefingstest/pack")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(ts *testscript.TestScript, neg bool, args []string){"griotcode": griotCode},
		Setup: func(e *testscript.Env) error {
			e.Setenv("PACK", pack)
			return nil
		},
	})
}

// griotCode runs griot and wants the exit code that stands first: griotcode 2 say.
func griotCode(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("griot", args[1:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}
