package discord_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/briefings"
	"griot/commands"
)

// member runs one adapter of a fleet until the test ends or stop is called.
func member(t *testing.T, d *discordtest.Server, fleet *adaptertest.Fleet, name string, c *core) (p *adaptertest.Process, stop func()) {
	t.Helper()
	p = fleet.Join(name)
	a := newAdapter(t, d, func(o *discord.Options) { o.APIURL, o.Fleet = d.URLFor(name), p })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, c) }()
	stopped := false
	stop = func() {
		cancel()
		if stopped {
			return
		}
		stopped = true
		if err := <-done; err != nil {
			t.Errorf("run of %s: %v", name, err)
		}
	}
	t.Cleanup(stop)
	return p, stop
}

// linked waits until each of n shards has one link, by one of those, and
// returns by whom.
func linked(t *testing.T, d *discordtest.Server, n int, by ...string) (whose []string) {
	t.Helper()
	d.Wait(fmt.Sprintf("%d shards linked by %v", n, by), func() bool {
		got := d.Linked()
		whose = nil
		for i := range n {
			if len(got[i]) != 1 || !slices.Contains(by, got[i][0]) {
				return false
			}
			whose = append(whose, got[i][0])
		}
		return len(got) == n
	})
	return whose
}

func TestShards(t *testing.T) {
	t.Parallel()
	const every = 50 * time.Millisecond
	d := discordtest.New(t)
	d.SetShards(4, 2, every)
	a := newAdapter(t, d)
	discord.IdentifyEvery(a, every+20*time.Millisecond)
	run(t, a, &core{})
	linked(t, d, 4, "")
	if n := len(d.Identifies()); n != 4 {
		t.Errorf("identified %d times, want each shard once: none too early", n)
	}
	for _, ask := range []discordtest.Ask{{Command: "lake"}, {Command: "lake", DM: true}} {
		if m := d.Slash(ask).Answer(); !strings.Contains(m.Text(), "The ferry sails.") {
			t.Errorf("answer %q", m.Text())
		}
	}
	if n := len(d.Calls("GET", "/gateway")); n > 3 {
		t.Errorf("asked %d times for the gateway, want it asked for several shards at once", n)
	}
}

func TestShardsOfManyProcesses(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.SetShards(3, 1, 0)
	fleet := adaptertest.NewFleet()
	a, stopA := member(t, d, fleet, "a", &core{})
	_, stopB := member(t, d, fleet, "b", &core{})
	linked(t, d, 3, "a", "b")
	answers(t, d)
	a.Doze() // it has links still, and does not know that they are another's
	d.Wait("b on every shard", func() bool {
		got := d.Linked()
		return slices.Contains(got[0], "b") && slices.Contains(got[1], "b") && slices.Contains(got[2], "b")
	})
	answers(t, d) // comes to both, is answered once
	a.Wake()
	linked(t, d, 3, "b")
	stopB()
	linked(t, d, 3, "a")
	answers(t, d)
	stopA()
}

func TestOtherShardsWanted(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	d.SetShards(2, 1, 0)
	d.SendOp(9, false) // it has to identify anew, and is one of too few
	linked(t, d, 2, "")
	answers(t, d)
}

// What came over a link is answered, whoever has the link by now: it came to nobody else.
func TestAnswerInHandWhenTheLeaseIsLost(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	fleet := adaptertest.NewFleet()
	asked, answer := make(chan bool, 1), make(chan bool)
	slow := &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		asked <- true
		<-answer
		return commands.Reply{Command: r.Command, Lang: r.Lang, Title: "Late", Blocks: []commands.Block{say("It sails.")}}
	}}
	p, _ := member(t, d, fleet, "a", slow)
	linked(t, d, 1, "a")
	i := d.Slash(discordtest.Ask{Command: "lake"})
	<-asked
	p.Doze()
	p.Wake()
	member(t, d, fleet, "b", &core{})
	close(answer)
	if m := i.Answer(); !strings.Contains(m.Text(), "It sails.") {
		t.Errorf("answer %q", m.Text())
	}
}

// TestCommandsOfTwoVersions: while two versions of the program run, the
// commands are those of one of them, and in the end those of the one that stays.
func TestCommandsOfTwoVersions(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	fleet := adaptertest.NewFleet()
	_, stop := member(t, d, fleet, "old", &core{})
	d.Wait("the old commands", func() bool { return len(d.Commands()) == 3 })
	more := append(table(), commands.Command{Name: "new", Names: briefings.Same("new"), Summary: briefings.Same("New")})
	member(t, d, fleet, "new", &core{table: more})
	d.Wait("the new process on its way", func() bool { return len(d.Calls("GET", "/gateway")) >= 2 })
	if who := fleet.Holder("discord:900000000:commands"); len(d.Commands()) != 3 || who != "old" {
		t.Errorf("%d commands, kept by %q, while the old process runs, want its own", len(d.Commands()), who)
	}
	stop()
	d.Wait("the new commands", func() bool { return len(d.Commands()) == 4 })
	var by []string
	for _, c := range d.Calls("PUT", "/applications") {
		by = append(by, c.By)
	}
	if !slices.Equal(by, []string{"old", "new"}) {
		t.Errorf("registered by %v, want once by either", by)
	}
}
