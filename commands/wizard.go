package commands

import (
	"slices"
	"strings"

	"griot/briefings"
)

// ask asks for one option with a button for each choice.
func (w *composer) ask(r Request, option string, question briefings.Text, choices []Choice) Reply {
	w.add(remark(w.say(question)))
	for i, ch := range choices {
		w.reply.Buttons = append(w.reply.Buttons, button(upperFirst(w.say(ch.Label)), r.again(option, ch.Value, "confirm", "ask"), i/5))
	}
	return w.reply
}

// most is the number of buttons that leave a row for the way on.
const most = 20

// askTopics lets topics be chosen one by one.
func (w *composer) askTopics(r Request, known wish) Reply {
	w.add(remark(w.say(both("Which briefings? Press all you want, then go on.", "Quels dossiers ? Appuyez sur tous ceux que vous voulez, puis continuez."))))
	if len(known.topics) > 0 {
		w.add(remark(w.say(both("Chosen: %s.", "Choisis : %s.", w.topicNames(known.topics)))))
	}
	for i, t := range w.topics[:min(most, len(w.topics))] {
		var chosen []string
		label, style := w.say(t.Name), Secondary
		if at := slices.Index(known.topics, t.Slug); at >= 0 {
			chosen = slices.Delete(slices.Clone(known.topics), at, at+1)
			label, style = "✓ "+label, Primary
		} else {
			chosen = append(slices.Clone(known.topics), t.Slug)
		}
		b := button(label, r.again("topics", strings.Join(chosen, ","), "pick", "more", "confirm", "ask"), i/5)
		b.Style = style
		w.reply.Buttons = append(w.reply.Buttons, b)
	}
	row := (min(most, len(w.topics)) + 4) / 5
	if len(known.topics) > 0 {
		on := button(w.say(both("Go on", "Continuer")), r.again("pick", "", "confirm", "ask"), row)
		on.Style = Success
		w.reply.Buttons = append(w.reply.Buttons, on)
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("All briefings", "Tous les dossiers")), r.again("topics", "all", "pick", "", "confirm", "ask"), row))
	return w.reply
}

func (w *composer) askTime(r Request) Reply {
	var choices []Choice
	for t := range strings.FieldsSeq("06:00 07:00 08:00 09:00 12:00 17:00 18:00 19:00 20:00 21:00") {
		choices = append(choices, Choice{t, same(t)})
	}
	reply := w.ask(r, "time", both("At what time?", "À quelle heure ?"), choices)
	reply.Blocks = append(reply.Blocks, para(Span{Kind: Emphasis, Text: w.say(both("Any other minute:", "Toute autre minute :")) + " "},
		Span{Kind: Code, Text: r.again("time", "07:15", "confirm", "ask")}))
	return reply
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
		Span{Kind: Code, Text: r.again("zone", "Europe/Paris", "confirm", "ask")}))
	reply.Buttons = append(reply.Buttons, turn...)
	return reply, nil
}

func upperFirst(s string) string {
	for i, c := range s {
		return strings.ToUpper(string(c)) + s[i+len(string(c)):]
	}
	return s
}
