package briefings

import (
	"slices"
	"strings"
	"sync"
)

// thesaurus groups words that ask for the same thing in reports on politics
// and conflict, English before the bar, French behind it. A question may use
// one and a text another. Inflections count as their stem; no group names
// anybody or any place.
var thesaurus = [...]string{
	"kill dead die died death toll fatality casualty victim massacre murder slain slaughter assassinate | tuer mort mourir deces bilan victime massacre assassiner assassinat tuerie peri",
	"toll balance count | bilan decompte chiffre",
	"wound injure hurt | blesser blessure blesse",
	"leave left quit exit withdraw withdrawal withdrew pull depart departure gone | quitter retrait retirer depart partir sortir sortie",
	"expel expulsion kick oust throw thrown evict leave withdraw withdrawal | expulser expulsion chasser renvoyer virer quitter retrait depart",
	"attack assault raid ambush strike struck hit storm shooting gunmen | attaquer attaque assaut raid embuscade frapper frappe attentat fusillade",
	"coup putsch overthrow overthrown overthrew topple depose ousted removed | coup putsch renverser renversement deposer destituer",
	"arrest detain detention prison jail jailed custody imprison held | arreter arrestation detenir detenu detention prison emprisonner incarcerer ecroue",
	"detain detained detention prison held release freed free | detenir detenu detention prison liberer liberation libre",
	"free release liberate liberation | liberer liberation relacher libre",
	"kidnap abduct hostage ransom captive captor | enlever enlevement otage rancon kidnapper",
	"create creation found establish form set launch born birth start begin began exist existence | creer creation fonder fondation former lancer lancement naissance naitre commencer debut debuter exister existence",
	"launch unveil introduce | lancer lancement",
	"agreement accord treaty pact deal sign | accord traite pacte signer signature",
	"end close terminate finish expire dissolve over | fin finir terminer cloturer fermer fermeture dissoudre dissolution expirer",
	"talk negotiate negotiation dialogue consultation discuss meeting met meet | discuter negocier negociation pourparlers dialogue consultation rencontre rencontrer",
	"dispute row quarrel crisis tension feud rift angry | litige dispute differend crise tension fache brouille contentieux",
	"accuse blame allege accusation | accuser accusation reprocher",
	"deny reject refuse | dementir nier rejeter refuser",
	"lead leader led head chief command commander boss chair president rule ruler govern charge power | chef diriger dirigeant commander commandant president presider tete gouverner pouvoir patron",
	"power mandate term tenure office | pouvoir mandat fonction",
	"stay remain keep | rester demeurer maintenir",
	"soldier troop army military force | soldat militaire troupe armee force",
	"villager civilian resident inhabitant | civil villageois habitant",
	"jihadist islamist terrorist militant extremist | jihadiste djihadiste islamiste terroriste",
	"rebel separatist insurgent independence | rebelle separatiste independantiste rebellion",
	"fuel petrol gasoline diesel tanker | carburant essence gasoil gazole citerne petrole",
	"shortage scarcity lack | penurie manque",
	"blockade siege embargo besiege | blocus siege embargo encercler",
	"displaced refugee flee fled uprooted | deplace deplacer refugie fuir deplacement",
	"hunger hungry famine food starve | faim famine alimentaire nourriture",
	"election vote poll ballot | election scrutin vote electoral voter",
	"currency money coin | monnaie devise argent",
	"tax levy duty | taxe prelevement impot",
	"dismiss sack fire remove fired sacked | limoger demettre revoquer renvoyer limogeage",
	"appoint name nominate designate | nommer designer nomination",
	"plane aircraft jet airplane | avion appareil",
	"airport airfield airbase | aeroport aerodrome",
	"bomb bombing explosion blast explosive airstrike | bombe explosion bombarder bombardement frappe",
	"ban suspend dissolve forbid prohibit allow permit legal banned | interdire interdiction suspendre dissoudre dissolution autoriser permettre suspension",
	"join adhere accede member membership | rejoindre adherer adhesion integrer",
	"return handed hand extradite deliver surrender | rendre remettre livrer extrader",
	"destroy demolish burn torch burnt | detruire bruler incendier destruction",
	"capture seize take took retake fall fell occupy hold control regain recapture taken retaken | prendre prise pris reprendre repris reprise capturer tomber chute controler controle occuper",
	"replace successor succeed replacement | remplacer succeder successeur",
	"react reaction condemn respond response | reagir reaction condamner",
	"plot conspiracy conspire | complot projet",
	"trial verdict sentence court convict judge jury guilty condemned | proces verdict jugement condamner condamnation tribunal juger peine",
	"claim responsibility responsible perpetrator behind | revendiquer responsable responsabilite auteur revendication derriere",
	"travel trip visit enter entry | voyager voyage visite visiter entrer entree",
	"deploy deployment arrive arrival send intervene intervention | deployer deploiement arriver arrivee envoyer intervenir intervention",
	"base camp garrison barracks | base camp garnison caserne",
	"down shot shoot | abattre abattu",
	"protest demonstration uprising revolt unrest | manifestation soulevement manifester revolte insurrection",
	"resign resignation | demissionner demission",
	"minister ministry | ministre ministere",
	"prime premier | premier",
	"complaint sue sued lawsuit case court file | plainte porter saisir recours poursuite cour",
	"fight fought battle clash combat | combattre combat affrontement bataille",
	"win won victory winner elected | gagner victoire vainqueur remporter elu",
	"pardon amnesty | gracier grace amnistie",
	"turnout participation | participation",
	"law bill decree | loi decret ordonnance",
	"unrecognised recognise recognition recognize | reconnaitre reconnaissance",
	"mosque church worship | mosquee eglise",
	"based seat headquarters headquartered located | base siege quartier",
	"commander command | commander commandant commandement",
	"extend prolong extension | prolonger prolongation",
	"sworn inaugurate swear inauguration | investir investiture serment",
	"target targeted aim | viser cible cibler",
	"deployed sent | deployer envoyer",
	"radio station frequency broadcaster | radio frequence station",
	"bank | banque",
	"driver trucker lorry truck | chauffeur conducteur routier camion",
	"strike walkout stoppage | greve",
	"school university pupil | ecole universite eleve",
	"lift ease | lever levee",
	"ceasefire truce | treve cessez",
	"wedding marriage | mariage noce",
	"child children kid | enfant",
	"gold mine mining miner | or mine minier orpailleur",
}

