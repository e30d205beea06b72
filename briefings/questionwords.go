package briefings

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Intent is what kind of thing a question asks for.
type Intent string

// The intents. A question without any of them asks for whatever text fits it.
const (
	AskPassage    Intent = "passage"
	AskDefinition Intent = "definition" // what a name or a word stands for
	AskWho        Intent = "who"        // who somebody is, or holds an office
	AskNow        Intent = "now"        // how things stand
	AskWhen       Intent = "when"
	AskNumber     Intent = "number"
	AskCompare    Intent = "compare" // how two things differ
)

// Refusal is why a question is not answered at all.
type Refusal string

// The refusals.
const (
	RefuseFuture Refusal = "future" // what has not happened yet
	RefuseAdvice Refusal = "advice" // what the asker should do
	RefuseLater  Refusal = "later"  // a time that the pack does not reach
)

// A pattern is looked for in the folded words of a question, with one space
// between them. The patterns hold words of the language and no name.
type pattern struct {
	intent  Intent
	refusal Refusal
	expr    *regexp.Regexp
}

func asks(i Intent, exprs ...string) pattern {
	return pattern{intent: i, expr: regexp.MustCompile(strings.Join(exprs, "|"))}
}

func refuses(r Refusal, exprs ...string) pattern {
	return pattern{refusal: r, expr: regexp.MustCompile(strings.Join(exprs, "|"))}
}

// patterns are tried in order; the first intent and the first refusal count.
var patterns = []pattern{
	refuses(RefuseAdvice,
		`\b(should|shall|must|ought) (i|we|my|our|one)\b`, `\bwhich side\b`, `\b(advi[sc]e|recommend) (me|us|to|a|any|for)\b`, `\b(do|would|can) you (recommend|advi[sc]e|suggest)\b`,
		`\b(is|are|it|still|be) (it )?(\w+ ){0,3}(safe|dangerous|risky)\b`, `\bsafe (to|for|in|place)\b`, `\bcan i (safely )?(travel|go|visit|fly|drive|invest)\b`, `\bworth (visiting|investing)\b`,
		`\b(dois|puis|devrais|devons|devrions) (je|nous|on)\b`, `\bfaut il\b`, `\b(me|nous) (conseill|recommand)\w*`, `\b(conseill|recommand)\w+ (vous|tu|moi)\b`,
		`\bsans (danger|risque)\b`, `\b(est|c est|est ce) (\w+ ){0,3}(dangereux|dangereuse|risque|sur|sure|prudent)\b (de|d|pour|en|a|au)\b`, `\b(peut on|on peut|je peux|puis je) (\w+ )?(voyager|aller|visiter|se rendre|investir)\b`,
	),
	refuses(RefuseFuture,
		`\btomorrow\b`, `\bnext (\w+ )?(week|month|year|day|days|election|elections|coup|president|attack|summit|move|step)\b`, `\bupcoming\b`, `\bwill (\w+ ){1,3}(win|happen|fall|become|be next)\b`, `\bwho will\b`, `\bwhat will\b`, `\bgoing to (happen|win|fall|take|attack|be)\b`, `\bpredict\w*\b`, `\bforecast\b`, `\bwhen will\b`,
		`\bdemain\b`, `\bprochaine?s?\b`, `\bva t il se passer\b`, `\bva se passer\b`, `\b(gagnera|arrivera|tombera|deviendra)\b`, `\b(quand|qui) (\w+ ){0,4}(va|vont) (t )?(il|elle|ils|elles)?\b`, `\bpred(ire|iction|ictions)\b`,
	),
	asks(AskCompare,
		`\bdifferences?\b`, `\b(differ|differs|different) from\b`, `\bversus\b`, `\bvs\b`, `\bthe same (as|thing)\b`, `\bsame as\b`, `\bcompared? (to|with)\b`,
		`\bc est (pareil|la meme chose)\b`, `\bla meme chose\b`, `\bpareil\b`, `\bpar rapport a\b`,
	),
	asks(AskNumber,
		`\bhow (many|much)\b`, `\b(death )?toll\b`, `\bnumber of\b`, `\bcasualty (count|figures?)\b`, `\bbody count\b`, `\bturnout\b`,
		`\bcombien\b`, `\bbilan\b`, `\bnombre d[e ]`, `\bnombre\b`, `\bquel nombre\b`, `\bchiffres?\b`,
	),
	asks(AskWhen,
		`\b(since|until|till) when\b`, `\bwhen\b`, `\bwhat (date|day|year|month)\b`, `^date of\b`,
		`\bquand\b`, `\b(quelle|la) (date|annee)\b`, `\bquel (jour|mois)\b`, `^date d[eu ]`, `\bdate du\b`,
	),
	asks(AskNow,
		`\bright now\b`, `\b(these|nowa)days\b`, `\bnow\b`, `\bcurrently\b`, `\bcurrent\b`, `\btoday\b`, `\bat the moment\b`, `\bstill\b`, `\b(latest|current) (situation|state|news|on|in|from)\b`, `\bsituation\b`, `\bwhat s (going on|happening|up|new)\b`, `\bwhat is (going on|happening|new)\b`, `\bwhats (going on|happening|new)\b`, `\bstate of (play|affairs)\b`,
		`\baujourd hui\b`, `\bactuel(le|les|s|lement)?\b`, `\ben ce moment\b`, `\bmaintenant\b`, `\btoujours\b`, `\bencore\b`, `\bou en (est|sont)\b`, `\bque se passe\b`, `\b(il )?se passe quoi\b`, `\bquoi de neuf\b`, `\bdernieres nouvelles\b`, `\bpresentement\b`,
	),
	asks(AskWho,
		`\bwho (is|are|was|were|s|leads|led|heads|headed|runs|ran|rules|ruled|commands|commanded|chairs|chaired|governs)\b`, `\bwhos\b`, `\bwho (\w+ )?in (charge|power)\b`, `\bname of the\b`,
		`^(the )?(prime minister|president|leader|head|chief|commander|chair) of\b`,
		`\bqui (est|sont|etait|etaient|dirige|dirigent|commande|commandent|preside|gouverne|mene)\b`, `\bc est qui\b`, `\bqui c est\b`, `^(le |la )?(president|chef|dirigeant|commandant|premier ministre|patron) d[eu ]`, `\ba la tete d[eu ]`,
	),
	asks(AskDefinition,
		`\bwhat (is|are|was|were|s)\b`, `\bwhats\b`, `\bwhat (does|do|did) (\w+ ){1,6}(mean|stand for)\b`, `\b(define|definition|meaning|mean|means|stands for|stand for|acronym)\b`, `\btell me about\b`,
		`\b(c|ce) est quoi\b`, `\bcest quoi\b`, `\bc koi\b`, `\bc quoi\b`, `\bqu ?est ce que?\b`, `\bqu ?est ce qu\b`, `\bque (veut|veulent) dire\b`, `\b(veut|veulent) dire quoi\b`, `\bque signifie\w*\b`, `\b(definition|definir|signification|signifie|acronyme|sigle)\b`,
	),
}

