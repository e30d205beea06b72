package briefings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// topic checks one briefing.
func (c *checker) topic(t *Topic) {
	c.future(c.at(t.At, "as_of"), "as_of", t.AsOf)
	c.known(t.At, []string{"related"}, KindTopic, t.Related)
	c.corrections(t.At, t.Corrections)
	for i, slug := range t.Related {
		at := c.at(t.At, "related", itoa(i))
		if slug == t.Slug {
			c.err(at, "Delete it.", "the topic is related to itself")
		}
		c.unpublished(at, t.ID(), MakeID(KindTopic, slug))
	}
	if t.Status == Published {
		c.complete(t)
	}
	for _, lang := range Langs {
		for _, s := range t.Sections[lang] {
			for _, b := range s.Blocks {
				c.block(t, b)
				c.proseNumbers(b, lang)
			}
		}
	}
	if len(t.Sections[EN]) > 0 && len(t.Sections[FR]) > 0 {
		c.sameInBoth(t)
	}
}

// unpublished refuses that what readers see points to what they do not.
func (c *checker) unpublished(at Pos, from, to ID) {
	if is := c.status(to); c.status(from) == Published && is != Published {
		c.err(at, fmt.Sprintf("Publish that %s first, or remove the link.", to.Kind()),
			"the published %s %q points to the %s %q, which is %s", from.Kind(), from.Slug(), to.Kind(), to.Slug(), is)
	}
}

// status returns the status of an item; what has none, or is not there, is published.
func (c *checker) status(id ID) Status {
	status := Published
	switch slug := id.Slug(); id.Kind() {
	case KindTopic:
		if t := c.x.Topic(slug); t != nil {
			status = t.Status
		}
	case KindEvent:
		if e := c.x.Event(slug); e != nil {
			status = e.Status
		}
	case KindActor:
		if a := c.x.Actor(slug); a != nil {
			status = a.Status
		}
	case KindTerm:
		if t := c.x.Term(slug); t != nil {
			status = t.Status
		}
	}
	return cmp.Or(status, Published)
}

// complete checks what a published topic must have.
func (c *checker) complete(t *Topic) {
	for _, lang := range Langs {
		if len(t.Sections[lang]) == 0 {
			continue // told by the loader
		}
		first := t.Sections[lang][0].Blocks
		at := t.At
		if len(first) > 0 {
			at = Pos{File: first[0].At.File, Line: 1, Col: 1}
		}
		cited := map[string]bool{}
		for _, k := range [...]SectionKind{Summary, Situation} {
			s := t.Section(lang, k)
			if s == nil {
				c.err(at, fmt.Sprintf("Write \"## %s\".", k), "the published topic %q has no section %q", t.Slug, k)
				continue
			}
			for _, b := range s.Blocks {
				for _, sp := range b.Spans {
					for _, id := range sp.Cites {
						cited[id] = true
					}
				}
			}
		}
		if len(cited) < 3 {
			c.warn(at, "Cite further sources.", "summary and situation of %q rest on fewer than three sources", t.Slug)
		}
	}
}

func (c *checker) block(t *Topic, b Block) {
	size := 0
	for i, sp := range b.Spans {
		size += units(sp.Text)
		switch sp.Kind {
		case SpanCite:
			for j, id := range sp.Cites {
				if c.x.Source(id) == nil {
					c.unknown(c.span(b.At, i), KindSource, id)
				}
				if slices.Contains(sp.Cites[:j], id) {
					c.err(c.span(b.At, i), "Name it once.", "the source %q is cited twice in one place", id)
				}
			}
		case SpanRef:
			c.ref(t, c.span(b.At, i), sp.Ref)
		}
	}
	if size > maxBlock {
		c.err(b.At, "Break it up.", "the text has %d characters; what fits every platform is %d", size, maxBlock)
	}
}

func (c *checker) ref(t *Topic, at Pos, id ID) {
	if !c.exists(id.Kind(), id.Slug()) {
		c.unknown(at, id.Kind(), id.Slug())
		return
	}
	c.unpublished(at, t.ID(), id)
	if id.Kind() != KindTopic {
		return
	}
	if part := id.Part(); part != "" && c.x.Topic(id.Slug()).Section(EN, SectionKind(part)) == nil {
		c.err(at, "Link one of its sections, or the topic.", "the topic %q has no section %q", id.Slug(), part)
	}
}

// sameInBoth checks that the languages say the same: the same sections with as
// many paragraphs and bullets, each resting on the same sources.
func (c *checker) sameInBoth(t *Topic) {
	start := func(lang Lang) Pos {
		for _, s := range t.Sections[lang] {
			if len(s.Blocks) > 0 {
				return Pos{File: s.Blocks[0].At.File, Line: 1, Col: 1}
			}
		}
		return t.At
	}
	for _, pair := range [...][2]Lang{{EN, FR}, {FR, EN}} {
		for _, s := range t.Sections[pair[0]] {
			if t.Section(pair[1], s.Kind) == nil {
				c.err(start(pair[1]), fmt.Sprintf("Write \"## %s\", or delete the other.", s.Kind), "the section %q is only there in %q", s.Kind, pair[0])
			}
		}
	}
	for _, en := range t.Sections[EN] {
		fr := t.Section(FR, en.Kind)
		if fr == nil || len(fr.Blocks) == 0 || len(en.Blocks) == 0 {
			continue
		}
		if len(en.Blocks) != len(fr.Blocks) {
			c.err(fr.Blocks[0].At, "Write the same paragraphs and bullets in both languages.",
				"the section %q has %d paragraphs and bullets in \"en\" but %d in \"fr\"", en.Kind, len(en.Blocks), len(fr.Blocks))
			continue
		}
		for i, b := range en.Blocks {
			c.sameBlock(b, fr.Blocks[i])
		}
	}
}

func (c *checker) sameBlock(en, fr Block) {
	if en.Bullet != fr.Bullet {
		c.err(fr.At, "Make both a bullet or both a paragraph.", "this is a bullet in one language only (see %s)", en.At)
	}
	a, refsA := pointers(en)
	b, refsB := pointers(fr)
	if a != b {
		c.err(fr.At, "Cite the same sources for the same sentences in both languages.", "the sources differ from %s", en.At)
	}
	if refsA != refsB {
		c.warn(fr.At, "Link the same items in both languages.", "the links differ from %s", en.At)
	}
}

// pointers lists what a block cites, in order, and what it links, sorted: the
// languages may name things in another order, but every sentence keeps its sources.
func pointers(b Block) (cites, refs string) {
	var cited, linked []string
	for _, sp := range b.Spans {
		switch sp.Kind {
		case SpanCite:
			cited = append(cited, strings.Join(slices.Sorted(slices.Values(sp.Cites)), ";"))
		case SpanRef:
			linked = append(linked, string(sp.Ref))
		}
	}
	slices.Sort(linked)
	return strings.Join(cited, "|"), strings.Join(linked, "|")
}
