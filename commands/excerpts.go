package commands

import (
	"strings"

	"griot/briefings"
)

// quoted shows what answers, word for word with its date and sources, and
// returns its topics. A topic's section is shown as a whole, or the one
// paragraph that fits.
func (w *composer) quoted(e briefings.Excerpt, whole bool) [][]string {
	id := e.ID
	switch id.Kind() {
	case briefings.KindEvent:
		ev := w.x.Event(id.Slug())
		w.item(id)
		w.add(heading(w.when(ev) + " · " + w.say(w.either(ev.Title))))
		spans := w.cite(w.textOf(ev.Fact), ev.Sources...)
		if ev.Confidence == briefings.Low && !w.x.Unconfirmed(ev.Sources) {
			spans = append(spans, Span{Kind: Emphasis, Text: " (" + w.say(lowConfidence) + ")"})
		}
		w.add(Block{Kind: Quote, Spans: spans})
		var said [][]Span
		for _, cl := range ev.Claims {
			said = append(said, w.claim(briefings.Claim{By: w.either(cl.By), Says: w.either(cl.Says), Sources: cl.Sources}))
		}
		if said = append(said, w.corrections(ev.Corrections, ev.Sources)...); len(said) > 0 {
			w.add(Block{Kind: List, Entries: said})
		}
		return [][]string{ev.Topics}
	case briefings.KindTopic:
		t := w.topic(id.Slug())
		w.item(id)
		s, note := w.sectionOf(t, e)
		w.add(heading(w.say(t.Name) + " · " + w.say(sectionNames[s.Kind]) + note))
		if whole {
			w.prose(s.Blocks)
		} else {
			w.add(Block{Kind: Quote, Spans: w.spans(s.Blocks[e.Block].Spans)})
		}
		return [][]string{{t.Slug}}
	}
	w.item(id)
	text, sources := w.about(id)
	w.add(heading(w.say(w.either(w.name(id)))), Block{Kind: Quote, Spans: w.cite(w.textOf(text), sources...)})
	if fixes := w.corrections(w.fixes(id), sources); len(fixes) > 0 {
		w.add(Block{Kind: List, Entries: fixes})
	}
	return w.cardTopics(id)
}

// entry shows an excerpt in brief, under its date or name, and returns its topics.
func (w *composer) entry(e briefings.Excerpt) [][]string {
	id := e.ID
	w.item(id)
	switch id.Kind() {
	case briefings.KindEvent:
		ev := w.x.Event(id.Slug())
		spans := append([]Span{strong(w.say(w.either(ev.Title))), plain(". ")}, w.sentence(e, ev)...)
		w.add(Block{Kind: Fact, Label: w.when(ev), Spans: spans})
		return [][]string{ev.Topics}
	case briefings.KindTopic:
		w.add(w.paragraph(w.topic(id.Slug()), e))
		return [][]string{{id.Slug()}}
	}
	text, sources := w.about(id)
	w.add(Block{Kind: Fact, Label: w.say(w.either(w.name(id))), Spans: w.cite(w.textOf(text), sources...)})
	return w.cardTopics(id)
}

// paragraph is the one of a topic's prose that an excerpt is from.
func (w *composer) paragraph(t *briefings.Topic, e briefings.Excerpt) Block {
	s, note := w.sectionOf(t, e)
	return Block{Kind: Fact, Label: w.say(t.Name) + " · " + w.say(sectionNames[s.Kind]) + note, Spans: w.spans(s.Blocks[e.Block].Spans)}
}

// sentence is the part of an event that fits best: a claim with who makes it,
// or a sentence of the fact. In another language than the question's it is the
// whole fact.
func (w *composer) sentence(e briefings.Excerpt, ev *briefings.Event) []Span {
	if e.Claim > 0 && e.Claim <= len(ev.Claims) {
		cl := ev.Claims[e.Claim-1]
		return w.claim(briefings.Claim{By: w.either(cl.By), Says: w.either(cl.Says), Sources: cl.Sources})
	}
	if e.Lang == w.lang && strings.Contains(w.say(ev.Fact), e.Text) {
		return w.cite([]Span{plain(e.Text)}, ev.Sources...)
	}
	return w.cite(w.textOf(ev.Fact), ev.Sources...)
}

