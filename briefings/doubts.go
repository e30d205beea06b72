package briefings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DoubtKind is what makes a change of a pack implausible.
type DoubtKind string

// The kinds of doubts.
const (
	ItemsGone  DoubtKind = "items gone"
	NumberJump DoubtKind = "number jump"
	SourceGone DoubtKind = "source gone"
	FutureDate DoubtKind = "future date"
)

// Doubt is something implausible about a pack as it follows another one. Unlike
// a fault it may be right: a person decides.
type Doubt struct {
	Kind DoubtKind `json:"kind"`
	ID   ID        `json:"id"`   // of the item it is about; empty for several
	File string    `json:"file"` // where the item stands, in the new pack unless it is gone from it
	Line int       `json:"line"`
	What string    `json:"what"` // what is implausible, lower case, no full stop
	Cure string    `json:"cure"` // what to do about it if it is wrong
	Say  Text      `json:"say"`  // What for editors who do not see the files, in a sentence
}

// String writes the place and what is implausible.
func (d Doubt) String() string {
	return Pos{File: d.File, Line: d.Line}.String() + ": " + d.What
}

const (
	// fewGone is how many items may go whatever their share: small packs are
	// rewritten more easily than large ones.
	fewGone = 4
	// jump is by how much a number must grow or shrink to be doubted.
	jump = 10
	// shownDoubts is how many items of one kind are named.
	shownDoubts = 3
)

// Doubts tells what is implausible about is, the pack that is to follow was, as
// readers see both at the moment now: a third of the items gone, numbers that
// grew or shrank tenfold, sources gone from under what rested on them, and days
// to come where things are told that happened. A correction that is new with
// an item explains its numbers and sources.
func Doubts(was, is *Pack, now time.Time) []Doubt {
	d := doubter{was: was.At(now), is: is.At(now), today: DateOf(now.UTC()), old: was.RevisionsAt(now), new: is.RevisionsAt(now), names: map[ID]ID{}}
	for it := range d.is.items {
		d.at = append(d.at, it)
		for _, id := range it.former() {
			d.names[id] = it.id
		}
	}
	d.gone()
	d.texts()
	d.sources()
	return d.doubts
}

// doubter compares two packs.
type doubter struct {
	was, is  *Pack
	old, new map[ID]Revision
	names    map[ID]ID // what became of ids
	at       []item    // of the new pack
	today    Date
	doubts   []Doubt
}

func (d *doubter) add(kind DoubtKind, id ID, at Pos, say Text, cure, what string, args ...any) {
	d.doubts = append(d.doubts, Doubt{Kind: kind, ID: id, File: at.File, Line: at.Line, What: fmt.Sprintf(what, args...), Cure: cure, Say: say})
}

// title is what editors know an item of the new pack by.
func (d *doubter) title(id ID) Text {
	t := d.new[id].Title
	return Text{EN: cmp.Or(t.EN, string(id)), FR: cmp.Or(t.FR, t.EN, string(id))}
}

// now is what an item of the old pack is called.
func (d *doubter) now(id ID) ID { return cmp.Or(d.names[id], id) }

// many are several items of a kind.
var many = map[Kind]Text{
	KindTopic: {EN: "briefings", FR: "dossiers"}, KindEvent: {EN: "events", FR: "événements"},
	KindActor: {EN: "actors", FR: "acteurs"}, KindTerm: {EN: "terms", FR: "termes"},
}

// gone looks for a third of the items, or of those of one kind, that are not seen any more.
func (d *doubter) gone() {
	var left []item
	all, gone := map[Kind]int{}, map[Kind][]item{}
	for it := range d.was.items {
		if _, seen := d.old[it.id]; !seen {
			continue
		}
		all[it.id.Kind()]++
		if _, seen := d.new[d.now(it.id)]; !seen {
			gone[it.id.Kind()] = append(gone[it.id.Kind()], it)
			left = append(left, it)
		}
	}
	tell := func(of int, what string, many Text, gone []item) bool {
		if len(gone) <= fewGone || 3*len(gone) < of {
			return false
		}
		var names, en, fr []string
		for _, it := range gone[:shownDoubts] {
			title := d.old[it.id].Title
			names = append(names, string(it.id))
			en, fr = append(en, "“"+cmp.Or(title.EN, string(it.id))+"”"), append(fr, "« "+cmp.Or(title.FR, title.EN, string(it.id))+" »")
		}
		more := len(gone) - shownDoubts
		d.add(ItemsGone, "", gone[0].at, Text{
			EN: fmt.Sprintf("%d of %d %s are gone: %s and %d more.", len(gone), of, many.EN, strings.Join(en, ", "), more),
			FR: fmt.Sprintf("%d %s sur %d ont disparu : %s et %d de plus.", len(gone), many.FR, of, strings.Join(fr, ", "), more),
		}, "Look for files that are missing or half copied; say formerly where ids changed.",
			"%d of %d %s are gone: %s and %d more", len(gone), of, what, strings.Join(names, ", "), more)
		return true
	}
	told := false
	for _, k := range [...]Kind{KindTopic, KindEvent, KindActor, KindTerm} {
		told = tell(all[k], string(k)+"s", many[k], gone[k]) || told
	}
	if !told {
		tell(len(d.old), "items", Text{EN: "items", FR: "éléments"}, left)
	}
}

