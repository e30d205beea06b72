package commands

import (
	"strings"
	"testing"
	"time"

	"griot/briefings"
)

func TestAmendAndNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bridge := Fix{ID: "event:2024-03-07-arden-bridge", Title: briefings.Same("not shown"), Seen: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}
	gone := Fix{ID: "event:2025-06-01-ferry", Title: briefings.Text{EN: "A ferry sinks", FR: "Un bac coule"}, Seen: bridge.Seen, Withdrawn: true}
	known := bridge
	known.Had = 1
	back := known
	back.Back = back.Seen
	for name, fixes := range map[string][]Fix{"corrected": {bridge}, "withdrawn": {gone}, "both": {bridge, gone}, "without-record": {known}, "back": {back}} {
		for _, lang := range briefings.Langs {
			r := w.NoticeFixed(fixes, lang)
			golden(t, "notice-"+name+"."+string(lang), show(r))
			checkReply(t, w.Table(), r)
			if lang == briefings.FR && plainSpace.MatchString(r.Text()) {
				t.Errorf("%s: plain space in %s", name, r.Text())
			}
			alone := w.Amend(Reply{}, fixes, lang)
			checkReply(t, w.Table(), alone)
			line, err := ParseLine(w.Table(), "/timeline event:2024-03-07-arden-bridge")
			if err != nil {
				t.Fatal(err)
			}
			line.Lang = lang
			was := w.Answer(t.Context(), line)
			whole := w.Amend(was, fixes, lang)
			golden(t, "amend-"+name+"."+string(lang), show(whole))
			checkReply(t, w.Table(), whole)
			if !strings.Contains(whole.Text(), strings.TrimPrefix(alone.Text(), alone.Title)) || len(was.Blocks)+len(alone.Blocks)+1 != len(whole.Blocks) {
				t.Errorf("%s: the notes alone are\n%s\nand at the top of\n%s", name, alone.Text(), whole.Text())
			}
		}
	}
	for n := range 3 {
		r := w.NoticeFixed([]Fix{bridge}, "de")
		cut := Cut(r, n, "/latest")
		checkReply(t, w.Table(), cut)
		if len(cut.Blocks) > n+1 || cut.Buttons[len(cut.Buttons)-1].Line != "/latest" {
			t.Errorf("cut to %d: %+v", n, cut)
		}
	}
	if w.Urgent(bridge) || w.HashOf(bridge.ID) == "" || w.HashOf("topic:fog") != "" || w.HashOf(gone.ID) != "" {
		t.Error("a hash where there is no revision, or none where there is, or urgent")
	}
}
