package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"griot/bot/roster"
	"griot/bot/store"
	"griot/briefings"
	"griot/config"
)

// maxRoster is the longest file of subscriptions taken, in bytes: a million
// subscriptions are half of it.
const maxRoster = 256 << 20

type subscriptionsCmd struct {
	Export exportSubscriptions `cmd:"" help:"Write every subscription to a file."`
	Import importSubscriptions `cmd:"" help:"Take subscriptions from a file, all or none."`
}

// rosterFile is a file of subscriptions, or - for standard input or output.
type rosterFile struct {
	File   string `arg:"" help:"A file that ends in .csv or .json; - is standard output or input."`
	Format string `enum:"csv,json," default:"" placeholder:"FORMAT" help:"csv or json, where the file's ending does not say; csv for -."`
}

func (f rosterFile) format() (roster.Format, error) {
	if f.Format != "" {
		return roster.Format(f.Format), nil
	}
	if f.File == "-" {
		return roster.CSV, nil
	}
	format, ok := roster.FormatOf(f.File)
	if !ok {
		return "", misuse{hinted{fmt.Errorf("the ending of %q says neither csv nor json", f.File), "name it .csv or .json, or add --format csv"}}
	}
	return format, nil
}

type exportSubscriptions struct{ rosterFile }

func (exportSubscriptions) Help() string {
	return `Columns: platform, chat, thread, topics (by ";"), schedule, zone, lang, when_quiet (skip or brief), quiet_hours, text_only, paused.
JSON is an array of objects with these keys; there topics is an array and the last two are true or false. Ids are texts.
A digest that was stopped because nobody could be reached is written as paused.`
}

func (cmd *exportSubscriptions) run(ctx context.Context, c call) error {
	format, err := cmd.format()
	if err != nil {
		return err
	}
	return c.withDatabase(ctx, reading, func(_ config.Config, s *store.Store) error {
		subs, err := s.All(ctx)
		if err != nil {
			return err
		}
		if cmd.File == "-" {
			return roster.Write(c.stdout, format, subs)
		}
		if err := replaceFile(cmd.File, func(w io.Writer) error { return roster.Write(w, format, subs) }); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.stdout, "%s written to %s\n", count(len(subs), "subscription"), cmd.File)
		return err
	})
}

// replaceFile writes a file that only its owner may read, whole or not at all.
func replaceFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return hinted{fmt.Errorf("write %s: %w", name, err), "name a file in a folder that you may write to"}
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(f.Name()))
	}
	return nil
}

type importSubscriptions struct{ rosterFile }

func (importSubscriptions) Help() string {
	return `Everything is checked first; if one line has a fault, all faults are listed and nothing is imported.
The header names the columns, in any order; thread, when_quiet, quiet_hours, text_only and paused may be missing.
A topic is named by slug, command, name or alias. Subscriptions start from now. What is there already runs on with the options of the
file; what the file does not name stays. Importing twice changes nothing. A running bot goes on; it takes them up within 15 seconds.`
}

func (cmd *importSubscriptions) run(ctx context.Context, c call) error {
	format, err := cmd.format()
	if err != nil {
		return err
	}
	data, err := cmd.read(c)
	if err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	x, err := c.index(cfg)
	if err != nil {
		return err
	}
	subs, err := roster.Read(data, format, roster.Options{Topic: topicOf(x)})
	if faults, ok := errors.AsType[roster.Faults](err); ok {
		return cmd.refused(faults)
	}
	return c.withDatabase(ctx, making, func(cfg config.Config, s *store.Store) error {
		done, err := c.digestsOf(cfg, s).Import(ctx, subs)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.stdout, "%s: %d new, %d changed, %d resumed, %d as they were\n", count(len(subs), "subscription"), done.Added, done.Changed, done.Resumed, done.Kept)
		return err
	})
}

func (cmd *importSubscriptions) read(c call) ([]byte, error) {
	in := c.stdin
	if cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return nil, fmt.Errorf("read subscriptions: %w", err)
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxRoster+1))
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	if len(data) > maxRoster {
		return nil, hinted{fmt.Errorf("%s is longer than %d MiB", cmd.File, maxRoster>>20), "split it into several"}
	}
	return data, nil
}

// refused lists every fault with its place, then says what that means.
func (cmd *importSubscriptions) refused(faults roster.Faults) error {
	name := cmp.Or(strings.TrimPrefix(cmd.File, "-"), "standard input")
	var all []error
	for _, f := range faults {
		all = append(all, hinted{fmt.Errorf("%s:%d:%d: %s", name, f.Line, f.Column, f.What), f.Cure})
	}
	return errors.Join(append(all, fmt.Errorf("%s in %s: nothing was imported", count(len(faults), "fault"), name))...)
}

// topicOf finds topics of the pack by any of their names.
func topicOf(x *briefings.Index) func(string) (string, []string) {
	return func(name string) (string, []string) {
		name = strings.TrimPrefix(name, "/")
		if t := x.Topic(name); t != nil { // one that is not shown now may be again
			return t.Slug, nil
		}
		for _, m := range x.Find(name, briefings.KindTopic) {
			return m.ID.Slug(), nil
		}
		var near []string
		for _, m := range x.Near(name, 3, briefings.KindTopic) {
			near = append(near, m.ID.Slug())
		}
		return "", near
	}
}
