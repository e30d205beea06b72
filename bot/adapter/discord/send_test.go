package discord_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

var (
	inChannel = commands.Destination{Platform: commands.Discord, Chat: discordtest.Channel}
	inThread  = commands.Destination{Platform: commands.Discord, Chat: discordtest.Channel, Thread: "611"}
)

// part lays out a small answer.
func part(t *testing.T, a *discord.Adapter) adapter.Part {
	t.Helper()
	parts, err := a.Render(commands.Place{}, commands.Reply{
		Title: "Digest", Blocks: []commands.Block{say("News of the lake.")},
		Files:   []commands.File{{Name: "lake.csv", Type: "text/csv", Data: []byte("a,b\n")}},
		Buttons: []commands.Button{{Label: "Stop", Line: "/digest stop " + strings.Repeat("x", 100)}},
	})
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	return parts[0]
}

func TestSend(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	d.AddThread("611", discordtest.Channel)
	notes, pace := &memory{}, &pacer{}
	a := newAdapter(t, d, func(o *discord.Options) { o.Notes, o.Pacer = notes, pace })
	p := part(t, a)
	ref, err := a.Send(t.Context(), inChannel, p, "run1:7:0")
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.Send(t.Context(), inChannel, p, "run1:7:0")
	if err != nil || again != ref {
		t.Errorf("sent again: %v, %v; want the same message %v", again, err, ref)
	}
	if _, err := a.Send(t.Context(), inThread, p, "run1:8:0"); err != nil {
		t.Fatal(err)
	}
	m := d.WaitMessages(discordtest.Channel, 1)
	if len(m) != 1 || m[0].ID != ref.ID || m[0].Nonce != "run1:7:0" || !strings.Contains(m[0].Text(), "News of the lake.") {
		t.Errorf("the channel holds %+v", m)
	}
	if len(m[0].Files) != 1 || m[0].Files[0].Name != "lake.csv" || string(m[0].Files[0].Data) != "a,b\n" {
		t.Errorf("files %+v", m[0].Files)
	}
	if n := len(d.Messages("611")); n != 1 {
		t.Errorf("the thread holds %d messages, want 1", n)
	}
	if len(notes.m) != 1 {
		t.Errorf("notes %v, want the line of the button", notes.m)
	}
	if pace.waits != 3 || pace.urgent != 0 {
		t.Errorf("the pacer was asked %d times, %d urgently; want 3 and 0", pace.waits, pace.urgent)
	}
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	retry := &adapter.RetryError{}
	for name, tc := range map[string]struct {
		to    commands.Destination
		fault discordtest.Fault
		want  error // nil: plain
		after time.Duration
		all   bool
	}{
		"unknown channel":    {fault: discordtest.Fault{Status: 404, Code: 10003}, want: adapter.ErrGone},
		"unknown thread":     {to: inThread, fault: discordtest.Fault{Status: 404, Code: 10003}, want: adapter.ErrThread},
		"unknown server":     {fault: discordtest.Fault{Status: 404, Code: 10004}, want: adapter.ErrGone},
		"no access":          {fault: discordtest.Fault{Status: 403, Code: 50001}, want: adapter.ErrForbidden},
		"no permission":      {fault: discordtest.Fault{Status: 403, Code: 50013}, want: adapter.ErrForbidden},
		"DM closed":          {fault: discordtest.Fault{Status: 403, Code: 50007}, want: adapter.ErrGone},
		"DM refused":         {fault: discordtest.Fault{Status: 403, Code: 50278}, want: adapter.ErrGone},
		"no text channel":    {fault: discordtest.Fault{Status: 400, Code: 50008}, want: adapter.ErrGone},
		"archived thread":    {to: inThread, fault: discordtest.Fault{Status: 400, Code: 50083}, want: adapter.ErrThread},
		"locked thread":      {to: inThread, fault: discordtest.Fault{Status: 403, Code: 160005}, want: adapter.ErrThread},
		"auto moderation":    {fault: discordtest.Fault{Status: 400, Code: 200000}, want: adapter.ErrForbidden},
		"slow mode":          {fault: discordtest.Fault{Status: 429, Code: 20016, RetryAfter: 30}, want: retry, after: 30 * time.Second},
		"invalid form":       {fault: discordtest.Fault{Status: 400, Code: 50035}, want: adapter.ErrPayload},
		"empty message":      {fault: discordtest.Fault{Status: 400, Code: 50006}, want: adapter.ErrPayload},
		"too large":          {fault: discordtest.Fault{Status: 413, Code: 40005}, want: adapter.ErrPayload},
		"too large, a page":  {fault: discordtest.Fault{Status: 413, HTML: true}, want: adapter.ErrPayload},
		"token refused":      {fault: discordtest.Fault{Status: 401}, want: adapter.ErrToken},
		"limited":            {fault: discordtest.Fault{Status: 429, RetryAfter: 1.5}, want: retry, after: 1500 * time.Millisecond},
		"limited everywhere": {fault: discordtest.Fault{Status: 429, RetryAfter: 7, Global: true}, want: retry, after: 7 * time.Second, all: true},
		"limited by a proxy": {fault: discordtest.Fault{Status: 429, RetryAfter: 9, HTML: true}, want: retry, after: 9 * time.Second, all: true},
		"banned by a proxy":  {fault: discordtest.Fault{Status: 403, HTML: true}, want: retry, after: 10 * time.Minute, all: true},
		"internal error":     {fault: discordtest.Fault{Status: 500}, want: adapter.ErrUnknown},
		"bad gateway":        {fault: discordtest.Fault{Status: 502, HTML: true}, want: adapter.ErrUnknown},
		"unavailable":        {fault: discordtest.Fault{Status: 503, After: true}, want: adapter.ErrUnknown},
		"gateway timeout":    {fault: discordtest.Fault{Status: 504, HTML: true}, want: adapter.ErrUnknown},
		"no answer":          {fault: discordtest.Fault{Drop: true}, want: adapter.ErrUnknown},
		"unreadable answer":  {fault: discordtest.Fault{Status: 200, Raw: "<html>"}, want: adapter.ErrUnknown},
		"answer without id":  {fault: discordtest.Fault{Status: 200, Raw: "{}"}, want: adapter.ErrUnknown},
		"moved by a proxy":   {fault: discordtest.Fault{Status: 307, HTML: true}},
		"unknown address":    {fault: discordtest.Fault{Status: 404, HTML: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, pace := discordtest.New(t), &pacer{}
			d.AddThread("611", discordtest.Channel)
			a := newAdapter(t, d, func(o *discord.Options) { o.Pacer = pace })
			tc.fault.Path = "/channels"
			d.Fail(tc.fault)
			to := tc.to
			if to.Chat == "" {
				to = inChannel
			}
			_, err := a.Send(t.Context(), to, part(t, a), "n")
			checkKind(t, err, tc.want)
			if n := len(d.Calls("", "/channels")); n != 1 {
				t.Errorf("%d calls, want one: retries belong to the caller", n)
			}
			if re, ok := errors.AsType[*adapter.RetryError](err); ok {
				if re.After != tc.after || re.Global != tc.all {
					t.Errorf("retry after %s, global %v; want %s, %v", re.After, re.Global, tc.after, tc.all)
				}
				if held := (commands.Destination{}); pace.held[held] > 0 != tc.all {
					t.Errorf("held %v, want everything %v", pace.held, tc.all)
				}
			}
		})
	}
}

