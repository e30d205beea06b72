package commands

import (
	"regexp"
	"slices"
	"strings"

	"griot/briefings"
)

// frames tells what of a text is the frame that answers stand in: their titles,
// headings, dates and remarks, which are no statement of the pack.
type frames struct {
	v       *view
	related map[briefings.ID]bool // what the text is about, by what of it is ours
	called  map[string]bool       // its names, folded
	dates   []string              // folded lines such as "as of 9 may 2026" that may stand there
	fixed   []string              // folded: when something was corrected
	newest  briefings.Date        // of what the text is about
	marks   map[string]bool       // folded: what may stand behind the part before
}

// framing is what may stand in a frame whatever the text is about, folded.
var framing = func() map[string]bool {
	m := map[string]bool{}
	add := func(texts ...briefings.Text) {
		for _, t := range texts {
			for _, lang := range briefings.Langs {
				for _, sentence := range append(briefings.Sentences(t.In(lang)), t.In(lang)) {
					m[numbers.ReplaceAllString(briefings.Fold(sentence), "#")] = true
				}
			}
		}
	}
	for _, l := range labels {
		add(same(l.Sources))
	}
	for _, name := range sectionNames {
		add(name)
	}
	for _, name := range changeNames {
		add(name)
	}
	for _, name := range grades {
		add(name)
	}
	add(sameText, whatChanged, inOther)
	add(framed...)
	delete(m, "")
	return m
}()

// framed are the words of answers that have no name of their own.
var framed = []briefings.Text{
	both("See also", "Voir aussi"), both("Latest events", "Derniers événements"), both("Newest events", "Événements les plus récents"),
	both("Changed in the briefings", "Changements dans les dossiers"), both("Corrections", "Corrections"), both("Correction", "Rectificatif"),
	both("Timeline", "Chronologie"), both("Latest", "Dernières nouvelles"), both("Disputed", "Ce qui est contesté"), both("Digest", "Le point"), both("Preview", "Aperçu"),
	both("all briefings", "tous les dossiers"), both("and 1 more", "et 1 autres"), both("and", "et"), both("Griot", "Griot"),
	both("Grade A", "Note A"), both("Grade B", "Note B"), both("Grade C", "Note C"),
	both("Before", "Avant"), both("Now", "Maintenant"), both("Why", "Motif"), both("Was", "Avant"), both("Added", "Ajouté"), both("Taken out", "Supprimé"),
	both("And one more place.", "Et un autre endroit."), both("And 1 more places.", "Et 1 autres endroits."),
	both("One entry goes by both names.", "Les deux noms désignent la même fiche."),
	both("The briefings do not answer that outright. These entries come closest:", "Les dossiers n’y répondent pas directement. Voici les entrées les plus proches :"),
	both("The briefings do not say what will happen. These entries come closest:", "Les dossiers ne disent pas ce qui arrivera. Voici les entrées les plus proches :"),
	both("Each version stands with who gives it.", "Chaque version est donnée avec son auteur."), both("Accounts differ on 1 events", "Les récits diffèrent sur 1 événements"), both("Accounts differ on 1 event", "Les récits diffèrent sur 1 événement"),
	both("The briefing and its events rest on 1 sources: 1 of grade A, 1 of B, 1 of C", "Le dossier et ses événements reposent sur 1 sources : 1 de note A, 1 de B, 1 de C"),
	both("page 1 of 1", "page 1 sur 1"), both("in French", "en anglais"),
	both("In the last 1 hours.", "Ces dernières 1 heures."), both("In the last 1 days.", "Ces 1 derniers jours."),
}

// asked begin the title of an answer that repeats what somebody looked for.
var asked = []string{"search", "recherche"}

const (
	someMonth = `(?:january|february|march|april|may|june|july|august|september|october|november|december|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)`
	someDate  = `(?:(?:(?:#|1er) )?` + someMonth + ` #|#)`
)

var (
	numbers = regexp.MustCompile(`\b\d+\b`)
	// counted is the line that says what a list holds: "4 events, from 1 March 2024 to 30 June 2024, page 1 of 2".
	counted = regexp.MustCompile(`^# (?:events?|evenements?|entry|entries|entrees?)(?: found| trouvees?)?(?: (?:from|since|until|du|depuis le|jusqu au) ` + someDate + `(?: (?:to|au) ` + someDate + `)?)?(?: |$)`)
	aged    = regexp.MustCompile(`^(?:as of|etat (?:au|en)|corrected on|corrige le) (` + someDate + `)(?: |$)`)
	parted  = regexp.MustCompile(`^# #$`) // "1/2", at the foot of an answer in several messages
	// copied is what a program puts before a message that is copied: "Griot, [28.11.2026 14:03]".
	// titled is the title of an answer that repeats a question.
	titled = regexp.MustCompile(`^(?:\d?\x{fe0f}?\x{20e3}|[^\pL\d“«"])*[“«"]([^”»]{1,200}?)[”»"][ \x{a0}\x{202f}\t]*\n?`)
	copied = regexp.MustCompile(`(?m)^[^\n\[\]]{1,60},? \[\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}:\d{2}(?::\d\d)?(?: [AP]M)?\]:?[ \t]*`)
)

