package commands

import (
	"fmt"
	"strings"
	"testing"

	"griot/briefings"
)

// pinStates are pins of a place, in each state there is.
func pinStates(to Destination) []Pin {
	guild := ""
	right := "forbidden:can_pin_messages"
	if to.Platform == Discord {
		guild, right = "1", "forbidden:Pin Messages"
	}
	states := []Pin{
		{Topic: "velmora", Stands: true, PinnedAt: testNow, Link: "https://t.me/c/1/7/40"},
		{Topic: "lakes-union", Sections: "situation,unknowns", Lang: briefings.FR, Stands: true, Unpinned: right},
		{Topic: "fog", Stands: true, Unpinned: StopPinLimit},
		{Topic: "gone-1", Stands: true, PinnedAt: testNow},
		{Topic: "velmora", Stopped: StopLost},
		{Topic: "velmora", Stopped: StopUnknown},
		{Topic: "velmora", Stopped: StopGone, Stands: true},
		{Topic: "velmora", Stopped: StopThread, Stands: true},
		{Topic: "velmora", Stopped: StopRefused},
		{Topic: "velmora", Coming: true},
		{Topic: "velmora", Stands: true},
	}
	for i := range states {
		states[i].To, states[i].Guild = to, guild
		if states[i].Lang == "" {
			states[i].Lang = briefings.EN
		}
	}
	return states
}

// asAdmin answers a line of somebody who administers the place.
func (w world) asAdmin(t testing.TB, lang briefings.Lang, place Place, line string) Reply {
	t.Helper()
	r, err := ParseLine(w.Table(), line)
	if err != nil {
		return Refusal(w.Table(), lang, err)
	}
	r.Lang, r.Place, r.User, r.Now, r.Admin = lang, place, "u1", testNow, admin(true)
	return w.Answer(t.Context(), r)
}

func TestPinListGoldens(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]Place{"telegram": inGroup, "discord": inServer} {
		for _, lang := range briefings.Langs {
			t.Run(name+"/"+string(lang), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.pins.list = pinStates(place.Destination)
				var all []string
				for page := 1; page <= 3; page++ {
					all = append(all, show(w.asAdmin(t, lang, place, fmt.Sprintf("/pins page:%d", page))))
				}
				golden(t, "pins-"+name+"."+string(lang), strings.Join(all, "\n"))
			})
		}
	}
}

// What is said of a pin that cannot be pinned, posted or unpinned.
func TestPinTroubleGoldens(t *testing.T) {
	t.Parallel()
	for _, lang := range briefings.Langs {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			var all []string
			add := func(w world, line string) { all = append(all, line+"\n\n"+show(w.asAdmin(t, lang, inServer, line))) }
			for _, state := range pinStates(inServer.Destination)[1:] {
				if state.Topic == "gone-1" {
					continue
				}
				w := newWorld(t)
				w.pins.becomes = func(p Pin) Pin { state.Topic, state.Sections, state.Lang = p.Topic, p.Sections, p.Lang; return state }
				add(w, "/pin velmora")
			}
			w := newWorld(t)
			add(w, "/pin velmora lang:en")
			add(w, "/pin velmora lang:en")
			add(w, "/pin velmora sections:figures lang:fr")
			add(w, "/pin velmora again:yes")
			add(w, "/pin union lang:en")
			add(w, "/unpin")
			w.pins.cause = "forbidden:Pin Messages"
			add(w, "/unpin union")
			w.pins.cause = ""
			add(w, "/unpin")
			add(w, "/pin union again:yes")
			golden(t, "pin-trouble."+string(lang), strings.Join(all, "\n---\n\n"))
		})
	}
}

// Only those who administer a place pin there, at every use and press; on
// Discord only where the app can write by itself.
func TestPinsAreForAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pins.list = pinStates(inGroup.Destination)[:2]
	lines := []string{"/pin velmora", "/pin velmora again:yes", "/unpin velmora", "/pins"}
	for _, b := range w.asAdmin(t, briefings.EN, inGroup, "/pins").Buttons {
		lines = append(lines, b.Line)
	}
	for _, line := range lines {
		r := w.ask(t, briefings.EN, inGroup, line)
		if !r.Refused || !strings.Contains(r.Text(), "administer") || len(w.pins.again) > 0 || len(w.pins.list) != 2 {
			t.Errorf("%s: anybody is answered\n%s", line, r.Text())
		}
		if r := newWorld(t).ask(t, briefings.EN, inPrivate, line); strings.Contains(r.Text(), "administer") {
			t.Errorf("%s: in private one is refused\n%s", line, r.Text())
		}
	}
	lent := inServer
	lent.Postable = false
	if r := w.asAdmin(t, briefings.EN, lent, "/pin velmora"); !r.Refused || !strings.Contains(r.Text(), "add me to the server") {
		t.Errorf("where the app is not installed: %s", r.Text())
	}
	if r := w.asAdmin(t, briefings.EN, inServer, "/pin velmora"); r.Refused || !r.Private {
		t.Errorf("the answer is for everybody: %+v", r)
	}
	r, _ := ParseLine(w.Table(), "/unpin")
	r.Place = inGroup
	if got := w.Complete(t.Context(), r, "topic", "lak"); len(got) != 1 || got[0].Value != "lakes-union" {
		t.Errorf("suggests %+v", got)
	}
	r.Command = "pin"
	if got := w.Complete(t.Context(), r, "sections", "situation,back"); len(got) != 1 || got[0].Value != "situation,background" {
		t.Errorf("suggests %+v", got)
	}
}
