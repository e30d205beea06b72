package telegram_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/adaptertest"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
)

// crew is bots of one token, each as one process of a fleet.
type crew struct {
	s       *telegramtest.Server
	fleet   *adaptertest.Fleet
	process map[string]*adaptertest.Process
	bots    map[string]*bot
	stop    map[string]func()
}

// newCrew runs a bot for each name, on the same notes.
func newCrew(t *testing.T, names ...string) *crew {
	t.Helper()
	c := &crew{
		s: telegramtest.New(t), fleet: adaptertest.NewFleet(),
		process: map[string]*adaptertest.Process{}, bots: map[string]*bot{}, stop: map[string]func(){},
	}
	shared := &notes{}
	for _, name := range names {
		c.process[name] = c.fleet.Join(name)
		c.bots[name] = newBot(t, c.s, func(o *telegram.Options) {
			o.APIURL, o.Fleet, o.Notes = c.s.URLFor(name), c.process[name], shared
		})
		c.bots[name].notes = shared
		c.stop[name] = c.bots[name].run(t)
	}
	return c
}

// answered waits for the answer to the last question and wants one to each.
func (c *crew) answered(t *testing.T, asked ...string) {
	t.Helper()
	got := answers(t, c.s, amina.ID, asked[len(asked)-1])
	var want []string
	for _, q := range asked {
		want = append(want, "You asked /lake section:"+q)
	}
	if !slices.Equal(got, want) {
		t.Errorf("answers %q, want %q", got, want)
	}
	c.settled(t)
}

// settled waits until the poller has noted what it answered: what a crash
// leaves before is answered again.
func (c *crew) settled(t *testing.T) {
	t.Helper()
	c.s.Wait(t, "a note without anything in hand", func() bool {
		for _, b := range c.bots {
			note, _ := b.notes.Note(t.Context(), "telegram:updates:700000001")
			return strings.Contains(note, fmt.Sprintf(`"next":%d`, c.s.LastUpdate()+1)) && !strings.Contains(note, `"open"`)
		}
		return false
	})
}

func TestOneOfManyPolls(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(c *crew, who string){
		"stopped":     func(c *crew, who string) { c.stop[who]() },
		"lease lost":  func(c *crew, who string) { c.process[who].Break() },
		"stood still": func(c *crew, who string) { c.process[who].Doze() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrew(t, "a", "b", "c")
			asked := []string{"q0"}
			c.s.Say(amina, amina.ID, "/lake q0")
			c.answered(t, asked...)
			for _, q := range []string{"q1", "q2"} {
				leave(c, c.s.Poller(t))
				c.s.Say(amina, amina.ID, "/lake "+q)
				asked = append(asked, q)
				c.answered(t, asked...)
			}
			for _, p := range c.s.Polls() {
				if p.Beaten && p.BeatenBy != p.By && name == "stopped" {
					t.Errorf("a poll by %q was ended by one by %q: there is to be one at a time", p.By, p.BeatenBy)
				}
			}
		})
	}
}

// What a poller got while it stood still is answered by the next one alone.
func TestPollerThatStoodStill(t *testing.T) {
	t.Parallel()
	c := newCrew(t, "a", "b")
	first := c.s.Poller(t)
	c.process[first].Doze()
	c.s.Say(amina, amina.ID, "/lake 0") // comes to either
	c.answered(t, "0")
	c.process[first].Wake()
	c.s.Say(amina, amina.ID, "/lake 1")
	c.answered(t, "0", "1")
	if got := c.s.Poller(t, first); got == first {
		t.Errorf("%q polls, who lost the lease", got)
	}
}

func TestInHandWhenTheLeaseIsLost(t *testing.T) {
	t.Parallel()
	for name, stopsFirst := range map[string]bool{"running": false, "stopping": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrew(t, "a", "b")
			first := c.s.Poller(t)
			c.s.Fail("sendMessage", telegramtest.Fault{Hang: true})
			c.s.Say(amina, amina.ID, "/lake 0")
			c.s.WaitCalls(t, "sendMessage", 1)
			stopped := make(chan struct{})
			stop := func() { c.stop[first](); close(stopped) }
			if stopsFirst {
				go stop()
				c.s.Wait(t, "the last poll to end", func() bool { return c.s.Idle() })
			}
			c.process[first].Doze()
			c.answered(t, "0")
			woke := time.Now()
			c.process[first].Wake()
			if !stopsFirst {
				go stop()
			}
			<-stopped
			if d := time.Since(woke); d > 3*time.Second {
				t.Errorf("what hangs was broken off after %s, want at once", d)
			}
			for _, call := range c.s.Calls("sendMessage")[1:] {
				if call.By == first {
					t.Errorf("%q went on with what is another's", first)
				}
			}
		})
	}
}

