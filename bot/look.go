package main

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"griot/briefings"
)

// errMoving says that files change while they are looked at.
var errMoving = errors.New("files are being written")

// look takes the files into use if they changed. A pack with an error is
// refused whole, an implausible one held; the one in use stays.
func (c *content) look(ctx context.Context) {
	files, err := c.settled(ctx)
	switch {
	case ctx.Err() != nil:
		return
	case errors.Is(err, errMoving):
		c.moving()
		return
	case err != nil:
		c.unreadable(err)
		return
	}
	c.readable(files)
	if files == c.seen && !c.decided(ctx) {
		return
	}
	p, err := loadPack(c.fsys, c.dir, c.now())
	if after, e := hash(c.fsys); e != nil || after != files {
		c.moving()
		return
	}
	if err != nil {
		c.refuse(ctx, files, err)
	} else {
		c.offer(ctx, files, p)
	}
	c.asked = false
	debug.FreeOSMemory()
}

func (c *content) moving() {
	c.log.Info("content is being written, looking again soon", "dir", c.dir)
}

func (c *content) news(n contentNews) {
	if c.tell != nil {
		c.tell(n)
	}
}

// settled returns the hash of the files, when it is the one known, or nobody has
// written to them for a while, as a half-written file may look whole. Who asks
// for a look has finished writing.
func (c *content) settled(ctx context.Context) (string, error) {
	before, err := hash(c.fsys)
	if err != nil || before == c.seen || c.asked || c.rest == 0 {
		return before, err
	}
	timer := time.NewTimer(c.rest)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-timer.C:
	}
	after, err := hash(c.fsys)
	if err == nil && after != before {
		err = errMoving
	}
	return after, err
}

// offer takes a pack into use unless it has to wait for a person.
func (c *content) offer(ctx context.Context, files string, p *briefings.Pack) {
	held, err := c.hold(ctx, p)
	if err == nil && !held {
		err = c.use(ctx, p, files)
	}
	if err != nil {
		c.log.Error("content not taken into use, trying again", "dir", c.dir, "err", err)
		return
	}
	c.seen = files
	if !held {
		c.news(contentNews{kind: newsUsed, pack: p.Hash})
	}
}

// refuse tells of a pack with faults, once.
func (c *content) refuse(ctx context.Context, files string, err error) {
	c.letGo(ctx, "")
	c.seen = files
	c.log.Error("content refused, the old one stays", "dir", c.dir, "err", err)
	n := contentNews{kind: newsRefused}
	if r, ok := errors.AsType[refusal](err); ok {
		n.faults = r.faults
	}
	c.news(n)
}

// unreadable tells of files that cannot be read, once for each reason.
func (c *content) unreadable(err error) {
	if c.unread == err.Error() {
		return
	}
	c.unread = err.Error()
	c.log.Error("content unreadable, the old one stays", "dir", c.dir, "err", err)
	c.news(contentNews{kind: newsUnreadable})
}

// readable notices that files can be read again; of changed ones more is told later.
func (c *content) readable(files string) {
	if c.unread == "" {
		return
	}
	c.unread = ""
	c.log.Info("content readable again", "dir", c.dir)
	if files == c.files {
		c.news(contentNews{kind: newsUsed, pack: c.pack.Hash})
	}
}
