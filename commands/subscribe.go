package commands

import (
	"context"
	"fmt"
	"strings"

	"griot/briefings"
)

func (c *Core) subscribeCommand() Command {
	return Command{
		Name: "subscribe", Names: both("subscribe", "abonner"), Private: true, Admin: true,
		Summary: both("Receive a digest here on a schedule", "Recevoir ici un envoi régulier"),
		Example: both("/digest subscribe topics:all schedule:daily time:07:00 zone:Europe/Paris", "/envois abonner sujets:tous rythme:quotidien heure:07:00 fuseau:Europe/Paris"),
		Options: append(c.wishOptions(),
			pickOption(),
			Option{Name: "confirm", Names: both("confirm", "confirmer"), Summary: both("Ask first, or yes", "Demander d’abord, ou oui"), Hidden: true},
		),
		Run: c.subscribe,
	}
}

// wishOptions are what can be said of a digest.
func (c *Core) wishOptions() []Option {
	return []Option{
		{Name: "topics", Names: both("topics", "sujets"), Summary: both("Briefings, separated by commas, or all", "Dossiers, séparés par des virgules, ou tous"), Complete: c.completeTopics},
		{Name: "schedule", Names: both("schedule", "rythme"), Summary: both("daily, weekdays, weekly, or cron 0 7 * * 1-5", "daily (quotidien), weekdays (ouvrés), weekly (hebdomadaire), ou cron 0 7 * * 1-5"), Complete: completeSchedule},
		{Name: "time", Names: both("time", "heure"), Summary: both("Time of day, such as 07:00", "Heure, par exemple 07:00")},
		zoneOption(),
		{Name: "lang", Names: langNames, Summary: both("Language of the digest", "Langue de l’envoi"), Choices: langChoices()},
		{Name: "day", Names: both("day", "jour"), Summary: both("Day of a weekly digest", "Jour d’un envoi hebdomadaire"), Choices: dayChoices()},
		{Name: "when_quiet", Names: both("when_quiet", "jour_calme"), Summary: both("When nothing is new: nothing, or one line", "Quand rien n’est nouveau : rien, ou une ligne"), Choices: []Choice{
			{"skip", both("send nothing", "ne rien envoyer")}, {"brief", both("one line", "une ligne")},
		}},
		{Name: "quiet_hours", Names: both("quiet_hours", "heures_calmes"), Summary: both("Hours without messages, such as 22:00-07:00, or none", "Heures sans messages, par exemple 22:00-07:00, ou aucune"), Complete: completeQuiet},
		{Name: "text_only", Names: both("text_only", "texte_seul"), Summary: both("No pictures and files", "Sans images ni fichiers"), Choices: yesNo()},
		pageOption(),
	}
}

// pickOption says which other option is being chosen by buttons.
func pickOption() Option {
	return Option{Name: "pick", Names: same("pick"), Summary: both("What to choose", "Quoi choisir"), Hidden: true}
}

func (c *Core) completeTopics(r Request, typed string) []Choice {
	before, last := "", typed
	if i := strings.LastIndexAny(typed, ",;"); i >= 0 {
		before, last = typed[:i+1], typed[i+1:]
	}
	var out []Choice
	for _, ch := range c.completeTopic(r, strings.TrimSpace(last)) {
		label := ch.Label
		if before != "" {
			label = both("%s %s", "%s %s", before, ch.Label)
		}
		out = append(out, Choice{before + ch.Value, label})
	}
	return out
}

func completeSchedule(_ Request, typed string) []Choice {
	return append(matching(scheduleChoices, typed), Choice{"cron 0 7 * * 1-5", both("cron 0 7 * * 1-5", "cron 0 7 * * 1-5")})
}

// subscribe makes a digest when it knows all it needs, else asks for the next
// thing. What is known so far is in the line of every button, so the wizard
// lives through a restart; the permission is asked at every press.
func (c *Core) subscribe(ctx context.Context, r Request) (Reply, error) {
	if c.digests == nil {
		return Reply{}, noDigests()
	}
	if err := installed(r); err != nil {
		return Reply{}, err
	}
	v := c.view()
	wish, err := c.readWish(v, r)
	if err != nil {
		return Reply{}, err
	}
	w := v.compose(r, both("New digest", "Nouvel envoi").In(r.Lang))
	asking := r.Option("confirm") == "ask"
	if pick := r.Option("pick"); !asking && (pick != "" || !wish.complete()) {
		r.Options = withOptions(r.Options, "confirm", "ask") // what is asked for by buttons is shown before it stands
	}
	switch {
	case len(wish.topics) == 0 || r.Option("pick") == "topics":
		return w.askTopics(r, wish.topics)
	case r.Option("pick") == "quiet_hours":
		return w.askQuiet(r), nil
	case wish.rule == "":
		return w.ask(r, "schedule", both("How often?", "À quel rythme ?"), scheduleChoices), nil
	case wish.rule == "weekly" && wish.day == "" && asking:
		return w.ask(r, "day", both("On which day?", "Quel jour ?"), dayChoices()), nil
	case wish.rule != "cron" && wish.time == "":
		return w.askTime(r), nil
	case wish.zone == "":
		return w.askZone(r)
	case r.Option("lang") == "" && asking:
		return w.ask(r, "lang", both("In which language?", "En quelle langue ?"), langChoices()), nil
	}
	guessed := wish.rule == "weekly" && wish.day == ""
	if guessed {
		wish.day = "mon"
		r.Options = withOptions(r.Options, "day", wish.day)
	}
	s, err := c.digests.Check(wish.subscription(r), r.Now)
	if err != nil {
		return Reply{}, fmt.Errorf("check digest: %w", err)
	}
	if asking || guessed {
		return w.confirm(r, s), nil
	}
	s, replaced, err := c.digests.Subscribe(ctx, s)
	if err != nil {
		return Reply{}, fmt.Errorf("subscribe: %w", err)
	}
	return w.subscribed(s, replaced), nil
}

