package telegram_test

import (
	"strconv"
	"strings"
	"testing"

	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/commands"
)

func TestPressTurnsTheMessage(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Say(amina, group, "/lake")
	m := s.WaitMessages(t, group, 1)[0]
	q := s.WaitAnswer(t, s.Press(amina, group, m.ID, m.Data("Figures")))
	if q.Text != "" || q.Alert {
		t.Errorf("alert %q, want none", q.Text)
	}
	got := s.Messages(group)
	if len(got) != 1 || got[0].Text != "You asked /lake section:figures" || got[0].Edits != 1 {
		t.Fatalf("messages %+v, want the one turned", got)
	}
	edits := len(s.Calls("editMessageText"))
	s.WaitAnswer(t, s.Press(amina, group, m.ID, m.Data("Figures")))
	if n := len(s.Calls("editMessageText")); n != edits {
		t.Errorf("%d edits that change nothing were sent", n-edits)
	}
}

// A digest, and an answer whose sources stand in several messages, stay as they
// are: the press is answered beside them.
func TestPressLeavesWhatStays(t *testing.T) {
	t.Parallel()
	s, b := startInChats(t)
	to := commands.Destination{Platform: commands.Telegram, Chat: strconv.FormatInt(group, 10)}
	long := commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{{Kind: commands.Plain, Text: strings.Repeat("The ferry sails. ", 300)}}}
	button := []commands.Button{{Label: "Figures", Line: "/lake section:figures"}}
	for name, r := range map[string]commands.Reply{
		"digest":        {Lang: "en", Title: "Digest", Stays: true, Buttons: button},
		"long answer":   {Lang: "en", Title: "Lake", Blocks: []commands.Block{long}, Buttons: button},
		"far and stays": {Lang: "en", Title: "Far", Stays: true, Buttons: []commands.Button{{Label: "Figures", Line: "/lake section:" + strings.Repeat("far", 30)}}},
	} {
		parts, err := b.Render(commands.Place{Destination: to}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			if _, err := b.Send(t.Context(), to, p, "n"); err != nil {
				t.Fatal(err)
			}
		}
		before := s.Messages(group)
		m := before[len(before)-1]
		s.WaitAnswer(t, s.Press(amina, group, m.ID, m.Data("Figures")))
		after := s.Messages(group)
		if len(after) != len(before)+1 || !strings.HasPrefix(after[len(before)].Text, "You asked /lake section:") || len(s.Calls("editMessageText")) > 0 {
			t.Errorf("%s: %d messages after %d, last %q; want the answer beside", name, len(after), len(before), after[len(after)-1].Text)
		}
	}
}

func TestLongLinesSurviveARestart(t *testing.T) {
	t.Parallel()
	s := telegramtest.New(t)
	first := newBot(t, s)
	stop := first.run(t)
	s.Say(amina, amina.ID, "/lake")
	m := s.WaitMessages(t, amina.ID, 1)[0]
	data := m.Data("Far")
	if !strings.HasPrefix(data, "#") {
		t.Fatalf("data %q, want a key", data)
	}
	stop()
	newBot(t, s, func(o *telegram.Options) { o.Notes = first.notes }).run(t)
	s.WaitAnswer(t, s.Press(amina, amina.ID, m.ID, data))
	if got := s.Messages(amina.ID)[0].Text; !strings.HasPrefix(got, "You asked /lake section:farfar") {
		t.Errorf("answer %q", got)
	}
	if q := s.WaitAnswer(t, s.Press(amina, amina.ID, m.ID, "#gone")); q.Text != commands.Words("en").TooLate || !q.Alert {
		t.Errorf("alert %q, want %q", q.Text, commands.Words("en").TooLate)
	}
}

func TestPressesThatDoNotTurn(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Say(amina, group, "/lake")
	m := s.WaitMessages(t, group, 1)[0]
	for data, want := range map[string]string{
		"/lake section:nowhere": "There is no such part.",
		"/nothing":              "I know no command /nothing. /help lists what I can do.",
		"\x00\xff":              "I know no command",
		"/settings":             "I answer that in private.",
		"/boom":                 commands.Words("en").Apology,
	} {
		q := s.WaitAnswer(t, s.Press(amina, group, m.ID, data))
		if !strings.HasPrefix(q.Text, want) || !q.Alert {
			t.Errorf("%q: alert %q, want %q", data, q.Text, want)
		}
	}
	if got := s.Messages(group); len(got) != 1 || got[0].Edits != 0 {
		t.Errorf("messages %+v, want the one untouched", got)
	}
}

