package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
)

// editedFS is a folder that an editor changes under the program's hands.
type editedFS struct {
	mu    sync.Mutex
	files fstest.MapFS
}

func newEditedFS(t *testing.T) *editedFS {
	t.Helper()
	e := &editedFS{files: fstest.MapFS{}}
	src := briefingstest.FS()
	err := fs.WalkDir(src, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(src, p)
		e.files[p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *editedFS) Open(name string) (fs.File, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.files.Open(name)
}

func (e *editedFS) replace(file, old, by string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	data := strings.ReplaceAll(string(e.files[file].Data), old, by)
	e.files[file] = &fstest.MapFile{Data: []byte(data)}
}

// begin takes the first pack into use.
func begin(t *testing.T, c *content) {
	t.Helper()
	p, err := c.read()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.use(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

func TestContentFollowsItsFiles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		files, log := newEditedFS(t), new(bytes.Buffer)
		var packs, refusals int
		c := &content{
			dir: "pack", fsys: files, live: new(briefings.Live), log: slog.New(slog.NewTextHandler(log, nil)),
			now: func() time.Time { return briefingstest.Now }, every: pollContent,
			took: func(context.Context, *briefings.Pack) error { packs++; return nil }, refused: func() { refusals++ },
		}
		begin(t, c)
		ctx, cancel := context.WithCancel(t.Context())
		reload := make(chan os.Signal)
		var watch sync.WaitGroup
		watch.Go(func() { c.watch(ctx, reload) })
		title := func() string { return c.live.Index().Pack().Title.EN }
		poll := func() {
			time.Sleep(pollContent)
			synctest.Wait()
		}

		poll()
		if packs != 1 {
			t.Errorf("took %d packs, want 1: nothing changed", packs)
		}
		files.replace("pack.yaml", "The Three Lakes", "The Four Lakes")
		poll()
		if title() != "The Four Lakes" || packs != 2 {
			t.Errorf("title %q after %d packs, want the new one", title(), packs)
		}
		files.replace("pack.yaml", "title:", "titel:")
		poll()
		poll()
		if title() != "The Four Lakes" || packs != 2 || refusals != 1 {
			t.Errorf("title %q, %d refusals, want the old pack and one refusal", title(), refusals)
		}
		if !strings.Contains(log.String(), "content refused") || !strings.Contains(log.String(), "pack.yaml:") {
			t.Errorf("log %s, want the fault's place", log)
		}
		files.replace("pack.yaml", "titel:", "title:")
		files.replace("pack.yaml", "The Four Lakes", "The Five Lakes")
		reload <- syscall.SIGHUP
		synctest.Wait()
		if title() != "The Five Lakes" {
			t.Errorf("title %q, want the new one at once when asked to", title())
		}
		cancel()
		watch.Wait()
	})
}

func TestStoreFaultKeepsOldContent(t *testing.T) {
	t.Parallel()
	files := newEditedFS(t)
	broken := false
	c := &content{
		dir: "pack", fsys: files, live: new(briefings.Live), log: slog.New(slog.DiscardHandler),
		now: func() time.Time { return briefingstest.Now },
		took: func(context.Context, *briefings.Pack) error {
			if broken {
				return errors.New("disk full")
			}
			return nil
		},
	}
	begin(t, c)
	old := c.live.Index()
	broken = true
	files.replace("pack.yaml", "The Three Lakes", "The Four Lakes")
	c.look(t.Context())
	if c.live.Index() != old {
		t.Error("the new pack is in use, but its revisions are not stored")
	}
	broken = false
	c.look(t.Context())
	if c.live.Index() == old {
		t.Error("the old pack stays for ever, want another try at the next look")
	}
}

func TestFaultyFirstPackIsRefusedWhole(t *testing.T) {
	t.Parallel()
	files := newEditedFS(t)
	files.replace("pack.yaml", "title:", "titel:")
	c := &content{fsys: files, live: new(briefings.Live), now: func() time.Time { return briefingstest.Now }}
	pack, err := c.read()
	if err == nil || !strings.Contains(err.Error(), "pack.yaml:") || pack != nil {
		t.Errorf("error %v, want the fault and no content", err)
	}
}
