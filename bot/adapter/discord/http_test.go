package discord_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

// startHTTP serves interactions over HTTP, and has the fake send them there.
func startHTTP(t *testing.T, c *core) (*discordtest.Server, *discord.Adapter, string) {
	t.Helper()
	d := discordtest.New(t)
	a := newAdapter(t, d, func(o *discord.Options) { o.PublicKey = d.PublicKey() })
	web := httptest.NewServer(a.Interactions(c))
	t.Cleanup(web.Close)
	run(t, a, c)
	d.SendOverHTTP(web.URL)
	return d, a, web.URL
}

func TestHTTPInteractions(t *testing.T) {
	t.Parallel()
	picture := commands.Block{Kind: commands.Picture, File: &commands.File{Name: "lake.png", Type: "image/png", Data: []byte("png"), Alt: "A lake"}}
	c := &core{answer: func(_ context.Context, r commands.Request) commands.Reply {
		reply := commands.Reply{Title: "Lake", Blocks: []commands.Block{say("The ferry sails.")}, Buttons: []commands.Button{{Label: "Again", Line: "/lake"}}}
		if r.Option("section") != "" {
			reply.Blocks = append(reply.Blocks, picture)
		}
		return reply
	}}
	d, _, _ := startHTTP(t, c)
	m := d.Slash(discordtest.Ask{Command: "lake"}).Answer()
	if !strings.Contains(m.Text(), "The ferry sails.") {
		t.Errorf("answer %q", m.Text())
	}
	if got := d.Press(discordtest.Ask{}, m, m.Buttons()[0].CustomID).Answer(); got.ID != m.ID || got.Edits != 1 {
		t.Errorf("pressed: message %s with %d edits, want in place", got.ID, got.Edits)
	}
	if n := len(d.Calls("POST", "/interactions")); n != 0 {
		t.Errorf("%d callbacks, want none: the response is the answer", n)
	}
	// Files go by a call.
	m = d.Slash(discordtest.Ask{Command: "lake", Options: map[string]string{"section": "background"}}).Answer()
	if len(m.Files) != 1 || m.Embeds[0].Image == nil || m.Embeds[0].Image.URL != "attachment://lake.png" {
		t.Errorf("files %v, embeds %+v", m.Files, m.Embeds)
	}
	if got := d.Complete(discordtest.Ask{Command: "lake", Options: map[string]string{"section": "b"}, Focused: "section"}); len(got) != 1 {
		t.Errorf("suggested %v", got)
	}
	if d.Links() != 0 {
		t.Error("a gateway link is open, want none")
	}
	d.Wait("registered commands", func() bool { return len(d.Commands()) == 3 })
}

func TestHTTPSlowAnswer(t *testing.T) {
	t.Parallel()
	c, open := slow(t, false)
	d, a, _ := startHTTP(t, c)
	discord.Patience(a, time.Millisecond)
	i := d.Slash(discordtest.Ask{Command: "lake"})
	d.Wait("the deferral", func() bool { return i.Acked() == 5 })
	open()
	if m := i.Answer(); !strings.Contains(m.Text(), "At last") {
		t.Errorf("answer %q", m.Text())
	}
}

