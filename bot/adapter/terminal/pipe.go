package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// runPipe answers one line after the other.
func (a *Adapter) runPipe(ctx context.Context, core adapter.Core) error {
	in := bufio.NewReader(a.o.In)
	return a.converse(ctx, core, func() (string, error) { return readLine(in) })
}

// converse reads lines on a goroutine of its own, because reading cannot be
// told to stop, and answers them in order. What was read when ctx ends and is
// not yet being answered is dropped.
func (a *Adapter) converse(ctx context.Context, core adapter.Core, read func() (string, error)) error {
	type input struct {
		line string
		err  error
	}
	lines := make(chan input)
	go func() {
		defer close(lines)
		for {
			l, err := read()
			select {
			case lines <- input{l, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	c := &chat{a: a, core: core}
	for {
		select {
		case <-ctx.Done():
			a.interrupt()
			return nil
		case in := <-lines:
			if ctx.Err() != nil {
				return nil
			}
			if err := c.say(ctx, in.line); err != nil {
				return fmt.Errorf("print: %w", err)
			}
			switch {
			case errors.Is(in.err, io.EOF):
				return nil
			case in.err != nil:
				return fmt.Errorf("read: %w", in.err)
			}
		}
	}
}

// interrupt ends a read under way, where the input can.
func (a *Adapter) interrupt() {
	if d, ok := a.o.In.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = d.SetReadDeadline(time.Unix(1, 0)) // files that cannot say so by an error, which is as good
	}
}

// readLine reads to the end of a line, or of the input. Of an endless line it
// keeps one byte more than commands.ParseLine reads, which then says so.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		chunk, more, err := in.ReadLine()
		if room := commands.MaxLine + 1 - len(line); room > 0 {
			line = append(line, chunk[:min(len(chunk), room)]...)
		}
		if err != nil || !more {
			return string(line), err
		}
	}
}
