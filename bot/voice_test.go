package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"griot/briefings"
	"griot/briefings/briefingstest"
	"griot/commands"
)

// edition is what becomes of the invented pack before a digest: texts that are
// replaced by others in its files, after so long.
type edition struct {
	after time.Duration
	edits [][3]string // file, old text, new text
}

// voices are days as readers of digests meet them, by the file of the digest.
var voices = []struct {
	name     string
	schedule commands.Schedule
	window   time.Duration
	topics   []string
	editions []edition
	notice   []commands.Fix // what readers are told of besides
}{
	{"first", "daily 07:00", 0, []string{"velmora"}, nil, nil},
	{"daily", "daily 07:00", 24 * time.Hour, []string{"velmora"}, []edition{{8 * time.Hour, oneNewEvent}}, nil},
	{"weekly", "weekly mon 07:00", 7 * 24 * time.Hour, []string{"velmora", "lakes-union"}, []edition{{26 * time.Hour, oneNewEvent}, {98 * time.Hour, aBusyWeek}}, nil},
	{"quiet", "daily 07:00", 24 * time.Hour, []string{"velmora"}, nil, nil},
	{"big-news", "daily 07:00", 24 * time.Hour, []string{"velmora", "lakes-union"}, []edition{{3 * time.Hour, theTruceEnds}, {9 * time.Hour, afterTheTruce}}, nil},
	{"correction", "daily 07:00", 24 * time.Hour, []string{"velmora"}, []edition{{8 * time.Hour, aToll}}, []commands.Fix{{ID: "event:2024-03-07-arden-bridge", Had: 1}}},
}

// firstDigest is when the digest before those of [voices] went out, 07:00 in Paris.
var firstDigest = time.Date(2026, time.May, 4, 5, 0, 0, 0, time.UTC)

// TestDigestVoice shows what digests say on the days there are, on both platforms.
func TestDigestVoice(t *testing.T) {
	t.Parallel()
	for _, v := range voices {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			dir, now := t.TempDir(), firstDigest.Add(-time.Hour)
			if err := os.CopyFS(dir, briefingstest.FS()); err != nil {
				t.Fatal(err)
			}
			a := packAppBy(t, dir, func() time.Time { return now })
			for _, e := range v.editions {
				now = firstDigest.Add(e.after)
				publish(t, a, dir, e.edits)
			}
			now = firstDigest.Add(v.window)
			window := commands.Window{From: firstDigest, To: now}
			if v.window == 0 {
				window = commands.Window{To: now}
			}
			for _, lang := range briefings.Langs {
				for _, p := range []commands.Platform{commands.Discord, commands.Telegram} {
					place := commands.Place{Destination: commands.Destination{Platform: p, Chat: "0"}, Postable: true}
					s := commands.Subscription{ID: "k7", To: place.Destination, Topics: v.topics, Schedule: v.schedule, Zone: "Europe/Paris", Lang: lang, WhenQuiet: "brief"}
					reply, err := a.core.Digest(t.Context(), s, window, now)
					if err != nil {
						t.Fatal(err)
					}
					name := filepath.Join("testdata", "voice", v.name+"."+string(lang)+"."+string(p)+".golden")
					golden(t, name, shown(t, p, place, reply))
					if len(v.notice) > 0 {
						golden(t, strings.Replace(name, v.name, v.name+"-notice", 1), shown(t, p, place, a.core.NoticeFixed(v.notice, lang)))
					}
				}
			}
		})
	}
}

