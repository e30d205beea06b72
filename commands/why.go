package commands

import (
	"context"

	"griot/briefings"
)

// digestWhy tells where a digest comes from and who may end it.
func (c *Core) digestWhy(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
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
	w.add(remark(w.say(asked)), w.summary(s), remark(w.state(s)))
	w.reply.Buttons = w.digestButtons(s, 0, false)
	return w.reply, nil
}
