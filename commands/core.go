package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"griot/briefings"
)

// Options is what a core is made of. Live is needed; what needs a service that
// is nil says kindly that it is not offered here.
type Options struct {
	Live        *briefings.Live
	Digests     Digests
	Preferences Preferences
	Changes     Changes
	Desk        Desk
	Remarks     Remarks
	Pins        Pins
	Version     string
	Log         *slog.Logger
	Now         func() time.Time // time.Now unless set
	// Remember is for how long it is known which messages were sent; 0 means 90 days.
	Remember time.Duration
}

// Core answers requests. Its methods may be called from any goroutine.
type Core struct {
	live    *briefings.Live
	digests Digests
	changes Changes
	desk    Desk
	remarks Remarks
	pins    Pins
	prefs   *preferences
	version string
	log     *slog.Logger
	now     func() time.Time
	days    int // for which it is known which messages were sent
	seen    atomic.Pointer[view]
}

// New makes a core.
func New(o Options) *Core {
	c := &Core{
		live: o.Live, digests: o.Digests, changes: o.Changes, desk: o.Desk, remarks: o.Remarks, pins: o.Pins, prefs: newPreferences(o.Preferences),
		version: o.Version, log: o.Log, now: o.Now,
	}
	if c.log == nil {
		c.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.days = int(o.Remember.Hours() / 24); c.days <= 0 {
		c.days = 90
	}
	return c
}

// Table is the commands there are now; it changes when the content does.
func (c *Core) Table() Table { return c.view().table }

// Answer always has a reply: faults of the asker read as kind sentences,
// faults of ours as an apology, already logged.
func (c *Core) Answer(ctx context.Context, r Request) (reply Reply) {
	name := "unknown"
	defer func() {
		if p := recover(); p != nil {
			// A panic's text may hold what somebody wrote; a runtime error's does not.
			what := fmt.Sprintf("%T", p)
			if e, ok := p.(runtime.Error); ok {
				what = e.Error()
			}
			c.log.Error("command panicked", "command", name, "err", what, "stack", string(debug.Stack()))
			reply = apology(r.Lang)
		}
		if reply.Command == "" {
			reply.Command = name
		}
		if reply.Lang == "" {
			reply.Lang = r.Lang
		}
		if r.TextOnly {
			reply = textOnly(reply)
		}
	}()
	if r.Lang != briefings.FR {
		r.Lang = briefings.EN
	}
	if r.Now.IsZero() {
		r.Now = c.now()
	}
	v := c.view()
	cmd := v.table.Find(r.Command)
	if cmd == nil {
		return Refusal(v.table, r.Lang, unknownCommand(v.table, r.Command))
	}
	name = cmd.Name
	reply, err := c.run(ctx, cmd, &r)
	if err == nil {
		// The content may have changed meanwhile: then it is taken for older than
		// it is, never for newer.
		if reply.Lang == "" {
			reply.Lang = r.Lang
		}
		return v.stamped(c.withReport(r, reply))
	}
	if _, ok := errors.AsType[*UserError](err); !ok {
		c.log.Error("command failed", "command", name, "err", err)
	}
	reply = Refusal(v.table, r.Lang, err)
	if errors.Is(err, errWhich) {
		reply.Refused, reply.Private = false, aside(r, true)
	}
	return reply
}

// run checks what every command has checked and runs it.
func (c *Core) run(ctx context.Context, cmd *Command, r *Request) (Reply, error) {
	r.Command = cmd.Name
	if len(cmd.Subs) > 0 {
		sub := cmd.Sub(r.Sub)
		if sub == nil && r.Sub != "" {
			return Reply{}, unknownSub(cmd, r.Sub)
		}
		if sub == nil {
			return helpOn(cmd, *r), nil
		}
		r.Sub, cmd = sub.Name, sub
	}
	opts, err := settleOptions(cmd, *r)
	if err != nil {
		return Reply{}, err
	}
	r.Options = opts
	if lang := opts["lang"]; lang != "" && cmd.Option("lang").answers() {
		r.Lang = briefings.Lang(lang)
	}
	if cmd.Admin {
		if err := allowed(ctx, *r); err != nil {
			return Reply{}, err
		}
	}
	reply, err := cmd.Run(ctx, *r)
	if cmd.Private && cmd.Admin {
		reply.Private = true
	}
	return reply, err
}

// aside reports whether an answer is for the asker alone. One about a place is
// only where it stays in the place nevertheless, as on Discord: elsewhere its
// buttons would mean the private chat it was sent to.
func aside(r Request, aboutPlace bool) bool {
	return !aboutPlace || r.Place.Private || r.Place.Platform == Discord
}

// settleOptions returns the options by canonical name, choices by value, and
// refuses what is missing or no choice.
func settleOptions(cmd *Command, r Request) (map[string]string, error) {
	out := make(map[string]string, len(r.Options))
	for k, v := range r.Options {
		o := cmd.Option(k)
		if v = strings.TrimSpace(v); o == nil || v == "" {
			continue
		}
		if len(o.Choices) > 0 {
			chosen, ok := choose(o.Choices, v)
			if !ok {
				return nil, noChoice(o, v, r)
			}
			v = chosen
		}
		out[o.Name] = v
	}
	for i := range cmd.Options {
		if o := &cmd.Options[i]; o.Required && out[o.Name] == "" {
			return nil, missing(o, r)
		}
	}
	return out, nil
}

// choose finds the choice that v is, by its value or its label in any language.
func choose(choices []Choice, v string) (string, bool) {
	want := briefings.Fold(v)
	for _, ch := range choices {
		if v == ch.Value || want != "" && (want == briefings.Fold(ch.Value) || want == briefings.Fold(ch.Label.EN) || want == briefings.Fold(ch.Label.FR)) {
			return ch.Value, true
		}
	}
	return "", false
}

func noChoice(o *Option, v string, r Request) error {
	var all [][]string
	values := briefings.Text{}
	for i, ch := range o.Choices {
		all = append(all, []string{ch.Value, ch.Label.EN, ch.Label.FR})
		if i > 0 {
			values.EN, values.FR = values.EN+", ", values.FR+", "
		}
		values.EN, values.FR = values.EN+lowerFirst(ch.Label.EN), values.FR+lowerFirst(ch.Label.FR)
	}
	e := wrong("“%s” is no choice for “%s”. The choices are: %s.", "« %s » n’est pas un choix pour « %s ». Les choix sont : %s.",
		clip(v), o.Names, values)
	for _, near := range pick(v, all, 3) {
		for _, ch := range o.Choices {
			if ch.Value == near {
				e.offer(ch.Label, r.again(o.Name, near))
			}
		}
	}
	for i := 0; i < len(o.Choices) && len(e.Try) < 3; i++ {
		e.offer(o.Choices[i].Label, r.again(o.Name, o.Choices[i].Value))
	}
	return e
}

func missing(o *Option, r Request) error {
	line := "/" + r.Command
	if r.Sub != "" {
		line += " " + r.Sub
	}
	e := wrong("%s needs to know: %s. For example: %s %s:…", "Il manque une précision à %s : %s. Par exemple : %s %s:…",
		line, o.Summary, line, o.Names)
	if o.Complete != nil {
		some := o.Complete(r, "")
		for _, ch := range some[:min(5, len(some))] {
			e.offer(ch.Label, r.again(o.Name, ch.Value))
		}
	}
	return e
}

// allowed passes those who administer the place.
func allowed(ctx context.Context, r Request) error {
	if r.Place.Private {
		return nil
	}
	ok := false
	if r.Admin != nil {
		var err error
		if ok, err = r.Admin(ctx); err != nil {
			return fmt.Errorf("ask who administers the place: %w", err)
		}
	}
	if !ok {
		return wrong("Only those who administer this place can do that. Ask one of them, or write to me in private.",
			"Seules les personnes qui administrent ce lieu peuvent le faire. Demandez à l’une d’elles, ou écrivez-moi en privé.")
	}
	return nil
}

// textOnly puts the words of pictures in their place and leaves files out.
func textOnly(r Reply) Reply {
	if len(r.Files) == 0 && !hasPicture(r.Blocks) {
		return r
	}
	blocks := make([]Block, 0, len(r.Blocks))
	for _, b := range r.Blocks {
		if b.Kind == Picture {
			if b.File == nil || b.File.Alt == "" {
				continue
			}
			b = Block{Kind: Paragraph, Spans: []Span{{Kind: Emphasis, Text: b.File.Alt}}}
		}
		blocks = append(blocks, b)
	}
	r.Blocks, r.Files = blocks, nil
	return r
}

func hasPicture(blocks []Block) bool {
	for _, b := range blocks {
		if b.Kind == Picture {
			return true
		}
	}
	return false
}
