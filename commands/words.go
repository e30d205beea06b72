package commands

import (
	"fmt"

	"griot/briefings"
)

// Labels are the words every platform puts around an answer, the same everywhere.
type Labels struct {
	AsOf        string // before a date: "As of"
	Sources     string // above the list of sources
	Unconfirmed string // what rests on weak sources alone
	StateMedia  string
	Try         string // above command lines worth trying
	Next        string // label of a button to the next page
	Previous    string
	Stop        string // label of a button that stops a digest
	Confirm     string
	Choose      string // placeholder of a select
	Apology     string // after a fault of ours
	TooLate     string // when a button can no longer be answered
	Wait        string // while an answer takes long
	page        string // "page %d of %d"
	colon       string // between a label and its text
	open        string // of a quotation
	closed      string
}

var labels = map[briefings.Lang]Labels{
	briefings.EN: {
		AsOf: "As of", Sources: "Sources", Unconfirmed: "unconfirmed", StateMedia: "state media",
		Try: "You could try:", Next: "Next ›", Previous: "‹ Previous", Stop: "Stop", Confirm: "Confirm", Choose: "Choose a part",
		Apology: "Something went wrong on my side, and it has been noted. Please try again in a moment.",
		TooLate: "This button is too old to answer. Please type the command again, or /help.",
		Wait:    "One moment…",
		page:    "page %d of %d",
		colon:   ": ",
		open:    "“", closed: "”",
	},
	briefings.FR: {
		AsOf: "État au", Sources: "Sources", Unconfirmed: "non confirmé", StateMedia: "média d’État",
		Try: "Vous pouvez essayer :", Next: "Suivant ›", Previous: "‹ Précédent", Stop: "Arrêter", Confirm: "Confirmer", Choose: "Choisir une partie",
		Apology: "Une erreur s’est produite de mon côté ; elle est notée. Réessayez dans un instant.",
		TooLate: "Ce bouton est trop ancien pour répondre. Tapez de nouveau la commande, ou /help.",
		Wait:    "Un instant…",
		page:    "page %d sur %d",
		colon:   " : ",
		open:    "« ", closed: " »",
	},
}

// Words returns the labels in lang; an unknown language reads English.
func Words(lang briefings.Lang) Labels {
	if l, ok := labels[lang]; ok {
		return l
	}
	return labels[briefings.EN]
}

// Page says where a reader is: "page 2 of 5".
func (l Labels) Page(n, of int) string {
	return fmt.Sprintf(l.page, n, of)
}

// paged adds to a sentence where in several pages the reader is.
func paged(t briefings.Text, page, pages int) briefings.Text {
	if pages < 2 {
		return t
	}
	return both("%s, %s", "%s, %s", t, briefings.Text{EN: Words(briefings.EN).Page(page, pages), FR: Words(briefings.FR).Page(page, pages)})
}

// AsOfLine says how old the answer is, "As of 9 May 2026", or "" when age says nothing.
func (r Reply) AsOfLine() string { return asOf(r.Lang, r.AsOf) }

func asOf(lang briefings.Lang, d briefings.Date) string {
	switch {
	case d.IsZero():
		return ""
	case lang == briefings.FR && d.Day == 0: // "en mars 2026", not "au mars 2026"
		return "État en " + d.In(lang)
	}
	return Words(lang).AsOf + " " + d.In(lang)
}
