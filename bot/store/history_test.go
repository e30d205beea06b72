package store

import (
	"fmt"
	"testing"
	"time"

	"griot/commands"
)

// TestHistory: the newest runs of a place with all their parts, as many as
// asked for; notices and other places' runs are not among them.
func TestHistory(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		to := commands.Destination{Platform: commands.Telegram, Chat: "-1", Thread: "7"}
		for day := range 4 {
			at := noon.Add(time.Duration(day) * 24 * time.Hour)
			planRun(t, s, to, fmt.Sprint("run ", day), 2, at)
			planRun(t, s, commands.Destination{Platform: commands.Telegram, Chat: "-2"}, fmt.Sprint("run ", day), 1, at)
			ended(t, s, at.Add(time.Second), Outcome{State: Sent, Ref: fmt.Sprint(day)})
		}
		if _, err := s.write.ExecContext(ctx, `UPDATE delivery SET purpose = 'notice' WHERE run = 'run 2' AND chat = '-1'`); err != nil {
			t.Fatal(err)
		}
		got, err := s.History(ctx, to, 2)
		if err != nil || len(got) != 2 || got[0].ID != "run 3" || got[1].ID != "run 1" {
			t.Fatalf("%+v, %v; want the last two digests", got, err)
		}
		for _, r := range got {
			if len(r.Parts) != 2 || r.Parts[1].State != Sent || r.Zone != "UTC" || r.Parts[0].Ref != r.ID[4:] || !r.Parts[0].Changed.Equal(r.End.Add(time.Second)) {
				t.Errorf("run %+v", r)
			}
		}
	})
}

// TestMovedMessagesKeepTheirChat: a chat's new id counts its messages anew, so
// the number of an old message must not be taken for one of those.
func TestMovedMessagesKeepTheirChat(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		old, moved := commands.Destination{Platform: commands.Telegram, Chat: "-1"}, commands.Destination{Platform: commands.Telegram, Chat: "-1001"}
		planRun(t, s, old, "a", 1, noon)
		ended(t, s, noon, Outcome{State: Sent, Ref: "5"})
		planRun(t, s, old, "b", 1, noon.Add(24*time.Hour)) // on its way while the chat moves
		for range 2 {
			if err := s.Moved(ctx, old, moved); err != nil {
				t.Fatal(err)
			}
		}
		ended(t, s, noon.Add(24*time.Hour), Outcome{State: Sent, Ref: "1"})
		got, err := s.History(ctx, moved, 9)
		if err != nil || len(got) != 2 || got[0].Parts[0].Ref != "1" || got[1].Parts[0].Ref != "-1/5" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
