package commands

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"griot/briefings"
)

// fromReader tells what a reader told the editors, and lets them answer.
func (w *composer) fromReader(card Card, zone clock) {
	k := card.Remark
	if k == nil {
		w.reply.Title = w.say(both("A report is gone", "Un signalement n’est plus là"))
		w.add(para(plain(w.say(both("Who wrote it took it back, or it was kept for as long as it may be.", "La personne qui l’a écrit l’a retiré, ou sa durée de conservation est écoulée.")))))
		return
	}
	w.reply.Title = w.say(both("A reader reports a problem", "Une personne signale une erreur"))
	switch card.State {
	case CardAnswered:
		w.add(w.decided("Answered", "Répondu", card, zone))
	case CardClosed:
		w.add(w.decided("Closed", "Classé", card, zone))
	}
	if k.Item != "" {
		about := both("About “%s”.", "À propos de « %s ».", w.name(k.Item))
		if k.N > 0 {
			about = both("About “%s”, version %d.", "À propos de « %s », version %d.", w.name(k.Item), k.N)
		}
		if k.Since > 0 {
			about = both("%s It has changed since.", "%s Cela a changé depuis.", about)
		}
		w.add(para(plain(w.say(about))))
	}
	w.add(Block{Kind: Quote, Spans: []Span{plain(k.Text)}})
	if k.Answer != "" {
		w.add(para(strong(w.say(both("Answer:", "Réponse :"))+" "), plain(strings.Join(strings.Fields(k.Answer), " "))))
	}
	from := both("Written in English on %s, %s.", "Écrit en anglais sur %s, %s.", platformName(k.Who.Platform), zone.at(k.Made, k.Made.AddDate(0, 0, -2)))
	if k.Lang == briefings.FR {
		from = both("Written in French on %s, %s.", "Écrit en français sur %s, %s.", platformName(k.Who.Platform), zone.at(k.Made, k.Made.AddDate(0, 0, -2)))
	}
	wants := both("No answer is wanted.", "Aucune réponse n’est attendue.")
	if k.Wants {
		wants = both("An answer is wanted.", "Une réponse est attendue.")
	}
	w.add(remark(w.say(both("%s %s", "%s %s", from, wants))))
	if card.State != CardOpen {
		return
	}
	if k.Wants {
		w.move(card, doAnswer, Primary, both("Answer", "Répondre"))
	}
	w.move(card, doClose, Secondary, both("Close", "Classer"))
}

func platformName(p Platform) string {
	switch p {
	case Discord:
		return "Discord"
	case Telegram:
		return "Telegram"
	}
	return string(p)
}

// answerRemark answers what a reader told: it asks for the words, or sends them.
func (c *Core) answerRemark(ctx context.Context, r Request, card Card) (Reply, error) {
	k := card.Remark
	switch {
	case card.Kind != CardRemark || k == nil:
		return Reply{}, wrong("There is nothing to answer here.", "Il n’y a rien à quoi répondre ici.")
	case card.State != CardOpen:
		return Reply{}, answeredBefore(card)
	case !k.Wants:
		return Reply{}, wrong("Who wrote this wants no answer. Close it instead.", "La personne qui a écrit cela n’attend pas de réponse. Classez-le plutôt.")
	}
	lang, _ := c.deskTongue(ctx, r.Place.Destination)
	w := c.view().compose(Request{Lang: lang}, "")
	w.reply.Lang = lang
	text := strings.TrimSpace(r.Option("text"))
	switch n := utf8.RuneCountInString(text); {
	case text == "":
		w.reply.Title = w.say(both("Answer the reader", "Répondre à la personne"))
		w.add(para(plain(w.say(both("Write your answer. It goes to who wrote this, in private, once.", "Écrivez votre réponse. Elle part à la personne qui a écrit, en privé, une seule fois.")))))
		w.reply.Prompt = &Prompt{
			Title: w.reply.Title, Label: w.say(both("Your answer", "Votre réponse")), Hint: w.say(both("Who wrote it reads this", "La personne qui a écrit le lira")),
			Line: r.again("text", ""), Option: "text", Most: maxRemark,
		}
		return w.reply, nil
	case n > maxRemark:
		return Reply{}, wrong("That is %d characters long. Please tell it in %d at most.", "Cela fait %d caractères. Dites-le en %d au plus, s’il vous plaît.", n, maxRemark)
	}
	ok, err := c.desk.Answer(ctx, card.Subject, text, editorOf(r), r.Now)
	if err != nil {
		return Reply{}, fmt.Errorf("answer a report: %w", err)
	}
	if !ok {
		if card, _, err = c.desk.Card(ctx, card.ID); err != nil {
			return Reply{}, fmt.Errorf("read a card: %w", err)
		}
		return Reply{}, answeredBefore(card)
	}
	w.reply.Private = true
	w.reply.Title = w.say(both("Answered", "Répondu"))
	w.add(para(plain(w.say(both("Your answer is on its way.", "Votre réponse est en route.")))))
	return w.reply, nil
}

// answeredBefore says that another editor was quicker.
func answeredBefore(card Card) error {
	if card.State == CardClosed {
		return wrong("This report was closed already.", "Ce signalement est déjà classé.")
	}
	if card.By.Name == "" {
		return wrong("This report was answered already. One answer is enough.", "On a déjà répondu à ce signalement. Une seule réponse suffit.")
	}
	return wrong("%s has answered this report already. One answer is enough.", "%s a déjà répondu à ce signalement. Une seule réponse suffit.", card.By.Name)
}
