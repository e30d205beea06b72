package discord_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

// recorder keeps what it is told.
type recorder chan adapter.Answered

func (r recorder) Record(_ context.Context, a adapter.Answered) error {
	r <- a
	return nil
}

// told waits for an answer that is kept track of, and wants its messages.
func (r recorder) told(t *testing.T, want ...discordtest.Message) adapter.Answered {
	t.Helper()
	var a adapter.Answered
	select {
	case a = <-r:
	case <-time.After(30 * time.Second):
		t.Fatal("an answer that stands is not kept track of")
	}
	var got, ids []string
	for _, m := range a.Messages {
		got = append(got, m.Ref.ID)
	}
	for _, m := range want {
		ids = append(ids, m.ID)
	}
	if strings.Join(got, " ") != strings.Join(ids, " ") {
		t.Errorf("kept track of %v, want %v", got, ids)
	}
	return a
}

// TestPublicAnswersAreRecorded: what everybody at a place reads is known by its
// ids, however it was sent; what the asker alone reads is not.
func TestPublicAnswersAreRecorded(t *testing.T) {
	t.Parallel()
	for _, http := range []bool{false, true} {
		rec := make(recorder, 9)
		long := commands.Reply{Title: "Long", Buttons: []commands.Button{{Label: "Turn", Line: "/lake section:figures"}}}
		for range 12 {
			long.Blocks = append(long.Blocks, say(strings.Repeat("A sentence of the lake. ", 40)))
		}
		c := &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
			if r.Options["section"] == "long" {
				return long
			}
			return commands.Reply{Title: "Short", Private: r.Command == "settings", Buttons: []commands.Button{{Label: "Turn", Line: "/lake section:figures"}}}
		}}
		d := discordtest.New(t)
		a := newAdapter(t, d, func(o *discord.Options) {
			if o.Recorder = rec; http {
				o.PublicKey = d.PublicKey()
			}
		})
		run(t, a, c)
		if http {
			s := httptest.NewServer(a.Interactions(c))
			t.Cleanup(s.Close)
			d.SendOverHTTP(s.URL)
		} else {
			d.WaitReady()
		}
		i := d.Slash(discordtest.Ask{Command: "lake", Options: map[string]string{"section": "figures"}})
		if got := rec.told(t, i.Answer()); got.Request.Line() != "/lake section:figures" || got.Messages[0].Ref.To.Chat != discordtest.Channel || !got.Place.Postable {
			t.Errorf("told %+v", got)
		}
		p := d.Press(discordtest.Ask{}, i.Answer(), i.Answer().Buttons()[0].CustomID)
		rec.told(t, p.Answer())
		j := d.Slash(discordtest.Ask{Command: "lake", Options: map[string]string{"section": "long"}})
		rec.told(t, append([]discordtest.Message{j.Answer()}, j.FollowUps(1)...)...)
		if got := rec.told(t, d.Slash(discordtest.Ask{Command: "lake", UserInstall: true}).Answer()); got.Place.Postable {
			t.Error("a place without the app is taken for one where it can edit")
		}
		d.Slash(discordtest.Ask{Command: "settings"}).Answer()
		d.Slash(discordtest.Ask{Command: "lake", DM: true}).Answer()
		rec.told(t, d.Slash(discordtest.Ask{Command: "lake"}).Answer()) // and nothing in between
	}
}
