package telegram_test

import (
	"testing"

	"griot/bot/adapter/telegram/telegramtest"
)

// Servers in Telegram's place answer no more than they must: none of it may
// silence the bot or have it say things twice.
func TestServersThatSayLittle(t *testing.T) {
	t.Parallel()
	notFound := telegramtest.Fault{Status: 404, Text: "Not Found"}
	yes := telegramtest.Fault{Body: `{"ok":true,"result":true}`}
	for name, c := range map[string]struct {
		method string
		fault  telegramtest.Fault
		times  int
	}{
		"no webhooks":           {"deleteWebhook", notFound, 5},
		"webhooks are broken":   {"deleteWebhook", telegramtest.Fault{Status: 500, Text: "Internal Server Error"}, 50},
		"no menus":              {"setMyCommands", notFound, 8},
		"polling not found":     {"getUpdates", notFound, 1},
		"an answer is a yes":    {"sendMessage", yes, 1},
		"menus are a mere yes":  {"getMyCommands", yes, 8},
		"menus cannot be asked": {"getMyCommands", notFound, 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := telegramtest.New(t)
			for range c.times {
				s.Fail(c.method, c.fault)
			}
			newBot(t, s).run(t)
			s.Say(amina, amina.ID, "/lake one")
			s.WaitCalls(t, "sendMessage", 1)
			s.WaitCalls(t, "setMyCommands", 8)
			s.Say(amina, amina.ID, "/lake two")
			want := 2
			if c.method == "sendMessage" {
				want = 1 // the first was only said to be sent
			}
			if got := answers(t, s, amina.ID, "two"); len(got) != want {
				t.Errorf("answers %q, want %d", got, want)
			}
		})
	}
}

// A wait that Telegram asks for while menus are set is kept.
func TestMenusWaitAsTold(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.Fail("setMyCommands", telegramtest.Fault{Status: 429, Text: "Too Many Requests: retry after 60", RetryAfter: 60})
	newBot(t, s).run(t)
	s.WaitCalls(t, "setMyCommands", 1)
	s.Say(amina, amina.ID, "/lake")
	s.WaitMessages(t, amina.ID, 1)
	if n := len(s.Calls("getMyCommands")); n != 1 {
		t.Errorf("%d menus asked for while told to wait", n-1)
	}
}