func TestPressOnWhatIsGone(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.WaitAnswer(t, s.Press(amina, group, 4, "/lake section:new")) // inaccessible
	if got := s.WaitMessages(t, group, 1)[0].Text; got != "You asked /lake section:new" {
		t.Errorf("answer %q", got)
	}
	s.Fail("editMessageText", telegramtest.Fault{Status: 400, Text: "Bad Request: message can't be edited"})
	m := s.Messages(group)[0]
	s.WaitAnswer(t, s.Press(amina, group, m.ID, "/lake section:newer"))
	if got := s.WaitMessages(t, group, 2)[1].Text; got != "You asked /lake section:newer" {
		t.Errorf("answer %q", got)
	}
	id := s.Press(amina, group, m.ID, "/lake section:late")
	s.Expire(id)
	s.WaitEdit(t, group, m.ID, 1)
}

func TestPressWithSeveralParts(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	s.Say(amina, amina.ID, "/lake")
	m := s.WaitMessages(t, amina.ID, 1)[0]
	s.WaitAnswer(t, s.Press(amina, amina.ID, m.ID, "/long"))
	all := s.Messages(amina.ID)
	if len(all) < 4 || all[0].Edits != 1 || !strings.HasPrefix(all[0].Text, "Long") {
		t.Errorf("%d messages, the first %.40q edited %d times; want the first in place and more after it", len(all), all[0].Text, all[0].Edits)
	}
}

func TestPressChecksRights(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Say(amina, group, "/lake")
	m := s.WaitMessages(t, group, 1)[0]
	s.WaitAnswer(t, s.Press(telegramtest.User{ID: 502}, group, m.ID, m.Data("Stop")))
	if got := s.Messages(group)[0].Text; !strings.Contains(got, "admin false") {
		t.Errorf("answer %q, want the presser's rights, not the asker's", got)
	}
}

// What stands in a group is everybody's: somebody who may not do what a button
// asks, or asks in vain, is told alone.
func TestRefusalLeavesWhatStands(t *testing.T) {
	t.Parallel()
	s, _ := startInChats(t)
	s.Say(amina, group, "/lake")
	m := s.WaitMessages(t, group, 1)[0]
	q := s.WaitAnswer(t, s.Press(telegramtest.User{ID: 502}, group, m.ID, "/digest refuse"))
	if !q.Alert || q.Text != "You may not." {
		t.Errorf("alert %v %q, want the refusal", q.Alert, q.Text)
	}
	if after := s.Messages(group); len(after) != 1 || after[0].Edits != 0 {
		t.Errorf("messages %+v, want the one as it stood", after)
	}
}

func TestInlineMode(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	a := s.WaitInline(t, s.Inline(amina, "fer", ""))
	if len(a.Results) != 10 || a.NextOffset != "10" || !a.Personal || a.CacheTime == 0 {
		t.Fatalf("%d results, next %q, personal %v, cache %d", len(a.Results), a.NextOffset, a.Personal, a.CacheTime)
	}
	long := a.Results[0]
	if !strings.Contains(long.Content.Text, "[1] Lake Gazette") || !strings.Contains(string(long.Markup), "start=long") {
		t.Errorf("a long answer has no sources or no way to the rest: %s %s", long.Content.Text, long.Markup)
	}
	if got := a.Results[1].Content.Text; got != "You asked /lake section:fer1" {
		t.Errorf("content %q", got)
	}
	for _, offset := range []string{"-1", "x", "9223372036854775807"} { // of somebody who plays with us
		if got := s.WaitInline(t, s.Inline(amina, "fer", offset)); len(got.Results) != 10 {
			t.Errorf("offset %s: %d results, want those of the beginning", offset, len(got.Results))
		}
	}
	if rest := s.WaitInline(t, s.Inline(amina, "fer", a.NextOffset)); len(rest.Results) != 2 || rest.NextOffset != "" {
		t.Errorf("second page: %d results, next %q", len(rest.Results), rest.NextOffset)
	}
	id := s.SendInline(a.Results[1])
	if q := s.WaitAnswer(t, s.PressInline(amina, id, "/lake section:figures")); q.Alert {
		t.Errorf("alert %q", q.Text)
	}
	if n := len(s.Calls("editMessageText")); n != 1 {
		t.Errorf("%d edits, want 1", n)
	}
}
