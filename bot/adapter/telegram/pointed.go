package telegram

import (
	"strings"

	"griot/commands"
)

// quote is the part of a message that somebody marked to reply to:
// https://core.telegram.org/bots/api#textquote
type quote struct {
	Text string `json:"text"`
}

// words is what a message says: its text, or what stands beneath its picture.
func (m *message) words() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// forwarded reports whether somebody passed a message on.
func (m *message) forwarded() bool { return len(m.Origin) > 0 || m.Forwarded != 0 }

// handed is the request of the command that takes messages, for one.
func handed(t commands.Table, text string) (commands.Request, bool) {
	for _, c := range t.Offered() {
		if c.Message.EN != "" && len(c.Options) > 0 {
			return commands.Request{Command: c.Name, Options: map[string]string{c.Options[0].Name: text}}, true
		}
	}
	return commands.Request{}, false
}

// pointed gives a command that takes messages, and was given no words, those of
// the message that it replies to, or of the part that was marked.
func (m *message) pointed(t commands.Table, r commands.Request) commands.Request {
	c := t.Find(r.Command)
	if c == nil || c.Message.EN == "" || len(c.Options) == 0 || strings.TrimSpace(r.Options[c.Options[0].Name]) != "" {
		return r
	}
	text := ""
	switch {
	case m.Quote != nil:
		text = m.Quote.Text
	case m.Reply != nil:
		text = m.Reply.words()
	}
	if text == "" {
		return r
	}
	if r.Options == nil {
		r.Options = map[string]string{}
	}
	r.Options[c.Options[0].Name] = text
	return r
}
