package commands

import (
	"cmp"
	"slices"
	"strings"

	"griot/briefings"
)

// ask asks for one option with a button for each choice; what else is known is
// in the line of every button.
func (w *composer) ask(r Request, option string, question briefings.Text, choices []Choice) Reply {
	w.add(remark(w.say(question)))
	for i, ch := range choices {
		w.reply.Buttons = append(w.reply.Buttons, button(upperFirst(w.say(ch.Label)), r.again(option, ch.Value, "pick", ""), i/5))
	}
	return w.reply
}

// most is the number of buttons that leave a row for the way on.
const most = 20

// askTopics lets topics be chosen one by one, from those chosen so far on.
func (w *composer) askTopics(r Request, known []string) (Reply, error) {
	lo, hi, page, pages, err := pageOf(r, len(w.topics), most)
	if err != nil {
		return Reply{}, err
	}
	w.add(remark(w.say(paged(both("Which briefings? Press all you want, then go on", "Quels dossiers ? Appuyez sur tous ceux que vous voulez, puis continuez"), page, pages)) + "."))
	if len(known) > 0 {
		w.add(remark(w.say(both("Chosen: %s.", "Choisis : %s.", w.topicNames(known)))))
	}
	for i, t := range w.topics[lo:hi] {
		var chosen []string
		label, style := w.say(t.Name), Secondary
		if at := slices.Index(known, t.Slug); at >= 0 {
			chosen = slices.Delete(slices.Clone(known), at, at+1)
			label, style = "✓ "+label, Primary
		} else {
			chosen = append(slices.Clone(known), t.Slug)
		}
		b := button(label, r.again("topics", cmp.Or(strings.Join(chosen, ","), "none"), "pick", "topics"), i/5)
		b.Style = style
		w.reply.Buttons = append(w.reply.Buttons, b)
	}
	row := (hi - lo + 4) / 5
	if len(known) > 0 {
		on := button(w.say(both("Go on", "Continuer")), r.again("topics", strings.Join(known, ","), "pick", "", "page", ""), row)
		on.Style = Success
		w.reply.Buttons = append(w.reply.Buttons, on)
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("All briefings", "Tous les dossiers")), r.again("topics", "all", "pick", "", "page", ""), row))
	r.Options = withOptions(r.Options, "pick", "topics")
	w.reply.Buttons = append(w.reply.Buttons, turners(r, page, pages, row)...)
	return w.reply, nil
}

func (w *composer) askTime(r Request) Reply {
	var choices []Choice
	for t := range strings.FieldsSeq("06:00 07:00 08:00 09:00 12:00 17:00 18:00 19:00 20:00 21:00") {
		choices = append(choices, Choice{t, same(t)})
	}
	reply := w.ask(r, "time", both("At what time?", "À quelle heure ?"), choices)
	reply.Blocks = append(reply.Blocks, para(Span{Kind: Emphasis, Text: w.say(both("Any other minute:", "Toute autre minute :")) + " "},
		Span{Kind: Code, Text: r.again("time", "07:15", "pick", "")}))
	return reply
}

// quietSpans are the quiet hours offered; any others are understood as well.
var quietSpans = []Choice{
	{"20:00-08:00", same("20:00-08:00")},
	{"21:00-07:00", same("21:00-07:00")},
	{"22:00-07:00", same("22:00-07:00")},
	{"23:00-06:00", same("23:00-06:00")},
	{noQuiet, both("none", "aucune")},
}

// noQuiet is the value that takes quiet hours away.
const noQuiet = "none"

func completeQuiet(_ Request, typed string) []Choice { return matching(quietSpans, typed) }

func (w *composer) askQuiet(r Request) Reply {
	reply := w.ask(r, "quiet_hours", both("In which hours shall nothing come? What is due then waits for their end.",
		"À quelles heures rien ne doit arriver ? Ce qui est prévu alors attend leur fin."), quietSpans)
	reply.Blocks = append(reply.Blocks, para(Span{Kind: Emphasis, Text: w.say(both("Any other hours:", "Toutes autres heures :")) + " "},
		Span{Kind: Code, Text: r.again("quiet_hours", "22:30-06:15", "pick", "")}))
	return reply
}

