package commands

import (
	"context"
	"fmt"

	"griot/briefings"
)

func (c *Core) forgetCommand() Command {
	return Command{
		Name: "forget", Names: both("forget", "oublier"), Private: true,
		Summary: both("Delete what is stored about you or this place", "Supprimer ce qui est conservé sur vous ou sur ce lieu"),
		Options: []Option{
			scopeOption(both("Whose data", "Les données de qui")), langOption(),
			{Name: "confirm", Names: both("confirm", "confirmer"), Summary: both("Yes, delete", "Oui, supprimer"), Hidden: true},
		},
		Run: c.forget,
	}
}

// forget deletes everything stored about a person or a place, after asking once.
func (c *Core) forget(ctx context.Context, r Request) (Reply, error) {
	if c.prefs.store == nil {
		return Reply{}, wrong("Nothing is stored here, so there is nothing to delete.", "Rien n’est conservé ici, il n’y a donc rien à supprimer.")
	}
	place, err := settingsOfPlace(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	w := c.view().compose(r, both("Delete stored data", "Supprimer les données conservées").In(r.Lang))
	w.reply.Private = aside(r, place)
	if r.Option("confirm") != "yes" {
		ask := both("This deletes your settings, when you last looked at what changed, what you reported to the editors, and your number from the digests you asked for in shared places, which stay. It cannot be undone.",
			"Cela supprime vos réglages, la date de vos dernières visites, ce que vous avez signalé à la rédaction, et votre numéro des envois que vous avez demandés dans des lieux partagés, qui restent. Cela ne peut être annulé.")
		switch {
		case place:
			ask = both("This deletes this place’s settings, all its digests and its pins, and cannot be undone. Messages that were posted stay; unpin those that are pinned by hand, or with /unpin before.", "Cela supprime les réglages de ce lieu, tous ses envois et ses épingles, et ne peut être annulé. Les messages publiés restent ; désépinglez à la main ceux qui sont épinglés, ou avec /unpin avant.")
		case r.Place.Private:
			ask = both("This deletes your settings, when you last looked at what changed, what you reported to the editors, all your digests and pins here, and your number from those you asked for in shared places, which stay. It cannot be undone.",
				"Cela supprime vos réglages, la date de vos dernières visites, ce que vous avez signalé à la rédaction, tous vos envois et vos épingles ici, et votre numéro de ceux que vous avez demandés dans des lieux partagés, qui restent. Cela ne peut être annulé.")
		}
		w.add(remark(w.say(ask)))
		w.reply.Buttons = []Button{
			{Label: w.say(both("Yes, delete", "Oui, supprimer")), Line: r.again("confirm", "yes"), Style: Danger},
			button(w.say(both("No, keep it", "Non, garder")), r.to("privacy"), 0),
		}
		return w.reply, nil
	}
	rows := 0
	for _, of := range forgotten(r, place) {
		n, err := c.prefs.forget(ctx, of)
		if err != nil {
			return Reply{}, fmt.Errorf("forget: %w", err)
		}
		rows += n
	}
	about := both("you", "vous")
	if place {
		about = both("this place", "ce lieu")
	}
	done := both("Done. %d entries were deleted; nothing about %s is stored any more.", "C’est fait. %d entrées ont été supprimées ; plus rien n’est conservé sur %s.", rows, about)
	switch rows {
	case 0:
		done = both("Nothing about %s was stored, so nothing had to be deleted.", "Rien n’était conservé sur %s, il n’y avait donc rien à supprimer.", about)
	case 1:
		done = both("Done. 1 entry was deleted; nothing about %s is stored any more.", "C’est fait. 1 entrée a été supprimée ; plus rien n’est conservé sur %s.", about)
	}
	w.add(remark(w.say(done)))
	return w.reply, nil
}

// forgotten are the keys to delete: a person's, with their private chat, or a place's.
func forgotten(r Request, place bool) []Destination {
	if place {
		return []Destination{r.Place.Destination}
	}
	out := []Destination{person(r)}
	if r.Place.Private && r.Place.Chat != "" {
		out = append(out, r.Place.Destination)
	}
	return out
}

func scopeOption(about briefings.Text) Option {
	return Option{Name: "scope", Names: both("scope", "portee"), Summary: about, Choices: []Choice{
		{"me", both("me", "moi")}, {"place", both("this place", "ce lieu")},
	}}
}

// settingsOfPlace reports whether the place's data is meant rather than the
// asker's, and refuses those who may not change it.
func settingsOfPlace(ctx context.Context, r Request) (bool, error) {
	place := r.Option("scope") == "place" && !r.Place.Private || r.User == ""
	if !place {
		return false, nil
	}
	return true, allowed(ctx, r)
}