// sectionOf is the section an excerpt is from, in the other language where it
// is only there, which the note then says.
func (w *composer) sectionOf(t *briefings.Topic, e briefings.Excerpt) (s *briefings.Section, note string) {
	kind := briefings.SectionKind(e.ID.Part())
	if s = t.Section(w.lang, kind); s != nil && e.Block < len(s.Blocks) {
		return s, ""
	}
	return t.Section(other(w.lang), kind), " (" + w.say(inOther) + ")"
}

// inOther marks a text that is there in the other language only.
var inOther = both("in French", "en anglais")

func other(lang briefings.Lang) briefings.Lang {
	if lang == briefings.FR {
		return briefings.EN
	}
	return briefings.FR
}

// either is the text, in the other language where it is only there.
func (w *composer) either(t briefings.Text) briefings.Text {
	if w.say(t) == "" {
		return briefings.Same(t.In(other(w.lang)))
	}
	return t
}

// textOf is the text as a run, marked where it is there in the other language only.
func (w *composer) textOf(t briefings.Text) []Span {
	if s := w.say(t); s != "" {
		return []Span{plain(s)}
	}
	return []Span{plain(t.In(other(w.lang))), {Kind: Emphasis, Text: " (" + w.say(inOther) + ")"}}
}

// cardTopics are the topics that say how old a card is: its own briefing, which
// knows best, or each that refers to it.
func (w *composer) cardTopics(id briefings.ID) [][]string {
	if t := w.briefingOn(id); t != nil {
		return [][]string{{t.Slug}}
	}
	return w.covering(id)
}

// briefingOn is the topic that goes by the slug of an actor or term, or nil.
func (v *view) briefingOn(id briefings.ID) *briefings.Topic {
	for _, t := range v.topics {
		if t.Slug == id.Slug() || t.Command == id.Slug() {
			return t
		}
	}
	return nil
}

// around is how many days before and after an event its timeline shows.
const around = 30

// leadOn adds what may be asked next of what answered: the sources, what
// happened around the date, and who took part.
func (w *composer) leadOn(r Request, id briefings.ID) {
	add := func(row int, label briefings.Text, line string) {
		w.reply.Buttons = append(w.reply.Buttons, button(w.say(label), line, row))
	}
	timeline, sources := both("Around this date", "Autour de cette date"), both("Sources", "Sources")
	switch id.Kind() {
	case briefings.KindEvent:
		ev := w.x.Event(id.Slug())
		topic := ""
		for _, slug := range ev.Topics {
			if t := w.topic(slug); t != nil && topic == "" {
				topic = t.Slug
			}
		}
		add(0, timeline, r.to("timeline", "topic", topic, "from", ev.Date.First().AddDays(-around).String(), "to", lastDay(ev).AddDays(around).String()))
		if topic != "" {
			add(0, sources, r.to("sources", "topic", topic))
			add(0, both("Briefing: %s", "Dossier : %s", w.topic(topic).Name), r.to(w.topic(topic).Command))
		}
		for _, slug := range ev.Actors[:min(4, len(ev.Actors))] {
			if a := w.x.Actor(slug); a != nil {
				add(1, a.Name, r.to("who", "name", slug))
			}
		}
	case briefings.KindTopic:
		t := w.topic(id.Slug())
		add(0, both("The whole briefing", "Tout le dossier"), r.to(t.Command))
		add(0, both("Timeline", "Chronologie"), r.to("timeline", "topic", t.Slug))
		add(0, sources, r.to("sources", "topic", t.Slug))
	default:
		if id.Kind() == briefings.KindActor && len(w.actors[id.Slug()]) > 0 {
			add(0, both("All its events", "Tous ses événements"), r.to("timeline", "actor", id.Slug()))
		}
		t := w.briefingOn(id)
		for _, slug := range w.topicsOf(id) {
			if t == nil {
				t = w.topic(slug)
			}
		}
		if t != nil {
			add(0, both("Briefing: %s", "Dossier : %s", t.Name), r.to(t.Command))
		}
	}
}
