package telegram

import (
	"context"
	"errors"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// post sends an answer, part after part, and returns what stands of it, and
// whether all arrived. What cannot be laid out is a fault of ours and gets an apology.
func (a *Adapter) post(ctx context.Context, to commands.Destination, reply commands.Reply, first *replyTo) ([]adapter.Posted, error) {
	list := a.layOut(reply)
	list[0].ReplyTo = first
	return a.postAll(ctx, &to, list)
}

// record has an answer that everybody at its place can read kept track of.
func (a *Adapter) record(ctx context.Context, r commands.Request, reply commands.Reply, posted []adapter.Posted) {
	if a.recorder == nil || len(posted) == 0 || r.Place.Private || reply.Private {
		return
	}
	err := a.recorder.Record(ctx, adapter.Answered{Place: r.Place, Request: r, Reply: reply, Messages: posted})
	if err != nil {
		a.log.Warn("answer not kept track of, it cannot be corrected", "command", reply.Command, "err", err)
	}
}

// layOut is the drafts of an answer, or of an apology when there can be none.
func (a *Adapter) layOut(reply commands.Reply) []draft {
	list, err := drafts(reply)
	if err != nil {
		a.log.Error("answer not laid out", "command", reply.Command, "err", err)
		return []draft{{body: body{Text: commands.Words(reply.Lang).Apology}}}
	}
	return list
}

func (a *Adapter) postAll(ctx context.Context, to *commands.Destination, list []draft) ([]adapter.Posted, error) {
	var out []adapter.Posted
	for _, d := range list {
		ref, err := a.postOne(ctx, to, d)
		if err != nil {
			a.log.Warn("answer not sent", "chat", to.Chat, "err", err)
			return out, err
		}
		if ref.ID != "" {
			out = append(out, adapter.Posted{Ref: ref, File: d.file != nil})
		}
	}
	return out, nil
}

// postOne sends one message of an answer; as a last resort without its looks,
// never not at all.
func (a *Adapter) postOne(ctx context.Context, to *commands.Destination, d draft) (ref adapter.MessageRef, err error) {
	err = a.persist(ctx, to, func() error {
		var err error
		if ref, err = a.send(ctx, *to, d, true); errors.Is(err, errNameless) {
			return nil // nobody needs the name of an answer
		}
		return err
	})
	if !errors.Is(err, adapter.ErrPayload) || d.file != nil {
		return ref, err
	}
	a.log.Error("Telegram refuses how an answer is laid out; sending plain text", "err", err)
	return a.send(ctx, *to, draft{body: body{Text: d.Text, Preview: d.Preview}}, true)
}

// How often a call of an answer is tried, and how long somebody waits for it.
const (
	tries   = 4
	patient = 40 * time.Second
)

// persist makes a call of an answer, and again while that may help: somebody is
// waiting, and no ledger keeps it. A moved chat is followed, a topic that is gone
// left for the chat itself. A call that may have arrived is repeated once.
func (a *Adapter) persist(ctx context.Context, to *commands.Destination, call func() error) error {
	var err error
	var b backoff
	unknown := 0
	for range tries {
		if err = call(); err == nil || ctx.Err() != nil {
			return err
		}
		if m, ok := errors.AsType[*adapter.MovedError](err); ok {
			from := commands.Destination{Platform: to.Platform, Chat: to.Chat}
			a.moved(ctx, from, m.To)
			to.Chat, to.Thread = m.To.Chat, ""
			continue
		}
		switch {
		case errors.Is(err, adapter.ErrThread) && to.Thread != "":
			a.log.Warn("topic gone or closed, answering in the chat", "chat", to.Chat, "thread", to.Thread)
			to.Thread = ""
			continue
		case errors.Is(err, adapter.ErrUnknown):
			if unknown++; unknown > 1 {
				return err
			}
		case final(err):
			return err
		}
		if waits(err) > patient || !b.wait(ctx, err) {
			return err
		}
	}
	return err
}

// final reports whether trying again at once cannot help.
func final(err error) bool {
	for _, e := range []error{
		adapter.ErrGone, adapter.ErrForbidden, adapter.ErrPayload, adapter.ErrToken, adapter.ErrThread, errSame, adapter.ErrLost, errLate, errConflict,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// row is the row of the table, or its subcommand, that a request is for.
func row(t commands.Table, r commands.Request) *commands.Command {
	c := t.Find(r.Command)
	if c == nil || r.Sub == "" {
		return c
	}
	if sub := c.Sub(r.Sub); sub != nil {
		return sub
	}
	return c
}

// whispers reports whether an answer belongs to the asker's private chat: that
// of a private command which is about them. One about the place they administer
// stays there, where its buttons mean that place; a refusal too, being short.
func whispers(t commands.Table, r commands.Request, reply commands.Reply) bool {
	c := t.Find(r.Command)
	sub := row(t, r)
	return reply.Private && c != nil && (c.Private || sub.Private) && !c.Admin && !sub.Admin
}

// whisper answers in the asker's private chat and says so in the shared one.
// Somebody who has never opened the private chat is shown the way.
func (a *Adapter) whisper(ctx context.Context, m *message, r commands.Request, reply commands.Reply) {
	to := commands.Destination{Platform: commands.Telegram, Chat: r.User}
	_, err := a.post(ctx, to, reply, nil)
	link := "https://t.me/" + a.username()
	text := whispered
	if errors.Is(err, adapter.ErrGone) {
		text = startFirst
		if p := payload(r.Line()); p != "" {
			link += "?start=" + p
		}
	} else if err != nil {
		return
	}
	here := m.place().Destination
	d := draft{body: body{
		Text: text.In(r.Lang), ReplyTo: &replyTo{Message: m.ID, Anyway: true},
		Keyboard: &keyboard{Rows: [][]button{{{Text: openChat.In(r.Lang), URL: link}}}},
	}}
	_, _ = a.postAll(ctx, &here, []draft{d}) // logged
}
