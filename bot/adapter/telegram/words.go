package telegram

import "griot/briefings"

// What only Telegram needs to say.
var (
	whispered = briefings.Text{
		EN: "I have answered you in our private chat.",
		FR: "Je vous ai répondu dans notre conversation privée.",
	}
	startFirst = briefings.Text{
		EN: "I answer that in private. Please open our chat with the button and press Start.",
		FR: "Je réponds à cela en privé. Ouvrez notre conversation avec le bouton, puis appuyez sur Démarrer.",
	}
	replyHere = briefings.Text{EN: "Reply to this message.", FR: "Répondez à ce message."}
	openChat  = briefings.Text{EN: "Open our chat", FR: "Ouvrir la conversation"}
	readAll   = briefings.Text{EN: "Read all of it", FR: "Tout lire"}
)
