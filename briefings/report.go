package briefings

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Report is what an editor signs a pack by: how much it says, what that rests
// on, how old it is, and whether both languages say the same.
type Report struct {
	Topics  []TopicReport
	Events  EventReport
	Sources SourceReport
	// Unconfirmed are the events, actors and terms that rest on sources of grade C alone.
	Unconfirmed []ID
}

// TopicReport is the report on one briefing. Counts are by language.
type TopicReport struct {
	Slug      string       `json:"topic"`
	Status    Status       `json:"status"`
	AsOf      string       `json:"as_of"`
	AgeDays   int          `json:"age_days"` // since the last day of as_of
	Words     map[Lang]int `json:"words"`
	Sentences map[Lang]int `json:"sentences"`
	Sourced   map[Lang]int `json:"sourced"` // sentences that a citation covers
	Citations map[Lang]int `json:"citations"`
	Sections  map[Lang]int `json:"sections"`
	Sources   int          `json:"sources"` // different ones that the prose cites
	Same      bool         `json:"same"`    // sections, paragraphs and citations are the same in every language
}

// EventReport is the report on the timeline.
type EventReport struct {
	Events     int                `json:"events"`
	Short      int                `json:"short"` // with a short title, or one that needs none
	Claims     int                `json:"claims"`
	Disputed   int                `json:"disputed"`
	Confidence map[Confidence]int `json:"confidence"`
	Importance map[string]int     `json:"importance"`
}

// SourceReport is the report on what everything rests on.
type SourceReport struct {
	Sources int            `json:"sources"`
	Grades  map[Grade]int  `json:"grades"`
	Kinds   map[string]int `json:"kinds"`
	Voiced  int            `json:"voiced"` // that speak for a side
	Linked  int            `json:"linked"`
	Undated int            `json:"undated"`
	Repeats int            `json:"repeats"` // that repeat another
	Uncited int            `json:"uncited"` // that nothing rests on
}

// Report counts what the pack says as of the moment now. What readers do not
// see is counted too, but for topics, whose status is given.
func (p *Pack) Report(now time.Time) Report {
	x := NewIndex(p)
	var r Report
	for i := range p.Topics {
		r.Topics = append(r.Topics, p.Topics[i].report(now))
	}
	slices.SortFunc(r.Topics, func(a, b TopicReport) int { return cmp.Compare(a.Slug, b.Slug) })
	r.Events = p.reportEvents()
	r.Sources = p.reportSources(x)
	for it := range p.items {
		if sources := x.restsOn(it.id); len(sources) > 0 && x.Unconfirmed(sources) {
			r.Unconfirmed = append(r.Unconfirmed, it.id)
		}
	}
	slices.Sort(r.Unconfirmed)
	return r
}

func (x *Index) restsOn(id ID) []string {
	switch slug := id.Slug(); id.Kind() {
	case KindEvent:
		return x.Event(slug).Sources
	case KindActor:
		return x.Actor(slug).Sources
	case KindTerm:
		return x.Term(slug).Sources
	}
	return nil
}

func (t *Topic) report(now time.Time) TopicReport {
	r := TopicReport{
		Slug: t.Slug, Status: t.Status, AsOf: t.AsOf.String(),
		Words: map[Lang]int{}, Sentences: map[Lang]int{}, Sourced: map[Lang]int{}, Citations: map[Lang]int{}, Sections: map[Lang]int{},
	}
	if !t.AsOf.IsZero() {
		last := t.AsOf.Last()
		r.AgeDays = max(0, int(now.Sub(time.Date(last.Year, time.Month(last.Month), last.Day, 0, 0, 0, 0, time.UTC)).Hours()/24))
	}
	cited, shape := map[string]bool{}, map[Lang]string{}
	for _, lang := range Langs {
		var said strings.Builder
		for _, s := range t.Sections[lang] {
			r.Sections[lang]++
			said.WriteString("\n" + string(s.Kind))
			for _, b := range s.Blocks {
				cites, _ := pointers(b)
				said.WriteString("\n" + cites)
				r.Words[lang] += wordCount(b.words())
				all, sourced := b.sentences()
				r.Sentences[lang] += all
				r.Sourced[lang] += sourced
				for _, sp := range b.Spans {
					r.Citations[lang] += len(sp.Cites)
					for _, slug := range sp.Cites {
						cited[slug] = true
					}
				}
			}
		}
		shape[lang] = said.String()
	}
	r.Sources, r.Same = len(cited), shape[EN] == shape[FR]
	return r
}

// sentences counts the sentences of a block, and those that a citation covers:
// the ones since the citation before.
func (b Block) sentences() (all, sourced int) {
	var since strings.Builder
	for _, sp := range b.Spans {
		if sp.Kind != SpanCite {
			since.WriteString(sp.Text)
			continue
		}
		n := len(Sentences(spoken(since.String())))
		all, sourced = all+n, sourced+n
		since.Reset()
	}
	return all + len(Sentences(spoken(since.String()))), sourced
}

// spoken is a text, or nothing where it holds no word.
func spoken(text string) string {
	if !strings.ContainsFunc(text, letterOrDigit) {
		return ""
	}
	return text
}

func (p *Pack) reportEvents() EventReport {
	r := EventReport{Events: len(p.Events), Confidence: map[Confidence]int{}, Importance: map[string]int{}}
	for i := range p.Events {
		e := &p.Events[i]
		r.Claims += len(e.Claims)
		r.Confidence[e.Confidence]++
		r.Importance[itoa(e.Importance)]++
		if e.Disputed() {
			r.Disputed++
		}
		if e.Short != (Text{}) || units(e.Title.EN) <= maxShort && units(e.Title.FR) <= maxShort {
			r.Short++
		}
	}
	return r
}

func (p *Pack) reportSources(x *Index) SourceReport {
	r := SourceReport{Sources: len(p.Sources), Grades: map[Grade]int{}, Kinds: map[string]int{}}
	for i := range p.Sources {
		s := &p.Sources[i]
		r.Grades[s.Grade]++
		r.Kinds[s.Kind]++
		for counted, n := range map[*int]bool{
			&r.Voiced: p.Publishes(s) != Text{}, &r.Linked: s.URL != "", &r.Undated: s.Date.IsZero(),
			&r.Repeats: s.Repeats != "", &r.Uncited: len(x.citing[s.Slug]) == 0,
		} {
			if n {
				*counted++
			}
		}
	}
	return r
}
