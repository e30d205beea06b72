package discord_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
)

// answers reports whether the bot answers now.
func answers(t *testing.T, d *discordtest.Server) {
	t.Helper()
	if m := d.Slash(discordtest.Ask{Command: "lake"}).Answer(); !strings.Contains(m.Text(), "The ferry sails.") {
		t.Errorf("answer %q", m.Text())
	}
}

func TestGatewayResumes(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*discordtest.Server){
		"asked to reconnect":       func(d *discordtest.Server) { d.SendOp(7, nil) },
		"cut without a word":       func(d *discordtest.Server) { d.CutLinks() },
		"closed for a try again":   func(d *discordtest.Server) { d.CloseLinks(4000) },
		"going invalid, resumable": func(d *discordtest.Server) { d.SendOp(9, true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := start(t, &core{})
			answers(t, d)
			trouble(d)
			d.Wait("a resume", func() bool { return d.Resumes() == 1 })
			d.WaitReady()
			answers(t, d)
			if n := len(d.Identifies()); n != 1 {
				t.Errorf("identified %d times, want once: the session was resumable", n)
			}
		})
	}
}

func TestEventsMissedAreReplayed(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	d.CloseLinks(4000)
	i := d.Slash(discordtest.Ask{Command: "lake"}) // nobody is linked at this moment
	if m := i.Answer(); !strings.Contains(m.Text(), "The ferry sails.") {
		t.Errorf("answer %q", m.Text())
	}
}

func TestGatewayBeginsAnew(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*discordtest.Server){
		"session refused":   func(d *discordtest.Server) { d.RefuseResume(true); d.CutLinks() },
		"session invalid":   func(d *discordtest.Server) { d.SendOp(9, false) },
		"session timed out": func(d *discordtest.Server) { d.CloseLinks(4009) },
		"going away":        func(d *discordtest.Server) { d.CloseLinks(1001) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := start(t, &core{})
			trouble(d)
			d.Wait("a second session", func() bool { return len(d.Identifies()) == 2 })
			d.WaitReady()
			answers(t, d)
		})
	}
}

func TestResumeWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	d.IgnoreResume(true)
	d.CutLinks()
	d.Wait("a resume", func() bool { return d.Resumes() == 1 })
	d.CutLinks()
	d.Wait("a second session", func() bool { return len(d.Identifies()) == 2 })
	answers(t, d)
}

func TestReconnectAsTheFirstPacket(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.GreetWith(7)
	a := newAdapter(t, d)
	run(t, a, &core{})
	d.WaitReady()
	answers(t, d)
}

func TestZombieLinkIsFound(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.SetHeartbeat(20 * time.Millisecond)
	a := newAdapter(t, d)
	run(t, a, &core{})
	d.WaitReady()
	d.Wait("heartbeats", func() bool { return d.Heartbeats() > 3 })
	d.SetDeaf(true)
	d.Wait("a resume", func() bool { return d.Resumes() > 0 })
	d.SetDeaf(false)
	d.WaitReady()
	answers(t, d)
}

func TestHeartbeatOnRequest(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	before := d.Heartbeats()
	d.SendOp(1, nil)
	d.Wait("a heartbeat", func() bool { return d.Heartbeats() > before })
}

func TestFatalCloses(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]error{4004: adapter.ErrToken, 4014: nil, 4010: nil, 4013: nil} {
		d := discordtest.New(t)
		d.RefuseIdentify(code)
		err := newAdapter(t, d).Run(t.Context(), &core{})
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("close %d: run ended with %v, want an error of %v", code, err, want)
		}
	}
}

func TestRefusedTokenEndsRunAndIsNotShown(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	var log lockedBuffer
	a, err := discord.New(discord.Options{Token: "SECRET-token", APIURL: d.URL(), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	err = a.Run(t.Context(), &core{})
	if !errors.Is(err, adapter.ErrToken) {
		t.Errorf("run ended with %v, want ErrToken", err)
	}
	if strings.Contains(err.Error()+log.String(), "SECRET") {
		t.Errorf("the token shows in %q or %q", err, log.String())
	}
}

func TestNothingShowsTheToken(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	for _, f := range []discordtest.Fault{{Drop: true, Times: 3}, {Status: 502, HTML: true, Times: 2}, {Status: 400, Raw: `{"message":"bad ` + d.Token() + `","code":50035}`, Times: 3}} {
		d.Fail(f)
	}
	var log lockedBuffer
	a := newAdapter(t, d, func(o *discord.Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	run(t, a, &core{})
	d.WaitReady()
	answers(t, d)
	d.Fail(discordtest.Fault{Path: "/interactions", Drop: true})
	i := d.Slash(discordtest.Ask{Command: "lake"})
	d.Wait("a dropped callback", func() bool { return strings.Contains(log.String(), "answer refused") })
	for _, secret := range []string{d.Token(), i.Token, strings.SplitN(d.Token(), ".", 3)[2]} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q shows in the log:\n%s", secret, log.String())
		}
	}
}

func TestSilentGatewayEndsWithTheContext(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.SetSilent(true)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	a := newAdapter(t, d)
	go func() { done <- a.Run(ctx, &core{}) }()
	d.Wait("a link", func() bool { return d.Links() == 1 })
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("run ended with %v, want nil", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("run did not end")
	}
}

func TestMalformedEventsHurtNobody(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	for _, raw := range []string{
		`null`, `[]`, `{`, `""`, `{"op":0,"t":"INTERACTION_CREATE","s":3,"d":null}`, `{"op":0,"t":"INTERACTION_CREATE","d":{"type":2}}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"id":"1","token":"t","type":2}}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"id":"1","token":"t","type":2,"data":{"name":"lake","options":[{}]},"member":{"permissions":"x"}}}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"id":"1","token":"t","type":3,"data":{"custom_id":""}}}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"id":"../1","token":"t","type":2}}`,
		`{"op":0,"t":"READY","d":7}`, `{"op":10,"d":{"heartbeat_interval":1}}`, `{"op":99}`, `{"op":11,"d":[]}`,
	} {
		d.SendRaw(raw)
	}
	answers(t, d)
	if n := len(d.Identifies()); n != 1 {
		t.Errorf("%d sessions, want one that stands", n)
	}
}

func TestGatewayDown(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.Fail(discordtest.Fault{Path: "/gateway", Status: 503, Times: 3})
	d.Fail(discordtest.Fault{Path: "/applications", Status: 429, RetryAfter: 0.01, Times: 2})
	a := newAdapter(t, d)
	run(t, a, &core{})
	d.WaitReady()
	d.Wait("registered commands", func() bool { return len(d.Commands()) == 3 })
}

// lockedBuffer is written to by many.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
