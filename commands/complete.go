package commands

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"griot/briefings"
)

// mostChoices is the most values a platform shows for an option: Discord takes
// 25, https://docs.discord.com/developers/interactions/application-commands
const mostChoices = 25

// Complete suggests up to 25 values for an option half typed.
func (c *Core) Complete(ctx context.Context, r Request, option, typed string) (out []Choice) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("completion panicked", "command", r.Command)
			out = nil
		}
	}()
	cmd := c.Table().Find(r.Command)
	if cmd != nil && r.Sub != "" {
		cmd = cmd.Sub(r.Sub)
	}
	if cmd == nil {
		return nil
	}
	o := cmd.Option(option)
	if o == nil {
		return nil
	}
	if r.Now.IsZero() {
		r.Now = c.now()
	}
	typed = cut(strings.TrimSpace(typed), 100)
	switch {
	case o.Complete != nil:
		out = o.Complete(r, typed)
	case cmd.Run != nil && o.Name == digestID:
		out = c.completeDigest(ctx, r, typed)
	case cmd.Name == "unpin" && o.Name == "topic":
		out = c.completePinned(ctx, r, typed)
	default:
		out = matching(o.Choices, typed)
	}
	out = slices.DeleteFunc(out, func(ch Choice) bool { return ch.Value == "" || utf8.RuneCountInString(ch.Value) > 100 })
	return out[:min(len(out), mostChoices)]
}

// matching keeps the choices that begin with or hold what was typed, those that begin with it first.
func matching(choices []Choice, typed string) []Choice {
	want := briefings.Fold(typed)
	var begin, hold []Choice
	for _, ch := range choices {
		names := briefings.Fold(ch.Value) + "\x00" + briefings.Fold(ch.Label.EN) + "\x00" + briefings.Fold(ch.Label.FR)
		switch {
		case strings.HasPrefix(names, want) || strings.Contains(names, "\x00"+want):
			begin = append(begin, ch)
		case strings.Contains(names, want):
			hold = append(hold, ch)
		}
	}
	return append(begin, hold...)
}

// completeTopic suggests published topics.
func (c *Core) completeTopic(_ Request, typed string) []Choice {
	v := c.view()
	var all []Choice
	for _, t := range v.topics {
		all = append(all, Choice{t.Slug, t.Name})
	}
	out := matching(all, typed)
	if len(out) == 0 {
		for _, m := range v.x.Near(typed, mostChoices, briefings.KindTopic) {
			if v.topic(m.ID.Slug()) != nil {
				out = append(out, Choice{m.ID.Slug(), m.Name})
			}
		}
	}
	return out
}

// completeNames suggests items of the given kinds.
func (c *Core) completeNames(kinds ...briefings.Kind) func(Request, string) []Choice {
	return func(_ Request, typed string) []Choice {
		var out []Choice
		for _, m := range c.view().x.Near(typed, mostChoices, kinds...) {
			out = append(out, Choice{m.ID.Slug(), m.Name})
		}
		return out
	}
}

// completeCountry suggests the pack's countries, by the ISO code.
func (c *Core) completeCountry(_ Request, typed string) []Choice {
	var all []Choice
	for _, k := range c.view().x.Pack().Countries {
		all = append(all, Choice{k.Code, k.Name})
	}
	return matching(all, typed)
}
