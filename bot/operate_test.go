package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store/storetest"
)

// operate runs a subcommand with the settings of a running bot, on its clock.
func operate(t *testing.T, c *clock, env map[string]string, want int, stdin string, args ...string) string {
	t.Helper()
	out, errs := newBuffer(), newBuffer()
	look := func(k string) (string, bool) { v, ok := env[k]; return v, ok }
	code := run(t.Context(), system{
		args: append([]string{"--content", testPack}, args...), env: look, stdin: strings.NewReader(stdin), stdout: out, stderr: errs, now: c.now,
	})
	if code != want {
		t.Errorf("griot %s ends with %d, want %d:\n%s%s", strings.Join(args, " "), code, want, out, errs)
	}
	return out.String() + errs.String()
}

// TestOperateBesideARunningBot imports, holds, completes and releases while the
// bot runs on the same file: what was missing arrives, what was sent stays once.
func TestOperateBesideARunningBot(t *testing.T) {
	t.Parallel()
	tg, c := telegramtest.New(t), new(clock)
	env := map[string]string{
		"GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
		"GRIOT_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "griot.db"),
	}
	for _, id := range []int64{42, 43} {
		tg.AddChat(telegramtest.Chat{ID: id, Type: "private"})
	}
	startBot(t, c, env)
	tg.WaitCalls(t, "getUpdates", 1)
	at := clockTime(c.now().Add(time.Hour))
	if got := operate(t, c, env, done, "platform,chat,topics,schedule,zone,lang\ntelegram,42,velmora,daily "+at+",UTC,en\ntelegram,43,velmora,daily "+at+",UTC,en\n", "subscriptions", "import", "-"); !strings.Contains(got, "2 new") {
		t.Fatal(got)
	}
	if got := operate(t, c, env, done, "", "plan", "--json", "--days", "1"); strings.Count(got, "\n") != 2 || !strings.Contains(got, `"chat":"42"`) {
		t.Errorf("the plan tells\n%s", got)
	}
	tg.Lose(43, "bot was blocked by the user")
	c.pass(time.Hour + time.Minute)
	wake(t, tg, 1)
	tg.WaitMessages(t, 42, 1)
	waitFor(t, "refusal", func() bool { return strings.Contains(operate(t, c, env, done, "", "deliveries"), "1 retry, 1 sent") })
	c.pass(13 * time.Hour) // beyond the deadline
	wake(t, tg, 2)

	var line runLine
	waitFor(t, "a finished run", func() bool {
		got := operate(t, c, env, done, "", "deliveries", "--json")
		if err := json.Unmarshal([]byte(got), &line); err != nil {
			t.Fatalf("%v in %s", err, got)
		}
		return line.Finished
	})
	if line.Parts["sent"] != 1 || line.Parts["expired"] != 1 || len(line.Missing) != 1 || line.Missing[0] != "telegram:43" || line.Places != 2 || line.Topics[0] != "velmora" {
		t.Errorf("%+v, want one sent and one missing", line)
	}
	if got := operate(t, c, env, done, "", "deliveries", line.Run[:6]); !strings.Contains(got, "missing: telegram:43\n") || !regexp.MustCompile(`telegram:43 +part 1  expired\s+1 try; too late: .*blocked`).MatchString(got) {
		t.Errorf("deliveries of the run:\n%s", got)
	}

	tg.AddChat(telegramtest.Chat{ID: 43, Type: "private"})
	operate(t, c, env, done, "", "deliveries", "hold", "moving", "house")
	operate(t, c, env, done, "", "deliveries", "hold", line.Run)
	if got := operate(t, c, env, done, "", "deliveries", "retry", line.Run); !strings.Contains(got, "1 message to 1 place planned anew") || !strings.Contains(got, ": moving house.") ||
		!strings.Contains(got, "Run "+line.Run[:8]+" is held: nothing of it is sent until griot deliveries release "+line.Run[:8]+".") {
		t.Errorf("retry:\n%s", got)
	}
	operate(t, c, env, done, "", "deliveries", "release", line.Run)
	wake(t, tg, 3)
	if got := operate(t, c, env, done, "", "deliveries"); !strings.Contains(got, "Deliveries are held since") || !strings.Contains(got, "under way, 2 places: 1 planned, 1 sent") {
		t.Errorf("held:\n%s", got)
	}
	if got := operate(t, c, env, done, "", "deliveries", "release"); !strings.Contains(got, "1 message waiting") {
		t.Errorf("release:\n%s", got)
	}
	wake(t, tg, 4)
	tg.WaitMessages(t, 42, 1)
	tg.WaitMessages(t, 43, 1)
	waitFor(t, "a finished run", func() bool {
		return strings.Contains(operate(t, c, env, done, "", "deliveries"), "finished, 2 places: 2 sent")
	})
	if got := operate(t, c, env, done, "", "deliveries", "retry", line.Run, "--unknown"); !strings.Contains(got, "Nothing is missing") {
		t.Errorf("retry of what is complete:\n%s", got)
	}
	if len(tg.Messages(42)) != 1 || len(tg.Messages(43)) != 1 {
		t.Error("somebody has two copies")
	}
}

