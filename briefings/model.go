package briefings

import "time"

// Lang is a language a pack is written in and a reader is answered in.
type Lang string

// The languages of the program. A pack has every text in both.
const (
	EN Lang = "en"
	FR Lang = "fr"
)

// Langs lists the languages in the order files and reports use.
var Langs = [...]Lang{EN, FR}

// Text is one text in every language.
type Text struct {
	EN string `yaml:"en" json:"en"`
	FR string `yaml:"fr" json:"fr"`
}

// In returns the text in lang; an unknown language reads English.
func (t Text) In(lang Lang) string {
	if lang == FR {
		return t.FR
	}
	return t.EN
}

// Same returns a text that reads s in every language.
func Same(s string) Text { return Text{EN: s, FR: s} }

// Kind is the kind of an item: the part of its id before the colon.
type Kind string

// The kinds of items a pack holds.
const (
	KindTopic  Kind = "topic"
	KindEvent  Kind = "event"
	KindActor  Kind = "actor"
	KindTerm   Kind = "term"
	KindPlace  Kind = "place"
	KindSource Kind = "source"
)

// ID names an item across kinds: "event:2024-09-17-bamako-attack",
// "topic:mali#situation", "actor:jnim". The part behind "#" is a section of a
// topic or the 1-based number of an event's claim.
type ID string

// MakeID joins a kind and a slug.
func MakeID(k Kind, slug string) ID { return ID(string(k) + ":" + slug) }

// Pack is everything one folder of content says.
type Pack struct {
	Name        string   // slug of the pack
	Title       Text     // shown by /about
	Description Text     // one or two sentences, shown by /about and /start
	Examples    []Text   // command lines worth trying, shown by /help and /start
	NeverLink   []string // hosts whose pages are never linked, subdomains included
	Countries   []Country
	SharedNames []string // names that lead to several entries on purpose
	Voices      []Voice  // who speaks for a side
	Style       Style    // what griot check holds of the house style
	Topics      []Topic
	Events      []Event
	Actors      []Actor
	Terms       []Term
	Places      []Place
	Sources     []Source
	Hash        string // of every file, hex; names this version of the pack
}

// Country names an ISO 3166-1 alpha-2 code the pack uses.
type Country struct {
	Code string `yaml:"code"`
	Name Text   `yaml:"name"`
}

// Status says who sees an item.
type Status string

// The states of an item. Events, actors and terms are published unless they say otherwise.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Retired   Status = "retired"
)

// SectionKind names a section of a topic.
type SectionKind string

// The sections a topic may have, in the order they are shown.
const (
	Summary    SectionKind = "summary"
	Situation  SectionKind = "situation"
	Background SectionKind = "background"
	Actors     SectionKind = "actors"
	Sides      SectionKind = "sides"
	Figures    SectionKind = "figures"
	Watch      SectionKind = "watch"
	Unknowns   SectionKind = "unknowns"
)

// SectionKinds lists the sections in the order they are shown.
var SectionKinds = [...]SectionKind{Summary, Situation, Background, Actors, Sides, Figures, Watch, Unknowns}

// Topic is one briefing: its record and its prose in every language.
type Topic struct {
	Slug        string
	Formerly    []string // slugs it had before, the oldest first
	Command     string   // [a-z0-9_]{1,32}, the slash command that shows it
	Called      Text     // what the command is called in each language, as Command; zero: Command
	Name        Text
	Line        Text // one line that says what the briefing is about
	Aliases     []string
	AsOf        Date
	NotCovered  Text // what the briefing does not cover since AsOf; may be empty
	Status      Status
	PublishAt   time.Time // zero, or not shown before
	Related     []string  // slugs of topics
	Sections    map[Lang][]Section
	Corrections []Correction
	At          Pos
}

// ID returns the item id of the topic.
func (t *Topic) ID() ID { return MakeID(KindTopic, t.Slug) }

// Section returns the section k in lang, or nil when the topic has none.
func (t *Topic) Section(lang Lang, k SectionKind) *Section {
	for i := range t.Sections[lang] {
		if t.Sections[lang][i].Kind == k {
			return &t.Sections[lang][i]
		}
	}
	return nil
}

// Section is one part of a topic's prose.
type Section struct {
	Kind   SectionKind
	Blocks []Block
}

// Block is a paragraph or a bullet of prose.
type Block struct {
	Bullet bool
	Spans  []Span
	At     Pos
}

// SpanKind is the kind of a run of prose.
type SpanKind string

// The kinds of runs. A Cite span carries source slugs and no text; a Ref span
// is text that points to another item of the pack.
const (
	SpanText     SpanKind = "text"
	SpanStrong   SpanKind = "strong"
	SpanEmphasis SpanKind = "emphasis"
	SpanCode     SpanKind = "code"
	SpanCite     SpanKind = "cite"
	SpanRef      SpanKind = "ref"
)

