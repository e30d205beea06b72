package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"griot/bot/adapter/terminal"
	"griot/briefings"
	"griot/commands"
)

type sayCmd struct {
	Lang  string   `enum:"en,fr" default:"en" help:"Language to answer in: en or fr."`
	As    string   `enum:"text,json,discord,telegram" default:"text" help:"text, json, or the request bodies of discord or telegram, one JSON object a line."`
	Place string   `placeholder:"ID" help:"Where it is asked: discord:CHANNEL, telegram:CHAT or telegram:CHAT/TOPIC."`
	Line  []string `arg:"" help:"Command line, such as /help."`
}

// run answers from memory: no token is needed and no file is written.
func (cmd *sayCmd) run(ctx context.Context, c call) error {
	cfg, err := c.loadContent()
	if err != nil {
		return err
	}
	asked, err := cmd.place()
	if err != nil {
		return err
	}
	cfg = inMemory(cfg)
	log := newLog(c.err, max(cfg.Log, slog.LevelWarn))
	a, err := newApp(ctx, cfg, c.system, log, nil)
	if err != nil {
		return err
	}
	reply := cmd.answer(ctx, a, asked, c)
	return errors.Join(cmd.print(asked, reply, c), a.close())
}

// place is where the question is asked: as the format has it, unless named.
func (cmd *sayCmd) place() (commands.Place, error) {
	if cmd.Place != "" {
		to, err := commands.ParseDestination(cmd.Place)
		if err != nil {
			return commands.Place{}, misuse{hinted{fmt.Errorf("--place: %w", err), "for example --place telegram:-100123/7"}}
		}
		if err := cmd.suits(to); err != nil {
			return commands.Place{}, misuse{hinted{fmt.Errorf("--place: %w", err), "for example --place telegram:-100123/7"}}
		}
		private := to.Platform == commands.Telegram && !strings.HasPrefix(to.Chat, "-")
		return commands.Place{Destination: to, Private: private, Postable: true}, nil
	}
	switch cmd.As {
	case "discord", "telegram":
		return commands.Place{Destination: commands.Destination{Platform: commands.Platform(cmd.As), Chat: "0"}, Postable: true}, nil
	}
	return terminal.Here, nil
}

// suits checks what the platforms' own ids look like, and that what is printed
// is for the platform that is asked on.
func (cmd *sayCmd) suits(to commands.Destination) error {
	if to.Platform == commands.Terminal {
		return nil
	}
	for _, id := range []string{to.Chat, to.Thread} {
		if _, err := strconv.ParseInt(id, 10, 64); err != nil && id != "" {
			return fmt.Errorf("%q is not a number, as ids are on %s", id, to.Platform)
		}
	}
	if (cmd.As == "discord" || cmd.As == "telegram") && cmd.As != string(to.Platform) {
		return fmt.Errorf("a place on %s has no request bodies of %s", to.Platform, cmd.As)
	}
	return nil
}

func (cmd *sayCmd) answer(ctx context.Context, a *app, place commands.Place, c call) commands.Reply {
	lang := briefings.Lang(cmd.Lang)
	table, line := a.core.Table(), strings.Join(cmd.Line, " ")
	r, err := commands.ParseLine(table, line)
	if err != nil {
		reply := commands.Refusal(table, lang, err)
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
		if known := table.Find(strings.ToLower(name)); known != nil {
			reply.Command = known.Name
		}
		return reply
	}
	r.Place, r.User, r.Lang, r.Now = place, "0", lang, c.now()
	r.Admin = func(context.Context) (bool, error) { return true, nil } // who runs the program may see everything
	return a.core.Answer(ctx, r)
}

func (cmd *sayCmd) print(place commands.Place, reply commands.Reply, c call) error {
	switch cmd.As {
	case "text":
		_, err := fmt.Fprint(c.stdout, terminal.Chat(reply))
		return err
	case "json":
		body, err := reply.JSON()
		if err != nil {
			return fmt.Errorf("write as json: %w", err)
		}
		_, err = fmt.Fprintf(c.stdout, "%s\n", body)
		return err
	}
	calls, err := explain(commands.Platform(cmd.As), place, reply)
	if err != nil {
		return fmt.Errorf("lay out for %s: %w", cmd.As, err)
	}
	for _, call := range calls {
		if err := jsonLine(c.stdout, call); err != nil {
			return err
		}
	}
	return nil
}