// thesaurusOf returns, for each language, the stems that ask for the same
// thing as a stem, in order.
var thesaurusOf = sync.OnceValue(func() map[Lang]map[string][]string {
	out := map[Lang]map[string][]string{EN: {}, FR: {}}
	for _, line := range thesaurus {
		en, fr, _ := strings.Cut(line, "|")
		for lang, words := range map[Lang]string{EN: en, FR: fr} {
			var stems []string
			for w := range strings.FieldsSeq(words) {
				if s := stemOf(lang, w); !slices.Contains(stems, s) {
					stems = append(stems, s)
				}
			}
			for _, s := range stems {
				for _, o := range stems {
					if s != o && !slices.Contains(out[lang][s], o) {
						out[lang][s] = append(out[lang][s], o)
					}
				}
			}
		}
	}
	return out
})

// thesaurusWords returns the words of the thesaurus by language.
var thesaurusWords = sync.OnceValue(func() map[Lang]map[string]bool {
	out := map[Lang]map[string]bool{EN: {}, FR: {}}
	for _, line := range thesaurus {
		en, fr, _ := strings.Cut(line, "|")
		for lang, words := range map[Lang]string{EN: en, FR: fr} {
			for w := range strings.FieldsSeq(words) {
				out[lang][w] = true
			}
		}
	}
	return out
})
