package briefings

import (
	"strings"
	"unicode/utf8"
)

// Voice names those who speak for a side, so that readers see it beside what
// they say: the media of a state, a party to a conflict.
type Voice struct {
	Label Text // “state media of Ostrana”
	// Publishers are beginnings of publishers' names, Speakers of those who make
	// claims, as they read in English. A beginning ends where a word does.
	Publishers []string
	Speakers   []string
	At         Pos
}

// voices reads the list of that name in pack.yaml.
func (m *mapping) voices() []Voice {
	var out []Voice
	for _, v := range m.maps("voices", "voice", false) {
		voice := Voice{Label: v.text("label", true), Publishers: v.strs("publishers", false), Speakers: v.strs("speakers", false), At: v.at}
		if len(voice.Publishers)+len(voice.Speakers) == 0 {
			v.missing("publishers")
		}
		v.done()
		out = append(out, voice)
	}
	return out
}

// Publishes reports for whom a source speaks, the zero text when for nobody.
func (p *Pack) Publishes(s *Source) Text {
	for i := range p.Voices {
		if beginsWithOne(s.Publisher, p.Voices[i].Publishers) {
			return p.Voices[i].Label
		}
	}
	return Text{}
}

// Speaks reports for whom the one speaks who makes a claim, as Publishes does.
func (p *Pack) Speaks(c Claim) Text {
	for i := range p.Voices {
		if beginsWithOne(c.By.EN, p.Voices[i].Speakers) {
			return p.Voices[i].Label
		}
	}
	return Text{}
}

// beginsWithOne reports whether a name begins with one of the others.
func beginsWithOne(name string, others []string) bool {
	for _, o := range others {
		if rest, ok := strings.CutPrefix(name, o); ok {
			if r, _ := utf8.DecodeRuneInString(rest); rest == "" || !letterOrDigit(r) {
				return true
			}
		}
	}
	return false
}

// voiced asks whose state media a source is, and checks what it repeats.
func (c *checker) voiced(s *Source) {
	if s.Kind == StateMedia && c.p.Name != "" && c.p.Publishes(s) == (Text{}) {
		c.warn(c.at(s.At, "publisher"), "Add the publisher to voices in pack.yaml, with the state in the label.", "readers are not told whose state media %q is", s.Publisher)
	}
	if s.Repeats == "" {
		return
	}
	c.known(s.At, []string{"repeats"}, KindSource, []string{s.Repeats})
	if o := c.x.Source(s.Repeats); o != nil && o.Repeats != "" { // itself included
		c.err(c.at(s.At, "repeats"), "Name the source that reported it first.", "the source %q repeats one itself", s.Repeats)
	}
}
