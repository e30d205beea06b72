package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
		Cmds:                map[string]func(ts *testscript.TestScript, neg bool, args []string){"griotcode": griotCode, "replace": replaceText},
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

// replaceText edits a file as an editor does: replace FILE OLD NEW. OLD has to be
// there; \n in NEW is a line break.
func replaceText(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	src := ts.ReadFile(args[0])
	if !strings.Contains(src, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	text := strings.Replace(src, args[1], strings.ReplaceAll(args[2], `\n`, "\n"), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// TestGuideIsTried holds that the records the editors' guide shows are those
// that the script of its steps uses.
func TestGuideIsTried(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../briefings/README.md")
	if err != nil {
		t.Fatal(err)
	}
	tried, err := os.ReadFile("testdata/script/newpack.txtar")
	if err != nil {
		t.Fatal(err)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, `\n`, " ")), " ") }
	for _, first := range []string{"- id: town-news-2025-06-02-storm", "- id: 2025-06-02-storm", `- date: "2025-06-04"`} {
		_, rest, ok := strings.Cut(string(guide), first)
		record, _, _ := strings.Cut(rest, "\n\n")
		record, _, _ = strings.Cut(record, "urgent:") // which the script leaves out
		if !ok || !strings.Contains(squeeze(string(tried)), squeeze(first+record)) {
			t.Errorf("the script does not try the record %s of the guide", first)
		}
	}
}
