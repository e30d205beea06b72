package commands

import (
	"context"
	"fmt"
	"strings"

	"griot/briefings"
)

func (c *Core) pinCommand() Command {
	return Command{
		Name: "pin", Names: both("pin", "epingler"), Private: true, Admin: true,
		Summary: both("Pin a briefing here: one message, kept up to date", "Épingler un dossier ici : un seul message, tenu à jour"),
		Example: both("/pin topic:… sections:situation,figures", "/epingler sujet:… parties:situation,chiffres"),
		Options: []Option{
			{Name: "topic", Names: both("topic", "sujet"), Required: true, Summary: both("Briefing to pin", "Dossier à épingler"), Complete: c.completeTopic},
			pinSections(), pinLang(),
			{Name: "again", Names: both("again", "encore"), Hidden: true, Summary: both("Pin its message again", "Épingler de nouveau son message"), Choices: []Choice{{"yes", both("yes", "oui")}}},
		},
		Run: c.pin,
	}
}

func (c *Core) unpinCommand() Command {
	return Command{
		Name: "unpin", Names: both("unpin", "desepingler"), Private: true, Admin: true,
		Summary: both("Stop keeping a briefing pinned here", "Ne plus garder un dossier épinglé ici"),
		Options: []Option{{Name: "topic", Names: both("topic", "sujet"), Summary: both("Which briefing; not needed where there is one", "Quel dossier ; inutile s’il n’y en a qu’un")}},
		Run:     c.unpin,
	}
}

func (c *Core) pinsCommand() Command {
	return Command{
		Name: "pins", Names: both("pins", "epingles"), Private: true, Admin: true,
		Summary: both("The briefings pinned here, and how they stand", "Les dossiers épinglés ici, et où ils en sont"),
		Options: []Option{langOption(), pageOption()},
		Run:     c.pinList,
	}
}

func pinSections() Option {
	o := sectionsOption(false)
	o.Complete = completeSections
	return o
}

func pinLang() Option {
	return Option{Name: "lang", Names: langNames, Summary: both("Language of the pinned briefing", "Langue du dossier épinglé"), Choices: langChoices()}
}

func noPins() error {
	return wrong("Nothing can be pinned here.", "Rien ne peut être épinglé ici.")
}

// pin has a place keep a briefing pinned, or changes what its message shows.
func (c *Core) pin(ctx context.Context, r Request) (Reply, error) {
	if c.pins == nil {
		return Reply{}, noPins()
	}
	if err := installed(r); err != nil {
		return Reply{}, err
	}
	had, err := c.pins.Pinned(ctx, r.Place.Destination)
	if err != nil {
		return Reply{}, fmt.Errorf("list pins: %w", err)
	}
	if r.Option("again") != "" {
		return c.pinAgain(ctx, r, had)
	}
	v := c.view()
	t, err := c.findTopic(v, r, "topic", r.Option("topic"))
	if err != nil {
		return Reply{}, err
	}
	p := Pin{To: r.Place.Destination, Private: r.Place.Private, Guild: r.Place.Guild, Topic: t.Slug, Lang: r.Lang}
	if lang := r.Option("lang"); lang != "" {
		p.Lang = briefings.Lang(lang)
	}
	old := pinOf(had, t.Slug)
	if words := r.Option("sections"); words != "" {
		kinds, err := sectionsOf(t, Request{Command: r.Command, Options: r.Options, Lang: p.Lang}, words)
		if err != nil {
			return Reply{}, err
		}
		var names []string
		for _, k := range kinds {
			names = append(names, string(k))
		}
		p.Sections = strings.Join(names, ",")
	}
	stored, existed, err := c.pins.Pin(ctx, p)
	if err != nil {
		return Reply{}, fmt.Errorf("pin a briefing: %w", err)
	}
	return c.pinned(r, stored, existed && old.Stopped == "", old.Sections != p.Sections || old.Lang != p.Lang), nil
}

