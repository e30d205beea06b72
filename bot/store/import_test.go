package store

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/commands"
)

// nine delays what is due to half an hour later, as quiet hours may.
func nine(slot time.Time) time.Time { return slot.Add(30 * time.Minute) }

func wantedSub(chat string, topics ...string) Wanted {
	s := testSub(chat)
	s.Topics, s.Created, s.Next = topics, time.Time{}, noon.Add(2*time.Hour)
	return Wanted{s, nine}
}

func importAll(t *testing.T, s *Store, now time.Time, want Imported, wanted ...Wanted) {
	t.Helper()
	if got, err := s.Import(t.Context(), wanted, now); err != nil || got != want {
		t.Fatalf("imported %+v, %v, want %+v", got, err, want)
	}
}

func all(t *testing.T, s *Store) []commands.Subscription {
	t.Helper()
	list, err := s.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// planAt reads when a subscription is planned next.
func planAt(t *testing.T, s *Store, id string) time.Time {
	t.Helper()
	var at int64
	if err := s.read.QueryRowContext(t.Context(), `SELECT plan_at FROM subscription WHERE id = '`+id+`'`).Scan(&at); err != nil {
		t.Fatal(err)
	}
	return instant(at)
}

func TestImportTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		held := wantedSub("2", "reef")
		held.Paused, held.TextOnly, held.QuietHours = true, true, "22:00-07:00"
		wanted := []Wanted{wantedSub("9", "storm"), wantedSub("1", "reef", "harbour"), held, wantedSub("1", "reef")}
		importAll(t, s, noon, Imported{Added: 4}, wanted...)
		before := all(t, s)
		if len(before) != 4 || before[0].Topics[0] != "reef" || len(before[0].Topics) != 2 {
			t.Errorf("stored %v, want the order of the file within a place", before)
		}
		if got := planAt(t, s, before[0].ID); !got.Equal(noon.Add(2*time.Hour+30*time.Minute)) || !before[0].Last.IsZero() {
			t.Errorf("planned at %s after %s, want its first slot behind the quiet hours and no last window", got, before[0].Last)
		}
		slices.Reverse(wanted)
		wanted[2].Topics = []string{"harbour", "reef"} // the order of topics is no difference
		importAll(t, s, noon.Add(time.Hour), Imported{Kept: 4}, wanted...)
		if diff := cmp.Diff(before, all(t, s)); diff != "" {
			t.Errorf("changed: %s", diff)
		}
	})
}

func TestImportChangesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		var ids []string
		for i, stopped := range []string{"", "", "", "gone"} {
			sub := testSub(fmt.Sprint(i))
			sub.Topics, sub.Stopped, sub.Paused, sub.Last, sub.Guild = []string{"reef"}, stopped, i == 2, noon.Add(-time.Hour), "77"
			stored, _, err := s.AddSubscription(ctx, sub, sub.Next)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, stored.ID)
		}
		options, pause, resume, dead := wantedSub("0", "reef"), wantedSub("1", "reef"), wantedSub("2", "reef"), wantedSub("3", "reef")
		options.WhenQuiet, options.QuietHours, options.TextOnly, options.Guild = "brief", "22:00-07:00", true, ""
		pause.Paused, dead.Paused = true, true
		now := noon.Add(time.Minute)
		importAll(t, s, now, Imported{Changed: 2, Resumed: 1, Kept: 1}, options, pause, resume, dead)
		got := all(t, s)
		if o := got[0]; o.WhenQuiet != "brief" || o.QuietHours == "" || !o.TextOnly || !o.Last.Equal(noon.Add(-time.Hour)) || !o.Next.Equal(noon.Add(time.Hour)) || o.Guild != "77" {
			t.Errorf("options: %+v, want new ones and everything else as it was", o)
		}
		if at := planAt(t, s, ids[0]); !at.Equal(noon.Add(90 * time.Minute)) {
			t.Errorf("planned at %s, want behind the new quiet hours", at)
		}
		if !got[1].Paused || !got[1].Next.Equal(noon.Add(time.Hour)) {
			t.Errorf("pause: %+v", got[1])
		}
		if r := got[2]; r.Paused || !r.Last.Equal(now) || !r.Next.Equal(noon.Add(2*time.Hour)) {
			t.Errorf("resume: %+v, want it from now", r)
		}
		if got[3].Stopped != "gone" || got[3].Paused {
			t.Errorf("stopped: %+v, want it to stay and to say why", got[3])
		}
		dead.TextOnly = true
		importAll(t, s, now, Imported{Changed: 1}, dead)
		if got = all(t, s); got[3].Stopped != "gone" || got[3].Paused || !got[3].TextOnly {
			t.Errorf("stopped: %+v, want other options and nothing else", got[3])
		}
		dead.Paused = false
		importAll(t, s, now, Imported{Resumed: 1}, dead)
		if got = all(t, s); got[3].Stopped != "" || !got[3].Last.Equal(now) {
			t.Errorf("resumed: %+v, want it from now", got[3])
		}
	})
}

// TestImportIsAllOrNothing stops it at each row.
func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		importAll(t, s, noon, Imported{Added: 1}, wantedSub("1", "reef"))
		before := all(t, s)
		for fail := range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			wanted := []Wanted{wantedSub("2", "reef"), wantedSub("1", "reef"), wantedSub("3", "reef")}
			wanted[1].TextOnly = true
			wanted[fail].PlanAt = func(slot time.Time) time.Time {
				cancel()
				return slot
			}
			if _, err := s.Import(ctx, wanted, noon); err == nil {
				t.Errorf("row %d: imported although it was stopped", fail)
			}
			cancel()
			if diff := cmp.Diff(before, all(t, s)); diff != "" {
				t.Errorf("row %d: half imported: %s", fail, diff)
			}
		}
	})
}
