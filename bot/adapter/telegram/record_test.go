package telegram_test

import (
	"context"
	"strconv"
	"testing"

	"griot/bot/adapter"
	"griot/bot/adapter/telegram"
	"griot/bot/adapter/telegram/telegramtest"
)

type recorder chan adapter.Answered

func (r recorder) Record(_ context.Context, a adapter.Answered) error {
	r <- a
	return nil
}

// TestPublicAnswersAreRecorded: an answer in a group is known by its id, also
// when a press turned it; what is said in private is not.
func TestPublicAnswersAreRecorded(t *testing.T) {
	t.Parallel()
	s, rec := telegramtest.New(t), make(recorder, 9)
	s.AddChat(telegramtest.Chat{ID: group, Type: "group", Title: "Boatmen"})
	b := newBot(t, s, func(o *telegram.Options) { o.Recorder = rec })
	b.run(t)
	s.Say(amina, amina.ID, "/lake")
	s.WaitMessages(t, amina.ID, 1)
	s.Say(amina, group, "/lake")
	m := s.WaitMessages(t, group, 1)[0]
	want := strconv.FormatInt(m.ID, 10)
	if a := <-rec; len(a.Messages) != 1 || a.Messages[0].Ref.ID != want || a.Messages[0].Ref.To != inGroup || a.Request.Line() != "/lake" {
		t.Errorf("told %+v, want message %s", a, want)
	}
	s.WaitAnswer(t, s.Press(amina, group, m.ID, m.Data("Figures")))
	if a := <-rec; len(a.Messages) != 1 || a.Messages[0].Ref.ID != want || a.Request.Line() != "/lake section:figures" {
		t.Errorf("told %+v, want message %s turned", a, want)
	}
}

// TestChosenResultsAreRecorded: what somebody sent through inline mode is known
// by its id, whatever page it was on; what was never offered is not.
func TestChosenResultsAreRecorded(t *testing.T) {
	t.Parallel()
	s, rec := telegramtest.New(t), make(recorder, 9)
	b := newBot(t, s, func(o *telegram.Options) { o.Recorder = rec })
	b.run(t)
	first := s.WaitInline(t, s.Inline(amina, "fer", ""))
	next := s.WaitInline(t, s.Inline(amina, "fer", first.NextOffset))
	s.Choose(amina, "fer", "of-somebody-else", "AAQx")
	for i, res := range []telegramtest.Result{first.Results[1], next.Results[1]} {
		id := s.SendInline(res)
		s.Choose(amina, "fer", res.ID, id)
		a := <-rec
		if len(a.Messages) != 1 || a.Messages[0].Ref.ID != id || a.Place.Private || a.Request.Line() != []string{"/lake section:fer1", "/lake section:fer11"}[i] {
			t.Errorf("told %+v, want message %s", a, id)
		}
	}
}