// softFuture are ways to speak of what is to come that questions about plans
// and forecasts use too.
var softFuture = regexp.MustCompile(strings.Join([]string{
	`\b(will|shall|gonna)\b`, `\bgoing to\b`, `\bplan(s|ning)? to\b`,
	`\b(va|vont|allons) (t )?(il|elle|on|ils|elles|etre)\b`, `\b(sera|seront|aura|auront|pourra|pourront|fera|feront|ira|iront)\b`,
}, "|"))

// emptyWords carry no content of a question, on top of the stop words of its language.
var emptyWords = map[Lang]map[string]bool{
	EN: wordSet(`what whats when where which who whos whom whose why how many much happened happen happens happening going difference differences different
		between versus vs define definition meaning mean means stand stands tell please know really actually true truth any rumour rumours rumor ever still
		now right currently current today moment latest situation say says said about thing things exactly there deal explain give show find confirm confirmed
		news recent recently latest number date day also get got yet already since until till because off
		heard hear did does is are was were do it its people person persons name names called question info information update updates before after can could would may might should shall must ought`),
	FR: wordSet(`quand combien pourquoi comment quel quelle quels quelles quoi qui que quoi ou passe passer produit difference differences entre definition
		signifie signification veut veulent dire dit disent vrai vraiment savoir connaitre situation actuel actuelle actuels actuelles actuellement aujourd hui maintenant
		toujours encore deja moment exactement rumeur rumeurs svp merci bonjour salut est ce cest c koi il elle ils elles on y a t avoir avait eu ete etre sont etait
		etaient fait faire nombre chose pareil meme date jour depuis jusqu lieu cote quelque quelqu personne personnes nom noms info infos recent recente recemment derniere dernieres nouvelles
		les tous tout toute toutes comme si alors donc va vont peut peuvent doit doivent devenu devenue devenus devenir tres plus meme apres avant selon lors vers contre etait ont dont dois devrais devons devrions puis peux`),
}

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// emptyNear returns the word of questions that a mistyped one is within a
// letter of, or "". Words of three letters have to hold the same letters.
func emptyNear(word string, lang Lang) string {
	for _, known := range questionWords()[lang] {
		if distanceWithin(word, known, 1) <= 1 && (len(word) > 3 || len(known) > 3 || lettersOf(word) == lettersOf(known)) {
			return known
		}
	}
	return ""
}

// questionWords are the words that are recognised when mistyped, in order.
var questionWords = sync.OnceValue(func() map[Lang][]string {
	out := map[Lang][]string{}
	for _, lang := range Langs {
		for w := range emptyWords[lang] {
			if len(w) > 2 {
				out[lang] = append(out[lang], w)
			}
		}
		out[lang] = append(out[lang], strings.Fields(moreQuestionWords[lang])...)
		slices.Sort(out[lang])
	}
	return out
})

var moreQuestionWords = map[Lang]string{
	EN: "with from this that these those have has had been being were was they them their there about into over under again should will the and for",
	FR: "avec dans pour par sur sous sont etes ces cette leur leurs nous vous mais aussi ainsi sans prochaine prochaines prochain demain bilan des les une aux",
}

// howManyWords ask for the number of what the words behind them name, or are it.
var howManyWords = wordSet("many much number toll casualties turnout combien nombre bilan chiffre chiffres")
