package terminal

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"griot/bot/adapter"
	"griot/briefings"
	"griot/commands"
)

// chat is one person's conversation: what they may press next.
type chat struct {
	a       *Adapter
	core    adapter.Core
	choices []choice
	prompt  *commands.Prompt // what the next words are for
}

// say answers one line. Blank lines get no answer.
func (c *chat) say(ctx context.Context, typed string) error {
	text := strings.TrimSpace(clean(typed))
	if text == "" {
		return nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(c.choices) {
		if u := c.choices[n-1].URL; u != "" {
			return c.a.print(page{Lines: []line{{Runs: []run{{Text: u}}}}})
		}
		text = c.choices[n-1].Line
	}
	reply := c.answer(ctx, text)
	c.prompt = reply.Prompt
	p := layout(reply)
	c.choices = p.Choices
	return c.a.print(p)
}

func (c *chat) answer(ctx context.Context, line string) commands.Reply {
	r, err := parse(c.core.Table(), line)
	if p := c.prompt; p != nil && !strings.HasPrefix(line, "/") {
		if r, err = commands.ParseLine(c.core.Table(), p.Line); err == nil {
			r.Options[p.Option] = line
		}
	}
	r.Place, r.User, r.Now = Here, Here.Chat, c.a.o.Now()
	r = c.core.Settle(ctx, r, c.a.o.Locale)
	if err != nil {
		return commands.Refusal(c.core.Table(), language(r), err)
	}
	return c.core.Answer(ctx, r)
}

// parse reads a command line. Words that name no command are a question.
func parse(t commands.Table, line string) (commands.Request, error) {
	r, err := commands.ParseLine(t, line)
	if err == nil || strings.HasPrefix(line, "/") || !errors.Is(err, commands.ErrNoCommand) {
		return r, err
	}
	for _, name := range []string{"ask", "search"} {
		if c := t.Find(name); c != nil && len(c.Options) > 0 {
			return commands.Request{Command: c.Name, Options: map[string]string{c.Options[0].Name: line}}, nil
		}
	}
	return r, err
}

func language(r commands.Request) briefings.Lang {
	if r.Lang == "" {
		return briefings.EN
	}
	return r.Lang
}
