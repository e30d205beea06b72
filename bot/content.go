package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"griot/briefings"
	"griot/commands"
	"griot/config"
)

// content is the pack in use and where it comes from.
type content struct {
	dir  string // empty: the embedded pack
	fsys fs.FS
	live *briefings.Live
	log  *slog.Logger
	now  func() time.Time
	// took is told of every pack taken into use, and again when something of it appears.
	took func(ctx context.Context, p *briefings.Pack) error
	// refused is told of every changed pack that has errors.
	refused func()
	every   time.Duration   // between two looks at the files
	seen    string          // hash of the files last looked at
	pack    *briefings.Pack // in use, whole: the index has what readers see of it
	told    time.Time       // when took was last told
}

// packFS is the folder of the pack that the settings name.
func packFS(c config.Config) (fs.FS, error) {
	if c.Content == "" {
		return briefings.Embedded(), nil
	}
	info, err := os.Stat(c.Content)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("%s: %w", c.Content, e.Err)
	} else if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s: not a folder", c.Content)
	}
	if err != nil {
		return nil, hinted{fmt.Errorf("content: %w", err), "name a folder that holds a pack.yaml"}
	}
	return os.DirFS(c.Content), nil
}

// loadPack loads a pack that has no error; what is wrong is told in full.
func loadPack(fsys fs.FS, dir string, now time.Time) (*briefings.Pack, error) {
	p, faults := briefings.Load(fsys, now, commands.Reserved()...)
	if !briefings.HasErrors(faults) {
		return p, nil
	}
	return nil, hinted{fmt.Errorf("content %s:\n%s", place(dir), listErrors(faults)), "griot check shows warnings too"}
}

func place(dir string) string {
	if dir == "" {
		return "(built in)"
	}
	return dir
}

func listErrors(faults []briefings.Fault) string {
	var lines []string
	for _, f := range faults {
		if f.Severity == briefings.Error {
			lines = append(lines, f.String())
		}
	}
	return strings.Join(lines, "\n")
}

// read loads the first pack. A faulty one is refused whole.
func (c *content) read() (*briefings.Pack, error) {
	// What parsing leaves behind is soon garbage; collecting it all the while
	// is a fifth of the time to the first answer.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	seen, err := hash(c.fsys)
	if err != nil {
		return nil, fmt.Errorf("content %s: %w", place(c.dir), err)
	}
	c.seen = seen
	return loadPack(c.fsys, c.dir, c.now())
}

// use takes a pack into use, so much of it as readers see now.
func (c *content) use(ctx context.Context, p *briefings.Pack) error {
	if err := c.show(ctx, p); err != nil {
		return err
	}
	c.log.Info("content loaded", "pack", p.Name, "hash", p.Hash, "topics", len(p.Topics), "events", len(p.Events))
	return nil
}

func (c *content) show(ctx context.Context, p *briefings.Pack) error {
	now := c.now()
	if err := c.took(ctx, p); err != nil {
		return err
	}
	x := briefings.NewIndex(p.At(now))
	if c.live.Index() != nil {
		x.Warm() // nobody waits for it while the old one answers
	}
	c.live.Swap(x)
	c.pack, c.told = p, now
	return nil
}

// watch takes changed files into use until ctx is done: when asked to by
// reload, and by looking every now and then.
func (c *content) watch(ctx context.Context, reload <-chan os.Signal) {
	c.live.Index().Warm()
	debug.FreeOSMemory() // loading leaves several times what is kept
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-reload:
			c.seen = "" // who asks is told the outcome, changed or not
			c.look(ctx)
		case <-tick.C:
			if c.dir != "" {
				c.look(ctx)
			}
			c.appear(ctx)
		}
	}
}

// look takes the files into use if they changed. A pack with an error is
// refused whole and the one in use stays.
func (c *content) look(ctx context.Context) {
	now, err := hash(c.fsys)
	if err != nil {
		if ctx.Err() == nil {
			c.log.Error("content unreadable, the old one stays", "dir", c.dir, "err", err)
		}
		return
	}
	if now == c.seen {
		return
	}
	p, err := loadPack(c.fsys, c.dir, c.now())
	if err != nil {
		c.seen = now // told once
		c.log.Error("content refused, the old one stays", "dir", c.dir, "err", err)
		c.refused()
		return
	}
	if err := c.use(ctx, p); err != nil {
		c.log.Error("content not taken into use, trying again", "dir", c.dir, "err", err)
		return
	}
	c.seen = now
	debug.FreeOSMemory()
}

// appear shows what has its moment of publication behind it.
func (c *content) appear(ctx context.Context) {
	if !c.pack.Appears(c.told, c.now()) {
		return
	}
	if err := c.show(ctx, c.pack); err != nil {
		c.log.Error("published content not taken into use, trying again", "err", err)
		return
	}
	c.log.Info("content published by the clock", "pack", c.pack.Name)
}

// hash is over the names and bytes of all files but hidden ones.
func hash(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		// A link to a file is as good as the file: mounted settings are made of them.
		if info, err := fs.Stat(fsys, path); err != nil || info.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(h, "%q %d\n%s", path, len(data), data)
		return err
	})
	return string(h.Sum(nil)), err
}
