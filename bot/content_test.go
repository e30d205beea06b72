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
	fail  func(name string) error // nil: all can be read
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
	if e.fail != nil {
		if err := e.fail(name); err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	return e.files.Open(name)
}

// fails has files fail to be read.
func (e *editedFS) fails(fail func(name string) error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail = fail
}

// write replaces a file.
func (e *editedFS) write(file string, data []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.files[file] = &fstest.MapFile{Data: data}
}

// read returns a file.
func (e *editedFS) read(file string) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.files[file].Data
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
	if err := c.begin(t.Context(), p); err != nil {
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
			took: func(context.Context, *briefings.Pack) error { packs++; return nil },
			tell: func(n contentNews) {
				if n.kind == newsRefused && len(n.faults) > 0 {
					refusals++
				}
			},
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

// watched runs a bot's watch over files in a bubble and tells what happens.
type watched struct {
	files *editedFS
	log   *bytes.Buffer
	c     *content
	news  []newsKind
}

func watching(t *testing.T) *watched {
	t.Helper()
	w := &watched{files: newEditedFS(t), log: new(bytes.Buffer)}
	w.c = &content{
		dir: "pack", fsys: w.files, live: new(briefings.Live), log: slog.New(slog.NewTextHandler(w.log, nil)), now: func() time.Time { return briefingstest.Now },
		every: pollContent, rest: restContent,
		took: func(context.Context, *briefings.Pack) error { return nil }, tell: func(n contentNews) { w.news = append(w.news, n.kind) },
	}
	begin(t, w.c)
	ctx, cancel := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	watch.Go(func() { w.c.watch(ctx, nil) })
	t.Cleanup(func() {
		cancel()
		watch.Wait()
	})
	return w
}

// poll lets the files be looked at and read.
func (w *watched) poll() {
	time.Sleep(pollContent)
	synctest.Wait()
	time.Sleep(restContent)
	synctest.Wait()
}

func (w *watched) title() string { return w.c.live.Index().Pack().Title.EN }

// TestContentThatCannotBeRead: whatever keeps files from being read, the pack in
// use stays, the operator is told once, and it goes on when they are there again.
func TestContentThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(string) error{
		"the folder is gone":     func(string) error { return fs.ErrNotExist },
		"no right to the folder": func(string) error { return fs.ErrPermission },
		"no right to a file": func(name string) error {
			if name == "events/2025.yaml" {
				return fs.ErrPermission
			}
			return nil
		},
		"a broken disk": func(name string) error {
			if strings.HasPrefix(name, "topics") {
				return errors.New("input/output error")
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := watching(t)
				w.files.fails(fail)
				w.poll()
				w.poll()
				if n := strings.Count(w.log.String(), "content unreadable"); n != 1 || len(w.news) != 1 || w.title() != "The Three Lakes" {
					t.Errorf("told %d times, news %v, title %q:\n%s", n, w.news, w.title(), w.log)
				}
				w.files.fails(nil)
				w.poll()
				if !strings.Contains(w.log.String(), "content readable again") || w.news[len(w.news)-1] != newsUsed {
					t.Errorf("not told that it is over: %v\n%s", w.news, w.log)
				}
				w.files.fails(fail)
				w.poll()
				w.files.fails(nil)
				w.files.replace("pack.yaml", "The Three Lakes", "The Four Lakes")
				w.poll()
				if strings.Count(w.log.String(), "content unreadable") != 2 || w.title() != "The Four Lakes" || w.news[len(w.news)-1] != newsUsed {
					t.Errorf("title %q, news %v:\n%s", w.title(), w.news, w.log)
				}
			})
		})
	}
}

// TestContentIsReadWhenItRests: files that are being written are not read, not
// even where what is there of them is a whole pack.
func TestContentIsReadWhenItRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := watching(t)
		whole := w.files.read("events/2025.yaml")
		records := bytes.SplitAfter(whole, []byte("\n\n"))
		half := func(n int) []byte { return bytes.Join(records[:n], nil) }
		// An editor's program writes one record a second, the first right before a look.
		time.Sleep(pollContent - time.Second/2)
		for n := 1; n <= len(records); n++ {
			w.files.write("events/2025.yaml", half(n))
			time.Sleep(time.Second)
			if got := len(w.c.live.Index().Pack().Events); got != 11 {
				t.Fatalf("%d events while %d of %d records are written, want 11", got, n, len(records))
			}
		}
		w.files.replace("pack.yaml", "The Three Lakes", "The Four Lakes")
		w.poll()
		if w.title() != "The Four Lakes" || len(w.c.live.Index().Pack().Events) != 11 || strings.Contains(w.log.String(), "refused") {
			t.Errorf("title %q:\n%s", w.title(), w.log)
		}
	})
}

// TestHalfAFileIsRefused: one that stays half is refused with its place, and
// the rest of it is taken as soon as it is there.
func TestHalfAFileIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := watching(t)
		whole := w.files.read("actors.yaml")
		for _, size := range []int{len(whole) / 3, 0} {
			w.files.write("actors.yaml", whole[:size])
			w.poll()
			if w.news[len(w.news)-1] != newsRefused || !strings.Contains(w.log.String(), "actors.yaml:") {
				t.Errorf("%d bytes: news %v\n%s", size, w.news, w.log)
			}
		}
		w.files.write("actors.yaml", whole)
		w.poll()
		if w.news[len(w.news)-1] != newsUsed || len(w.c.live.Index().Pack().Actors) == 0 {
			t.Errorf("news %v\n%s", w.news, w.log)
		}
	})
}
