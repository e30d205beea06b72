package discord_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/briefings"
	"griot/commands"
)

// asked runs an interaction and returns the request the core got.
func asked(t *testing.T, a discordtest.Ask, prepare func(*discordtest.Server)) commands.Request {
	t.Helper()
	got := make(chan commands.Request, 1)
	d, _ := start(t, &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		got <- r
		return commands.Reply{Title: "ok"}
	}})
	if prepare != nil {
		prepare(d)
	}
	if a.Command == "" {
		a.Command = "lake"
	}
	d.Slash(a).Answer()
	return <-got
}

func TestWhereAndWho(t *testing.T) {
	t.Parallel()
	place := func(chat, thread, guild string, private, postable bool) commands.Place {
		return commands.Place{Destination: commands.Destination{Platform: commands.Discord, Chat: chat, Thread: thread}, Guild: guild, Private: private, Postable: postable}
	}
	for name, tc := range map[string]struct {
		ask     discordtest.Ask
		prepare func(*discordtest.Server)
		want    commands.Place
		admin   bool
	}{
		"a channel":                {want: place(discordtest.Channel, "", discordtest.Guild, false, true)},
		"a channel, manage server": {ask: discordtest.Ask{Permissions: 1 << 5}, want: place(discordtest.Channel, "", discordtest.Guild, false, true), admin: true},
		"a channel, moderator":     {ask: discordtest.Ask{Permissions: 1 << 13}, want: place(discordtest.Channel, "", discordtest.Guild, false, true), admin: true},
		"a channel, administrator": {ask: discordtest.Ask{Permissions: 1 << 3}, want: place(discordtest.Channel, "", discordtest.Guild, false, true), admin: true},
		"a channel, other rights":  {ask: discordtest.Ask{Permissions: 1<<11 | 1<<16}, want: place(discordtest.Channel, "", discordtest.Guild, false, true)},
		"odd rights":               {ask: discordtest.Ask{Raw: map[string]any{"member": map[string]any{"user": map[string]any{"id": "5"}, "permissions": "all"}}}, want: place(discordtest.Channel, "", discordtest.Guild, false, true)},
		"rights as a number":       {ask: discordtest.Ask{Raw: map[string]any{"member": map[string]any{"user": map[string]any{"id": "5"}, "permissions": 8}}}, want: place(discordtest.Channel, "", discordtest.Guild, false, true)},
		"a thread": {
			ask: discordtest.Ask{Channel: "611"}, prepare: func(d *discordtest.Server) { d.AddThread("611", discordtest.Channel) },
			want: place(discordtest.Channel, "611", discordtest.Guild, false, true),
		},
		"alone with the bot":          {ask: discordtest.Ask{DM: true}, want: place(discordtest.DM(discordtest.User), "", "", true, true), admin: true},
		"a server without the app":    {ask: discordtest.Ask{UserInstall: true, Permissions: 1 << 3}, want: place(discordtest.Channel, "", discordtest.Guild, false, false), admin: true},
		"a chat between people":       {ask: discordtest.Ask{DM: true, UserInstall: true}, want: place(discordtest.DM(discordtest.User), "", "", false, false)},
		"an event without the extras": {ask: discordtest.Ask{Raw: map[string]any{"authorizing_integration_owners": nil, "channel": nil, "context": nil}}, want: place(discordtest.Channel, "", discordtest.Guild, false, true)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := asked(t, tc.ask, tc.prepare)
			if r.Place != tc.want {
				t.Errorf("place %+v, want %+v", r.Place, tc.want)
			}
			if admin, err := r.Admin(t.Context()); admin != tc.admin || err != nil {
				t.Errorf("admin %v, %v; want %v", admin, err, tc.admin)
			}
		})
	}
}

func TestWhatIsAsked(t *testing.T) {
	t.Parallel()
	r := asked(t, discordtest.Ask{Command: "digest", Sub: "subscribe", Options: map[string]string{"topic": "two words"}, Locale: "fr", User: "77"}, nil)
	if r.Command != "digest" || r.Sub != "subscribe" || r.Option("topic") != "two words" || r.Lang != briefings.FR || r.User != "77" {
		t.Errorf("request %+v", r)
	}
	if r.Now.IsZero() {
		t.Error("the request has no time")
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	got := d.Complete(discordtest.Ask{Command: "digest", Sub: "subscribe", Options: map[string]string{"topic": "fer"}, Focused: "topic"})
	if len(got) != 1 || got[0].Value != "topic-fer" || got[0].Label != "Suggested fer" {
		t.Errorf("suggested %v", got)
	}
	// What Discord would refuse is left out, not sent.
	got = d.Complete(discordtest.Ask{Command: "lake", Options: map[string]string{"section": strings.Repeat("x", 120)}, Focused: "section"})
	if len(got) != 0 {
		t.Errorf("suggested %v, want nothing: the value is too long", got)
	}
}

// slow answers after its gate opens.
func slow(t *testing.T, private bool) (*core, func()) {
	gate := make(chan struct{})
	var once sync.Once
	open := func() { once.Do(func() { close(gate) }) }
	t.Cleanup(open)
	return &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		<-gate
		return commands.Reply{Title: "At last", Private: private}
	}}, open
}

func startSlow(t *testing.T, c *core) *discordtest.Server {
	t.Helper()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	discord.Patience(a, time.Millisecond)
	run(t, a, c)
	d.WaitReady()
	return d
}

