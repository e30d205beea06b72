package commands

import (
	"slices"
	"strings"
	"time"

	"griot/briefings"
)

// Fix is an item that a message shows otherwise than it is known now.
type Fix struct {
	ID  briefings.ID
	Had int // how many of the item's corrections the message told already
	// Title is the item's; Seen is when the change was seen here.
	Title     briefings.Text
	Seen      time.Time
	Withdrawn bool // the item is not there any more
	// Back is when the item was put back, having been withdrawn; zero: it was not.
	Back time.Time
}

// stamped adds to an answer which revisions of its items it shows. Not to one
// that judges a text: to make it anew that text would have to be kept.
func (v *view) stamped(r Reply) Reply {
	if r.Verdict != "" {
		return r
	}
	r.Hashes = make([]string, len(r.Items))
	for i, id := range r.Items {
		r.Hashes[i] = v.hashOf(id)
	}
	return r
}

func (v *view) hashOf(id briefings.ID) string {
	if id.Kind() == briefings.KindTopic && v.topic(id.Slug()) == nil {
		return ""
	}
	return v.x.HashOf(id)
}

// HashOf is the hash of the revision of an item that readers see now, "" for
// one that is not there.
func (c *Core) HashOf(id briefings.ID) string { return c.view().hashOf(id) }

// Amend puts at the top of an answer, made anew, what its readers read wrong
// before. Of an answer that there is none of any more, only that is left.
func (c *Core) Amend(r Reply, fixes []Fix, lang briefings.Lang) Reply {
	w := c.view().compose(Request{Lang: lang}, "")
	notes := w.fixNotes(fixes)
	if len(r.Blocks) == 0 {
		r.Title, r.Lang, r.Stays = w.say(fixTitle(fixes)), lang, true
		r.Blocks = notes
		return r
	}
	r.Blocks = append(slices.Clip(notes), append([]Block{{Kind: Divider}}, r.Blocks...)...)
	return r
}

// Urgent reports whether readers are to be told of a fix at once.
func (c *Core) Urgent(f Fix) bool {
	return slices.ContainsFunc(toldSince(c.view().allFixes(f.ID), f.Had), func(k briefings.Correction) bool { return k.Urgent })
}

// NoticeFixed tells the readers of digests, in short, what was wrong in those
// they have: the messages themselves are corrected where they stand.
func (c *Core) NoticeFixed(fixes []Fix, lang briefings.Lang) Reply {
	if lang != briefings.FR {
		lang = briefings.EN
	}
	w := c.view().compose(Request{Lang: lang}, "")
	w.reply.Command, w.reply.Lang, w.reply.Stays = "digest", lang, true
	w.reply.Title = w.say(fixTitle(fixes))
	w.add(w.fixNotes(fixes[:min(len(fixes), inFull)])...)
	if more := len(fixes) - inFull; more > 0 {
		w.add(remark(w.say(both("And %d more: /latest shows them.", "Et %d autres : /latest les montre.", more))))
	}
	w.add(remark(w.say(both("The digests you have here are corrected where they stand. If you passed something on, please pass this on too.",
		"Les envois reçus ici sont corrigés sur place. Si vous en avez relayé quelque chose, relayez aussi ceci."))))
	for _, f := range fixes[:min(len(fixes), 5)] {
		if line := w.opens(Request{Lang: lang}, f.ID); line != "" && !f.Withdrawn && w.shows(f.ID) {
			w.reply.Buttons = append(w.reply.Buttons, button(labelOf(w.say(w.brief(f.ID))), line, len(w.reply.Buttons)))
		}
	}
	return w.reply
}

// fixTitle says what a message that is about fixes alone is.
func fixTitle(fixes []Fix) briefings.Text {
	if !slices.ContainsFunc(fixes, func(f Fix) bool { return !f.Withdrawn }) {
		return both("Withdrawn", "Retrait")
	}
	return both("Correction", "Rectificatif")
}

// labelOf cuts a name to what a button holds.
func labelOf(s string) string {
	if r := []rune(s); len(r) > 38 {
		return strings.TrimRight(string(r[:37]), " ,.:;’'") + "…"
	}
	return s
}

