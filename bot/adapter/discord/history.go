package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

var _ adapter.Finder = (*Adapter)(nil)

// discordEpoch is where the time in Discord's ids begins:
// https://docs.discord.com/developers/reference#snowflakes
var discordEpoch = time.Date(2015, time.January, 1, 0, 0, 0, 0, time.UTC)

// clockSlack is how far our clock may be ahead of Discord's.
const clockSlack = time.Minute

// past is a message as a channel's history shows it.
type past struct {
	ID      string `json:"id"`
	Nonce   any    `json:"nonce"` // a number or a text; history mostly leaves it away
	Content string `json:"content"`
	App     string `json:"application_id"`
	Author  struct {
		ID  string `json:"id"`
		Bot bool   `json:"bot"`
	} `json:"author"`
	Embeds []embed `json:"embeds"`
}

// Find looks for a message among those posted in the channel since then, at
// most 100 at a time: https://docs.discord.com/developers/resources/message#get-channel-messages
// It is the bot's own with the same nonce, or with the same text.
func (a *Adapter) Find(ctx context.Context, to commands.Destination, p adapter.Part, nonce string, since time.Time) (adapter.MessageRef, bool, error) {
	var want past
	if err := json.Unmarshal(p.Body, &want); err != nil {
		return adapter.MessageRef{}, false, fmt.Errorf("%w: read the part: %w", adapter.ErrPayload, err)
	}
	channel, err := a.channel(ctx, to)
	if err != nil {
		return adapter.MessageRef{}, false, err
	}
	if _, err := a.application(ctx); err != nil { // a process that has no link is not told
		a.log.Debug("application unknown, any bot's message may be ours", "err", err)
	}
	after := strconv.FormatInt(max(since.Add(-clockSlack).Sub(discordEpoch).Milliseconds(), 0)<<22, 10)
	for {
		if err := a.pacer.Wait(ctx, to, false); err != nil {
			return adapter.MessageRef{}, false, err
		}
		var page []past
		err := a.rest.do(ctx, call{method: http.MethodGet, path: "channels/" + escapeID(channel) + "/messages?limit=100&after=" + after}, &page)
		if err != nil {
			return adapter.MessageRef{}, false, a.judge(to, err)
		}
		newest := after
		for _, m := range page {
			if a.ours(m) && (m.Nonce == nonce && nonce != "" || m.same(want)) {
				return adapter.MessageRef{To: to, ID: m.ID}, true, nil
			}
			if laterID(m.ID, newest) {
				newest = m.ID
			}
		}
		if len(page) < 100 || newest == after {
			return adapter.MessageRef{}, false, nil
		}
		after = newest
	}
}

// laterID reports whether an id was given out after another.
func laterID(a, b string) bool {
	return len(a) > len(b) || len(a) == len(b) && a > b
}

// ours reports whether the bot wrote a message, as far as it can be known.
func (a *Adapter) ours(m past) bool {
	app := a.app.Load()
	return app == nil || m.App == *app || m.Author.ID == *app || m.App == "" && m.Author.Bot
}

// same reports whether two messages read alike.
func (m past) same(o past) bool {
	text := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	alike := func(x, y embed) bool {
		return text(x.Title) == text(y.Title) && text(x.Description) == text(y.Description)
	}
	return text(m.Content) == text(o.Content) && slices.EqualFunc(m.Embeds, o.Embeds, alike)
}

// person marks a destination that is a person, not a channel.
const person = "user:"

// channel is the id of the channel that a destination's messages go to. For a
// person the direct channel is opened, once: it stays the same.
func (a *Adapter) channel(ctx context.Context, to commands.Destination) (string, error) {
	user, is := strings.CutPrefix(to.Chat, person)
	switch {
	case to.Thread != "":
		return to.Thread, nil
	case !is:
		return to.Chat, nil
	}
	if id := a.directs.of(user); id != "" {
		return id, nil
	}
	body, err := json.Marshal(map[string]string{"recipient_id": user})
	if err != nil {
		return "", err
	}
	if err := a.pacer.Wait(ctx, to, false); err != nil {
		return "", err
	}
	var out struct {
		ID string `json:"id"`
	}
	err = a.rest.do(ctx, call{method: http.MethodPost, path: "users/@me/channels", body: body}, &out)
	if err == nil && out.ID == "" {
		err = errors.New("the answer names no channel")
	}
	if err == nil {
		a.directs.keep(user, out.ID)
		return out.ID, nil
	}
	if err = a.judge(to, err); errors.Is(err, adapter.ErrUnknown) { // opening a channel again does no harm
		err = errors.New(err.Error())
	}
	return "", fmt.Errorf("open a direct channel: %w", err)
}

// directs knows the direct channels of people. It is safe for concurrent use.
type directs struct {
	mu sync.Mutex
	m  map[string]string
}

// maxDirects bounds what is kept; opening one again does no harm.
const maxDirects = 10_000

func (d *directs) of(user string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.m[user]
}

func (d *directs) keep(user, channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.m == nil || len(d.m) >= maxDirects {
		d.m = map[string]string{}
	}
	d.m[user] = channel
}
