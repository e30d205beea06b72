package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"griot/bot/adapter"
	"griot/briefings"
	"griot/commands"
)

// Bounds of one interaction.
const (
	answerLimit  = 60 * time.Second        // the core's time to answer
	suggestLimit = 2500 * time.Millisecond // suggestions later than 3 s are refused
	ackLimit     = 3 * time.Second         // a first answer later than this is refused
	ackUntil     = 2700 * time.Millisecond // after the question, no first answer is tried again
	ackPause     = 150 * time.Millisecond  // between its tries
	talkLimit    = 14 * time.Minute        // an interaction's token lives 15 minutes
)

// accept answers an interaction that came over the gateway, in a goroutine of
// its own. When too many are in hand the asker reads so, instead of waiting.
func (a *Adapter) accept(ctx context.Context, core adapter.Core, raw []byte) {
	i, err := parseInteraction(raw)
	if err != nil || i.Type == discordgo.InteractionPing {
		a.log.Warn("interaction left alone", "err", err)
		return
	}
	a.start(ctx, core, i, &restReply{a: a, i: i})
}

// start takes a slot for an interaction and answers it within ctx; false when not even the refusal has one.
func (a *Adapter) start(ctx context.Context, core adapter.Core, i *interaction, out replier) bool {
	t := &talk{a: a, core: core, i: i, out: out, from: a.now()}
	select {
	case a.slots <- struct{}{}:
		go func() {
			defer func() { <-a.slots }()
			t.guard(ctx, t.answer)
		}()
		return true
	default:
	}
	select {
	case a.spare <- struct{}{}:
		go func() {
			defer func() { <-a.spare }()
			t.guard(ctx, t.busy)
		}()
		a.log.Warn("too many questions at once", "limit", maxSlots)
		return true
	default:
		a.log.Error("question dropped: too many at once", "limit", maxSlots+maxSpare)
		return false
	}
}

// talk is one interaction being answered.
type talk struct {
	a    *Adapter
	core adapter.Core
	i    *interaction
	out  replier
	from time.Time

	mu       sync.Mutex     // of what follows; held while a deferral is under way
	lang     briefings.Lang // the asker's, once settled
	answered bool           // the first answer is out, or being deferred
	deferred bool
	private  bool // what the deferral promised
	public   bool // everybody reads the answer, and who keeps track of such asks for its ids

	// Of the answer's one goroutine:
	shown    bool     // it stands, at least in part
	stands   []string // ids of its messages, as far as they were told
	original bool     // that of the first was not
}

// guard lets no panic out and makes an apology of it.
func (t *talk) guard(ctx context.Context, f func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, talkLimit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			t.a.log.Error("interaction panicked", "err", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			defer func() { _ = recover() }()
			t.say(ctx, t.words().Apology)
		}
	}()
	f(ctx)
}

// words are the labels in the asker's language, known or guessed.
func (t *talk) words() commands.Labels { return commands.Words(t.tongue()) }

func (t *talk) tongue() briefings.Lang {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lang != "" {
		return t.lang
	}
	if strings.HasPrefix(t.i.Locale, string(briefings.FR)) {
		return briefings.FR
	}
	return briefings.EN
}

// answer answers whatever kind of interaction it is.
func (t *talk) answer(ctx context.Context) {
	switch t.i.Type {
	case discordgo.InteractionApplicationCommand:
		t.command(ctx)
	case discordgo.InteractionMessageComponent:
		t.press(ctx)
	case discordgo.InteractionApplicationCommandAutocomplete:
		t.suggest(ctx)
	case discordgo.InteractionModalSubmit:
		t.submit(ctx)
	default:
		t.say(ctx, unknownKind.In(t.tongue()))
	}
}

// command answers a slash command, or one of the menu of a message.
func (t *talk) command(ctx context.Context) {
	if t.i.Data.Kind != discordgo.MessageApplicationCommand {
		r, _, _ := t.i.command()
		t.reply(ctx, r, false)
		return
	}
	switch r, known, has := t.i.pointed(t.core.Table()); {
	case !known:
		t.say(ctx, unknownKind.In(t.tongue()))
	case !has:
		t.say(ctx, noText.In(t.tongue()))
	default:
		t.reply(ctx, r, false)
	}
}

// press answers a button or select in the place of the message it is on.
func (t *talk) press(ctx context.Context) {
	line, ok := t.line(ctx)
	if !ok {
		return
	}
	line, inPlace := adapter.Pressed(line)
	if !strings.HasPrefix(line, "/") { // not a button of ours, or of another time
		t.say(ctx, t.words().TooLate)
		return
	}
	r, err := commands.ParseLine(t.core.Table(), line)
	if err != nil {
		r = t.core.Settle(ctx, t.i.request(r), t.i.Locale)
		t.show(ctx, commands.Refusal(t.core.Table(), r.Lang, err), inPlace)
		return
	}
	t.reply(ctx, t.i.request(r), inPlace)
}