// Whatever a process believes, the note decides: who finds it written by
// another polls no more.
func TestNoteOfAnother(t *testing.T) {
	t.Parallel()
	c := newCrew(t, "a")
	c.s.Say(amina, amina.ID, "/lake 0")
	c.answered(t, "0")
	b, key := c.bots["a"], "telegram:updates:700000001"
	if err := b.notes.SetNote(t.Context(), key, `{"next":1002,"last":4102444800,"by":"another"}`); err != nil {
		t.Fatal(err)
	}
	c.s.Say(amina, amina.ID, "/lake 1")
	c.s.Wait(t, "the note to be taken over", func() bool {
		note, _ := b.notes.Note(t.Context(), key)
		return !strings.Contains(note, "another")
	})
	c.s.Say(amina, amina.ID, "/lake 2")
	if got := answers(t, c.s, amina.ID, "2"); len(got) > 4 {
		t.Errorf("answers %q", got)
	}
	if log := b.logs.String(); !strings.Contains(log, "written by another program") {
		t.Errorf("the operator was not told:\n%s", log)
	}
}

func TestConflictNamesTheReplica(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Fail("getUpdates", telegramtest.Fault{Status: 409, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"})
	b := newBot(t, s, func(o *telegram.Options) { o.Fleet = adaptertest.NewFleet().Join("host-7") })
	b.run(t)
	s.Say(amina, amina.ID, "/lake")
	s.WaitMessages(t, amina.ID, 1)
	if log := b.logs.String(); !strings.Contains(log, "no replica on this database") || !strings.Contains(log, "replica=host-7") {
		t.Errorf("log does not say which replica polls by right:\n%s", log)
	}
}

// An update that comes to several processes is answered by one; what one could
// not finish is another's.
func TestWebhooksOfManyProcesses(t *testing.T) {
	t.Parallel()
	s, fleet := telegramtest.New(t), adaptertest.NewFleet()
	s.AddChat(telegramtest.Chat{ID: amina.ID, Type: "private"})
	var hooks [2]http.Handler
	var processes [2]*adaptertest.Process
	var bots [2]*bot
	for i := range hooks {
		processes[i] = fleet.Join(fmt.Sprint(i))
		bots[i] = newBot(t, s, func(o *telegram.Options) {
			o.WebhookURL, o.Fleet = "https://bot.example.org/telegram/webhook", processes[i]
		})
		hooks[i] = bots[i].Webhook(bots[i].core)
		bots[i].run(t)
		s.WaitCalls(t, "setWebhook", 1) // the first has the lease; the other loses its database below
	}
	_, secret := s.Webhook()
	post := func(to, update, want int) {
		t.Helper()
		body := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":5,"date":4102444800,"chat":{"id":501,"type":"private"},"from":{"id":501},"text":"/lake u%d"}}`, update, update)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		w := httptest.NewRecorder()
		if hooks[to].ServeHTTP(w, r); w.Code != want {
			t.Errorf("update %d to %d: status %d, want %d", update, to, w.Code, want)
		}
	}
	post(0, 5, 200)
	post(1, 5, 200) // known as done
	if claim, err := processes[0].Claim(t.Context(), "telegram:700000001|update|6", time.Minute); claim != adapter.Mine || err != nil {
		t.Fatal(claim, err)
	}
	post(1, 6, 503) // another has it in hand
	if err := processes[0].Settle(t.Context(), "telegram:700000001|update|6", 0); err != nil {
		t.Fatal(err)
	}
	post(1, 6, 200) // it gave it up
	processes[1].Doze()
	post(1, 7, 503) // the database is away: Telegram keeps it
	processes[1].Wake()
	post(1, 7, 200)
	if got, want := answers(t, s, amina.ID, "u7"), []string{"You asked /lake section:u5", "You asked /lake section:u6", "You asked /lake section:u7"}; !slices.Equal(got, want) {
		t.Errorf("answers %q, want %q", got, want)
	}
	if n := len(s.Calls("setWebhook")); n != 1 {
		t.Errorf("webhook set %d times, want by one", n)
	}
}
