package store

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"griot/briefings"
	"griot/commands"
)

// orphans are rows that point to nothing, or that nothing points to, by what
// they are; each statement counts some.
var orphans = map[string]string{
	"posts that say nothing":          `SELECT COUNT(*) FROM post WHERE NOT EXISTS (SELECT 1 FROM said WHERE said.id = post.said)`,
	"sayings nobody says":             `SELECT COUNT(*) FROM said WHERE NOT EXISTS (SELECT 1 FROM post WHERE post.said = said.id) AND NOT EXISTS (SELECT 1 FROM message WHERE message.said = said.id)`,
	"items of no saying":              `SELECT COUNT(*) FROM said_item WHERE NOT EXISTS (SELECT 1 FROM said WHERE said.id = said_item.said)`,
	"sayings of no item":              `SELECT COUNT(*) FROM said WHERE NOT EXISTS (SELECT 1 FROM said_item WHERE said_item.said = said.id)`,
	"messages that say what is gone":  `SELECT COUNT(*) FROM message WHERE said <> '' AND NOT EXISTS (SELECT 1 FROM said WHERE said.id = message.said)`,
	"messages of no run":              `SELECT COUNT(*) FROM message WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.id = message.run)`,
	"deliveries of no run":            `SELECT COUNT(*) FROM delivery WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.id = delivery.run)`,
	"deliveries of no content":        `SELECT COUNT(*) FROM delivery WHERE NOT EXISTS (SELECT 1 FROM message WHERE message.run = delivery.run AND message.kind = delivery.kind)`,
	"messages of pins that are none":  `SELECT COUNT(*) FROM pin WHERE ref <> '' AND NOT EXISTS (SELECT 1 FROM post WHERE post.platform = pin.platform AND post.chat = pin.chat AND post.ref = pin.ref)`,
	"fixes of no run":                 `SELECT COUNT(*) FROM fix WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.id = fix.run)`,
	"runs of edits that edit nothing": `SELECT COUNT(*) FROM run WHERE run_key LIKE 'correction|%' AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.run = run.id)`,
}

// TestNoOrphans: whatever is recorded, corrected, moved, forgotten and swept,
// in whatever order, no row is left that points to nothing or that nothing
// points to; and in the end nothing is left of places that were forgotten.
func TestNoOrphans(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		runs := 0
		rapid.Check(t, func(t *rapid.T) {
			if runs++; runs > 25 { // each takes many commits
				return
			}
			noOrphans(t, s, fmt.Sprint(runs))
		})
	})
}

