package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/briefings"
	"griot/commands"
)

// said is a revision whose hash is its English words.
func said(words string) briefings.Revision {
	return briefings.Revision{Hash: words, Title: briefings.Same("Title of " + words), Topics: []string{"reef", "storm"}, Words: briefings.Text{EN: words, FR: words + " (fr)"}}
}

// see takes a pack in and wants no error.
func see(t *testing.T, s *Store, at time.Time, revs map[briefings.ID]briefings.Revision) []commands.Change {
	t.Helper()
	changes, err := s.SeePack(t.Context(), publication(revs), at)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// TestChangesTellWasAndNow: the words of every revision are kept from the
// baseline on, and of what was withdrawn its title and topics.
func TestChangesTellWasAndNow(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		type revs = map[briefings.ID]briefings.Revision
		see(t, s, noon, revs{"event:a": said("one"), "event:b": said("one")})
		see(t, s, noon.Add(1*time.Minute), revs{"event:a": said("two"), "event:b": said("one"), "event:c": said("new")})
		see(t, s, noon.Add(2*time.Minute), revs{"event:a": said("three"), "event:c": said("new")})
		see(t, s, noon.Add(3*time.Minute), revs{"event:a": said("three"), "event:b": said("again"), "event:c": said("new")})
		got, err := s.Between(t.Context(), noon, noon.Add(time.Hour))
		if err == nil {
			got, err = s.Texts(t.Context(), got)
		}
		if err != nil {
			t.Fatal(err)
		}
		text := func(s string) briefings.Text { return said(s).Words }
		change := func(id briefings.ID, kind commands.ChangeKind, minute, n int, was, now briefings.Text, title string) commands.Change {
			return commands.Change{
				ID: id, Kind: kind, Seen: noon.Add(time.Duration(minute) * time.Minute), N: n, Since: n - 1, Was: was, Now: now,
				Title: briefings.Same("Title of " + title), Topics: []string{"reef", "storm"},
			}
		}
		want := []commands.Change{
			change("event:b", commands.Added, 3, 3, briefings.Text{}, text("again"), "again"),
			change("event:a", commands.Updated, 2, 3, text("two"), text("three"), "three"),
			change("event:b", commands.Retracted, 2, 2, text("one"), briefings.Text{}, "one"),
			change("event:a", commands.Updated, 1, 2, text("one"), text("two"), "two"),
			change("event:c", commands.Added, 1, 1, briefings.Text{}, text("new"), "new"),
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("changes (-want +got):\n%s", d)
		}
		whole, err := s.Texts(t.Context(), []commands.Change{{ID: "event:a", Since: 1, N: 3}, {ID: "event:none", Since: 1, N: 2}})
		if err != nil || whole[0].Was != text("one") || whole[0].Now != text("three") || whole[1].Was != (briefings.Text{}) {
			t.Errorf("from the first to the last %+v, %v", whole, err)
		}
	})
}

// TestWordsOfOlderDatabases: what was kept before words were is worded when it
// is seen again unchanged, and what changed meanwhile has no words before.
func TestWordsOfOlderDatabases(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		type revs = map[briefings.ID]briefings.Revision
		first := revs{"event:a": said("one"), "event:b": said("one"), "event:c": said("one")}
		see(t, s, noon, first)
		if _, err := s.write.ExecContext(t.Context(), `UPDATE revision SET text_en = '', text_fr = ''`); err != nil {
			t.Fatal(err)
		}
		if changes := see(t, s, noon.Add(time.Minute), revs{"event:a": said("one"), "event:b": said("two")}); len(changes) != 2 {
			t.Fatalf("changes %+v, want one updated and one retracted", changes)
		}
		changes := see(t, s, noon.Add(2*time.Minute), revs{"event:a": said("two"), "event:b": said("three")})
		changes, err := s.Texts(t.Context(), changes)
		if err != nil || len(changes) != 2 || changes[0].Was != said("one").Words || changes[1].Was != said("two").Words {
			t.Errorf("changes %+v, %v, want what was said before", changes, err)
		}
		was, err := s.Texts(t.Context(), []commands.Change{{ID: "event:b", Since: 1, N: 2}})
		if err != nil || was[0].Was != (briefings.Text{}) || was[0].Now != said("two").Words {
			t.Errorf("change %+v, %v, want nothing before", was, err)
		}
	})
}

// TestOlderTexts: what an item said before it changed is told, and what one said
// that is gone, whatever is asked for; not what is there again.
func TestOlderTexts(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		type revs = map[briefings.ID]briefings.Revision
		fixed := said("three")
		fixed.Corrected = 1
		see(t, s, noon, revs{"event:a": said("one"), "event:b": said("same"), "event:c": said("back"), "event:d": said("gone")})
		see(t, s, noon.Add(24*time.Hour), revs{"event:a": said("two"), "event:b": said("same"), "event:d": said("gone")})
		see(t, s, noon.Add(48*time.Hour), revs{"event:a": fixed, "event:b": said("same"), "event:c": said("back")})
		see(t, s, noon.Add(72*time.Hour), revs{"event:a": said("four"), "event:b": said("same"), "event:c": said("back")})
		day := func(n int) briefings.Date { return briefings.DateOf(noon.Add(time.Duration(n) * 24 * time.Hour)) }
		got, err := s.Older(t.Context(), []briefings.ID{"event:a", "event:b", "event:x"}, 10)
		want := []briefings.Older{
			{ID: "event:a", Words: fixed.Words, Until: day(3), Told: 1},
			{ID: "event:a", Words: said("two").Words, Until: day(2)},
			{ID: "event:a", Words: said("one").Words, Until: day(1)},
			{ID: "event:d", Words: said("gone").Words, Until: day(2), Gone: true},
		}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%v %s", err, d)
		}
		if got, err = s.Older(t.Context(), []briefings.ID{"event:a"}, 2); err != nil || len(got) != 2 || got[0].ID != "event:a" || !got[1].Gone {
			t.Errorf("two of them are %+v (%v)", got, err)
		}
		if got, err = s.Older(t.Context(), nil, 10); err != nil || len(got) != 1 {
			t.Errorf("without ids they are %+v (%v)", got, err)
		}
	})
}
