package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"griot/bot/adapter"
	"griot/commands"
)

// Options is what an adapter is made of. Only Token is needed.
type Options struct {
	Token     string
	APIURL    string // "https://discord.com/api/v10" unless set
	PublicKey string // hex; set, interactions come over HTTP and no gateway is opened
	Notes     adapter.Notes
	Pacer     adapter.Pacer
	Recorder  adapter.Recorder // nil: answers are not kept track of
	Fleet     adapter.Fleet    // nil: no other process serves this bot
	Log       *slog.Logger
	HTTP      *http.Client // its transport, cookies aside; nil for our own
}

// Adapter is Discord. Make it with [New].
type Adapter struct {
	token    string
	id       string // the bot's, the part of the token that is no secret
	rest     *rest
	key      ed25519.PublicKey // nil: gateway
	notes    adapter.Notes
	pacer    adapter.Pacer
	recorder adapter.Recorder
	fleet    adapter.Fleet
	log      *slog.Logger
	now      func() time.Time
	backoff  func(try int) time.Duration
	patient  time.Duration // an answer that takes longer is deferred
	compare  time.Duration // between looks at the table

	identifyEvery time.Duration // between sessions begun under one key

	app     atomic.Pointer[string]  // application id, once known
	told    atomic.Pointer[gateway] // what Discord said last about the gateway
	turns   turns
	slots   chan struct{} // bounds the interactions being answered
	spare   chan struct{} // bounds the answers that say we are busy
	replays replays
	directs directs
}

var (
	_ adapter.Adapter   = (*Adapter)(nil)
	_ adapter.Explainer = (*Adapter)(nil)
	_ adapter.Checker   = (*Adapter)(nil)
)

// Bounds of what is answered at one time: beyond slots people read that we are
// busy, beyond slots and spare they read Discord's own "did not respond".
const (
	maxSlots = 512
	maxSpare = 64
)

// DefaultAPIURL is where Discord is.
const DefaultAPIURL = "https://discord.com/api/v10"

// New makes an adapter. It asks nobody; a refused token shows in Run.
func New(o Options) (*Adapter, error) {
	token := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(o.Token), "Bot "))
	if token == "" {
		return nil, fmt.Errorf("discord: no token")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("discord: the token holds a character no token has")
	}
	a := &Adapter{
		token: token, id: BotID(token), notes: o.Notes, pacer: o.Pacer, recorder: o.Recorder, fleet: o.Fleet, log: o.Log, now: time.Now,
		backoff: backoff, patient: 1500 * time.Millisecond, compare: compareEvery, identifyEvery: identifyEvery,
		slots: make(chan struct{}, maxSlots), spare: make(chan struct{}, maxSpare),
	}
	if a.log == nil {
		a.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	a.log = a.log.With("adapter", "discord")
	if a.notes == nil {
		a.notes = noNotes{}
	}
	if a.pacer == nil {
		a.pacer = noPacer{}
	}
	if o.PublicKey != "" {
		key, err := hex.DecodeString(strings.TrimSpace(o.PublicKey))
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("discord: the public key is not 64 hexadecimal digits: copy it from the application's page")
		}
		a.key = key
	}
	var err error
	if a.rest, err = newRest(token, o.APIURL, o.HTTP); err != nil {
		return nil, err
	}
	return a, nil
}

// Platform is discord.
func (a *Adapter) Platform() commands.Platform { return commands.Discord }

// Run answers interactions with core until ctx is done. It returns early only
// when Discord refuses the token or the way we connect.
func (a *Adapter) Run(ctx context.Context, core adapter.Core) error {
	if ctx.Err() != nil {
		return nil
	}
	// Answers in hand outlive ctx; finish ends them.
	talks, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var jobs sync.WaitGroup
	run := func(job func() error) {
		jobs.Go(func() {
			if err := job(); err != nil {
				cancel(err)
			}
		})
	}
	run(func() error {
		return adapter.Lead(ctx, a.fleet, "discord:"+a.id+":commands", func(ctx context.Context, _ adapter.Lease) error {
			return a.keepRegistered(ctx, core)
		})
	})
	if a.key == nil {
		run(func() error { return a.keepSharded(ctx, talks, core) })
	}
	<-ctx.Done()
	jobs.Wait()
	a.finish(end)
	if err := context.Cause(ctx); adapterFault(err) {
		return fmt.Errorf("discord: %w", err)
	}
	return nil
}

