package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/briefings"
)

// maxRemark is how many characters a remark and an answer to it have at most.
const maxRemark = 1000

func (c *Core) reportCommand() Command {
	return Command{
		Name: "report", Names: both("report", "signaler"), Private: true,
		Summary: both("Tell the editors that something is wrong or missing", "Dire à la rédaction que quelque chose est faux ou manque"),
		Example: both("/report the toll of 7 March is out of date", "/signaler le bilan du 7 mars n’est plus à jour"),
		Options: []Option{
			{Name: "text", Names: both("text", "texte"), Summary: both("What is wrong or missing, in your words", "Ce qui est faux ou manque, avec vos mots"), Prose: true},
			{
				Name: "about", Names: both("about", "sujet"), Summary: both("Briefing or event it is about; may be left out", "Dossier ou événement concerné ; peut être omis"),
				Complete: c.completeAbout,
			},
			{Name: "answer", Names: both("answer", "reponse"), Summary: both("Whether you want an answer, in private", "Si vous voulez une réponse, en privé"), Choices: yesNo()},
			langOption(),
			{Name: "seen", Names: same("seen"), Summary: both("What you read of it", "Ce que vous en avez lu"), Hidden: true},
			{Name: "id", Names: same("id"), Summary: both("Which report", "Quel signalement"), Hidden: true},
		},
		Run: c.report,
	}
}

// completeAbout suggests what a report may be about.
func (c *Core) completeAbout(r Request, typed string) []Choice {
	var out []Choice
	for _, s := range c.Suggest(context.Background(), r, typed, 0, 25) {
		out = append(out, Choice{Value: string(s.ID), Label: same(cut(s.Title, 100))})
	}
	return out
}

// report files what somebody tells the editors, asks for it, or notes whether
// they want an answer.
func (c *Core) report(ctx context.Context, r Request) (Reply, error) {
	if c.remarks == nil {
		return Reply{}, wrong("Reports cannot be kept here.", "Les signalements ne peuvent pas être conservés ici.")
	}
	if id := r.Option("id"); id != "" {
		return c.wantAnswer(ctx, r, id)
	}
	v := c.view()
	about, err := v.reported(r)
	if err != nil {
		return Reply{}, err
	}
	text := strings.TrimSpace(r.Option("text"))
	switch n := utf8.RuneCountInString(text); {
	case text == "":
		return v.askForRemark(r, about), nil
	case n > maxRemark:
		return Reply{}, wrong("That is %d characters long. Please tell it in %d at most.", "Cela fait %d caractères. Dites-le en %d au plus, s’il vous plaît.", n, maxRemark)
	}
	who := person(r)
	if r.User == "" {
		who = r.Place.Destination
	}
	at := r.Place.Destination
	if r.Place.Private { // whose it is need not be known
		at = Destination{Platform: at.Platform, Chat: "private"}
	}
	remark := Remark{Who: who, Place: at, Lang: r.Lang, Item: about, Text: text, Wants: r.Option("answer") == "yes" && r.User != ""}
	kept, again, err := c.remarks.File(ctx, remark, r.Option("seen"), r.Now)
	if err != nil {
		return Reply{}, fmt.Errorf("file a report: %w", err)
	}
	if !again.IsZero() {
		at := clock{"UTC", again.UTC().Location()}
		if r.Zone != nil {
			at = clock{r.Zone.String(), r.Zone}
		}
		return Reply{}, wrong("You have told the editors several things within a day, and they read those first. You can write again %s.",
			"Vous avez signalé plusieurs choses en un jour, et la rédaction les lit d’abord. Vous pourrez écrire de nouveau %s.", at.at(again, r.Now))
	}
	return v.filed(r, kept, c.days), nil
}

// reported finds what a report is about.
func (v *view) reported(r Request) (briefings.ID, error) {
	name := strings.TrimSpace(r.Option("about"))
	if name == "" {
		return "", nil
	}
	if id := whole(briefings.ID(name)); v.shows(id) {
		return id, nil
	}
	for _, m := range v.x.Find(strings.TrimPrefix(name, "/")) {
		if id := whole(m.ID); v.shows(id) {
			return id, nil
		}
	}
	e := wrong("I do not know “%s”. Leave it away, or name a briefing.", "Je ne connais pas « %s ». Omettez-le, ou nommez un dossier.", clip(name))
	for _, t := range v.nearTopics(name) {
		e.offer(t.Name, r.again("about", t.Slug))
	}
	return "", e
}

// askForRemark asks for the words of a report.
func (v *view) askForRemark(r Request, about briefings.ID) Reply {
	w := v.compose(r, "")
	w.reply.Private = true
	w.reply.Title = w.say(both("Report a problem", "Signaler une erreur"))
	ask := both("What is wrong or missing? Write it in your words; the editors read it.", "Qu’est-ce qui est faux ou manque ? Écrivez-le avec vos mots ; la rédaction le lit.")
	if about != "" {
		ask = both("What is wrong or missing in “%s”? Write it in your words; the editors read it.", "Qu’est-ce qui est faux ou manque dans « %s » ? Écrivez-le avec vos mots ; la rédaction le lit.", v.name(about))
	}
	w.add(para(plain(w.say(ask))))
	w.reply.Prompt = &Prompt{
		Title: w.reply.Title, Label: w.say(both("What is wrong or missing?", "Qu’est-ce qui est faux ou manque ?")),
		Hint: w.say(both("For example: the toll is out of date", "Par exemple : le bilan n’est plus à jour")), Line: r.again("text", ""), Option: "text", Most: maxRemark,
	}
	return w.reply
}

