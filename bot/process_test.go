package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// aheadVar makes this test binary the program itself, with a clock that is
// ahead by so much.
const aheadVar = "GRIOT_TEST_AHEAD"

// asProgram is the program, as main runs it but for the clock. It ends with
// its standard input: no process of a test outlives the test.
func asProgram() int {
	ahead, err := time.ParseDuration(os.Getenv(aheadVar))
	if err != nil {
		panic(err)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return run(ctx, system{
		args: os.Args[1:], env: os.LookupEnv, stdin: strings.NewReader(""), stdout: os.Stdout, stderr: os.Stderr,
		now: func() time.Time { return time.Now().Add(ahead) },
	})
}

// process is the program as a process of its own.
type process struct {
	t     testing.TB
	name  string // whose messages on Telegram are its
	cmd   *exec.Cmd
	log   *buffer
	ended chan struct{}
}

// startProcess runs the program with these settings, on a clock that is ahead.
func startProcess(t testing.TB, ahead time.Duration, env map[string]string, args ...string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(exe, args...), log: newBuffer(), ended: make(chan struct{})}
	p.cmd.Args[0] = "griot"
	p.cmd.Dir = t.TempDir() // no griot.yaml
	p.cmd.Env = []string{aheadVar + "=" + ahead.String(), "GRIOT_LOG=info"}
	for k, v := range env {
		p.cmd.Env = append(p.cmd.Env, k+"="+v)
	}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if _, err := p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // its state tells
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the process as a power cut would: it gets no word of it.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// stop ends the process as an operator would.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatalf("it ended by itself: %v\n%s", err, p.log)
	}
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.t.Fatalf("still running 20 s after the stop:\n%s", p.log)
	}
	if code := p.cmd.ProcessState.ExitCode(); code != done {
		p.t.Errorf("exit code %d after a stop, want 0:\n%s", code, p.log)
	}
}

// running reports whether the process has not ended.
func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}
