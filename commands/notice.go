package commands

import (
	"strings"

	"griot/briefings"
)

// Why a subscription was stopped, as [Subscription.Stopped] keeps it: one of
// these codes. StopForbidden may be followed by ":" and the rights that are
// missing, as the platform calls them: "forbidden:Send Messages, Embed Links".
const (
	StopGone      = "gone"      // the chat is gone, or the bot was removed or blocked
	StopThread    = "thread"    // the chat is there, its thread or forum topic is gone or closed
	StopForbidden = "forbidden" // the bot may not write there
)

// More codes, of a [Pin] alone.
const (
	StopLost     = "lost"    // its message was deleted, and so was the one in its place
	StopUnknown  = "unknown" // its message may have arrived; nobody can tell
	StopRefused  = "refused" // the platform did not take it, for no reason of the place
	StopPinLimit = "limit"   // the place has as many pins as the platform allows
)

// NoticeKind is what a [Core.Notice] tells.
type NoticeKind string

// The kinds of notices.
const (
	// NoticeStopped tells who asked for a digest, or its place, that it stopped.
	NoticeStopped NoticeKind = "stopped"
	// NoticeThread goes along with a digest that comes to the chat itself this
	// once, because the thread or topic it is for is closed or gone.
	NoticeThread NoticeKind = "thread"
)

// Notice is what has to be told about a digest besides the digest: which one
// and of which place, what happened, what to do, and how to go on. The cause
// is a code as [Subscription.Stopped] keeps it. What is about a thread or topic
// is read in its chat, where the buttons work; other notices have none, as they
// may be read elsewhere.
func (c *Core) Notice(kind NoticeKind, s Subscription, cause string, lang briefings.Lang) Reply {
	if lang != briefings.FR {
		lang = briefings.EN
	}
	w := c.view().compose(Request{Lang: lang}, "")
	w.reply.Command, w.reply.Lang, w.reply.Stays = "digest", lang, true
	name, place := w.describe(s), placeWords(s)
	code := func(line string) Span { return Span{Kind: Code, Text: line} }
	if kind == NoticeThread {
		w.reply.Title = w.say(both("This digest has lost its place", "Cet envoi a perdu son lieu"))
		w.add(para(plain(w.say(both("The digest “%s” is for %s, which is closed or gone. This once it comes to the chat itself.",
			"L’envoi « %s » est destiné à un lieu fermé ou disparu : %s. Pour cette fois, il arrive dans la discussion principale.", name, place)))),
			para(plain(w.say(both("Open it again, or have the digest come elsewhere in this chat: write there", "Rouvrez ce lieu, ou faites venir l’envoi ailleurs dans cette discussion : écrivez-y"))+" "), code(digestHere(s.ID))))
		w.reply.Buttons = append(w.hereButton(s), w.stopButton(s))
		return w.reply
	}
	why, cure := stopWords(s, cause)
	w.reply.Title = w.say(both("A digest has stopped", "Un envoi s’est arrêté"))
	then := both("Then an administrator resumes it there:", "Un administrateur le reprend ensuite sur place :")
	if s.private() {
		then = both("Then resume it:", "Reprenez-le ensuite :")
	}
	ways := []Block{para(plain(w.say(then)+" "), code(digestLine("resume", s.ID)))}
	if to := s.To; strings.HasPrefix(cause, StopThread) && to.Thread != "" {
		ways = append(ways, para(plain(w.say(both("Or, to have it come elsewhere in that chat, an administrator writes there:", "Ou, pour le faire venir ailleurs dans cette discussion, un administrateur y écrit :"))+" "), code(digestHere(s.ID))))
		w.reply.Buttons = append(w.hereButton(s), button(w.say(subLabels["resume"]), digestLine("resume", s.ID), 0), w.stopButton(s))
	}
	w.add(
		para(plain(w.say(both("The digest “%s” for %s has stopped.", "L’envoi « %s » s’est arrêté. Lieu : %s.", name, place)))),
		para(plain(w.say(why)+" "), strong(w.say(cure))),
	)
	w.add(ways...)
	w.add(
		remark(w.say(both("It goes on from that moment; /latest shows what was new meanwhile.", "Il repart de ce moment-là ; /latest montre ce qui était nouveau entre-temps."))),
	)
	return w.reply
}

// hereButton moves a digest to where it is pressed.
func (w *composer) hereButton(s Subscription) []Button {
	return []Button{button(w.say(both("Have it come here", "Le faire venir ici")), digestHere(s.ID), 0)}
}

func (w *composer) stopButton(s Subscription) Button {
	b := button(Words(w.lang).Stop, digestLine("stop", s.ID), 0)
	b.Style = Danger
	return b
}

// private reports whether the subscription is one person's alone. Telegram's
// private chats have positive ids; on Discord only those have no server.
func (s Subscription) private() bool {
	switch s.To.Platform {
	case Telegram:
		return !strings.HasPrefix(s.To.Chat, "-")
	case Discord:
		return s.Guild == ""
	}
	return true
}

