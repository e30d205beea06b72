// Package adaptertest holds the promises of griot/bot/adapter that can be
// checked without a platform. An adapter's test is one call of [Run]; a new
// promise goes into this suite first.
package adaptertest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"griot/bot/adapter"
	"griot/commands"
)

// Token is a token to make adapters with: no error, part or call may hold it.
const Token = "123456789:SECRET-token-that-must-never-be-shown"

// promptly is how long a call may take whose context is already over.
const promptly = 10 * time.Second

// Run checks every promise on adapters got from newAdapter, one for each check.
// The adapter needs no platform at hand: give it the address of a host that
// refuses connections, and [Token].
func Run(t *testing.T, newAdapter func(t *testing.T) adapter.Adapter) {
	t.Helper()
	for _, n := range Replies() {
		t.Run("render "+n.Name, func(t *testing.T) {
			t.Parallel()
			a := newAdapter(t)
			for _, place := range places(a.Platform()) {
				if err := checkRender(a, place, n); err != nil {
					t.Errorf("in %s: %v", place, err)
				}
			}
		})
	}
	t.Run("render anything", func(t *testing.T) {
		t.Parallel()
		a := newAdapter(t)
		rapid.Check(t, func(t *rapid.T) {
			n := Named{Name: "drawn", Reply: reply().Draw(t, "reply"), Refusable: true}
			if err := checkRender(a, places(a.Platform())[0], n); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("render from many goroutines", func(t *testing.T) {
		t.Parallel()
		renderTogether(t, newAdapter(t))
	})
	t.Run("send with a finished context", func(t *testing.T) {
		t.Parallel()
		sendFinished(t, newAdapter(t))
	})
	t.Run("edit with a finished context", func(t *testing.T) {
		t.Parallel()
		editFinished(t, newAdapter(t))
	})
	t.Run("pin with a finished context", func(t *testing.T) {
		t.Parallel()
		pinFinished(t, newAdapter(t))
	})
	t.Run("run with a finished context", func(t *testing.T) {
		t.Parallel()
		runFinished(t, newAdapter(t))
	})
	t.Run("platform", func(t *testing.T) {
		t.Parallel()
		a := newAdapter(t)
		p := a.Platform()
		if p == "" || p != a.Platform() {
			t.Errorf("platform %q, then %q: want one name that stays", p, a.Platform())
		}
		if _, err := commands.ParseDestination(string(p) + ":1"); err != nil {
			t.Error(err)
		}
	})
}

// places are a shared place and a private one.
func places(p commands.Platform) []commands.Place {
	return []commands.Place{
		{Destination: commands.Destination{Platform: p, Chat: "-1001234", Thread: "7"}, Postable: true, Guild: "42"},
		{Destination: commands.Destination{Platform: p, Chat: "1234"}, Private: true},
	}
}

func renderTogether(t *testing.T, a adapter.Adapter) {
	t.Helper()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, n := range Replies()[:3] {
				if err := checkRender(a, places(a.Platform())[0], n); err != nil {
					t.Errorf("%s: %v", n.Name, err)
				}
			}
		})
	}
	wg.Wait()
}

func sendFinished(t *testing.T, a adapter.Adapter) {
	t.Helper()
	place := places(a.Platform())[1]
	parts, err := a.Render(place, Replies()[0].Reply)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	_, err = a.Send(ctx, place.Destination, parts[0], "run1:0")
	checkFinished(t, start, err)
}

// editFinished is sendFinished for those that can edit.
func editFinished(t *testing.T, a adapter.Adapter) {
	t.Helper()
	e, can := a.(adapter.Editor)
	if !can {
		t.Skip("it edits nothing")
	}
	place := places(a.Platform())[1]
	parts, err := a.Render(place, Replies()[0].Reply)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start := time.Now()
	err = e.Edit(ctx, adapter.MessageRef{To: place.Destination, ID: "7"}, parts[0])
	checkFinished(t, start, err)
}

// pinFinished is sendFinished for those that can pin.
func pinFinished(t *testing.T, a adapter.Adapter) {
	t.Helper()
	p, can := a.(adapter.Pinner)
	if !can {
		t.Skip("it pins nothing")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, pin := range []func(context.Context, adapter.MessageRef) error{p.Pin, p.Unpin} {
		start := time.Now()
		checkFinished(t, start, pin(ctx, adapter.MessageRef{To: places(a.Platform())[1].Destination, ID: "7"}))
	}
}

// checkFinished wants the error of a call whose context was over at the start.
func checkFinished(t *testing.T, start time.Time, err error) {
	t.Helper()
	if took := time.Since(start); took > promptly {
		t.Errorf("took %s after the context was over", took)
	}
	if err == nil {
		t.Fatal("done, want an error: the context was over before")
	}
	if strings.Contains(err.Error(), "SECRET") {
		t.Error("the error holds the token")
	}
	for _, final := range []error{adapter.ErrGone, adapter.ErrForbidden, adapter.ErrPayload, adapter.ErrToken, adapter.ErrThread, adapter.ErrLost, adapter.ErrPinLimit, adapter.ErrUnknown} {
		if errors.Is(err, final) {
			t.Errorf("error %q says %q, but nobody was asked", err, final)
		}
	}
}

func runFinished(t *testing.T, a adapter.Adapter) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, stillCore{}) }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("error %v, want nil: being told to stop is no fault", err)
		}
	case <-time.After(promptly):
		t.Error("still running after the context was over")
	}
}

// stillCore has nothing to say and is asked nothing.
type stillCore struct{}

func (stillCore) Table() commands.Table { return nil }

func (stillCore) Answer(context.Context, commands.Request) commands.Reply {
	return commands.Reply{Title: "Nothing"}
}

func (stillCore) Complete(context.Context, commands.Request, string, string) []commands.Choice {
	return nil
}

func (stillCore) Suggest(context.Context, commands.Request, string, int, int) []commands.Suggestion {
	return nil
}

func (stillCore) Settle(_ context.Context, r commands.Request, _ string) commands.Request { return r }
