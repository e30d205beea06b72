package discord_test

import (
	"context"
	"strings"
	"testing"

	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

func TestPanicsBecomeAnApology(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{answer: func(context.Context, commands.Request) commands.Reply { panic("secret words") }})
	if m := d.Slash(discordtest.Ask{Command: "lake"}).Answer(); !strings.Contains(m.Text(), "went wrong") || !m.Private() {
		t.Errorf("answer %q, private %v", m.Text(), m.Private())
	}
}

func TestAnswersThatCannotBeShownBecomeAnApology(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{answer: func(context.Context, commands.Request) commands.Reply { return commands.Reply{} }})
	if m := d.Slash(discordtest.Ask{Command: "lake"}).Answer(); !strings.Contains(m.Text(), "went wrong") {
		t.Errorf("answer %q", m.Text())
	}
}

func TestLongAnswersGoOnInOrder(t *testing.T) {
	t.Parallel()
	c := &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		reply := commands.Reply{Title: "Long", Private: r.Command == "settings"}
		for range 40 {
			reply.Blocks = append(reply.Blocks, say(strings.Repeat("A sentence of the lake. ", 40)))
		}
		return reply
	}}
	d, _ := start(t, c)
	d.Fail(discordtest.Fault{Path: "/webhooks", Status: 429, RetryAfter: 0.01, Times: 2})
	i := d.Slash(discordtest.Ask{Command: "settings"})
	more := i.FollowUps(6)
	for n, m := range append([]discordtest.Message{i.Answer()}, more...) {
		if want := string(rune('1'+n)) + "/"; !strings.Contains(m.Embeds[len(m.Embeds)-1].Footer.Text, want) || !m.Private() {
			t.Errorf("message %d: footer %q, private %v", n, m.Embeds[len(m.Embeds)-1].Footer.Text, m.Private())
		}
	}
	// Where the app is not installed five messages may follow, and the last says so.
	j := d.Slash(discordtest.Ask{Command: "lake", UserInstall: true})
	last := j.FollowUps(5)[4]
	if !strings.Contains(last.Text(), "longer than Discord") {
		t.Errorf("the last message says %q", last.Text())
	}
}

func TestRefusedAnswerBecomesAnApology(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	d.Fail(discordtest.Fault{Path: "/interactions", Status: 400, Code: 50035, Times: 1})
	if m := d.Slash(discordtest.Ask{Command: "lake"}).Answer(); !strings.Contains(m.Text(), "went wrong") {
		t.Errorf("answer %q", m.Text())
	}
}

func TestTroubleWithAnAnswerIsOvercome(t *testing.T) {
	t.Parallel()
	long := commands.Reply{Title: "Lake"}
	for range 3 {
		long.Blocks = append(long.Blocks, say(strings.Repeat("The ferry sails. ", 200)))
	}
	for name, f := range map[string]discordtest.Fault{
		"a bad gateway":                       {Status: 502, HTML: true, Times: 1},
		"a bad gateway, and the answer shown": {Status: 502, HTML: true, Times: 1, After: true},
		"a connection cut":                    {Drop: true, Times: 1},
		"a wait":                              {Status: 429, RetryAfter: 0.2, Times: 1},
		"a wait before Discord":               {Status: 429, RetryAfter: 1, HTML: true, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := start(t, &core{answer: func(context.Context, commands.Request) commands.Reply { return long }})
			f.Path = "/interactions"
			d.Fail(f)
			i := d.Slash(discordtest.Ask{Command: "lake"})
			if m := i.Answer(); !strings.Contains(m.Text(), "The ferry sails.") {
				t.Errorf("answer %q", m.Text())
			}
			i.FollowUps(2) // three paragraphs, none of which fits beside another
			if n := len(d.Messages(discordtest.Channel)); n != 3 {
				t.Errorf("%d messages, want the answer once", n)
			}
		})
	}
}

func TestTroubleWithADeferredAnswerIsOvercome(t *testing.T) {
	t.Parallel()
	c, ready := slow(t, false)
	d := startSlow(t, c)
	d.Fail(discordtest.Fault{Method: "PATCH", Path: "/webhooks", Status: 502, HTML: true, Times: 1})
	i := d.Slash(discordtest.Ask{Command: "lake"})
	d.WaitCalls("POST", "/interactions", 1)
	ready()
	d.WaitCalls("PATCH", "/webhooks", 2)
	if m := i.Answer(); m.Text() == "" {
		t.Error("the deferral stands, want the answer in its place")
	}
}

func TestLateAnswersAreNotRepeated(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	d.Fail(discordtest.Fault{Path: "/interactions", Status: 404, Code: 10062})
	d.Slash(discordtest.Ask{Command: "lake"})
	d.WaitCalls("POST", "/interactions", 1)
	d.Heal()
	answers(t, d)
	if n := len(d.Calls("POST", "/interactions")); n != 2 {
		t.Errorf("%d callbacks, want one for each question", n)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	d, _ := start(t, &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		<-gate
		return commands.Reply{Title: "ok"}
	}})
	var all []*discordtest.Interaction
	for range 520 {
		all = append(all, d.Slash(discordtest.Ask{Command: "lake"}))
	}
	busy := 0
	d.Wait("refusals", func() bool {
		busy = 0
		for _, i := range all {
			if i.Acked() == 4 {
				busy++
			}
		}
		return busy == 8
	})
	close(gate)
	for _, i := range all {
		if m := i.Answer(); !strings.Contains(m.Text(), "ok") && !strings.Contains(m.Text(), "try again") {
			t.Fatalf("answer %q", m.Text())
		}
	}
}

func TestAnswersInHandAreFinished(t *testing.T) {
	t.Parallel()
	asked, gate := make(chan struct{}), make(chan struct{})
	d := discordtest.New(t)
	a := newAdapter(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- a.Run(ctx, &core{answer: func(ctx context.Context, _ commands.Request) commands.Reply {
			close(asked)
			<-gate
			if ctx.Err() != nil {
				t.Error("the context of an answer in hand is over")
			}
			return commands.Reply{Title: "In time"}
		}})
	}()
	d.WaitReady()
	i := d.Slash(discordtest.Ask{Command: "lake"})
	<-asked
	cancel()
	d.Wait("the link to end", func() bool { return d.Links() == 0 })
	close(gate)
	if m := i.Answer(); !strings.Contains(m.Text(), "In time") {
		t.Errorf("answer %q", m.Text())
	}
	if err := <-done; err != nil {
		t.Errorf("run ended with %v", err)
	}
}
