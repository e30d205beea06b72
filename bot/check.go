package main

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"griot/briefings"
	"griot/commands"
)

type checkCmd struct {
	Dir    string `arg:"" optional:"" help:"Folder of the pack; the one the settings name."`
	JSON   bool   `help:"One JSON object a line."`
	Report bool   `help:"Also words, sources, confidence and age, by topic and language."`

	NewPack string `placeholder:"DIR" help:"Write a small valid pack into an empty or new folder, to begin another one with."`
}

// faultLine is a fault as --json prints it.
type faultLine struct {
	File     string             `json:"file"`
	Line     int                `json:"line"`
	Column   int                `json:"column"`
	Severity briefings.Severity `json:"severity"`
	What     string             `json:"what"`
	Cure     string             `json:"cure"`
	Text     string             `json:"text"`
}

func (cmd *checkCmd) run(_ context.Context, c call) error {
	if cmd.NewPack != "" {
		return newPack(c, cmd.NewPack)
	}
	if cmd.Dir != "" {
		c.cli.Content = cmd.Dir
	}
	cfg, err := c.loadContent()
	if err != nil {
		return err
	}
	fsys, err := packFS(cfg)
	if err != nil {
		return err
	}
	return cmd.check(c, fsys, c.now())
}

func (cmd *checkCmd) check(c call, fsys fs.FS, now time.Time) error {
	pack, faults := briefings.Check(fsys, now, commands.Reserved()...)
	errs := 0
	for _, f := range faults {
		if f.Severity == briefings.Error {
			errs++
		}
		if err := cmd.print(c, f); err != nil {
			return err
		}
	}
	if cmd.Report {
		write := writeReport
		if cmd.JSON {
			write = jsonReport
		}
		if err := write(c.stdout, pack.Report(now)); err != nil {
			return err
		}
	}
	if !cmd.JSON {
		sum := fmt.Sprintf("%s, %s", count(errs, "error"), count(len(faults)-errs, "warning"))
		if errs == 0 {
			sum += fmt.Sprintf(": %s, %s, %s", count(len(pack.Topics), "topic"), count(len(pack.Events), "event"), count(len(pack.Sources), "source"))
		}
		if _, err := fmt.Fprintln(c.stdout, sum); err != nil {
			return err
		}
	}
	if errs > 0 {
		return errSaid
	}
	return nil
}

func (cmd *checkCmd) print(c call, f briefings.Fault) error {
	if !cmd.JSON {
		_, err := fmt.Fprintln(c.stdout, f.String())
		return err
	}
	return jsonLine(c.stdout, faultLine{f.At.File, f.At.Line, f.At.Col, f.Severity, f.What, f.Cure, f.Line})
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
