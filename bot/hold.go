package main

import (
	"context"
	"strings"
	"time"

	"griot/bot/store"
	"griot/briefings"
)

// packStore keeps what becomes of packs; a [store.Store] does.
type packStore interface {
	HoldPack(ctx context.Context, hash, name string, why []briefings.Doubt, changes int, now time.Time) (store.PackState, bool, error)
	PackState(ctx context.Context, hash string) (store.PackState, error)
	DoubtPack(ctx context.Context, hash string, why []briefings.Doubt) error
	ForgetHeld(ctx context.Context, hash string, now time.Time) error
	UsedPack(ctx context.Context) (store.Pack, error)
	TouchPack(ctx context.Context, hash string, now time.Time) error
	KeepFiles(ctx context.Context, hash string, files func() ([]byte, error)) error
	Files(ctx context.Context, hash string) ([]byte, error)
}

// hold reports whether a pack has to wait for a person, being implausible after
// the one in use. The person is told why, once, and with which command to decide.
func (c *content) hold(ctx context.Context, p *briefings.Pack) (bool, error) {
	told := c.held == p.Hash && !c.asked
	c.letGo(ctx, p.Hash)
	c.held, c.wrong = "", nil
	if c.packs == nil || !c.doubts || p.Hash == c.pack.Hash {
		return false, nil
	}
	doubts := briefings.Doubts(c.pack, p, c.now())
	switch {
	case len(doubts) == 0:
		return false, nil
	case !c.holds:
		c.wrong = doubts
		return false, nil
	}
	state, first, err := c.packs.HoldPack(ctx, p.Hash, p.Name, doubts, c.changed(p), c.now())
	switch {
	case err != nil:
		return false, err
	case state == store.PackDropped:
		c.log.Warn("content was dropped, the old one stays", "dir", c.dir, "hash", p.Hash, "cure", "mend the files, or take them after all: griot content release "+shortHash(p.Hash))
		c.news(contentNews{kind: newsDropped, pack: p.Hash})
		c.held, c.dropped = p.Hash, true
		return true, nil
	case state != store.PackHeld:
		return false, nil
	}
	c.held, c.dropped = p.Hash, false
	if !told {
		c.log.Error("content held because it looks wrong, the old one stays", "dir", c.dir, "hash", p.Hash, "why", listDoubts(doubts),
			"cure", "mend the files, or let them through: griot content release "+shortHash(p.Hash))
		c.news(contentNews{kind: newsHeld, pack: p.Hash, doubts: doubts, again: !first})
	}
	return true, nil
}

// changed counts the items that are new, different or gone in a pack.
func (c *content) changed(p *briefings.Pack) int {
	was, is, n := c.pack.RevisionsAt(c.now()), p.RevisionsAt(c.now()), 0
	for id, rev := range is {
		if was[id].Hash != rev.Hash {
			n++
		}
	}
	for id := range was {
		if _, stays := is[id]; !stays {
			n++
		}
	}
	return n
}

// warn tells of content that looks wrong and was taken all the same, in the log
// and until a person has looked at it to the doctor.
func (c *content) warn(ctx context.Context, p *briefings.Pack) {
	if len(c.wrong) == 0 {
		return
	}
	c.log.Error("content looks wrong and is in use", "dir", c.dir, "hash", p.Hash, "why", listDoubts(c.wrong),
		"cure", "mend the files, or say that it is right: griot content release "+shortHash(p.Hash)+"; with an editors' place, or content_hold: on, such content waits")
	if err := c.packs.DoubtPack(ctx, p.Hash, c.wrong); err != nil {
		c.log.Warn("not kept for the doctor that content looks wrong", "err", err)
	}
	c.wrong = nil
}

// shortHash is as much of a hash as is shown; any beginning names a pack.
func shortHash(hash string) string { return hash[:min(len(hash), 12)] }

func listDoubts(doubts []briefings.Doubt) string {
	var lines []string
	for _, d := range doubts {
		lines = append(lines, d.String()+"\n  "+d.Cure)
	}
	return strings.Join(lines, "\n")
}

// letGo forgets the pack that is held, as the files hold another one now.
func (c *content) letGo(ctx context.Context, now string) {
	if c.held == "" || c.held == now || c.packs == nil {
		return
	}
	if err := c.packs.ForgetHeld(ctx, c.held, c.now()); err != nil {
		c.log.Warn("held content not forgotten", "hash", c.held, "err", err)
	}
	c.held = ""
}

// decided reports whether the held pack is to be offered again, a person
// having released it.
func (c *content) decided(ctx context.Context) bool {
	if c.held == "" || c.packs == nil {
		return false
	}
	state, err := c.packs.PackState(ctx, c.held)
	switch {
	case err != nil:
		c.log.Warn("held content not looked up", "hash", c.held, "err", err)
		return false
	case state == store.PackHeld:
		return false
	case state == store.PackDropped:
		if !c.dropped { // it may be let through after all
			c.dropped = true
			c.log.Info("held content dropped, the old one stays", "hash", c.held)
			c.news(contentNews{kind: newsDropped, pack: c.held})
		}
		return false
	}
	return true
}

// before returns the pack that was in use before this process began, of which p
// is a changed version; nil when there is none, or no copy of it.
func (c *content) before(ctx context.Context, p *briefings.Pack) *briefings.Pack {
	if c.packs == nil || !c.doubts {
		return nil
	}
	used, err := c.packs.UsedPack(ctx)
	if err != nil || used.Hash == "" || used.Hash == p.Hash || used.Name != p.Name {
		return nil // what is wrong with the store is told when the pack is taken
	}
	old, err := c.copied(ctx, used.Hash)
	if err != nil {
		c.log.Warn("content before this start not read, so that this one is not compared with it", "hash", used.Hash, "err", err)
	}
	return old
}

// copied loads a pack from its copy; nil when there is none.
func (c *content) copied(ctx context.Context, hash string) (*briefings.Pack, error) {
	data, err := c.packs.Files(ctx, hash)
	if err != nil || data == nil {
		return nil, err
	}
	fsys, err := unzipped(data)
	if err != nil {
		return nil, err
	}
	old, err := loadPack(fsys, "(copy)", c.now())
	if err != nil || old.Hash != hash {
		return nil, err
	}
	c.kept = hash
	return old, nil
}

// keepLimit bounds the time to make a copy.
const keepLimit = 5 * time.Second

// keep has the store keep what is needed of the pack in use: that this process
// uses it, and a copy of its files for when they are replaced by implausible
// ones while it is down.
func (c *content) keep(ctx context.Context) {
	if c.packs == nil {
		return
	}
	// Also when the end has come already: the next start needs it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepLimit)
	defer cancel()
	if err := c.packs.TouchPack(ctx, c.pack.Hash, c.now()); err != nil {
		c.log.Warn("content in use not noted", "err", err)
	}
	if !c.doubts || c.kept == c.pack.Hash || c.files == "" {
		return
	}
	err := c.packs.KeepFiles(ctx, c.pack.Hash, func() ([]byte, error) {
		data, err := zipped(c.fsys)
		if err != nil {
			return nil, err
		}
		if is, err := hash(c.fsys); err != nil || is != c.files {
			return nil, errMoving
		}
		return data, nil
	})
	if err != nil {
		c.log.Warn("no copy of the content made", "err", err)
	}
	c.kept = c.pack.Hash // not tried again: the next version is copied anew
}
