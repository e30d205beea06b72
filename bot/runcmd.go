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
	if ctx.Err() != nil && errors.Is(err, context.Canceled) { // told to stop before it began
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(a.run(ctx), a.close())
}