// checkKind wants err to be of one kind and of no other.
func checkKind(t *testing.T, err, want error) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	_, wantRetry := want.(*adapter.RetryError)
	if _, is := errors.AsType[*adapter.RetryError](err); is != wantRetry {
		t.Errorf("%v: a wait %v, want %v", err, is, wantRetry)
	}
	for _, kind := range []error{adapter.ErrGone, adapter.ErrForbidden, adapter.ErrPayload, adapter.ErrToken, adapter.ErrThread, adapter.ErrUnknown, adapter.ErrLost, adapter.ErrPinLimit} {
		if errors.Is(err, kind) != (kind == want) {
			t.Errorf("%v: is %q %v", err, kind, kind != want)
		}
	}
}

func TestSendIntoTheVoid(t *testing.T) {
	t.Parallel()
	gone, err := discord.New(discord.Options{Token: "x", APIURL: "http://127.0.0.1:1/api/v10"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = gone.Send(t.Context(), inChannel, part(t, gone), "n")
	checkKind(t, err, nil) // refused before anything was sent: nothing in doubt

	d := discordtest.New(t)
	d.Fail(discordtest.Fault{Path: "/channels", Hang: true})
	a := newAdapter(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { d.Wait("the call", func() bool { return len(d.Calls("POST", "/channels")) > 0 }); cancel() }()
	_, err = a.Send(ctx, inChannel, part(t, a), "n")
	checkKind(t, err, adapter.ErrUnknown)
}

func TestSendRefusesBadParts(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	for name, p := range map[string]adapter.Part{"no body": {}, "null": {Body: []byte("null")}, "no object": {Body: []byte("[]")}} {
		if _, err := a.Send(t.Context(), inChannel, p, "n"); !errors.Is(err, adapter.ErrPayload) {
			t.Errorf("%s: %v, want ErrPayload", name, err)
		}
	}
	if _, err := a.Send(t.Context(), inChannel, part(t, a), strings.Repeat("n", 26)); !errors.Is(err, adapter.ErrPayload) {
		t.Errorf("long nonce: %v, want ErrPayload", err)
	}
	// What was stored without it cannot ping either.
	if _, err := a.Send(t.Context(), inChannel, adapter.Part{Body: []byte(`{"content":"@everyone"}`)}, ""); err != nil {
		t.Error(err)
	}
}

func TestSendersShareConnections(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	var dials atomic.Int64
	tr := http.DefaultTransport.(*http.Transport).Clone()
	tr.MaxIdleConnsPerHost = 16
	tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	a := newAdapter(t, d, func(o *discord.Options) { o.HTTP = &http.Client{Transport: tr} })
	p := part(t, a)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for j := range 20 {
				if _, err := a.Send(t.Context(), inChannel, p, strconv.Itoa(i)+":"+strconv.Itoa(j)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(d.Messages(discordtest.Channel)); n != 320 || dials.Load() > 32 {
		t.Errorf("%d messages over %d connections, want 320 over about 16", n, dials.Load())
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]discord.Options{
		"no token":         {},
		"a broken token":   {Token: "SECRET x\ny"},
		"no address":       {Token: "SECRET", APIURL: "discord.com"},
		"a secret address": {Token: "SECRET", APIURL: "http://user:SECRET@host/api"},
		"no key":           {Token: "SECRET", PublicKey: "xyz"},
		"half a key":       {Token: "SECRET", PublicKey: "abcd"},
	} {
		_, err := discord.New(o)
		if err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v, want an error without the token", name, err)
		}
	}
}

// pacer counts.
type pacer struct {
	mu            sync.Mutex
	waits, urgent int
	held          map[commands.Destination]time.Duration
}

func (p *pacer) Wait(_ context.Context, _ commands.Destination, urgent bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits++
	if urgent {
		p.urgent++
	}
	return nil
}

func (p *pacer) Hold(to commands.Destination, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == nil {
		p.held = map[commands.Destination]time.Duration{}
	}
	p.held[to] = d
}
