package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"griot/bot/adapter"
	"griot/bot/schedule"
	"griot/briefings"
	"griot/commands"
)

// witness is a platform that notes when each message arrives and what it says
// of every window.
type witness struct {
	*platform
	mu   sync.Mutex
	seen []string
}

func (w *witness) Render(_ commands.Place, r commands.Reply) ([]adapter.Part, error) {
	said := []string{r.Title}
	for _, b := range r.Blocks {
		if b.Kind == commands.Heading {
			said = append(said, b.Spans[0].Text)
		}
	}
	body, err := json.Marshal(strings.Join(said, ";"))
	return []adapter.Part{{Body: body}}, err
}

func (w *witness) Send(ctx context.Context, to commands.Destination, p adapter.Part, nonce string) (adapter.MessageRef, error) {
	var topics []string
	var lang, slot string
	for ask := range strings.SplitSeq(strings.Trim(string(p.Body), `"`), ";") {
		f := strings.Fields(ask) // reef+harbour en start..01-02T15:04
		topics, lang = append(topics, strings.Split(f[0], "+")...), f[1]
		_, slot, _ = strings.Cut(f[2], "..")
	}
	w.mu.Lock()
	w.seen = append(w.seen, record(time.Now(), to, topics, lang, slot))
	w.mu.Unlock()
	return w.platform.Send(ctx, to, p, nonce)
}

func record(at time.Time, to commands.Destination, topics []string, lang, slot string) string {
	return fmt.Sprintf("%s %s %s %s of %s", at.UTC().Format("2006-01-02T15:04:05"), to, strings.Join(topics, "+"), lang, slot)
}

// behind are the records from an instant on.
func behind(seen []string, from, to time.Time) []string {
	var out []string
	for _, s := range seen {
		if at, _, _ := strings.Cut(s, " "); at >= from.UTC().Format("2006-01-02T15:04:05") && at < to.UTC().Format("2006-01-02T15:04:05") {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

// foretold is what the plan says of a span.
func (h *house) foretold(from, to time.Time) []string {
	h.t.Helper()
	s := New(Options{Store: h.store, Adapters: h.Adapters, Digest: h.Digest})
	var out []string
	last := time.Time{}
	err := s.Coming(context.Background(), from, to, func(c Coming) error {
		if c.At.Before(last) {
			h.t.Errorf("%s is told after %s", c.At, last)
		}
		last = c.At
		out = append(out, record(c.At, c.To, c.Topics, string(c.Lang), c.Slot.Format("01-02T15:04")))
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// anySub draws a subscription of a few places and zones, so that they meet.
func anySub(r *rand.Rand, zones []string) commands.Subscription {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	s := sub(commands.Telegram, pick("1", "2", "-3"))
	for _, topic := range []string{"reef", "harbour", "storm"} {
		if r.IntN(2) == 0 {
			s.Topics = append(s.Topics, topic)
		}
	}
	if len(s.Topics) == 0 {
		s.Topics = []string{"reef"}
	}
	clock := pick("00:00", "00:30", "01:45", "02:15", "02:30", "03:00", "07:00", "23:30")
	s.Schedule = commands.Schedule(pick("daily "+clock, "daily "+clock, "weekdays "+clock, "weekly sun "+clock, "weekly sat "+clock, "cron 30 */6 * * *", "cron 0 1-4 * * *"))
	s.Zone, s.QuietHours = zones[r.IntN(len(zones))], pick("", "", "22:00-07:00", "01:00-03:00", "02:30-02:45")
	if r.IntN(2) == 0 {
		s.Lang = briefings.FR
	}
	return s
}

// TestPlanForetellsThePlanner lets the planner run over clock changes and
// compares what arrived, and when, with what the plan had said, before, and
// after a downtime that is caught up.
func TestPlanForetellsThePlanner(t *testing.T) {
	springs := []struct {
		day   string
		zones []string
	}{
		{"2000-03-24", []string{"Europe/Paris", "UTC", "Australia/Lord_Howe"}},
		{"2000-10-27", []string{"Europe/Paris", "America/New_York"}},
		{"2000-03-31", []string{"America/New_York", "Africa/Bamako"}},
		{"2000-03-10", []string{"America/Santiago", "UTC"}},
		{"2000-10-13", []string{"America/Santiago", "Pacific/Chatham"}},
		{"2000-04-26", []string{"Africa/Cairo", "Asia/Kathmandu"}},
		{"2000-08-25", []string{"Australia/Lord_Howe", "Africa/Casablanca"}},
		{"2000-09-19", []string{"Asia/Tehran", "Asia/Beirut"}},
	}
	for i, spring := range springs {
		for seed := range uint64(1) {
			t.Run(fmt.Sprint(spring.day, " ", seed), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(i), seed))
					start, err := time.Parse("2006-01-02", spring.day)
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Until(start) + time.Duration(r.IntN(86400))*time.Second)
					h := newHouse(t, commands.Telegram)
					w := &witness{platform: h.out}
					open := func() {
						h.Adapters[commands.Telegram] = w
						h.at = func(step string) {
							if step == "finished" { // no need to look every 15 seconds for whom that frees
								h.Wake()
							}
						}
					}
					open()
					for range 7 {
						h.subscribe(anySub(r, spring.zones))
						time.Sleep(time.Minute)
					}
					now, end := time.Now(), start.AddDate(0, 0, 7)
					some := now.Add(time.Duration(r.IntN(3*86400)) * time.Second).Truncate(time.Hour)
					first, later := h.foretold(time.Time{}, end), h.foretold(some, end)
					h.run()
					time.Sleep(time.Until(start.AddDate(0, 0, 4)))
					h.halt()
					time.Sleep(time.Duration(r.IntN(36)) * time.Hour)
					h.open()
					open()
					again, caught := h.foretold(time.Time{}, end), time.Now()
					h.run()
					time.Sleep(time.Until(end))
					synctest.Wait()
					h.halt()
					down := start.AddDate(0, 0, 4)
					same(t, "before", behind(first, now, down), behind(w.seen, now, down))
					same(t, "from then on", behind(later, some, down), behind(w.seen, some, down))
					same(t, "after the downtime", again, behind(w.seen, caught, end))
				})
			})
		}
	}
}

