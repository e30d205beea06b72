package main

import (
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
)

// TestDigestsGoEverywhere subscribes each kind of place by command and lets
// time pass: a private chat, a group by an anonymous administrator, a forum's
// topic and a channel on Telegram; a private chat and a thread on Discord.
func TestDigestsGoEverywhere(t *testing.T) {
	t.Parallel()
	const group, channel = int64(-2001), int64(-1002003)
	d, tg, c := discordtest.New(t), telegramtest.New(t), new(clock)
	d.AddThread(inTopic, discordtest.Channel)
	tg.AddChat(telegramtest.Chat{ID: group, Type: "group", Title: "Boatmen"})
	tg.AddChat(telegramtest.Chat{ID: channel, Type: "channel", Title: "Gazette"})
	tg.AddChat(telegramtest.Chat{ID: forum, Type: "supergroup", Title: "Harbour", Forum: true, Topics: []int64{topic}, Admins: []int64{boss}})
	b := startBot(t, c, map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
		"GRIOT_DATABASE_URL": "sqlite::memory:", "GRIOT_HTTP_ADDR": "127.0.0.1:0",
	})
	d.WaitReady()
	at := clockTime(c.now().Add(time.Hour))
	line := "/digest subscribe topics:velmora schedule:daily zone:UTC lang:en time:" + at
	for _, in := range []telegramtest.Incoming{
		{From: telegramtest.User{ID: reader}, Chat: reader},
		{Chat: group, As: group},
		{Chat: channel},
		{From: telegramtest.User{ID: boss}, Chat: forum, Thread: topic, Topic: true},
	} {
		in.Text = line
		tg.Write(in)
		if m := tg.WaitMessages(t, in.Chat, 1)[0]; !strings.Contains(m.Text, "Subscribed") {
			t.Errorf("in %d: %q", in.Chat, m.Text)
		}
	}
	options := map[string]string{"topics": "velmora", "schedule": "daily", "zone": "UTC", "lang": "en", "time": at}
	for _, ask := range []discordtest.Ask{{DM: true}, {Channel: inTopic, Permissions: manageServer}} {
		ask.Command, ask.Sub, ask.Options = "digest", "subscribe", options
		if m := d.Slash(ask).Answer(); !strings.Contains(m.Text(), "Subscribed") {
			t.Errorf("in %+v: %q", ask, m.Text())
		}
	}
	c.pass(time.Hour + time.Minute)
	wake := discordtest.Ask{Command: "digest", Sub: "edit", DM: true, Options: map[string]string{"text_only": "no"}}
	d.Slash(wake).Answer() // wakes the planner, whose clock did not see the time pass
	b.sent(6)
	for chat, thread := range map[int64]int64{reader: 0, group: 0, channel: 0, forum: topic} {
		all := tg.Messages(chat)
		if m := all[len(all)-1]; len(all) != 2 || m.Thread != thread || !strings.Contains(m.Text, "President Mara Tolen") {
			t.Errorf("in %d: %d messages, the last %q in topic %d", chat, len(all), m.Text, m.Thread)
		}
	}
	for _, channel := range []string{discordtest.DM(discordtest.User), inTopic} {
		n := 0
		for _, m := range d.Messages(channel) {
			if strings.Contains(m.Text(), "President Mara Tolen") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d digests in %s, want one", n, channel)
		}
	}
}

// TestTwoDigestsAreOneMessage: what one place is due at one hour is one message
// with all of it, on both platforms.
func TestTwoDigestsAreOneMessage(t *testing.T) {
	t.Parallel()
	d, tg, c := discordtest.New(t), telegramtest.New(t), new(clock)
	b := startBot(t, c, map[string]string{
		"GRIOT_DISCORD_TOKEN": d.Token(), "GRIOT_DISCORD_API_URL": d.URL(), "GRIOT_TELEGRAM_TOKEN": telegramtest.Token, "GRIOT_TELEGRAM_API_URL": tg.URL(),
		"GRIOT_DATABASE_URL": "sqlite::memory:", "GRIOT_HTTP_ADDR": "127.0.0.1:0",
	})
	d.WaitReady()
	at, who := clockTime(c.now().Add(time.Hour)), telegramtest.User{ID: reader}
	for i, topics := range []string{"velmora", "union"} {
		tg.Say(who, reader, "/digest subscribe schedule:daily zone:UTC lang:en time:"+at+" topics:"+topics)
		tg.WaitMessages(t, reader, i+1)
		d.Slash(discordtest.Ask{Command: "digest", Sub: "subscribe", Permissions: manageServer, Options: map[string]string{
			"topics": topics, "schedule": "daily", "zone": "UTC", "lang": "en", "time": at,
		}}).Answer()
	}
	c.pass(time.Hour + time.Minute)
	d.Slash(discordtest.Ask{Command: "digest", Sub: "subscribe", DM: true, Options: map[string]string{ // wakes the planner
		"topics": "velmora", "schedule": "daily", "zone": "UTC", "lang": "en", "time": clockTime(c.now().Add(time.Hour)),
	}}).Answer()
	b.sent(2)
	if all := tg.Messages(reader); len(all) != 3 || !strings.Contains(all[2].Text, "President Mara Tolen") || !strings.Contains(all[2].Text, "Lakes Union") {
		t.Errorf("on Telegram %d messages, the last %q", len(all), all[len(all)-1].Text)
	}
	var digests []discordtest.Message
	for _, m := range d.Messages(discordtest.Channel) {
		if !m.Private() {
			digests = append(digests, m)
		}
	}
	if len(digests) != 1 || !strings.Contains(digests[0].Text(), "President Mara Tolen") || !strings.Contains(digests[0].Text(), "Lakes Union") {
		t.Errorf("on Discord %d digests: %v", len(digests), digests)
	}
	// Either of them says what it comes with; Stop asks which one, and shows both.
	tg.Say(who, reader, "/digest stop")
	which := tg.WaitMessages(t, reader, 4)[3]
	if !strings.Contains(which.Text, "Which one?") || len(which.Rows) < 2 {
		t.Errorf("stop answers %q with %v", which.Text, which.Rows)
	}
}
