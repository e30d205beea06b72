package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
	"griot/config"
)

type correctionsCmd struct {
	ID   string `arg:"" optional:"" help:"Id of an item, such as event:2024-09-17-bamako-attack; without one, all corrections are listed."`
	Last int    `default:"20" help:"How many to list; 0 for all."`
	JSON bool   `help:"One JSON object a line."`
}

func (correctionsCmd) Help() string {
	return `A message is edited, waiting, passed (it said something else before its turn) or not reachable, because it is lost (deleted, or not to be edited any more), its chat or thread is gone, the bot is forbidden to, it stands outside (an answer where the bot is not a member), it expired (3 days of tries), its layout does not fit what stands, or it was refused (both faults of griot).
--json, a correction: item, n, kind (corrected, retracted, or new: put back), seen, title, edited, waiting, passed, unreachable (by cause).
--json with an id, then each message not reached: item, n, platform, chat, thread, message, cause, reason.`
}

// correctionLine is a correction as JSON.
type correctionLine struct {
	Item        briefings.ID        `json:"item"`
	N           int                 `json:"n"`
	Kind        commands.ChangeKind `json:"kind"`
	Seen        string              `json:"seen"`
	Title       string              `json:"title"`
	Edited      int                 `json:"edited"`
	Waiting     int                 `json:"waiting"`
	Passed      int                 `json:"passed"`
	Unreachable map[string]int      `json:"unreachable"`
}

// missedLine is a message that a correction did not reach, as JSON.
type missedLine struct {
	Item     briefings.ID      `json:"item"`
	N        int               `json:"n"`
	Platform commands.Platform `json:"platform"`
	Chat     string            `json:"chat"`
	Thread   string            `json:"thread"`
	Message  string            `json:"message"`
	Cause    string            `json:"cause"`
	Reason   string            `json:"reason"`
}

func (cmd *correctionsCmd) run(ctx context.Context, c call) error {
	if cmd.Last < 0 {
		return misuse{hinted{fmt.Errorf("--last is %d", cmd.Last), "write a number; 0 is all"}}
	}
	return c.withDatabase(ctx, reading, func(_ config.Config, s *store.Store) error {
		out := bufio.NewWriter(c.stdout)
		return errors.Join(cmd.show(ctx, s, out), out.Flush())
	})
}

func (cmd *correctionsCmd) show(ctx context.Context, s *store.Store, out io.Writer) error {
	list, err := s.Corrections(ctx, briefings.ID(cmd.ID), cmd.Last)
	if err != nil {
		return err
	}
	if len(list) == 0 && cmd.ID != "" {
		return hinted{fmt.Errorf("nothing was corrected or withdrawn under %q", cmd.ID), "griot corrections lists all, with their ids"}
	}
	if len(list) == 0 && !cmd.JSON {
		fmt.Fprintln(out, "Nothing was corrected or withdrawn yet.")
	}
	for _, k := range list {
		if err := cmd.one(out, k); err != nil {
			return err
		}
	}
	if cmd.ID == "" {
		return nil
	}
	missed, err := s.Unreached(ctx, briefings.ID(cmd.ID))
	if err != nil {
		return err
	}
	for _, m := range missed {
		if cmd.JSON {
			err = jsonLine(out, missedLine{briefings.ID(cmd.ID), m.N, m.To.Platform, m.To.Chat, m.To.Thread, m.Ref, m.Cause, m.Err})
		} else {
			_, err = fmt.Fprintf(out, "  %s  message %s  %s%s\n", m.To, m.Ref, m.Cause, because(m.Err))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// one prints a correction and how far it is.
func (cmd *correctionsCmd) one(out io.Writer, k store.Corrected) error {
	if cmd.JSON {
		return jsonLine(out, correctionLine{k.ID, k.N, k.Kind, rfc3339(k.Seen), k.Title.EN, k.Edited, k.Waiting, k.Passed, k.Unreachable})
	}
	var far []string
	add := func(n int, what string) {
		if n > 0 {
			far = append(far, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(k.Edited, "edited")
	add(k.Waiting, "waiting")
	add(k.Passed, "passed")
	for _, cause := range slices.Sorted(maps.Keys(k.Unreachable)) {
		add(k.Unreachable[cause], "not reachable ("+cause+")")
	}
	if len(far) == 0 {
		far = []string{"no message shows it"}
	}
	kind := string(k.Kind)
	if k.Kind == commands.Added {
		kind = "put back"
	}
	_, err := fmt.Fprintf(out, "%s  %s  %s UTC\n  %s\n  %s\n", k.ID, kind, k.Seen.UTC().Format("2 Jan 2006 15:04"), k.Title.EN, strings.Join(far, ", "))
	return err
}
