package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"griot/bot/delivery"
	"griot/bot/store"
	"griot/commands"
	"griot/config"
)

type deliveriesCmd struct {
	Show    showDeliveries    `cmd:"" default:"withargs" help:"List runs, newest first, or every delivery of one."`
	Retry   retryDeliveries   `cmd:"" help:"Send only what is missing of a run."`
	Hold    holdDeliveries    `cmd:"" help:"Hold all deliveries, or those of one run."`
	Release releaseDeliveries `cmd:"" help:"Let held deliveries go, all or those of one run."`
}

type showDeliveries struct {
	Run     string `arg:"" optional:"" help:"Id of a run, or its beginning; without one, all runs are listed."`
	Last    int    `default:"20" help:"How many runs to list; 0 for all."`
	Missing bool   `help:"Only what is missing."`
	JSON    bool   `help:"One JSON object a line."`
}

// Help is the same with and without show.
func (deliveriesCmd) Help() string { return showDeliveries{}.Help() }

func (showDeliveries) Help() string {
	return `A part is planned, claimed, started, retry (again later), sent, unknown (it may have arrived), skipped (on purpose), dead (it cannot arrive) or expired (too late).
A run is finished when none of its parts is one of the first four. Missing is what is dead, expired or unknown, and what stands behind it.
--json, a run: run, purpose, slot, zone, lang, topics, planned_at, finished, held, places, parts (by state), missing (places).
--json, a delivery: run, platform, chat, thread, part, purpose, state, attempts, reason, message, link, next_try, expires.`
}

func (cmd *showDeliveries) run(ctx context.Context, c call) error {
	if cmd.Last < 0 {
		return misuse{hinted{fmt.Errorf("--last is %d", cmd.Last), "write a number; 0 is all"}}
	}
	return c.withDatabase(ctx, reading, func(cfg config.Config, s *store.Store) error {
		service, err := c.reporter(cfg, s)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(c.stdout)
		sheet := &deliverySheet{w: out, clocks: clocks{}, json: cmd.JSON, missing: cmd.Missing}
		if cmd.Run == "" {
			err = cmd.list(ctx, service, s, sheet)
		} else {
			err = cmd.show(ctx, service, s, sheet)
		}
		return errors.Join(err, out.Flush())
	})
}

func (cmd *showDeliveries) list(ctx context.Context, service *delivery.Service, s *store.Store, sheet *deliverySheet) error {
	reason, since, err := s.Paused(ctx)
	if err != nil {
		return err
	}
	sheet.held(reason, since)
	runs, err := service.Reports(ctx, "", cmd.Last)
	if err != nil {
		return err
	}
	shown, lacking := 0, false
	for _, r := range runs {
		lacking = lacking || len(r.RunReport.Missing) > 0
		if cmd.Missing && len(r.RunReport.Missing) == 0 {
			continue
		}
		shown++
		if err := sheet.run(r); err != nil {
			return err
		}
	}
	switch {
	case lacking:
		sheet.printf("griot deliveries retry RUN sends only what is missing.\n")
	case cmd.Missing:
		sheet.printf("Nothing is missing.\n")
	case shown == 0:
		sheet.printf("No run yet: griot plan shows what comes.\n")
	}
	return nil
}

func (cmd *showDeliveries) show(ctx context.Context, service *delivery.Service, s *store.Store, sheet *deliverySheet) error {
	id, err := runNamed(ctx, s, cmd.Run)
	if err != nil {
		return err
	}
	runs, err := service.Reports(ctx, id, 1)
	if err != nil {
		return err
	}
	rows, err := service.Deliveries(ctx, id)
	if err != nil {
		return err
	}
	if len(runs) == 1 && !cmd.JSON {
		if err := sheet.run(runs[0]); err != nil {
			return err
		}
	}
	return sheet.deliveries(rows)
}

// runNamed finds a run by its id or the beginning of it.
func runNamed(ctx context.Context, s *store.Store, digits string) (string, error) {
	ids, err := s.RunsNamed(ctx, strings.ToLower(digits))
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", hinted{fmt.Errorf("there is no run %q", digits), "griot deliveries lists the runs"}
	case len(ids) > 1:
		return "", hinted{fmt.Errorf("several runs begin with %q", digits), "write more of its id; griot deliveries lists the runs"}
	}
	return ids[0], nil
}

