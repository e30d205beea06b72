package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

var teller = commands.Destination{Platform: commands.Telegram, Chat: "user:42"}

// told files a remark at noon or a while later.
func told(t *testing.T, s *Store, text string, later time.Duration) (commands.Remark, time.Time) {
	t.Helper()
	k, again, err := s.File(t.Context(), commands.Remark{Who: teller, Place: commands.Destination{Platform: commands.Telegram, Chat: "-7"}, Lang: "fr", Item: "topic:mali", Text: text}, "aa", noon.Add(later))
	if err != nil {
		t.Fatal(err)
	}
	return k, again
}

// TestRemarks: what is told is kept with the revision that was read, shown to
// editors, answered once, and brought to who wants it.
func TestRemarks(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, hash := range []string{"aaaa", "aabb", "bbbb"} {
			if _, err := s.SeePack(ctx, publication(map[briefings.ID]briefings.Revision{"topic:mali": {Hash: hash}}), noon.Add(time.Duration(i-9)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		k, _ := told(t, s, "The toll is wrong.", 0)
		if twice, _ := told(t, s, "The toll is wrong.", time.Minute); twice.ID != k.ID {
			t.Errorf("told twice it is %s and %s", k.ID, twice.ID)
		}
		list, err := s.Remarks(ctx, "", true)
		if err != nil || len(list) != 1 || list[0].N != 2 || list[0].Since != 1 || list[0].Text != "The toll is wrong." || list[0].Who != teller || list[0].Place.Chat != "-7" || !list[0].Made.Equal(noon) {
			t.Fatalf("kept %+v, %v", list, err)
		}
		show(t, s, noon)
		sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon)
		for who, want := range map[commands.Destination]bool{teller: true, {Platform: commands.Telegram, Chat: "user:43"}: false, {Platform: commands.Discord, Chat: "user:42"}: false} {
			if ok, err := s.Want(ctx, who, k.ID, true); err != nil || ok != want {
				t.Errorf("%s wants an answer: %v, %v", who, ok, err)
			}
		}
		if n := show(t, s, noon.Add(time.Second)); n != 1 {
			t.Errorf("%d to show, want the wish", n)
		}
		sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon.Add(time.Second))
		awa := commands.Editor{Platform: commands.Telegram, User: "7", Name: "Awa"}
		for i, want := range []bool{true, false} {
			if ok, err := s.Answer(ctx, k.ID, "You are right.", awa, noon); err != nil || ok != want {
				t.Errorf("answer %d: %v, %v", i, ok, err)
			}
		}
		if ok, err := s.Want(ctx, teller, k.ID, false); err != nil || ok {
			t.Errorf("wants no answer any more: %v, %v", ok, err)
		}
		c, _, err := s.Card(ctx, cardID(commands.CardRemark, k.ID))
		if err != nil || c.State != commands.CardAnswered || c.By.Name != "Awa" || c.Remark == nil || c.Remark.Answer != "You are right." {
			t.Errorf("card %+v, %v", c, err)
		}
		if others, err := s.Untold(ctx, []commands.Platform{commands.Discord}, 9); err != nil || len(others) != 0 {
			t.Errorf("to bring on a platform where nobody asked: %+v, %v", others, err)
		}
		untold, err := s.Untold(ctx, []commands.Platform{commands.Telegram}, 9)
		if err != nil || len(untold) != 1 || untold[0].Answer != "You are right." {
			t.Fatalf("to bring: %+v, %v", untold, err)
		}
		for range 2 { // the second is too late
			if err := s.TellAnswer(ctx, untold[0], Run{ID: "a", Key: AnswerRun(k.ID)}, "telegram/private", []string{"{}"}, noon.Add(time.Hour), noon); err != nil {
				t.Fatal(err)
			}
		}
		if sent := sendAll(t, s, Outcome{State: Sent, Ref: "5"}, noon.Add(2*time.Second)); len(sent) != 1 || sent[0].To != teller || sent[0].Purpose != Notice {
			t.Errorf("sent %+v, want the answer once", sent)
		}
		closed, _ := told(t, s, "Another thing.", time.Minute)
		if ok, err := s.Decide(ctx, commands.Card{Kind: commands.CardRemark, Subject: closed.ID}, commands.CardClosed, awa, noon); err != nil || !ok {
			t.Errorf("closed: %v, %v", ok, err)
		}
		if list, err := s.Remarks(ctx, "", true); err != nil || len(list) != 0 {
			t.Errorf("open %+v, %v", list, err)
		}
		if list, err := s.Remarks(ctx, strings.ToUpper(closed.ID[:6]), false); err != nil || len(list) != 1 || list[0].State != commands.RemarkClosed {
			t.Errorf("by its beginning %+v, %v", list, err)
		}
		if list, err := s.Remarks(ctx, "%", false); err != nil || len(list) != 0 {
			t.Errorf("by a sign of LIKE %+v, %v", list, err)
		}
	})
}

