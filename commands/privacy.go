package commands

import (
	"context"
	"fmt"
)

func (c *Core) privacyCommand() Command {
	return Command{
		Name: "privacy", Names: both("privacy", "confidentialite"),
		Summary: both("What is stored about you and this place", "Ce qui est conservé sur vous et sur ce lieu"),
		Options: []Option{langOption()},
		Run:     c.privacy,
	}
}

func (c *Core) privacy(_ context.Context, r Request) (Reply, error) {
	w := c.view().compose(r, both("What is stored", "Ce qui est conservé").In(r.Lang))
	var list [][]Span
	for _, s := range []struct{ en, fr string }{
		{
			"About you, only if you use /settings: the platform’s number for you, your language, time zone and text-only choice.",
			"Sur vous, seulement si vous utilisez /settings : le numéro que la plateforme vous donne, votre langue, votre fuseau horaire et le choix du texte seul.",
		},
		{
			"About you, only if you ask what changed since you last looked: the platform’s number for you, and when you last looked at which briefing. It goes after half a year.",
			"Sur vous, seulement si vous demandez ce qui a changé depuis votre dernière visite : le numéro que la plateforme vous donne, et la date de votre dernière visite à chaque dossier. Cela disparaît après six mois.",
		},
		{
			"About you, with each digest you ask for in a shared place: the platform’s number for you, so that you can be told why when it has to stop.",
			"Sur vous, avec chaque envoi que vous demandez dans un lieu partagé : le numéro que la plateforme vous donne, pour pouvoir vous dire pourquoi quand il doit s’arrêter.",
		},
		{
			"About a place, only if its administrators use /settings, /digest or /pin: its number and its server’s, those same choices, its digests (topics, schedule, time zone, language and options), and its pinned briefings (which, which parts, in which language, the number of the message).",
			"Sur un lieu, seulement si ses administrateurs utilisent /settings, /digest ou /pin : son numéro et celui de son serveur, ces mêmes choix, ses envois (dossiers, rythme, fuseau horaire, langue et options), et ses dossiers épinglés (lesquels, quelles parties, dans quelle langue, le numéro du message).",
		},
		{
			"About each digest and pin sent, and each change of one: to which place, when, the number of the message, and whether it arrived. That is how none comes twice.",
			"Sur chaque envoi, chaque message épinglé et chacune de leurs modifications : vers quel lieu, quand, le numéro du message, et s’il est arrivé. C’est ainsi qu’aucun n’arrive deux fois.",
		},
		{
			fmt.Sprintf("About each digest, and each answer that everybody at its place can read, for %d days: the number of the message, what was asked and which items it shows, but not who asked. That is how a correction reaches what stands. For a pinned briefing this is kept while it is pinned. Answers that nobody else sees are not kept.", c.days),
			fmt.Sprintf("Sur chaque envoi, et sur chaque réponse visible de tous dans un lieu, pendant %d jours : le numéro du message, ce qui était demandé et les éléments montrés, mais pas la personne qui a demandé. C’est ainsi qu’une correction atteint ce qui reste affiché. Ce qui concerne un dossier épinglé est gardé tant qu’il l’est. Les réponses que personne d’autre ne voit ne sont pas conservées.", c.days),
		},
		{
			fmt.Sprintf("About you, only if you use /report, for %d days at most: the platform’s number for you, where you wrote, what you wrote and about which item, and the editors’ answer. The editors read what you wrote, not who you are.", c.days),
			fmt.Sprintf("Sur vous, seulement si vous utilisez /signaler, pendant %d jours au plus : le numéro que la plateforme vous donne, le lieu, ce que vous avez écrit et sur quel élément, et la réponse de la rédaction. La rédaction lit ce que vous avez écrit, pas qui vous êtes.", c.days),
		},
		{
			"About you, if you decide something at the editors’ place: your name and the platform’s number for you, beside what you decided.",
			"Sur vous, si vous décidez quelque chose dans le lieu de la rédaction : votre nom et le numéro que la plateforme vous donne, à côté de ce que vous avez décidé.",
		},
		{
			"Of buttons whose command is too long for the platform: that command, with the words you searched for if it turns the pages of a search, but without who asked.",
			"Des boutons dont la commande est trop longue pour la plateforme : cette commande, avec les mots cherchés si elle tourne les pages d’une recherche, mais sans la personne qui a demandé.",
		},
		{
			"Apart from that, what you ask is answered and not stored, and what you write is not logged.",
			"À part cela, ce que vous demandez reçoit une réponse et n’est pas conservé ; ce que vous écrivez n’est pas journalisé.",
		},
	} {
		list = append(list, []Span{plain(w.say(both(s.en, s.fr)))})
	}
	w.add(Block{Kind: List, Entries: list})
	w.add(remark(w.say(both("/forget deletes what is stored about you; in a place, its administrators can delete what is stored about it.",
		"/forget supprime ce qui est conservé sur vous ; dans un lieu, ses administrateurs peuvent supprimer ce qui est conservé sur lui."))))
	w.reply.Buttons = []Button{button(w.say(both("Delete my data", "Supprimer mes données")), r.to("forget"), 0)}
	return w.reply, nil
}
