package discord_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

// textPart is a message of one embed.
func textPart(t *testing.T, a *discord.Adapter, text string) adapter.Part {
	t.Helper()
	parts, err := a.Render(commands.Place{}, commands.Reply{Title: "Digest", Blocks: []commands.Block{say(text)}})
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	return parts[0]
}

func TestFind(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	start := time.Now()
	mine := textPart(t, a, "News of the lake.")
	// An answer that was lost: the message stands although nobody knows.
	d.Fail(discordtest.Fault{Method: "POST", Path: "/channels/" + discordtest.Channel, Times: 1, Drop: true, After: true})
	if _, err := a.Send(t.Context(), inChannel, mine, "n1"); !errors.Is(err, adapter.ErrUnknown) {
		t.Fatalf("send: %v, want unknown", err)
	}
	for i := range 150 { // more than one page of history behind it
		if _, err := a.Send(t.Context(), inChannel, textPart(t, a, fmt.Sprintf("Other news %d.", i)), ""); err != nil {
			t.Fatal(err)
		}
	}
	want := d.Messages(discordtest.Channel)[0].ID
	ref, found, err := a.Find(t.Context(), inChannel, mine, "n1", start)
	if err != nil || !found || ref.ID != want || ref.To != inChannel {
		t.Errorf("found %v %t, %v; want %s", ref, found, err, want)
	}
	if ref, found, err := a.Find(t.Context(), inChannel, textPart(t, a, "Never sent."), "n2", start); err != nil || found {
		t.Errorf("found %v %t, %v for what was never sent", ref, found, err)
	}
	if _, found, err := a.Find(t.Context(), inChannel, mine, "n1", start.Add(24*time.Hour)); err != nil || found {
		t.Errorf("found %t, %v among messages of tomorrow", found, err)
	}
	d.Refuse(discordtest.Channel, 403, 50013)
	if _, _, err := a.Find(t.Context(), inChannel, mine, "n1", start); !errors.Is(err, adapter.ErrForbidden) {
		t.Errorf("%v, want that the history may not be read", err)
	}
	d.Fail(discordtest.Fault{Path: "/channels", Status: 502, HTML: true})
	if _, _, err := a.Find(t.Context(), inChannel, mine, "n1", start); err == nil || errors.Is(err, adapter.ErrForbidden) || errors.Is(err, adapter.ErrGone) {
		t.Errorf("%v, want a fault that passes", err)
	}
}

// TestSendToAPerson opens the direct channel first.
func TestSendToAPerson(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	to := commands.Destination{Platform: commands.Discord, Chat: "user:77"}
	for range 2 {
		if _, err := a.Send(t.Context(), to, textPart(t, a, "Your digest stopped."), "n1"); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.Messages(discordtest.DM("77")); len(got) != 1 || !strings.Contains(got[0].Text(), "Your digest stopped.") {
		t.Errorf("the person got %v, want one message", got)
	}
	d.Fail(discordtest.Fault{Path: "/users/@me/channels", Status: 502, HTML: true})
	_, err := a.Send(t.Context(), commands.Destination{Platform: commands.Discord, Chat: "user:78"}, textPart(t, a, "Again."), "n2")
	if err == nil || errors.Is(err, adapter.ErrUnknown) {
		t.Errorf("%v: nothing was sent, so nothing is in doubt", err)
	}
}

// TestEmptyBucketIsLeftAlone obeys a route's limit before Discord has to say so.
func TestEmptyBucketIsLeftAlone(t *testing.T) {
	t.Parallel()
	d, pace := discordtest.New(t), &pacer{}
	d.Fail(discordtest.Fault{Method: "POST", Path: "/channels", Times: 1, Header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "2.5"}})
	a := newAdapter(t, d, func(o *discord.Options) { o.Pacer = pace })
	if _, err := a.Send(t.Context(), inChannel, textPart(t, a, "News."), ""); err != nil {
		t.Fatal(err)
	}
	if got := pace.held[inChannel]; got != 2500*time.Millisecond {
		t.Errorf("the channel is held for %s, want 2.5s", got)
	}
}

func TestBotID(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{
		"NjAwMDAwMDAwMDAwMDAwMDAx.Gabc.secret-secret": "600000000000000001",
		"Bot NjAwMDAwMDAwMDAwMDAwMDAx.G.s":            "600000000000000001",
		"not.a.token":                                 "", "": "", "c2VjcmV0.x.y": "",
	} {
		if got := discord.BotID(token); got != want {
			t.Errorf("%q: %q, want %q", token, got, want)
		}
	}
}
