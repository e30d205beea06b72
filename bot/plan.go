package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord"
	"griot/bot/adapter/telegram"
	"griot/bot/delivery"
	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
	"griot/config"
)

type planCmd struct {
	From string `placeholder:"TIME" help:"Begin then, such as 2026-10-24T00:00:00Z; now."`
	Days int    `default:"14" help:"How many days of 24 hours."`
	JSON bool   `help:"One JSON object a line."`
}

func (planCmd) Help() string {
	return `Every coming send of every active subscription, merged, delayed by quiet hours and moved by clock changes as the bot will do it.
From now, what is late is caught up; from any other time, schedules are taken as if they had always run.
Messages are counted from today's content. What nobody knows yet counts as one message, though a quiet day may send none.
--json: at (UTC), local, zone, platform, chat, thread, topics, parts; sorted by at.`
}

// maxPlan is the longest span told, in days.
const maxPlan = 3660

func (cmd *planCmd) run(ctx context.Context, c call) error {
	from, to, err := cmd.span(c.now())
	if err != nil {
		return err
	}
	return c.withDatabase(ctx, reading, func(cfg config.Config, s *store.Store) error {
		service, err := c.foreteller(cfg, s)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(c.stdout)
		if cmd.JSON {
			clocks := clocks{}
			err = service.Coming(ctx, from, to, func(send delivery.Coming) error {
				return jsonLine(out, lineOf(send, clocks.local(send.At, send.Zone)))
			})
			return errors.Join(err, out.Flush())
		}
		begin := from
		if begin.IsZero() {
			begin = c.now()
		}
		reason, since, err := s.Paused(ctx)
		if err != nil {
			return err
		}
		(&deliverySheet{w: out}).held(reason, since)
		changes, err := clockChanges(ctx, s, begin, to)
		if err != nil {
			return err
		}
		sheet := &planSheet{w: out, clocks: clocks{}, from: begin, days: cmd.Days, changes: changes}
		if err := service.Coming(ctx, from, to, sheet.add); err != nil {
			return err
		}
		sheet.end()
		return out.Flush()
	})
}

// span reads the options; a zero from is now.
func (cmd *planCmd) span(now time.Time) (from, to time.Time, err error) {
	if cmd.Days < 1 || cmd.Days > maxPlan {
		return from, to, misuse{hinted{fmt.Errorf("--days is %d", cmd.Days), fmt.Sprintf("write a number from 1 to %d", maxPlan)}}
	}
	begin := now
	if cmd.From != "" {
		from, err = time.Parse(time.RFC3339, cmd.From)
		if err != nil {
			from, err = time.Parse(time.DateOnly, cmd.From)
		}
		if err != nil {
			return from, to, misuse{hinted{fmt.Errorf("--from %q is not a time", cmd.From), "write it like 2026-10-24T00:00:00Z, or 2026-10-24 for its beginning in UTC"}}
		}
		begin = from
	}
	return from, begin.Add(time.Duration(cmd.Days) * 24 * time.Hour), nil
}

// foreteller is a service that knows the content and every platform's layout,
// and reaches nobody.
func (c call) foreteller(cfg config.Config, s *store.Store) (*delivery.Service, error) {
	x, err := c.index(cfg)
	if err != nil {
		return nil, err
	}
	live := new(briefings.Live)
	live.Swap(x)
	core := commands.New(commands.Options{Live: live, Changes: s, Version: version(), Log: c.quietLog(cfg), Now: c.now})
	adapters, err := renderers(c.system)
	if err != nil {
		return nil, err
	}
	return delivery.New(delivery.Options{Store: s, Adapters: adapters, Digest: core.Digest, Log: c.quietLog(cfg), Now: c.now, Deadline: cfg.Delivery.Deadline, Editors: editorsOf(cfg), First: cfg.EditorsFirst}), nil
}

// renderers are adapters that lay digests out and reach nobody.
func renderers(sys system) (map[commands.Platform]adapter.Adapter, error) {
	d, errD := discord.New(discord.Options{Token: "0"})
	t, errT := telegram.New(telegram.Options{Token: "0:0"})
	if err := errors.Join(errD, errT); err != nil {
		return nil, err
	}
	return map[commands.Platform]adapter.Adapter{commands.Discord: d, commands.Telegram: t, commands.Terminal: newTerminal(sys)}, nil
}

// sendLine is a coming send as --json prints it.
type sendLine struct {
	At       string            `json:"at"`
	Local    string            `json:"local"`
	Zone     string            `json:"zone"`
	Platform commands.Platform `json:"platform"`
	Chat     string            `json:"chat"`
	Thread   string            `json:"thread"`
	Topics   []string          `json:"topics"`
	Parts    int               `json:"parts"`
}

func lineOf(s delivery.Coming, local time.Time) sendLine {
	return sendLine{
		At: s.At.UTC().Format(time.RFC3339), Local: local.Format("2006-01-02T15:04:05-07:00"), Zone: s.Zone,
		Platform: s.To.Platform, Chat: s.To.Chat, Thread: s.To.Thread, Topics: s.Topics, Parts: s.Parts,
	}
}

// clocks are those of zones, read once each.
type clocks map[string]*time.Location

// local is what the clock of a zone shows.
func (c clocks) local(at time.Time, zone string) time.Time {
	loc, ok := c[zone]
	if !ok {
		var err error
		if loc, err = time.LoadLocation(zone); err != nil { // nothing is due in a zone that is none
			loc = time.UTC
		}
		c[zone] = loc
	}
	return at.In(loc)
}
