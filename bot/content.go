package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// content is the pack in use and where it comes from. Its methods are for one
// goroutine; others read live.
type content struct {
	dir  string // empty: the embedded pack
	fsys fs.FS
	live *briefings.Live
	log  *slog.Logger
	now  func() time.Time
	// took is told of every pack taken into use, and again when something of it
	// appears. With [store.ErrBehind] it is in use all the same.
	took func(ctx context.Context, p *briefings.Pack) error
	// tell, unless it is nil, is told what happened to changed content.
	tell   func(contentNews)
	packs  packStore     // what becomes of packs; nil: nothing is held
	doubts bool          // changes are looked at for what is implausible
	holds  bool          // implausible changes wait for a person; otherwise they are taken with a warning
	every  time.Duration // between two looks at the files
	rest   time.Duration // how long changed files must be left alone before they are read

	seen    string            // hash of the files last looked at
	pack    *briefings.Pack   // in use, whole: the index has what readers see of it
	files   string            // hash of the files it came from; empty for a copy
	told    time.Time         // when took was last told
	wake    chan struct{}     // somebody decided; see nudge
	held    string            // hash of the pack in the files that waits for a person
	dropped bool              // a person does not want it
	wrong   []briefings.Doubt // what is implausible about the pack that is taken next
	unread  string            // why the files cannot be read, as last told
	asked   bool              // somebody asked for this look and wants to know
	behind  bool              // another replica uses newer content
	kept    string            // hash of the pack there is a copy of
}

// contentNews is what happened to changed content. It is for those who must
// know of it: the metrics count it, and whoever tells editors can do so here.
type contentNews struct {
	kind   newsKind
	pack   string            // hash of the pack, where it can be read
	faults []briefings.Fault // why it is refused
	doubts []briefings.Doubt // why it is held
	again  bool              // another replica has told of it
}

// newsKind is what happened to changed content.
type newsKind string

const (
	newsUsed       newsKind = "used"       // in use; what was wrong before is over
	newsRefused    newsKind = "refused"    // it has faults
	newsHeld       newsKind = "held"       // it waits for a person
	newsDropped    newsKind = "dropped"    // a person does not want it
	newsUnreadable newsKind = "unreadable" // the files, for now
)

// refusal is why a pack is refused, in full.
type refusal struct {
	where  string
	faults []briefings.Fault
}

func (r refusal) Error() string {
	var b strings.Builder
	b.WriteString("content " + r.where + ":")
	for _, f := range briefings.Errors(r.faults) {
		b.WriteString("\n" + f.String())
	}
	return b.String()
}

// loadPack loads a pack that nothing is wrong with, style apart; what is wrong is told in full, as a
// [refusal].
func loadPack(fsys fs.FS, dir string, now time.Time) (*briefings.Pack, error) {
	p, faults := briefings.Load(fsys, now, commands.Reserved()...)
	if len(briefings.Errors(faults)) == 0 {
		return p, nil
	}
	return nil, hinted{refusal{place(dir), faults}, "griot check shows warnings too"}
}

func place(dir string) string {
	if dir == "" {
		return "(built in)"
	}
	return dir
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

// begin takes the first pack into use, or the one before it when it is held.
func (c *content) begin(ctx context.Context, p *briefings.Pack) error {
	if old := c.before(ctx, p); old != nil {
		c.pack = old
		held, err := c.hold(ctx, p)
		if err != nil {
			return err
		}
		if held {
			return c.use(ctx, old, "")
		}
	}
	return c.use(ctx, p, c.seen)
}

// use takes a pack into use, so much of it as readers see now. It came from
// files with this hash.
func (c *content) use(ctx context.Context, p *briefings.Pack, files string) error {
	if err := c.show(ctx, p); err != nil {
		return err
	}
	c.files = files
	c.warn(ctx, p)
	c.log.Info("content loaded", "pack", p.Name, "hash", p.Hash, "topics", len(p.Topics), "events", len(p.Events))
	return nil
}

func (c *content) show(ctx context.Context, p *briefings.Pack) error {
	now := c.now()
	if err := c.note(ctx, p); err != nil {
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

// note tells of a pack in use, and notices whether it is an older one.
func (c *content) note(ctx context.Context, p *briefings.Pack) error {
	err := c.took(ctx, p)
	behind := errors.Is(err, store.ErrBehind)
	if err != nil && !behind {
		return err
	}
	if behind && !c.behind {
		c.log.Warn("content older than what another replica uses: digests are left to that one", "dir", c.dir, "hash", p.Hash)
	} else if !behind && c.behind {
		c.log.Info("content no longer older than what other replicas use", "hash", p.Hash)
	}
	c.behind = behind
	return nil
}

// watch takes changed files into use until ctx is done: when asked to by
// reload, and by looking every now and then.
func (c *content) watch(ctx context.Context, reload <-chan os.Signal) {
	c.live.Index().Warm()
	c.keep(ctx)
	debug.FreeOSMemory() // loading leaves several times what is kept
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-reload:
			c.seen, c.asked = "", true // who asks is told the outcome, changed or not
			c.look(ctx)
		case <-c.wake:
			c.tick(ctx)
		case <-tick.C:
			c.tick(ctx)
		}
	}
}

// nudge has held content looked at at once, as somebody decided on it; it never blocks.
func (c *content) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *content) tick(ctx context.Context) {
	if c.dir != "" || c.held != "" {
		c.look(ctx)
	}
	c.appear(ctx)
	if c.behind {
		if err := c.note(ctx, c.pack); err != nil {
			c.log.Error("content not compared with what is known, trying again", "err", err)
		}
	}
	c.keep(ctx)
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
