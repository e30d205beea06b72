package commands

import (
	"context"
	"strings"

	"griot/briefings"
)

func (c *Core) startCommand() Command {
	return Command{
		Name: "start", Names: both("start", "bonjour"),
		Summary: both("Say hello, and see what to ask", "Dire bonjour, et voir quoi demander"),
		Options: []Option{
			{Name: "topic", Names: both("topic", "sujet"), Summary: both("Briefing to open", "Dossier à ouvrir"), Complete: c.completeTopic},
			langOption(),
		},
		Run: c.start,
	}
}

// start greets, or opens what a link that leads here names.
func (c *Core) start(ctx context.Context, r Request) (Reply, error) {
	v := c.view()
	if to, ok := v.payload(r); ok {
		cmd := v.table.Find(to.Command)
		opts, err := settleOptions(cmd, to)
		if err != nil {
			return Reply{}, err
		}
		if to.Options = opts; opts["lang"] != "" {
			to.Lang = briefings.Lang(opts["lang"])
		}
		reply, err := cmd.Run(ctx, to)
		reply.Command, reply.Lang = cmd.Name, to.Lang
		return reply, err
	}
	p := v.x.Pack()
	w := v.compose(r, both("Hello, this is Griot", "Bonjour, ici Griot").In(r.Lang))
	if s := strings.TrimSpace(w.say(p.Title) + ". " + w.say(p.Description)); s != "." {
		w.add(remark(s))
	}
	w.add(remark(w.say(both("Ask with a command. Every answer names its sources and says how old it is.",
		"Demandez avec une commande. Chaque réponse nomme ses sources et dit de quand elle date."))))
	w.examples(p.Examples)
	for i, t := range v.topics {
		if len(p.Examples) == 0 && i < 5 {
			w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), r.to(t.Command), 0))
		}
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("All commands", "Toutes les commandes")), r.to("help"), 1))
	return w.reply, nil
}

// payload reads what a deep link carries, at most 64 letters, digits, "_" and
// "-": a topic, an event, or a command and its words: "who_jnim". Links lead
// to reading only, never to what changes something.
func (v *view) payload(r Request) (Request, bool) {
	word := strings.TrimPrefix(r.Option("topic"), "/")
	if word == "" {
		return r, false
	}
	open := func(line string) (Request, bool) {
		to, err := ParseLine(v.table, line)
		if err != nil {
			return r, false
		}
		cmd := v.table.Find(to.Command)
		if cmd.Private || cmd.Run == nil || cmd.Name == "start" {
			return r, false
		}
		to.Lang, to.Place, to.User, to.Admin, to.Now, to.Zone, to.TextOnly = r.Lang, r.Place, r.User, r.Admin, r.Now, r.Zone, r.TextOnly
		return to, true
	}
	for _, m := range v.x.Find(word) {
		if v.shows(m.ID) {
			return open(v.opens(r, m.ID))
		}
	}
	if v.x.Event(word) != nil {
		return open(r.to("timeline", "event", word))
	}
	if v.table.Find(strings.ToLower(word)) != nil {
		return open("/" + word)
	}
	command, words, _ := strings.Cut(word, "_")
	return open("/" + command + " " + quote(strings.ReplaceAll(words, "_", " ")))
}
