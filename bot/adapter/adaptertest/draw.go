package adaptertest

import (
	"unicode"

	"pgregory.net/rapid"

	"griot/briefings"
	"griot/commands"
)

// reply draws replies of any shape whose texts are any texts.
func reply() *rapid.Generator[commands.Reply] {
	return rapid.Custom(func(t *rapid.T) commands.Reply {
		return commands.Reply{
			Lang:    rapid.SampledFrom(briefings.Langs[:]).Draw(t, "lang"),
			Title:   anyText().Draw(t, "title"),
			Blocks:  rapid.SliceOfN(block(), 1, 12).Draw(t, "blocks"),
			Sources: []commands.Source{source(1), source(2)},
			Buttons: rapid.SliceOfN(button(), 0, 6).Draw(t, "buttons"),
			Private: rapid.Bool().Draw(t, "private"),
		}
	})
}

func block() *rapid.Generator[commands.Block] {
	kinds := []commands.BlockKind{commands.Heading, commands.Paragraph, commands.List, commands.Fact, commands.Quote, commands.Divider}
	return rapid.Custom(func(t *rapid.T) commands.Block {
		b := commands.Block{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		switch b.Kind {
		case commands.Divider:
		case commands.List:
			b.Entries = rapid.SliceOfN(spans(), 1, 6).Draw(t, "entries")
		case commands.Fact:
			b.Label = anyText().Draw(t, "label")
			b.Spans = spans().Draw(t, "spans")
			b.Entries = rapid.SliceOfN(spans(), 0, 3).Draw(t, "entries")
		default:
			b.Spans = spans().Draw(t, "spans")
		}
		return b
	})
}

func spans() *rapid.Generator[[]commands.Span] {
	kinds := []commands.SpanKind{commands.Plain, commands.Strong, commands.Emphasis, commands.Code, commands.Link, commands.Citation}
	one := rapid.Custom(func(t *rapid.T) commands.Span {
		s := commands.Span{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		switch s.Kind {
		case commands.Citation:
			s.Source = rapid.IntRange(1, 2).Draw(t, "source")
			return s
		case commands.Link:
			s.URL = "https://example.org/link"
		}
		// The space ends the word: the next span may begin with markup.
		s.Text = rapid.OneOf(anyText(), rapid.SampledFrom(Hostile())).Draw(t, "text") + " "
		return s
	})
	return rapid.SliceOfN(one, 1, 5)
}

func button() *rapid.Generator[commands.Button] {
	return rapid.Custom(func(t *rapid.T) commands.Button {
		return commands.Button{
			Label: rapid.StringMatching(`[A-Za-zÀ-ÿ «»*_@<>&]{0,30}[A-Za-z]`).Draw(t, "label"),
			Line:  "/lake section:" + rapid.StringMatching(`[a-z]{1,120}`).Draw(t, "line"),
			Row:   rapid.IntRange(0, 2).Draw(t, "row"),
		}
	})
}

// anyText draws texts without invisible characters, which adapters may strip
// or turn into spaces; [Hostile] has those, at the borders of words.
func anyText() *rapid.Generator[string] {
	visible := rapid.Rune().Filter(func(r rune) bool {
		return !unicode.Is(unicode.Cc, r) && !unicode.Is(unicode.Cf, r)
	})
	return rapid.StringOfN(visible, 1, 60, -1)
}