// wish is what is known so far of a digest to be.
type wish struct {
	topics          []string
	rule, day, time string // rule is daily, weekdays, weekly or cron
	cron            string
	zone            string
	quiet           string
}

func (c *Core) readWish(v *view, r Request) (wish, error) {
	var w wish
	var err error
	if w.topics, err = c.plainTopics(v, r, r.Option("topics")); err != nil {
		return w, err
	}
	if err = w.readSchedule(r); err != nil {
		return w, err
	}
	if z := r.Option("zone"); z != "" && !isRegion(z) {
		if w.zone, err = findZone(r, z); err != nil {
			return w, err
		}
	}
	if w.quiet, err = readQuiet(r); err != nil {
		return w, err
	}
	return w, nil
}

// complete reports whether nothing has to be asked for.
func (w wish) complete() bool {
	return len(w.topics) > 0 && w.zone != "" && (w.rule == "cron" || w.rule != "" && w.time != "")
}

func (w wish) subscription(r Request) Subscription {
	s := Subscription{
		To: r.Place.Destination, Guild: r.Place.Guild, Topics: w.topics, Zone: w.zone, Lang: r.Lang,
		WhenQuiet: "skip", QuietHours: w.quiet, TextOnly: r.Option("text_only") == "yes", Created: r.Now,
	}
	if !r.Place.Private {
		s.Owner = r.User
	}
	if lang := r.Option("lang"); lang != "" {
		s.Lang = briefings.Lang(lang)
	}
	if q := r.Option("when_quiet"); q != "" {
		s.WhenQuiet = q
	}
	switch w.rule {
	case "cron":
		s.Schedule = Schedule("cron " + w.cron)
	case "weekly":
		s.Schedule = Schedule("weekly " + w.day + " " + w.time)
	default:
		s.Schedule = Schedule(w.rule + " " + w.time)
	}
	return s
}

// confirm shows what would be subscribed, and asks once.
func (w *composer) confirm(r Request, s Subscription) Reply {
	w.add(remark(w.say(both("Is this right?", "Est-ce bien cela ?"))), w.summary(s))
	known := subscription(s)
	known.Options["confirm"] = "ask"
	w.reply.Buttons = append([]Button{
		{Label: Words(w.lang).Confirm, Line: known.again("confirm", "yes"), Style: Success},
		button(w.say(both("Cancel", "Annuler")), "/digest list", 0),
	}, w.otherButtons(known, s, map[string][]string{
		"topics": {"pick", "topics"}, "schedule": {"schedule", "", "day", ""}, "time": {"time", ""}, "zone": {"zone", ""}, "lang": {"lang", ""}, "quiet_hours": {"pick", "quiet_hours"},
	})...)
	return w.reply
}

// summary lists what a digest will be.
func (w *composer) summary(s Subscription) Block {
	sep := Words(w.lang).colon
	line := func(label, value briefings.Text) []Span {
		return []Span{plain(w.say(label) + sep), strong(w.say(value))}
	}
	lang := both("English", "anglais")
	if s.Lang == briefings.FR {
		lang = both("French", "français")
	}
	quiet := both("nothing is sent", "rien n’est envoyé")
	if s.WhenQuiet == "brief" {
		quiet = both("one line is sent", "une ligne est envoyée")
	}
	entries := [][]Span{
		line(both("Briefings", "Dossiers"), w.topicNames(s.Topics)), line(both("When", "Quand"), scheduleWords(s)),
		line(both("Language", "Langue"), lang), line(both("When nothing is new", "Quand rien n’est nouveau"), quiet),
	}
	if s.QuietHours != "" {
		entries = append(entries, line(both("Quiet hours", "Heures calmes"), same(s.QuietHours)))
	}
	if s.TextOnly {
		entries = append(entries, line(both("Text only", "Texte seul"), both("yes", "oui")))
	}
	return Block{Kind: List, Entries: entries}
}

func (w *composer) subscribed(s Subscription, replaced bool) Reply {
	w.reply.Title = w.say(both("Subscribed", "Abonnement enregistré"))
	if replaced {
		w.add(remark(w.say(both("This takes the place of the digest you had.", "Il prend la place de l’envoi que vous aviez."))))
	}
	w.add(w.summary(s), remark(w.say(nextWords(s))))
	stop := button(Words(w.lang).Stop, digestLine("stop", s.ID), 0)
	stop.Style = Danger
	w.reply.Buttons = []Button{
		button(w.say(both("Preview", "Aperçu")), digestLine("preview", s.ID), 0),
		button(w.say(both("All digests", "Tous les envois")), "/digest list", 0), stop,
	}
	return w.reply
}
