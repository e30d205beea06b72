package briefings

import (
	"math"
	"slices"
	"strings"
)

// numbers holds that a contested toll, strength or sum stands in claims, each
// with who gave it. Any other above ten is worth a warning, once for both
// languages, unless its sentence attributes it, every claim bears it out, or it
// is no exact one: readers should know whose it is.
func (c *checker) numbers(e *Event) {
	said := e.claimed()
	for _, field := range [...]struct {
		key  string
		text Text
	}{{"title", e.Title}, {"fact", e.Fact}} {
		told := map[figureClass]Lang{}
		for _, lang := range Langs {
			for _, f := range figures(field.text.In(lang), e.Date, lang) {
				at := c.at(e.At, field.key, string(lang))
				if f.contested(said[f.class]) {
					c.err(at, "Move the number into a claim that says who gave it, and write dozens, or a deadly attack.", "the %s %q is contested: the claims give other numbers", f.class, f.text)
				} else if first, twice := told[f.class]; f.value > uncounted && !f.owned(said[f.class]) && (!twice || first == lang) {
					told[f.class] = lang
					c.warn(at, "Say who gave the number in a claim, or leave it where nobody disputes it.", "the %s %q stands outside a claim", f.class, f.text)
				}
			}
		}
	}
}

// claimed returns, by class, the figures of each claim that has any.
func (e *Event) claimed() map[figureClass][][]figure {
	said := map[figureClass][][]figure{}
	for _, claim := range e.Claims {
		byClass := map[figureClass][]figure{}
		for _, f := range figures(claim.Says.EN, e.Date, EN) {
			byClass[f.class] = append(byClass[f.class], f)
		}
		for class, list := range byClass {
			said[class] = append(said[class], list)
		}
	}
	return said
}

// proseNumbers holds the same of prose that points to an event.
func (c *checker) proseNumbers(b Block, lang Lang) {
	var text strings.Builder
	var events []*Event
	for _, sp := range b.Spans {
		text.WriteString(sp.Text)
		if sp.Kind == SpanRef && sp.Ref.Kind() == KindEvent {
			if e := c.x.Event(sp.Ref.Slug()); e != nil {
				events = append(events, e)
			}
		}
	}
	if len(events) != 1 || attributes(strings.Fields(Fold(text.String())), lang) {
		return // of several events it is not clear whose number it is
	}
	e := events[0]
	said := e.claimed()
	for _, f := range figures(text.String(), e.Date, lang) {
		if f.contested(said[f.class]) {
			c.err(b.At, "Say who gave the number, or leave it to the claims of the event.", "the %s %q is contested: the claims of %s give other numbers", f.class, f.text, e.ID())
		}
	}
}

// owned reports whether readers see whose number it is: its sentence says so,
// or every claim bears it out. Dozens are nobody's.
func (f figure) owned(claims [][]figure) bool {
	if f.attributed || f.vague {
		return true
	}
	return len(claims) > 0 && !slices.ContainsFunc(claims, func(claim []figure) bool { return !slices.ContainsFunc(claim, f.fits) })
}

// contested reports whether the claims dispute the number: they give different
// ones, of which one contradicts it, and the text does not say whose it is.
func (f figure) contested(claims [][]figure) bool {
	if f.attributed || f.elsewhen || f.vague || f.value == 0 || len(claims) < 2 {
		return false
	}
	differ := false
	contradicted := false
	for _, claim := range claims {
		differ = differ || highest(claim) != highest(claims[0])
		contradicted = contradicted || !slices.ContainsFunc(claim, f.fits)
	}
	return differ && contradicted
}

// fits reports whether the number and one out of a claim can both be right.
func (f figure) fits(claimed figure) bool {
	switch {
	case claimed.value == 0:
		return claimed.vague
	case f.least:
		return claimed.value >= f.value
	case f.about || claimed.about:
		return math.Abs(claimed.value-f.value) <= 0.1*f.value
	case claimed.least:
		return f.value >= claimed.value
	}
	return f.value == claimed.value
}

func highest(figures []figure) float64 {
	most := 0.0
	for _, f := range figures {
		most = max(most, f.value)
	}
	return most
}
