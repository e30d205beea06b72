package commands

import (
	"context"
	"strings"

	"griot/briefings"
)

func (c *Core) helpCommand() Command {
	return Command{
		Name: "help", Names: both("help", "aide"),
		Summary: both("What I can do, and how to ask for it", "Ce que je sais faire, et comment le demander"),
		Options: []Option{{
			Name: "command", Names: both("command", "commande"), Summary: both("Command to explain", "Commande à expliquer"),
			Complete: c.completeCommand,
		}, langOption()},
		Run: c.help,
	}
}

func (c *Core) completeCommand(_ Request, typed string) []Choice {
	var all []Choice
	for _, cmd := range c.Table().Offered() {
		all = append(all, Choice{cmd.Name, both("/"+cmd.Names.EN, "/"+cmd.Names.FR)})
	}
	return matching(all, strings.TrimPrefix(typed, "/"))
}

func (c *Core) help(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	if asked := r.Option("command"); asked != "" {
		asked = strings.TrimPrefix(asked, "/")
		name, _ := cutWord(asked)
		cmd, sub := v.table.known(asked)
		if cmd == nil {
			return Reply{}, unknownCommand(v.table, name)
		}
		if s := cmd.Sub(strings.ToLower(strings.TrimSpace(sub))); s != nil {
			reply := helpOn(s, Request{Command: cmd.Name, Sub: s.Name, Lang: r.Lang, Options: r.Options})
			return reply, nil
		}
		r.Command = cmd.Name
		return helpOn(cmd, r), nil
	}
	w := v.compose(r, helpTitle.In(r.Lang))
	var topics, others [][]Span
	for i := range v.table {
		cmd := &v.table[i]
		if cmd.Hidden {
			continue
		}
		line := []Span{{Kind: Code, Text: "/" + cmd.Names.In(r.Lang)}, plain(" — " + cmd.Summary.In(r.Lang))}
		if cmd.Topic != "" {
			topics = append(topics, line)
		} else {
			others = append(others, line)
		}
	}
	if len(topics) > 0 {
		w.add(heading(w.say(both("Briefings", "Dossiers"))), Block{Kind: List, Entries: topics})
	}
	w.add(heading(w.say(both("Commands", "Commandes"))), Block{Kind: List, Entries: others})
	w.examples(v.x.Pack().Examples)
	w.add(remark(w.say(both("/help and the name of a command tells more.", "/help suivi du nom d’une commande en dit plus."))))
	return w.reply, nil
}

var helpTitle = both("What I can do", "Ce que je sais faire")

// examples lists lines worth trying, with buttons for the first few.
func (w *composer) examples(lines []briefings.Text) {
	var out [][]Span
	for i, example := range lines {
		l := example.In(w.lang)
		r, err := ParseLine(w.table, l)
		if err != nil {
			continue // an example of the pack for a command that is not there now
		}
		if out = append(out, []Span{{Kind: Code, Text: l}}); i < 5 {
			w.reply.Buttons = append(w.reply.Buttons, button(l, r.Line(), 0))
		}
	}
	if len(out) > 0 {
		w.add(heading(w.say(both("For example", "Par exemple"))), Block{Kind: List, Entries: out})
	}
}

// helpOn explains one command, from its row.
func helpOn(cmd *Command, r Request) Reply {
	line := "/" + r.Command
	if r.Sub != "" {
		line += " " + r.Sub
	}
	reply := Reply{Title: line, Blocks: []Block{para(plain(strings.TrimRight(cmd.Summary.In(r.Lang), ".") + "."))}}
	var entries [][]Span
	for i := range cmd.Subs {
		s := &cmd.Subs[i]
		entries = append(entries, []Span{{Kind: Code, Text: line + " " + s.Names.In(r.Lang)}, plain(" — " + s.Summary.In(r.Lang))})
		if i < 10 {
			reply.Buttons = append(reply.Buttons, button(subLabels[s.Name].In(r.Lang), Request{Command: r.Command, Sub: s.Name}.Line(), i/5))
		}
	}
	example := line
	for i := range cmd.Options {
		o := &cmd.Options[i]
		if o.Hidden {
			continue
		}
		var about strings.Builder
		about.WriteString(" — " + o.Summary.In(r.Lang))
		for j, ch := range o.Choices {
			if j == 0 {
				about.WriteString(Words(r.Lang).colon + lowerFirst(ch.Label.In(r.Lang)))
			} else {
				about.WriteString(", " + lowerFirst(ch.Label.In(r.Lang)))
			}
		}
		entries = append(entries, []Span{{Kind: Code, Text: o.Names.In(r.Lang) + ":"}, plain(about.String())})
		if len(o.Choices) > 0 && example == line {
			example += " " + o.Names.In(r.Lang) + ":" + o.Choices[0].Value
		}
	}
	if len(entries) > 0 {
		reply.Blocks = append(reply.Blocks, Block{Kind: List, Entries: entries})
	}
	if len(cmd.Subs) == 0 {
		reply.Blocks = append(reply.Blocks, para(plain(both("For example:", "Par exemple :").In(r.Lang)+" "), Span{Kind: Code, Text: cmd.example(example, r.Lang)}))
	}
	return reply
}

// subLabels name subcommands on buttons.
var subLabels = map[string]briefings.Text{
	"subscribe": both("Subscribe", "S’abonner"), "list": both("List", "Voir la liste"), "preview": both("Preview", "Aperçu"),
	"edit": both("Edit", "Modifier"), "why": both("Why?", "Pourquoi ?"), "now": both("Send now", "Envoyer maintenant"), "pause": both("Pause", "Suspendre"), "resume": both("Resume", "Reprendre"), "stop": both("Stop", "Arrêter"),
}

// example is a line worth trying.
func (c *Command) example(fallback string, lang briefings.Lang) string {
	if e := c.Example.In(lang); e != "" {
		return e
	}
	return fallback
}
