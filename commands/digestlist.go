package commands

import (
	"context"
	"errors"
	"fmt"

	"griot/briefings"
)

// theOne finds the digest meant: by its id, or the only one there is.
func (c *Core) theOne(ctx context.Context, r Request) (Subscription, error) {
	if c.digests == nil {
		return Subscription{}, noDigests()
	}
	subs, err := c.digests.List(ctx, r.Place.Destination)
	if err != nil {
		return Subscription{}, fmt.Errorf("list digests: %w", err)
	}
	id := r.Option("id")
	for _, s := range subs {
		if s.ID == id || id == "" && len(subs) == 1 {
			return s, nil
		}
	}
	if id != "" {
		others, err := c.elsewhere(ctx, r)
		if err != nil {
			return Subscription{}, err
		}
		for _, s := range others {
			if s.ID == id {
				return s, nil
			}
		}
	}
	e := wrong("There is no digest “%s” in this place. /digest list shows those there are.", "Il n’y a pas d’envoi « %s » dans ce lieu. /digest list montre ceux qui existent.", clip(id))
	switch {
	case len(subs) == 0:
		e = wrong("This place has no digests. /digest subscribe starts one.", "Ce lieu n’a pas d’envois. /digest subscribe en commence un.").offer(subscribeName, "/digest subscribe")
	case id == "":
		e = wrong("This place has several digests. Which one?", "Ce lieu a plusieurs envois. Lequel ?")
		e.Err = errWhich
	}
	for _, s := range subs {
		e.offer(c.view().describe(s), r.again("id", s.ID))
	}
	return Subscription{}, e
}

// errWhich says that something has to be chosen first: a question, no refusal.
var errWhich = errors.New("which one")

// elsewhere finds the digests of other threads of the chat, for those who
// administer it: a topic that is closed or gone takes no commands itself.
func (c *Core) elsewhere(ctx context.Context, r Request) ([]Subscription, error) {
	if r.Place.Private {
		return nil, nil
	}
	others, err := c.digests.Elsewhere(ctx, r.Place.Destination)
	if err != nil {
		return nil, fmt.Errorf("list digests of the chat: %w", err)
	}
	if len(others) == 0 || allowed(ctx, r) != nil {
		return nil, nil
	}
	return others, nil
}

var subscribeName = both("Subscribe", "S’abonner")

// listPage is how many digests a list shows at once: one row of buttons each,
// and one for the rest.
const listPage = 4

func (c *Core) digestList(ctx context.Context, r Request) (Reply, error) {
	if c.digests == nil {
		return Reply{}, noDigests()
	}
	subs, err := c.digests.List(ctx, r.Place.Destination)
	if err != nil {
		return Reply{}, fmt.Errorf("list digests: %w", err)
	}
	others, err := c.elsewhere(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	lo, hi, page, pages, err := pageOf(r, len(subs), listPage)
	if err != nil {
		return Reply{}, err
	}
	w := c.view().compose(r, paged(both("Digests of this place", "Envois de ce lieu"), page, pages).In(r.Lang))
	w.reply.Private = aside(r, true)
	if len(subs) == 0 {
		w.add(remark(w.say(both("This place has no digests yet.", "Ce lieu n’a pas encore d’envois."))))
	}
	for i, s := range subs[lo:hi] {
		w.add(w.listed(s, briefings.Text{}))
		w.reply.Buttons = append(w.reply.Buttons, w.digestButtons(s, i, len(subs) > 1)...)
	}
	if len(subs) == 1 {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(subLabels["why"]), digestLine("why", subs[0].ID), 1))
	}
	if page == pages {
		w.others(others)
	}
	w.reply.Buttons = append(w.reply.Buttons, turners(r, page, pages, 4)...)
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("New digest", "Nouvel envoi")), "/digest subscribe", 4))
	return w.reply, nil
}

// listed is a digest in a list, and where it goes when that is another place.
func (w *composer) listed(s Subscription, place briefings.Text) Block {
	name := w.describe(s)
	if s.Lang != w.lang {
		name = both("%s, in English", "%s, en anglais", name)
		if s.Lang == briefings.FR {
			name = both("%s, in French", "%s, en français", w.describe(s))
		}
	}
	spans := []Span{strong(w.say(name)), plain(". " + w.state(s))}
	if place != (briefings.Text{}) {
		spans = append(spans, plain(" "+w.say(both("Place: %s.", "Lieu : %s.", place))))
	}
	return Block{Kind: Fact, Label: s.ID, Spans: spans}
}

// others lists the digests of other threads of the chat, to those who administer it.
func (w *composer) others(list []Subscription) {
	if len(list) == 0 {
		return
	}
	w.add(heading(w.say(both("Elsewhere in this chat", "Ailleurs dans cette discussion"))))
	for _, s := range list {
		w.add(w.listed(s, placeWords(s)))
	}
	w.add(para(Span{Kind: Emphasis, Text: w.say(both("Their ids work here too. To have one come here:", "Leurs identifiants valent aussi ici. Pour en faire venir un ici :")) + " "},
		Span{Kind: Code, Text: digestHere(list[0].ID)}))
}

// digestHere is the line that moves a digest to where it is written.
func digestHere(id string) string {
	return Request{Command: "digest", Sub: "edit"}.again(digestID, id, "here", "yes")
}

// digestButtons are what can be done with one digest, in a row. Their labels
// name it where the place has others.
func (w *composer) digestButtons(s Subscription, row int, named bool) []Button {
	label := func(sub string) string {
		if named {
			return w.say(subLabels[sub]) + " " + s.ID
		}
		return w.say(subLabels[sub])
	}
	var out []Button
	hold := "pause"
	if s.Paused || s.Stopped != "" {
		hold = "resume"
	}
	for _, sub := range [...]string{"preview", "edit", "now", hold, "stop"} {
		out = append(out, button(label(sub), digestLine(sub, s.ID), row))
	}
	out[len(out)-1].Style = Danger
	return out
}
