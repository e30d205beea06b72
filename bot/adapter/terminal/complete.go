package terminal

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"griot/bot/adapter"
	"griot/commands"
)

// complete fills in the word before pos, as its editor's Tab does. Of several
// candidates it fills in what they begin with; when that is nothing new it
// lists them on show.
func (a *Adapter) complete(ctx context.Context, core adapter.Core, show io.Writer, line string, pos int) (newLine string, newPos int) {
	head, tail := line[:pos], line[pos:]
	settled := core.Settle(ctx, commands.Request{Place: Here, User: Here.Chat, Now: a.o.Now()}, a.o.Locale)
	keep, words := candidates(ctx, core, settled, head)
	switch len(words) {
	case 0:
		return line, pos
	case 1:
		done := keep + words[0]
		if !strings.HasSuffix(done, ":") {
			done += " "
		}
		return done + strings.TrimPrefix(tail, " "), len(done)
	}
	done := keep + common(words)
	if len(done) <= len(head) {
		_, _ = fmt.Fprintln(show, strings.Join(words, "  ")) // a list that cannot be shown is no loss
		return line, pos
	}
	return done + tail, len(done)
}

// candidates returns what head may go on as: the part to keep, and the words
// that may stand behind it. Settled holds the language to offer them in.
func candidates(ctx context.Context, core adapter.Core, settled commands.Request, head string) (keep string, words []string) {
	table := core.Table()
	at := lastWord(head)
	keep, word := head[:at], head[at:]
	if strings.TrimSpace(keep) == "" {
		for _, cmd := range table.Offered() {
			words = append(words, "/"+cmd.Names.In(settled.Lang))
		}
		return keep, matching(words, "/"+strings.TrimPrefix(word, "/"))
	}
	r, err := commands.ParseLine(table, keep)
	if err != nil {
		return keep, nil
	}
	cmd := table.Find(r.Command)
	if len(cmd.Subs) > 0 {
		if r.Sub == "" {
			for _, sub := range cmd.Subs {
				words = append(words, sub.Names.In(settled.Lang))
			}
			return keep, matching(words, word)
		}
		cmd = cmd.Sub(r.Sub)
	}
	r.Place, r.User, r.Now, r.Lang, r.Zone = settled.Place, settled.User, settled.Now, settled.Lang, settled.Zone
	return keep, optionWords(ctx, core, cmd, r, word)
}

// optionWords are the keys that may come next, or the values of the key there is.
func optionWords(ctx context.Context, core adapter.Core, cmd *commands.Command, r commands.Request, word string) []string {
	if key, typed, ok := strings.Cut(word, ":"); ok {
		o := cmd.Option(key)
		if o == nil {
			return nil
		}
		return values(ctx, core, o, r, key+":", typed)
	}
	var words []string
	for i := range cmd.Options {
		o := &cmd.Options[i]
		switch {
		case o.Hidden || r.Options[o.Name] != "":
		case i == 0:
			words = append(words, values(ctx, core, o, r, "", word)...)
			fallthrough
		default:
			words = append(words, matching([]string{o.Names.In(r.Lang) + ":"}, word)...)
		}
	}
	return words
}

func values(ctx context.Context, core adapter.Core, o *commands.Option, r commands.Request, before, typed string) []string {
	typed = strings.TrimPrefix(typed, `"`)
	choices := o.Choices
	if len(choices) == 0 {
		choices = core.Complete(ctx, r, o.Name, typed)
	}
	var words []string
	for _, ch := range choices {
		if v := clean(ch.Value); strings.HasPrefix(strings.ToLower(v), strings.ToLower(typed)) {
			words = append(words, before+quoted(v))
		}
	}
	return words
}

func quoted(v string) string {
	if strings.ContainsAny(v, " \"") {
		return `"` + strings.ReplaceAll(v, `"`, `\"`) + `"`
	}
	return v
}

func matching(words []string, prefix string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, prefix) })
}

// lastWord is where the last word of s begins; spaces in quotes end none.
func lastWord(s string) int {
	at, open := 0, false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			open = !open
		case s[i] == ' ' && !open:
			at = i + 1
		}
	}
	return at
}

// common returns what all words begin with.
func common(words []string) string {
	first := []rune(words[0])
	for n := len(first); n > 0; n-- {
		p := string(first[:n])
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.HasPrefix(w, p) }) {
			return p
		}
	}
	return ""
}
