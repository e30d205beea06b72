package store

import (
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

// TestATornNoticeIsNotLost: of two processes one tells a place of a change while
// the other is about to tell it of that one and a newer one. The newer one is
// told at the next look, not taken for told.
func TestATornNoticeIsNotLost(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		sub := testSub("1")
		if _, _, err := s.AddSubscription(t.Context(), sub, noon); err != nil {
			t.Fatal(err)
		}
		owe := func(item string) {
			t.Helper()
			if err := s.tx(t.Context(), func(tx conn) error {
				return addOwed(t.Context(), tx, []Owed{{To: sub.To, Kind: "telegram/private", Lang: "en", ID: briefings.ID("event:" + item), N: 2, First: 1}}, noon)
			}); err != nil {
				t.Fatal(err)
			}
		}
		owed := func(want int) []OwedTo {
			t.Helper()
			out, err := s.Owed(t.Context(), []commands.Platform{sub.To.Platform}, noon, 10)
			if err != nil || len(out) != 1 || len(out[0].List) != want {
				t.Fatalf("owed %+v, %v, want %d changes at one place", out, err, want)
			}
			return out
		}
		tell := func(run string, places []OwedTo) {
			t.Helper()
			if err := s.Tell(t.Context(), Run{ID: run, Key: run}, "telegram/private", []string{run}, places, noon.Add(time.Hour), noon); err != nil {
				t.Fatal(err)
			}
		}
		owe("a")
		one := owed(1)
		owe("b")
		other := owed(2)
		tell("one", one)
		tell("other", other)
		rest := owed(1)
		if got := rest[0].List[0].ID; got != "event:b" {
			t.Errorf("owed is %s, want event:b", got)
		}
		tell("rest", rest)
		list, err := s.Deliveries(t.Context(), "")
		if err != nil || len(list) != 2 || list[0].Run != "one" || list[1].Run != "rest" {
			t.Errorf("notices %+v, %v, want one and rest", list, err)
		}
	})
}
