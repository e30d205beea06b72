package telegram

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/bot/adapter"
	"griot/commands"
)

// askMark begins the link in which a message that asks for words carries its
// line: a reply to it brings the link back, also after a restart. Nobody but the
// bot makes such messages, and what the line does is checked as if it was typed.
const askMark = "https://t.me/#"

// maxHint is the most a field's hint holds: https://core.telegram.org/bots/api#forcereply
const maxHint = 64

// ask makes a message ask for words.
func (d *draft) ask(p commands.Prompt) {
	d.Keyboard = &keyboard{Force: true, Hint: cutUnits(oneLine(p.Hint), maxHint), Selective: true}
	first, _, _ := strings.Cut(d.Text, "\n")
	link := askMark + base64.RawURLEncoding.EncodeToString([]byte(p.Option+" "+p.Line))
	if len(link) > maxLinks || first == "" {
		return
	}
	d.Entities = append([]entity{{Type: textLink, Length: units(first), URL: link}}, d.Entities...)
}

// cutUnits is as much of a text as a field holds.
func cutUnits(s string, most int) string {
	for units(s) > most {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// asked is the line and the option that a message gives the words for, being a
// reply to one that asked for them.
func (a *Adapter) asked(m *message) (line, option string, ok bool) {
	if m.Reply == nil || strings.HasPrefix(m.Text, "/") || !a.mine(m.Reply) {
		return "", "", false
	}
	i := slices.IndexFunc(m.Reply.Entities, func(e entity) bool { return strings.HasPrefix(e.URL, askMark) })
	if i < 0 {
		return "", "", false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(m.Reply.Entities[i].URL, askMark))
	option, line, ok = strings.Cut(string(raw), " ")
	return line, option, err == nil && ok && utf8.Valid(raw)
}

// mine reports whether the bot wrote a message, or may have: what is written in a
// channel is the channel's.
func (a *Adapter) mine(m *message) bool {
	if m.From == nil {
		return m.Sender != nil && m.Sender.ID == m.Chat.ID
	}
	me := a.self.Load()
	return me != nil && m.From.ID == me.ID
}

// given is the request that a reply to a message which asked for words makes.
func given(t commands.Table, line, option, text string) (commands.Request, error) {
	line, _ = adapter.Pressed(line)
	r, err := commands.ParseLine(t, line)
	if err == nil {
		r.Options[option] = text
	}
	return r, err
}
