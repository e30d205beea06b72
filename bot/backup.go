package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"griot/bot/store"
	"griot/config"
)

type backupCmd struct {
	File string `arg:"" help:"A file that is not there yet."`
}

func (backupCmd) Help() string {
	return `A consistent copy of the whole database as it is at one instant, in one SQLite file, whichever database the bot uses. A running bot goes on.
It tells who subscribed to what: keep it to yourself. griot restore takes it back.`
}

func (cmd *backupCmd) run(ctx context.Context, c call) error {
	return c.withDatabase(ctx, reading, func(_ config.Config, s *store.Store) error {
		if err := s.Backup(ctx, cmd.File); err != nil {
			return err
		}
		return tellSize(ctx, c, "sqlite:"+cmd.File, "Backed up to "+cmd.File)
	})
}

type restoreCmd struct {
	File  string `arg:"" help:"A file that griot backup wrote, or a copy of a griot.db that nobody used."`
	Force bool   `help:"Replace what the database holds."`
}

func (restoreCmd) Help() string {
	return `Everything in the database is replaced by what the file holds, all or nothing. The file may come from an older version, and from another kind of database.
Deliveries are held afterwards, since much of what the file plans may have been sent meanwhile: look at griot plan and griot deliveries, then griot deliveries release.`
}

func (cmd *restoreCmd) run(ctx context.Context, c call) error {
	if _, err := os.Stat(cmd.File); err != nil { // before a database is made for it
		return fmt.Errorf("restore: %w", err)
	}
	return c.withDatabase(ctx, making, func(cfg config.Config, s *store.Store) error {
		has, err := s.Size(ctx)
		if err != nil {
			return err
		}
		if has != (store.Size{}) && !cmd.Force {
			return hinted{
				fmt.Errorf("the database has %s: a restore replaces them", sizeWords(has)),
				"griot backup keeps a copy of it; griot restore --force replaces it",
			}
		}
		if err := s.Restore(ctx, cmd.File); err != nil {
			return err
		}
		has, err = s.Size(ctx)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(c.stdout, "Restored: %s.\n", sizeWords(has)); err != nil {
			return err
		}
		reason, since, err := s.Paused(ctx)
		(&deliverySheet{w: c.stdout}).held(reason, since)
		return err
	})
}

// tellSize says what a database holds.
func tellSize(ctx context.Context, c call, address, what string) error {
	s, err := store.Look(ctx, address, nil)
	if err != nil {
		return err
	}
	n, err := s.Size(ctx)
	if err == nil {
		_, err = fmt.Fprintf(c.stdout, "%s: %s.\n", what, sizeWords(n))
	}
	if cerr := s.Close(); err == nil {
		err = cerr
	}
	return err
}

func sizeWords(n store.Size) string {
	var words []string
	for _, part := range []struct {
		n    int
		what string
	}{{n.Subscriptions, "subscription"}, {n.Settings, "setting"}, {n.Runs, "run"}} {
		if part.n > 0 {
			words = append(words, count(part.n, part.what))
		}
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}
