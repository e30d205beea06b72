package commands

import (
	"context"
	"strconv"

	"griot/briefings"
)

const disputedPage = 4

func (c *Core) disputedCommand() Command {
	return Command{
		Name: "disputed", Names: both("disputed", "conteste"),
		Summary: both("Who says what, where accounts differ", "Qui dit quoi, là où les récits diffèrent"),
		Options: []Option{
			c.topicOption(), langOption(), pageOption(),
			{Name: "event", Names: both("event", "evenement"), Summary: both("One event, by its id", "Un seul événement, par son identifiant"), Hidden: true},
		},
		Run: c.disputed,
	}
}

// disputed shows the events on which more than one account is given, with all
// of the accounts.
func (c *Core) disputed(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	if id := r.Option("event"); id != "" {
		return c.oneEvent(v, r, id)
	}
	title, within := both("Disputed", "Ce qui est contesté"), ""
	var t *briefings.Topic
	if name := r.Option("topic"); name != "" {
		if v.x.Event(name) != nil {
			return c.oneEvent(v, r, name)
		}
		var err error
		if t, err = c.findTopic(v, r, "topic", name); err != nil {
			return Reply{}, err
		}
		r.Options = withOptions(r.Options, "topic", t.Slug)
		within, title = t.Slug, both("Disputed: %s", "Ce qui est contesté : %s", t.Name)
	}
	differ := v.disputed(within)
	if len(differ) == 0 {
		e := wrong("No differing accounts are recorded here.", "Aucun récit divergent n’est enregistré ici.")
		if t != nil {
			e = wrong("No differing accounts are recorded on %s.", "Aucun récit divergent n’est enregistré sur %s.", t.Name).
				offer(t.Name, r.to(t.Command)).offer(both("All disputes", "Tout ce qui est contesté"), r.to("disputed"))
		}
		return Reply{}, e
	}
	lo, hi, page, pages, err := pageOf(r, len(differ), disputedPage)
	if err != nil {
		return Reply{}, err
	}
	w := v.compose(r, title.In(r.Lang))
	w.add(remark(w.say(differing(len(differ), page, pages))))
	var topics []string
	for _, e := range differ[lo:hi] {
		w.add(w.event(e))
		for i := range e.Claims {
			w.item(e.ID() + briefings.ID("#"+strconv.Itoa(i+1)))
		}
		topics = append(topics, e.Topics...)
	}
	if t != nil {
		topics = []string{t.Slug}
	}
	w.reply.AsOf = v.asOf(topics...)
	w.reply.Buttons = turners(r, page, pages, 0)
	if t != nil {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), r.to(t.Command), 1))
	}
	return w.reply, nil
}

func differing(n, page, pages int) briefings.Text {
	t := both("Accounts differ on %d events", "Les récits diffèrent sur %d événements", n)
	if n == 1 {
		t = both("Accounts differ on 1 event", "Les récits diffèrent sur 1 événement")
	}
	t = paged(t, page, pages)
	return both("%s. Each version stands with who gives it.", "%s. Chaque version est donnée avec son auteur.", t)
}
