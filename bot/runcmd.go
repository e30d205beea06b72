package main

import (
	"context"
	"errors"

	"griot/commands"
)

type runCmd struct{}

func (runCmd) run(ctx context.Context, c call) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	chat := !cfg.Discord.Token.IsSet() && !cfg.Telegram.Token.IsSet()
	term := newTerminal(c.system)
	if chat {
		c.err.through(term.Notices)
	}
	a, err := newApp(ctx, cfg, c.system, newLog(c.err, cfg.LogLevel(chat)))
	if err != nil {
		return err
	}
	if chat {
		a.adapters[commands.Terminal] = term
	}
	return errors.Join(a.run(ctx), a.close())
}
