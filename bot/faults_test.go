package main

import (
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/bot/store/storetest"
)

const page = "<html><body>Bad Gateway</body></html>"

// faults are ways in which the call that sends a digest goes wrong, on both
// platforms at once. None loses the digest, and none shows it twice on Discord.
var faults = []struct {
	name    string
	begin   func(h *house, d, tg *cable)
	end     func(h *house, d, tg *cable) // once it was told; nil: it ends by itself
	told    string                       // to the operator, by the log
	doubled int                          // on Telegram, where nobody can tell whether it arrived
}{
	{"cut before the request", func(_ *house, d, tg *cable) { d.cut(); tg.cut() }, func(_ *house, d, tg *cable) { d.join(); tg.join() }, "fate=later", 0},
	{"cut in the request", spoil(`{"type":"limit_data","stream":"upstream","attributes":{"bytes":100}}`), mend, "fate=again", 0},
	{"cut in the answer", spoil(`{"type":"limit_data","stream":"downstream","attributes":{"bytes":60}}`), mend, "fate=again", 1},
	{"slow by 30 seconds", spoil(`{"type":"latency","stream":"downstream","attributes":{"latency":30000}}`), mend, "fate=again", 1},
	{"cut before it was accepted", fail(discordtest.Fault{Drop: true}, telegramtest.Fault{Drop: true}), nil, "fate=again", 0},
	{"cut after it was accepted", fail(discordtest.Fault{Drop: true, After: true}, telegramtest.Fault{Drop: true, After: true}), nil, "fate=again", 1},
	{"502 before it was accepted", fail(discordtest.Fault{Status: 502, HTML: true}, telegramtest.Fault{Status: 502, Body: page}), nil, "fate=again", 0},
	{"502 after it was accepted", fail(discordtest.Fault{Status: 502, HTML: true, After: true}, telegramtest.Fault{Status: 502, Body: page, After: true}), nil, "fate=again", 1},
	{"an answer that is no JSON", fail(discordtest.Fault{Status: 200, HTML: true, After: true}, telegramtest.Fault{Body: page, After: true}), nil, "fate=again", 1},
	{"half an answer", fail(discordtest.Fault{Status: 200, Raw: `{"id":"60000`, After: true}, telegramtest.Fault{Body: `{"ok":true,"resu`, After: true}), nil, "fate=again", 1},
	{"too many requests", fail(discordtest.Fault{Status: 429, RetryAfter: 0.3}, telegramtest.Fault{Status: 429, Text: "Too Many Requests", RetryAfter: 1}), nil, "fate=later", 0},
}

func spoil(toxic string) func(*house, *cable, *cable) {
	return func(_ *house, d, tg *cable) {
		d.spoil(toxic)
		tg.spoil(toxic)
	}
}

func mend(_ *house, d, tg *cable) {
	d.mend()
	tg.mend()
}

func fail(d discordtest.Fault, tg telegramtest.Fault) func(*house, *cable, *cable) {
	return func(h *house, _, _ *cable) { h.both(1, d, tg) }
}

// TestFaults breaks the call and looks what became of the digest.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range faults {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, storetest.URL(t, "file"), 1)
			d, tg := newCable(t, h.discord.URL()), newCable(t, h.telegram.URL())
			h.env["GRIOT_DISCORD_API_URL"], h.env["GRIOT_TELEGRAM_API_URL"] = d.url, tg.url
			h.open()
			tc.begin(h, d, tg)
			h.pass(time.Hour + time.Minute)
			h.told(tc.told)
			if tc.end != nil {
				tc.end(h, d, tg)
			}
			h.came(h.final(time.Second), tc.doubled)
		})
	}
}
