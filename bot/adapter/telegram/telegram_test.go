package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/briefings"
	"griot/commands"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adapter.Adapter {
		a, err := telegram.New(telegram.Options{Token: adaptertest.Token, APIURL: "http://127.0.0.1:1"})
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}

var amina = telegramtest.User{ID: 501, Name: "amina", Lang: "en"}

// lakeCore answers every command with what it was asked.
type lakeCore struct {
	mu     sync.Mutex
	extra  commands.Table
	prompt *commands.Prompt // of /prompt
}

func (c *lakeCore) Table() commands.Table {
	c.mu.Lock()
	defer c.mu.Unlock()
	same := briefings.Same
	lang := commands.Option{Name: "lang", Names: same("lang")}
	return append(commands.Table{
		{Name: "lake", Names: briefings.Text{EN: "lake", FR: "lac"}, Summary: briefings.Text{EN: "The lake", FR: "Le lac"}, Topic: "great-lake", Options: []commands.Option{{Name: "section", Names: same("section")}, lang}},
		{Name: "search", Names: same("search"), Summary: same("Search"), Options: []commands.Option{{Name: "words", Names: same("words")}}},
		{Name: "long", Names: same("long"), Summary: same("Long")},
		{Name: "boom", Names: same("boom"), Summary: same("Boom")},
		{Name: "prompt", Names: same("prompt"), Summary: same("Prompt")},
		{Name: "settings", Names: same("settings"), Summary: same("Settings"), Private: true},
		{Name: "digest", Names: same("digest"), Summary: same("Digest"), Subs: []commands.Command{{Name: "stop", Names: same("stop"), Private: true, Admin: true}, {Name: "list", Names: same("list")}, {Name: "refuse", Names: same("refuse"), Private: true, Admin: true}}},
		{Name: "help", Names: briefings.Text{EN: "help", FR: "aide"}, Summary: same("Help")},
	}, c.extra...)
}

func (c *lakeCore) Answer(ctx context.Context, r commands.Request) commands.Reply {
	reply := commands.Reply{
		Command: r.Command, Lang: r.Lang, Title: "You asked " + r.Line(),
		Buttons: []commands.Button{
			{Label: "Figures", Line: "/lake section:figures"},
			{Label: "Far", Line: "/lake section:" + strings.Repeat("far", 30)},
			{Label: "Stop", Line: "/digest stop"},
			{Label: "Settings", Line: "/settings"},
		},
		Private: r.Command == "settings" || r.Sub == "stop",
	}
	switch {
	case r.Command == "prompt":
		reply.Prompt, reply.Buttons = c.prompt, nil
	case r.Command == "boom":
		panic("what somebody wrote")
	case r.Command == "long":
		reply.Title = "Long"
		for i := range 40 {
			reply.Blocks = append(reply.Blocks, commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{
				{Text: fmt.Sprintf("Paragraph %d. ", i) + strings.Repeat("It says something of the lake. ", 10)}, {Kind: commands.Citation, Source: 1 + i%2},
			}})
		}
		reply.Sources = []commands.Source{{N: 1, Publisher: "Lake Gazette", Title: "One", URL: "https://example.org/1"}, {N: 2, Publisher: "Lake Gazette", Title: "Two", URL: "https://example.org/2"}}
	case r.Sub == "stop" || r.Sub == "list":
		ok, err := r.Admin(ctx)
		reply.Blocks = []commands.Block{{Kind: commands.Paragraph, Spans: []commands.Span{{Text: fmt.Sprint("admin ", ok, " ", err)}}}}
	case r.Sub == "refuse":
		return commands.Refusal(nil, r.Lang, &commands.UserError{Say: briefings.Same("You may not.")})
	case r.Options["section"] == "nowhere":
		return commands.Refusal(nil, r.Lang, &commands.UserError{Say: briefings.Same("There is no such part.")})
	}
	return reply
}

func (*lakeCore) Complete(context.Context, commands.Request, string, string) []commands.Choice {
	return nil
}

func (*lakeCore) Suggest(_ context.Context, _ commands.Request, typed string, offset, limit int) (out []commands.Suggestion) {
	for i := offset; i < min(offset+limit, 12); i++ {
		line := fmt.Sprintf("/lake section:%s%d", typed, i)
		if i == 0 {
			line = "/long"
		}
		out = append(out, commands.Suggestion{ID: briefings.ID(fmt.Sprint("topic:", i)), Title: fmt.Sprint("Hit ", i), Description: "About", Line: line})
	}
	return out
}

