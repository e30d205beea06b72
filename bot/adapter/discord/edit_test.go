package discord_test

import (
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.AddThread("611", discordtest.Channel)
	notes, pace := &memory{}, &pacer{}
	a := newAdapter(t, d, func(o *discord.Options) { o.Notes, o.Pacer = notes, pace })
	far := "/digest stop " + strings.Repeat("x", 100)
	parts, err := a.Render(commands.Place{}, commands.Reply{
		Title: "Digest, corrected", Blocks: []commands.Block{say("The lake is as it was.")}, Buttons: []commands.Button{{Label: "Stop", Line: far}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []commands.Destination{inChannel, inThread, {Platform: commands.Discord, Chat: "user:77"}} {
		ref, err := a.Send(t.Context(), to, part(t, a), "")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // repeated it does no harm
			if err := a.Edit(t.Context(), ref, parts[0]); err != nil {
				t.Fatal(err)
			}
		}
		channel := map[string]string{"": to.Chat, "611": "611"}[to.Thread]
		if to.Chat == "user:77" {
			channel = discordtest.DM("77")
		}
		m := d.Messages(channel)
		if len(m) != 1 || !strings.Contains(m[0].Text(), "as it was") || strings.Contains(m[0].Text(), "News") || len(m[0].Files) > 0 || len(m[0].Buttons()) != 1 {
			t.Errorf("%s holds %+v, want the new text alone", to, m)
		}
	}
	if len(notes.m) != 1 || pace.urgent > 0 || pace.waits != 10 { // 3 sends, 6 edits, and a direct channel opened once
		t.Errorf("notes %v, the pacer asked %d times, %d urgently", notes.m, pace.waits, pace.urgent)
	}
	// What an edit does not name stays, so it names everything; and it pings nobody.
	ref, err := a.Send(t.Context(), inChannel, adapter.Part{Body: []byte(`{"content":"old words"}`)}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Edit(t.Context(), ref, adapter.Part{Body: []byte(`{"embeds":[{"description":"@everyone"}],"flags":64}`)}); err != nil {
		t.Fatal(err)
	}
	all := d.Messages(discordtest.Channel)
	if last := all[len(all)-1]; last.Content != "" || last.Private() || last.Text() != "@everyone" {
		t.Errorf("stands as %+v", last)
	}
}

func TestEditErrors(t *testing.T) {
	t.Parallel()
	retry := &adapter.RetryError{}
	for name, tc := range map[string]struct {
		fault discordtest.Fault
		want  error
	}{
		"unknown message":      {discordtest.Fault{Status: 404, Code: 10008}, adapter.ErrLost},
		"another's message":    {discordtest.Fault{Status: 403, Code: 50005}, adapter.ErrLost},
		"a system message":     {discordtest.Fault{Status: 403, Code: 50021}, adapter.ErrLost},
		"unknown channel":      {discordtest.Fault{Status: 404, Code: 10003}, adapter.ErrGone},
		"no access":            {discordtest.Fault{Status: 403, Code: 50001}, adapter.ErrForbidden},
		"old edits, a wait":    {discordtest.Fault{Status: 429, Code: 30046, RetryAfter: 3}, retry},
		"old edits, none":      {discordtest.Fault{Status: 400, Code: 30046}, retry},
		"limited":              {discordtest.Fault{Status: 429, RetryAfter: 1}, retry},
		"internal error":       {discordtest.Fault{Status: 500}, adapter.ErrUnknown},
		"done, no answer":      {discordtest.Fault{Drop: true, After: true}, adapter.ErrUnknown},
		"refused for its form": {discordtest.Fault{Status: 400, Code: 50035}, adapter.ErrPayload},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, pace := discordtest.New(t), &pacer{}
			a := newAdapter(t, d, func(o *discord.Options) { o.Pacer = pace })
			ref, err := a.Send(t.Context(), inChannel, part(t, a), "")
			if err != nil {
				t.Fatal(err)
			}
			tc.fault.Method, tc.fault.Path = "PATCH", "/channels"
			d.Fail(tc.fault)
			checkKind(t, a.Edit(t.Context(), ref, part(t, a)), tc.want)
			if n := len(d.Calls("PATCH", "/channels")); n != 1 {
				t.Errorf("%d calls, want one: retries belong to the caller", n)
			}
			if tc.fault.Code == 30046 && len(pace.held) > 0 {
				t.Errorf("held %v, but new messages may go", pace.held)
			}
		})
	}
}

// What the platform refuses by itself: messages that are gone, the asker's
// alone, or old ones edited too often.
func TestEditOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	var ahead time.Duration
	d.SetClock(func() time.Time { return time.Now().Add(ahead) })
	d.LimitOldEdits(1)
	a := newAdapter(t, d)
	ref, err := a.Send(t.Context(), inChannel, part(t, a), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"999", "-100/7", ""} {
		checkKind(t, a.Edit(t.Context(), adapter.MessageRef{To: inChannel, ID: id}, part(t, a)), adapter.ErrLost)
	}
	ahead = 2 * time.Hour
	if err := a.Edit(t.Context(), ref, part(t, a)); err != nil {
		t.Fatal(err)
	}
	checkKind(t, a.Edit(t.Context(), ref, part(t, a)), &adapter.RetryError{})
	ahead += 2 * time.Minute
	if err := a.Edit(t.Context(), ref, part(t, a)); err != nil {
		t.Error(err)
	}
}