// publish edits the pack's files and takes them into use.
func publish(t *testing.T, a *app, dir string, edits [][3]string) {
	t.Helper()
	for _, e := range edits {
		name := filepath.Join(dir, filepath.FromSlash(e[0]))
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(src), e[1]) {
			t.Fatalf("%s does not hold %q", e[0], e[1])
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(src), e[1], e[2], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	begin(t, a.content)
}

// newEvent writes an event of Velmora before the others of its year.
func newEvent(id, kind, topics, importance, title, titre, fact, fait, source string) [3]string {
	return [3]string{"events/2026.yaml", "events:\n", `events:

- id: ` + id + `
  date: "` + id[:10] + `"
  countries: [XV]
  places: [arden]
  kind: ` + kind + `
  topics: [` + topics + `]
  importance: ` + importance + `
  confidence: medium
  title: {en: ` + title + `, fr: ` + titre + `}
  fact:
    en: ` + fact + `
    fr: ` + fait + `
  sources: [` + source + `]
`}
}

const herald, agence, radio = "lakes-herald-2025-11-02-election", "agence-des-lacs-2026-02-11-treve", "ostrana-state-radio-2026-02-12-truce"

var oneNewEvent = [][3]string{
	newEvent("2026-05-03-bridge-reopens", "political", "velmora", "1", "The bridge of Arden reopens", "Le pont d’Arden rouvre",
		"The bridge of Arden reopened to carts on 3 May 2026, after two years.", "Le pont d’Arden rouvre aux charrettes le 3 mai 2026, après deux ans.", agence),
}

var aBusyWeek = [][3]string{
	newEvent("2026-05-07-union-observers", "mission", "lakes-union, velmora", "2", "The Lakes Union sends observers to Arden", "L’Union des Lacs envoie des observateurs à Arden",
		"The first observers of the Lakes Union reached Arden on 7 May 2026.", "Les premiers observateurs de l’Union des Lacs arrivent à Arden le 7 mai 2026.", herald),
	{"topics/velmora.en.md", "has **no end date**.", "has **no end date**; observers of the Lakes Union have watched it since May 2026."},
	{"topics/velmora.fr.md", "n’a **pas de terme**.", "n’a **pas de terme** ; des observateurs de l’Union des Lacs la surveillent depuis mai 2026."},
	{"topics/velmora.yaml", `as_of: "2026-04-20"`, `as_of: "2026-05-07"`},
	{"topics/velmora.yaml", "en: Nothing after 20 April 2026 is covered.", "en: Nothing after 7 May 2026 is covered."},
	{"topics/velmora.yaml", "fr: Rien de postérieur au 20 avril 2026 n’est couvert.", "fr: Rien de postérieur au 7 mai 2026 n’est couvert."},
}

var theTruceEnds = [][3]string{
	newEvent("2026-05-04-truce-ended", "attack", "velmora", "3", "The truce of Arden breaks down", "La trêve d’Arden est rompue",
		"Fighting broke out around Arden at dawn on 4 May 2026. President Tolen and the River Front each blame the other.", "Des combats éclatent autour d’Arden à l’aube du 4 mai 2026. La présidente Tolen et le Front du fleuve s’accusent mutuellement.", agence),
	{"events/2026.yaml", "  sources: [agence-des-lacs-2026-02-11-treve]\n", `  claims:
  - by: {en: Ministry of Defence of Velmora, fr: Ministère de la Défense du Velmora}
    says: {en: Three posts were attacked; all were held., fr: Trois postes ont été attaqués ; tous ont tenu.}
    sources: [agence-des-lacs-2026-02-11-treve]
  - by: {en: "River Front, cited by Agence des Lacs", fr: "Front du fleuve, cité par l’Agence des Lacs"}
    says: {en: It says it took two posts., fr: Il dit avoir pris deux postes.}
    sources: [agence-des-lacs-2026-02-11-treve]
  sources: [agence-des-lacs-2026-02-11-treve]
`},
}

var afterTheTruce = func() [][3]string {
	edits := [][3]string{
		newEvent("2026-05-04-union-calls", "diplomatic", "lakes-union", "2", "The Lakes Union calls for a ceasefire", "L’Union des Lacs appelle au cessez-le-feu",
			"The Lakes Union called on both sides to stop on 4 May 2026.", "L’Union des Lacs appelle les deux camps à s’arrêter le 4 mai 2026.", radio),
		{"topics/velmora.en.md", "A truce with the [River Front](actor:river-front) has held since February 2026.", "A truce with the [River Front](actor:river-front), signed in February 2026, broke down on 4 May 2026."},
		{"topics/velmora.fr.md", "Une trêve avec le [Front du fleuve](actor:river-front) tient depuis février 2026.", "Une trêve avec le [Front du fleuve](actor:river-front), signée en février 2026, a été rompue le 4 mai 2026."},
		{"topics/velmora.yaml", `as_of: "2026-04-20"`, `as_of: "2026-05-04"`},
		{"topics/velmora.yaml", "en: Nothing after 20 April 2026 is covered.", "en: Nothing after 4 May 2026 is covered."},
		{"topics/velmora.yaml", "fr: Rien de postérieur au 20 avril 2026 n’est couvert.", "fr: Rien de postérieur au 4 mai 2026 n’est couvert."},
	}
	for _, e := range [][7]string{
		{"boats-stop", "economic", "Boats between the shores stop", "Les bateaux entre les rives s’arrêtent", "Boatmen tied up on both shores at noon on 4 May 2026.", "Les bateliers des deux rives amarrent à midi le 4 mai 2026.", herald},
		{"families-leave", "humanitarian", "Families leave Arden by the west road", "Des familles quittent Arden par la route de l’ouest", "Families left Arden by the west road from the morning of 4 May 2026.", "Des familles quittent Arden par la route de l’ouest dès le matin du 4 mai 2026.", agence},
		{"curfew", "political", "A curfew is declared in Arden", "Le couvre-feu est décrété à Arden", "The government declared a curfew from 20:00 to 05:00 in Arden.", "Le gouvernement décrète un couvre-feu de 20 h à 5 h à Arden.", herald},
		{"vote-put-off", "election", "The vote of June is put off", "Le scrutin de juin est reporté", "The council vote of June 2026 was put off without a new date.", "Le scrutin municipal de juin 2026 est reporté sans nouvelle date.", herald},
		{"envoys-leave", "withdrawal", "The envoys of Ostrana leave", "Les envoyés de l’Ostrana s’en vont", "The envoys of Ostrana left Arden in the afternoon of 4 May 2026.", "Les envoyés de l’Ostrana quittent Arden l’après-midi du 4 mai 2026.", radio},
		{"radio-silenced", "human-rights", "A radio station goes off the air", "Une radio cesse d’émettre", "Radio Selm went off the air at 15:00; the reason is not known here.", "Radio Selm cesse d’émettre à 15 h ; la raison n’est pas connue ici.", agence},
		{"court-closed", "judicial", "The court of Arden closes its doors", "Le tribunal d’Arden ferme ses portes", "The court put off all hearings of the week on 4 May 2026.", "Le tribunal reporte toutes les audiences de la semaine le 4 mai 2026.", herald},
		{"levy-doubled", "sanction", "The levy on foreign boats doubles", "La taxe sur les bateaux étrangers double", "Velmora doubled the levy on foreign boats on 4 May 2026.", "Le Velmora double la taxe sur les bateaux étrangers le 4 mai 2026.", herald},
		{"reserves-called", "military-operation", "Velmora calls up its reserves", "Le Velmora rappelle ses réservistes", "The government called up reserves in the evening of 4 May 2026.", "Le gouvernement rappelle des réservistes le soir du 4 mai 2026.", herald},
	} {
		edits = append(edits, newEvent("2026-05-04-"+e[0], e[1], "velmora", "1", e[2], e[3], e[4], e[5], e[6]))
	}
	return edits
}()

var aToll = [][3]string{
	{"events/2024.yaml", "      fr: Le Lakes Herald donne la nuit du 7 mars.\n", `      fr: Le Lakes Herald donne la nuit du 7 mars.
  - date: "2026-05-04"
    was: {en: The ministry’s toll was given as 10 soldiers., fr: Le bilan du ministère était donné à 10 soldats.}
    now: {en: It was 12., fr: Il était de 12.}
    why: {en: The ministry’s statement., fr: Le communiqué du ministère.}
`},
}
