package main

import (
	"strings"
	"testing"
	"time"

	"griot/bot/store"
	"griot/briefings"
	"griot/commands"
)

// TestCorrectionsAreTold: how far each correction is, and what it did not
// reach with its cause, for people and for programs.
func TestCorrectionsAreTold(t *testing.T) {
	t.Parallel()
	ctx, now := t.Context(), time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	s, err := store.Open(ctx, "sqlite::memory:", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	show := func(id string, json bool) string {
		var out strings.Builder
		cmd := correctionsCmd{ID: id, JSON: json, Last: 20}
		if err := cmd.show(ctx, s, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := show("", false); got != "Nothing was corrected or withdrawn yet.\n" || show("", true) != "" {
		t.Errorf("with none: %q", got)
	}
	if err := (&correctionsCmd{ID: "event:x"}).show(ctx, s, new(strings.Builder)); err == nil || !strings.Contains(err.Error(), "event:x") {
		t.Errorf("an unknown id: %v", err)
	}
	const id briefings.ID = "event:2024-03-07-arden-bridge"
	see := func(hash string, corrected int) {
		rev := briefings.Revision{Hash: hash, Corrected: corrected, Title: briefings.Text{EN: "The bridge", FR: "Le pont"}}
		if _, err := s.SeePack(ctx, store.Publish{Hash: hash, Name: "p", Revisions: map[briefings.ID]briefings.Revision{id: rev}}, now); err != nil {
			t.Fatal(err)
		}
	}
	see("a", 0)
	says := store.Saying{Lang: briefings.EN, Request: `{"line":"/velmora"}`, Items: []store.SaidItem{{ID: id, Hash: "a"}}}
	for _, ref := range []string{"1", "2", "3"} {
		to := commands.Destination{Platform: commands.Telegram, Chat: "-" + ref}
		if err := s.Record(ctx, []store.Post{{To: to, Bundle: ref, Ref: ref, Kind: "telegram/shared", Purpose: store.Answer}}, says, now); err != nil {
			t.Fatal(err)
		}
	}
	see("b", 1)
	stale, err := s.Stale(ctx, []commands.Platform{commands.Telegram}, time.Time{}, 9)
	if err != nil || len(stale) != 3 {
		t.Fatal(stale, err)
	}
	e := store.Edits{
		Run: store.Run{ID: "r", Key: store.FixKey("r"), Lang: "en", End: stale[0].Seen}, Kind: "telegram/shared", Parts: []string{"{}"},
		Says:  store.Saying{Lang: briefings.EN, Request: says.Request, Items: []store.SaidItem{{ID: id, N: 2, First: 1}}},
		Fixes: []store.SaidItem{{ID: id, N: 2, First: 1}}, Expires: now.Add(time.Hour),
	}
	if err := s.AddEdits(ctx, e, stale, nil, now); err != nil {
		t.Fatal(err)
	}
	claimed, err := s.Claim(ctx, commands.Telegram, "me", now, now.Add(time.Minute), 2)
	if err != nil || len(claimed) != 2 {
		t.Fatal(claimed, err)
	}
	for i, o := range []store.Outcome{{State: store.Sent}, {State: store.Dead, Cause: "lost", Err: "message gone"}} {
		if err := s.Finish(ctx, claimed[i], "me", o, now); err != nil {
			t.Fatal(err)
		}
	}
	// What is edited shows the revision of now, and is not corrected for it again.
	if says, ok, err := s.Saying(ctx, stale[0].Said); err != nil || !ok || says.Items[0].N != 1 {
		t.Fatal(says, ok, err)
	}
	see("c", 2)
	again, err := s.Stale(ctx, []commands.Platform{commands.Telegram}, time.Time{}, 9)
	if err != nil || len(again) != 2 || again[0].Said == again[1].Said {
		t.Errorf("to correct again: %+v, %v; want the edited one and the waiting one, which say different things", again, err)
	}
	n3 := `{"item":"event:2024-03-07-arden-bridge","n":3,"kind":"corrected","seen":"2026-05-01T09:00:00Z","title":"The bridge","edited":0,"waiting":0,"passed":0,"unreachable":{}}` + "\n"
	const line = `{"item":"event:2024-03-07-arden-bridge","n":2,"kind":"corrected","seen":"2026-05-01T09:00:00Z","title":"The bridge","edited":1,"waiting":1,"passed":0,"unreachable":{"lost":1}}` + "\n"
	if got := show("", true); got != n3+line {
		t.Errorf("as JSON\n%s want\n%s", got, n3+line)
	}
	lost := claimed[1]
	want := n3 + line + `{"item":"event:2024-03-07-arden-bridge","n":2,"platform":"telegram","chat":"` + lost.To.Chat + `","thread":"","message":"` + lost.Edits + `","cause":"lost","reason":"message gone"}` + "\n"
	if got := show(string(id), true); got != want {
		t.Errorf("of one, as JSON\n%s want\n%s", got, want)
	}
	want = "event:2024-03-07-arden-bridge  corrected  1 May 2026 09:00 UTC\n  The bridge\n  no message shows it\nevent:2024-03-07-arden-bridge  corrected  1 May 2026 09:00 UTC\n  The bridge\n  1 edited, 1 waiting, 1 not reachable (lost)\n  telegram:" + lost.To.Chat + "  message " + lost.Edits + "  lost: message gone\n"
	if got := show(string(id), false); got != want {
		t.Errorf("for people\n%s want\n%s", got, want)
	}
}
