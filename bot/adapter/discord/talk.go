package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
	"griot/commands"
)

// maxBorrowed is how many messages may follow the first where the app is not
// installed: https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
const maxBorrowed = 5

// affordable cuts an answer that a place without the app cannot hold, and says so.
func (t *talk) affordable(parts []adapter.Part) []adapter.Part {
	if len(parts) <= 1+maxBorrowed || t.i.place().Postable {
		return parts
	}
	b, err := encode(message{Content: escape(tooLong.In(t.tongue()), true), Embeds: []embed{}, Components: []row{}})
	if err != nil {
		return parts
	}
	return append(parts[:maxBorrowed:maxBorrowed], adapter.Part{Body: b})
}

// postpone tells Discord that the answer takes a while, unless it is already out.
func (t *talk) postpone(ctx context.Context, press, private bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.answered {
		return
	}
	c := callback{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}
	if press {
		c.Type = discordgo.InteractionResponseDeferredMessageUpdate
	} else if private || t.i.pressedPrivately() {
		c.Data = struct {
			Flags int `json:"flags"`
		}{flagEphemeral}
	}
	t.answered = true
	t.deferred = t.first(ctx, c, nil) == nil
	t.private = private || t.i.pressedPrivately()
}

// first sends the first answer and logs why Discord did not take it. While
// Discord still takes one it is tried again: an answer that had arrived
// is then refused as the second, and shown once.
func (t *talk) first(ctx context.Context, c callback, files []commands.File) error {
	b, err := encode(c)
	for doubt := false; err == nil; {
		id := ""
		id, err = t.out.first(ctx, b, files, c.Type == discordgo.InteractionResponseChannelMessageWithSource && t.public)
		if err == nil && id != "" {
			t.stands = append(t.stands, id)
		}
		if doubt && hasCode(err, codeAlreadyAnswered) {
			err = nil // the try before had arrived
		}
		wait, again := t.again(err)
		if !again || ctx.Err() != nil {
			break
		}
		doubt = doubt || errors.Is(meaning(err), adapter.ErrUnknown)
		pause(ctx, wait)
		err = nil
	}
	switch {
	case err == nil:
		t.a.log.Debug("interaction answered", "took", t.a.now().Sub(t.from))
	case hasCode(err, codeUnknownInteraction), hasCode(err, codeAlreadyAnswered):
		t.a.log.Warn("answer came too late", "took", t.a.now().Sub(t.from), "err", err)
	default:
		t.a.log.Error("answer refused", "err", err)
	}
	return err
}

// again says how long to wait before the first answer is worth another try, if
// it is: nothing was sent, Discord asks for a short wait, or nobody knows whether it arrived.
func (t *talk) again(err error) (wait time.Duration, again bool) {
	if err == nil {
		return 0, false
	}
	_, sent := errors.AsType[*fault](err)
	wait = ackPause
	if re, later := errors.AsType[*adapter.RetryError](meaning(err)); later {
		wait = re.After
	} else if sent && !errors.Is(meaning(err), adapter.ErrUnknown) {
		return 0, false
	}
	return wait, t.a.now().Add(wait).Before(t.from.Add(ackUntil))
}

// send sends the parts of an answer: the first as the answer itself, or in the
// place of the deferral or of the pressed message, the others behind it.
func (t *talk) send(ctx context.Context, parts []adapter.Part, private, press bool) {
	t.mu.Lock()
	postponed, deferred := t.answered, t.deferred
	t.answered = true
	t.mu.Unlock()
	// What is for the asker alone must not replace a message that all can see.
	inPlace := press && (!private || t.i.pressedPrivately() || t.i.place().Private)
	ephemeral := private || t.i.pressedPrivately()
	sent := false
	switch {
	case postponed && !deferred:
		return // Discord did not take the deferral, so it takes nothing more
	case postponed:
		sent = t.resolve(ctx, parts[0], ephemeral, press, inPlace)
	default:
		sent = t.open(ctx, parts[0], ephemeral, inPlace)
	}
	for _, p := range parts[1:] {
		if !sent {
			return
		}
		sent = t.follow(ctx, p, ephemeral)
	}
}

// open sends the first part as the answer. One that is refused for its form is
// our fault, and the asker reads an apology instead of nothing.
func (t *talk) open(ctx context.Context, p adapter.Part, ephemeral, inPlace bool) bool {
	c := callback{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: flagged(p.Body, ephemeral && !inPlace)}
	if inPlace {
		c.Type = discordgo.InteractionResponseUpdateMessage
	}
	err := t.first(ctx, c, p.Files)
	switch {
	case err != nil:
	case inPlace && t.i.Message != nil:
		t.stands = append(t.stands, t.i.Message.ID)
	case len(t.stands) == 0: // it went out as the answer to the request
		t.original = true
	}
	t.shown = err == nil
	if errors.Is(meaning(err), adapter.ErrPayload) {
		b, wrong := encode(message{Content: escape(t.words().Apology, true), Embeds: []embed{}, Components: []row{}, Flags: flagEphemeral})
		if wrong == nil {
			_ = t.first(ctx, callback{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: b}, nil)
		}
	}
	return err == nil
}

