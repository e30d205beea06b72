package commands

import (
	"context"
	"fmt"
	"strings"

	"griot/briefings"
)

func (c *Core) settingsCommand() Command {
	langs := append(langChoices(), Choice{"auto", both("as the platform says", "selon la plateforme")})
	return Command{
		Name: "settings", Names: both("settings", "reglages"), Private: true,
		Summary: both("Language, time zone and text only, for you or this place", "Langue, fuseau horaire et texte seul, pour vous ou ce lieu"),
		Example: both("/settings lang:en zone:Europe/Paris", "/reglages langue:fr fuseau:Europe/Paris"),
		Options: []Option{
			{Name: "lang", Names: langNames, Summary: both("Language of answers", "Langue des réponses"), Choices: langs},
			zoneOption(),
			{Name: "text_only", Names: both("text_only", "texte_seul"), Summary: both("No pictures and files", "Sans images ni fichiers"), Choices: yesNo()},
			scopeOption(both("Whose settings", "Les réglages de qui")),
		},
		Run: c.settings,
	}
}

func zoneOption() Option {
	return Option{
		Name: "zone", Names: both("zone", "fuseau"), Summary: both("Time zone, such as Europe/Paris or UTC", "Fuseau horaire, par exemple Europe/Paris ou UTC"),
		Complete: func(_ Request, typed string) []Choice { return completeZone(typed) },
	}
}

func yesNo() []Choice { return []Choice{{"yes", both("yes", "oui")}, {"no", both("no", "non")}} }

// settings shows the settings of a person or a place, after changing what was given.
func (c *Core) settings(ctx context.Context, r Request) (Reply, error) {
	if c.prefs.store == nil {
		return Reply{}, wrong("Settings cannot be kept here.", "Les réglages ne peuvent pas être conservés ici.")
	}
	place, err := settingsOfPlace(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	of := person(r)
	if place {
		of = r.Place.Destination
	}
	known, err := c.prefs.get(ctx, c.now(), of)
	if err != nil {
		return Reply{}, fmt.Errorf("read settings: %w", err)
	}
	s, before := known[0].Settings, known[0].Settings
	if err := change(&s, r); err != nil {
		return Reply{}, err
	}
	if s != before {
		if err := c.prefs.set(ctx, of, s); err != nil {
			return Reply{}, fmt.Errorf("keep settings: %w", err)
		}
	}
	if s.Lang != "" {
		r.Lang = s.Lang
	}
	reply := c.showSettings(r, s, place, s != before)
	reply.Lang = r.Lang
	return reply, nil
}

func change(s *Settings, r Request) error {
	switch lang := r.Option("lang"); lang {
	case "":
	case "auto":
		s.Lang = ""
	default:
		s.Lang = briefings.Lang(lang)
	}
	if z := r.Option("zone"); z != "" {
		name, err := findZone(r, z)
		if err != nil {
			return err
		}
		s.Zone = name
	}
	if t := r.Option("text_only"); t != "" {
		s.TextOnly = t == "yes"
	}
	return nil
}

func (c *Core) showSettings(r Request, s Settings, place, changed bool) Reply {
	title := both("Your settings", "Vos réglages")
	if place {
		title = both("Settings of this place", "Réglages de ce lieu")
	}
	w := c.view().compose(r, title.In(r.Lang))
	w.reply.Private = aside(r, place)
	if changed {
		w.add(remark(w.say(both("Saved.", "Enregistré."))))
	}
	lang := both("as the platform says", "selon la plateforme")
	for _, ch := range langChoices() {
		if string(s.Lang) == ch.Value {
			lang = ch.Label
		}
	}
	text := both("no", "non")
	if s.TextOnly {
		text = both("yes", "oui")
	}
	zone := s.Zone
	if zone == "" {
		zone = "UTC"
	}
	sep := Words(r.Lang).colon
	w.add(Block{Kind: List, Entries: [][]Span{
		{plain(w.say(both("Language", "Langue")) + sep), strong(w.say(lang))},
		{plain(w.say(both("Time zone", "Fuseau horaire")) + sep), strong(zone)},
		{plain(w.say(both("Text only", "Texte seul")) + sep), strong(w.say(text))},
	}})
	w.add(remark(w.say(both("To change the time zone: /settings zone:Europe/Paris", "Pour changer de fuseau horaire : /settings zone:Europe/Paris"))))
	to := func(option, value string) string {
		pairs := []string{option, value}
		if place {
			pairs = append(pairs, "scope", "place")
		}
		return Request{Command: "settings"}.again(pairs...)
	}
	toggle, label := "yes", both("Text only", "Texte seul")
	if s.TextOnly {
		toggle, label = "no", both("With pictures", "Avec images")
	}
	w.reply.Buttons = []Button{
		button("English", to("lang", "en"), 0), button("Français", to("lang", "fr"), 0),
		button(w.say(both("As the platform says", "Selon la plateforme")), to("lang", "auto"), 0),
		button(w.say(label), to("text_only", toggle), 1),
	}
	return w.reply
}

// lowerFirst puts a sentence behind a colon.
func lowerFirst(s string) string {
	for i, c := range s {
		return strings.ToLower(string(c)) + s[i+len(string(c)):]
	}
	return s
}
