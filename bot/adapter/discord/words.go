package discord

import "griot/briefings"

// What only Discord's askers read; the words of every platform are in commands.
var (
	unknownKind = briefings.Text{
		EN: "I do not know what to do with that. Please type a command, for example /help.",
		FR: "Je ne sais pas quoi faire de cela. Tapez une commande, par exemple /help.",
	}
	tooBusy = briefings.Text{
		EN: "Many people are asking at this moment. Please try again in a minute.",
		FR: "Beaucoup de monde pose des questions en ce moment. Réessayez dans une minute.",
	}
	tooLong = briefings.Text{
		EN: "The answer is longer than Discord lets me show here. Ask me in a private message, or where I am installed, to read all of it.",
		FR: "La réponse est plus longue que ce que Discord me laisse afficher ici. Demandez-la-moi en message privé, ou là où je suis installé, pour la lire en entier.",
	}
)
