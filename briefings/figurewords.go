package briefings

import "strings"

// figureClass is what a number counts, where that is apt to be disputed.
type figureClass string

const (
	toll     figureClass = "toll"
	strength figureClass = "strength"
	sum      figureClass = "sum"
)

// figureWords are the beginnings of folded words, or with a dot whole words,
// that say what a number near them counts. Of several classes the first one counts: soldiers killed are a
// toll, not a strength.
var figureWords = [...]struct {
	class figureClass
	words map[Lang][]string
}{
	{toll, map[Lang][]string{
		EN: {"kill", "dead.", "deadliest.", "death", "died", "wounded", "injured", "victim", "bodies", "casualt", "executed", "massacred", "toll"},
		FR: {"tue", "tuant", "mort.", "morts.", "morte", "deces", "decede", "blesse", "victime", "corps", "execute", "massacre", "bilan", "peri.", "peris.", "perirent."},
	}},
	{strength, map[Lang][]string{
		EN: {"troops", "soldiers", "fighters", "men.", "personnel", "strong.", "militants", "mercenaries", "peacekeepers", "gunmen"},
		FR: {"soldats", "combattants", "hommes", "militaires", "effectif", "mercenaires", "casques"},
	}},
	{sum, map[Lang][]string{
		EN: {"dollar", "euro.", "euros.", "franc.", "francs.", "usd.", "eur.", "cfa.", "ransom"},
		FR: {"dollar", "euro.", "euros.", "franc.", "francs.", "usd.", "eur.", "cfa.", "fcfa.", "rancon"},
	}},
}

// uncontested are what a number right before them counts instead: time, places,
// things and votes.
var uncontested = map[Lang][]string{
	EN: strings.Fields("border borders day days hour hours minute minutes week weeks month months year years time times kilometre kilometres km mile miles village villages town towns place places camp camps base bases vehicle vehicles lorry lorries truck trucks attack attacks killings massacres mass vote votes country countries state states percent"),
	FR: strings.Fields("frontiere frontieres jour jours heure heures minute minutes semaine semaines mois an ans annee annees fois kilometre kilometres km village villages ville villes lieu lieux localite localites camp camps base bases vehicule vehicules camion camions attaque attaques tueries massacres voix pays etat etats pour"),
}

// attributions are the beginnings of folded words that say who gave the numbers of a sentence.
var attributions = map[Lang][]string{
	EN: {"according", "said", "says", "say", "told", "report", "announced", "counted", "concluded", "puts", "put", "estimated", "found", "inquiry", "claim", "spoke of", "speak of", "toll of the", "provisional toll", "official toll", "s toll", "s count", "gave", "gives", "asks for", "first toll", "attributed", "authorised", "versions", "disput"},
	FR: {"selon", "d apres", "dit", "disent", "rapport", "annonce", "compte", "conclu", "cite", "estime", "fait etat", "font etat", "fasse etat", "bilan de l", "bilan du", "bilan provisoire", "bilan officiel", "decompte", "chiffre", "article", "recense", "denombre", "revendiqu", "avance", "evoque", "parle", "parlent", "parlait", "donne", "demande ", "premier bilan", "attribu", "autoris", "evalu", "declare", "affirme", "version", "contest", "discut"},
}

// vague are the number words that no exact number contradicts.
var vague = map[Lang][]string{
	EN: {"hundreds", "thousands", "dozens"},
	FR: {"dizaines", "centaines", "milliers"},
}

// bounds are what stands right before a number that is only the least, about
// right, or some of them.
var bounds = map[Lang]struct{ least, about, some []string }{
	EN: {least: []string{"at least", "more than", "over"}, about: []string{"about", "around", "some", "nearly", "almost"}, some: []string{"several", "few"}},
	FR: {least: []string{"au moins", "plus de"}, about: []string{"environ", "quelque", "pres de", "une"}, some: []string{"plusieurs", "quelques"}},
}
