package commands

import (
	"context"
	"fmt"
	"strings"
	"time"

	"griot/briefings"
)

// pinList shows the pins of a place, where they are, and what to do about them.
func (c *Core) pinList(ctx context.Context, r Request) (Reply, error) {
	if c.pins == nil {
		return Reply{}, noPins()
	}
	list, err := c.pins.Pinned(ctx, r.Place.Destination)
	if err != nil {
		return Reply{}, fmt.Errorf("list pins: %w", err)
	}
	lo, hi, page, pages, err := pageOf(r, len(list), listPage)
	if err != nil {
		return Reply{}, err
	}
	w := c.view().compose(r, paged(both("Briefings pinned here", "Dossiers épinglés ici"), page, pages).In(r.Lang))
	if len(list) == 0 {
		w.add(remark(w.say(both("I keep no briefing pinned here yet. /pin and the name of one pins it: a message that is always up to date.",
			"Je ne garde encore aucun dossier épinglé ici. /pin suivi d’un nom l’épingle : un message toujours à jour."))))
		w.reply.Buttons = []Button{button(w.say(both("How to pin", "Comment épingler")), "/help command:pin", 0)}
		return w.reply, nil
	}
	for i, p := range list[lo:hi] {
		w.add(w.pinEntry(p, r.Zone))
		w.reply.Buttons = append(w.reply.Buttons, w.pinButtons(p, i, len(list) > 1)...)
	}
	w.add(remark(w.say(both("One that somebody unpins stays unpinned, and is still kept up to date; “Pin again” pins it.",
		"Un message que quelqu’un désépingle le reste, et est toujours tenu à jour ; « Épingler de nouveau » l’épingle."))))
	w.reply.Buttons = append(w.reply.Buttons, turners(r, page, pages, 4)...)
	return w.reply, nil
}

// pinEntry is one pin of a list: what it shows, how it stands, where it is.
func (w *composer) pinEntry(p Pin, zone *time.Location) Block {
	spans := []Span{plain(upperFirst(w.say(pinShows(p, w.lang))) + ". " + w.say(w.pinState(p, zone)))}
	if p.Link != "" {
		spans = append(spans, plain(" "), Span{Kind: Link, Text: w.say(openName), URL: p.Link})
	}
	return Block{Kind: Fact, Label: w.say(w.pinName(p.Topic)), Spans: spans}
}

// pinButtons are what can be done with one pin, in a row.
func (w *composer) pinButtons(p Pin, row int, named bool) []Button {
	label := func(what briefings.Text) string {
		if named {
			return labelOf(w.say(what) + Words(w.lang).colon + w.say(w.pinName(p.Topic)))
		}
		return w.say(what)
	}
	out := []Button{button(label(againName), pinLine("pin", p.Topic), row), button(label(unpinName), pinLine("unpin", p.Topic), row)}
	out[1].Style = Danger
	return out
}

// pinName names the briefing of a pin, one that is not there any more too.
func (w *composer) pinName(slug string) briefings.Text {
	if t := w.x.Topic(slug); t != nil {
		return t.Name
	}
	return briefings.Same(slug)
}

// pinShows tells which parts of its briefing a pin shows, and in which language
// when that is not the reader's.
func pinShows(p Pin, lang briefings.Lang) briefings.Text {
	out := both("the summary and the situation", "le résumé et la situation")
	for i, kind := range strings.Split(p.Sections, ",") {
		name, known := sectionNames[briefings.SectionKind(kind)]
		if !known {
			continue
		}
		name = both("“%s”", "« %s »", name)
		if i > 0 {
			name = both("%s, %s", "%s, %s", out, name)
		}
		out = name
	}
	switch {
	case p.Lang == lang:
	case p.Lang == briefings.FR:
		out = both("%s, in French", "%s, en français", out)
	default:
		out = both("%s, in English", "%s, en anglais", out)
	}
	return out
}

// pinState says how a pin stands, and what to do where something is amiss.
func (w *composer) pinState(p Pin, zone *time.Location) briefings.Text {
	if w.topic(p.Topic) == nil && p.Stands {
		return both("The briefing is closed; the message says so.", "Le dossier est clos ; le message le dit.")
	}
	if why := w.pinTrouble(p); why != (briefings.Text{}) {
		if p.Stopped == "" {
			return both("Kept up to date, but not pinned. %s", "Tenu à jour, mais pas épinglé. %s", why)
		}
		return why
	}
	switch {
	case !p.Stands:
		return both("On its way.", "En route.")
	case p.PinnedAt.IsZero():
		return both("Kept up to date, and about to be pinned.", "Tenu à jour, et bientôt épinglé.")
	}
	at := p.PinnedAt.UTC()
	if zone != nil {
		at = at.In(zone)
	}
	y, m, d := at.Date()
	return both("Kept up to date. I pinned it on %s.", "Tenu à jour. Je l’ai épinglé le %s.", inWords(briefings.Date{Year: y, Month: int(m), Day: d}))
}

// pinTrouble says why a pin is not kept up to date or not pinned, and what cures
// that; nothing when all is well.
func (w *composer) pinTrouble(p Pin) briefings.Text {
	at := Subscription{To: p.To, Guild: p.Guild}
	cause := p.Stopped
	if cause == "" {
		cause = p.Unpinned
	}
	code, rights, _ := strings.Cut(cause, ":")
	then := both("Then press “Pin again”.", "Appuyez ensuite sur « Épingler de nouveau ».")
	if p.Stopped != "" {
		then = both("I try again each day; “Pin again” tries at once.", "Je réessaie chaque jour ; « Épingler de nouveau » réessaie tout de suite.")
	}
	switch code {
	case "":
		return briefings.Text{}
	case StopLost:
		return both("Its message was deleted, and so was the one I posted in its place. “Pin again” posts it once more, “Unpin” ends it.",
			"Son message a été supprimé, et celui que j’ai publié à sa place aussi. « Épingler de nouveau » le republie, « Désépingler » y met fin.")
	case StopUnknown:
		return both("Its message may have arrived or not: the platform did not say. If you do not see it, “Pin again” posts it.",
			"Son message est peut-être arrivé : la plateforme ne l’a pas dit. Si vous ne le voyez pas, « Épingler de nouveau » le publie.")
	case StopPinLimit:
		return both("This place has as many pinned messages as the platform allows. Unpin one that is not needed. %s",
			"Ce lieu a autant de messages épinglés que la plateforme en permet. Désépinglez-en un qui n’est plus utile. %s", then)
	case StopForbidden:
		return both("%s %s", "%s %s", rightWords(at, rights), then)
	case StopThread, StopGone:
		why, cure := stopWords(at, code)
		if code == StopThread {
			cure = both("Open it again.", "Rouvrez-le.")
		}
		return both("%s %s %s", "%s %s %s", why, cure, then)
	}
	return both("The platform did not take it, and that is our fault: the operator of this bot can see why. %s",
		"La plateforme ne l’a pas accepté, et c’est notre faute : l’exploitant de ce bot peut voir pourquoi. %s", then)
}
