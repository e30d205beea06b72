package discord_test

import (
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

func TestPins(t *testing.T) {
	t.Parallel()
	adaptertest.Pins(t, func(t *testing.T) adaptertest.PinPlace {
		d := discordtest.New(t)
		return adaptertest.PinPlace{
			Adapter: newAdapter(t, d), To: inChannel,
			Pinned: func() []string { return d.Pinned(discordtest.Channel) },
			Unpin:  func(id string) { d.Unpin(discordtest.Channel, id) },
			Delete: func(id string) { d.Delete(discordtest.Channel, id) },
			Deny:   func() string { d.DenyPins(discordtest.Channel, true); return "Pin Messages" },
			Fill:   func() { d.LimitPins(1) },
		}
	})
}

// A thread and a direct channel have pins of their own, and every call waits
// its turn and goes by the route of today, which the fake insists on.
func TestPinPlaces(t *testing.T) {
	t.Parallel()
	d, pace := discordtest.New(t), &pacer{}
	d.AddThread("611", discordtest.Channel)
	d.DenyPins(discordtest.Channel, true)
	a := newAdapter(t, d, func(o *discord.Options) { o.Pacer = pace })
	for channel, to := range map[string]commands.Destination{
		"611": inThread, discordtest.DM("77"): {Platform: commands.Discord, Chat: "user:77"},
	} {
		ref, err := a.Send(t.Context(), to, part(t, a), "")
		if err != nil {
			t.Fatal(err)
		}
		waited := pace.waits
		if err := a.Pin(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		if got := d.Pinned(channel); len(got) != 1 || got[0] != ref.ID || pace.waits == waited {
			t.Errorf("pinned in %s are %v after %d waits", channel, got, pace.waits-waited)
		}
		path := "/channels/" + channel + "/messages/pins/" + ref.ID
		if calls := d.Calls("PUT", path); len(calls) != 1 || len(calls[0].Body) > 0 {
			t.Errorf("%d calls of PUT %s", len(calls), path)
		}
		if err := a.Unpin(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		if calls := d.Calls("DELETE", path); len(calls) != 1 || len(d.Pinned(channel)) > 0 {
			t.Errorf("%d calls of DELETE %s", len(calls), path)
		}
	}
	// What a channel's history says of pins is no message of ours.
	if _, found, err := a.Find(t.Context(), inThread, adapter.Part{Body: []byte(`{"content":"what was never sent"}`)}, "never", time.Now().Add(-time.Hour)); found || err != nil {
		t.Errorf("found %t, %v", found, err)
	}
}

func TestPinErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault discordtest.Fault
		want  error
	}{
		"unknown message":  {discordtest.Fault{Status: 404, Code: 10008}, adapter.ErrLost},
		"a system message": {discordtest.Fault{Status: 403, Code: 50021}, adapter.ErrLost},
		"unknown channel":  {discordtest.Fault{Status: 404, Code: 10003}, adapter.ErrGone},
		"no access":        {discordtest.Fault{Status: 403, Code: 50001}, adapter.ErrForbidden},
		"no permission":    {discordtest.Fault{Status: 403, Code: 50013}, adapter.ErrForbidden},
		"archived":         {discordtest.Fault{Status: 400, Code: 50083}, adapter.ErrThread},
		"limit":            {discordtest.Fault{Status: 400, Code: 30003}, adapter.ErrPinLimit},
		"limited":          {discordtest.Fault{Status: 429, RetryAfter: 1}, &adapter.RetryError{}},
		"internal error":   {discordtest.Fault{Status: 500}, adapter.ErrUnknown},
		"done, no answer":  {discordtest.Fault{Drop: true, After: true}, adapter.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.New(t)
			a := newAdapter(t, d)
			ref, err := a.Send(t.Context(), inChannel, part(t, a), "")
			if err != nil {
				t.Fatal(err)
			}
			tc.fault.Method, tc.fault.Path = "PUT", "/channels"
			d.Fail(tc.fault)
			checkKind(t, a.Pin(t.Context(), ref), tc.want)
			if n := len(d.Calls("PUT", "/channels")); n != 1 {
				t.Errorf("%d calls, want one: retries belong to the caller", n)
			}
		})
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	parts, err := a.Render(commands.Place{}, commands.Reply{Title: "News", Blocks: []commands.Block{say("The lake is calm.")}, Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := a.Send(t.Context(), inChannel, parts[0], "")
	if err != nil {
		t.Fatal(err)
	}
	const silent = 4096 // SUPPRESS_NOTIFICATIONS
	if m := d.Messages(discordtest.Channel); len(m) != 1 || m[0].Flags != silent {
		t.Errorf("stands as %+v, want no notification", m)
	}
	if err := a.Edit(t.Context(), ref, parts[0]); err != nil {
		t.Error(err)
	}
}

// The routes are those of Discord's own description, and not the deprecated ones.
func TestPinRoutes(t *testing.T) {
	t.Parallel()
	spec, err := discordtest.FindSpec()
	if err != nil {
		t.Skipf("the description is not at %s: %v", discordtest.SpecFile, err)
	}
	for method, want := range map[string]string{"PUT": "create_pin", "DELETE": "delete_pin"} {
		if got := spec.Operation(method, "/channels/1/messages/pins/2"); got != want {
			t.Errorf("%s of a pin is %q, want %s", method, got, want)
		}
	}
}
