package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"griot/bot/delivery"
	"griot/bot/store"
	"griot/briefings"
	"griot/config"
)

// The subcommands for operators work beside a running bot, on the same
// database: they claim, send and expire nothing.

// access is what a subcommand does to a database.
type access int

const (
	reading  access = iota // reads one that is there
	changing               // changes one that is there
	making                 // makes it if it is not there
)

// database opens the database that the settings name. Unless it is to be made
// it has to be there, with the schema of this program: who looks into one that
// is not has named the wrong one, and changes none by looking.
func (c call) database(ctx context.Context, cfg config.Config, a access) (*store.Store, error) {
	address := cfg.DatabaseURL.Reveal()
	s, err := openAs(ctx, address, c.quietLog(cfg), a)
	switch {
	case err == nil:
		return s, nil
	case errors.Is(err, fs.ErrNotExist) && a != making:
		return nil, hinted{fmt.Errorf("there is no database %s", strings.TrimPrefix(address, "sqlite:")), "the first run of the bot makes it; if it has another name, set database_url (GRIOT_DATABASE_URL)"}
	}
	return nil, hinted{err, "see database_url (GRIOT_DATABASE_URL); griot doctor looks into it"}
}

func openAs(ctx context.Context, address string, log *slog.Logger, a access) (*store.Store, error) {
	if a == making {
		return store.Open(ctx, address, log)
	}
	s, err := store.Look(ctx, address, log)
	if err != nil || a == reading {
		return s, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return store.Open(ctx, address, log)
}

// quietLog keeps what a subcommand logs to what a person must know.
func (c call) quietLog(cfg config.Config) *slog.Logger {
	return newLog(c.err, max(cfg.Log, slog.LevelWarn))
}

// withDatabase runs f on the database that the settings name, and closes it.
func (c call) withDatabase(ctx context.Context, a access, f func(cfg config.Config, s *store.Store) error) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	s, err := c.database(ctx, cfg, a)
	if err != nil {
		return err
	}
	return errors.Join(f(cfg, s), s.Close())
}

// digestsOf is the service on a database, which does not run here.
func (c call) digestsOf(cfg config.Config, s *store.Store) *delivery.Service {
	return delivery.New(delivery.Options{Store: s, Log: c.quietLog(cfg), Now: c.now, Deadline: cfg.Delivery.Deadline})
}

// index reads the content pack that the settings name.
func (c call) index(cfg config.Config) (*briefings.Index, error) {
	fsys, err := packFS(cfg)
	if err != nil {
		return nil, err
	}
	p, err := loadPack(fsys, cfg.Content, c.now())
	if err != nil {
		return nil, err
	}
	return briefings.NewIndex(p.At(c.now())), nil
}