func TestSlowAnswersAreDeferred(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		command         string
		answerIsPrivate bool
		wantPrivate     bool
	}{
		"for all":                     {"lake", false, false},
		"for the asker":               {"settings", true, true},
		"a refusal nobody else reads": {"lake", true, true},
		"private by the table":        {"settings", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, open := slow(t, tc.answerIsPrivate)
			d := startSlow(t, c)
			i := d.Slash(discordtest.Ask{Command: tc.command})
			d.Wait("the deferral", func() bool { return i.Acked() == 5 })
			open()
			var m discordtest.Message
			d.Wait("the answer", func() bool {
				all := d.Messages(discordtest.Channel)
				if len(all) == 1 {
					m = all[0]
				}
				return len(all) == 1
			})
			if m.Private() != tc.wantPrivate || !strings.Contains(m.Text(), "At last") {
				t.Errorf("private %v %q, want private %v", m.Private(), m.Text(), tc.wantPrivate)
			}
		})
	}
}

func TestSlowPressIsDeferred(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	d := startSlow(t, &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		if r.Option("section") != "" {
			<-gate
		}
		return commands.Reply{Title: r.Line()}
	}})
	first := d.Slash(discordtest.Ask{Command: "lake"})
	on := first.Answer()
	p := d.Press(discordtest.Ask{}, on, "/lake section:background")
	d.Wait("the deferral", func() bool { return p.Acked() == 6 })
	close(gate)
	d.Wait("the edit", func() bool { return strings.Contains(d.Messages(discordtest.Channel)[0].Text(), "section:background") })
	if n := len(d.Messages(discordtest.Channel)); n != 1 {
		t.Errorf("%d messages, want the answer in the place of the first", n)
	}
}

func TestPrivateAnswerLeavesThePublicMessage(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		if r.Command == "settings" {
			return commands.Reply{Title: "Only for you", Private: true}
		}
		return commands.Reply{Title: "For all", Blocks: []commands.Block{say("Text.")}}
	}})
	m := d.Slash(discordtest.Ask{Command: "lake"}).Answer()
	p := d.Press(discordtest.Ask{}, m, "/settings")
	got := p.Answer()
	if got.ID == m.ID || !got.Private() {
		t.Errorf("answered on %s, private %v; want a new private message", got.ID, got.Private())
	}
	if now := d.Messages(discordtest.Channel)[0]; now.Edits != 0 {
		t.Error("the message that all can see was replaced")
	}
	// On the private message it answers in place, and stays private.
	again := d.Press(discordtest.Ask{}, got, "/lake").Answer()
	if again.ID != got.ID || !again.Private() || !strings.Contains(again.Text(), "For all") {
		t.Errorf("answered %q on %s, private %v; want in place and private", again.Text(), again.ID, again.Private())
	}
}

func TestPressOfNobodyKnowsWhat(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	m := d.Slash(discordtest.Ask{Command: "lake"}).Answer()
	for id, want := range map[string]string{
		"#unknown":    "too old",
		"/gone":       "/help",
		"something":   "too old",
		"/lake ~1":    "The ferry sails.",
		"pick":        "too old",
		"/digest nix": "digest",
	} {
		got := d.Press(discordtest.Ask{}, m, id).Answer()
		if !strings.Contains(got.Text(), want) {
			t.Errorf("press of %q: %q, want a word of %q", id, got.Text(), want)
		}
	}
	if got := d.Press(discordtest.Ask{Locale: "fr"}, m, "#unknown").Answer(); !strings.Contains(got.Text(), "trop ancien") {
		t.Errorf("in French: %q", got.Text())
	}
}

func TestLongLinesSurvive(t *testing.T) {
	t.Parallel()
	long := `/lake section:"` + strings.Repeat("é", 120) + `"`
	notes := &memory{}
	c := &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		return commands.Reply{
			Title: r.Line(), Buttons: []commands.Button{{Label: "Long", Line: long}, {Label: "Again", Line: long}},
			Choices: &commands.Choices{Options: []commands.LineChoice{{Label: "Long too", Line: long}}},
		}
	}}
	d, _ := start(t, c, func(o *discord.Options) { o.Notes = notes })
	m := d.Slash(discordtest.Ask{Command: "lake"}).Answer()
	for _, b := range m.Buttons() {
		got := d.Press(discordtest.Ask{}, m, b.CustomID).Answer()
		if !strings.Contains(got.Text(), "éééé") {
			t.Errorf("press of %q: %q", b.CustomID, got.Text())
		}
	}
	pick := m.Components[1].Components[0]
	if got := d.Press(discordtest.Ask{}, m, pick.CustomID, pick.Options[0].Value).Answer(); !strings.Contains(got.Text(), "éééé") {
		t.Errorf("pick: %q", got.Text())
	}
}

func TestUnknownKindsAreAnsweredKindly(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{})
	i := d.Slash(discordtest.Ask{Raw: map[string]any{"type": 5, "data": map[string]any{"custom_id": "x", "components": []any{}}}})
	if m := i.Answer(); !strings.Contains(m.Text(), "/help") || !m.Private() {
		t.Errorf("answer %q, private %v", m.Text(), m.Private())
	}
}

// memory is a notebook.
type memory struct {
	mu sync.Mutex
	m  map[string]string
}

func (n *memory) Note(_ context.Context, key string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.m[key], nil
}

func (n *memory) SetNote(_ context.Context, key, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !strings.HasPrefix(key, "line:") {
		return errors.New("odd key")
	}
	if n.m == nil {
		n.m = map[string]string{}
	}
	n.m[key] = value
	return nil
}

func (*memory) SwapNote(context.Context, string, string, string) (bool, error) {
	return false, errors.New("not asked for")
}