func same(t *testing.T, when string, told, got []string) {
	t.Helper()
	if strings.Join(told, "\n") != strings.Join(got, "\n") {
		t.Errorf("%s the plan told\n %s\nand these arrived\n %s", when, strings.Join(told, "\n "), strings.Join(got, "\n "))
	}
}

// TestPlanFromAnyTime: a span in the past or the future is told as the
// schedules have it, its beginning included and its end not.
func TestPlanFromAnyTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		s := sub(commands.Telegram, "1", "reef")
		s.Zone, s.Schedule = "Europe/Paris", "daily 02:30"
		h.subscribe(s)
		paused := h.subscribe(sub(commands.Telegram, "2", "reef"))
		if ok, err := h.Pause(context.Background(), paused.To, paused.ID, true); !ok || err != nil {
			t.Fatal(ok, err)
		}
		var got []string
		for _, from := range []string{"2026-03-28T01:30:00Z", "1999-10-31T00:30:00Z"} {
			at, err := time.Parse(time.RFC3339, from)
			if err != nil {
				t.Fatal(err)
			}
			err = h.Coming(context.Background(), at, at.Add(48*time.Hour), func(c Coming) error {
				got = append(got, c.At.Format(time.RFC3339)+" "+string(c.Shift))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		same(t, "from any time", []string{
			"2026-03-28T01:30:00Z ", "2026-03-29T01:00:00Z " + string(schedule.Skipped), "2026-03-30T00:30:00Z ",
			"1999-10-31T00:30:00Z " + string(schedule.Repeated), "1999-11-01T01:30:00Z ",
		}, got)
		h.halt()
	})
}

// TestPartsAreOfTodaysContent: a first digest is as long as the state of
// affairs, a later one as what is known by now; what nobody knows is one message.
func TestPartsAreOfTodaysContent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		h := newHouse(t, commands.Telegram)
		h.out.parts = 3
		start := time.Now()
		h.said = func(s commands.Subscription, w commands.Window) (string, error) {
			if s.Topics[0] == "storm" || w.From.After(start) || w.To.Before(start) { // what is to come changed nothing yet
				return "", commands.ErrQuiet
			}
			return "", nil
		}
		h.subscribe(sub(commands.Telegram, "1", "reef"))
		time.Sleep(time.Second)
		h.subscribe(sub(commands.Telegram, "2", "storm"))
		old := h.subscribe(sub(commands.Telegram, "3", "reef"))
		old.Last, old.To.Chat = start.Add(-time.Hour), "4"
		if _, _, err := h.store.AddSubscription(context.Background(), old, old.Next); err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			h.subscribe(sub(commands.Telegram, fmt.Sprint(100+i), "reef"))
		}
		var got []string
		before := len(h.asked())
		_, renders := h.out.count()
		err := h.Coming(context.Background(), time.Time{}, start.Add(60*time.Hour), func(c Coming) error {
			if len(c.To.Chat) < 3 {
				got = append(got, fmt.Sprintf("%s %s %d %s", c.At.Format("02"), c.To.Chat, c.Parts, c.Why))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "", []string{
			"01 1 3 ", "01 2 0 none of its topics is published", "01 3 3 ", "01 4 3 ",
			"02 1 1 ", "02 2 0 none of its topics is published", "02 3 1 ", "02 4 1 ",
			"03 1 1 ", "03 2 0 none of its topics is published", "03 3 1 ", "03 4 1 ",
		}, got)
		if asks := h.asked()[before:]; len(asks) > 8 {
			t.Errorf("asked %d times: %q, want once for what is alike", len(asks), asks)
		}
		if _, n := h.out.count(); n-renders != 2 {
			t.Errorf("laid out %d times, want once for those at their first digest and once for the other", n-renders)
		}
		err = h.Coming(context.Background(), start.Add(-48*time.Hour), start, func(c Coming) error {
			if c.To.Chat == "4" && c.Parts != 3 && c.At.Day() == 30 {
				t.Errorf("%s: %d messages, want today's content in a span that is past", c.At, c.Parts)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.halt()
	})
}
