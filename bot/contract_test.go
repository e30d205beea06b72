package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/adapter/discord/discordtest"
	"griot/bot/adapter/telegram/telegramtest"
	"griot/briefings"
	"griot/commands"
)

// TestSaidBodiesKeepTheContracts holds what `say --as discord|telegram` prints
// of the pack that comes with the program, every topic and section and a line
// of every command, against the platforms' limits, and against their published
// descriptions where those are at hand.
func TestSaidBodiesKeepTheContracts(t *testing.T) {
	t.Parallel()
	dspec, err := discordtest.FindSpec()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	tspec, err := telegramtest.FindSpec()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	a := packApp(t, "", time.Now())
	for _, lang := range briefings.Langs {
		for _, line := range realLines(a) {
			for p, check := range map[commands.Platform]func(adapter.Call) []string{
				commands.Discord:  func(c adapter.Call) []string { return discordFaults(dspec, c) },
				commands.Telegram: func(c adapter.Call) []string { return telegramFaults(tspec, c) },
			} {
				place := commands.Place{Destination: commands.Destination{Platform: p, Chat: "0"}, Postable: true}
				calls, err := explain(p, place, ask(t, a, place, lang, line))
				if err != nil || len(calls) == 0 {
					t.Errorf("%s in %s: %d calls, %v", line, lang, len(calls), err)
				}
				for i, c := range calls {
					for _, f := range check(c) {
						t.Errorf("%s in %s, %s call %d: %s", line, lang, p, i+1, f)
					}
				}
			}
		}
	}
	if dspec == nil || tspec == nil {
		t.Skipf("the limits hold; the descriptions are not at %s and %s: bodies are not checked against them", discordtest.SpecFile, telegramtest.SpecFile)
	}
}

// realLines asks for everything there is, once.
func realLines(a *app) []string {
	var lines []string
	x := a.content.live.Index()
	for _, t := range x.Published(a.sys.now()) {
		lines = append(lines, "/"+t.Command, "/timeline topic:"+t.Slug, "/sources "+t.Slug, "/disputed "+t.Slug, "/latest "+t.Slug)
		for _, s := range t.Sections[briefings.EN] {
			lines = append(lines, "/"+t.Command+" section:"+string(s.Kind))
		}
	}
	for _, e := range x.Events() {
		lines = append(lines, "/timeline event:"+e.Slug)
	}
	p := x.Pack()
	for _, who := range p.Actors {
		lines = append(lines, "/who "+who.Slug)
	}
	for _, term := range p.Terms {
		lines = append(lines, "/define "+term.Slug)
	}
	for _, cmd := range a.core.Table() {
		lines = append(lines, "/"+cmd.Name)
		for _, sub := range cmd.Subs {
			lines = append(lines, "/"+cmd.Name+" "+sub.Name)
		}
	}
	return append(lines, "/nothing", "/timeline", "/timeline from:never", "/search "+strings.Repeat("x ", 5000), "/who "+strings.Repeat("@everyone ", 1000))
}

func discordFaults(spec *discordtest.Spec, c adapter.Call) []string {
	body, form := c.Body, false
	if strings.HasSuffix(c.Path, "/callback") {
		var callback struct {
			Type int
			Data json.RawMessage
		}
		if err := json.Unmarshal(c.Body, &callback); err != nil {
			return []string{err.Error()}
		}
		body, form = callback.Data, callback.Type == 9
	}
	var faults []string
	if form {
		faults = discordtest.CheckModal(body)
	} else {
		bad, sins := discordtest.CheckMessage(body, 0)
		faults = append(bad, sins...)
	}
	if spec != nil {
		if err := spec.Check(c.Method, c.Path, c.Body); err != nil {
			faults = append(faults, err.Error())
		}
	}
	return faults
}

func telegramFaults(spec *telegramtest.Spec, c adapter.Call) []string {
	var faults []string
	var body struct {
		Text     string
		Entities []telegramtest.Entity
		Markup   struct {
			Rows [][]telegramtest.Button `json:"inline_keyboard"`
		} `json:"reply_markup"`
	}
	if err := json.Unmarshal(c.Body, &body); err != nil {
		return []string{err.Error()}
	}
	if why := telegramtest.CheckText(body.Text, body.Entities, telegramtest.MaxText); why != "" {
		faults = append(faults, why)
	}
	for _, e := range telegramtest.Detect(body.Text, body.Entities) {
		if e.Type == "mention" {
			faults = append(faults, "somebody is mentioned")
		}
	}
	for _, row := range body.Markup.Rows {
		for _, b := range row {
			if len(b.Data) > 64 || b.Text == "" {
				faults = append(faults, "button "+b.Text+" with "+b.Data)
			}
		}
	}
	if spec != nil {
		if err := spec.Check(c.Path, c.Body); err != nil {
			faults = append(faults, err.Error())
		}
	}
	return faults
}
