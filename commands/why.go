package commands

import (
	"context"
	"fmt"
	"strconv"

	"griot/briefings"
)

// whyMany is how many sends before and after now are shown.
const whyMany = 5

// digestWhy tells where a digest comes from, when the next ones come, what
// became of the last ones, and who may end it.
func (c *Core) digestWhy(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	past, next, err := c.digests.History(ctx, s.To, s.ID, whyMany)
	if err != nil {
		return Reply{}, fmt.Errorf("history of a digest: %w", err)
	}
	others, err := c.digests.List(ctx, s.To)
	if err != nil {
		return Reply{}, fmt.Errorf("list digests: %w", err)
	}
	w := c.view().compose(r, both("Why this digest comes", "Pourquoi cet envoi arrive").In(r.Lang))
	w.reply.Private = aside(r, true)
	since := briefings.Text{}
	if !s.Created.IsZero() {
		since = both(" on %s", " le %s", inWords(briefings.DateOf(s.Created.UTC())))
	}
	asked := both("Somebody who administers this place asked for it%s. Those who do can stop it at any time.",
		"Une personne qui administre ce lieu l’a demandé%s. Qui l’administre peut l’arrêter à tout moment.", since)
	if r.Place.Private {
		asked = both("You asked for it%s, and can stop it at any time.", "Vous l’avez demandé%s et pouvez l’arrêter à tout moment.", since)
	}
	w.add(remark(w.say(asked)), w.summary(s))
	if s.To != r.Place.Destination {
		w.add(remark(w.say(both("It goes to %s.", "Lieu : %s.", placeWords(s)))))
	}
	w.coming(s, past, next)
	w.merged(s, others)
	w.past(r, s, past)
	w.reply.Buttons = w.digestButtons(s, 0, false)
	return w.reply, nil
}

// coming lists when a digest comes next, or says why it does not.
func (w *composer) coming(s Subscription, past, next []Sending) {
	w.add(heading(w.say(both("Next", "À venir"))))
	if len(next) == 0 {
		w.add(remark(w.state(s)))
		return
	}
	k := clockOf(s)
	var before Sending
	if len(past) > 0 {
		before = past[0]
	}
	var list [][]Span
	for _, n := range next {
		line := []Span{strong(upperFirst(w.say(k.moment(n.Slot))))}
		for _, note := range k.notes(s, n, before) {
			line = append(line, plain("; "), plain(w.say(note)))
		}
		list = append(list, line)
		before = n
	}
	w.add(Block{Kind: List, Entries: list})
}

// merged names the digests of the place that come in one message with this one.
func (w *composer) merged(s Subscription, others []Subscription) {
	var list [][]Span
	for _, o := range others {
		if o.ID != s.ID && !s.Paused && s.Stopped == "" && !o.Paused && o.Stopped == "" && o.Lang == s.Lang && o.Next.Equal(s.Next) {
			list = append(list, []Span{strong(o.ID), plain(" " + w.say(w.describe(o)))})
		}
	}
	if len(list) > 0 {
		w.add(remark(w.say(both("The next one comes in one message with what is due at the same time:", "Le prochain arrive dans un même message avec ce qui est prévu à la même heure :"))), Block{Kind: List, Entries: list})
	}
}

// past lists what became of the last ones.
func (w *composer) past(r Request, s Subscription, past []Sending) {
	w.add(heading(w.say(both("The last ones", "Les derniers"))))
	if len(past) == 0 {
		w.add(remark(w.say(both("None has come yet.", "Aucun n’est encore arrivé."))))
		return
	}
	k := clockOf(s)
	var list [][]Span
	for _, p := range past {
		line := []Span{strong(upperFirst(w.say(k.moment(p.Slot)))), plain(Words(w.lang).colon)}
		if p.Asked {
			line = append(line, plain(w.say(both("asked for with Send now, ", "demandé avec Envoyer maintenant, "))))
		}
		list = append(list, append(line, w.outcome(r, s, k, p)...))
	}
	w.add(Block{Kind: List, Entries: list})
}

// outcome says what became of a digest; what arrived is linked where it can be.
func (w *composer) outcome(r Request, s Subscription, k clock, p Sending) []Span {
	why, cure := briefings.Text{}, briefings.Text{}
	if p.Cause != "" {
		why, cure = stopWords(s, p.Cause)
	}
	say := func(en, fr string, args ...any) []Span { return []Span{plain(w.say(both(en, fr, args...)))} }
	switch p.State {
	case SendArrived:
		return w.arrived(k, p)
	case SendPartly:
		out := append(say("%d of %d messages arrived", "%d messages sur %d sont arrivés", p.Arrived, p.Parts), links(p, Words(w.lang).colon)...)
		if p.Cause != "" {
			out = append(out, say(". %s %s", ". %s %s", why, cure)...)
		}
		return out
	case SendComing:
		switch {
		case p.Cause == CauseQuietHours:
			return say("waits for the end of the quiet hours, %s", "attend la fin des heures calmes, %s", k.at(p.When, p.Slot))
		case p.Cause != "":
			return say("not taken so far. %s %s It is tried again %s.", "pas encore accepté. %s %s Nouvel essai %s.", why, cure, k.at(p.When, p.Slot))
		case p.When.After(r.Now):
			return say("on its way, tried again %s", "en route, nouvel essai %s", k.at(p.When, p.Slot))
		}
		return say("on its way", "en route")
	case SendDoubt:
		return say("may have arrived; the platform did not say", "peut-être arrivé ; la plateforme ne l’a pas dit")
	case SendQuiet:
		return say("nothing was new, so nothing was sent", "rien de nouveau, donc rien d’envoyé")
	case SendLate:
		return say("given up, it would have come too late", "abandonné, il serait arrivé trop tard")
	case SendHeld:
		return say("not sent, it was paused or stopped meanwhile", "non envoyé, il a été suspendu ou arrêté entre-temps")
	case SendRefused:
		return say("not taken. %s %s", "refusé. %s %s", why, cure)
	}
	return say("not sent, by a fault of mine that is noted", "non envoyé, par une erreur de ma part, qui est notée")
}

// arrived says that a digest came, how late and in how many messages.
func (w *composer) arrived(k clock, p Sending) []Span {
	word := both("arrived", "arrivé")
	if p.When.Sub(p.Slot) >= lateness {
		word = both("arrived %s", "arrivé %s", k.at(p.When, p.Slot))
	}
	var out []Span
	if len(p.Links) == 1 && p.Parts == 1 {
		out = []Span{{Kind: Link, Text: w.say(word), URL: p.Links[0]}}
	} else {
		out = []Span{plain(w.say(word))}
	}
	if p.InChat {
		out = append(out, plain(w.say(both(", in the chat itself as its place is closed or gone", ", dans la discussion principale, son lieu étant fermé ou disparu"))))
	}
	if p.Parts > 1 {
		out = append(out, plain(w.say(both(", in %d messages", ", en %d messages", p.Parts))))
		out = append(out, links(p, Words(w.lang).colon)...)
	}
	return out
}

// links number the messages that arrived.
func links(p Sending, lead string) []Span {
	var out []Span
	for i, address := range p.Links {
		out = append(out, plain(lead), Span{Kind: Link, Text: strconv.Itoa(i + 1), URL: address})
		lead = ", "
	}
	return out
}