// Clients that send all before they read an answer get one too.
func TestHTTPTooLargeIsAnswered(t *testing.T) {
	t.Parallel()
	d, _, url := startHTTP(t, &core{})
	r := d.Sign(url, []byte(strings.Repeat("x", 10<<20)), time.Now())
	conn, err := net.Dial("tcp", r.URL.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := r.Write(conn); err != nil {
		t.Fatal("the request broke off:", err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %v, %v; want 413", resp, err)
	}
}

func TestHTTPRefusals(t *testing.T) {
	t.Parallel()
	d, _, url := startHTTP(t, &core{})
	ping := []byte(`{"id":"1","type":1,"token":"x"}`)
	do := func(r *http.Request) (int, string) {
		t.Helper()
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, strings.TrimSpace(string(b))
	}
	change := func(f func(*http.Request)) *http.Request {
		r := d.Sign(url, ping, time.Now())
		f(r)
		return r
	}
	get, _ := http.NewRequest(http.MethodGet, url, nil)
	ask := []byte(`{"id":"77","type":2,"token":"x","channel_id":"1","data":{"name":"lake"},"user":{"id":"5"}}`)
	now := time.Now()
	asked, copied := d.Sign(url, ask, now), d.Sign(url, ask, now)
	copied.Header.Set("X-Signature-Ed25519", strings.ToUpper(copied.Header.Get("X-Signature-Ed25519")))
	for _, tc := range []struct {
		name string
		r    *http.Request
		want int
	}{
		{"ping", d.Sign(url, ping, time.Now()), 200},
		{"no signature", change(func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }), 401},
		{"no hex", change(func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "zz") }), 401},
		{"other body", change(func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(`{"type":1}     ` + strings.Repeat(" ", len(ping)-15)))
		}), 401},
		{"other time", change(func(r *http.Request) { r.Header.Set("X-Signature-Timestamp", "1") }), 401},
		{"an hour old", d.Sign(url, ping, time.Now().Add(-time.Hour)), 401},
		{"an hour ahead", d.Sign(url, ping, time.Now().Add(time.Hour)), 401},
		{"too large", d.Sign(url, []byte(`{"type":1,"x":"`+strings.Repeat("x", 2<<20)+`"}`), time.Now()), 413},
		{"far too large", d.Sign(url, []byte(`{"type":1,"x":"`+strings.Repeat("x", 10<<20)+`"}`), time.Now()), 413},
		{"no interaction", d.Sign(url, []byte(`{"type":2}`), time.Now()), 400},
		{"null", d.Sign(url, []byte(`null`), time.Now()), 400},
		{"no JSON", d.Sign(url, []byte(`type=2`), time.Now()), 400},
		{"not posted", get, 405},
		{"a question", asked, 200},
		{"the same request", copied, 409},
		{"the same question, signed again", d.Sign(url, ask, now.Add(time.Second)), 200},
	} {
		if got, text := do(tc.r); got != tc.want || text == "" {
			t.Errorf("%s: %d %q, want %d and a sentence", tc.name, got, text, tc.want)
		}
	}
}

// A copy of a request is answered by none of the processes, whichever it comes to.
func TestHTTPCopyToAnotherProcess(t *testing.T) {
	t.Parallel()
	d, fleet := discordtest.New(t), adaptertest.NewFleet()
	serve := func(name string) (*adaptertest.Process, string) {
		p := fleet.Join(name)
		a := newAdapter(t, d, func(o *discord.Options) { o.PublicKey, o.Fleet = d.PublicKey(), p })
		web := httptest.NewServer(a.Interactions(&core{}))
		t.Cleanup(web.Close)
		return p, web.URL
	}
	_, a := serve("a")
	p, b := serve("b")
	now := time.Now()
	post := func(url, body string, at time.Time, want int) {
		t.Helper()
		resp, err := http.DefaultClient.Do(d.Sign(url, []byte(body), at))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%d for %s, want %d", resp.StatusCode, body, want)
		}
	}
	ask := `{"id":"77","type":2,"token":"x","channel_id":"1","data":{"name":"lake"},"user":{"id":"5"}}`
	post(a, ask, now, 200)
	post(b, ask, now, 409)
	post(b, ask, now.Add(time.Second), 200)
	suggest := `{"id":"78","type":4,"token":"x","channel_id":"1","data":{"name":"lake","options":[{"name":"section","type":3,"value":"b","focused":true}]},"user":{"id":"5"}}`
	post(a, suggest, now, 200)
	post(b, suggest, now, 200)
	p.Doze()               // the database is away
	post(b, ask, now, 409) // it remembers this one itself
	post(b, ask, now.Add(2*time.Second), 200)
}
