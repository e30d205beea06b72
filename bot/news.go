package main

import (
	"context"
	"errors"
	"fmt"

	"griot/bot/store"
	"griot/briefings"
)

// took is told of every pack that is taken into use.
func (a *app) took(ctx context.Context, p *briefings.Pack) error {
	now, before := a.sys.now(), ""
	if a.content.pack != nil {
		before = a.content.pack.Hash
	}
	changes, err := a.store.SeePack(ctx, store.Publish{Hash: p.Hash, Name: p.Name, Before: before, Revisions: p.RevisionsAt(now)}, now)
	if err != nil {
		return fmt.Errorf("note what changed: %w", err)
	}
	a.metrics.ContentLoaded(now)
	a.log.Info("content compared with what was known", "changes", len(changes))
	return nil
}

// contentNews is told what happened to changed content.
func (a *app) contentNews(n contentNews) {
	if n.kind == newsRefused {
		a.metrics.ContentRefused()
	}
	a.digests.Nudge() // editors are told
	a.metrics.ContentWaits(n.kind == newsRefused || n.kind == newsHeld || n.kind == newsUnreadable)
}

// errOlder says that this replica cannot tell what another one's content changed.
var errOlder = errors.New("another replica uses other content: it tells what changed")

// current reports whether this process uses the content that was last taken into
// use. Of another replica's it knows what changed, but not how it reads now.
func (a *app) current(ctx context.Context) error {
	if !a.store.Shared() {
		return nil
	}
	used, err := a.store.UsedPack(ctx)
	if err == nil && used.Hash != a.content.live.Index().Pack().Hash {
		err = errOlder
	}
	return err
}
