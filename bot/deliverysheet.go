package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"griot/bot/delivery"
	"griot/bot/store"
)

// deliverySheet prints runs and their deliveries, for people or as JSON lines.
type deliverySheet struct {
	w       io.Writer
	clocks  clocks
	json    bool
	missing bool // of deliveries only what is missing
}

func (p *deliverySheet) printf(format string, args ...any) {
	if !p.json {
		fmt.Fprintf(p.w, format, args...)
	}
}

// held tells that all deliveries are held, if they are.
func (p *deliverySheet) held(reason string, since time.Time) {
	if since.IsZero() {
		return
	}
	p.printf("Deliveries are held since %s UTC%s.\nNothing is sent until griot deliveries release.\n", since.UTC().Format("Mon 2 Jan 2006 15:04"), because(reason))
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.TrimRight(reason, ".")
}

// run prints what became of a run.
func (p *deliverySheet) run(r delivery.RunReport) error {
	if p.json {
		return jsonLine(p.w, runLineOf(r))
	}
	head := fmt.Sprintf("%s  %s  %s  ", r.ID, p.when(r), r.Lang)
	p.printf("%s%s\n", head, fit(what(r), max(sheetWidth-utf8.RuneCountInString(head), 20)))
	var counts []string
	for _, state := range states {
		if n := r.States[state]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, state))
		}
	}
	state := "under way"
	if r.Finished() {
		state = "finished"
	} else if !r.Held.IsZero() {
		state = "held since " + r.Held.UTC().Format("Mon 2 Jan 2006 15:04") + " UTC" + because(r.Why)
	}
	p.printf("  %s, %s: %s\n", state, count(r.Places, "place"), strings.Join(counts, ", "))
	p.lacks(r)
	return nil
}

// when is the local time a run is of.
func (p *deliverySheet) when(r delivery.RunReport) string {
	slot, err := time.Parse("2006-01-02T15:04", r.Slot)
	if err != nil { // one that no schedule asked for
		return p.clocks.local(r.Planned, r.Zone).Format("Mon 2 Jan 2006 15:04") + " " + r.Zone
	}
	return slot.Format("Mon 2 Jan 2006 15:04") + " " + r.Zone
}

// what says what a run is about.
func what(r delivery.RunReport) string {
	switch {
	case r.Purpose == store.Desk:
		return "a card at the editors' place"
	case r.Purpose == store.Notice:
		return "a notice about a digest"
	case r.Purpose == store.Correction:
		return "a correction of what stands"
	case r.Purpose == store.PinText:
		return "pin of " + strings.Join(r.Topics, ", ")
	case r.Purpose.Acts():
		return string(r.Purpose) + " " + strings.Join(r.Topics, ", ")
	case len(r.Topics) == 0:
		return "too late, skipped"
	case r.Asked:
		return strings.Join(r.Topics, ", ") + " (asked for)"
	}
	return strings.Join(r.Topics, ", ")
}

// lacks tells who is missing.
func (p *deliverySheet) lacks(r delivery.RunReport) {
	const most = 3
	places := r.RunReport.Missing
	if len(places) == 0 {
		return
	}
	var names []string
	for _, to := range places[:min(most, len(places))] {
		names = append(names, to.String())
	}
	more := ""
	if n := len(places) - most; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	p.printf("  missing: %s%s\n", strings.Join(names, ", "), more)
}

// isMissing reports whether a delivery is.
func isMissing(d delivery.Delivered) bool {
	switch d.State {
	case store.Dead, store.Expired, store.Unknown:
		return true
	}
	return d.State == store.Skipped && d.Err == store.BehindLost
}

func (p *deliverySheet) deliveries(rows []delivery.Delivered) error {
	for _, d := range rows {
		if p.missing && !isMissing(d) {
			continue
		}
		if p.json {
			if err := jsonLine(p.w, deliveryLineOf(d)); err != nil {
				return err
			}
			continue
		}
		head := fmt.Sprintf("  %-32s part %d  %-8s ", d.To, d.Part+1, d.State)
		why := fate(d)
		if utf8.RuneCountInString(head)+utf8.RuneCountInString(why) > sheetWidth {
			head, why = strings.TrimRight(head, " ")+"\n      ", short(why, sheetWidth-6)
		}
		p.printf("%s\n", strings.TrimRight(head+why, " "))
	}
	return nil
}

// fate says in a few words what became of a delivery.
func fate(d delivery.Delivered) string {
	var words []string
	switch {
	case d.Link != "":
		words = append(words, d.Link)
	case d.State == store.Sent && d.Ref != "":
		words = append(words, "message "+d.Ref)
	}
	if d.State == store.Planned || d.State == store.Retry {
		words = append(words, "not before "+d.NotBefore.UTC().Format("2 Jan 15:04:05")+" UTC")
	}
	if n := d.Attempt; n > 1 || n == 1 && d.State != store.Sent {
		words = append(words, strings.Replace(count(n, "try"), "trys", "tries", 1))
	}
	if d.Err != "" {
		words = append(words, d.Err)
	}
	return strings.Join(words, "; ")
}

// putBack tells what was put back, and what was not.
func (p *deliverySheet) putBack(run string, back store.PutBack) {
	switch {
	case back.Parts > 0:
		p.printf("%s to %s planned anew. The bot sends them now, or when it starts.\n", count(back.Parts, "message"), count(back.Places, "place"))
	case len(back.Left) == 0:
		p.printf("Nothing is missing in run %s.\n", run)
	default:
		p.printf("Nothing was put back.\n")
	}
	doubt := false
	for _, l := range back.Left {
		p.printf("  %-32s is left: %s\n", l.To, l.Why)
		doubt = doubt || l.Why == store.LeftDoubt
	}
	if doubt {
		p.printf("What may have arrived goes with --unknown; some may then read it twice.\n")
	}
}
