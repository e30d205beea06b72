package briefings

import (
	"strings"
	"sync"
)

// everyday are common words of each language. One that a pack does not hold is
// no mistyped other word, and a question that has it asks for something else.
var everyday = map[Lang]string{
	EN: `able above across act actor add age ago air album all alone along also always among animal answer apartment apple arm art ask baby back bad bag ball
		bath beach bear beat beautiful bed beer bell best better big bike bird birthday bit black blue board boat body boil bone book boot born bottle
		bottom bought box boy brain bread break breakfast bring broken brother brown build burger business busy butter button buy cake call calorie calories
		camera camp cancer car card care carry cat catch cell chair change cheap cheese chicken chocolate choose christmas cinema city class clean clear
		click clock clothes cloud coat code coffee cold color colour comic computer concert cook cooking cool copy corn correct cost cousin cow crazy cream
		cup cut cute dad dance dark data dating daughter dear deep delete dentist desk diet dinner doctor dog dollar door dream dress drink drive dry earth
		easy eat egg eight email engine enjoy euro evening everyone everything exam example exercise eye face fan farm fashion fast father favorite
		favourite feel feet field film final find fine finger finish fish fit fix flat flight floor flower fly food foot football forest forget fox free
		fresh friend friends fruit fun funny furniture future game garden gas gift girl give glass goal god gold golf good goodbye google grandma grass
		great green grow guess guitar guy gym hair half hand handle hang happy hard hat head health heart heat heavy hello help here hero hi hobby hole
		holiday home homework horse hot hour house hug human hundred husband ice idea install insurance internet iphone jacket job joke juice jump jungle
		kid kill kind king kiss kitchen knee knife lady lake language laptop laugh lawyer lazy learn leave left leg lemon letter life light like line lion
		list listen little live loan lock long look lose loss lost loud love low lucky lunch lyrics machine magic mail make man map market marry mars math
		meal meat medicine menu message metal microphone microsoft milk mind mine mini mirror mobile mom monday money monkey moon morning mother motor
		mountain mouse mouth movie music mustard nail narrow near neck neighbor nephew nice night nine noise north nose note novel number nurse ocean office
		oil old olive one onion online open opera orange order oven own page paint painted pair pan pants paper parents park party password pasta pay pen
		pencil pepper perfect pet phone photo piano pick picture pie pig pilot pink pizza plan planet plant plate play player please poem poet pool poor pop
		pork post potato pretty price prince print prize program programming pull pumpkin puppy purple push put puzzle queen quick quiet quote rain read
		real recipe red refund rent repair reset restaurant return rice rich ride ring road robot rock roll romantic roof room rose rugby run sad safe salad
		sale salt sand sandwich save saxophone scary school science score screen sea season seat secret sell series seven sex shampoo shape share sheep
		shirt shoe shoes shop short show shower shy sick side sign silver sing singer sister sit size skin sky sleep slow small smart smell smile smoke
		snack snake snow soap soccer sock soft software solve son song soon sorry sound soup south space speak speed spell spider spoon sport sports spring
		square stand star start station stomach stop store storm story straight strange street strong student study style sugar suit summer sun sunday sunny
		sure swim system table tail tall taste taxi tea teach teacher team teeth tell ten tennis test text thank thanks thick thin three throw ticket tie
		tiger time tired today toe together tomato tongue tooth top toy train translate travel tree trip true try turn tv twin two ugly umbrella uncle upset
		user vacation vegan vegetable video violin visit voice wait wake walk wall want warm wash watch water wave weather website wedding week weight
		welcome wet wheel white wife wifi wild win wind window wine winter wish woman wonder wood word work world worry write wrong yellow yoga young zebra
		zoo`,
	FR: `abeille abonnement acheter adresse age aider aimer air album allemand aller allumer ami amis amour ananas anglais animal anniversaire annoncer apple
		apprendre arbre argent arroser art assiette assurance avocat babysitter bague bain balai ballon banane bateau batterie beau beaucoup bebe belle
		besoin beurre bien biere bisou blague blanc bleu boire bois boite bon bonbon bonheur bonjour bonsoir bouche bouger bougie boulot bouteille boutique
		bras bruit bureau cadeau cafe cahier calorie calories camion canape canard carotte carte casque casser casserole cerise chaise chambre changer
		chanson chanter chanteur chanteuse chapeau chat chaud chaussure chaussures chemise cher cheval cheveux chien chocolat choisir ciel cinema citron
		clair classe clavier cle clef client cochon coeur coiffeur colis coller combat comique comment compte compter concert conjugaison connexion copain
		copine coq coquillage corps cote coucher couleur couper cours course cousin coute couteau couter crayon crepe crepes croire cuire cuisine cuisiner
		cuisse danse danser dauphin debout dehors dejeuner demander dent dentiste dessert dessin dessiner deux devoir dieu difficile diner dire doigt dormir
		dos doux droite drole eau echarpe ecouter ecran ecrire ecrivain elephant embrasser emploi enlever ensemble epicerie equipe escalier espagnol essayer
		etoile etudiant examen facile facture faim famille farine fatigue femme fenetre fermer fete feu feuille fille film fils finir fleur foot football
		foret fort fou four fourchette frere frigo frites froid fromage front fruit fuite garage garcon garder gateau gauche gentil glace gomme gorge
		gourmand gout grand grandir gratuit grippe gris gros guitare habiter haricot haut heure heures histoire hiver horaire horaires hotel huile humour
		idee image immeuble imprimante infirmier ingredient ingredients installer internet iphone italien jambe jambon jardin jaune jean jeu jeudi jeune
		jeux joie joli joue jouer jouet joueur jour journal joyeux jupe jus lait lampe langue lapin laver lecture leger legume lent lettre lettres lit litre
		livre loin long louer loup lourd loyer lumiere lundi lune lunettes lycee magasin main maison malade maman manger manteau marche marcher mardi mari
		mariage match maths matin mauvais medecin meilleur meilleure melon mer merci mere message metier metro mettre meuble miel mieux minuit miroir mode
		moins mois moitie monde monnaie montagne monter montre mot moto mots mouton moyen mur muscle musique nager neige nez noel noir nom nouveau nuage
		nuit numero objet oeil oeuf oiseau ongle orage orange ordinateur oreille oublier ours outil ouvrir page pain panier panne pantalon papa papier
		paquet parapluie parc pareil parents parfum parler parole paroles partager pastis pate pates payer peau peche peindre peint peinture perdre pere
		perruque petit peur photo piano pied piment pirate piscine pizza place plage plaisir plante plat plein pleurer pluie plume poeme poesie poids poire
		poisson poivre pomme pompe porc portable porte poser possible poste poterie poubelle poule poulet poumon pousser prenom preparer pret prince
		princesse printemps prix prof professeur programme propre puce pull quart quatre quinze quoi raconte raconter radis raisin ranger rapide recette
		recettes regarder regime reine rencontre rendez rentrer reparer repas repondre requin restaurant retard reve reveil rever rhume riche rideau rire
		riz robe roi roman rose roue rouge route rugby sable sac salade salaire sale salle salon salut samedi sandwich sante savoir savon secret seize sel
		semaine serie series serpent serviette seul short siege singe site soeur soif soir soiree soleil sommeil son sortir sourire souris sport steak stylo
		sucre sucrer tableau taille tapis tarif tarte tasse tee telephone television temps tennis tente terre tete theatre ticket tigre timbre tiroir toit
		tomate tomber tortue toucher tour tourner toux traduire traduis train travail travailler triste trouver truc tube vacances vaccin vache vaisselle
		valise vehicule velo vendre vendredi vent ventre ver verbe verre vert veste viande vie vieux ville vin violet violon virus visage vite vitesse vitre
		vivre voir voisin voiture voix vol volcan vouloir voyage yaourt zebre zoo`,
}

// everydayWords returns the common words of each language, folded.
var everydayWords = sync.OnceValue(func() map[Lang]map[string]bool {
	out := map[Lang]map[string]bool{}
	for lang, words := range everyday {
		out[lang] = map[string]bool{}
		for w := range strings.FieldsSeq(words) {
			out[lang][w] = true
		}
	}
	return out
})
