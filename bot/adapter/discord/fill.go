package discord

import (
	"fmt"
	"strconv"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

// layouter fills messages with embeds, and embeds with pieces.
type layouter struct {
	asOf  string
	pages []page
	open  bool // the last embed takes more text
	used  int  // units of the open description
	err   error
}

// room is what a message's embeds may hold, without the line that says how old they are.
func (l *layouter) room() int { return maxEmbedText - units(l.asOf) - 16 }

// page returns the page with room for n more units and an embed, a new one if need be.
func (l *layouter) page(n int) *page {
	if len(l.pages) > 0 {
		p := &l.pages[len(l.pages)-1]
		if p.size+n <= l.room() && len(p.Embeds) < maxEmbeds {
			return p
		}
	}
	l.pages = append(l.pages, page{})
	return &l.pages[len(l.pages)-1]
}

// begin opens an embed with room for n units behind its title.
func (l *layouter) begin(title string, n int) {
	p := l.page(units(title) + n)
	p.Embeds = append(p.Embeds, embed{Title: title, Color: colour})
	p.size += units(title)
	l.open, l.used = true, 0
}

// text lays the pieces of the answer out.
func (l *layouter) text(title string, pieces []piece) {
	groups := together(pieces)
	if title != "" {
		first := 0
		if len(groups) > 0 {
			first = weight(groups[0])
		}
		l.begin(title, min(first, maxDescription))
	}
	for _, g := range groups {
		if g[0].pic != nil {
			l.picture(*g[0].pic)
			continue
		}
		l.put(g)
	}
	l.open = false
}

// together groups pieces with those that must follow them.
func together(pieces []piece) [][]piece {
	var out [][]piece
	for i := 0; i < len(pieces); {
		end := i + 1
		for end < len(pieces) && pieces[end-1].keep && pieces[end].pic == nil {
			end++
		}
		out = append(out, pieces[i:end])
		i = end
	}
	return out
}

// weight is the most units that pieces take with the lines between them.
func weight(group []piece) int {
	n := 2 * (len(group) - 1)
	for _, p := range group {
		n += p.size
	}
	return n
}

// put adds pieces that belong together, in a new embed where the open one is full.
func (l *layouter) put(group []piece) {
	need := weight(group)
	if need > maxDescription && len(group) == 1 {
		l.err = fmt.Errorf("%w: %d characters that cannot be split", adapter.ErrPayload, need)
		return
	}
	if need > maxDescription { // too much to keep together
		for i := range group {
			l.put(group[i : i+1])
		}
		return
	}
	if !l.fits(need) {
		l.begin("", need)
	}
	p := &l.pages[len(l.pages)-1]
	e := &p.Embeds[len(p.Embeds)-1]
	for _, g := range group {
		sep := "\n"
		if g.gap {
			sep = "\n\n"
		}
		if e.Description == "" {
			sep = ""
		}
		e.Description += sep + g.text
		l.used += g.size + len(sep)
		p.size += g.size + len(sep)
	}
}

// fits reports whether the open embed takes need more units.
func (l *layouter) fits(need int) bool {
	if !l.open {
		return false
	}
	if l.used > 0 {
		need += 2
	}
	return l.used+need <= maxDescription && l.pages[len(l.pages)-1].size+need <= l.room()
}

// sources lays the list of sources out in embeds of its own, in one message where they fit one.
func (l *layouter) sources(title string, pieces []piece) {
	for i := range l.pages {
		l.pages[i].text = len(l.pages[i].Embeds)
	}
	need := weight(pieces)
	if units(title)+need > l.room() { // they go on in another message anyway
		need = 0
	}
	l.begin(title, need)
	for i := range pieces {
		l.put(pieces[i : i+1])
	}
	l.open = false
}

// picture shows a picture under the text so far, described for those who cannot see it.
func (l *layouter) picture(f commands.File) {
	if len(l.pages) > 0 && len(l.pages[len(l.pages)-1].files) >= maxFiles {
		l.pages = append(l.pages, page{})
		l.open = false
	}
	if !l.open {
		l.begin("", 0)
	}
	p := &l.pages[len(l.pages)-1] // begin may have filled it: ask for no other
	e := &p.Embeds[len(p.Embeds)-1]
	e.Image = &image{URL: "attachment://" + p.add(f)}
	l.open = false
}

// attach adds a file to the last message.
func (l *layouter) attach(f commands.File) {
	if len(l.pages) == 0 || len(l.pages[len(l.pages)-1].files) >= maxFiles {
		l.pages = append(l.pages, page{})
	}
	l.pages[len(l.pages)-1].add(f)
}

// add takes a file in under a name that Discord keeps as it is, and returns the name.
func (p *page) add(f commands.File) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, f.Name)
	if name = strings.TrimLeft(name, "."); name == "" {
		name = "file"
	}
	for _, have := range p.Attachments {
		if have.Filename == name {
			name = strconv.Itoa(len(p.files)) + "-" + name
		}
	}
	p.Attachments = append(p.Attachments, attachment{ID: strconv.Itoa(len(p.files)), Filename: name, Description: clip(oneLine(f.Alt), maxAlt)})
	p.files = append(p.files, f)
	return name
}

// finish writes under the text of every message how old the answer is, and
// which part of it this is.
func (l *layouter) finish() []page {
	for i := range l.pages {
		p := &l.pages[i]
		text := l.asOf
		if n := len(l.pages); n > 1 {
			if text != "" {
				text += " · "
			}
			text += strconv.Itoa(i+1) + "/" + strconv.Itoa(n)
		}
		if text == "" {
			continue
		}
		if len(p.Embeds) == 0 { // files alone
			p.Embeds = append(p.Embeds, embed{Color: colour})
		}
		at := p.text - 1
		if at < 0 {
			at = len(p.Embeds) - 1
		}
		p.Embeds[at].Footer = &footer{Text: text}
	}
	return l.pages
}
