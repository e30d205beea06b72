package adapter

import (
	"slices"
	"strings"

	"griot/commands"
)

// beside marks the data of a button whose answer is a message of its own.
const beside = "+"

// Beside is r with buttons that leave its message as it stands: what they ask
// for is answered in a message of its own. An adapter renders a reply so that
// says so itself, and one that takes several messages: a press would replace
// the last of them, and with it sources of the others.
func Beside(r commands.Reply) commands.Reply {
	r.Buttons = slices.Clone(r.Buttons)
	for i := range r.Buttons {
		if b := &r.Buttons[i]; b.URL == "" && b.Line != "" {
			b.Line = beside + b.Line
		}
	}
	if r.Choices != nil {
		c := *r.Choices
		c.Options = slices.Clone(c.Options)
		for i := range c.Options {
			c.Options[i].Line = beside + c.Options[i].Line
		}
		r.Choices = &c
	}
	return r
}

// Pressed is the command line a button's data stands for, and whether its
// answer goes into the place of the message, or beside it.
func Pressed(data string) (line string, inPlace bool) {
	line, marked := strings.CutPrefix(data, beside)
	return line, !marked
}
