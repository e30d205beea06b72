package briefings

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// yearPattern is the name of a file of events.
var yearPattern = regexp.MustCompile(`^[0-9]{4}$`)

func itoa(i int) string { return strconv.Itoa(i) }

// event checks one event.
func (c *checker) event(e *Event) {
	c.eventDates(e)
	c.known(e.At, []string{"places"}, KindPlace, e.Places)
	c.known(e.At, []string{"actors"}, KindActor, e.Actors)
	for i, slug := range e.Actors {
		if id := MakeID(KindActor, slug); c.status(id) != Published {
			c.unpublished(c.at(e.At, "actors", itoa(i)), e.ID(), id)
		}
	}
	if len(c.p.Topics) > 0 { // else one warning says it all
		c.known(e.At, []string{"topics"}, KindTopic, e.Topics)
	}
	c.known(e.At, []string{"sources"}, KindSource, e.Sources)
	for i, code := range e.Countries {
		c.country(c.at(e.At, "countries", itoa(i)), code)
	}
	for i, claim := range e.Claims {
		c.known(e.At, []string{"claims", itoa(i), "sources"}, KindSource, claim.Sources)
		for j, s := range claim.Sources {
			if c.x.Source(s) != nil && !slices.Contains(e.Sources, s) {
				c.err(c.at(e.At, "claims", itoa(i), "sources", itoa(j)), "Add it to the sources of the event.", "the claim's source %q is not among the event's", s)
			}
		}
	}
	c.confidence(e)
	c.numbers(e)
	c.corrections(e.At, e.Corrections)
}

func (c *checker) eventDates(e *Event) {
	if e.Date.IsZero() {
		return
	}
	c.future(c.at(e.At, "date"), "the date", e.Date)
	if e.Slug != "" && !strings.HasPrefix(e.Slug, e.Date.String()+"-") {
		c.err(c.at(e.At, "id"), "Begin the id with the date: "+e.Date.String()+"-…", "the id %q does not begin with the date %s", e.Slug, e.Date)
	}
	began := e.Date.String()[:4]
	if year := strings.TrimSuffix(path.Base(e.At.File), ".yaml"); yearPattern.MatchString(year) && year != began {
		c.err(c.at(e.At, "date"), "Move the event to events/"+began+".yaml, or correct the date.", "an event of %s stands in %s", began, e.At.File)
	}
	if e.End.IsZero() {
		return
	}
	c.future(c.at(e.At, "end"), "the end", e.End)
	if e.End.Last().Compare(e.Date.First()) < 0 {
		c.err(c.at(e.At, "end"), "Correct one of the dates.", "the end %s lies before the date %s", e.End, e.Date)
	}
}

// confidence holds how sure an event may be called by what it rests on.
func (c *checker) confidence(e *Event) {
	grades, known := map[Grade]int{}, 0
	state := true
	for _, slug := range e.Sources {
		if s := c.x.Source(slug); s != nil {
			known++
			state = state && s.Kind == StateMedia
			if !slices.Contains(e.Sources, s.Repeats) { // else it is no source of its own
				grades[s.Grade]++
			}
		}
	}
	independent := grades[GradeA] + grades[GradeB] + grades[GradeC]
	if e.Confidence == High && known == len(e.Sources) && grades[GradeA] == 0 && (independent < 2 || grades[GradeB] == 0) {
		c.err(c.at(e.At, "confidence"), "Add a source, or write medium or low.", "high confidence needs a source of grade A, or two of which one is above C")
	}
	if state && known > 0 && e.Disputed() {
		c.warn(c.at(e.At, "sources"), "Add a source of another kind.", "a disputed event rests on state media alone")
	}
}

// How much of two titles must be the same words.
const (
	sameTitle = 0.8
	nearTitle = 0.5
)

// sameFact is how much of two facts must be the same words, where the titles are near.
const sameFact = 0.6

// duplicates finds events that seem to tell the same thing twice: on the same
// day, or on the next, which night attacks and late reports make of it.
func (c *checker) duplicates() {
	byDate := map[Date][]*Event{}
	byTitle := map[string]*Event{}
	for i := range c.p.Events {
		e := &c.p.Events[i]
		if e.Status == Retired {
			continue // which is what becomes of one of two
		}
		title := Fold(e.Title.EN)
		near := false
		for _, d := range aboutTheDay(e.Date) {
			for _, o := range byDate[d] {
				near = c.duplicate(o, e) || near
			}
		}
		if o := byTitle[title]; o != nil && title != "" && !near && o.Date != e.Date {
			c.warn(c.at(e.At, "title", "en"), "Tell them apart in the title, or delete one.", "the title is that of %s too", o.ID())
		}
		byDate[e.Date] = append(byDate[e.Date], e)
		byTitle[title] = e
	}
}

// aboutTheDay is a date and, of a full one, the days before and after it.
func aboutTheDay(d Date) []Date {
	if d.Day == 0 {
		return []Date{d}
	}
	return []Date{d, d.AddDays(-1), d.AddDays(1)}
}

// duplicate notes that two events look alike, and reports whether they do.
func (c *checker) duplicate(a, b *Event) bool {
	placed := shares(a.Places, b.Places) || len(a.Places)+len(b.Places) == 0 && shares(a.Countries, b.Countries)
	if a.Kind != b.Kind || !placed || a.Slug == b.Slug {
		return false
	}
	alike := likeness(a.Title.EN, b.Title.EN)
	if alike < nearTitle {
		return false
	}
	const cure = "Delete one, or say in the titles what differs."
	told := likeness(a.Fact.EN, b.Fact.EN) >= sameFact
	switch sameDay := a.Date == b.Date; {
	case sameDay && alike >= sameTitle, told:
		c.err(c.at(b.At, "title", "en"), cure, "the event is the same as %s", a.ID())
	case sameDay, alike >= sameTitle:
		c.warn(c.at(b.At, "title", "en"), cure, "the event looks like %s", a.ID())
	default:
		return false
	}
	return true
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// likeness is the share of words that two texts have in common.
func likeness(a, b string) float64 {
	wa, wb := strings.Fields(Fold(a)), strings.Fields(Fold(b))
	both, all := 0, map[string]bool{}
	for _, w := range wa {
		all[w] = true
	}
	inA := len(all)
	for _, w := range wb {
		if all[w] && slices.Contains(wa, w) {
			both++
		}
		all[w] = true
	}
	if inA == 0 {
		return 0
	}
	return min(float64(both)/float64(len(all)), 1)
}