// filed thanks, and asks whether an answer is wanted.
func (v *view) filed(r Request, kept Remark, days int) Reply {
	w := v.compose(r, "")
	w.reply.Private = true
	w.reply.Title = w.say(both("Thank you", "Merci"))
	read := both("The editors will read it.", "La rédaction le lira.")
	if kept.Item != "" {
		read = both("The editors will read what you wrote about “%s”.", "La rédaction lira ce que vous avez écrit sur « %s ».", v.name(kept.Item))
	}
	w.add(para(plain(w.say(read))))
	switch {
	case kept.Wants:
		w.add(para(plain(w.say(privately))))
	case r.User != "" && r.Option("answer") == "":
		w.add(para(plain(w.say(both("Do you want an answer? It comes to you in private.", "Voulez-vous une réponse ? Elle vous arrivera en privé.")))))
		yes := button(w.say(both("Yes, answer me", "Oui, répondez-moi")), r.sub("report", "", "id", kept.ID, "answer", "yes"), 0)
		yes.Style = Primary
		w.reply.Buttons = []Button{yes, button(w.say(both("No need", "Inutile")), r.sub("report", "", "id", kept.ID, "answer", "no"), 0)}
	}
	w.add(remark(w.say(both("It is kept for %d days at most, with the platform’s number for you; /forget deletes it.", "Cela est conservé %d jours au plus, avec le numéro que la plateforme vous donne ; /forget le supprime.", days))))
	return w.reply
}

var privately = both("If they answer, it comes to you in private.", "Si elle répond, cela vous arrivera en privé.")

// wantAnswer notes whether somebody wants an answer to what they wrote.
func (c *Core) wantAnswer(ctx context.Context, r Request, id string) (Reply, error) {
	wants := r.Option("answer") == "yes"
	ok, err := c.remarks.Want(ctx, person(r), id, wants)
	if err != nil {
		return Reply{}, fmt.Errorf("note who wants an answer: %w", err)
	}
	if !ok {
		return Reply{}, wrong("This report is not yours, or the editors are done with it. Write a new one with /report.",
			"Ce signalement n’est pas le vôtre, ou la rédaction en a terminé avec lui. Écrivez-en un autre avec /signaler.")
	}
	w := c.view().compose(r, both("Thank you", "Merci").In(r.Lang))
	w.reply.Private = true
	said := both("The editors will read it, and not answer.", "La rédaction le lira, sans répondre.")
	if wants {
		said = both("The editors will read it. %s", "La rédaction le lira. %s", privately)
	}
	w.add(para(plain(w.say(said))))
	return w.reply, nil
}

// withReport adds to an answer with content the button that reports a problem
// with it, where reports are kept.
func (c *Core) withReport(r Request, reply Reply) Reply {
	if c.remarks == nil || len(reply.Sources) == 0 || len(reply.Items) == 0 || r.Command == "report" {
		return reply
	}
	about, seen := "", ""
	if id := c.view().mainly(r, reply); id != "" {
		about = string(id)
		if h := c.HashOf(id); len(h) >= 8 {
			seen = h[:8]
		}
	}
	count := map[int]int{}
	row := 0
	for _, b := range reply.Buttons {
		if strings.HasPrefix(b.Line, "/report ") { // it can be told already
			return reply
		}
		count[b.Row]++
		row = max(row, b.Row)
	}
	if count[row] >= 5 {
		row++
	}
	reply.Buttons = append(slices.Clone(reply.Buttons), button(both("Report a problem", "Signaler une erreur").In(reply.Lang),
		r.to("report", "about", about, "seen", seen), row))
	return reply
}

// mainly is the item that an answer is about; "" when it lists several.
func (v *view) mainly(r Request, reply Reply) briefings.ID {
	id := whole(reply.Items[0])
	switch r.Command {
	case "timeline", "latest", "changes", "search", "sources", "disputed":
		id = briefings.MakeID(briefings.KindTopic, r.Option("topic"))
		if event := r.Option("event"); event != "" {
			id = briefings.MakeID(briefings.KindEvent, event)
		}
	}
	if !v.shows(id) {
		return ""
	}
	return id
}

// AnswerToRemark brings the editors' answer to who wrote a remark.
func (c *Core) AnswerToRemark(k Remark) Reply {
	v := c.view()
	w := v.compose(Request{Lang: k.Lang}, "")
	w.reply.Command, w.reply.Lang, w.reply.Stays = "report", k.Lang, true
	w.reply.Title = w.say(both("The editors have answered you", "La rédaction vous a répondu"))
	wrote := both("On %s you wrote:", "Le %s, vous avez écrit :", inWords(briefings.DateOf(k.Made.UTC())))
	if k.Item != "" {
		wrote = both("On %s you wrote about “%s”:", "Le %s, vous avez écrit sur « %s » :", inWords(briefings.DateOf(k.Made.UTC())), v.name(k.Item))
	}
	w.add(para(plain(w.say(wrote))), Block{Kind: Quote, Spans: []Span{plain(k.Text)}}, para(plain(w.say(both("Their answer:", "Sa réponse :")))))
	for line := range strings.SplitSeq(k.Answer, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			w.add(para(plain(line)))
		}
	}
	if line := v.opens(Request{}, k.Item); line != "" && v.shows(k.Item) {
		w.reply.Buttons = []Button{button(w.say(both("Read it as it is now", "Le lire tel qu’il est")), line, 0)}
	}
	return w.reply
}
