package store

import (
	"testing"
	"time"

	"griot/commands"
)

// TestOverdue: what is due and not planned counts, on the platforms asked for;
// not what is held, nor what is on its way.
func TestOverdue(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		on := []commands.Platform{commands.Telegram}
		want := func(when, at time.Time) {
			t.Helper()
			if got, err := s.Overdue(t.Context(), on, at); err != nil || !got.Equal(when) {
				t.Errorf("at %s due since %s, %v; want %s", at, got, err, when)
			}
		}
		want(time.Time{}, noon)
		sub, _, err := s.AddSubscription(t.Context(), testSub("1"), noon)
		if err != nil {
			t.Fatal(err)
		}
		want(time.Time{}, noon.Add(-time.Second))
		want(noon, noon)
		on[0] = commands.Discord
		want(time.Time{}, noon)
		on[0] = commands.Telegram
		if _, err := s.PauseSubscription(t.Context(), sub.To, sub.ID); err != nil {
			t.Fatal(err)
		}
		want(time.Time{}, noon)
	})
}
