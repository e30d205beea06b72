package briefings

import "strings"

// figureClass is what a number counts, where that is apt to be disputed.
type figureClass string

const (
	toll     figureClass = "toll"
	strength figureClass = "strength"
	sum      figureClass = "sum"
)

// figureWords are the beginnings of folded words that say what a number near
// them counts. Of several classes the first one counts: soldiers killed are a
// toll, not a strength.
var figureWords = [...]struct {
	class figureClass
	words map[Lang][]string
}{
	{toll, map[Lang][]string{
		EN: {"kill", "dead", "death", "died", "wounded", "injured", "victim", "bodies", "casualt", "executed", "massacred", "toll"},
		FR: {"tue", "mort", "deces", "decede", "blesse", "victime", "corps", "execute", "massacre", "bilan", "peri"},
	}},
	{strength, map[Lang][]string{
		EN: {"troops", "soldiers", "fighters", "men", "personnel", "strong", "militants", "mercenaries", "peacekeepers", "gunmen"},
		FR: {"soldats", "combattants", "hommes", "militaires", "effectif", "mercenaires", "casques"},
	}},
	{sum, map[Lang][]string{
		EN: {"dollar", "euro", "franc", "usd", "eur", "cfa", "ransom"},
		FR: {"dollar", "euro", "franc", "usd", "eur", "cfa", "fcfa", "rancon"},
	}},
}

// numberWords are the numbers that prose spells out; one is left out, being an article too.
var numberWords = map[Lang][]string{
	EN: strings.Fields("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands dozen dozens"),
	FR: strings.Fields("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent cents centaine centaines mille millier milliers douzaine dizaine dizaines vingtaine trentaine quarantaine cinquantaine soixantaine"),
}

// attributions are the beginnings of folded words that say who gave the numbers of a sentence.
var attributions = map[Lang][]string{
	EN: {"according", "said", "says", "say", "told", "report", "announced", "counted", "concluded", "puts", "put", "estimated", "found", "inquiry", "claim", "spoke of", "speak of", "toll of the", "provisional toll", "official toll", "s toll", "s count", "gave", "versions", "disput"},
	FR: {"selon", "d apres", "dit", "disent", "rapport", "annonce", "compte", "conclu", "cite", "estime", "fait etat", "font etat", "fasse etat", "bilan de l", "bilan du", "bilan provisoire", "bilan officiel", "decompte", "chiffre", "article", "recense", "denombre", "revendiqu", "avance", "evoque", "parle", "parlent", "parlait", "donne", "declare", "affirme", "version", "contest", "discut"},
}

// vague are the number words that no exact number contradicts.
var vague = map[Lang][]string{
	EN: {"hundreds", "thousands", "dozens"},
	FR: {"dizaines", "centaines", "milliers"},
}

// bounds are what stands right before a number that is only the least, or about right.
var bounds = map[Lang]struct{ least, about []string }{
	EN: {least: []string{"at least", "more than", "over"}, about: []string{"about", "around", "some", "nearly", "almost"}},
	FR: {least: []string{"au moins", "plus de"}, about: []string{"environ", "quelque", "pres de", "une"}},
}
