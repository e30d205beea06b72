package briefings

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// slugPattern is what slugs and ids look like.
var slugPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// records reads a file that holds one list of records named key.
func (f *file) records(key string) *Pack {
	p := &Pack{}
	for _, m := range f.recordMaps(key) {
		switch key {
		case "sources":
			p.Sources = append(p.Sources, m.source())
		case "actors":
			p.Actors = append(p.Actors, m.actor())
		case "terms":
			p.Terms = append(p.Terms, m.term())
		case "places":
			p.Places = append(p.Places, m.place())
		case "events":
			p.Events = append(p.Events, m.event())
		}
		m.done()
		f.items[m.at] = m
	}
	return p
}

// recordMaps returns the records of the file's list as mappings.
func (f *file) recordMaps(key string) []*mapping {
	what := strings.TrimSuffix(key, "s")
	if chunks := f.chunks(key); chunks != nil {
		if p, deep := f.tooDeep(); deep {
			f.fault(p, fmt.Sprintf("brackets or lists are nested more than %d deep", maxNesting), "Close them, or put the text in quotes.")
			return nil
		}
		var out []*mapping
		for _, n := range f.parseChunks(chunks, what) {
			if m := f.mapping(n, what); m != nil {
				out = append(out, m)
			}
		}
		return out
	}
	root := f.parseYAML("a list \"" + key + ":\"")
	if root == nil {
		return nil
	}
	out := root.maps(key, what, false)
	if _, has := root.fields[key]; !has {
		f.fault(Pos{Line: 1, Col: 1}, fmt.Sprintf("the file has no list %q", key), fmt.Sprintf("Write \"%s:\" and the records beneath.", key))
	}
	root.done()
	return out
}

// head reads pack.yaml.
func (f *file) head() *Pack {
	m := f.parseYAML("the keys of a pack")
	if m == nil {
		return nil
	}
	m.what = "the pack"
	p := &Pack{
		Name:        m.slug("name"),
		Title:       m.text("title", true),
		Description: m.text("description", true),
		Examples:    m.lines("examples"),
		NeverLink:   m.strs("never_link", false),
		SharedNames: m.strs("shared_names", false),
		Voices:      m.voices(),
	}
	for _, c := range m.maps("countries", "country", true) {
		p.Countries = append(p.Countries, Country{Code: c.str("code", true), Name: c.text("name", true)})
		c.done()
	}
	m.done()
	f.items[Pos{File: f.name}] = m
	return p
}

// topic reads the record of a topic.
func (f *file) topic() *Topic {
	m := f.parseYAML("the keys of a topic")
	if m == nil {
		return nil
	}
	m.what = "the topic"
	t := &Topic{
		Slug:        m.slug("slug"),
		Formerly:    m.slugs("formerly"),
		Command:     m.str("command", true),
		Called:      m.text("command_names", false),
		Name:        m.text("name", true),
		Line:        m.text("line", true),
		Aliases:     m.strs("aliases", false),
		AsOf:        m.date("as_of", true),
		NotCovered:  m.text("not_covered", false),
		Status:      Status(m.oneOf("status", string(Draft), string(Published), string(Retired))),
		PublishAt:   m.instant("publish_at"),
		Related:     m.strs("related", false),
		Corrections: m.corrections(),
		At:          m.at,
	}
	m.done()
	f.items[m.at] = m
	if want := strings.TrimSuffix(path.Base(f.name), ".yaml"); t.Slug != "" && t.Slug != want {
		f.fault(m.pos("slug"), fmt.Sprintf("the slug %q is not the name of the file", t.Slug), fmt.Sprintf("Write %q, or rename the files.", want))
	}
	return t
}

func (m *mapping) slug(key string) string {
	s := m.str(key, true)
	m.slugged(m.pos(key), s, "the "+key)
	return s
}

// slugs returns a list of slugs.
func (m *mapping) slugs(key string) []string {
	list := m.strs(key, false)
	for i, s := range list {
		m.slugged(m.find(key, strconv.Itoa(i)), s, "a slug")
	}
	return list
}

func (m *mapping) slugged(at Pos, s, what string) {
	if s != "" && !slugPattern.MatchString(s) {
		m.f.fault(at, fmt.Sprintf("%q cannot be %s of %s", s, what, m.what), "Use small letters, digits and single hyphens: burkina-faso.")
	}
}

