package commands

import (
	"strconv"

	"griot/briefings"
)

// runningDigest tells of a digest that goes out, and lets it be stopped.
func (w *composer) runningDigest(card Card, zone clock) {
	about := card.About
	w.reply.Title = w.say(both("A digest goes out", "Un envoi part"))
	switch card.State {
	case CardHeld:
		w.reply.Title = w.say(both("A digest is stopped", "Un envoi est arrêté"))
		w.add(w.decided("Stopped", "Arrêté", card, zone))
	case CardDone:
		w.reply.Title = w.say(both("A digest went out", "Un envoi est parti"))
	default:
		if !card.Decided.IsZero() {
			w.add(w.decided("Released", "Relancé", card, zone))
		}
	}
	w.add(Block{Kind: List, Entries: w.digestFacts(card, zone)})
	switch {
	case card.State == CardOpen:
		if about.First && card.Decided.IsZero() {
			w.add(remark(w.say(both("You read it above before everybody else. Stop keeps it from going out.", "Vous le lisez ci-dessus avant tout le monde. « Arrêter » l’empêche de partir."))))
		}
		w.move(card, doHold, Danger, both("Stop", "Arrêter"))
	case card.State == CardHeld && card.Reach.Waiting > 0:
		stays, send := both("It waits until somebody sends it, or it is too late.", "Il attend que quelqu’un l’envoie, ou qu’il soit trop tard."), both("Send", "Envoyer")
		if card.Reach.Sent > 0 {
			stays, send = both("What was sent stays. The rest waits until somebody sends it, or it is too late.", "Ce qui est parti reste. Le reste attend que quelqu’un l’envoie, ou qu’il soit trop tard."), both("Send the rest", "Envoyer le reste")
		}
		w.add(remark(w.say(stays)))
		w.move(card, doGo, Success, send)
	}
}

// digestFacts are what a digest is, when it goes and how far it is.
func (w *composer) digestFacts(card Card, zone clock) [][]Span {
	about := card.About
	entry := func(label, value briefings.Text) []Span {
		return []Span{plain(w.say(label) + Words(w.lang).colon), strong(w.say(value))}
	}
	at := about.From.In(zone.loc)
	list := [][]Span{
		entry(both("Briefings", "Dossiers"), w.topicNames(about.Topics)),
		entry(both("Language", "Langue"), langName(about.Lang)),
		entry(both("When", "Quand"), both("%s at %s (%s)", "%s à %s (%s)", inWords(briefings.DateOf(at)), at.Format("15:04"), zone.zone)),
	}
	for _, n := range []struct {
		label briefings.Text
		n     int
	}{
		{both("Places", "Lieux"), card.Reach.Places},
		{both("Sent", "Envoyés"), card.Reach.Sent},
		{both("Waiting", "En attente"), card.Reach.Waiting},
		{both("Not arrived", "Non arrivés"), card.Reach.Places - card.Reach.Sent - card.Reach.Waiting},
	} {
		if n.n > 0 {
			list = append(list, entry(n.label, same(strconv.Itoa(n.n))))
		}
	}
	return list
}

func langName(lang briefings.Lang) briefings.Text {
	for _, ch := range langChoices() {
		if ch.Value == string(lang) {
			return ch.Label
		}
	}
	return same(string(lang))
}