// placeWords names the place of a digest in its platform's words.
func placeWords(s Subscription) briefings.Text {
	to := s.To
	switch {
	case to.Platform == Discord && s.private():
		return both("your private chat with me on Discord", "votre conversation privée avec moi sur Discord")
	case to.Platform == Discord && to.Thread != "":
		return both("thread %s of the Discord channel %s", "le fil %s du salon Discord %s", to.Thread, to.Chat)
	case to.Platform == Discord:
		return both("the Discord channel %s", "le salon Discord %s", to.Chat)
	case to.Platform == Telegram && s.private():
		return both("your private chat with me on Telegram", "votre conversation privée avec moi sur Telegram")
	case to.Platform == Telegram && to.Thread != "":
		return both("topic %s of the Telegram group %s", "le sujet %s du groupe Telegram %s", to.Thread, to.Chat)
	case to.Platform == Telegram:
		return both("the Telegram group or channel %s", "le groupe ou canal Telegram %s", to.Chat)
	}
	return both("this terminal", "ce terminal")
}

// stopWords say why a digest stopped and what cures it, in sentences.
func stopWords(s Subscription, cause string) (why, cure briefings.Text) {
	code, rights, _ := strings.Cut(cause, ":")
	telegram := s.To.Platform == Telegram
	switch {
	case code == StopThread && telegram:
		return both("The topic was closed or deleted.", "Le sujet a été fermé ou supprimé."), both("Open it again, or have the digest come elsewhere.", "Rouvrez-le, ou faites venir l’envoi ailleurs.")
	case code == StopThread:
		return both("The thread was locked, archived or deleted.", "Le fil a été verrouillé, archivé ou supprimé."), both("Open it again, or have the digest come elsewhere.", "Rouvrez-le, ou faites venir l’envoi ailleurs.")
	case (code == StopGone || code == StopForbidden) && s.private() && telegram:
		return both("I could not write to you any more: I was blocked, or the chat was deleted.", "Je ne pouvais plus vous écrire : j’étais bloqué, ou la conversation était supprimée."), both("Unblock me.", "Débloquez-moi.")
	case (code == StopGone || code == StopForbidden) && s.private():
		return both("Discord did not let me write to you any more.", "Discord ne me laissait plus vous écrire."),
			both("Allow direct messages from a server we share, or add me to your apps again.", "Autorisez les messages privés d’un serveur que nous partageons, ou ajoutez-moi de nouveau à vos applications.")
	case code == StopGone && telegram:
		return both("I was removed from the group or channel, or it was deleted.", "J’ai été retiré du groupe ou du canal, ou il a été supprimé."),
			both("If it is still there, add me again, to a channel as an administrator who may post messages.", "S’il existe encore, ajoutez-moi de nouveau, dans un canal comme administrateur autorisé à publier des messages.")
	case code == StopGone:
		return both("The channel was deleted, or I was removed from the server.", "Le salon a été supprimé, ou j’ai été retiré du serveur."), both("If it is still there, add me to the server again.", "S’il existe encore, ajoutez-moi de nouveau au serveur.")
	case code == StopForbidden:
		return both("I was not allowed to write there.", "Je n’avais pas le droit d’y écrire."), rightWords(s, rights)
	}
	return both("It could not be delivered any more.", "Il ne pouvait plus être livré."), both("See that I may write there.", "Vérifiez que j’ai le droit d’y écrire.")
}

// rightWords asks for the rights that are missing, or for all that are needed.
func rightWords(s Subscription, rights string) briefings.Text {
	if strings.TrimSpace(rights) == "" {
		if s.To.Platform == Telegram {
			return both("Let me send messages: in a channel I must be an administrator who may post messages.", "Laissez-moi envoyer des messages ; dans un canal, je dois être administrateur autorisé à publier des messages.")
		}
		rights = "View Channel, Send Messages, Embed Links, Attach Files"
		if s.To.Thread != "" {
			rights = "View Channel, Send Messages in Threads, Embed Links, Attach Files"
		}
	}
	var all briefings.Text
	n := 0
	for name := range strings.SplitSeq(rights, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		right := same(name)
		if known, ok := rightNames[name]; ok {
			right = known
		}
		if n++; n > 1 {
			right = both("%s, %s", "%s, %s", all, right)
		}
		all = right
	}
	if n == 1 {
		return both("Give me this right there: %s.", "Donnez-moi ce droit à cet endroit : %s.", all)
	}
	return both("Give me these rights there: %s.", "Donnez-moi ces droits à cet endroit : %s.", all)
}

// rightNames are rights in the words of each language's client, by the name
// Discord's documentation or Telegram's API has for them.
var rightNames = map[string]briefings.Text{
	"View Channel":             both("View Channel", "Voir le salon (View Channel)"),
	"Send Messages":            both("Send Messages", "Envoyer des messages (Send Messages)"),
	"Send Messages in Threads": both("Send Messages in Threads", "Envoyer des messages dans les fils (Send Messages in Threads)"),
	"Embed Links":              both("Embed Links", "Intégrer des liens (Embed Links)"),
	"Attach Files":             both("Attach Files", "Joindre des fichiers (Attach Files)"),
	"Pin Messages":             both("Pin Messages", "Épingler des messages (Pin Messages)"),
	"can_pin_messages":         both("Pin messages", "Épingler des messages"),
	"can_edit_messages":        both("Edit messages", "Modifier les messages"),
	"Read Message History":     both("Read Message History", "Voir les anciens messages (Read Message History)"),
	"can_post_messages":        both("Post messages", "Publier des messages"),
	"can_send_messages":        both("Send messages", "Envoyer des messages"),
}
