package main

import (
	"context"
	"fmt"
	"strings"

	"griot/bot/store"
	"griot/commands"
	"griot/config"
)

type holdDeliveries struct {
	What []string `arg:"" optional:"" name:"run and reason" help:"Id of a run, or its beginning; without one, all are held. Then why, for whoever looks."`
}

func (holdDeliveries) Help() string {
	return `Digests are planned, but none is sent by any process on this database until griot deliveries release. What is being sent at this moment ends.
Answers are not held. With the id of a run only that one is held, and the others go on.`
}

func (cmd *holdDeliveries) run(ctx context.Context, c call) error {
	if len(cmd.What) > 0 && namesRun(cmd.What[0]) {
		return cmd.holdRun(ctx, c)
	}
	return c.withDatabase(ctx, changing, func(_ config.Config, s *store.Store) error {
		had, since, err := s.Paused(ctx)
		if err != nil {
			return err
		}
		sheet := &deliverySheet{w: c.stdout}
		if !since.IsZero() {
			sheet.held(had, since)
			return nil
		}
		if err := s.Pause(ctx, strings.Join(cmd.What, " ")); err != nil {
			return err
		}
		reason, since, err := s.Paused(ctx)
		sheet.held(reason, since)
		return err
	})
}

// namesRun reports whether a word is the id of a run or its beginning, and no
// word of a reason: hexadecimal, with a digit.
func namesRun(word string) bool {
	return len(word) >= 4 && strings.Trim(strings.ToLower(word), "0123456789abcdef") == "" && strings.ContainsAny(word, "0123456789")
}

func (cmd *holdDeliveries) holdRun(ctx context.Context, c call) error {
	return c.withDatabase(ctx, changing, func(_ config.Config, s *store.Store) error {
		id, err := runNamed(ctx, s, cmd.What[0])
		if err != nil {
			return hinted{err, "griot deliveries lists the runs; a reason to hold all begins with a word"}
		}
		was, err := s.HoldRun(ctx, id, strings.Join(cmd.What[1:], " "), commands.Editor{}, c.now())
		if err != nil {
			return err
		}
		said := "Run %s is held: nothing more of it is sent until griot deliveries release %[1]s.\n"
		if !was {
			said = "Run %s is held already.\n"
		}
		_, err = fmt.Fprintf(c.stdout, said, id[:min(len(id), 8)])
		return err
	})
}

type releaseDeliveries struct {
	Run string `arg:"" optional:"" help:"Id of a run that is held, or its beginning; without one, the hold of all ends."`
}

func (cmd *releaseDeliveries) releaseRun(ctx context.Context, c call) error {
	return c.withDatabase(ctx, changing, func(_ config.Config, s *store.Store) error {
		id, err := runNamed(ctx, s, cmd.Run)
		if err != nil {
			return err
		}
		was, err := s.ReleaseRun(ctx, id, commands.Editor{}, c.now())
		if err != nil {
			return err
		}
		said := "Run %s goes on, within 15 seconds. What is too late is not sent, and said so.\n"
		if !was {
			said = "Run %s was not held.\n"
		}
		if _, err = fmt.Fprintf(c.stdout, said, id[:min(len(id), 8)]); err != nil {
			return err
		}
		reason, since, err := s.Paused(ctx)
		(&deliverySheet{w: c.stdout}).held(reason, since)
		return err
	})
}

func (cmd *releaseDeliveries) run(ctx context.Context, c call) error {
	if cmd.Run != "" {
		return cmd.releaseRun(ctx, c)
	}
	return c.withDatabase(ctx, changing, func(cfg config.Config, s *store.Store) error {
		was, err := s.Release(ctx)
		if err != nil {
			return err
		}
		states, err := s.States(ctx)
		if err != nil {
			return err
		}
		waiting := states[string(store.Planned)] + states[string(store.Retry)]
		said := "Deliveries were not held.\n"
		if was {
			said = fmt.Sprintf("Deliveries go again: %s waiting. What is more than %s late is skipped, and said so.\n", count(waiting, "message"), duration(cfg.Delivery.Deadline))
		}
		_, err = fmt.Fprint(c.stdout, said)
		return err
	})
}
