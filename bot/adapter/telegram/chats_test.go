package telegram_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

const (
	group   = int64(-2001)
	forum   = int64(-1002002)
	channel = int64(-1002003)
)

func startInChats(t *testing.T) (*telegramtest.Server, *bot) {
	t.Helper()
	s, b := start(t)
	s.AddChat(telegramtest.Chat{ID: group, Type: "group", Title: "Boatmen", Admins: []int64{amina.ID}, Linked: channel})
	s.AddChat(telegramtest.Chat{ID: forum, Type: "supergroup", Title: "Harbour", Forum: true, Topics: []int64{7}, Closed: []int64{8}})
	s.AddChat(telegramtest.Chat{ID: channel, Type: "channel", Title: "Gazette"})
	return s, b
}

// answers are the texts written to a chat, once the last of them is there.
func answers(t *testing.T, s *telegramtest.Server, chat int64, last string) []string {
	t.Helper()
	var out []string
	for n := 1; ; n++ {
		all := s.WaitMessages(t, chat, n)
		if strings.Contains(all[len(all)-1].Text, last) {
			for _, m := range all {
				out = append(out, m.Text)
			}
			return out
		}
		n = len(all)
	}
}

func TestGroupsHearOnlyWhatIsMeant(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	moussa := telegramtest.User{ID: 502}
	robot := `{"message":{"message_id":1,"date":%d,"chat":{"id":-2001,"type":"group"},"from":{"id":9,"is_bot":true},"text":"/lake bot"}}`
	s.Say(moussa, group, "good morning")
	s.Say(moussa, group, "lake")
	s.Say(moussa, group, "/nothing")
	s.Say(moussa, group, "/lake@other_bot")
	s.Write(telegramtest.Incoming{From: moussa, Chat: group, Text: "/lake forwarded", Forwarded: true, As: channel})
	s.Inject(strings.Replace(robot, "%d", "4102444800", 1))
	s.Inject(`{"message":{"message_id":1,"date":4102444800,"chat":{"id":-2001,"type":"group"},"from":{"id":502},"via_bot":{"id":1},"text":"/lake via"}}`)
	s.Inject(`{"edited_message":{"message_id":1,"date":4102444800,"chat":{"id":-2001,"type":"group"},"from":{"id":502},"text":"/lake edited"}}`)
	asked := s.Say(moussa, group, "/nothing@"+telegramtest.BotName)
	s.Say(moussa, group, "/lake last")
	got := answers(t, s, group, "last")
	want := []string{"I know no command /nothing. /help lists what I can do.", "You asked /lake section:last"}
	for i, text := range got {
		got[i], _, _ = strings.Cut(text, "\n")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if to := s.Messages(group)[0].ReplyTo; to != asked {
		t.Errorf("reply to %d, want to %d, which asked", to, asked)
	}
}

func TestOldQuestionsInPrivate(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	s.Write(telegramtest.Incoming{From: amina, Chat: amina.ID, Text: "/lake old", Age: time.Hour})
	if got := s.WaitMessages(t, amina.ID, 1)[0].Text; got != "You asked /lake section:old" {
		t.Errorf("answer %q", got)
	}
}

func TestTopics(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Write(telegramtest.Incoming{From: amina, Chat: forum, Text: "/lake one", Thread: 7, Topic: true})
	s.Write(telegramtest.Incoming{From: amina, Chat: forum, Text: "/lake two", Thread: 99}) // a thread of replies
	s.Write(telegramtest.Incoming{From: amina, Chat: forum, Text: "/lake three", Thread: 8, Topic: true})
	s.Write(telegramtest.Incoming{From: amina, Chat: forum, Text: "/lake four"})
	var got []int64
	for _, m := range s.WaitMessages(t, forum, 4) {
		got = append(got, m.Thread)
	}
	if want := []int64{7, 0, 0, 0}; !cmp.Equal(got, want) {
		t.Errorf("threads %v, want %v: the topic asked from, or General", got, want)
	}
}

func TestWhoAdministers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		in   telegramtest.Incoming
		want string
	}{
		{"an administrator", telegramtest.Incoming{From: amina, Chat: group}, "admin true"},
		{"a member", telegramtest.Incoming{From: telegramtest.User{ID: 502}, Chat: group}, "admin false"},
		{"an anonymous administrator", telegramtest.Incoming{Chat: group, As: group}, "admin true"},
		{"the linked channel", telegramtest.Incoming{Chat: group, As: channel}, "admin true"},
		{"another channel", telegramtest.Incoming{Chat: group, As: -1009}, "admin false"},
		{"a channel in itself", telegramtest.Incoming{Chat: channel}, "admin true"},
		{"a private chat", telegramtest.Incoming{From: amina, Chat: amina.ID}, "admin true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _ := startInChats(t)
			c.in.Text = "/digest stop"
			s.Write(c.in)
			if got := s.WaitMessages(t, c.in.Chat, 1)[0].Text; !strings.Contains(got, c.want) {
				t.Errorf("answer %q, want %q", got, c.want)
			}
		})
	}
}

