package telegram

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"
)

func (a *Adapter) ledgerNote() string { return "telegram:updates:" + a.id }

// takeOver reads where polling stopped and what was in hand then, and marks the
// note as this poller's.
func (p *poller) takeOver(ctx context.Context) (left []json.RawMessage, err error) {
	p.l, p.term = newLedger(0, time.Time{}), rand.Text()[:8]
	if p.notes == nil {
		return nil, nil
	}
	var b backoff
	for {
		r, ok, err := p.mark(ctx)
		switch {
		case ok && r.Next > 0:
			p.l = newLedger(r.Next, time.Unix(r.Last, 0))
			return r.Open, nil
		case ok:
			return nil, nil
		case err != nil && ctx.Err() == nil:
			p.log.Warn("offset not read, updates wait until it is", "err", err)
		}
		if !b.wait(ctx, nil) {
			return nil, ctx.Err()
		}
	}
}

// mark reads the note and writes it with our mark; false when it was written in
// between, and is to be read again. Where no other process polls, the mark may
// stay away: a disk that is full keeps nobody from being answered.
func (p *poller) mark(ctx context.Context) (r record, ok bool, err error) {
	value, err := p.notes.Note(ctx, p.ledgerNote())
	if err != nil {
		return record{}, false, err
	}
	if json.Unmarshal([]byte(value), &r) != nil || r.Next <= 0 {
		r = record{}
	}
	r.By = p.term
	raw, err := json.Marshal(r)
	if err != nil {
		return record{}, false, err
	}
	ok, err = p.notes.SwapNote(ctx, p.ledgerNote(), value, string(raw))
	switch {
	case ok:
		p.saved = string(raw)
	case err != nil && p.fleet == nil:
		p.saved, ok = value, true
	}
	return r, ok, err
}

// saveLimit bounds a save. While a database is away the next question to
// Telegram is what confirms the updates that are handled.
const saveLimit = 2 * time.Second

// save keeps the ledger if it changed, and reports whether it is kept. What
// another poller keeps by now is not written over, and this one ends.
func (p *poller) save(ctx context.Context) bool {
	p.saving.Lock()
	defer p.saving.Unlock()
	r := p.l.record(p.term)
	if r.Next == 0 {
		return true
	}
	raw, err := json.Marshal(r)
	if err == nil && string(raw) == p.saved {
		return true
	}
	if p.notes == nil {
		return false
	}
	ok := false
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, saveLimit)
		defer cancel()
		ok, err = p.swap(ctx, string(raw))
	}
	switch {
	case err != nil:
		p.log.Warn("offset not kept, updates may be answered again after a restart", "err", err)
	case !ok:
		if !p.gone.Swap(true) {
			p.log.Warn("the offset was written by another program that polls, this one stops")
		}
		p.lost()
	}
	return ok
}

// swap writes the note as long as it is ours. It may be so although it is not
// as we know it: when the answer to an earlier write was lost.
func (p *poller) swap(ctx context.Context, raw string) (bool, error) {
	ok, err := p.notes.SwapNote(ctx, p.ledgerNote(), p.saved, raw)
	if err == nil && !ok {
		var value string
		var r record
		if value, err = p.notes.Note(ctx, p.ledgerNote()); err == nil && json.Unmarshal([]byte(value), &r) == nil && r.By == p.term {
			ok, err = p.notes.SwapNote(ctx, p.ledgerNote(), value, raw)
		}
	}
	if ok {
		p.saved = raw
	}
	return ok, err
}

// saveTime is how long what is handled may still stand in the note as in hand.
const saveTime = 25 * time.Millisecond

// keepSaving saves what is finished while the poll loop waits for updates.
func (p *poller) keepSaving(ctx context.Context, stop <-chan struct{}) {
	for {
		select {
		case <-p.l.finished:
		case <-stop:
			return
		}
		sleep(ctx, saveTime)
		p.save(ctx)
	}
}
