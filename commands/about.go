package commands

import (
	"context"
)

func (c *Core) aboutCommand() Command {
	return Command{
		Name: "about", Names: both("about", "apropos"),
		Summary: both("What this is, and how old its content is", "Ce que c’est, et de quand date son contenu"),
		Options: []Option{langOption()},
		Run:     c.about,
	}
}

func (c *Core) about(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	p := v.x.Pack()
	w := v.compose(r, both("About Griot", "À propos de Griot").In(r.Lang))
	w.add(remark(w.say(both("Griot answers from briefings that people write and check. Every sentence of content has its source; where accounts differ, each is given with who says it. What is not in the briefings, Griot does not know.",
		"Griot répond à partir de dossiers écrits et vérifiés par des personnes. Chaque phrase de contenu a sa source ; là où les récits diffèrent, chacun est donné avec son auteur. Ce qui n’est pas dans les dossiers, Griot ne le sait pas."))))
	if w.say(p.Title) != "" {
		w.add(Block{Kind: Fact, Label: w.say(both("Content", "Contenu")), Spans: []Span{strong(w.say(p.Title)), plain(". " + w.say(p.Description))}})
	}
	var ages [][]Span
	for _, t := range v.topics {
		line := []Span{{Kind: Code, Text: "/" + w.say(called(t))}, plain(" — " + w.say(t.Name))}
		if s := asOf(r.Lang, t.AsOf); s != "" {
			line = append(line, plain(Words(r.Lang).colon+lowerFirst(s)))
		}
		ages = append(ages, line)
	}
	if len(ages) > 0 {
		w.add(heading(w.say(both("How old each briefing is", "De quand date chaque dossier"))), Block{Kind: List, Entries: ages})
	}
	version := w.say(both("Version: %s. Content: %s.", "Version : %s. Contenu : %s.", orDash(c.version), orDash(cutHash(p.Hash))))
	w.add(remark(version))
	w.reply.Buttons = []Button{
		button(w.say(both("Help", "Aide")), r.to("help"), 0),
		button(w.say(both("What is stored", "Ce qui est conservé")), r.to("privacy"), 0),
	}
	w.reply.AsOf = v.newest
	return w.reply, nil
}

func cutHash(h string) string { return h[:min(len(h), 12)] }

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
