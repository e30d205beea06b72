package commands

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

// fakeRemarks keeps remarks in memory.
type fakeRemarks struct {
	kept  []Remark
	seen  string
	again time.Time
}

func (f *fakeRemarks) File(_ context.Context, r Remark, seen string, now time.Time) (Remark, time.Time, error) {
	if !f.again.IsZero() {
		return r, f.again, nil
	}
	r.ID, r.Made, r.State = fmt.Sprint("k", len(f.kept)+1), now, RemarkOpen
	f.kept, f.seen = append(f.kept, r), seen
	return r, time.Time{}, nil
}

func (f *fakeRemarks) Want(_ context.Context, who Destination, id string, wants bool) (bool, error) {
	for i := range f.kept {
		if f.kept[i].ID == id && f.kept[i].Who == who {
			f.kept[i].Wants = wants
			return true, nil
		}
	}
	return false, nil
}

// TestReport: what is told is kept with what it is about and who wrote it where,
// in their words; what is missing is asked for, kindly.
func TestReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if r := w.ask(t, briefings.EN, inGroup, "/report hello"); !r.Refused {
		t.Errorf("answer %q where nothing is kept", r.Text())
	}
	f := &fakeRemarks{}
	w.remarks = f
	for _, lang := range briefings.Langs {
		golden(t, "report-asks."+string(lang), show(w.ask(t, lang, inGroup, "/report about:velmora")))
		golden(t, "report-thanks."+string(lang), show(w.ask(t, lang, inGroup, "/report about:velmora the toll, see http://x.example: it is wrong")))
		golden(t, "report-wanted."+string(lang), show(w.ask(t, lang, inServer, "/report the lake rose answer:yes")))
		golden(t, "report-answer."+string(lang), show(w.ask(t, lang, inServer, fmt.Sprintf("/report id:k%d answer:yes", len(f.kept)))))
		golden(t, "report-no."+string(lang), show(w.ask(t, lang, inServer, fmt.Sprintf("/report id:k%d answer:no", len(f.kept)))))
		golden(t, "report-others."+string(lang), show(w.ask(t, lang, inServer, "/report id:k1 answer:yes")))
		golden(t, "report-unknown."+string(lang), show(w.ask(t, lang, inServer, "/report about:velmorra nothing")))
		f.again = testNow.Add(3 * time.Hour)
		golden(t, "report-too-many."+string(lang), show(w.ask(t, lang, inServer, "/report once more")))
		f.again = time.Time{}
	}
	first := f.kept[0]
	if first.Text != "the toll, see http://x.example: it is wrong" || first.Item != "topic:velmora" || first.Place != inGroup.Destination || !strings.HasPrefix(first.Who.Chat, "user:") || first.Wants {
		t.Errorf("kept %+v", first)
	}
	n := len(f.kept)
	if r := w.ask(t, briefings.EN, inGroup, "/report "+strings.Repeat("é", maxRemark+1)); !r.Refused || len(f.kept) != n {
		t.Errorf("too long: %q", r.Text())
	}
	if r := w.ask(t, briefings.EN, inGroup, "/report "+strings.Repeat("é", maxRemark)); r.Refused || len(f.kept) != n+1 {
		t.Errorf("as long as may be: %q", r.Text())
	}
	w.ask(t, briefings.EN, inPrivate, "/report whose chat this is need not be known")
	if last := f.kept[len(f.kept)-1]; strings.Contains(last.Place.String(), inPrivate.Chat) {
		t.Errorf("kept where: %v", last.Place)
	}
	post := w.answerAs(t, "", inGroup, "/report a channel speaks answer:yes") // nobody to answer
	if last := f.kept[len(f.kept)-1]; last.Wants || last.Who != inGroup.Destination || len(post.Buttons) != 0 {
		t.Errorf("kept %+v, buttons %v", last, post.Buttons)
	}
}

// answerAs is the answer to a user, or to a place that acts as itself.
func (w world) answerAs(t *testing.T, user string, place Place, line string) Reply {
	t.Helper()
	r, err := ParseLine(w.Table(), line)
	if err != nil {
		t.Fatal(err)
	}
	r.Lang, r.Place, r.User = briefings.EN, place, user
	return w.Answer(t.Context(), r)
}

