package commands

import (
	"context"

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
	// Topic is the slug of the topic a generated command shows, or empty.
	Topic string
	Run   func(ctx context.Context, r Request) (Reply, error)
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
}

// Choice is a value of an option with its label in each language.
type Choice struct {
	Value string // at most 100 characters
	Label briefings.Text
}

// Table is the list of commands, in the order /help shows them.
type Table []Command

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

func (c *Command) goesBy(name string) bool {
	return name != "" && (name == c.Name || name == c.Names.EN || name == c.Names.FR)
}