// pinAgain pins a message that somebody unpinned, or makes one that is gone anew.
func (c *Core) pinAgain(ctx context.Context, r Request, had []Pin) (Reply, error) {
	p, err := c.thePin(r, had)
	if err != nil {
		return Reply{}, err
	}
	stored, ok, err := c.pins.PinAgain(ctx, r.Place.Destination, p.Topic)
	if err != nil {
		return Reply{}, fmt.Errorf("pin again: %w", err)
	}
	if !ok { // given up a moment ago
		return Reply{}, c.notPinned(r)
	}
	return c.pinned(r, stored, false, false), nil
}

// pinned tells what became of a pin. One that was there before may show
// something else from now on.
func (c *Core) pinned(r Request, p Pin, existed, changes bool) Reply {
	w := c.view().compose(r, "")
	name := w.pinName(p.Topic)
	all := button(w.say(pinsName), "/pins", 0)
	switch {
	case existed && changes:
		w.add(remark(w.say(both("%s is pinned here already. Its message changes within a minute, to %s.", "%s est déjà épinglé ici. Son message change d’ici une minute : il montrera %s.", name, pinShows(p, w.lang)))))
	case existed:
		w.add(remark(w.say(both("%s is pinned here already, and kept up to date.", "%s est déjà épinglé ici, et tenu à jour.", name))))
	case p.Stopped != "":
		w.add(remark(w.say(both("I could not post the briefing on %s.", "Je n’ai pas pu publier le dossier sur %s.", name))))
	case p.Stands && p.Unpinned != "":
		w.add(remark(w.say(both("The briefing on %s is posted and will be kept up to date, but I could not pin it.", "Le dossier sur %s est publié et sera tenu à jour, mais je n’ai pas pu l’épingler.", name))))
	case p.Stands && !p.PinnedAt.IsZero():
		w.add(remark(w.say(both("Pinned: %s, %s. The message follows the briefing by itself from now on, without notifying anybody.",
			"Épinglé : %s, %s. Le message suit désormais le dossier de lui-même, sans notifier personne.", name, pinShows(p, w.lang)))))
	default:
		w.add(remark(w.say(both("On its way: %s. It is posted and pinned without notifying anybody; /pins tells how it stands.",
			"En route : %s. Le message est publié et épinglé sans notifier personne ; /pins dit où il en est.", name))))
	}
	if why := w.pinTrouble(p); why != (briefings.Text{}) {
		w.add(remark(w.say(why)))
	} else if existed {
		w.add(remark(w.say(unpinStands)))
	}
	if p.Link != "" {
		w.reply.Buttons = append(w.reply.Buttons, Button{Label: w.say(openName), URL: p.Link})
	}
	if existed || w.pinTrouble(p) != (briefings.Text{}) {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(againName), pinLine("pin", p.Topic), 0))
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(unpinName), pinLine("unpin", p.Topic), 0), all)
	return w.reply
}

var (
	pinsName    = both("All pins", "Toutes les épingles")
	openName    = both("Open", "Ouvrir")
	againName   = both("Pin again", "Épingler de nouveau")
	unpinName   = both("Unpin", "Désépingler")
	unpinStands = both("If somebody unpins it, it stays unpinned: “Pin again” pins it.", "Si quelqu’un le désépingle, il le reste : « Épingler de nouveau » l’épingle.")
)

// pinLine writes a line about one pin: pin is to pin its message again.
func pinLine(command, topic string) string {
	if command == "pin" {
		return Request{Command: command}.again("topic", topic, "again", "yes")
	}
	return Request{Command: command}.again("topic", topic)
}