func (*lakeCore) Settle(_ context.Context, r commands.Request, locale string) commands.Request {
	if r.Lang = briefings.EN; strings.HasPrefix(locale, "fr") {
		r.Lang = briefings.FR
	}
	return r
}

// notes keeps notes in memory, as a store does on disk.
type notes struct{ m sync.Map }

func (n *notes) Note(_ context.Context, key string) (string, error) {
	v, _ := n.m.Load(key)
	s, _ := v.(string)
	return s, nil
}

func (n *notes) SetNote(_ context.Context, key, value string) error {
	n.m.Store(key, value)
	return nil
}

func (n *notes) SwapNote(_ context.Context, key, old, value string) (bool, error) {
	if old == "" {
		_, there := n.m.LoadOrStore(key, value)
		return !there, nil
	}
	return n.m.CompareAndSwap(key, old, value), nil
}

// moves remembers which chats moved.
type moves struct {
	mu   sync.Mutex
	list []string
}

func (m *moves) Moved(_ context.Context, from, to commands.Destination) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, from.String()+" "+to.String())
	return nil
}

func (m *moves) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.list...)
}

// logs collects what is logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// bot is an adapter with what it stands on.
type bot struct {
	*telegram.Adapter
	core  *lakeCore
	notes *notes
	moves *moves
	logs  *logs
	turns *adaptertest.Turns
}

// polls reports whether a call asks for updates, which is free.
func polls(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/getUpdates") }

func newBot(t *testing.T, s *telegramtest.Server, change ...func(*telegram.Options)) *bot {
	t.Helper()
	b := &bot{core: &lakeCore{}, notes: &notes{}, moves: &moves{}, logs: &logs{}, turns: adaptertest.NewTurns(t, polls)}
	o := telegram.Options{
		Token: telegramtest.Token, APIURL: s.URL(), Notes: b.notes, Mover: b.moves, Pacer: b.turns, HTTP: b.turns.Client(),
		Log: slog.New(slog.NewTextHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&o)
	}
	if o.Pacer != b.turns {
		o.HTTP = nil
	}
	a, err := telegram.New(o)
	if err != nil {
		t.Fatal(err)
	}
	b.Adapter = a
	return b
}

// run runs a bot until the test ends, or until the function it returns is
// called, and checks that no log held the token or what was written.
func (b *bot) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx, b.core) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("run: %v", err)
			}
			if log := b.logs.String(); strings.Contains(log, "TEST-token") || strings.Contains(log, "somebody wrote") {
				t.Errorf("the log tells too much:\n%s", log)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

func start(t *testing.T, extra ...commands.Command) (*telegramtest.Server, *bot) {
	t.Helper()
	s := telegramtest.New(t)
	b := newBot(t, s)
	b.core.extra = extra
	b.run(t)
	return s, b
}

func TestPrivateChat(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for i, c := range []struct{ say, want string }{
		{"/lake", "You asked /lake"},
		{"/lac figures lang:fr", "You asked /lake section:figures lang:fr"},
		{"/LAKE@griot_test_BOT section:\"two words\"", `You asked /lake section:"two words"`},
		{"/start lake", "You asked /lake"},
		{"/start great-lake", "You asked /lake"},
		{"/start L2xha2Ugc2VjdGlvbjpmaWd1cmVz", "You asked /lake section:figures"},
		{"/start", "You asked /help"},
		{"what of the ferries?", `You asked /search words:"what of the ferries?"`},
		{"/nothing", "I know no command /nothing"},
	} {
		s.Say(amina, amina.ID, c.say)
		if got := s.WaitMessages(t, amina.ID, i+1)[i]; !strings.HasPrefix(got.Text, c.want) {
			t.Errorf("%q is answered with %q, want %q", c.say, got.Text, c.want)
		}
	}
	for _, m := range s.Messages(amina.ID) {
		if m.Preview || m.ReplyTo != 0 {
			t.Errorf("message %q: preview %v, reply to %d; want neither", m.Text, m.Preview, m.ReplyTo)
		}
	}
}
