package discord_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"griot/bot/adapter/discord"
	"griot/bot/adapter/discord/discordtest"
	"griot/briefings"
	"griot/commands"
)

// checking has one command that takes messages.
func checking() commands.Table {
	same := briefings.Same
	return append(table(), commands.Command{
		Name: "check", Names: briefings.Text{EN: "check", FR: "verifier"}, Summary: same("Check a text"), Private: true,
		Message: briefings.Text{EN: "Check with briefings", FR: "Vérifier avec les dossiers"},
		Options: []commands.Option{{Name: "text", Names: same("text"), Summary: same("Text"), Required: true}},
	})
}

func TestMenuIsRegistered(t *testing.T) {
	t.Parallel()
	d := discordtest.New(t)
	for range 2 {
		if err := discord.Register(t.Context(), newAdapter(t, d), &core{table: checking()}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(d.Calls("PUT", "/applications")); n != 1 {
		t.Errorf("registered %d times, want once", n)
	}
	var menu struct {
		Type     int               `json:"type"`
		Name     string            `json:"name"`
		Names    map[string]string `json:"name_localizations"`
		Contexts []int             `json:"contexts"`
		Installs []int             `json:"integration_types"`
	}
	all := d.Commands()
	if err := json.Unmarshal(all[len(all)-1], &menu); err != nil || menu.Type != 3 || menu.Name != "Check with briefings" || menu.Names["fr"] != "Vérifier avec les dossiers" || len(menu.Contexts) != 3 || len(menu.Installs) != 2 {
		t.Errorf("registered %s (%v)", all[len(all)-1], err)
	}
}

// TestMenuReadsTheMessage: whatever a message is made of, its words are the
// text to check; the answer is for the asker alone.
func TestMenuReadsTheMessage(t *testing.T) {
	t.Parallel()
	embed := map[string]any{"title": "Lake", "description": "It **rose** a metre.", "fields": []any{map[string]any{"name": "Toll", "value": "12"}}, "footer": map[string]any{"text": "As of May"}}
	for name, tc := range map[string]struct {
		message map[string]any
		want    string
	}{
		"words":      {map[string]any{"content": "The ferry sank @everyone"}, "The ferry sank @everyone"},
		"an embed":   {map[string]any{"embeds": []any{embed}}, "Lake\nIt **rose** a metre.\nToll\n12\nAs of May"},
		"both":       {map[string]any{"content": "Look:", "embeds": []any{map[string]any{"description": "It rose."}}}, "Look:\nIt rose."},
		"forwarded":  {map[string]any{"message_snapshots": []any{map[string]any{"message": map[string]any{"content": "It sank."}}}}, "It sank."},
		"components": {map[string]any{"components": []any{map[string]any{"type": 17, "components": []any{map[string]any{"type": 10, "content": "It rose."}}}}}, "It rose."},
		"odd fields": {map[string]any{"content": "It sank.", "embeds": "none"}, "It sank."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			d, _ := start(t, &core{table: checking(), answer: func(_ context.Context, r commands.Request) commands.Reply {
				got = r.Command + " " + r.Options["text"]
				return commands.Reply{Title: "Checked", Private: true, Blocks: []commands.Block{say("It is so.")}}
			}})
			i := d.Menu(discordtest.Ask{Command: "Check with briefings", Message: tc.message, Locale: "fr"})
			if m := i.Answer(); m.Flags&64 == 0 {
				t.Errorf("everybody sees %+v", m)
			}
			if got != "check "+tc.want {
				t.Errorf("checked %q, want %q", got, tc.want)
			}
		})
	}
}

func TestMenuWithNothingToRead(t *testing.T) {
	t.Parallel()
	d, _ := start(t, &core{table: checking()})
	for command, want := range map[string]string{"Check with briefings": "no text", "Pin with briefings": "I do not know"} {
		m := d.Menu(discordtest.Ask{Command: command, Message: map[string]any{"content": map[bool]string{true: "", false: "x"}[strings.HasPrefix(command, "Check")]}}).Answer()
		if !strings.Contains(m.Content, want) || m.Flags&64 == 0 {
			t.Errorf("%s of nothing: %+v", command, m)
		}
	}
}
