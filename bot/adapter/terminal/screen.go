package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"griot/bot/adapter"
)

// widest is the longest row that reads well.
const widest = 100

// screen is a terminal on both ends.
type screen struct {
	in, out *os.File
	mu      sync.Mutex
	editor  *term.Terminal // set while lines are edited
}

// newScreen returns nil when one of the ends is no terminal.
func newScreen(in io.Reader, out io.Writer) *screen {
	i, okIn := in.(*os.File)
	o, okOut := out.(*os.File)
	if !okIn || !okOut || !term.IsTerminal(int(i.Fd())) || !term.IsTerminal(int(o.Fd())) {
		return nil
	}
	return &screen{in: i, out: o}
}

func (s *screen) paper(colour bool) paper {
	w, _, err := term.GetSize(int(s.out.Fd()))
	if err != nil || w < 20 {
		w = 80
	}
	return paper{width: min(w, widest), colour: colour}
}

// Write prints above the line that is being edited, if one is.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	e := s.editor
	s.mu.Unlock()
	if e != nil {
		return e.Write(b)
	}
	return s.out.Write(b)
}

func (s *screen) edit(e *term.Terminal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.editor = e
}

// Notices wraps a writer, such as a log's, so that what it is given does not
// break the line being edited.
func (a *Adapter) Notices(w io.Writer) io.Writer {
	f, ok := w.(*os.File)
	if a.screen == nil || !ok || !term.IsTerminal(int(f.Fd())) {
		return w
	}
	return a.screen
}

// runScreen edits lines until Ctrl-C, Ctrl-D or the end of ctx.
func (a *Adapter) runScreen(ctx context.Context, core adapter.Core) error {
	fd := int(a.screen.in.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer func() {
		a.screen.edit(nil)
		_ = term.Restore(fd, before) // nothing is left to do about it
		fmt.Fprintln(a.screen.out)
	}()
	e := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{a.screen.in, a.screen.out}, "> ")
	e.AutoCompleteCallback = func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		line, pos = a.complete(ctx, core, a.screen, line, pos)
		return line, pos, true
	}
	a.screen.edit(e)
	if a.o.Greeting != "" {
		fmt.Fprintln(a.screen, a.o.Greeting)
	}
	return a.converse(ctx, core, func() (string, error) {
		if w, h, err := term.GetSize(fd); err == nil && w > 0 {
			_ = e.SetSize(w, h) // a terminal that cannot be redrawn shows so itself
		}
		line, err := e.ReadLine()
		if errors.Is(err, term.ErrPasteIndicator) {
			err = nil
		}
		return line, err
	})
}
