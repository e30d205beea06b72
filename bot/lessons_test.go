package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store/storetest"
)

// lessons are what users and operators of other bots cursed at, and the tests
// that make it impossible here.
var lessons = []struct {
	happened string
	tests    []string // folder and function
}{
	{"what was fetched when the process was killed was never sent, and the run was called finished", []string{"bot TestCrash", "bot/delivery TestEndsAnywhere"}},
	{"a pause and a resume began at the top: some had three copies, some none", []string{"bot TestHoldInTheMiddle", "bot/store TestPause"}},
	{"5,258 of 5,601 were sent, it was finished, and nobody could tell who was missing", []string{"bot/delivery TestRetryCompletesARun", "bot/store TestPutBackOnlyWhatIsMissing", "bot TestOperateBesideARunningBot"}},
	{"a restored copy sent the morning's messages again in the afternoon", []string{"bot TestRestoredCopySendsNothing", "bot/delivery TestDowntimeIsMergedAndLateIsSkipped"}},
	{"the clocks changed: nothing came in spring, two in autumn", []string{"bot/schedule TestClockChanges", "bot/schedule TestEveryDayOnce"}},
	{"the digest was an hour late all summer", []string{"bot/schedule TestYearOnTheClock", "commands TestWhyTellsOfClockChanges"}},
	{"two things happened within a second, and two digests said the same", []string{"bot/store TestBothPlan", "bot/store TestPlansAreWhole", "bot/delivery TestEqualDigestsAreMadeOnce"}},
	{"making digests twice doubled them; a border off by a day lost a week", []string{"bot/delivery TestWindowsTileWhateverTheDowntime", "bot/store TestAPlanOfAnOldWindowIsLeftOut", "commands TestDigestWindowIsHalfOpen"}},
	{"who restarts more often than the interval never had a digest; after two weeks off there was a mountain", []string{"bot/delivery TestRestartsKeepNothingBack", "bot/delivery TestDowntimeIsMergedAndLateIsSkipped"}},
	{"thirty messages after an outage", []string{"bot/delivery TestDowntimeIsMergedAndLateIsSkipped", "bot TestTwoDigestsAreOneMessage"}},
	{"a changed word was taken for news", []string{"bot/store TestSeePack", "commands TestDigestContent"}},
	{"one kind of message went past the limit", []string{"bot TestOneLimitForAll", "bot/delivery TestPacerUrgentHoldAndDeadline"}},
	{"a wait of nearly three hours without a warning", []string{"bot/delivery TestThreeHourWait", "bot/delivery TestWaitsSurviveARestart", "bot TestLongWaitSurvivesARestart"}},
	{"so many refusals that the address was banned", []string{"bot/delivery TestBreakerKeepsTheBudget", "bot TestTooFast"}},
	{"the bot was deleted, and with it who had subscribed to what", []string{"bot/store TestImportTwiceChangesNothing", "bot/roster TestWrittenAndReadIsTheSame", "bot/store TestBackUpAndRestore"}},
	{"an outage stopped hundreds; when they were put back, old messages came", []string{"bot TestAllForbidTenMinutes", "bot/delivery TestOutageDisablesNobody", "bot/delivery TestStopsAfterSpacedFailures"}},
	{"digests stopped without a word", []string{"bot/delivery TestStopsAfterSpacedFailures", "commands TestStoppedIsToldInSentences"}},
	{"any member of a group could change or delete its digest", []string{"commands TestChangingAPlaceIsForItsAdministrators", "commands TestNobodyAdministersByDefault"}},
	{"somebody who had left still had the message", []string{"bot/delivery TestStopAndPauseBetweenPlanAndSend", "bot/store TestForgottenWhilePlanned"}},
	{"a group became a supergroup and was lost", []string{"bot/adapter/telegram TestMigration", "bot/store TestMovedMerges", "bot/store TestMovedWhileSent"}},
	{"a topic that lives was not found, and the chat was stopped", []string{"bot/delivery TestClosedTopicFallsBackOnce", "bot/store TestFallBack"}},
	{"two programs polled with one token", []string{"bot/adapter/telegram TestOneOfManyPolls", "bot/adapter/telegram TestConflictNamesTheReplica"}},
	{"the process lived and planned nothing", []string{"bot TestHealthIsTheLastDigestPlanned"}},
}

// TestLessonsHaveTests holds the list to what there is.
func TestLessonsHaveTests(t *testing.T) {
	t.Parallel()
	for _, l := range lessons {
		for _, test := range l.tests {
			folder, name, _ := strings.Cut(test, " ")
			if !hasTest(t, filepath.Join("..", folder), name) {
				t.Errorf("%q: there is no %s in %s", l.happened, name, folder)
			}
		}
	}
}

func hasTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	begins := regexp.MustCompile(`(?m)^func ` + name + `\(`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if begins.Match(text) {
			return true
		}
	}
	return false
}

// TestHoldInTheMiddle: a run that was held and released goes on where it was.
func TestHoldInTheMiddle(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.URL(t, "file"), 150)
	h.open()
	h.after(60)
	h.pass(time.Hour + time.Minute)
	<-h.hit
	if err := h.app.store.Pause(t.Context(), "a test"); err != nil {
		t.Fatal(err)
	}
	h.calm()
	sent := h.discord.Posted() + h.telegram.Sent()
	if sent >= len(h.readers) {
		t.Fatal("all was sent before the hold")
	}
	h.stop() // also over a restart
	h.open()
	h.pass(time.Minute)
	h.calm()
	if n := h.discord.Posted() + h.telegram.Sent(); n != sent {
		t.Errorf("%d messages came while deliveries were held", n-sent)
	}
	if ok, err := h.app.store.Release(t.Context()); err != nil || !ok {
		t.Fatalf("released: %t, %v", ok, err)
	}
	h.came(h.final(0), 0)
}

// TestRestoredCopySendsNothing: a database of this morning, restored in the
// afternoon, sends nothing by itself.
func TestRestoredCopySendsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.URL(t, "file"), 3)
	copied := filepath.Join(t.TempDir(), "copy.db")
	operate(t, h.clock, h.env, done, "", "backup", copied)
	h.open()
	h.pass(time.Hour + time.Minute)
	h.came(h.final(0), 0)
	h.stop()
	h.clock.pass(5 * time.Hour)
	operate(t, h.clock, h.env, done, "", "restore", "--force", copied)
	h.open()
	h.log.await(t, "deliveries are held")
	h.pass(time.Minute)
	h.until("the plan", func() bool {
		states, err := h.app.store.States(t.Context())
		return err == nil && states["planned"] == len(h.readers)
	})
	if n := h.discord.Posted() + h.telegram.Sent(); n != len(h.readers) {
		t.Errorf("the copy sent %d messages", n-len(h.readers))
	}
}

// TestOneLimitForAll: digests go out at the full rate while people ask, and the
// platform never has to refuse a call. What somebody waits for comes first.
func TestOneLimitForAll(t *testing.T) {
	if raced {
		t.Skip("SKIPPED under the race detector: .ci/run runs it without")
	}
	t.Parallel()
	h := newHouse(t, storetest.URL(t, "file"), 120)
	h.env["GRIOT_TELEGRAM_PER_SECOND"], h.env["GRIOT_DISCORD_PER_SECOND"] = "28", "45"
	h.discord.Limit(discordtest.Limits{Second: 50, Channel: 5})
	h.telegram.Limit(telegramtest.Limits{Second: 30, Chat: 3, Group: 20})
	h.open()
	h.discord.WaitReady()
	h.after(20)
	h.pass(time.Hour + time.Minute)
	<-h.hit
	for i := range 20 {
		reader := telegramtest.User{ID: int64(900_000 + i)}
		h.telegram.Say(reader, reader.ID, "/velmora section:summary")
		h.discord.Slash(discordtest.Ask{Command: "velmora"}).Answer()
		h.telegram.WaitMessages(t, reader.ID, 1)
	}
	if n := h.telegram.Sent(); n >= len(h.readers)/2+20 {
		t.Errorf("all %d digests were sent before the answers", n)
	}
	h.came(h.final(0), 0)
	_, discord := h.discord.Taken()
	if _, telegram := h.telegram.Taken(); discord+telegram > 3 { // a busy machine may hold calls up, and then they come together
		t.Errorf("%d and %d calls were too many", discord, telegram)
	}
}

// TestHealthIsTheLastDigestPlanned: a process that lives and plans nothing is
// not ready.
func TestHealthIsTheLastDigestPlanned(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.URL(t, "file"), 1)
	h.open()
	if err := h.app.digests.Ready(t.Context()); err != nil {
		t.Errorf("nothing is due: %v", err)
	}
	h.clock.pass(2 * time.Hour) // and the planner is not told
	if err := h.app.digests.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "not planned") {
		t.Errorf("an hour late: %v", err)
	}
	h.came(h.final(time.Second), 0)
	if err := h.app.digests.Ready(t.Context()); err != nil {
		t.Errorf("all is planned: %v", err)
	}
}
