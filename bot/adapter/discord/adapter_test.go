package discord_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/briefings"
	"griot/commands"
)

func TestPromises(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adapter.Adapter {
		a, err := discord.New(discord.Options{Token: adaptertest.Token, APIURL: "http://127.0.0.1:1/api/v10"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}

// core answers by functions; nil ones do something simple.
type core struct {
	table  commands.Table
	answer func(ctx context.Context, r commands.Request) commands.Reply
}

func (c *core) Table() commands.Table {
	if c.table != nil {
		return c.table
	}
	return table()
}

func (c *core) Answer(ctx context.Context, r commands.Request) commands.Reply {
	if c.answer != nil {
		return c.answer(ctx, r)
	}
	return commands.Reply{
		Command: r.Command, Lang: r.Lang, Title: "Answer to " + r.Line(), Blocks: []commands.Block{say("The ferry sails.")},
		Buttons: []commands.Button{{Label: "Background", Line: "/lake section:background"}},
	}
}

func (c *core) Complete(_ context.Context, _ commands.Request, option, typed string) []commands.Choice {
	return []commands.Choice{{Value: option + "-" + typed, Label: briefings.Same("Suggested " + typed)}}
}

func (c *core) Suggest(context.Context, commands.Request, string, int, int) []commands.Suggestion {
	return nil
}

func (c *core) Settle(_ context.Context, r commands.Request, locale string) commands.Request {
	if r.Lang = briefings.EN; strings.HasPrefix(locale, "fr") {
		r.Lang = briefings.FR
	}
	return r
}

func say(s string) commands.Block {
	return commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{{Kind: commands.Plain, Text: s}}}
}

func table() commands.Table {
	same := briefings.Same
	section := commands.Option{
		Name: "section", Names: briefings.Text{EN: "section", FR: "partie"}, Summary: same("Part of the briefing"),
		Choices: []commands.Choice{{Value: "background", Label: briefings.Text{EN: "Background", FR: "Contexte"}}},
	}
	topic := commands.Option{
		Name: "topic", Names: same("topic"), Summary: same("What to look up"), Required: true,
		Complete: func(commands.Request, string) []commands.Choice { return nil },
	}
	return commands.Table{
		{Name: "lake", Names: briefings.Text{EN: "lake", FR: "lac"}, Summary: briefings.Text{EN: "The lake", FR: "Le lac"}, Options: []commands.Option{section}},
		{Name: "settings", Names: briefings.Text{EN: "settings", FR: "réglages"}, Summary: same("Settings"), Private: true},
		{Name: "digest", Names: same("digest"), Summary: same("Digests"), Subs: []commands.Command{
			{Name: "subscribe", Names: same("subscribe"), Summary: same("Subscribe"), Admin: true, Options: []commands.Option{section, topic}},
			{Name: "list", Names: same("list"), Summary: same("List")},
		}},
	}
}

// start runs an adapter against a fake until the test ends.
func start(t *testing.T, c *core, change ...func(*discord.Options)) (*discordtest.Server, *discord.Adapter) {
	t.Helper()
	d := discordtest.New(t)
	a := newAdapter(t, d, change...)
	run(t, a, c)
	d.WaitReady()
	return d, a
}

// free reports whether a call answers an interaction, or asks where the gateway
// is: neither counts among those of a bot.
func free(r *http.Request) bool {
	_, path, _ := strings.Cut(r.URL.Path, "/api/v10/")
	kind, _, _ := strings.Cut(path, "/")
	return kind == "interactions" || kind == "webhooks" || kind == "gateway"
}

func newAdapter(t *testing.T, d *discordtest.Server, change ...func(*discord.Options)) *discord.Adapter {
	t.Helper()
	turns := adaptertest.NewTurns(t, free)
	o := discord.Options{Token: d.Token(), APIURL: d.URL(), Pacer: turns}
	for _, f := range change {
		f(&o)
	}
	if o.Pacer == turns && o.HTTP == nil {
		o.HTTP = turns.Client()
	}
	a, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	discord.Hurry(a)
	return a
}

// run runs the adapter and wants nil when the test ends.
func run(t *testing.T, a *discord.Adapter, c *core) {
	t.Helper()
	runCore(t, a, c)
}

func runCore(t *testing.T, a *discord.Adapter, c adapter.Core) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, c) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("run ended with %v, want nil", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("run did not end")
		}
	})
}

func TestSlashCommandIsAnswered(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	i := d.Slash(discordtest.Ask{Command: "lake", Options: map[string]string{"section": "background"}})
	m := i.Answer()
	if i.Acked() != 4 || !strings.Contains(m.Text(), "The ferry sails.") || !strings.Contains(m.Text(), "section:background") {
		t.Errorf("callback %d with %q, want 4 with the answer", i.Acked(), m.Text())
	}
	p := d.Press(discordtest.Ask{}, m, m.Buttons()[0].CustomID)
	if got := p.Answer(); p.Acked() != 7 || got.ID != m.ID || got.Edits != 1 {
		t.Errorf("press: callback %d on message %s with %d edits, want 7 in the place of %s", p.Acked(), got.ID, got.Edits, m.ID)
	}
}

// A digest, and an answer whose sources stand in several messages, stay as they
// are: the press is answered beside them.
func TestPressLeavesWhatStays(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]commands.Reply{
		"digest":      {Title: "Digest", Stays: true, Blocks: []commands.Block{say("The ferry sails.")}},
		"long answer": {Title: "Lake", Blocks: []commands.Block{say(strings.Repeat("The ferry sails. ", 600))}},
	} {
		r.Lang, r.Buttons = briefings.EN, []commands.Button{{Label: "Background", Line: "/lake section:background"}}
		asked := 0
		d, _ := start(t, &core{answer: func(_ context.Context, q commands.Request) commands.Reply {
			if asked++; asked == 1 {
				return r
			}
			return commands.Reply{Lang: briefings.EN, Title: "Answer to " + q.Line(), Blocks: []commands.Block{say("Here.")}}
		}})
		i := d.Slash(discordtest.Ask{Command: "lake"})
		last := i.Answer()
		if more := i.FollowUps(len(parts(t, r)) - 1); len(more) > 0 {
			last = more[len(more)-1]
		}
		p := d.Press(discordtest.Ask{}, last, last.Buttons()[0].CustomID)
		if got := p.Answer(); p.Acked() != 4 || got.ID == last.ID || !strings.Contains(got.Text(), "section:background") {
			t.Errorf("%s: callback %d with %q, want 4 with the answer beside", name, p.Acked(), got.Text())
		}
	}
}

func parts(t *testing.T, r commands.Reply) []adapter.Part {
	t.Helper()
	list, err := quiet(t).Render(commands.Place{}, r)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
