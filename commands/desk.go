package commands

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/briefings"
)

// CardKind is what a card is about.
type CardKind string

// The kinds of cards.
const (
	CardContent CardKind = "content" // changed content that looks wrong
	CardDigest  CardKind = "digest"  // a digest that goes out
	CardRemark  CardKind = "report"  // what a reader told
)

// CardState is where a card stands.
type CardState string

// The states of a card.
const (
	CardOpen CardState = "open" // somebody has to decide
	CardSent CardState = "sent" // it goes on
	CardHeld CardState = "held" // it is kept back
	CardGone CardState = "gone" // there is nothing left to decide
	CardDone CardState = "done" // it was carried out
	// Of what a reader told:
	CardAnswered CardState = "answered"
	CardClosed   CardState = "closed" // without an answer
)

// Editor is who decides.
type Editor struct {
	Platform Platform
	User     string // id on the platform; empty at the command line and of an administrator without a name
	Name     string // as the platform shows it; may be empty
}

// Card is something that editors are shown at their place and decide on.
type Card struct {
	ID      string // short; buttons carry it
	Kind    CardKind
	Subject string      // what it is about: the hash of content, a run, the id of a remark
	At      Destination // where it is shown; zero when it is not yet
	State   CardState
	By      Editor // who decided
	Decided time.Time
	About   CardAbout
	Reach   Reach   // of a digest, as it stands
	Remark  *Remark // what a reader told; nil when it is not kept any more
}

// Reach is how many places a digest goes to, and how far it is.
type Reach struct{ Places, Sent, Waiting int }

// CardAbout is what a card tells besides.
type CardAbout struct {
	Pack    string           `json:"pack,omitempty"`    // name of the content
	Changes int              `json:"changes,omitempty"` // items that are new, changed or gone in it
	Doubts  []briefings.Text `json:"doubts,omitempty"`  // what looks wrong, in sentences
	Topics  []string         `json:"topics,omitempty"`  // slugs, of a digest
	Lang    briefings.Lang   `json:"lang,omitempty"`    // of a digest
	From    time.Time        `json:"from,omitzero"`     // when a digest goes out
	First   bool             `json:"first,omitempty"`   // editors are shown it before the others
}

// Desk keeps what editors decide on.
type Desk interface {
	// Card returns a card as it stands; false when there is none.
	Card(ctx context.Context, id string) (Card, bool, error)
	// Decide brings a card from the state it is told in into another one, and does
	// what that means. It is false when the card is in another state by now.
	Decide(ctx context.Context, c Card, state CardState, by Editor, now time.Time) (bool, error)
	// Answer answers what a reader told, once, and has them told if they wish it.
	// It is false when that was answered or closed before.
	Answer(ctx context.Context, id, answer string, by Editor, now time.Time) (bool, error)
}

// The moves that buttons of cards stand for.
const (
	doSend   = "send"
	doHold   = "hold"
	doGo     = "go"
	doClose  = "close"
	doAnswer = "answer"
)

var moves = map[string]CardState{doSend: CardSent, doHold: CardHeld, doGo: CardOpen, doClose: CardClosed}

func (c *Core) editorsCommand() Command {
	return Command{
		Name: "editors", Names: both("editors", "redaction"), Hidden: true, Admin: true,
		Summary: both("Decide on what is shown at the editors’ place", "Décider de ce qui est montré dans le lieu de la rédaction"),
		Options: []Option{
			{Name: "do", Names: both("do", "faire"), Summary: both("What to do", "Que faire"), Required: true, Hidden: true},
			{Name: "id", Names: both("id", "id"), Summary: both("With which card", "Avec quelle fiche"), Required: true, Hidden: true},
			{Name: "text", Names: both("text", "texte"), Summary: both("The answer", "La réponse"), Hidden: true},
		},
		Run: c.editors,
	}
}

// editors decides on a card, where it is shown: who administers another place
// decides nothing here.
func (c *Core) editors(ctx context.Context, r Request) (Reply, error) {
	if c.desk == nil {
		return Reply{}, wrong("There is no editors’ place here.", "Il n’y a pas de lieu de rédaction ici.")
	}
	card, ok, err := c.desk.Card(ctx, r.Option("id"))
	if err != nil {
		return Reply{}, fmt.Errorf("read a card: %w", err)
	}
	if !ok || card.At != r.Place.Destination {
		return Reply{}, wrong("There is nothing to decide here. What is to be decided is shown at the editors’ place, with buttons.",
			"Il n’y a rien à décider ici. Ce qui est à décider est montré, avec des boutons, dans le lieu de la rédaction.")
	}
	if r.Option("do") == doAnswer {
		return c.answerRemark(ctx, r, card)
	}
	state, ok := moves[r.Option("do")]
	if !ok {
		return Reply{}, wrong("The buttons of the card say what can be done.", "Les boutons de la fiche disent ce que l’on peut faire.")
	}
	if card.State != state && card.offers(state) {
		if _, err := c.desk.Decide(ctx, card, state, editorOf(r), r.Now); err != nil {
			return Reply{}, fmt.Errorf("decide on a card: %w", err)
		}
		if card, ok, err = c.desk.Card(ctx, card.ID); err != nil || !ok {
			return Reply{}, fmt.Errorf("read a card anew: %w", err)
		}
	}
	return c.Card(ctx, card, r.Place.Destination), nil
}

func editorOf(r Request) Editor {
	return Editor{Platform: r.Place.Platform, User: r.User, Name: shownName(r.Name)}
}

