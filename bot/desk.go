package main

import (
	"context"
	"errors"
	"time"

	"griot/bot/adapter"
	"griot/commands"
	"griot/config"
)

// desk is what editors decide on, and has what they decided done at once.
type desk struct{ *app }

// Card returns a card as it stands; false when there is none.
func (d desk) Card(ctx context.Context, id string) (commands.Card, bool, error) {
	return d.store.Card(ctx, id)
}

// Decide brings a card into another state.
func (d desk) Decide(ctx context.Context, c commands.Card, state commands.CardState, by commands.Editor, now time.Time) (bool, error) {
	ok, err := d.store.Decide(ctx, c, state, by, now)
	if ok {
		d.log.Info("editors decided", "card", c.ID, "about", string(c.Kind), "state", string(state))
		d.decided()
	}
	return ok, err
}

// Answer answers what a reader told, and has the answer brought at once.
func (d desk) Answer(ctx context.Context, id, answer string, by commands.Editor, now time.Time) (bool, error) {
	ok, err := d.store.Answer(ctx, id, answer, by, now)
	if ok {
		d.digests.Nudge()
	}
	return ok, err
}

// File keeps what a reader tells the editors, and has them see it at once.
func (d desk) File(ctx context.Context, r commands.Remark, seen string, now time.Time) (commands.Remark, time.Time, error) {
	kept, again, err := d.store.File(ctx, r, seen, now)
	if err == nil && again.IsZero() {
		d.digests.Nudge()
	}
	return kept, again, err
}

// Want notes whether who wrote a remark wants an answer, and has editors see it.
func (d desk) Want(ctx context.Context, who commands.Destination, id string, wants bool) (bool, error) {
	ok, err := d.store.Want(ctx, who, id, wants)
	if ok {
		d.digests.Nudge()
	}
	return ok, err
}

// decided has everybody look who waits for a decision.
func (a *app) decided() {
	a.content.nudge()
	a.digests.Nudge()
}

// editorsOf is where editors decide; the zero Destination: nowhere.
func editorsOf(cfg config.Config) commands.Destination {
	e := cfg.Editors
	return commands.Destination{Platform: commands.Platform(e.Platform), Chat: e.Chat, Thread: e.Thread}
}

// editorsFinding tells whether the editors' place can be reached, if there is one.
func (a *app) editorsFinding(ctx context.Context) []adapter.Finding {
	to := editorsOf(a.cfg)
	r, can := a.adapters[to.Platform].(adapter.Reacher)
	if !can {
		return nil
	}
	f := adapter.Finding{What: "editors' place", OK: true, Note: to.String() + " is reached"}
	if err := r.Reach(ctx, to); err != nil {
		f.OK, f.Note = false, to.String()+": "+err.Error()
		f.Cure = "add the bot there and let it write, or name another place with editors (GRIOT_EDITORS)"
		if m, moved := errors.AsType[*adapter.MovedError](err); moved {
			f.Cure = "set editors (GRIOT_EDITORS) to " + m.To.String()
		}
	}
	return []adapter.Finding{f}
}
