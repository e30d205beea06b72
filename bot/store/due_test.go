package store

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"griot/commands"
)

// TestDueInPages: what is due comes whole and in order, whatever the size of
// the pages and however many there are; what waits or is held does not.
func TestDueInPages(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(1, 2))
		platforms := []commands.Platform{commands.Telegram, commands.Discord}
		var all []Wanted
		for i := range 120 {
			sub := testSub(strconv.Itoa(r.IntN(40)))
			sub.To.Platform, sub.Topics = platforms[r.IntN(2)], []string{"topic-" + strconv.Itoa(i)}
			if r.IntN(3) == 0 {
				sub.To.Thread = strconv.Itoa(r.IntN(3))
			}
			sub.Paused = r.IntN(8) == 0
			late := time.Duration(r.IntN(4)-2) * time.Hour
			all = append(all, Wanted{Subscription: sub, PlanAt: func(time.Time) time.Time { return noon.Add(late) }})
		}
		if _, err := s.Import(ctx, all, noon); err != nil {
			t.Fatal(err)
		}
		whole, err := s.Due(ctx, platforms, noon, commands.Destination{}, 1000)
		if err != nil || len(whole) < 60 || len(whole) > 100 {
			t.Fatalf("%d are due, %v, want most of three quarters of 120", len(whole), err)
		}
		if !slices.IsSortedFunc(whole, func(a, b commands.Subscription) int {
			return cmp.Or(cmp.Compare(a.To.Platform, b.To.Platform), cmp.Compare(a.To.Chat, b.To.Chat), cmp.Compare(a.To.Thread, b.To.Thread), a.Created.Compare(b.Created))
		}) || slices.ContainsFunc(whole, func(s commands.Subscription) bool { return s.Paused }) {
			t.Errorf("not in order, or one that is held: %+v", whole)
		}
		for _, size := range []int{15, 40, len(whole) - 1, len(whole), len(whole) + 1} {
			var got []commands.Subscription
			var behind commands.Destination
			for {
				page, err := s.Due(ctx, platforms, noon, behind, size)
				if err != nil || len(page) > size {
					t.Fatalf("a page of %d, want at most %d, %v", len(page), size, err)
				}
				full := len(page) == size
				if full {
					last := page[size-1].To
					page = slices.DeleteFunc(page, func(s commands.Subscription) bool { return s.To == last })
				}
				if len(page) == 0 {
					break
				}
				got, behind = append(got, page...), page[len(page)-1].To
				if !full {
					break
				}
			}
			if !slices.EqualFunc(got, whole, func(a, b commands.Subscription) bool { return a.ID == b.ID }) {
				t.Errorf("in pages of %d: %d came, want %d", size, len(got), len(whole))
			}
		}
		if one, err := s.Due(ctx, platforms[1:], noon, commands.Destination{}, 10); err != nil || slices.ContainsFunc(one, func(s commands.Subscription) bool { return s.To.Platform != commands.Discord }) {
			t.Errorf("due on Discord alone: %+v, %v", one, err)
		}
	})
}