// texts looks at what the items say that were there before or are new.
func (d *doubter) texts() {
	before := map[ID]Revision{}
	for id, rev := range d.old {
		before[d.now(id)] = rev
	}
	for _, it := range d.at {
		is, seen := d.new[it.id]
		was, had := before[it.id]
		if !seen || had && was.Words == is.Words {
			continue
		}
		for _, lang := range Langs {
			if d.future(it, was.Words.In(lang), d.told(it.id, lang)) {
				break
			}
		}
		if !had || is.Corrected > was.Corrected {
			continue
		}
		for _, lang := range Langs {
			if a, b, jumps := jumping(was.Words.In(lang), is.Words.In(lang)); jumps {
				title := d.title(it.id)
				d.add(NumberJump, it.id, it.at, Text{
					EN: fmt.Sprintf("In “%s”: was %s, now %s.", title.EN, a, b), FR: fmt.Sprintf("Dans « %s » : avant %s, maintenant %s.", title.FR, a, b),
				}, "Correct it; if it is right and the old one was wrong, add a correction that says so.", "%s became %s in %s", a, b, it.id)
				break // once for both languages
			}
		}
	}
}

// told is what an item tells of the past: of a topic not what to watch and
// what is not known.
func (d *doubter) told(id ID, lang Lang) string {
	if id.Kind() != KindTopic {
		return d.new[id].Words.In(lang)
	}
	i := slices.IndexFunc(d.is.Topics, func(t Topic) bool { return t.Slug == id.Slug() })
	t := d.is.Topics[i]
	t.Sections = map[Lang][]Section{lang: slices.DeleteFunc(slices.Clone(t.Sections[lang]), func(s Section) bool {
		return s.Kind == Watch || s.Kind == Unknowns
	})}
	return t.words(lang)
}

// future looks for a day to come that the item did not name before.
func (d *doubter) future(it item, was, told string) bool {
	for _, tk := range tokens(told) {
		tk = strings.TrimRight(tk, spaceRunes)
		if day, ok := readDay(tk); ok && day.Compare(d.today) > 0 && !strings.Contains(was, tk) {
			title := d.title(it.id)
			d.add(FutureDate, it.id, it.at, Text{
				EN: fmt.Sprintf("“%s” tells of a day that is still to come: %s.", title.EN, tk), FR: fmt.Sprintf("« %s » parle d’un jour encore à venir : %s.", title.FR, tk),
			}, "Correct the date, unless it is one that was announced.", "%s speaks of %s, which is to come", it.id, tk)
			return true
		}
	}
	return false
}

// readDay reads a token that is a day of a year, in either language; of several
// days the last one.
func readDay(token string) (Date, bool) {
	if dateEnd(token) != len(token) || token == "" {
		return Date{}, false
	}
	if d, err := ParseDate(token); err == nil {
		return d, d.Day != 0
	}
	words := strings.Fields(Fold(token))
	p := ReadPeriod(strings.Join(words[max(len(words)-3, 0):], " "), EN, Date{Year: 1, Month: 1, Day: 1})
	return p.First, len(words) >= 3 && !p.IsZero() && p.First == p.Last
}

// sources looks for sources that are gone though something that rested on them stays.
func (d *doubter) sources() {
	left := map[string]bool{}
	for i := range d.is.Sources {
		left[d.is.Sources[i].Slug] = true
	}
	x := newLookups(d.was)
	for i := range d.was.Events {
		x.byDate = append(x.byDate, &d.was.Events[i])
	}
	rests := citations(x)
	for i := range d.was.Sources {
		s := &d.was.Sources[i]
		if left[d.now(s.ID()).Slug()] {
			continue
		}
		for _, id := range rests[s.Slug] {
			id = MakeID(id.Kind(), id.Slug())
			is, stays := d.new[d.now(id)]
			if was := d.old[id]; stays && is.Corrected <= was.Corrected {
				title := d.title(d.now(id))
				d.add(SourceGone, s.ID(), s.At, Text{
					EN: fmt.Sprintf("The source “%s, %s” is gone, but “%s”, which rested on it, stays.", s.Publisher, s.Title, title.EN),
					FR: fmt.Sprintf("La source « %s, %s » a disparu, mais « %s », qui s’appuyait sur elle, est toujours là.", s.Publisher, s.Title, title.FR),
				}, "Put it back, or say formerly where it has another id; if it was wrong, add a correction to what rested on it.",
					"the source %q is gone, but %s, which rested on it, stays", s.Slug, d.now(id))
				break
			}
		}
	}
}
