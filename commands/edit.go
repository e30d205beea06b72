package commands

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"griot/briefings"
)

// digestEdit changes what is given, at once, and shows the digest with buttons
// to change the rest. A button's line names the digest and what it changes, no
// more: an old message changes nothing else back.
func (c *Core) digestEdit(ctx context.Context, r Request) (Reply, error) {
	s, err := c.theOne(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	r.Options = withOptions(r.Options, digestID, s.ID)
	v := c.view()
	w := v.compose(r, both("Edit digest", "Modifier l’envoi").In(r.Lang))
	if reply, asks, err := c.askEdit(w, r, s); asks || err != nil {
		reply.Buttons = append(reply.Buttons, button(w.say(both("Back", "Retour")), digestLine("edit", s.ID), 4))
		return reply, err
	}
	if !editing(r) {
		w.add(remark(w.say(both("What shall be different? Every press and every option changes the digest at once.",
			"Que faut-il changer ? Chaque bouton et chaque option change l’envoi aussitôt."))))
		return w.edited(r, s), nil
	}
	if r.Option("here") != "" {
		if err := installed(r); err != nil {
			return Reply{}, err
		}
	}
	was := s
	s, ok, err := c.digests.Edit(ctx, s.To, s.ID, func(old Subscription) (Subscription, error) { was = old; return c.edit(v, r, old) })
	if err != nil {
		return Reply{}, fmt.Errorf("edit digest: %w", err)
	}
	if ok && s.To != was.To && s.Stopped != "" { // it stopped there, and is wanted here
		if _, err := c.digests.Pause(ctx, s.To, s.ID, false); err != nil {
			return Reply{}, fmt.Errorf("resume a digest that moved: %w", err)
		}
		if s, err = c.theOne(ctx, r); err != nil {
			return Reply{}, err
		}
	}
	if !ok { // stopped since it was looked up
		_, err := c.theOne(ctx, r)
		return Reply{}, err
	}
	w.reply.Title = w.say(both("Digest changed", "Envoi modifié"))
	if sameWish(was, s) {
		w.reply.Title = w.say(both("Edit digest", "Modifier l’envoi"))
		w.add(remark(w.say(both("It is like that already; nothing had to change.", "Il est déjà ainsi ; rien n’était à changer."))))
	}
	return w.added(r, was, s), nil
}

// editable are the options that change a digest.
var editable = strings.Fields("topics schedule day time zone lang when_quiet quiet_hours text_only here")

// hereOption moves a digest to the thread, topic or chat the command is written in.
func hereOption() Option {
	return Option{Name: "here", Names: both("here", "ici"), Summary: both("Have it come here, from another topic or thread of this chat", "Le faire venir ici, d’un autre sujet ou fil de cette discussion"), Choices: yesNo()[:1]}
}

func editing(r Request) bool {
	return slices.ContainsFunc(editable, func(name string) bool { return r.Option(name) != "" })
}

func sameWish(a, b Subscription) bool {
	return a.To == b.To && slices.Equal(a.Topics, b.Topics) && a.Schedule == b.Schedule && a.Zone == b.Zone && a.Lang == b.Lang &&
		a.WhenQuiet == b.WhenQuiet && a.QuietHours == b.QuietHours && a.TextOnly == b.TextOnly
}

// askEdit asks for what a button said will be chosen, or what the options given
// leave open: the day of a digest that becomes weekly.
func (c *Core) askEdit(w *composer, r Request, s Subscription) (reply Reply, asks bool, err error) {
	wish, err := c.editWish(w.view, r, s)
	if err != nil {
		return Reply{}, true, err
	}
	switch pick := r.Option("pick"); {
	case pick == "topics" && r.Option("topics") == "":
		reply, err = w.askTopics(r, s.Topics)
		return reply, true, err
	case pick == "topics":
		reply, err = w.askTopics(r, wish.topics)
		return reply, true, err
	case pick == "schedule" || wish.rule == "":
		return w.ask(r, "schedule", both("How often?", "À quel rythme ?"), scheduleChoices), true, nil
	case wish.rule == "weekly" && (wish.day == "" || r.Option("schedule") == "weekly" && r.Option("day") == ""):
		return w.ask(r, "day", both("On which day?", "Quel jour ?"), dayChoices()), true, nil
	case pick == "time" || wish.rule != "cron" && wish.time == "":
		return w.askTime(r), true, nil
	case pick == "zone" || isRegion(r.Option("zone")):
		reply, err := w.askZone(r)
		return reply, true, err
	case pick == "lang":
		return w.ask(r, "lang", both("In which language?", "En quelle langue ?"), langChoices()), true, nil
	case pick == "quiet_hours":
		return w.askQuiet(r), true, nil
	}
	return Reply{}, false, nil
}

// editOptions are the options of a digest like s, with those given in r in
// their place. A time leaves a weekly digest its day; a cron schedule has
// neither day nor time to leave.
func editOptions(r Request, s Subscription) map[string]string {
	o := subscription(s).Options
	cron := strings.HasPrefix(o["schedule"], "cron")
	switch {
	case r.Option("schedule") != "":
		delete(o, "schedule")
	case r.Option("day") != "":
		o["schedule"] = "weekly"
	case cron && r.Option("time") != "":
		delete(o, "schedule")
	}
	if fields := strings.Fields(r.Option("schedule")); len(fields) > 1 && r.Option("day") == "" { // it says all itself
		delete(o, "day")
	}
	given := maps.Clone(r.Options)
	maps.DeleteFunc(given, func(name, _ string) bool { return !slices.Contains(editable, name) })
	maps.Copy(o, given)
	return o
}

func (c *Core) editWish(v *view, r Request, s Subscription) (wish, error) {
	to := r
	if to.Options = editOptions(r, s); r.Option("topics") == "" {
		delete(to.Options, "topics") // those of the digest need not be published any more
	}
	out, err := c.readWish(v, to)
	if e, ok := errors.AsType[*UserError](err); ok {
		for i, line := range e.Try {
			e.Try[i] = c.editLine(line, r, to)
		}
	}
	return out, err
}

// editLine is a line that says all of a digest, without what was not asked to
// be different and with the digest that it is about.
func (c *Core) editLine(line string, asked, all Request) string {
	r, err := ParseLine(c.Table(), line)
	if err != nil || r.Command != all.Command || r.Sub != all.Sub || r.Options == nil {
		return line
	}
	for name, value := range all.Options {
		if asked.Option(name) == "" && r.Options[name] == value {
			delete(r.Options, name)
		}
	}
	if id := asked.Option(digestID); id != "" {
		r.Options[digestID] = id
	}
	return r.Line()
}

// edit is what a digest shall be with the options given.
func (c *Core) edit(v *view, r Request, old Subscription) (Subscription, error) {
	wish, err := c.editWish(v, r, old)
	if err != nil {
		return old, err
	}
	if r.Option("topics") == "" {
		wish.topics = old.Topics
	}
	if len(wish.topics) == 0 {
		return old, wrong("A digest needs at least one briefing.", "Un envoi a besoin d’au moins un dossier.").
			offer(both("Choose briefings", "Choisir des dossiers"), r.again("topics", "", "pick", "topics")).offer(subLabels["stop"], digestLine("stop", old.ID))
	}
	to := r
	to.Options = editOptions(r, old)
	s := wish.subscription(to)
	old.Topics, old.Schedule, old.Zone, old.Lang = s.Topics, s.Schedule, s.Zone, s.Lang
	old.WhenQuiet, old.QuietHours, old.TextOnly = s.WhenQuiet, s.QuietHours, s.TextOnly
	if r.Option("here") != "" {
		old.To = r.Place.Destination // of the same chat, as it was found
	}
	return old, nil
}

// edited shows a digest with buttons to change it.
func (w *composer) edited(r Request, s Subscription) Reply {
	known := Request{Command: "digest", Sub: "edit", Options: map[string]string{digestID: s.ID}}
	w.add(w.summary(s), remark(w.state(s)),
		para(Span{Kind: Emphasis, Text: w.say(both("By command:", "Par commande :")) + " "}, Span{Kind: Code, Text: known.again("time", "07:15")}))
	w.reply.Buttons = []Button{
		button(w.say(subLabels["preview"]), digestLine("preview", s.ID), 0), button(w.say(both("All digests", "Tous les envois")), "/digest list", 0),
	}
	if s.To != r.Place.Destination {
		w.add(remark(w.say(both("It goes to %s.", "Lieu : %s.", placeWords(s)))))
		w.reply.Buttons = append(w.reply.Buttons, w.hereButton(s)...)
	}
	if s.Paused || s.Stopped != "" {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(subLabels["resume"]), digestLine("resume", s.ID), 0))
	}
	to := map[string][]string{}
	for _, name := range []string{"topics", "schedule", "time", "zone", "lang", "quiet_hours"} {
		to[name] = []string{"pick", name}
	}
	w.reply.Buttons = append(w.reply.Buttons, w.otherButtons(known, s, to)...)
	return w.reply
}

// added shows an edited digest, and what is to be known of briefings new to it:
// they come with what changes, not with how things stand.
func (w *composer) added(r Request, was, s Subscription) Reply {
	var names briefings.Text
	for _, slug := range s.Topics {
		t := w.topic(slug)
		if t == nil || slices.Contains(was.Topics, slug) || s.Last.IsZero() {
			continue
		}
		name := t.Name
		if names.EN != "" {
			name = both("%s, %s", "%s, %s", names, t.Name)
		}
		names = name
		if len(w.reply.Buttons) < 5 {
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), Request{Command: t.Command}.Line(), 3))
		}
	}
	more := w.reply.Buttons
	if s.To != was.To {
		w.add(remark(w.say(both("From now on it comes here.", "Il arrive désormais ici."))))
	}
	if names.EN != "" {
		w.add(remark(w.say(both("New in it: %s. From the next one on it tells what changes there; the briefing tells how things stand.",
			"Nouveau : %s. À partir du prochain, il dit ce qui y change ; le dossier dit où en sont les choses.", names))))
	}
	w.edited(r, s)
	w.reply.Buttons = append(w.reply.Buttons, more...)
	return w.reply
}