// Span is a run of prose of one kind.
type Span struct {
	Kind  SpanKind
	Text  string
	Cites []string // source slugs, for SpanCite
	Ref   ID       // for SpanRef
}

// Confidence says how sure it is that an event happened as described; it does
// not speak of the numbers in its claims.
type Confidence string

// The levels of confidence.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Event is a dated fact with what each side claims of it.
type Event struct {
	Slug        string   // DATE-slug
	Formerly    []string // slugs it had before, the oldest first
	Date        Date
	End         Date // zero, or the last day
	Countries   []string
	Places      []string // slugs
	Actors      []string // slugs
	Kind        string   // one of EventKinds
	Topics      []string // slugs
	Importance  int      // 1 minor to 3 landmark
	Confidence  Confidence
	Title       Text
	Short       Text // optional, the title in at most 40 characters, for buttons and pictures
	Fact        Text // one to three sentences
	Claims      []Claim
	Sources     []string  // slugs
	Status      Status    // zero: published
	PublishAt   time.Time // zero, or not shown before
	Corrections []Correction
	At          Pos
}

// ID returns the item id of the event.
func (e *Event) ID() ID { return MakeID(KindEvent, e.Slug) }

// EventKinds lists what an event may be.
var EventKinds = [...]string{
	"attack", "coup", "election", "agreement", "withdrawal", "mission", "sanction", "diplomatic",
	"economic", "humanitarian", "judicial", "military-operation", "political", "human-rights",
}

// Claim is what somebody says about an event. It is never shown without By.
type Claim struct {
	By      Text     `yaml:"by"`
	Says    Text     `yaml:"says"`
	Sources []string `yaml:"sources"`
}

// Actor is a state, force, group, organisation or person.
type Actor struct {
	Slug        string
	Formerly    []string // slugs it had before, the oldest first
	Name        Text
	Aliases     []string // for look-up only, never displayed
	Kind        string
	Summary     Text
	Sources     []string
	Status      Status    // zero: published
	PublishAt   time.Time // zero, or not shown before
	Corrections []Correction
	At          Pos
}

// ID returns the item id of the actor.
func (a *Actor) ID() ID { return MakeID(KindActor, a.Slug) }

// Term is an entry of the glossary.
type Term struct {
	Slug        string
	Formerly    []string // slugs it had before, the oldest first
	Name        Text
	Aliases     []string
	Definition  Text
	Sources     []string
	Status      Status    // zero: published
	PublishAt   time.Time // zero, or not shown before
	Corrections []Correction
	At          Pos
}

// ID returns the item id of the term.
func (t *Term) ID() ID { return MakeID(KindTerm, t.Slug) }

// Place is somewhere an event happened. It has no text or source of its own.
type Place struct {
	Slug     string
	Formerly []string // slugs it had before, the oldest first
	Name     Text
	Aliases  []string
	Country  string   // ISO 3166-1 alpha-2
	AlsoIn   []string // further countries it extends to
	Lat      float64  // rough degrees; both zero when unknown
	Lon      float64
	At       Pos
}

// ID returns the item id of the place.
func (p *Place) ID() ID { return MakeID(KindPlace, p.Slug) }

// Grade says how strong a source is.
type Grade string

// The grades: A primary or established, B republished or smaller, C weak. What
// rests on C alone is shown as unconfirmed.
const (
	GradeA Grade = "A"
	GradeB Grade = "B"
	GradeC Grade = "C"
)

// Source is a document that facts rest on.
type Source struct {
	Slug      string
	Formerly  []string // slugs it had before, the oldest first
	Publisher string
	Title     string
	URL       string // empty where the source must not be linked
	Date      Date   // zero when undated
	Lang      string // of the document, ISO 639-1
	Kind      string // un, government, wire, press, state-media ...
	Grade     Grade
	Repeats   string // slug of the source whose report this one repeats, or empty
	At        Pos
}

// StateMedia is the kind of sources that are a state's own media.
const StateMedia = "state-media"

// ID returns the item id of the source.
func (s *Source) ID() ID { return MakeID(KindSource, s.Slug) }

// Correction records that an item said something wrong.
type Correction struct {
	Date Date `yaml:"date"`
	Was  Text `yaml:"was"`
	Now  Text `yaml:"now"`
	Why  Text `yaml:"why"`
	// Urgent has readers told at once, in their quiet hours too.
	Urgent bool `yaml:"urgent"`
}

// Pos is where in the pack something was written.
type Pos struct {
	File string // slash-separated, relative to the pack's folder
	Line int    // from 1
	Col  int    // from 1
}
