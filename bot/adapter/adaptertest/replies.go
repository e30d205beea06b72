package adaptertest

import (
	"fmt"
	"strings"

	"griot/briefings"
	"griot/commands"
)

// Named is a reply to render.
type Named struct {
	Name  string
	Reply commands.Reply
	// Refusable says that a platform may refuse it with ErrPayload.
	Refusable bool
}

// Replies are answers of every shape: ordinary, huge and hostile ones. Each
// call makes them anew, so tests may change them.
func Replies() []Named {
	return []Named{
		{Name: "a briefing", Reply: briefing()},
		{Name: "one line", Reply: commands.Reply{Command: "help", Lang: briefings.EN, Blocks: []commands.Block{para("Which country? For example: /timeline topic:lake")}}},
		{Name: "title alone", Reply: commands.Reply{Lang: briefings.FR, Title: "Rien à signaler"}, Refusable: true},
		{Name: "nothing", Reply: commands.Reply{}, Refusable: true},
		{Name: "a private answer", Reply: commands.Reply{Lang: briefings.EN, Title: "Settings", Private: true, Blocks: []commands.Block{para("Language: English.")}}},
		{Name: "every kind of block", Reply: blocks()},
		{Name: "a hundred blocks", Reply: hundred()},
		{Name: "a long paragraph", Reply: commands.Reply{Lang: briefings.EN, Title: "Long", Blocks: []commands.Block{para(sentences(10_000))}}},
		{Name: "a paragraph without a space", Reply: commands.Reply{Lang: briefings.EN, Title: "Unbroken", Blocks: []commands.Block{para(strings.Repeat("griot", 2_000))}}},
		{Name: "a paragraph of wide characters", Reply: commands.Reply{Lang: briefings.EN, Title: "Wide", Blocks: []commands.Block{para(strings.Repeat("𝒢𝓇𝒾ℴ𝓉 🥁 ", 1_000))}}},
		{Name: "a list of long entries", Reply: commands.Reply{Lang: briefings.EN, Title: "Entries", Blocks: []commands.Block{entries(30, 900)}}},
		{Name: "fifty sources", Reply: sources(50)},
		{Name: "a hundred citations in a paragraph", Reply: citations(100)},
		{Name: "thirty buttons", Reply: buttons(30), Refusable: true},
		{Name: "ten buttons and a select", Reply: choices()},
		{Name: "long button lines", Reply: longLines()},
		{Name: "files", Reply: files()},
		{Name: "hostile text", Reply: hostile()},
		{Name: "an address too long", Reply: commands.Reply{Lang: briefings.EN, Title: "Far", Blocks: []commands.Block{para("See below.")}, Buttons: []commands.Button{{Label: "Open", URL: "https://example.org/" + strings.Repeat("a", 3_000)}}}, Refusable: true},
	}
}

func text(s string) commands.Span { return commands.Span{Kind: commands.Plain, Text: s} }

func cite(n int) commands.Span { return commands.Span{Kind: commands.Citation, Source: n} }

func para(s string) commands.Block {
	return commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{text(s)}}
}

func head(s string) commands.Block {
	return commands.Block{Kind: commands.Heading, Spans: []commands.Span{text(s)}}
}

func source(n int) commands.Source {
	return commands.Source{
		ID: briefings.ID(fmt.Sprintf("source:gazette-%d", n)), N: n, Publisher: "Lake Gazette", Date: "4 May 2026",
		Title: fmt.Sprintf("Ferry number %d returns to the harbour", n), URL: fmt.Sprintf("https://example.org/news/%d?a=b&c=d", n),
	}
}

