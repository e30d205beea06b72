package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"griot/bot/delivery"
	"griot/bot/schedule"
	"griot/bot/store"
	"griot/commands"
)

// planSheet prints coming sends for people: what goes out at one time in one
// zone under one heading, what is alike on one line, clock changes in between.
type planSheet struct {
	w       io.Writer
	clocks  clocks
	from    time.Time
	days    int
	changes []clockChange // still to print, in order

	now   time.Time
	rows  []planRow // of now, in the order they came
	index map[planRow]int
	sends map[int]*tally // by index in rows

	all map[commands.Platform]*tally
}

// planRow is what sends have in common that are printed on one line.
type planRow struct {
	zone, topics, lang, why string
	platform                commands.Platform
	slot                    time.Time
	late                    time.Duration
	shift                   schedule.Shift
}

// tally counts sends.
type tally struct {
	places, messages, longest int
	to                        commands.Destination // the last
}

func (t *tally) add(s delivery.Coming) {
	t.places++
	t.messages += s.Parts
	t.longest = max(t.longest, s.Parts)
	t.to = s.To
}

func (p *planSheet) add(s delivery.Coming) error {
	if !s.At.Equal(p.now) {
		p.flush()
		p.now, p.rows, p.index, p.sends = s.At, nil, map[planRow]int{}, map[int]*tally{}
	}
	row := planRow{s.Zone, strings.Join(s.Topics, ", "), string(s.Lang), s.Why, s.To.Platform, s.Slot, s.Late, s.Shift}
	i, ok := p.index[row]
	if !ok {
		i = len(p.rows)
		p.index[row], p.sends[i] = i, new(tally)
		p.rows = append(p.rows, row)
	}
	p.sends[i].add(s)
	if p.all == nil {
		p.all = map[commands.Platform]*tally{}
	}
	if p.all[s.To.Platform] == nil {
		p.all[s.To.Platform] = new(tally)
	}
	p.all[s.To.Platform].add(s)
	return nil
}

// flush prints what goes out at one time.
func (p *planSheet) flush() {
	if len(p.rows) == 0 {
		return
	}
	p.told(p.now)
	zones := []string{}
	for _, r := range p.rows {
		if !slices.Contains(zones, r.zone) {
			zones = append(zones, r.zone)
		}
	}
	slices.Sort(zones)
	for _, zone := range zones {
		p.printf("%s %s (%s UTC)\n", p.clocks.local(p.now, zone).Format("Mon 2 Jan 2006 15:04"), zone, p.now.UTC().Format("15:04"))
		for i, r := range p.rows {
			if r.zone == zone {
				p.row(r, p.sends[i])
			}
		}
	}
}

func (p *planSheet) row(r planRow, t *tally) {
	where := t.to.String()
	if t.places > 1 {
		where = fmt.Sprintf("%s, %d places", r.platform, t.places)
	}
	line := fmt.Sprintf("  %-32s %s  %-22s ", where, r.lang, t.takes(r.platform))
	p.printf("%s%s\n", line, fit(r.topics, sheetWidth-utf8.RuneCountInString(line)))
	switch {
	case r.why != "":
		p.printf("      nothing is sent: %s\n", r.why)
	case r.late > 0:
		p.printf("      it was due on %s and is caught up\n", p.clocks.local(r.slot, r.zone).Format("Mon 2 Jan at 15:04"))
	case r.slot.Before(p.now):
		p.printf("      it waits for the end of its quiet hours; it is due at %s\n", p.clocks.local(r.slot, r.zone).Format("15:04"))
	}
	switch r.shift {
	case schedule.Skipped:
		p.printf("      the clocks go forward: its time does not exist that day\n")
	case schedule.Repeated:
		p.printf("      the clocks go back: its time comes twice that day, the first counts\n")
	}
}

// sheetWidth is how many characters a line has.
const sheetWidth = 100

// fit lists as many topics as a line has room for.
func fit(topics string, width int) string {
	all := strings.Split(topics, ", ")
	for n := len(all); n > 1; n-- {
		s := strings.Join(all[:n], ", ")
		if n < len(all) {
			s += fmt.Sprintf(" and %d more", len(all)-n)
		}
		if len(s) <= width {
			return s
		}
	}
	if len(all) > 1 {
		return fmt.Sprintf("%s and %d more", all[0], len(all)-1)
	}
	return topics
}