func noOrphans(t *rapid.T, s *Store, name string) {
	ctx, now := t.Context(), noon
	item := func(i int) briefings.ID { return briefings.ID("event:" + name + "-" + fmt.Sprint(i)) }
	hash := func(i, n int) string { return fmt.Sprint(item(i), n) }
	version := map[int]int{0: 1, 1: 1, 2: 1}
	see := func() {
		revs := map[briefings.ID]briefings.Revision{}
		for i, n := range version {
			if n > 0 {
				revs[item(i)] = briefings.Revision{Hash: hash(i, n), Corrected: n - 1}
			}
		}
		if _, err := s.SeePack(ctx, publication(revs), now); err != nil {
			t.Fatal(err)
		}
	}
	see()
	place := func() commands.Destination {
		return commands.Destination{Platform: commands.Telegram, Chat: "-" + fmt.Sprint(rapid.IntRange(1, 4).Draw(t, "chat")), Thread: rapid.SampledFrom([]string{"", "7"}).Draw(t, "thread")}
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for step := range rapid.IntRange(5, 30).Draw(t, "steps") {
		now = now.Add(time.Hour)
		i := rapid.IntRange(0, 2).Draw(t, "item")
		switch rapid.SampledFrom([]string{"record", "record", "correct", "plan", "send", "move", "forget", "sweep", "pin", "pin", "unpin"}).Draw(t, "step") {
		case "record":
			to, ref := place(), fmt.Sprint(rapid.IntRange(1, 6).Draw(t, "ref"))
			must(s.Record(ctx, []Post{{To: to, Bundle: "answer/" + ref, Ref: ref, Kind: "k", Purpose: Answer}}, Saying{Lang: "en", Request: fmt.Sprint(i), Items: []SaidItem{{ID: item(i), Hash: hash(i, version[i])}}}, now))
		case "correct":
			version[i] = rapid.IntRange(0, version[i]+1).Draw(t, "version")
			see()
		case "plan":
			stale, err := s.Stale(ctx, []commands.Platform{commands.Telegram}, time.Time{}, 50)
			must(err)
			for j, p := range stale {
				id := fmt.Sprint(name, "-", step, "-", j)
				must(s.AddEdits(ctx, Edits{
					Run: Run{ID: id, Key: FixKey(id), End: p.Seen}, Kind: p.Kind, Parts: []string{"{}"}, Fixes: []SaidItem{{ID: item(i), N: 2}},
					Says: Saying{Lang: "en", Request: "fixed", Items: []SaidItem{{ID: item(0), N: 9}, {ID: item(1), N: 9}, {ID: item(2), N: 9}}}, Expires: now.Add(time.Hour),
				}, []Stale{p}, []Owed{{To: p.To, Kind: "k", Lang: "en", ID: item(i), N: 2, First: 1}}, now))
			}
		case "send":
			list, err := s.Claim(ctx, commands.Telegram, "me", now, now.Add(time.Minute), 3)
			must(err)
			for _, d := range list {
				must(s.Finish(ctx, d, "me", rapid.SampledFrom([]Outcome{{State: Sent, Ref: d.sentAs(step)}, {State: Sent, Ref: d.sentAs(step)}, {State: Dead, Cause: "lost"}, {State: Dead, Cause: "gone"}, {State: Retry, NotBefore: now}}).Draw(t, "outcome"), now))
			}
		case "pin":
			_, err := s.AddPin(ctx, Pin{Pin: commands.Pin{To: place(), Topic: "reef", Lang: "en"}, Kind: "k"}, now)
			must(err)
			groups, err := s.PinGroups(ctx, []commands.Platform{commands.Telegram}, now)
			must(err)
			for j, g := range groups {
				due, err := s.PinsDue(ctx, g, fmt.Sprint(step), now, now, 50)
				must(err)
				if len(due) > 0 {
					id := fmt.Sprint(name, "-pin-", step, "-", j)
					must(s.PlanPins(ctx, Edits{
						Run: Run{ID: id, Key: PinKey(id), End: now}, Kind: g.Kind, Parts: []string{"{}"}, Fixes: []SaidItem{{ID: item(i), N: 2}},
						Says: Saying{Lang: "en", Request: "pin", Items: []SaidItem{{ID: item(0), N: 9}}}, Expires: now.Add(time.Hour),
					}, fmt.Sprint(step), due, now))
				}
			}
		case "unpin":
			id := fmt.Sprint(name, "-unpin-", step)
			if rapid.Bool().Draw(t, "again") {
				_, err := s.PinAgain(ctx, place(), "reef", Run{ID: id, Key: PinKey(id), End: now}, now.Add(time.Hour), now)
				must(err)
			} else {
				_, _, err := s.RemovePin(ctx, place(), "reef", Run{ID: id, Key: PinKey(id), End: now}, now.Add(time.Hour), now)
				must(err)
			}
		case "move":
			must(s.Moved(ctx, place(), place()))
		case "forget":
			_, err := s.Forget(ctx, place())
			must(err)
		case "sweep":
			must(s.Sweep(ctx, now.Add(-time.Duration(rapid.IntRange(0, 10).Draw(t, "hours"))*time.Hour)))
		}
		must(s.Sweep(ctx, time.Unix(0, 0))) // runs only what tidies
		for what, count := range orphans {
			var n int
			if must(s.read.QueryRowContext(ctx, count).Scan(&n)); n > 0 && !(what == "sayings nobody says") {
				t.Fatalf("%d %s", n, what)
			}
		}
	}
	for chat := 1; chat <= 4; chat++ {
		for _, thread := range []string{"", "7"} {
			_, err := s.Forget(ctx, commands.Destination{Platform: commands.Telegram, Chat: "-" + fmt.Sprint(chat), Thread: thread})
			must(err)
		}
	}
	for _, table := range []string{"post", "said", "said_item", "fix", "owed", "pin", "delivery", "message", "run"} {
		var n int
		if must(s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n)); n > 0 {
			t.Fatalf("%d rows of %s are left although all was forgotten", n, table)
		}
	}
}

// sentAs is the id of the message that a delivery became or edited.
func (d *Delivery) sentAs(step int) string {
	if d.Edits != "" {
		return d.Edits
	}
	return fmt.Sprint("sent", step, d.To.Chat, d.To.Thread)
}
