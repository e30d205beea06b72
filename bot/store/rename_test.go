package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

// formerly is a revision of an item that had other ids.
func formerly(words string, ids ...briefings.ID) briefings.Revision {
	r := said(words)
	r.Formerly = ids
	return r
}

// history writes the revisions of an item.
func history(t *testing.T, s *Store, id briefings.ID) string {
	t.Helper()
	var out []string
	rows, err := s.read.QueryContext(t.Context(), `SELECT n, kind, text_en, topics FROM revision WHERE id = ? ORDER BY n`, id)
	if err := each(rows, err, func() error {
		var n int
		var kind, words, topics string
		err := rows.Scan(&n, &kind, &words, &topics)
		out = append(out, fmt.Sprintf("%d %s %s %s", n, kind, words, topics))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, ", ")
}

// TestARenamedItemKeepsItsHistory: under another id it is no new one, nothing
// was withdrawn, and its next change is told from what it said under the old.
func TestARenamedItemKeepsItsHistory(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		type revs = map[briefings.ID]briefings.Revision
		see(t, s, noon, revs{"event:a": said("one")})
		see(t, s, noon.Add(time.Minute), revs{"event:a": said("two")})
		for range 2 { // and once more, when nothing is called so any more
			if changes := see(t, s, noon.Add(2*time.Minute), revs{"event:b": formerly("two", "event:a")}); len(changes) != 0 {
				t.Errorf("a rename changes %+v", changes)
			}
		}
		if changes := see(t, s, noon.Add(3*time.Minute), revs{"event:c": formerly("three", "event:a", "event:b")}); len(changes) != 1 || changes[0].Kind != commands.Updated || changes[0].N != 3 {
			t.Errorf("a rename with a change: %+v", changes)
		}
		if got, want := history(t, s, "event:c"), "1 baseline one reef;storm, 2 updated two reef;storm, 3 updated three reef;storm"; got != want {
			t.Errorf("history %s, want %s", got, want)
		}
		changes, err := s.Between(t.Context(), noon, noon.Add(time.Hour))
		if err != nil || len(changes) != 2 || changes[1].ID != "event:c" {
			t.Errorf("changes %+v, %v, want both under the id of now", changes, err)
		}
	})
}

// TestARenameSaidTooLate: an item that was taken for another one gets its
// history as soon as the pack says whose it is.
func TestARenameSaidTooLate(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		type revs = map[briefings.ID]briefings.Revision
		see(t, s, noon, revs{"event:a": said("one")})
		see(t, s, noon.Add(1*time.Minute), revs{"event:a": said("two")})
		see(t, s, noon.Add(2*time.Minute), revs{"event:b": said("two")})
		see(t, s, noon.Add(3*time.Minute), revs{"event:b": said("three")})
		if changes := see(t, s, noon.Add(4*time.Minute), revs{"event:b": formerly("three", "event:a")}); len(changes) != 0 {
			t.Errorf("a rename changes %+v", changes)
		}
		want := "1 baseline one reef;storm, 2 updated two reef;storm, 3 retracted  reef;storm, 4 new two reef;storm, 5 updated three reef;storm"
		if got := history(t, s, "event:b"); got != want {
			t.Errorf("history %s, want %s", got, want)
		}
	})
}

// TestARenamedTopicKeepsItsDigests: places go on with what they subscribed to,
// and what was withdrawn belongs to the topic still.
func TestARenamedTopicKeepsItsDigests(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		type revs = map[briefings.ID]briefings.Revision
		see(t, s, noon, revs{"topic:reef": said("reef"), "event:a": said("one")})
		wish := func(chat string, topics ...string) {
			sub := testSub(chat)
			sub.Topics = topics
			if _, _, err := s.AddSubscription(t.Context(), sub, noon); err != nil {
				t.Fatal(err)
			}
		}
		wish("1", "reef")
		wish("1", "harbour", "reef", "storm")
		wish("2", "reef", "storm")
		wish("2", "coral", "storm") // the same by the new name
		wish("3", "barrier-reef", "reef-fish")
		if changes := see(t, s, noon.Add(time.Minute), revs{"topic:coral": formerly("reef", "topic:reef")}); len(changes) != 1 || !slices.Equal(changes[0].Topics, []string{"coral", "storm"}) {
			t.Errorf("changes %+v, want the event of the topic withdrawn", changes)
		}
		for chat, want := range map[string]string{"1": "coral, harbour;coral;storm", "2": "coral;storm", "3": "barrier-reef;reef-fish"} {
			list, err := s.Subscriptions(t.Context(), testSub(chat).To)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, sub := range list {
				got = append(got, strings.Join(sub.Topics, ";"))
			}
			if slices.Sort(got); strings.Join(got, ", ") != want {
				t.Errorf("place %s subscribed to %s, want %s", chat, strings.Join(got, ", "), want)
			}
		}
	})
}