// offers reports whether a card has the button that leads to a state.
func (card Card) offers(state CardState) bool {
	switch card.Kind {
	case CardContent:
		return card.State == CardOpen && (state == CardSent || state == CardHeld) || card.State == CardHeld && state == CardSent
	case CardDigest:
		return card.State == CardOpen && state == CardHeld || card.State == CardHeld && state == CardOpen
	case CardRemark:
		return card.State == CardOpen && state == CardClosed
	}
	return false
}

// shownName is a name as it is shown and kept: one line, not too long.
func shownName(name string) string {
	return cut(strings.Join(strings.Fields(name), " "), 40)
}

// Card is how a card reads at a place, in the language its administrators chose
// for it: what it is about, what was decided by whom and when, and what can be
// done. It is one message.
func (c *Core) Card(ctx context.Context, card Card, at Destination) Reply {
	lang, zone := c.deskTongue(ctx, at)
	w := c.view().compose(Request{Lang: lang}, "")
	w.reply.Command, w.reply.Lang = "editors", lang
	switch card.Kind {
	case CardContent:
		w.heldContent(card, zone)
	case CardDigest:
		w.runningDigest(card, zone)
	case CardRemark:
		w.fromReader(card, zone)
	}
	return w.reply
}

// deskTongue is the language and the clock of a place where editors decide.
func (c *Core) deskTongue(ctx context.Context, at Destination) (briefings.Lang, clock) {
	lang, zone := briefings.EN, clock{"UTC", time.UTC}
	if all, err := c.prefs.get(ctx, c.now(), at); err == nil && len(all) == 1 {
		if all[0].Lang == briefings.FR {
			lang = briefings.FR
		}
		if all[0].zone != nil {
			zone = clock{all[0].Zone, all[0].zone}
		}
	}
	return lang, zone
}

// decided says who decided what and when: "Sent by Awa on 28 November 2026 at 23:55 (UTC)."
func (w *composer) decided(en, fr string, card Card, zone clock) Block {
	at := zone.at(card.Decided, time.Time{})
	if card.By.Name == "" {
		return para(strong(w.say(both(en+" %s.", fr+" %s.", at))))
	}
	return para(strong(w.say(both(en+" by %s %s.", fr+" par %s %s.", card.By.Name, at))))
}

func (w *composer) move(card Card, do string, style ButtonStyle, label briefings.Text) {
	b := button(w.say(label), "/editors do:"+do+" id:"+card.ID, 0)
	b.Style = style
	w.reply.Buttons = append(w.reply.Buttons, b)
}

// mostDoubts is how many doubts a card names.
const mostDoubts = 8

// heldContent tells of content that looks wrong.
func (w *composer) heldContent(card Card, zone clock) {
	about := card.About
	w.reply.Title = w.say(both("Changed content waits for you", "Un contenu modifié attend votre décision"))
	switch card.State {
	case CardSent:
		w.reply.Title = w.say(both("Changed content was sent", "Le contenu modifié a été envoyé"))
		w.add(w.decided("Sent", "Envoyé", card, zone))
	case CardHeld:
		w.reply.Title = w.say(both("Changed content is kept back", "Le contenu modifié est retenu"))
		w.add(w.decided("Kept back", "Retenu", card, zone))
	case CardGone:
		w.reply.Title = w.say(both("Changed content is not there any more", "Le contenu modifié n’est plus là"))
		w.add(para(strong(w.say(both("Its files were changed again, or it was taken into use: there is nothing left to decide.",
			"Ses fichiers ont changé de nouveau, ou il a été mis en service : il n’y a plus rien à décider.")))))
	}
	pack := same(about.Pack)
	if p := w.x.Pack(); p.Name == about.Pack && p.Title != (briefings.Text{}) {
		pack = p.Title
	}
	changes := both("%d items change in “%s”, and this looks wrong:", "%d éléments changent dans « %s », et ceci semble anormal :", about.Changes, pack)
	if about.Changes == 1 {
		changes = both("One item changes in “%s”, and this looks wrong:", "Un élément change dans « %s », et ceci semble anormal :", pack)
	}
	var list [][]Span
	for _, d := range about.Doubts[:min(len(about.Doubts), mostDoubts)] {
		list = append(list, []Span{plain(cut(w.say(d), 300))})
	}
	if more := len(about.Doubts) - mostDoubts; more > 0 {
		list = append(list, []Span{plain(w.say(both("And %d more; griot content shows them.", "Et %d de plus ; griot content les montre.", more)))})
	}
	w.add(para(plain(w.say(changes))), Block{Kind: List, Entries: list})
	switch card.State {
	case CardOpen:
		w.add(remark(w.say(both("Readers see the version before until you decide. Send takes this one into use, Hold keeps it away; mended files are looked at anew.",
			"Les lecteurs voient la version précédente tant que vous n’avez pas décidé. « Envoyer » met celle-ci en service, « Retenir » l’écarte ; des fichiers corrigés sont examinés de nouveau."))))
		w.move(card, doSend, Success, both("Send", "Envoyer"))
		w.move(card, doHold, Danger, both("Hold", "Retenir"))
	case CardHeld:
		w.add(remark(w.say(both("Readers see the version before. Mended files are looked at anew.", "Les lecteurs voient la version précédente. Des fichiers corrigés sont examinés de nouveau."))))
		w.move(card, doSend, Secondary, both("Send after all", "Envoyer quand même"))
	}
}