// wake has the planner look, whose clock does not see the time pass: somebody
// subscribes, for the nth time.
func wake(t *testing.T, tg *telegramtest.Server, n int) {
	t.Helper()
	reader := telegramtest.User{ID: 99}
	tg.Say(reader, reader.ID, "/digest subscribe topics:velmora schedule:weekly day:mon zone:UTC lang:en time:0"+string(rune('0'+n))+":00")
	tg.WaitMessages(t, reader.ID, n)
}

// waitFor asks again and again, as the bot is another process for who asks.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-limit:
			t.Fatalf("no %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestOperateOnEveryDatabase goes through every subcommand on each kind of
// database, and moves a backup from each to each.
func TestOperateOnEveryDatabase(t *testing.T) {
	t.Parallel()
	const table = "platform,chat,thread,topics,schedule,zone,lang,when_quiet,quiet_hours,text_only,paused\n" +
		"discord,123456789012345678,,lakes-union,weekdays 07:30,Europe/Paris,en,brief,22:00-07:00,true,true\n" +
		"telegram,-1001234567890,7,velmora;lakes-union,daily 07:00,Africa/Bamako,fr,skip,,false,false\n" +
		"telegram,42,,velmora,cron 30 2 * * 1-5,Europe/Paris,en,skip,,false,false\n"
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c, env := new(clock), map[string]string{"GRIOT_DATABASE_URL": storetest.URL(t, kind)}
			do := func(code int, want string, args ...string) {
				t.Helper()
				if got := operate(t, c, env, code, table, args...); !strings.Contains(got, want) {
					t.Errorf("griot %s says\n%s\nwant %q", strings.Join(args, " "), got, want)
				}
			}
			do(fault, "hint: ", "plan")
			do(done, "3 new", "subscriptions", "import", "-")
			do(done, "3 as they were", "subscriptions", "import", "-")
			if got := operate(t, c, env, done, "", "subscriptions", "export", "-"); got != table {
				t.Errorf("exported\n%s\nwant\n%s", got, table)
			}
			do(done, `"chat":"-1001234567890","thread":"7","topics":["velmora","lakes-union"],"parts":1}`, "plan", "--json", "--days", "2")
			do(done, "the clocks go back by 1 h", "plan", "--from", "2026-10-24", "--days", "2")
			do(done, "No run yet", "deliveries")
			do(done, "Deliveries are held since", "deliveries", "hold", "for a while")
			do(done, ": for a while.", "deliveries")
			do(done, "Nothing is missing.", "deliveries", "--missing")
			do(done, "Deliveries go again", "deliveries", "release")
			do(fault, `no run "abc"`, "deliveries", "retry", "abc")
			copied := filepath.Join(t.TempDir(), "copy.db")
			do(done, "3 subscriptions", "backup", copied)
			do(fault, "--force", "restore", copied)
			for _, other := range []string{"file", "postgres"} {
				env := map[string]string{"GRIOT_DATABASE_URL": storetest.URL(t, other)}
				if got := operate(t, c, env, done, "", "restore", copied); !strings.Contains(got, "Restored: 3 subscriptions.") || !strings.Contains(got, "restored from a backup of") {
					t.Errorf("restored to %s:\n%s", other, got)
				}
				if got := operate(t, c, env, done, "", "subscriptions", "export", "-"); got != table {
					t.Errorf("exported from %s\n%s\nwant\n%s", other, got, table)
				}
			}
		})
	}
}

// TestDeadlineOfTheSettings counts for those who look beside the bot, too: what
// it skips as too late is no coming send, and what is put back has as long.
func TestDeadlineOfTheSettings(t *testing.T) {
	t.Parallel()
	c, ahead := new(clock), new(clock)
	env := map[string]string{"GRIOT_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "griot.db")}
	due := c.now().Add(time.Minute)
	operate(t, c, env, done, "platform,chat,topics,schedule,zone,lang\ntelegram,42,velmora,daily "+clockTime(due)+",UTC,en\n", "subscriptions", "import", "-")
	ahead.pass(3 * time.Hour)
	for deadline, sends := range map[string]int{"2h": 1, "4h": 2} { // tomorrow's, and the one that is caught up
		env["GRIOT_DELIVERY_DEADLINE"] = deadline
		if got := operate(t, ahead, env, done, "", "plan", "--json", "--days", "1"); strings.Count(got, "\n") != sends {
			t.Errorf("with a deadline of %s the plan tells\n%s\nwant %d sends", deadline, got, sends)
		}
	}
	env["GRIOT_DELIVERY_DEADLINE"] = "90m"
	operate(t, c, env, done, "", "deliveries", "hold")
	if got := operate(t, c, env, done, "", "deliveries", "release"); !strings.Contains(got, "more than 1 h 30 min late is skipped") {
		t.Errorf("released:\n%s", got)
	}
}
