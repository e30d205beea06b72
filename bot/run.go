package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"time"

	"github.com/alecthomas/kong"

	"griot/config"
)

// system is what the program is given from outside.
type system struct {
	args           []string // without the program's name
	env            func(string) (string, bool)
	stdin          io.Reader
	stdout, stderr io.Writer
	reload         <-chan os.Signal // asks for the content to be read again
	now            func() time.Time
}

// The exit codes.
const (
	done     = 0
	fault    = 1
	wrongUse = 2
)

// cli is the command line.
type cli struct {
	Config  string `placeholder:"FILE" help:"Settings file; griot.yaml if there is one."`
	Content string `placeholder:"DIR" help:"Folder of the content pack; the one built in."`

	Run           runCmd           `cmd:"" default:"1" help:"Run the bot; without a token, a chat in this terminal."`
	Say           sayCmd           `cmd:"" help:"Print the answer to one command line."`
	Check         checkCmd         `cmd:"" help:"Look for faults in a content pack."`
	Packs         contentCmd       `cmd:"" name:"content" help:"Show which content is in use, and decide on what is held."`
	Plan          planCmd          `cmd:"" help:"Show every coming send."`
	Deliveries    deliveriesCmd    `cmd:"" help:"Show what became of digests, and complete, hold or release them."`
	Corrections   correctionsCmd   `cmd:"" help:"Show which corrections reached how many messages."`
	Reports       reportsCmd       `cmd:"" help:"Show what readers reported, answer it."`
	Subscriptions subscriptionsCmd `cmd:"" help:"Move subscriptions between files and the database."`
	Backup        backupCmd        `cmd:"" help:"Copy the database to a file, while the bot runs."`
	Restore       restoreCmd       `cmd:"" help:"Replace the database by a backup; deliveries are held afterwards."`
	Doctor        doctorCmd        `cmd:"" help:"Look for faults in settings, content, database and platforms."`
	Version       versionCmd       `cmd:"" help:"Print the version."`
}

// call is one run of the program: what its subcommands are given.
type call struct {
	system
	cli *cli
	err *scrubber // standard error, without secrets
}

// subcommand is a row of the command line.
type subcommand interface {
	run(ctx context.Context, c call) error
}

// run is the program; main only adds the operating system. 0 is success, 1 a
// fault, 2 wrong use.
func run(ctx context.Context, sys system) int {
	var c cli
	helped := false
	scrubbed := newScrubber(sys.stderr)
	sys.stderr = scrubbed
	parser, err := kong.New(&c, kong.Name("griot"),
		kong.Description("A chat bot that answers from curated, sourced briefings and posts digests on schedule."),
		kong.Writers(sys.stdout, sys.stderr), kong.Help(help), kong.Exit(func(int) { helped = true }),
		kong.KindMapper(reflect.String, kong.MapperFunc(text)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		report(sys.stderr, err)
		return fault
	}
	parsed, err := parser.Parse(sys.args)
	switch {
	case helped:
		return done
	case errors.As(err, new(unwritten)):
		report(sys.stderr, err)
		return fault
	case err != nil:
		report(sys.stderr, hinted{err, "griot --help lists what there is"})
		return wrongUse
	}
	sub, ok := parsed.Selected().Target.Addr().Interface().(subcommand)
	if !ok {
		report(sys.stderr, fmt.Errorf("%s does nothing", parsed.Command()))
		return fault
	}
	err = sub.run(ctx, call{sys, &c, scrubbed})
	if err == nil {
		return done
	}
	if !errors.Is(err, errSaid) {
		report(sys.stderr, err)
	}
	if _, ok := errors.AsType[misuse](err); ok {
		return wrongUse
	}
	return fault
}

// help prints kong's help and, for the whole program, the settings.
func help(o kong.HelpOptions, ctx *kong.Context) error {
	err := kong.DefaultHelpPrinter(o, ctx)
	if err == nil && ctx.Selected() == nil {
		_, err = fmt.Fprint(ctx.Stdout, "\n"+config.Help())
	}
	if err != nil {
		return unwritten{err}
	}
	return nil
}

// unwritten is a fault of what the help is written to.
type unwritten struct{ error }

// text takes a value of the command line; kong's own calls one that is not
// there "EOL".
func text(ctx *kong.DecodeContext, target reflect.Value) error {
	if next := ctx.Scan.Peek(); !next.IsValue() && ctx.Value.Flag != nil {
		return fmt.Errorf("the value is missing; write --%s %s", ctx.Value.Name, ctx.Value.Flag.FormatPlaceHolder())
	}
	return ctx.Scan.PopValueInto("string", target.Addr().Interface())
}

// errSaid is a fault that was told already by what was printed.
var errSaid = errors.New("said already")

// misuse is a fault of whoever typed the command line.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Hint() string  { return h.hint }
func (h hinted) Unwrap() error { return h.error }

// report prints an error for the operator: each of several, with its hint.
func report(w io.Writer, err error) {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			report(w, e)
		}
		return
	}
	fmt.Fprintf(w, "griot: %s\n", err)
	if h, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok && h.Hint() != "" {
		fmt.Fprintf(w, "hint: %s\n", h.Hint())
	}
}

// load reads the settings. The command line wins over them.
func (c call) load() (config.Config, error) {
	cfg, err := config.Load(c.cli.Config, c.env)
	c.err.hide(cfg)
	if c.cli.Content != "" {
		cfg.Content = c.cli.Content
	}
	return cfg, err
}

// loadContent reads the settings for what needs the content alone: a fault of
// another setting, such as a secret this user may not read, is no hindrance.
func (c call) loadContent() (config.Config, error) {
	cfg, err := c.load()
	if faults, ok := errors.AsType[config.Faults](err); ok {
		for _, f := range faults {
			if f.Key == "content" || c.cli.Config != "" && f.Key == c.cli.Config {
				return cfg, f
			}
		}
	}
	return cfg, nil
}
