package commands

import "griot/briefings"

// Reply is an answer in plain data. Adapters lay it out in their platform's
// markup, split it at block borders, and never drop a part of it.
type Reply struct {
	Command string // name of the command that answered, for machine-readable output
	Lang    briefings.Lang
	Title   string
	AsOf    briefings.Date // zero when age says nothing, as for /help
	Blocks  []Block
	Sources []Source       // what the citations in Blocks point to, numbered from 1
	Items   []briefings.ID // items shown, best first
	// Hashes are those of the revisions shown of Items, in their order; "" where
	// none is kept. They are set when the answer is whole.
	Hashes  []string
	Buttons []Button
	Choices *Choices // a select, or nil
	// Prompt asks for words; nil for none. The blocks say so too, for where it
	// cannot be shown.
	Prompt *Prompt
	Files  []File
	// Private asks that only the asker sees the answer, where the platform can.
	Private bool
	// Refused says that what was asked for was not done; the words say why.
	Refused bool
	// Stays asks that a press leaves the message as it is and is answered beside
	// it: what was sent as news is read again.
	Stays bool
	// Quiet asks that nobody is notified of a new message.
	Quiet bool
	// Band and Verdict are set by the commands that judge; see the design's machine-readable outputs.
	Band, Verdict string
}

// BlockKind is the kind of a block.
type BlockKind string

// The kinds of blocks.
const (
	Heading   BlockKind = "heading"   // Spans
	Paragraph BlockKind = "paragraph" // Spans
	List      BlockKind = "list"      // Entries, each a bullet
	Fact      BlockKind = "fact"      // Label (a date, a name), Spans, and Entries beneath, each a bullet
	Quote     BlockKind = "quote"     // Spans
	Picture   BlockKind = "picture"   // File, with its Alt
	Divider   BlockKind = "divider"
)

// Block is one unit of layout: adapters split long answers only between blocks,
// between a list's entries, and, when one of those alone is too long, between sentences.
type Block struct {
	Kind    BlockKind
	Label   string
	Spans   []Span
	Entries [][]Span
	File    *File
}

// SpanKind is the kind of a run of text.
type SpanKind string

// The kinds of runs.
const (
	Plain    SpanKind = "text"
	Strong   SpanKind = "strong"
	Emphasis SpanKind = "emphasis"
	Code     SpanKind = "code"
	Link     SpanKind = "link"     // Text, URL
	Citation SpanKind = "citation" // Source; shown as [1], its link only in the list of sources
)

// Span is a run of text of one kind. Text is never markup.
type Span struct {
	Kind   SpanKind
	Text   string
	URL    string
	Source int // 1-based place in Reply.Sources
}

// Source is an entry of a reply's list of sources, in words ready to show.
type Source struct {
	ID        briefings.ID
	N         int // its number in this reply, from 1
	Publisher string
	Title     string
	URL       string // empty where it must not be linked
	Date      string // in the reply's language; empty when undated
	Note      string // "unconfirmed", "state media of Mali", "repeats AFP" and the like, in the reply's language; may be empty
}

// Button is a press that asks for another answer in the place of this one.
type Button struct {
	Label string // at most 40 characters
	// Line is the command line the press stands for, as [Request.Line] writes
	// it: "/mali section:background lang:fr". What a press may do is checked
	// as if the presser had typed it, so a forged press gains nothing.
	Line string
	// URL makes the button a link instead.
	URL   string
	Style ButtonStyle
	Row   int // buttons of one row stand side by side, at most 5
}

// ButtonStyle is how much a button stands out.
type ButtonStyle string

// The styles of buttons.
const (
	Secondary ButtonStyle = ""
	Primary   ButtonStyle = "primary"
	Success   ButtonStyle = "success"
	Danger    ButtonStyle = "danger"
)

// Choices is a select: one of its entries may be picked, which asks for the
// answer of its line like a button.
type Choices struct {
	Placeholder string
	Options     []LineChoice // at most 25
}

// LineChoice is an entry of a select.
type LineChoice struct {
	Label    string // at most 80 characters
	Line     string
	Selected bool
}

// Prompt asks for words: what is written next becomes an option of a line, which
// is answered then, as if it had been typed.
type Prompt struct {
	Title, Label string // at most 45 characters
	Hint         string // what such words look like, at most 64 characters
	Line         string // as [Request.Line] writes it
	Option       string // canonical name
	Most         int    // characters
}

// File is an attachment.
type File struct {
	Name string
	Type string // MIME type
	Data []byte
	Alt  string // what a picture shows, in words
}