// TestAnswersCanBeReported: answers with content have a button for it that says
// what was read, once, and others have none.
func TestAnswersCanBeReported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reports := func(line string) (out []string) {
		for _, b := range w.ask(t, briefings.FR, inGroup, line).Buttons {
			if strings.HasPrefix(b.Line, "/report") {
				out = append(out, b.Label+" "+b.Line)
			}
		}
		return out
	}
	if got := reports("/velmora"); len(got) != 0 {
		t.Errorf("%v where nothing is kept", got)
	}
	f := &fakeRemarks{}
	w.remarks = f
	hash := w.HashOf("topic:velmora")
	for line, want := range map[string]string{
		"/velmora":                 "Signaler une erreur /report about:topic:velmora seen:" + hash[:8],
		"/velmora section:figures": "Signaler une erreur /report about:topic:velmora seen:" + hash[:8],
		"/timeline":                "Signaler une erreur /report",
		"/timeline velmora":        "Signaler une erreur /report about:topic:velmora seen:" + hash[:8],
		"/timeline event:2024-03-07-arden-bridge": "Signaler une erreur /report about:event:2024-03-07-arden-bridge seen:" + w.HashOf("event:2024-03-07-arden-bridge")[:8],
		"/search truce":                          "Signaler une erreur /report",
		"/help":                                  "",
		"/privacy":                               "",
		"/settings":                              "",
		"/digest list":                           "",
		"/ask what end date does the truce have": "Transmettre la question /report text:\"what end date does the truce have\"",
	} {
		if got := strings.Join(reports(line), "; "); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	w.ask(t, briefings.FR, inGroup, "/report about:topic:velmora seen:"+hash[:8]+" text:\"C’est faux.\"")
	if f.seen != hash[:8] || f.kept[0].Item != "topic:velmora" {
		t.Errorf("kept %+v of %q", f.kept, f.seen)
	}
}

// TestReportCards: how what readers told reads at the editors' place, and to the
// reader in the end.
func TestReportCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, lang := range briefings.Langs {
		at := Destination{Telegram, "-100", string(lang)}
		w.prefs.kept[at] = Settings{Lang: lang}
		k := Remark{
			ID: "k1", Who: Destination{Telegram, "user:42", ""}, Lang: lang, Item: "topic:velmora", N: 3, Text: "The toll is wrong.\n@everyone <b>look</b>", Wants: true,
			State: RemarkOpen, Made: testNow, Answer: "",
		}
		answered := k
		answered.Answer, answered.Since = "You are right.\n\nThank you.", 1
		quiet := k
		quiet.Wants, quiet.Item, quiet.N = false, "", 0
		for name, card := range map[string]Card{
			"open": {State: CardOpen, Remark: &k}, "quiet": {State: CardOpen, Remark: &quiet}, "closed": {State: CardClosed, Remark: &quiet},
			"answered": {State: CardAnswered, Remark: &answered, By: Editor{Name: "Awa"}}, "gone": {State: CardGone},
		} {
			card.ID, card.Kind, card.Decided = "c3", CardRemark, testNow
			golden(t, "card-report-"+name+"."+string(lang), show(w.Card(t.Context(), card, at)))
		}
		golden(t, "report-letter."+string(lang), show(w.AnswerToRemark(answered)))
	}
}

// TestEditorsAnswer where the card is shown, once, who wants an answer.
func TestEditorsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wants, quiet := Remark{ID: "k1", Wants: true, Text: "x"}, Remark{ID: "k2", Text: "x"}
	desk := &fakeDesk{cards: map[string]Card{
		"c1": {ID: "c1", Kind: CardRemark, Subject: "k1", At: inGroup.Destination, State: CardOpen, Remark: &wants},
		"c2": {ID: "c2", Kind: CardRemark, Subject: "k2", At: inGroup.Destination, State: CardOpen, Remark: &quiet},
		"c3": someCard(),
	}}
	w.desk = desk
	press := func(admin bool, place Place, line string) Reply {
		t.Helper()
		r, err := ParseLine(w.Table(), line)
		if err != nil {
			t.Fatal(err)
		}
		r.Lang, r.Place, r.User, r.Name = briefings.EN, place, "7", "Awa"
		r.Admin = func(context.Context) (bool, error) { return admin, nil }
		return w.Answer(t.Context(), r)
	}
	for _, refused := range []Reply{
		press(false, inGroup, `/editors do:answer id:c1 text:"No."`), press(true, inServer, `/editors do:answer id:c1 text:"No."`),
		press(true, inGroup, `/editors do:answer id:c2 text:"No."`), press(true, inGroup, `/editors do:answer id:c3 text:"No."`),
		press(true, inGroup, `/editors do:answer id:c1 text:"`+strings.Repeat("x", maxRemark+1)+`"`),
	} {
		if !refused.Refused {
			t.Errorf("not refused: %s", refused.Text())
		}
	}
	if r := press(true, inGroup, "/editors do:answer id:c1"); r.Prompt == nil || r.Prompt.Option != "text" || r.Prompt.Line != "/editors do:answer id:c1" {
		t.Errorf("asks %+v", r.Prompt)
	}
	if r := press(true, inGroup, `/editors do:answer id:c1 text:"You are right."`); r.Refused || desk.cards["c1"].Remark.Answer != "You are right." || desk.cards["c1"].By.Name != "Awa" {
		t.Errorf("%s, card %+v", r.Text(), desk.cards["c1"])
	}
	if r := press(true, inGroup, `/editors do:answer id:c1 text:"Twice."`); !r.Refused || !strings.Contains(r.Text(), "Awa has answered this report already") {
		t.Errorf("the second answer: %s", r.Text())
	}
	if r := press(true, inGroup, "/editors do:close id:c2"); r.Refused || desk.cards["c2"].State != CardClosed {
		t.Errorf("%s, card %+v", r.Text(), desk.cards["c2"])
	}
}