func (t *tally) takes(p commands.Platform) string {
	if t.messages == 0 {
		return "no message"
	}
	return fmt.Sprintf("%s, %s", count(t.messages, "message"), duration(delivery.Takes(p, t.messages, t.longest)))
}

// end prints the rest, and what all of it comes to.
func (p *planSheet) end() {
	p.flush()
	to := p.from.Add(time.Duration(p.days) * 24 * time.Hour)
	p.told(to)
	sends, messages := 0, 0
	for _, t := range p.all {
		sends, messages = sends+t.places, messages+t.messages
	}
	p.printf("%s from %s UTC: %s, %s\n", count(p.days, "day"), p.from.UTC().Format("Mon 2 Jan 2006 15:04"), count(sends, "send"), count(messages, "message"))
	for _, platform := range []commands.Platform{commands.Discord, commands.Telegram, commands.Terminal} {
		t := p.all[platform]
		if t == nil {
			continue
		}
		p.printf("  %s: %s", platform, count(t.messages, "message"))
		if rate := delivery.Rate(platform); rate > 0 {
			p.printf(", %s at %.0f a second", duration(delivery.Takes(platform, t.messages, 1)), rate)
		}
		p.printf("\n")
	}
	if sends == 0 {
		p.printf("Nothing is due: griot subscriptions export - shows what there is.\n")
	}
}

func (p *planSheet) printf(format string, args ...any) { fmt.Fprintf(p.w, format, args...) }

// clockChange is a change of the clock of one zone.
type clockChange struct {
	schedule.Change
	zone string
}

// clockChanges are those of the zones that active subscriptions are in.
func clockChanges(ctx context.Context, s *store.Store, from, to time.Time) ([]clockChange, error) {
	zones, err := s.Zones(ctx)
	if err != nil {
		return nil, err
	}
	var out []clockChange
	for _, zone := range zones {
		loc, err := schedule.Zone(zone)
		if err != nil {
			continue // told of by the plan
		}
		for _, ch := range schedule.Changes(loc, from, to) {
			out = append(out, clockChange{ch, zone})
		}
	}
	slices.SortStableFunc(out, func(a, b clockChange) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.zone, b.zone)) })
	return out, nil
}

// told prints the clock changes up to a time.
func (p *planSheet) told(to time.Time) {
	for len(p.changes) > 0 && !p.changes[0].At.After(to) {
		c := p.changes[0]
		p.changes = p.changes[1:]
		by, way := c.After-c.Before, "forward"
		if by < 0 {
			by, way = -by, "back"
		}
		show := func(offset time.Duration) string { return c.At.UTC().Add(offset).Format("15:04") }
		p.printf("%s %s: the clocks go %s by %s, from %s to %s (%s becomes %s)\n",
			c.At.UTC().Add(c.Before).Format("Mon 2 Jan 2006"), c.zone, way, duration(by), show(c.Before), show(c.After), offsetName(c.Before), offsetName(c.After))
	}
}

// offsetName writes how far a clock is ahead of UTC: UTC+1, UTC-3:30.
func offsetName(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	s := fmt.Sprintf("UTC%s%d", sign, int(d.Hours()))
	if m := int(d.Minutes()) % 60; m != 0 {
		s += fmt.Sprintf(":%02d", m)
	}
	return s
}

// duration writes a span as people read it: 45 s, 3 min 20 s, 2 h 5 min.
func duration(d time.Duration) string {
	d = max(d.Round(time.Second), 0)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	var words []string
	for _, part := range []struct {
		n    int
		unit string
	}{{h, "h"}, {m, "min"}, {s, "s"}} {
		if part.n > 0 && len(words) < 2 {
			words = append(words, fmt.Sprintf("%d %s", part.n, part.unit))
		}
	}
	if len(words) == 0 {
		return "under 1 s"
	}
	return strings.Join(words, " ")
}

// short cuts a text to a length.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