func TestPrivateAnswersInGroups(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Say(amina, group, "/settings")
	note := s.WaitMessages(t, group, 1)[0]
	if got, want := note.Rows[0][0].URL, "https://t.me/"+telegramtest.BotName+"?start=settings"; got != want {
		t.Errorf("link %q, want %q", got, want)
	}
	s.Say(amina, amina.ID, "/start settings")
	s.WaitMessages(t, amina.ID, 1)
	s.Say(amina, group, "/settings")
	if got := s.WaitMessages(t, amina.ID, 2)[1].Text; got != "You asked /settings" {
		t.Errorf("private answer %q", got)
	}
	if got := s.WaitMessages(t, group, 2)[1].Text; !strings.Contains(got, "private chat") {
		t.Errorf("note in the group %q", got)
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	const super = int64(-1002001)
	want := "telegram:-2001 telegram:-1002001"
	t.Run("by service messages", func(t *testing.T) {
		t.Parallel()
		s, b := startInChats(t)
		s.Upgrade(group, super, true)
		s.Say(amina, super, "/lake here")
		s.WaitMessages(t, super, 1)
		for _, got := range b.moves.all() {
			if got != want {
				t.Errorf("moved %q, want %q", got, want)
			}
		}
		if len(b.moves.all()) == 0 {
			t.Error("nobody was told")
		}
	})
	t.Run("by an error", func(t *testing.T) {
		t.Parallel()
		s, b := startInChats(t)
		s.Upgrade(group, super, false)
		s.Say(amina, group, "/lake")
		if got := s.WaitMessages(t, super, 1)[0].Text; got != "You asked /lake" {
			t.Errorf("answer %q", got)
		}
		if diff := cmp.Diff([]string{want}, b.moves.all()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLongAnswerIsSplit(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	s.Say(amina, amina.ID, "/long")
	all := s.WaitMessages(t, amina.ID, 4)
	for i, m := range all {
		if last := i == len(all)-1; (len(m.Rows) > 0) != last {
			t.Errorf("message %d of %d has %d rows of buttons, want them on the last alone", i+1, len(all), len(m.Rows))
		}
		if strings.HasPrefix(m.Text, "It says") {
			t.Errorf("message %d begins within a paragraph: %.40q", i+1, m.Text)
		}
	}
	if got := all[len(all)-1].Text; !strings.Contains(got, "[2] Lake Gazette, Two") {
		t.Errorf("the sources are missing at the end: %q", got)
	}
}

func TestPanicIsAnApology(t *testing.T) {
	t.Parallel()
	s, b := start(t)
	s.Say(amina, amina.ID, "/boom")
	s.Say(telegramtest.User{ID: 503, Lang: "fr"}, 503, "/boom")
	if got, want := s.WaitMessages(t, amina.ID, 1)[0].Text, commands.Words("en").Apology; got != want {
		t.Errorf("answer %q, want %q", got, want)
	}
	if got, want := s.WaitMessages(t, 503, 1)[0].Text, commands.Words("fr").Apology; got != want {
		t.Errorf("answer %q, want %q", got, want)
	}
	s.Say(amina, amina.ID, "/lake")
	s.WaitMessages(t, amina.ID, 2)
	if !strings.Contains(b.logs.String(), "update not handled") {
		t.Error("nothing was logged")
	}
}

// What waited in a shared chat while nobody was there is left: people have
// moved on. What comes while we listen is new, whatever a clock says.
func TestOldQuestionsInGroups(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	s.AddChat(telegramtest.Chat{ID: group, Type: "group", Title: "Boatmen"})
	s.Write(telegramtest.Incoming{From: amina, Chat: group, Text: "/lake old", Age: 11 * time.Minute})
	s.Inject(`{"message":{"message_id":1,"chat":{"id":-2001,"type":"group"},"from":{"id":502},"text":"/lake undated"}}`)
	b := newBot(t, s)
	b.run(t)
	s.WaitMessages(t, group, 1)
	s.Write(telegramtest.Incoming{From: amina, Chat: group, Text: "/lake slow clock", Age: 11 * time.Minute})
	want := []string{"You asked /lake section:undated", `You asked /lake section:"slow clock"`}
	if diff := cmp.Diff(want, answers(t, s, group, "slow")); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if !strings.Contains(b.logs.String(), "waited too long") {
		t.Error("the operator was not told what was left")
	}
}

// A channel's post need not say who posts: only the channel can.
func TestChannelPostsAreTheChannels(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Inject(`{"channel_post":{"message_id":1,"date":4102444800,"chat":{"id":` + strconv.FormatInt(channel, 10) + `,"type":"channel"},"text":"/digest stop"}}`)
	if got := s.WaitMessages(t, channel, 1)[0].Text; !strings.Contains(got, "admin true") {
		t.Errorf("answer %q, want the channel's own rights", got)
	}
}
