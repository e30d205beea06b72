package commands

import (
	"context"

	"griot/briefings"
)

// How much of what is found is shown, and of a question.
const (
	mostSupporting = 2 // beside what answers
	mostClosest    = 5
	mostNearTopics = 3
	longestTitle   = 120 // characters that are said back
	longestAsked   = 600 // characters that are looked at
)

func (c *Core) askCommand() Command {
	return Command{
		Name: "ask", Names: both("ask", "demander"),
		Summary: both("A question in plain words, answered by quoting the briefings", "Une question en langage courant ; la réponse cite les dossiers"),
		Example: both("/ask how many people are displaced?", "/demander combien de personnes sont déplacées ?"),
		Options: []Option{
			{Name: "question", Names: same("question"), Required: true, Prose: true, Summary: both("your question", "votre question")},
			langOption(),
		},
		Run: c.ask,
	}
}

// ask quotes what the briefings hold on a question. It says nothing of its own
// about the matter: where they do not answer, it says so.
func (c *Core) ask(_ context.Context, r Request) (Reply, error) {
	v := c.view()
	said := r.Option("question")
	f := v.x.Ask(briefings.Question{Text: cut(said, longestAsked), Lang: r.Lang, Today: r.today(), Now: v.at})
	l := Words(r.Lang)
	w := v.compose(r, l.open+clipTo(said, longestTitle)+l.closed)
	w.reply.Band = string(f.Band)
	switch f.Band {
	case briefings.BandAnswer:
		w.answer(r, f)
	case briefings.BandClosest:
		w.closest(r, f)
	default:
		w.notThere(r, f)
	}
	if f.Lang != r.Lang {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(otherLang), r.again("lang", string(f.Lang)), 3))
	}
	return w.reply, nil
}

// answer quotes the passage that answers, then up to two that support it.
func (w *composer) answer(r Request, f briefings.Finding) {
	main, rest := f.Excerpts[:1], f.Excerpts[1:]
	if f.Whole > 0 {
		main, rest = f.Excerpts[:f.Whole], f.Excerpts[f.Whole:]
	}
	if f.Intent == briefings.AskCompare && f.Whole == 1 {
		w.add(remark(w.say(both("One entry goes by both names.", "Les deux noms désignent la même fiche."))))
	}
	var topics [][]string
	for i, e := range main {
		if i > 0 && main[i-1].ID == e.ID {
			continue // a situation is shown with all its bullets
		}
		topics = append(topics, w.quoted(e, f.Whole > 0)...)
	}
	if t := w.topic(main[0].ID.Slug()); f.Intent == briefings.AskNow && t != nil && w.say(t.NotCovered) != "" {
		w.add(remark(w.say(t.NotCovered)))
	}
	if rest = rest[:min(mostSupporting, len(rest))]; len(rest) > 0 {
		w.add(heading(w.say(both("See also", "Voir aussi"))))
	}
	for _, e := range rest {
		w.entry(e)
	}
	w.reply.AsOf = w.oldestAsOf(topics...) // what is to be seen also has its own dates
	w.leadOn(r, main[0].ID)
}

// closest lists what comes near, and says that it is no more than that.
func (w *composer) closest(r Request, f briefings.Finding) {
	intro := both("The briefings do not answer that outright. These entries come closest:",
		"Les dossiers n’y répondent pas directement. Voici les entrées les plus proches :")
	if f.Ahead {
		intro = both("The briefings do not say what will happen. These entries come closest:",
			"Les dossiers ne disent pas ce qui arrivera. Voici les entrées les plus proches :")
	}
	w.add(remark(w.say(intro)))
	var topics [][]string
	for _, e := range f.Excerpts[:min(mostClosest, len(f.Excerpts))] {
		topics = append(topics, w.entry(e)...)
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(w.brief(e.ID)), w.opens(r, e.ID), 0))
	}
	w.reply.AsOf = w.oldestAsOf(topics...)
	w.passOn(r, passQuestionOn, r.Option("question"), 1)
}

// notThere says that the briefings do not hold it, and what they do hold.
func (w *composer) notThere(r Request, f briefings.Finding) {
	var near []*briefings.Topic
	for _, id := range f.Topics {
		if t := w.topic(id.Slug()); t != nil && len(near) < mostNearTopics {
			near = append(near, t)
		}
	}
	w.reply.AsOf = w.newest
	w.add(remark(w.say(w.why(f.Refusal))))
	about := both("The nearest briefings:", "Les dossiers les plus proches :")
	if len(near) == 0 {
		near = w.topics[:min(mostNearTopics, len(w.topics))]
		about = both("Some of the briefings there are:", "Quelques-uns des dossiers :")
	}
	var list [][]Span
	for _, t := range near {
		list = append(list, []Span{strong(w.say(t.Name)), plain(" — " + lowerFirst(asOf(w.lang, t.AsOf)))})
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(t.Name), r.to(t.Command), 0))
	}
	if len(list) > 0 {
		w.add(remark(w.say(about)), Block{Kind: List, Entries: list})
	}
	if f.Refusal == "" && len(f.Topics) > 0 {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(both("Search the texts", "Chercher dans les textes")), r.to("search", "query", cut(r.Option("question"), 60)), 1))
	}
	w.passOn(r, passQuestionOn, r.Option("question"), 1)
}

// why says in words why there is no answer, always with how far the briefings go.
func (w *composer) why(refusal briefings.Refusal) briefings.Text {
	reach := inWords(w.newest)
	switch refusal {
	case briefings.RefuseFuture:
		return both("Not in the briefings: they tell what has happened, up to %s, and not what will.",
			"Ce n’est pas dans les dossiers : ils disent ce qui s’est passé, jusqu’à cette date : %s, et non ce qui arrivera.", reach)
	case briefings.RefuseAdvice:
		return both("Not in the briefings: they hold facts up to %s, no advice. For a journey or a decision, ask those who know the present day, such as your foreign ministry.",
			"Ce n’est pas dans les dossiers : ils rapportent des faits, jusqu’à cette date : %s, et ne donnent pas de conseils. Pour un voyage ou une décision, demandez à qui connaît la situation du jour, par exemple votre ministère des Affaires étrangères.", reach)
	case briefings.RefuseLater:
		return both("Not in the briefings: they go no further than %s.", "Ce n’est pas dans les dossiers : ils s’arrêtent à cette date : %s.", reach)
	}
	return both("Not in the briefings. They are about “%s”, up to %s.", "Ce n’est pas dans les dossiers. Ils portent sur « %s », jusqu’à cette date : %s.", w.x.Pack().Title, reach)
}

// maxKept is how long a line may be that no platform needs kept for its button.
const maxKept = 60

// passOn offers to hand what was asked to the editors, where that can be done.
func (w *composer) passOn(r Request, label briefings.Text, asked string, row int) {
	cmd := w.table.Find("report")
	if cmd == nil || cmd.first() == nil {
		return
	}
	line := r.to("report", cmd.first().Name, asked)
	if len(line) > maxKept { // the button would be kept, and the question with it: it is asked for anew
		line = r.to("report")
	}
	w.reply.Buttons = append(w.reply.Buttons, button(w.say(label), line, row))
}

// passQuestionOn names the button that does so.
var passQuestionOn = both("Pass the question on", "Transmettre la question")