// suggest answers half-typed options; nothing is better than too late.
func (t *talk) suggest(ctx context.Context) {
	ask, cancel := context.WithTimeout(ctx, suggestLimit)
	defer cancel()
	r, option, typed := t.i.command()
	r = t.core.Settle(ask, r, t.i.Locale)
	r.Now = t.from
	list := suggestions(t.core.Complete(ask, r, option, typed), r)
	_ = t.first(ctx, callback{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: choiceList{list}}, nil)
}

// reply asks the core and shows the answer, in the place of the message pressed
// or as one of its own. While the core thinks longer than
// patience allows, Discord is told that an answer is coming.
func (t *talk) reply(ctx context.Context, r commands.Request, inPlace bool) {
	ask, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	private := privateCommand(t.core.Table(), r)
	waiting := time.AfterFunc(t.a.patient, func() {
		t.guard(ctx, func(ctx context.Context) { t.postpone(ctx, inPlace, private) })
	})
	defer waiting.Stop()
	r.Now = t.from
	r = t.core.Settle(ask, r, t.i.Locale)
	t.mu.Lock()
	t.lang = r.Lang
	t.mu.Unlock()
	reply := t.core.Answer(ask, r)
	waiting.Stop()
	if reply.Prompt != nil && t.prompt(ctx, *reply.Prompt) {
		return
	}
	t.show(ctx, reply, inPlace)
	t.record(ctx, r, reply)
}

// show renders a reply and sends its parts in order.
func (t *talk) show(ctx context.Context, reply commands.Reply, inPlace bool) {
	parts, err := t.a.Render(t.i.place(), reply)
	if err != nil {
		t.a.log.Error("answer does not fit Discord", "command", reply.Command, "err", err)
		t.say(ctx, t.words().Apology)
		return
	}
	t.public = t.a.recorder != nil && !reply.Private && !t.i.place().Private && !t.i.pressedPrivately()
	for _, p := range parts {
		if err := t.a.remember(ctx, p.Lines); err != nil {
			t.a.log.Error("lines of buttons not kept", "err", err)
		}
	}
	t.send(ctx, t.affordable(parts), reply.Private, inPlace)
}

// say answers with one sentence for the asker alone.
func (t *talk) say(ctx context.Context, sentence string) {
	b, err := encode(message{Content: escape(clean(sentence), true), Embeds: []embed{}, Components: []row{}})
	if err != nil {
		return
	}
	t.send(ctx, []adapter.Part{{Body: b}}, true, t.i.Type == discordgo.InteractionMessageComponent)
}

// busy refuses politely.
func (t *talk) busy(ctx context.Context) {
	if t.i.Type == discordgo.InteractionApplicationCommandAutocomplete {
		_ = t.first(ctx, callback{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: choiceList{[]discordgo.ApplicationCommandOptionChoice{}}}, nil)
		return
	}
	t.say(ctx, tooBusy.In(t.tongue()))
}

// callback is the first answer to an interaction.
type callback struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

type choiceList struct {
	Choices []discordgo.ApplicationCommandOptionChoice `json:"choices"`
}

// replier carries the first answer to Discord: by a call, or as the answer to
// the request that brought the interaction.
type replier interface {
	// The id of the message it became is returned when it is wanted and known.
	first(ctx context.Context, body json.RawMessage, files []commands.File, named bool) (id string, err error)
}

// restReply calls back.
type restReply struct {
	a *Adapter
	i *interaction
}

func (r *restReply) first(ctx context.Context, body json.RawMessage, files []commands.File, named bool) (string, error) {
	c := call{method: http.MethodPost, path: "interactions/" + escapeID(r.i.ID) + "/" + escapeID(r.i.Token) + "/callback", body: body, files: files, limit: ackLimit}
	if len(files) > 0 {
		c.limit = callLimit
	}
	if !named {
		return "", r.a.rest.do(ctx, c, nil)
	}
	// https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response
	c.path += "?with_response=true"
	var out json.RawMessage
	err := r.a.rest.do(ctx, c, &out)
	var answer struct {
		Resource struct {
			Message struct {
				ID string `json:"id"`
			} `json:"message"`
		} `json:"resource"`
	}
	if err == nil && json.Unmarshal(out, &answer) != nil {
		return "", nil // it is answered all the same
	}
	return answer.Resource.Message.ID, err
}