func briefing() commands.Reply {
	return commands.Reply{
		Command: "lake", Lang: briefings.FR, Title: "Le lac", AsOf: briefings.Date{Year: 2026, Month: 5, Day: 4},
		Blocks: []commands.Block{
			head("Résumé"),
			{Kind: commands.Paragraph, Spans: []commands.Span{text("Le port a rouvert le 4 mai."), cite(1), text(" Les bateliers parlent de « deux semaines »."), cite(2)}},
			head("Situation"),
			{Kind: commands.List, Entries: [][]commands.Span{
				{text("Trois bacs sur cinq naviguent."), cite(1)},
				{text("Le tarif est contesté : "), {Kind: commands.Strong, Text: "500"}, text(" ou "), {Kind: commands.Strong, Text: "750"}, text("."), cite(2), cite(3)},
			}},
		},
		Sources: []commands.Source{source(1), source(2), {ID: "source:radio", N: 3, Publisher: "Radio du Port", Title: "Journal de midi", Note: "non confirmé"}},
		Items:   []briefings.ID{"topic:lake#summary", "topic:lake#situation"},
		Buttons: []commands.Button{
			{Label: "Contexte", Line: "/lake section:background lang:fr", Style: commands.Primary},
			{Label: "Chronologie", Line: "/timeline topic:lake lang:fr"},
			{Label: "English", Line: "/lake lang:en", Row: 1},
		},
	}
}

