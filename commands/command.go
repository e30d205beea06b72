package commands

import (
	"context"
	"slices"
	"strings"

	"griot/briefings"
)

// Command is a row of the table: everything adapters need to offer it, and the
// function that answers. A command with subcommands has no Run of its own.
type Command struct {
	// Name is canonical: [a-z0-9_]{1,32}, valid on every platform.
	Name string
	// Names is the name in each language, lower case, at most 32 characters;
	// equal to Name where it is not translated. Input takes any of them.
	Names   briefings.Text
	Summary briefings.Text // at most 100 characters
	// Example is a line worth trying, as /help shows it; may be empty.
	Example briefings.Text
	Options []Option // the first one is what free words are taken as
	Subs    []Command
	// Private says that answers are for the asker alone where the platform can;
	// each reply says it again, as one about a whole place may stay there.
	Private bool
	// Admin says that in a shared place only its administrators may use it.
	Admin bool
	// Hidden marks what only buttons ask for: understood when typed, but in no
	// list, menu or suggestion.
	Hidden bool
	// Message is what the command is called where a platform offers it for a
	// message that somebody points at, whose text is then its first option; empty
	// for a command that takes none.
	Message briefings.Text
	// Topic is the slug of the topic a generated command shows, or empty.
	Topic string
	// Also is what else a topic's command goes by when typed, folded: its slug,
	// names and aliases, some of several words.
	Also []string
	Run  func(ctx context.Context, r Request) (Reply, error)
}

// Option is something a command takes.
type Option struct {
	Name     string // canonical, as in "topic:mali"
	Names    briefings.Text
	Summary  briefings.Text // at most 100 characters
	Required bool
	// Hidden marks state that buttons carry, such as a page or a confirmation:
	// understood when typed, but not offered.
	Hidden bool
	// Choices are the only values there are, at most 25; none means free text.
	Choices []Choice
	// Complete suggests values for what was typed so far, at most 25; nil for none.
	Complete func(r Request, typed string) []Choice
	// Takes reports whether several words are one value, so that they need no
	// quotes: from:last month. Choices need none.
	Takes func(words string) bool
	// Prose says that any words are a value, even some that look like an option.
	Prose bool
}

// Choice is a value of an option with its label in each language.
type Choice struct {
	Value string // at most 100 characters
	Label briefings.Text
}

// Table is the list of commands, in the order /help shows them.
type Table []Command

// Offered is the table without what is hidden.
func (t Table) Offered() Table {
	return slices.DeleteFunc(slices.Clone(t), func(c Command) bool { return c.Hidden })
}

// Find returns the command that goes by name in any language, or nil.
func (t Table) Find(name string) *Command {
	for i := range t {
		if t[i].goesBy(name) {
			return &t[i]
		}
	}
	return nil
}

// Sub returns the subcommand that goes by name in any language, or nil.
func (c *Command) Sub(name string) *Command { return Table(c.Subs).Find(name) }

// Option returns the option that goes by name in any language, or nil.
func (c *Command) Option(name string) *Option {
	for i := range c.Options {
		o := &c.Options[i]
		if name == o.Name || name == o.Names.EN || name == o.Names.FR {
			return o
		}
	}
	return nil
}

// known returns the command that a line begins with and the rest of the line:
// by the command's own name, or by the longest other name of a topic.
func (t Table) known(line string) (*Command, string) {
	first, rest := cutWord(line)
	cmd := t.Find(strings.ToLower(first))
	if cmd != nil && cmd.Topic == "" {
		return cmd, rest
	}
	var words strings.Builder
	for tail, n := line, 0; n < mostNameWords; n++ {
		var word string
		if word, tail = cutWord(tail); word == "" || strings.ContainsAny(word, ":\"“«") {
			break
		}
		words.WriteString(" " + word)
		folded := briefings.Fold(words.String())
		for i := range t {
			if folded != "" && slices.Contains(t[i].Also, folded) {
				cmd, rest = &t[i], tail
			}
		}
	}
	return cmd, rest
}

// mostNameWords is how many words of a line are tried as a topic's name.
const mostNameWords = 8

// takes reports whether the option's value is these words.
func (o *Option) takes(words string) bool {
	if o.Takes != nil {
		return o.Takes(words)
	}
	_, ok := choose(o.Choices, words)
	return ok
}

func (c *Command) goesBy(name string) bool {
	return name != "" && (name == c.Name || name == c.Names.EN || name == c.Names.FR)
}