// unpin ends a pin.
func (c *Core) unpin(ctx context.Context, r Request) (Reply, error) {
	if c.pins == nil {
		return Reply{}, noPins()
	}
	had, err := c.pins.Pinned(ctx, r.Place.Destination)
	if err != nil {
		return Reply{}, fmt.Errorf("list pins: %w", err)
	}
	p, err := c.thePin(r, had)
	if err != nil {
		return Reply{}, err
	}
	was, cause, ok, err := c.pins.Unpin(ctx, r.Place.Destination, p.Topic)
	if err != nil {
		return Reply{}, fmt.Errorf("unpin a briefing: %w", err)
	}
	if !ok {
		return Reply{}, c.notPinned(r)
	}
	w := c.view().compose(r, "")
	name := w.pinName(p.Topic)
	switch {
	case !was.Stands:
		w.add(remark(w.say(both("No longer kept up to date here: %s. There was no message of it any more.", "N’est plus tenu à jour ici : %s. Il n’y en avait plus de message.", name))))
	case cause != "":
		w.add(remark(w.say(both("No longer kept up to date here: %s. But I could not take its message off the pins: please unpin it by hand.",
			"N’est plus tenu à jour ici : %s. Mais je n’ai pas pu désépingler son message : merci de le faire à la main.", name))))
		if code, rights, _ := strings.Cut(cause, ":"); code == StopForbidden {
			w.add(remark(w.say(rightWords(Subscription{To: was.To, Guild: was.Guild}, rights))))
		}
	default:
		w.add(remark(w.say(both("Unpinned: %s. Its message stays, but is no longer kept up to date: only corrections still reach it. You can delete it.",
			"Désépinglé : %s. Son message reste, mais n’est plus tenu à jour : seules des corrections l’atteignent encore. Vous pouvez le supprimer.", name))))
	}
	back := Request{Command: "pin"}.again("topic", p.Topic, "sections", p.Sections, "lang", string(p.Lang))
	w.reply.Buttons = []Button{button(w.say(both("Pin it after all", "L’épingler tout de même")), back, 0), button(w.say(pinsName), "/pins", 0)}
	return w.reply, nil
}

// thePin finds the pin meant: by its topic, or the only one there is.
func (c *Core) thePin(r Request, had []Pin) (Pin, error) {
	v := c.view()
	w := v.compose(r, "")
	word := r.Option("topic")
	for _, p := range had {
		if word == "" && len(had) == 1 || word == p.Topic {
			return p, nil
		}
	}
	if word != "" {
		for _, m := range v.x.Find(strings.TrimPrefix(word, "/"), briefings.KindTopic) {
			if p := pinOf(had, m.ID.Slug()); p.Topic != "" {
				return p, nil
			}
		}
	}
	if len(had) == 0 {
		return Pin{}, c.notPinned(r)
	}
	e := wrong("“%s” is not pinned here. These are:", "« %s » n’est pas épinglé ici. Le sont :", clip(word))
	if word == "" {
		e = wrong("Several briefings are pinned here. Which one?", "Plusieurs dossiers sont épinglés ici. Lequel ?")
		e.Err = errWhich
	}
	for _, p := range had {
		e.offer(w.pinName(p.Topic), r.again("topic", p.Topic))
	}
	return Pin{}, e
}

// notPinned says that a place has no pins, or not that one.
func (c *Core) notPinned(r Request) error {
	e := wrong("I keep no such briefing pinned here. /pin pins one.", "Je ne garde pas ce dossier épinglé ici. /pin en épingle un.")
	if t, err := c.findTopic(c.view(), r, "topic", r.Option("topic")); err == nil {
		return e.offer(both("Pin %s", "Épingler %s", t.Name), Request{Command: "pin"}.again("topic", t.Slug))
	}
	return e.try("/help command:pin")
}

func pinOf(list []Pin, topic string) Pin {
	for _, p := range list {
		if p.Topic == topic {
			return p
		}
	}
	return Pin{}
}

// completePinned suggests the topics that are pinned at the asker's place.
func (c *Core) completePinned(ctx context.Context, r Request, typed string) []Choice {
	if c.pins == nil {
		return nil
	}
	list, err := c.pins.Pinned(ctx, r.Place.Destination)
	if err != nil {
		c.log.Warn("pins not listed", "adapter", string(r.Place.Platform), "err", err)
	}
	w := c.view().compose(r, "")
	var all []Choice
	for _, p := range list {
		all = append(all, Choice{p.Topic, w.pinName(p.Topic)})
	}
	return matching(all, typed)
}
