// Package terminal is the adapter for the terminal the program runs in: a chat
// for one person. On a terminal it edits lines, completes them with Tab, wraps
// and colours; from a pipe it reads one request a line and writes plain text.
// Buttons are numbered, and typing the number presses one. No control character
// gets through, neither from content nor from input.
package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// Here is the one place a terminal has.
var Here = commands.Place{
	Destination: commands.Destination{Platform: commands.Terminal, Chat: "here"},
	Private:     true, Postable: true,
}

// Options is what a terminal adapter is made of.
type Options struct {
	In  io.Reader
	Out io.Writer
	// Locale is the language tag of whoever sits here, such as fr-FR; may be empty.
	Locale string
	// Plain says that nobody wants colours, even on a terminal.
	Plain bool
	// Greeting is printed before the first prompt of a terminal, not of a pipe.
	Greeting string
	Now      func() time.Time // time.Now unless set
}

// Adapter is the terminal.
type Adapter struct {
	o      Options
	screen *screen // nil unless In and Out are a terminal
	mu     sync.Mutex
	sent   atomic.Int64
}

var _ adapter.Adapter = (*Adapter)(nil)

// New makes an adapter. It is a terminal's if In and Out both are one.
func New(o Options) *Adapter {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Adapter{o: o, screen: newScreen(o.In, o.Out)}
}

// Platform is commands.Terminal.
func (*Adapter) Platform() commands.Platform { return commands.Terminal }

// Interactive reports whether a person sits at a terminal here.
func (a *Adapter) Interactive() bool { return a.screen != nil }

// Run answers lines until ctx is done or the input ends, whichever is first.
// A read that is under way when ctx ends is left to itself if the input cannot
// be interrupted, as standard input often cannot; its line is not answered.
func (a *Adapter) Run(ctx context.Context, core adapter.Core) error {
	if a.screen != nil {
		return a.runScreen(ctx, core)
	}
	return a.runPipe(ctx, core)
}

// Render lays r out as lines; their width and colours come when they are printed.
func (*Adapter) Render(_ commands.Place, r commands.Reply) ([]adapter.Part, error) {
	p := layout(r)
	if len(p.Lines) == 0 && len(p.Choices) == 0 {
		return nil, fmt.Errorf("an empty answer: %w", adapter.ErrPayload)
	}
	body, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("lay out: %w", err)
	}
	return []adapter.Part{{Body: body, Files: files(r)}}, nil
}

// Send prints one part. Digests come this way while somebody types.
func (a *Adapter) Send(ctx context.Context, to commands.Destination, part adapter.Part, _ string) (adapter.MessageRef, error) {
	if err := ctx.Err(); err != nil {
		return adapter.MessageRef{}, err
	}
	var p page
	if err := json.Unmarshal(part.Body, &p); err != nil {
		return adapter.MessageRef{}, fmt.Errorf("%w: %w", adapter.ErrPayload, err)
	}
	if err := a.print(p); err != nil {
		return adapter.MessageRef{}, fmt.Errorf("print: %w", errors.Join(adapter.ErrUnknown, err))
	}
	return adapter.MessageRef{To: to, ID: strconv.FormatInt(a.sent.Add(1), 10)}, nil
}

// Chat is r as [Adapter] prints it to a pipe, numbered buttons included.
func Chat(r commands.Reply) string { return layout(r).text(paper{}) }

func (a *Adapter) print(p page) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.screen != nil {
		_, err := io.WriteString(a.screen, p.text(a.screen.paper(!a.o.Plain))+"\n")
		return err
	}
	_, err := io.WriteString(a.o.Out, p.text(paper{})+"\n")
	return err
}