// isAge reports whether a text begins with how old an answer is.
func isAge(text string) bool {
	return aged.MatchString(general(strings.Fields(briefings.Fold(cut(text, 60)))))
}

// untitled takes the title off an answer that repeats what somebody asked, and
// returns that. Such an answer says how old it is right behind, or at its end.
func (v *view) untitled(text string) (question, rest string) {
	m := titled.FindStringSubmatchIndex(text)
	if m == nil {
		return "", text
	}
	if !isAge(text[m[1]:]) {
		_, behind, _ := strings.Cut(text, "\n")
		if !slices.ContainsFunc(strings.Split(behind, "\n"), isAge) || !strings.HasSuffix(text[:m[1]], "\n") {
			return "", text
		}
	}
	return strings.TrimSpace(text[m[2]:m[3]]), text[m[1]:]
}

// listed are the lines of a text that say what a list holds.
func (v *view) listed(text string) []string {
	var out []string
	for _, line := range countedLine.FindAllString(text, -1) {
		words := strings.Fields(briefings.Fold(line))
		for len(words) > 0 && strings.Trim(words[0], "0123456789") != "" {
			words = words[1:]
		}
		m := counted.FindString(general(words))
		if m != "" && v.conditions(words[len(strings.Fields(m)):]) {
			out = append(out, line)
		}
	}
	return out
}

// conditions reports whether words are what a list was narrowed to: names,
// kinds of events, and its pages.
func (v *view) conditions(words []string) bool {
	for len(words) > 0 {
		n := min(len(words), mostFrameWords)
		for ; n > 0; n-- {
			said := strings.Join(words[:n], " ")
			if found := v.x.Find(said); framing[general(words[:n])] || isKind(said) || len(found) > 0 && found[0].Exact {
				break
			}
		}
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return true
}

// isKind reports whether folded words name a kind of events.
func isKind(words string) bool {
	for _, k := range kindLabels {
		if words == briefings.Fold(k.EN) || words == briefings.Fold(k.FR) {
			return true
		}
	}
	return false
}

// countedLine is where such a line may be: as far as its full stop.
var countedLine = regexp.MustCompile(`(?i)(?:accounts differ on |les r\pL\x{301}?cits diff\pL\x{300}?rent sur )?\b\d+\s+(?:events?|e\x{301}?v\pL\x{301}?nements?|év\pLnements?|entry|entries|entr\pL\x{301}?es?)\b[^.\n]{0,160}`)

// left is what remains of a foreign part of a text when the frame is taken
// away, in folded words, and the date in it that is not ours, if there is one.
// A part that is the first may say what somebody asked, the last may break off.
func (f *frames) left(text string, first, last bool) (rest []string, date string) {
	words := strings.Fields(briefings.Fold(text))
	if first && len(words) > 0 && slices.Contains(asked, words[0]) {
		n := 1
		for n < len(words) && !aged.MatchString(general(words[n:])) && !counted.MatchString(general(words[n:])) {
			n++
		}
		words = words[n:]
	}
	for i := 0; i < len(words); {
		if last && f.begun(words[i:]) {
			break
		}
		n, bad := f.at(words[i:])
		if bad != "" {
			date = bad
		}
		if n == 0 {
			rest = append(rest, words[i])
			n = 1
		}
		i += n
	}
	return rest, date
}

// begun reports whether words are the beginning of a frame that breaks off.
func (f *frames) begun(words []string) bool {
	said := strings.Join(words, " ")
	if len(words) > mostFrameWords || len(said) < 3 {
		return false
	}
	for _, known := range []map[string]bool{framing, f.marks} {
		for phrase := range known {
			if strings.HasPrefix(phrase, said) {
				return true
			}
		}
	}
	return false
}

// at is how many of the words the frame takes, and a date that is not ours.
func (f *frames) at(words []string) (n int, badDate string) {
	line := general(words)
	if m := aged.FindStringSubmatch(line); m != nil {
		said := len(strings.Fields(m[0]))
		size := len(strings.Fields(m[1]))
		date := strings.Join(words[said-size:said], " ")
		known := f.dates
		if strings.HasPrefix(line, "corr") {
			known = f.fixed
		}
		if !slices.Contains(known, date) && (len(f.related) > 0 || known == nil) {
			badDate = strings.Join(words[:said], " ")
		}
		if rest := general(words[said:]); parted.MatchString(rest) {
			said += 2
		}
		return said, badDate
	}
	if m := counted.FindString(line); m != "" {
		return len(strings.Fields(m)), ""
	}
	parts := strings.Fields(line)
	for n = min(len(words), mostFrameWords); n > 0; n-- {
		if framing[strings.Join(parts[:n], " ")] || f.marks[strings.Join(words[:n], " ")] || f.names(strings.Join(words[:n], " ")) {
			return n, ""
		}
	}
	return 0, ""
}

// mostFrameWords is how many words of a text are tried as one frame.
const mostFrameWords = 24

// names reports whether words are the name of something the text is about.
func (f *frames) names(words string) bool {
	return isKind(words) || f.called[words]
}

// general is folded words in one line, every number written "#".
func general(words []string) string {
	words = slices.Clone(words[:min(len(words), mostFrameWords)])
	for i, w := range words {
		if strings.Trim(w, "0123456789") == "" {
			words[i] = "#"
		}
	}
	return strings.Join(words, " ")
}