// resolve puts the first part in the place of a deferral.
func (t *talk) resolve(ctx context.Context, p adapter.Part, ephemeral, press, inPlace bool) bool {
	if press && !inPlace {
		return t.follow(ctx, p, ephemeral)
	}
	if !press && ephemeral && !t.private {
		// The deferral showed itself to all, and its message would too.
		if _, err := t.hook(ctx, http.MethodDelete, "/messages/@original", adapter.Part{}); err != nil {
			t.a.log.Warn("deferral not taken back", "err", err)
		}
		return t.follow(ctx, p, ephemeral)
	}
	id, err := t.hook(ctx, http.MethodPatch, "/messages/@original", p)
	if err != nil {
		t.a.log.Error("deferred answer not shown", "err", err)
		return false
	}
	t.stands, t.shown = append(t.stands, id), true
	return true
}

// follow sends a further message, once; it says whether the next may follow.
func (t *talk) follow(ctx context.Context, p adapter.Part, ephemeral bool) bool {
	p.Body = flagged(p.Body, ephemeral)
	id, err := t.hook(ctx, http.MethodPost, "?wait=true", p)
	if err != nil {
		t.a.log.Error("answer not shown in full", "err", err)
	} else {
		t.stands, t.shown = append(t.stands, id), true
	}
	// One that may have arrived is not sent again; the order stays.
	return err == nil || errors.Is(err, adapter.ErrUnknown)
}

// hook calls the interaction's webhook, and waits when Discord asks for it.
// These calls do not count among the bot's, so the pacer is not asked. It
// returns the id of the message, "" where there is none.
func (t *talk) hook(ctx context.Context, method, tail string, p adapter.Part) (string, error) {
	app := t.i.App
	if known := t.a.app.Load(); app == "" && known != nil {
		app = *known
	}
	c := call{method: method, path: "webhooks/" + escapeID(app) + "/" + escapeID(t.i.Token) + tail, body: p.Body, files: p.Files}
	for try := 1; ; try++ {
		var out json.RawMessage
		err := t.a.rest.do(ctx, c, either(t.public && method != http.MethodDelete, &out))
		wait, early := time.Second, false
		if f, ok := errors.AsType[*fault](err); ok {
			// Over HTTP the answer is our response, and Discord may not have read
			// it yet: until then it knows of no interaction, and has done nothing.
			early = f.status == http.StatusNotFound && t.a.key != nil && t.a.now().Sub(t.from) < early404
			err = classify(f, false)
		}
		re, later := errors.AsType[*adapter.RetryError](err)
		if later {
			wait = re.After
		} else if early {
			wait = 100 * time.Millisecond << try
		}
		_, sent := errors.AsType[*fault](err)
		// A change made twice is the same change; a message posted twice is two.
		harmless := method != http.MethodPost && errors.Is(err, adapter.ErrUnknown)
		if err == nil || try == 5 || sent && !later && !harmless && !early || ctx.Err() != nil {
			var m struct {
				ID string `json:"id"`
			}
			_ = json.Unmarshal(out, &m) // without one it is not kept track of
			return m.ID, err
		}
		pause(ctx, wait)
	}
}

// early404 is for how long after the question Discord may still be reading our response.
const early404 = 4 * time.Second

// either is out when it is wanted.
func either(wanted bool, out *json.RawMessage) any {
	if !wanted {
		return nil
	}
	return out
}

// record has an answer that everybody reads kept track of, when it stands.
func (t *talk) record(ctx context.Context, r commands.Request, reply commands.Reply) {
	t.mu.Lock()
	stood := t.answered && t.public
	t.mu.Unlock()
	if !stood || !t.shown {
		return
	}
	if t.original {
		id, err := t.hook(ctx, http.MethodGet, "/messages/@original", adapter.Part{})
		if err != nil {
			t.a.log.Warn("answer not kept track of, it cannot be corrected", "command", reply.Command, "err", err)
			return
		}
		t.stands = append([]string{id}, t.stands...)
	}
	place := t.i.place()
	var posted []adapter.Posted
	for _, id := range t.stands {
		if id != "" {
			posted = append(posted, adapter.Posted{Ref: adapter.MessageRef{To: place.Destination, ID: id}})
		}
	}
	if len(posted) == 0 {
		return
	}
	if err := t.a.recorder.Record(ctx, adapter.Answered{Place: place, Request: r, Reply: reply, Messages: posted}); err != nil {
		t.a.log.Warn("answer not kept track of, it cannot be corrected", "command", reply.Command, "err", err)
	}
}

// flagged sets the flag that shows a message to the asker alone.
func flagged(body json.RawMessage, ephemeral bool) json.RawMessage {
	if !ephemeral {
		return body
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return body
	}
	fields["flags"] = json.RawMessage("64")
	if b, err := encode(fields); err == nil {
		return b
	}
	return body
}