// adapterFault reports whether a run ended by itself.
func adapterFault(err error) bool {
	return err != nil && err != context.Canceled && err != context.DeadlineExceeded
}

// finish waits for the answers in hand, and after a while ends them. It holds
// every slot meanwhile, so none is begun.
func (a *Adapter) finish(end context.CancelFunc) {
	patience := time.AfterFunc(8*time.Second, func() {
		a.log.Warn("answers left unfinished", "after", "8s")
		end()
	})
	defer patience.Stop()
	last := time.NewTimer(10 * time.Second) // a core that does not heed its context is left behind
	defer last.Stop()
	for held := range maxSlots + maxSpare {
		slot := a.slots
		if held >= maxSlots {
			slot = a.spare
		}
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-last.C:
			return
		}
	}
}

// Send posts one part into the destination's thread or channel.
func (a *Adapter) Send(ctx context.Context, to commands.Destination, p adapter.Part, nonce string) (adapter.MessageRef, error) {
	body, err := withNonce(p.Body, nonce)
	if err != nil {
		return adapter.MessageRef{}, fmt.Errorf("%w: %w", adapter.ErrPayload, err)
	}
	if err := a.remember(ctx, p.Lines); err != nil {
		return adapter.MessageRef{}, err
	}
	if err := a.pacer.Wait(ctx, to, false); err != nil {
		return adapter.MessageRef{}, err
	}
	channel, err := a.channel(ctx, to)
	if err != nil {
		return adapter.MessageRef{}, err
	}
	var out struct {
		ID string `json:"id"`
	}
	header, err := a.rest.head(ctx, call{method: http.MethodPost, path: "channels/" + escapeID(channel) + "/messages", body: body, files: p.Files}, &out)
	a.mind(to, header)
	if err == nil && out.ID == "" {
		err = fmt.Errorf("%w: the answer names no message", adapter.ErrUnknown)
	}
	if err != nil {
		return adapter.MessageRef{}, a.judge(to, err)
	}
	return adapter.MessageRef{To: to, ID: out.ID}, nil
}

// inTurn makes a call of the bot that goes to no channel, when it may.
func (a *Adapter) inTurn(ctx context.Context, c call, out any) (http.Header, error) {
	bound, cancel := context.WithTimeout(ctx, callLimit)
	err := a.pacer.Wait(bound, commands.Destination{}, false)
	cancel()
	if err != nil {
		return nil, fmt.Errorf("wait for a turn: %w", err)
	}
	return a.rest.head(ctx, c, out)
}

// mind leaves the rest of a route's bucket empty when Discord says it is:
// https://docs.discord.com/developers/topics/rate-limits#header-format
func (a *Adapter) mind(to commands.Destination, h http.Header) {
	if h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	if s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64); err == nil && s > 0 && s < 3600 {
		a.pacer.Hold(to, time.Duration(s*float64(time.Second)))
	}
}

// BotID is the public id that begins a bot's token, or "" when there is none.
func BotID(token string) string {
	head, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(token), "Bot "), ".")
	id, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(head, "="))
	if err != nil || len(id) == 0 || strings.Trim(string(id), "0123456789") != "" {
		return ""
	}
	return string(id)
}

// remember keeps the lines that were too long for a button.
func (a *Adapter) remember(ctx context.Context, lines map[string]string) error {
	for key, line := range lines {
		if err := a.notes.SetNote(ctx, "line:"+key, line); err != nil {
			return fmt.Errorf("keep the line of a button: %w", err)
		}
	}
	return nil
}

// noNotes forgets at once: long lines then cannot be pressed.
type noNotes struct{}

func (noNotes) Note(context.Context, string) (string, error)                   { return "", nil }
func (noNotes) SetNote(context.Context, string, string) error                  { return nil }
func (noNotes) SwapNote(context.Context, string, string, string) (bool, error) { return true, nil }

// noPacer lets every call pass.
type noPacer struct{}

func (noPacer) Wait(ctx context.Context, _ commands.Destination, _ bool) error { return ctx.Err() }
func (noPacer) Hold(commands.Destination, time.Duration)                       {}
