package store

import (
	"testing"

	"griot/commands"
)

// TestForgetTakesThePersonOut: who asked for a shared place's digest is kept,
// until that person wants to be forgotten; the place keeps its digest.
func TestForgetTakesThePersonOut(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		mine, theirs, elsewhere := testSub("-1"), testSub("-2"), testSub("-3")
		mine.Owner, theirs.Owner, elsewhere.Owner = "7", "8", "7"
		elsewhere.To.Platform = commands.Discord
		for _, sub := range []commands.Subscription{mine, theirs, elsewhere} {
			if _, _, err := s.AddSubscription(ctx, sub, sub.Next); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := s.Forget(ctx, commands.Destination{Platform: commands.Telegram, Chat: "user:7"}); err != nil || n != 1 {
			t.Errorf("forgot %d entries, %v; want one", n, err)
		}
		for to, want := range map[commands.Destination]string{mine.To: "", theirs.To: "8", elsewhere.To: "7"} {
			list, err := s.Subscriptions(ctx, to)
			if err != nil || len(list) != 1 || list[0].Owner != want {
				t.Errorf("%s: %+v, %v; want one digest of %q", to, list, err, want)
			}
		}
		mine.Owner = "9" // somebody else asks for the same
		if got, _, err := s.AddSubscription(ctx, mine, mine.Next); err != nil || got.Owner != "9" {
			t.Errorf("asked for again: %+v, %v", got, err)
		}
	})
}
