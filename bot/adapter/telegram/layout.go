package telegram

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"

	"griot/bot/adapter"
	"griot/commands"
)

// foldFrom is how many sources fold away; Telegram shows three lines of a folded quote.
const foldFrom = 4

// layout turns an answer's words into pieces.
func layout(r commands.Reply) ([]piece, error) {
	l := layouter{}
	l.head(r)
	for _, b := range r.Blocks {
		l.block(b)
	}
	l.sources(r)
	return l.pieces, l.err
}

type layouter struct {
	pieces []piece
	err    error
	tight  bool // the next piece stands right under the last
}

// put adds a piece, if there is anything to see of it.
func (l *layouter) put(r rich, gap int, keep bool, frame string) {
	if !visible(r.text) {
		return
	}
	p := newPiece(r, gap)
	p.keep, p.frame = keep, frame
	l.pieces = append(l.pieces, p)
}

func (l *layouter) head(r commands.Reply) {
	var title, age rich
	title.add(r.Title, "", bold)
	l.put(title, 0, true, "")
	age.add(r.AsOfLine(), "", italic)
	l.put(age, 1, true, "")
}

func (l *layouter) block(b commands.Block) {
	gap := 2
	if l.tight {
		gap = 1
	}
	l.tight = false
	switch b.Kind {
	case commands.Heading:
		l.put(l.spans(rich{}, b.Spans, bold), 2, true, "")
		l.tight = true
	case commands.Quote:
		l.put(l.spans(rich{}, b.Spans, ""), gap, false, blockquote)
	case commands.Divider:
		l.put(rich{text: "———"}, 2, false, "")
	case commands.Picture: // its file is sent with its words
		l.tight = gap == 1
	case commands.Fact:
		var r rich
		r.add(b.Label, "", bold)
		if b.Label != "" && len(b.Spans) > 0 {
			r.add(" — ", "", bold)
		}
		l.put(l.spans(r, b.Spans, ""), gap, len(b.Entries) > 0, "")
		l.entries(b.Entries, 1)
	default:
		l.put(l.spans(rich{}, b.Spans, ""), gap, b.Kind == commands.Paragraph && len(b.Entries) > 0, "")
		if len(b.Spans) > 0 {
			gap = 1
		}
		l.entries(b.Entries, gap)
	}
}

func (l *layouter) entries(entries [][]commands.Span, gap int) {
	for _, e := range entries {
		body := l.spans(rich{}, e, "")
		if !visible(body.text) {
			continue
		}
		l.put(l.spans(rich{text: "• "}, e, ""), gap, false, "")
		gap = 1
	}
}

// bare matches a command without options. It is left as plain text: Telegram
// makes it one to press.
var bareCommand = regexp.MustCompile(`^/[a-z0-9_]{1,32}$`)

// spans appends runs of text; all of them are marked with base, but code cannot be.
func (l *layouter) spans(r rich, spans []commands.Span, base string) rich {
	for _, s := range spans {
		switch s.Kind {
		case commands.Strong:
			r.add(s.Text, "", bold)
		case commands.Emphasis:
			if base == "" {
				r.add(s.Text, "", italic)
			} else {
				r.add(s.Text, "", base)
			}
		case commands.Code:
			if bareCommand.MatchString(s.Text) {
				r.add(s.Text, "", base)
			} else {
				r.add(s.Text, "", code)
			}
		case commands.Link:
			if !l.linkable(s.URL) {
				r.add(s.Text, "", base)
				continue
			}
			r.add(s.Text, s.URL, base, textLink)
		case commands.Citation:
			r.add("["+strconv.Itoa(s.Source)+"]", "", base)
		default:
			r.add(s.Text, "", base)
		}
	}
	return r
}

// maxURL is the longest address; Telegram refuses longer ones in buttons.
const maxURL = 2048

// linkable reports whether an address can be linked; one that cannot is a fault
// of the content, which must not vanish silently.
func (l *layouter) linkable(address string) bool {
	if address == "" {
		return false
	}
	if err := checkURL(address); err != nil {
		l.err = err
		return false
	}
	return true
}

func checkURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(address) > maxURL || address != clean(address) {
		return fmt.Errorf("%w: %.80q is no address Telegram links to", adapter.ErrPayload, address)
	}
	return nil
}

// sources is the list of sources: a link on the title, folded when it is long.
func (l *layouter) sources(r commands.Reply) {
	if len(r.Sources) == 0 {
		return
	}
	frame := blockquote
	if len(r.Sources) >= foldFrom {
		frame = folded
	}
	var head rich
	head.add(commands.Words(r.Lang).Sources, "", bold)
	l.put(head, 2, true, "")
	for _, s := range r.Sources {
		var line rich
		line.add("["+strconv.Itoa(s.N)+"] ", "")
		name := oneLine(s.Label())
		if l.linkable(s.URL) {
			line.add(name, s.URL, textLink)
		} else {
			line.add(name, "")
		}
		l.put(line, 1, false, frame)
	}
}
