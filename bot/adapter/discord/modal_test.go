package discord_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/commands"
)

// asking asks for words until it is given some.
func asking(line string, slow time.Duration) func(ctx context.Context, r commands.Request) commands.Reply {
	return func(ctx context.Context, r commands.Request) commands.Reply {
		if r.Option("section") != "" {
			return commands.Reply{Title: "You wrote " + r.Option("section"), Private: true}
		}
		if slow > 0 {
			timer := time.NewTimer(slow)
			defer timer.Stop()
			<-timer.C
		}
		return commands.Reply{
			Title: "Write it", Blocks: []commands.Block{say("Write it down.")},
			Prompt: &commands.Prompt{Title: strings.Repeat("Tell us ", 9), Label: "What is wrong?", Hint: "For example: all", Line: line, Option: "section", Most: 1000},
		}
	}
}

// TestForms: words are asked for in a form, from a command and from a button,
// however long the line is, and what was written is an option of it.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"/lake", "/lake " + strings.Repeat("x", 200)} {
		notes := &memory{}
		d, _ := start(t, &core{answer: asking(line, 0)}, func(o *discord.Options) { o.Notes = notes })
		opened := d.Slash(discordtest.Ask{Command: "lake"})
		form := opened.Modal()
		if form.Label != "What is wrong?" || form.Most != 1000 || len(form.CustomID) > 100 || opened.Acked() != 9 {
			t.Errorf("form %+v", form)
		}
		if got := d.Submit(discordtest.Ask{}, form, "All @everyone").Answer(); !got.Private() || !strings.HasPrefix(got.Text(), "You wrote All") {
			t.Errorf("answer %q", got.Text())
		}
	}
}

// TestFormTooLate: where an answer was put off no form can come any more; the
// words say what to do.
func TestFormTooLate(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	a := newAdapter(t, d)
	discord.Patience(a, 50*time.Millisecond)
	run(t, a, &core{answer: asking("/lake", 400*time.Millisecond)})
	d.WaitReady()
	if got := d.Slash(discordtest.Ask{Command: "lake"}).Answer(); !strings.Contains(got.Text(), "Write it down") {
		t.Errorf("answer %q", got.Text())
	}
}
