package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"griot/briefings"
	"griot/commands"
)

func reader(id string) commands.Destination {
	return commands.Destination{Platform: commands.Telegram, Chat: "user:" + id}
}

func TestLooks(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		for i, tc := range []struct {
			who, topic string
			minute     int
			want       int // minute, 0 for never
		}{
			{"1", "reef", 10, 0},
			{"1", "reef", 20, 10},
			{"1", "storm", 21, 0},
			{"2", "reef", 22, 0},
			{"1", "", 30, 0}, // of one topic is not of all
			{"1", "reef", 31, 30},
			{"1", "", 40, 30},
		} {
			got, err := s.Look(t.Context(), reader(tc.who), tc.topic, noon.Add(time.Duration(tc.minute)*time.Minute))
			want := time.Time{}
			if tc.want > 0 {
				want = noon.Add(time.Duration(tc.want) * time.Minute)
			}
			if err != nil || !got.Equal(want) {
				t.Errorf("look %d: last %v, %v, want %v", i, got, err, want)
			}
		}
		if n, err := s.Forget(t.Context(), reader("1")); err != nil || n != 3 {
			t.Errorf("forgot %d looks, %v, want 3", n, err)
		}
		if last, err := s.Look(t.Context(), reader("1"), "reef", noon.Add(time.Hour)); err != nil || !last.IsZero() {
			t.Errorf("looked at %v, %v after being forgotten", last, err)
		}
		later := noon.Add(rememberLooks + 30*time.Minute)
		if _, err := s.Look(t.Context(), reader("3"), "", later); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := s.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM look`).Scan(&left); err != nil || left != 2 {
			t.Errorf("%d looks left after half a year, %v, want the one an hour and the one of now", left, err)
		}
	})
}

// TestNothingFallsBetweenLooks: while the content changes all the time and its
// changes are dated by a clock that is behind, somebody who looks now and then
// is told of each change once.
func TestNothingFallsBetweenLooks(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		const rounds = 40
		ctx := context.WithoutCancel(t.Context())
		see(t, s, noon, map[briefings.ID]briefings.Revision{"event:a": {Hash: "0"}})
		told := map[int]int{}
		var mu sync.Mutex
		look := func(who string) error {
			mu.Lock() // one person does one thing after the other
			defer mu.Unlock()
			now := time.Now().UTC()
			last, err := s.Look(ctx, reader(who), "", now)
			if err != nil {
				return err
			}
			changes, err := s.Between(ctx, last, now)
			for _, c := range changes {
				told[c.N]++
			}
			return err
		}
		if err := look("1"); err != nil {
			t.Fatal(err)
		}
		clear(told)
		var all sync.WaitGroup
		all.Go(func() {
			for i := range rounds {
				if _, err := s.SeePack(ctx, publication(map[briefings.ID]briefings.Revision{"event:a": {Hash: fmt.Sprint(i + 1)}}), time.Now().Add(-time.Minute)); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range rounds {
				if err := look("1"); err != nil {
					t.Error(err)
				}
			}
		})
		all.Wait()
		if err := errors.Join(look("1"), look("1")); err != nil {
			t.Fatal(err)
		}
		for n := 2; n <= rounds+1; n++ {
			if told[n] != 1 {
				t.Errorf("revision %d told %d times, want once", n, told[n])
			}
		}
	})
}