func blocks() commands.Reply {
	return commands.Reply{
		Lang: briefings.EN, Title: "Every kind",
		Blocks: []commands.Block{
			head("A heading"),
			{Kind: commands.Paragraph, Spans: []commands.Span{
				text("Plain, "),
				{Kind: commands.Strong, Text: "strong"},
				text(", "),
				{Kind: commands.Emphasis, Text: "emphasis"},
				text(", "),
				{Kind: commands.Code, Text: "/lake lang:en"},
				text(" and "),
				{Kind: commands.Link, Text: "a link", URL: "https://example.org/a_b"},
				text("."), cite(1),
			}},
			{Kind: commands.List, Entries: [][]commands.Span{{text("first")}, {text("second"), cite(1)}}},
			{Kind: commands.Fact, Label: "4 May 2026", Spans: []commands.Span{text("The harbour reopens."), cite(1)}, Entries: [][]commands.Span{{text("The mayor: five ferries.")}, {text("The union: three ferries.")}}},
			{Kind: commands.Quote, Spans: []commands.Span{text("We sail when the wind says so."), cite(1)}},
			{Kind: commands.Divider},
			{Kind: commands.Picture, File: &commands.File{Name: "lake.png", Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\n"), Alt: "A lake with two harbours"}},
			para("The end."),
		},
		Sources: []commands.Source{source(1)},
	}
}

func hundred() commands.Reply {
	r := commands.Reply{Lang: briefings.EN, Title: "A hundred blocks"}
	for i := range 50 {
		r.Blocks = append(r.Blocks, head(fmt.Sprintf("Heading %d", i)), para(sentences(300)))
	}
	return r
}

// sentences returns numbered sentences of about n bytes in all.
func sentences(n int) string {
	var s strings.Builder
	for i := 1; s.Len() < n; i++ {
		fmt.Fprintf(&s, "Sentence %d says that the ferry of the northern shore sailed. ", i)
	}
	return strings.TrimSpace(s.String())
}

func entries(n, size int) commands.Block {
	b := commands.Block{Kind: commands.List}
	for range n {
		b.Entries = append(b.Entries, []commands.Span{text(sentences(size))})
	}
	return b
}

func sources(n int) commands.Reply {
	r := commands.Reply{Lang: briefings.EN, Title: "Sources"}
	for i := 1; i <= n; i++ {
		r.Blocks = append(r.Blocks, commands.Block{Kind: commands.Paragraph, Spans: []commands.Span{text(fmt.Sprintf("Fact %d.", i)), cite(i)}})
		r.Sources = append(r.Sources, source(i))
	}
	return r
}

func citations(n int) commands.Reply {
	r := sources(n)
	var spans []commands.Span
	for i := 1; i <= n; i++ {
		spans = append(spans, text(fmt.Sprintf("Fact %d.", i)), cite(i), text(" "))
	}
	r.Blocks = []commands.Block{{Kind: commands.Paragraph, Spans: spans}}
	return r
}

func buttons(n int) commands.Reply {
	r := commands.Reply{Lang: briefings.EN, Title: "Buttons", Blocks: []commands.Block{para("Press one.")}}
	for i := range n {
		r.Buttons = append(r.Buttons, commands.Button{Label: fmt.Sprintf("Button %d", i+1), Line: fmt.Sprintf("/lake section:s%d", i+1), Row: i / 5})
	}
	return r
}

func choices() commands.Reply {
	r := buttons(10)
	r.Choices = &commands.Choices{Placeholder: "Another section"}
	for i := range 25 {
		r.Choices.Options = append(r.Choices.Options, commands.LineChoice{Label: fmt.Sprintf("Choice %d", i+1), Line: fmt.Sprintf("/lake section:c%d", i+1), Selected: i == 3})
	}
	return r
}

// longLines has lines that fit no platform's button data.
func longLines() commands.Reply {
	r := buttons(2)
	for i := range r.Buttons {
		r.Buttons[i].Line = fmt.Sprintf(`/timeline topic:lake actor:"%s" page:%d`, strings.Repeat("union of boatmen ", 12), i)
	}
	return r
}

func files() commands.Reply {
	return commands.Reply{
		Lang: briefings.EN, Title: "Files", Blocks: []commands.Block{para("Two files.")},
		Files: []commands.File{{Name: "timeline.csv", Type: "text/csv", Data: []byte("a,b\n1,2\n")}, {Name: "timeline.json", Type: "application/json", Data: []byte("[]\n")}},
	}
}

// Hostile are texts that must come out as the plain text they are.
func Hostile() []string {
	return []string{
		"Hello @everyone and @here and <@1234> and <@&99> and <#5> and @griot_bot",
		"**bold** __line__ ~~struck~~ ||spoiler|| `code` ``` fence *one _two",
		"> quote\n# heading\n- item\n1. first\n-# small\n>>> all",
		"[text](https://evil.example/x) <https://evil.example/y> https://evil.example/z",
		"<b>bold</b> <a href=\"tg://user?id=1\">name</a> &lt;i&gt; &amp; <!-- gone -->",
		"</details><script>alert(1)</script> <t:0:R> </lake:1> <:name:1>",
		"سلام عليكم \u202e reversed \u202c \u2066 isolated \u2069 שלום",
		"👨‍👩‍👧‍👦 🇲🇱 👍🏽 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 e\u0301 and n\u0303",
		"bell \a and escape \x1b[31m and nul \x00 and del \x7f and next \u0085 end",
		"bad bytes \xff\xfe between words",
		"line one\r\nline two\u2028line three\u2029line four",
		"\\ backslash \\* and \\\\n and trailing \\",
		"/lake command-like and #hashtag and $cash and key:value \"quotes\" 'single'",
		"e\u0301" + strings.Repeat("\u0301", 200) + " stacked marks",
	}
}

func hostile() commands.Reply {
	r := commands.Reply{Lang: briefings.EN, Title: "@everyone **<b>title</b>** [x](y)"}
	for i, s := range Hostile() {
		r.Blocks = append(r.Blocks, para(s),
			commands.Block{Kind: commands.Fact, Label: "label *" + s, Spans: []commands.Span{{Kind: commands.Strong, Text: s}}, Entries: [][]commands.Span{{{Kind: commands.Emphasis, Text: s}}}},
			commands.Block{Kind: commands.Quote, Spans: []commands.Span{{Kind: commands.Code, Text: s}, cite(1)}})
		if i < 5 {
			r.Buttons = append(r.Buttons, commands.Button{Label: "press @everyone *x* <b>", Line: "/lake section:" + fmt.Sprint(i)})
		}
	}
	src := source(1)
	src.Title, src.Publisher = "@everyone ](https://evil.example) **x**", "<b>Gazette</b> _x_"
	r.Sources = []commands.Source{src}
	return r
}
