package commands

import (
	"strings"

	"griot/briefings"
)

var (
	allCountries = both("All countries", "Tous les pays")
	allDates     = both("All dates", "Toutes les dates")
	allEvents    = both("All events", "Tous les événements")
)

// findCountry reads a country's ISO code or name, or the name of a place.
func (v *view) findCountry(r Request, s string) (country, place string, name briefings.Text, err error) {
	if s == "" {
		return "", "", briefings.Text{}, nil
	}
	if k := v.countryNamed(s); k != nil {
		return k.Code, "", k.Name, nil
	}
	for _, m := range v.x.Find(s, briefings.KindPlace) {
		return "", m.ID.Slug(), m.Name, nil
	}
	// A country may go by the alias of a topic or a state.
	for _, m := range v.x.Find(s, briefings.KindTopic, briefings.KindActor) {
		if k := v.countryNamed(m.Name.EN); k != nil {
			return k.Code, "", k.Name, nil
		}
	}
	e := wrong("I know no country or place “%s”. Give its name or its ISO code.", "Je ne connais ni pays ni lieu « %s ». Donnez son nom ou son code ISO.", clip(s))
	var names [][]string
	for _, k := range v.x.Pack().Countries {
		names = append(names, []string{k.Code, k.Name.EN, k.Name.FR})
	}
	for _, code := range pick(s, names, 2) {
		e.offer(v.x.Country(code).Name, r.again("country", code, "page", ""))
	}
	for _, m := range v.x.Near(cut(s, 100), 3, briefings.KindPlace) {
		e.offer(m.Name, r.again("country", m.ID.Slug(), "page", ""))
	}
	return "", "", briefings.Text{}, e.offer(allCountries, r.again("country", "", "page", ""))
}

// isCountry reports whether words name a country or place.
func (c *Core) isCountry(words string) bool {
	_, _, _, err := c.view().findCountry(Request{}, words)
	return err == nil
}

// isActor reports whether words name an actor, or several.
func (c *Core) isActor(words string) bool {
	return len(c.view().x.Find(words, briefings.KindActor)) > 0
}

func (v *view) countryNamed(s string) *briefings.Country {
	if k := v.x.Country(strings.ToUpper(strings.TrimSpace(s))); k != nil {
		return k
	}
	want := briefings.Fold(s)
	for i := range v.x.Pack().Countries {
		k := &v.x.Pack().Countries[i]
		if want != "" && (want == briefings.Fold(k.Name.EN) || want == briefings.Fold(k.Name.FR)) {
			return k
		}
	}
	return nil
}

// findActor reads an actor's name, and asks when several go by it.
func (v *view) findActor(r Request, s string) (*briefings.Actor, error) {
	if s == "" {
		return nil, nil
	}
	found := v.x.Find(s, briefings.KindActor)
	if m, ok := settled(found, s); ok {
		return v.x.Actor(m.ID.Slug()), nil
	}
	e := wrong("I know no actor “%s”. /search looks in all the texts.", "Je ne connais pas d’acteur « %s ». /search cherche dans tous les textes.", clip(s))
	if len(found) > 1 {
		e = wrong("Several go by the name “%s”. Which one do you mean?", "Plusieurs portent le nom « %s ». Lequel voulez-vous dire ?", clip(s))
	} else {
		found = v.x.Near(cut(s, 100), 3, briefings.KindActor)
	}
	for _, m := range found {
		e.offer(m.Name, r.again("actor", m.ID.Slug(), "page", ""))
	}
	return nil, e.try(r.to("search", "query", cut(s, 60)))
}

// settled picks the one match, or the one whose slug was given.
func settled(found []briefings.Match, s string) (briefings.Match, bool) {
	for _, m := range found {
		if len(found) == 1 || m.ID.Slug() == strings.ToLower(strings.TrimSpace(s)) {
			return m, true
		}
	}
	return briefings.Match{}, false
}

// found says how much there is, and of what.
func (f filter) found(n, page, pages int) briefings.Text {
	t := both("%d events", "%d événements", n)
	if n == 1 {
		t = both("1 event", "1 événement")
	}
	t = both("%s%s", "%s%s", t, f.describe())
	t = paged(t, page, pages)
	return both("%s.", "%s.", t)
}

// describe says what the filter asks for, apart from the topic.
func (f filter) describe() briefings.Text {
	var t briefings.Text
	add := func(s briefings.Text) { t.EN, t.FR = t.EN+", "+s.EN, t.FR+", "+s.FR }
	switch whole := (briefings.Period{First: f.from, Last: f.to}).Whole(); {
	case !whole.IsZero():
		add(inWords(whole))
	case !f.from.IsZero() && !f.to.IsZero():
		add(both("from %s to %s", "du %s au %s", inWords(f.from), inWords(f.to)))
	case !f.from.IsZero():
		add(both("since %s", "depuis le %s", inWords(f.from)))
	case !f.to.IsZero():
		add(both("until %s", "jusqu’au %s", inWords(f.to)))
	}
	if !f.day.IsZero() {
		add(both("on %s of any year", "un %s", sayDay(f.day)))
	}
	if f.country != "" || f.place != "" {
		add(f.placeName)
	}
	if f.actor != nil {
		add(f.actor.Name)
	}
	if f.kind != "" {
		if label, ok := kindLabels[f.kind]; ok {
			add(label)
		} else {
			add(same(f.kind))
		}
	}
	return t
}

