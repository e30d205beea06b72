//go:build unix

package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store"
	"griot/bot/store/storetest"
)

// takeOver is how long a platform may be without the bot when the process dies
// that has it.
const takeOver = 30 * time.Second

// team is three processes of the program on one database, each by a wire of
// its own, and those who ask them.
type team struct {
	*world
	store   *store.Store
	asker   telegramtest.User
	asked   []string
	names   []string
	process map[string]*process
	wires   map[string]*wire
}

// newTeam starts the processes, once the world is as prepare makes it.
func newTeam(t *testing.T, prepare func(w *world)) *team {
	t.Helper()
	w := newWorld(t, storetest.URL(t, "postgres"))
	prepare(w)
	w.discord.SetShards(2, 2, 5*time.Second)
	st, err := store.Open(t.Context(), w.env["GRIOT_DATABASE_URL"], nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	m := &team{world: w, store: st, asker: telegramtest.User{ID: 42}, process: map[string]*process{}, wires: map[string]*wire{}}
	m.telegram.AddChat(telegramtest.Chat{ID: m.asker.ID, Type: "private"})
	for _, name := range []string{"a", "b", "c"} {
		m.start(name)
	}
	return m
}

// start starts a process of that name.
func (m *team) start(name string) {
	m.t.Helper()
	w := newWire(m.t, m.env["GRIOT_DATABASE_URL"])
	env := maps.Clone(m.env)
	env["GRIOT_HTTP_ADDR"] = "127.0.0.1:0"
	env["GRIOT_DATABASE_URL"] = w.url
	env["GRIOT_TELEGRAM_API_URL"], env["GRIOT_DISCORD_API_URL"] = m.telegram.URLFor(name), m.discord.URLFor(name)
	m.names, m.wires[name] = append(m.names, name), w
	m.process[name] = startProcess(m.t, time.Duration(m.clock.ahead.Load()), env)
	m.process[name].log.await(m.t, fmt.Sprint("lease=telegram:", telegramtest.BotID)) // has it, or waits for it
}

// polls waits until one that is none of those named polls, and returns who.
func (m *team) polls(not ...string) string {
	m.t.Helper()
	return m.telegram.Poller(m.t, not...)
}

// links waits until each shard has one link, none of them of those named, and
// returns whose the first is.
func (m *team) links(not ...string) string {
	m.t.Helper()
	first := ""
	defer func() {
		if first == "" { // nobody came
			for name, p := range m.process {
				m.t.Logf("%q, with links %v:\n%s", name, m.discord.Linked(), p.log)
			}
		}
	}()
	m.telegram.Wait(m.t, fmt.Sprint("every shard linked once, not by ", not), func() bool {
		linked := m.discord.Linked()
		for shard := range 2 {
			if by := linked[shard]; len(by) != 1 || slices.Contains(not, by[0]) {
				return false
			}
		}
		first = linked[0][0]
		return true
	})
	return first
}

// ask asks on Telegram.
func (m *team) ask() {
	question := fmt.Sprintf("/search q%02d", len(m.asked))
	m.asked = append(m.asked, question)
	m.telegram.Say(m.asker, m.asker.ID, question)
}

// answered waits until every question is answered and noted as such, and wants
// one answer each.
func (m *team) answered() {
	m.t.Helper()
	m.telegram.WaitMessages(m.t, m.asker.ID, len(m.asked))
	m.telegram.Wait(m.t, "nothing to be in hand", func() bool { // else a crash leaves an answer to be given again
		note, _ := m.store.Note(m.t.Context(), fmt.Sprint("telegram:updates:", telegramtest.BotID))
		return m.telegram.Pending() == 0 && !strings.Contains(note, `"open"`)
	})
	for i := range m.asked {
		n := 0
		for _, msg := range m.telegram.Messages(m.asker.ID) {
			if strings.Contains(msg.Text, fmt.Sprintf("q%02d", i)) {
				n++
			}
		}
		if n != 1 {
			m.t.Errorf("question %d of %d has %d answers, want one", i, len(m.asked), n)
		}
	}
}

// answersOnDiscord asks there, too.
func (m *team) answersOnDiscord() {
	m.t.Helper()
	if text := m.discord.Slash(discordtest.Ask{Command: "velmora"}).Answer().Text(); !strings.Contains(text, "President Mara Tolen") {
		m.t.Errorf("on Discord the answer is %q", text)
	}
}

// within wants another to have taken over soon, and says how soon it did.
func (m *team) within(began time.Time, what, who string) {
	m.t.Helper()
	d := time.Since(began)
	m.t.Logf("%s: %s after %s", what, who, d.Round(10*time.Millisecond))
	if d > takeOver {
		m.t.Errorf("%s: taken over after %s, want %s at most", what, d, takeOver)
	}
}

// blow is what befalls the process that polls, and how it is made good.
type blow struct {
	name       string
	hurt, mend func(who string)
}

// TestReplicas: of three processes one polls and each shard is linked once;
// when that process is killed, stopped, stands still or loses the database,
// another takes over, and nobody's question is lost or answered twice.
func TestReplicas(t *testing.T) {
	t.Parallel()
	m := newTeam(t, func(*world) {})
	m.ask()
	m.answered()
	m.links()
	m.answersOnDiscord()
	m.told(m.names...)

	kill, again := func(who string) { m.process[who].kill() }, func(who string) { m.start(who + "'") }
	for _, b := range []blow{
		{"kill -9", kill, again},
		{"SIGTERM", func(who string) { m.process[who].stop() }, again},
		{"SIGSTOP", m.stop, func(who string) {
			m.signal(who, syscall.SIGCONT)
			m.process[who].log.await(t, "lease lost")
		}},
		{"network cut", func(who string) { m.wires[who].dead.Store(true) }, kill},
		{"kill -9 once more", kill, again},
	} {
		m.survives(b)
	}
}

// survives wants the others to go on after a blow to the one that polls.
func (m *team) survives(b blow) {
	m.t.Helper()
	poller := m.polls()
	began := time.Now()
	b.hurt(poller)
	m.ask()
	next := m.polls(poller)
	m.within(began, b.name+", Telegram", next)
	m.answered()
	b.mend(poller)
	m.ask()
	m.answered()
	gone := []string{poller}
	if m.process[poller].running() { // it may have kept what it had not lost yet when it woke
		gone = nil
	}
	m.within(began, b.name+", Discord and all", m.links(gone...))
	m.answersOnDiscord()
	if got := m.polls(); got != next {
		m.t.Errorf("%s: %q polls, though %q had taken over", b.name, got, next)
	}
	for _, p := range m.telegram.Polls() {
		if p.Beaten && p.By != p.BeatenBy && p.To.After(began) && b.name != "SIGSTOP" { // that one cannot end its poll
			m.t.Errorf("%s: a poll by %q was ended by one by %q", b.name, p.By, p.BeatenBy)
		}
	}
}

// told wants each of these processes ready, and all leases held by one of them each.
func (m *team) told(names ...string) {
	m.t.Helper()
	holders := map[string]int{}
	for _, name := range names {
		p := m.process[name]
		if !p.running() {
			continue
		}
		p.log.await(m.t, "http serves")
		_, rest, _ := strings.Cut(p.log.String(), "addr=")
		addr, _, _ := strings.Cut(rest, "\n")
		if status, text := fetch(m.t, "http://"+addr+"/readyz"); status != 200 || !strings.Contains(text, "digests: ok") {
			m.t.Errorf("%q is not ready: %d %s", name, status, text)
		}
		_, metrics := fetch(m.t, "http://"+addr+"/metrics")
		for line := range strings.Lines(metrics) {
			if lease, one := strings.CutSuffix(strings.TrimSpace(line), " 1"); one && strings.HasPrefix(lease, "griot_lease_held{") {
				holders[lease]++
			}
		}
	}
	want := map[string]int{}
	for _, lease := range []string{"telegram:700000001", "discord:900000000:0/2", "discord:900000000:1/2", "discord:900000000:commands"} {
		want[`griot_lease_held{lease="`+lease+`"}`] = 1
	}
	if !maps.Equal(holders, want) {
		m.t.Errorf("leases held %v, want %v", holders, want)
	}
}

func fetch(t testing.TB, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// stop makes a process stand still, and waits until it does.
func (m *team) stop(who string) {
	m.t.Helper()
	m.signal(who, syscall.SIGSTOP)
	m.telegram.Wait(m.t, who+" to stand still", func() bool {
		state, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(m.process[who].cmd.Process.Pid)).Output()
		return err != nil || strings.HasPrefix(string(state), "T") // without ps, never mind
	})
}

func (m *team) signal(who string, s syscall.Signal) {
	m.t.Helper()
	if err := m.process[who].cmd.Process.Signal(s); err != nil {
		m.t.Fatal(err)
	}
}

// TestReplicasSendOnce: what three processes are due to send is sent once, and soon.
func TestReplicasSendOnce(t *testing.T) {
	t.Parallel()
	var due time.Time
	m := newTeam(t, func(w *world) {
		soon := w.clock.now().Truncate(time.Minute).Add(time.Minute)
		w.clock.pass(soon.Add(-8 * time.Second).Sub(w.clock.now())) // they start before it is due
		due = time.Now().Add(8 * time.Second)
		w.invite(40, "velmora", func(int) time.Time { return soon })
		w.subscribe()
	})
	m.settle(slices.Collect(maps.Values(m.process))...)
	for _, p := range m.process {
		p.stop() // nobody has anything more to send
	}
	got := m.judge()
	if got.wanted < 80 || got.lost > 0 || got.astray > 0 || len(got.doubled) > 0 {
		t.Errorf("%d messages, %d lost, %d astray, doubled %v; want each once", got.wanted, got.lost, got.astray, got.doubled)
	}
	for _, r := range m.readers {
		for _, got := range m.received(r) {
			if late := got.at.Sub(due); !got.at.IsZero() && late > 15*time.Second {
				t.Errorf("sent %s late", late)
			}
		}
	}
}