// readQuiet reads a span of hours: 22:00-07:00, 22-7, 22h30 - 6h. None is empty.
func readQuiet(r Request) (string, error) {
	q := r.Option("quiet_hours")
	if q == "" || slices.Contains([]string{noQuiet, "no", "off", "aucune", "aucun", "non", "sans"}, briefings.Fold(q)) {
		return "", nil
	}
	from, to, ok := strings.Cut(strings.ReplaceAll(q, "–", "-"), "-")
	a, okA := readClock(from)
	b, okB := readClock(to)
	if !ok || !okA || !okB || a == b {
		return "", wrong("“%s” is not a span of hours. Write, for example, 22:00-07:00, or none.", "« %s » n’est pas une plage d’heures. Écrivez par exemple 22:00-07:00, ou aucune.", clip(q)).
			try(r.again("quiet_hours", "22:00-07:00"), r.again("quiet_hours", noQuiet))
	}
	return a + "-" + b, nil
}

// otherButtons lead to a change of each thing a digest is made of; to says
// which options of its line lead to the question, by what is asked for.
func (w *composer) otherButtons(known Request, s Subscription, to map[string][]string) []Button {
	quiet, hush := both("One line on quiet days", "Une ligne les jours calmes"), "brief"
	if s.WhenQuiet == hush {
		quiet, hush = both("Nothing on quiet days", "Rien les jours calmes"), "skip"
	}
	text, only := both("Text only", "Texte seul"), "yes"
	if s.TextOnly {
		text, only = both("With pictures", "Avec images"), "no"
	}
	return []Button{
		button(w.say(both("Other briefings", "Autres dossiers")), known.again(to["topics"]...), 1),
		button(w.say(both("Other days", "Autres jours")), known.again(to["schedule"]...), 1),
		button(w.say(both("Other time", "Autre heure")), known.again(to["time"]...), 1),
		button(w.say(both("Other time zone", "Autre fuseau")), known.again(to["zone"]...), 1),
		button(w.say(both("Other language", "Autre langue")), known.again(to["lang"]...), 1),
		button(w.say(both("Quiet hours", "Heures calmes")), known.again(to["quiet_hours"]...), 2),
		button(w.say(quiet), known.again("when_quiet", hush), 2),
		button(w.say(text), known.again("text_only", only), 2),
	}
}

// isRegion says that only the first part of a zone's name has been chosen.
func isRegion(zone string) bool { return strings.HasSuffix(zone, "/") }

// askZone asks for the region, then for the zone in it.
func (w *composer) askZone(r Request) (Reply, error) {
	region := r.Option("zone")
	var choices []Choice
	if region == "" {
		if r.Zone != nil && r.Zone.String() != "UTC" && r.Zone.String() != "Local" {
			choices = append(choices, Choice{r.Zone.String(), same(r.Zone.String())})
		}
		choices = append(choices, Choice{"UTC", same("UTC")})
	}
	seen := map[string]bool{}
	for _, z := range zones {
		head, city, ok := strings.Cut(z, "/")
		switch {
		case region == "" && ok && !seen[head]:
			seen[head] = true
			choices = append(choices, Choice{head + "/", same(head + "…")})
		case region != "" && strings.HasPrefix(z, region):
			choices = append(choices, Choice{z, same(strings.ReplaceAll(city, "_", " "))})
		}
	}
	if len(choices) == 0 {
		return Reply{}, wrong("I know no time zone “%s”. Names look like Europe/Paris or UTC.", "Je ne connais pas de fuseau horaire « %s ». Les noms ressemblent à Europe/Paris ou UTC.", clip(region)).
			try(r.again("zone", "", "page", ""))
	}
	lo, hi, page, pages, err := pageOf(r, len(choices), most)
	if err != nil {
		return Reply{}, err
	}
	turn := turners(r, page, pages, 4)
	r.Options = withOptions(r.Options, "page", "")
	reply := w.ask(r, "zone", both("In which time zone?", "Dans quel fuseau horaire ?"), choices[lo:hi])
	reply.Blocks = append(reply.Blocks, para(Span{Kind: Emphasis, Text: w.say(both("Any other zone:", "Tout autre fuseau :")) + " "},
		Span{Kind: Code, Text: r.again("zone", "Europe/Paris", "pick", "")}))
	reply.Buttons = append(reply.Buttons, turn...)
	return reply, nil
}

func upperFirst(s string) string {
	for i, c := range s {
		return strings.ToUpper(string(c)) + s[i+len(string(c)):]
	}
	return s
}