// reach tells how far the briefings go when more recent dates were asked for:
// that nothing is recorded does not mean that nothing happened.
func (v *view) reach(t *briefings.Topic, from, to briefings.Date) briefings.Text {
	d := v.newest
	if t != nil {
		d = t.AsOf
	}
	if d.IsZero() || from.Compare(d.Last()) <= 0 && (to.IsZero() || to.Compare(d.Last()) <= 0) {
		return briefings.Text{}
	}
	return both(" The briefings go no further than %s.", " Les dossiers s’arrêtent à cette date : %s.", inWords(d))
}

// nothing is the answer when no event passes: it offers the nearest month that
// has one, then the same without dates or without the rest.
func (f filter) nothing(v *view, r Request) error {
	about := briefings.Text{}
	if f.topic != nil {
		about = both(" on %s", " sur %s", f.topic.Name)
	}
	conditions := f.describe()
	if conditions != (briefings.Text{}) {
		conditions = both(" (%s)", " (%s)", both(strings.TrimPrefix(conditions.EN, ", "), strings.TrimPrefix(conditions.FR, ", ")))
	}
	e := wrong("There are no events%s%s.", "Il n’y a pas d’événement%s%s.", about, conditions)
	undated := f
	undated.from, undated.to = briefings.Date{}, briefings.Date{}
	if near := nearestEvent(undated.apply(v), f.from, f.to); near != nil && undated != f {
		month := near.Date
		month.Day = 0
		e.Say = both("%s The nearest is in %s.%s", "%s Le plus proche est en %s.%s", e.Say, inWords(month), v.reach(v.topic(f.about(v)), f.from, f.to))
		return e.offer(inWords(month), r.again("from", month.String(), "to", month.String(), "page", "")).
			offer(allDates, r.again("from", "", "to", "", "page", ""))
	}
	undated.day = briefings.Date{}
	if d := nearestDay(undated.apply(v), f.day); !f.day.IsZero() && !d.IsZero() {
		e.Say = both("%s The nearest day with one is %s.", "%s Le jour le plus proche qui en a un est le %s.", e.Say, sayDay(d))
		return e.offer(sayDay(d), r.again("day", figures(d), "page", "")).offer(allDates, r.again("day", "", "page", ""))
	}
	e.Say = both("%s Try fewer conditions.", "%s Essayez avec moins de conditions.", e.Say)
	if f.topic != nil {
		return e.offer(f.topic.Name, r.to("timeline", "topic", f.topic.Slug)).offer(allEvents, r.to("timeline"))
	}
	return e.offer(allEvents, r.to("timeline"))
}

// nearestEvent is the event with the fewest days between it and the span.
func nearestEvent(events []*briefings.Event, from, to briefings.Date) *briefings.Event {
	var best *briefings.Event
	least := 0
	for _, e := range events {
		far := 0
		switch {
		case !to.IsZero() && e.Date.First().Compare(to) > 0:
			far = roughDays(e.Date.First()) - roughDays(to)
		case !from.IsZero() && lastDay(e).Compare(from) < 0:
			far = roughDays(from) - roughDays(lastDay(e))
		}
		if best == nil || far < least {
			best, least = e, far
		}
	}
	return best
}

// roughDays counts days roughly, enough to tell which of two dates is nearer.
func roughDays(d briefings.Date) int { return d.Year*372 + d.Month*31 + d.Day }

// Options that narrow what is shown.

func (c *Core) topicOption() Option {
	return Option{
		Name: "topic", Names: both("topic", "sujet"), Summary: both("Briefing; without it, all of them", "Dossier ; sans lui, tous les dossiers"),
		Complete: c.completeTopic,
	}
}

func (c *Core) fromOption() Option {
	return Option{
		Name: "from", Names: both("from", "debut"), Takes: c.isDate,
		Summary: both("First date: 2024, 2024-09, 2024-09-17, last month", "Première date : 2024, 2024-09, 2024-09-17, mois dernier"),
	}
}

func (c *Core) toOption() Option {
	return Option{Name: "to", Names: both("to", "fin"), Summary: both("Last date, in the same words", "Dernière date, dans les mêmes termes"), Takes: c.isDate}
}

func (c *Core) actorOption() Option {
	return Option{
		Name: "actor", Names: both("actor", "acteur"), Summary: both("Who takes part, by name or acronym", "Qui y prend part, par son nom ou son sigle"),
		Complete: c.completeNames(briefings.KindActor), Takes: c.isActor,
	}
}

func kindOption() Option {
	return Option{Name: "kind", Names: both("kind", "genre"), Summary: both("Kind of event", "Genre d’événement"), Choices: kindChoices()}
}
