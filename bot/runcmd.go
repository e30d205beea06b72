package main

import (
	"context"
	"errors"

	"griot/bot/adapter"
)

type runCmd struct{}

// run answers on the platforms there are tokens for, or else in this terminal.
func (runCmd) run(ctx context.Context, c call) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	var chat adapter.Adapter
	if !cfg.Discord.Token.IsSet() && !cfg.Telegram.Token.IsSet() {
		term := newTerminal(c.system)
		c.err.through(term.Notices)
		chat = term
	}
	a, err := newApp(ctx, cfg, c.system, newLog(c.err, cfg.LogLevel(chat != nil)), chat)
	switch {
	case err != nil && ctx.Err() != nil: // told to stop before it began: what broke off by that is no fault
		return nil
	case err != nil:
		return err
	}
	return errors.Join(a.run(ctx), a.close())
}