// TestNobodyFloodsTheEditors: five within a day, however many tell at once.
func TestNobodyFloodsTheEditors(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		kept := 0
		for i := range 8 {
			if _, again := told(t, s, fmt.Sprint("thing ", i), time.Duration(i)*time.Hour); again.IsZero() {
				kept++
			} else if !again.Equal(noon.Add(remarkSpan)) {
				t.Errorf("again at %s", again)
			}
		}
		if kept != remarkMost {
			t.Errorf("%d kept, want %d", kept, remarkMost)
		}
		if _, again := told(t, s, "the next day", remarkSpan+time.Minute); !again.IsZero() {
			t.Errorf("refused until %s", again)
		}
	})
}

// TestRemarksAreForgotten, by who wrote them or in time, and nothing of their
// words is left, where editors were shown them either.
func TestRemarksAreForgotten(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(s *Store, t *testing.T) error{
		"asked for": func(s *Store, t *testing.T) error {
			n, err := s.Forget(t.Context(), teller)
			if n < 2 {
				t.Errorf("%d forgotten", n)
			}
			return err
		},
		"in time": func(s *Store, t *testing.T) error { return s.Sweep(t.Context(), noon.Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stores(t, func(t *testing.T, s *Store) {
				ctx := t.Context()
				shown, _ := told(t, s, "SECRET one", 0)
				show(t, s, noon)
				sendAll(t, s, Outcome{State: Sent, Ref: "77"}, noon)
				if _, err := s.Want(ctx, teller, shown.ID, true); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Answer(ctx, shown.ID, "SECRET answer", commands.Editor{}, noon); err != nil {
					t.Fatal(err)
				}
				if err := s.TellAnswer(ctx, shown, Run{ID: "a", Key: AnswerRun(shown.ID)}, "telegram/private", []string{`"SECRET letter"`}, noon.Add(time.Hour), noon); err != nil {
					t.Fatal(err)
				}
				waits, _ := told(t, s, "SECRET two", 0)
				show(t, s, noon.Add(time.Second)) // not sent yet
				if name == "in time" {
					sendAll(t, s, Outcome{State: Sent, Ref: "78"}, noon.Add(time.Second))
				}
				if _, err := s.write.ExecContext(ctx, `UPDATE message SET content = 'SECRET card' WHERE run LIKE ?`, cardID(commands.CardRemark, waits.ID)+"%"); err != nil {
					t.Fatal(err)
				}
				if err := forget(s, t); err != nil {
					t.Fatal(err)
				}
				for _, column := range [...][2]string{{"remark", "said"}, {"remark", "answer"}, {"card", "about"}, {"message", "content"}} {
					var n int
					if err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+column[0]+` WHERE `+column[1]+` LIKE '%SECRET%'`).Scan(&n); err != nil || n > 0 {
						t.Errorf("%d in %s of %s, %v", n, column[1], column[0], err)
					}
				}
				if c, ok, err := s.Card(ctx, cardID(commands.CardRemark, shown.ID)); err != nil || ok && (c.State != commands.CardGone || c.Remark != nil) {
					t.Errorf("card %+v, %v, %v", c, ok, err)
				}
			})
		})
	}
}
