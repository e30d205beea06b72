package commands

import (
	"context"
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

// fakeDesk keeps cards in memory.
type fakeDesk struct {
	cards   map[string]Card
	decided int
}

func (f *fakeDesk) Card(_ context.Context, id string) (Card, bool, error) {
	c, ok := f.cards[id]
	return c, ok, nil
}

func (f *fakeDesk) Decide(_ context.Context, c Card, state CardState, by Editor, now time.Time) (bool, error) {
	f.decided++
	c.State, c.By, c.Decided = state, by, now
	f.cards[c.ID] = c
	return true, nil
}

func (f *fakeDesk) Answer(_ context.Context, id, answer string, by Editor, now time.Time) (bool, error) {
	for key, c := range f.cards {
		if c.Subject != id || c.State != CardOpen {
			continue
		}
		c.State, c.By, c.Decided, c.Remark.Answer = CardAnswered, by, now, answer
		f.cards[key] = c
		return true, nil
	}
	return false, nil
}

func someCard() Card {
	return Card{
		ID: "c1", Kind: CardContent, Subject: "cc3f88e1432d", At: inGroup.Destination, State: CardOpen,
		About: CardAbout{Pack: "three-lakes", Changes: 3, Doubts: []briefings.Text{
			both("In “Soldiers killed in an attack on the bridge of Arden”: was 12, now 120.", "Dans « Des soldats tués dans l’attaque du pont d’Arden » : avant 12, maintenant 120."),
			both("“The lake rises” tells of a day that is still to come: 3 May 2031.", "« Le lac monte » parle d’un jour encore à venir : 3 mai 2031."),
		}},
	}
}

// TestCards: how cards read in each state and language.
func TestCards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, lang := range briefings.Langs {
		at := Destination{Telegram, "-100", string(lang)}
		w.prefs.kept[at] = Settings{Lang: lang, Zone: "Africa/Bamako"}
		for _, state := range []CardState{CardOpen, CardSent, CardHeld, CardGone} {
			card := someCard()
			card.State, card.Decided = state, testNow
			if state == CardSent {
				card.By.Name = "Awa"
			}
			golden(t, "card-content-"+string(state)+"."+string(lang), show(w.Card(t.Context(), card, at)))
		}
		for name, card := range map[string]Card{
			"first":    {State: CardOpen, Reach: Reach{Places: 1234, Waiting: 1234}, About: CardAbout{First: true}},
			"running":  {State: CardOpen, Reach: Reach{Places: 1234, Sent: 200, Waiting: 1033}},
			"stopped":  {State: CardHeld, By: Editor{Name: "Awa"}, Decided: testNow, Reach: Reach{Places: 1234, Sent: 200, Waiting: 1034}},
			"held":     {State: CardHeld, By: Editor{Name: "Awa"}, Decided: testNow, Reach: Reach{Places: 1234, Waiting: 1234}},
			"released": {State: CardOpen, By: Editor{Name: "Awa"}, Decided: testNow, Reach: Reach{Places: 1234, Sent: 200, Waiting: 1034}, About: CardAbout{First: true}},
			"done":     {State: CardDone, Decided: testNow, Reach: Reach{Places: 1234, Sent: 1230}},
			"too-late": {State: CardHeld, Decided: testNow, Reach: Reach{Places: 1234, Sent: 200}},
		} {
			card.ID, card.Kind = "c2", CardDigest
			card.About.Topics, card.About.Lang, card.About.From = []string{"velmora", "lakes-union"}, briefings.FR, testNow
			golden(t, "card-digest-"+name+"."+string(lang), show(w.Card(t.Context(), card, at)))
		}
	}
}

// TestEditorsDecide where the card is shown, if they administer that place, and
// who comes second reads what was decided.
func TestEditorsDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := &fakeDesk{cards: map[string]Card{"c1": someCard()}}
	w.desk = desk
	press := func(admin bool, place Place, name, line string) Reply {
		t.Helper()
		r, err := ParseLine(w.Table(), line)
		if err != nil {
			t.Fatal(err)
		}
		r.Lang, r.Place, r.User, r.Name = briefings.EN, place, "7", name
		r.Admin = func(context.Context) (bool, error) { return admin, nil }
		return w.Answer(t.Context(), r)
	}
	elsewhere := inGroup
	elsewhere.Thread = "8"
	for _, refused := range []Reply{
		press(false, inGroup, "", "/editors do:send id:c1"),
		press(true, elsewhere, "", "/editors do:send id:c1"),
		press(true, inPrivate, "", "/editors do:send id:c1"),
		press(true, inGroup, "", "/editors do:send id:c2"),
		press(true, inGroup, "", "/editors do:burn id:c1"),
	} {
		if !refused.Refused {
			t.Errorf("not refused: %s", refused.Text())
		}
	}
	if desk.decided != 0 {
		t.Fatalf("%d decisions of nobody", desk.decided)
	}
	long := "  Awa\n@everyone " + strings.Repeat("x", 200)
	r := press(true, inGroup, long, "/editors do:hold id:c1")
	if text := r.Text(); !strings.Contains(text, "Kept back by Awa @everyone xxx") || len(desk.cards["c1"].By.Name) > 60 || r.Private {
		t.Errorf("answer %q by %q", text, desk.cards["c1"].By.Name)
	}
	press(true, inGroup, "Issa", "/editors do:hold id:c1") // twice the same decides nothing
	if desk.decided != 1 || !strings.HasPrefix(desk.cards["c1"].By.Name, "Awa") {
		t.Errorf("%d decisions, the last by %q", desk.decided, desk.cards["c1"].By.Name)
	}
	if text := press(true, inGroup, "Issa", "/editors do:send id:c1").Text(); !strings.Contains(text, "Sent by Issa on 21 April 2026 at 09:30 (UTC)") {
		t.Errorf("answer %q", text)
	}
	if text := press(true, inGroup, "Awa", "/editors do:hold id:c1").Text(); !strings.Contains(text, "Sent by Issa") || desk.decided != 2 {
		t.Errorf("answer %q, want what was decided", text)
	}
	w.desk = nil
	if r := press(true, inGroup, "", "/editors do:send id:c1"); !r.Refused {
		t.Errorf("answer %q where there is no desk", r.Text())
	}
}

// TestHiddenCommands are in no list, menu or suggestion.
func TestHiddenCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if w.Table().Find("editors") == nil || w.Table().Offered().Find("editors") != nil {
		t.Error("want /editors in the table, and not offered")
	}
	for _, line := range []string{"/help", "/editor", "/editeurs"} {
		if text := show(w.ask(t, briefings.EN, inPrivate, line)); strings.Contains(text, "/editors") {
			t.Errorf("%s names /editors:\n%s", line, text)
		}
	}
	for _, ch := range w.completeCommand(Request{}, "editors") {
		if ch.Value == "editors" {
			t.Error("completed to /editors")
		}
	}
}