// reporter is a service that knows where messages can be opened.
func (c call) reporter(cfg config.Config, s *store.Store) (*delivery.Service, error) {
	adapters, err := renderers(c.system)
	if err != nil {
		return nil, err
	}
	return delivery.New(delivery.Options{Store: s, Adapters: adapters, Log: c.quietLog(cfg), Now: c.now}), nil
}

type retryDeliveries struct {
	Run     string `arg:"" help:"Id of a run, or its beginning; griot deliveries lists them."`
	Unknown bool   `help:"Also what may have arrived: some may read it twice."`
}

func (retryDeliveries) Help() string {
	return `What is dead or expired, and what stands behind it, is planned anew, to be sent by a running bot at once or when it starts, within delivery.deadline.
What was sent is never sent again. What may have arrived (unknown) goes only with --unknown; on Discord it is looked for first.
A place that a later digest reached, or that wants none any more, is left alone: each with its reason.`
}

func (cmd *retryDeliveries) run(ctx context.Context, c call) error {
	return c.withDatabase(ctx, changing, func(cfg config.Config, s *store.Store) error {
		id, err := runNamed(ctx, s, cmd.Run)
		if err != nil {
			return err
		}
		back, err := c.digestsOf(cfg, s).Retry(ctx, id, cmd.Unknown)
		if err != nil {
			return err
		}
		sheet := &deliverySheet{w: c.stdout}
		sheet.putBack(id, back)
		if back.Parts == 0 {
			return nil
		}
		if runs, err := s.Reports(ctx, id, 1); err != nil {
			return err
		} else if len(runs) == 1 && !runs[0].Held.IsZero() {
			sheet.printf("Run %s is held: nothing of it is sent until griot deliveries release %[1]s.\n", id[:min(len(id), 8)])
		}
		reason, since, err := s.Paused(ctx)
		sheet.held(reason, since)
		return err
	})
}

// runLine is a run as --json prints it.
type runLine struct {
	Run       string              `json:"run"`
	Purpose   store.Purpose       `json:"purpose"`
	Slot      string              `json:"slot"` // local
	Zone      string              `json:"zone"`
	Lang      string              `json:"lang"`
	Topics    []string            `json:"topics"`
	PlannedAt string              `json:"planned_at"`
	Finished  bool                `json:"finished"`
	Held      bool                `json:"held"`
	Places    int                 `json:"places"`
	Parts     map[store.State]int `json:"parts"`
	Missing   []string            `json:"missing"`
}

// deliveryLine is a delivery as --json prints it.
type deliveryLine struct {
	Run      string            `json:"run"`
	Platform commands.Platform `json:"platform"`
	Chat     string            `json:"chat"`
	Thread   string            `json:"thread"`
	Part     int               `json:"part"` // from 1
	Purpose  store.Purpose     `json:"purpose"`
	State    store.State       `json:"state"`
	Attempts int               `json:"attempts"`
	Reason   string            `json:"reason"`
	Message  string            `json:"message"`
	Link     string            `json:"link"`
	NextTry  string            `json:"next_try"`
	Expires  string            `json:"expires"`
}

// states are all there are, so that every object has the same keys.
var states = []store.State{store.Planned, store.Claimed, store.Started, store.Retry, store.Sent, store.Unknown, store.Skipped, store.Dead, store.Expired}

func runLineOf(r delivery.RunReport) runLine {
	out := runLine{
		Run: r.ID, Purpose: r.Purpose, Slot: r.Slot, Zone: r.Zone, Lang: r.Lang, Topics: append([]string{}, r.Topics...), PlannedAt: rfc3339(r.Planned),
		Finished: r.Finished(), Held: !r.Held.IsZero(), Places: r.Places, Parts: map[store.State]int{}, Missing: []string{},
	}
	for _, state := range states {
		out.Parts[state] = r.States[state]
	}
	for _, to := range r.RunReport.Missing {
		out.Missing = append(out.Missing, to.String())
	}
	return out
}

func deliveryLineOf(d delivery.Delivered) deliveryLine {
	out := deliveryLine{
		Run: d.Run, Platform: d.To.Platform, Chat: d.To.Chat, Thread: d.To.Thread, Part: d.Part + 1, Purpose: d.Purpose, State: d.State,
		Attempts: d.Attempt, Reason: d.Err, Link: d.Link, Expires: rfc3339(d.Expires),
	}
	switch d.State {
	case store.Sent:
		out.Message = d.Ref
	case store.Planned, store.Retry:
		out.NextTry = rfc3339(d.NotBefore)
	}
	return out
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
