package briefings

import "strings"

// kindWords are the beginnings of folded words, of both languages, that speak
// of a kind of events.
var kindWords = map[string][]string{
	"attack":             strings.Fields("attack attaque attentat ambush embuscade raid bombing massacre"),
	"coup":               strings.Fields("coup putsch overthr renvers"),
	"election":           strings.Fields("elect vote votes voted referendum scrutin presidentielle"),
	"agreement":          strings.Fields("agreement accord treaty traite charter charte pact pacte ceasefire treve truce"),
	"withdrawal":         strings.Fields("left leave leaves leaving withdr quit quitte retrait retire depart parti partie sorti sortie"),
	"sanction":           strings.Fields("sanction embargo"),
	"mission":            strings.Fields("mission mandate mandat"),
	"judicial":           strings.Fields("sentenc condamn trial proces verdict jailed jugement juge"),
	"military-operation": strings.Fields("operation retake retaken retook reprise repris captur"),
}

// kindsIn are the kinds of events that words speak of.
func kindsIn(words []word) map[string]bool {
	out := map[string]bool{}
	for kind, starts := range kindWords {
		for _, w := range words {
			for _, s := range starts {
				if strings.HasPrefix(w.folded, s) {
					out[kind] = true
				}
			}
		}
	}
	return out
}