// fixNotes tells what was wrong, an item each, and what is right.
func (w *composer) fixNotes(fixes []Fix) []Block {
	var out []Block
	for _, f := range fixes {
		title := w.say(f.Title)
		if name := w.say(w.name(f.ID)); name != "" && name != string(f.ID) && !f.Withdrawn {
			title = name
		}
		day := inWords(dayOf(f.Seen))
		if f.Withdrawn {
			out = append(out, para(strong(w.say(both("Withdrawn on %s", "Retiré le %s", day))), plain(Words(w.lang).colon+
				w.say(both("“%s”. It no longer stands; please do not pass it on.", "« %s ». Ce n’est plus valable ; merci de ne pas le relayer.", title)))))
			continue
		}
		told := toldSince(w.allFixes(f.ID), f.Had)
		switch {
		case !f.Back.IsZero():
			out = append(out, para(strong(w.say(both("Put back on %s", "Rétabli le %s", inWords(dayOf(f.Back))))), plain(Words(w.lang).colon+
				w.say(both("“%s”. We had withdrawn it; it stands again.", "« %s ». Nous l’avions retiré ; c’est de nouveau valable.", title)))))
		case len(told) == 0:
			out = append(out, para(strong(w.say(both("Corrected on %s", "Corrigé le %s", day))), plain(Words(w.lang).colon+title+".")))
		}
		for i := len(told) - 1; i >= 0; i-- {
			k := told[i]
			out = append(out, para(strong(w.say(both("Corrected on %s", "Corrigé le %s", inWords(k.Date)))), plain(Words(w.lang).colon+
				w.say(both("%s. Was: %s Now: %s", "%s. Avant : %s Maintenant : %s", title, k.Was, k.Now)))))
		}
	}
	return out
}

// toldSince are the corrections behind the first n.
func toldSince(all []briefings.Correction, n int) []briefings.Correction {
	return all[min(max(n, 0), len(all)):]
}

// allFixes are the corrections that an item of any kind records.
func (v *view) allFixes(id briefings.ID) []briefings.Correction {
	if t := v.x.Topic(id.Slug()); id.Kind() == briefings.KindTopic && t != nil {
		return t.Corrections
	}
	if e := v.x.Event(id.Slug()); id.Kind() == briefings.KindEvent && e != nil {
		return e.Corrections
	}
	return v.fixes(id)
}

func dayOf(t time.Time) briefings.Date {
	y, m, d := t.UTC().Date()
	return briefings.Date{Year: y, Month: int(m), Day: d}
}

// Whole is an item's id without the part of it that is named.
func Whole(id briefings.ID) briefings.ID { return whole(id) }

// Cut is the beginning of an answer that a place cannot hold whole: its first n
// blocks, with the sources they cite, and where the rest is: a line to ask for
// it, empty where there is none.
func Cut(r Reply, n int, line string) Reply {
	n = min(n, len(r.Blocks))
	for n > 0 && (r.Blocks[n-1].Kind == Heading || r.Blocks[n-1].Kind == Divider) {
		n--
	}
	r.Blocks, r.Files = slices.Clone(r.Blocks[:n]), nil
	var cited []Source
	for _, s := range r.Sources {
		if slices.ContainsFunc(r.Blocks, func(b Block) bool { return citesSource(b, s.N) }) {
			cited = append(cited, s)
		}
	}
	r.Sources = cited
	rest := both("The text is longer than what fits here. The rest is a press away.", "Le texte est plus long que ce qui tient ici. La suite est à portée de bouton.")
	if line == "" {
		rest = both("The text is longer than what fits here; ask again to read the rest.", "Le texte est plus long que ce qui tient ici ; demandez-le à nouveau pour lire la suite.")
	} else {
		row := 0
		for _, b := range r.Buttons {
			row = max(row, b.Row+1)
		}
		r.Buttons = append(slices.Clone(r.Buttons), button(both("Read all", "Tout lire").In(r.Lang), line, min(row, 4)))
	}
	r.Blocks = append(r.Blocks, remark(rest.In(r.Lang)))
	return r
}

func citesSource(b Block, n int) bool {
	for _, spans := range append([][]Span{b.Spans}, b.Entries...) {
		if slices.ContainsFunc(spans, func(s Span) bool { return s.Kind == Citation && s.Source == n }) {
			return true
		}
	}
	return false
}

// Closed stands in the pin of a briefing that is not there any more.
func (c *Core) Closed(title briefings.Text, lang briefings.Lang) Reply {
	w := c.view().compose(Request{Lang: lang}, title.In(lang))
	w.reply.Lang, w.reply.Stays = lang, true
	w.add(remark(w.say(both("This briefing is closed. It is no longer kept up to date, and what stood here may have changed since.",
		"Ce dossier est clos. Il n’est plus tenu à jour, et ce qui figurait ici a pu changer depuis."))))
	w.reply.Buttons = []Button{button(w.say(both("All briefings", "Tous les dossiers")), Request{Command: "help"}.again("lang", string(lang)), 0)}
	return w.reply
}

// Superseded stands in a message that the corrected text does not need any more.
func Superseded(lang briefings.Lang) Reply {
	return Reply{Lang: lang, Stays: true, Blocks: []Block{remark(both("What stood here is corrected in the message above.", "Ce qui figurait ici est corrigé dans le message ci-dessus.").In(lang))}}
}