// status is who sees a record that need not say so.
func (m *mapping) status() Status {
	if m.get("status") == nil {
		return Published
	}
	return Status(m.oneOf("status", string(Draft), string(Published), string(Retired)))
}

func (m *mapping) source() Source {
	return Source{
		Slug:      m.slug("id"),
		Formerly:  m.slugs("formerly"),
		Publisher: m.str("publisher", true),
		Title:     m.str("title", true),
		URL:       m.str("url", false),
		Date:      m.date("date", false),
		Lang:      m.str("lang", true),
		Kind:      m.str("kind", true),
		Grade:     Grade(m.oneOf("grade", string(GradeA), string(GradeB), string(GradeC))),
		Repeats:   m.str("repeats", false),
		At:        m.at,
	}
}

func (m *mapping) actor() Actor {
	return Actor{
		Slug:        m.slug("slug"),
		Formerly:    m.slugs("formerly"),
		Name:        m.text("name", true),
		Aliases:     m.strs("aliases", false),
		Kind:        m.str("kind", true),
		Summary:     m.text("summary", true),
		Sources:     m.strs("sources", true),
		Status:      m.status(),
		PublishAt:   m.instant("publish_at"),
		Corrections: m.corrections(),
		At:          m.at,
	}
}

func (m *mapping) term() Term {
	return Term{
		Slug:        m.slug("slug"),
		Formerly:    m.slugs("formerly"),
		Name:        m.text("term", true),
		Aliases:     m.strs("aliases", false),
		Definition:  m.text("definition", true),
		Sources:     m.strs("sources", true),
		Status:      m.status(),
		PublishAt:   m.instant("publish_at"),
		Corrections: m.corrections(),
		At:          m.at,
	}
}

func (m *mapping) place() Place {
	p := Place{
		Slug:     m.slug("slug"),
		Formerly: m.slugs("formerly"),
		Name:     m.text("name", true),
		Aliases:  m.strs("aliases", false),
		Country:  m.str("country", true),
		AlsoIn:   m.strs("also_in", false),
		Lat:      m.number("lat", false, -90, 90),
		Lon:      m.number("lon", false, -180, 180),
		At:       m.at,
	}
	has := func(key string) bool { return m.get(key) != nil }
	switch {
	case has("lat") != has("lon"):
		m.f.fault(m.at, "the place has only one of lat and lon", "Write both or none.")
	case has("lat") != has("coordinates"):
		m.f.fault(m.at, "coordinates are said to be approximate where they are given", "Write lat, lon and \"coordinates: approximate\", or none of them.")
	case has("coordinates"):
		m.oneOf("coordinates", "approximate")
	}
	return p
}

func (m *mapping) event() Event {
	e := Event{
		Slug:        m.slug("id"),
		Formerly:    m.slugs("formerly"),
		Date:        m.date("date", true),
		End:         m.date("end", false),
		Countries:   m.strs("countries", true),
		Places:      m.strs("places", false),
		Actors:      m.strs("actors", false),
		Kind:        m.oneOf("kind", EventKinds[:]...),
		Topics:      m.strs("topics", true),
		Importance:  int(m.number("importance", true, 1, 3)),
		Confidence:  Confidence(m.oneOf("confidence", string(High), string(Medium), string(Low))),
		Title:       m.text("title", true),
		Short:       m.text("short", false),
		Fact:        m.text("fact", true),
		Sources:     m.strs("sources", true),
		Status:      m.status(),
		PublishAt:   m.instant("publish_at"),
		Corrections: m.corrections(),
		At:          m.at,
	}
	for _, c := range m.maps("claims", "claim", false) {
		e.Claims = append(e.Claims, Claim{By: c.text("by", true), Says: c.text("says", true), Sources: c.strs("sources", true)})
		c.done()
	}
	return e
}

// yes reads true or false; what is not there is false.
func (m *mapping) yes(key string) bool {
	n := m.get(key)
	if n == nil {
		return false
	}
	b, ok := n.(*ast.BoolNode)
	if !ok {
		m.f.wrongNode(n, key+" is neither true nor false", "Write true, or leave the line out.")
		return false
	}
	return b.Value
}

func (m *mapping) corrections() []Correction {
	var out []Correction
	for _, c := range m.maps("corrections", "correction", false) {
		out = append(out, Correction{
			Date:   c.date("date", true),
			Was:    c.text("was", true),
			Now:    c.text("now", true),
			Why:    c.text("why", true),
			Urgent: c.yes("urgent"),
		})
		c.done()
	}
	return out
}
