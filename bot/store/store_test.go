package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/store/storetest"
	"griot/briefings"
	"griot/commands"
)

var noon = time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)

func openTest(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// stores runs f on every kind of database.
func stores(t *testing.T, f func(t *testing.T, s *Store)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, url string) { f(t, openTest(t, url)) })
}

func TestSettingsAndNotes(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, of := t.Context(), commands.Destination{Platform: commands.Telegram, Chat: "-1", Thread: "7"}
		if got, err := s.Get(ctx, of); err != nil || len(got) != 1 || got[0] != (commands.Settings{}) {
			t.Fatalf("settings at first: %v, %v", got, err)
		}
		want := commands.Settings{Lang: briefings.FR, Zone: "Africa/Bamako", TextOnly: true}
		for _, set := range []commands.Settings{{Lang: briefings.EN}, want} {
			if err := s.Set(ctx, of, set); err != nil {
				t.Fatal(err)
			}
		}
		other := commands.Destination{Platform: commands.Discord, Chat: "-1", Thread: "7"}
		if got, err := s.Get(ctx, other, of, other, of); err != nil || !slices.Equal(got, []commands.Settings{{}, want, {}, want}) {
			t.Errorf("settings %v, %v, want %v second and last", got, err, want)
		}
		for _, v := range []string{"1", "1", "2", ""} {
			if err := s.SetNote(ctx, "offset", v); err != nil {
				t.Fatal(err)
			}
			if got, _ := s.Note(ctx, "offset"); got != v {
				t.Errorf("note %q, want %q", got, v)
			}
		}
		if n, err := s.Forget(ctx, of); err != nil || n != 1 {
			t.Errorf("forgot %d rows, %v, want 1", n, err)
		}
		if got, _ := s.Get(ctx, of); got[0] != (commands.Settings{}) {
			t.Errorf("settings after forgetting: %v", got)
		}
	})
}

func testSub(chat string) commands.Subscription {
	return commands.Subscription{
		To: commands.Destination{Platform: commands.Telegram, Chat: chat}, Topics: []string{"reef", "harbour"}, Schedule: "daily 07:00", Zone: "Europe/Paris",
		Lang: briefings.EN, WhenQuiet: "skip", Next: noon.Add(time.Hour), Created: noon,
	}
}

func TestSubscribeTwiceIsOnce(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, sub := t.Context(), testSub("1")
		a, replaced, err := s.AddSubscription(ctx, sub, sub.Next)
		if err != nil || replaced || a.ID == "" {
			t.Fatalf("first: %v, %v, %v", a, replaced, err)
		}
		sub.QuietHours, sub.WhenQuiet = "22:00-07:00", "brief"
		b, replaced, err := s.AddSubscription(ctx, sub, sub.Next)
		if err != nil || !replaced || b.ID != a.ID || b.QuietHours != "22:00-07:00" {
			t.Fatalf("second: %v, %v, %v", b, replaced, err)
		}
		list, err := s.Subscriptions(ctx, sub.To)
		if diff := cmp.Diff([]commands.Subscription{b}, list); diff != "" || err != nil {
			t.Errorf("list %s, %v", diff, err)
		}
		if ok, _ := s.StopSubscription(ctx, commands.Destination{Platform: commands.Telegram, Chat: "2"}, a.ID); ok {
			t.Error("another place stopped it")
		}
		if ok, _ := s.StopSubscription(ctx, sub.To, a.ID); !ok {
			t.Error("could not stop it")
		}
	})
}

func TestMovedMerges(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx, old, moved := t.Context(), testSub("-1"), testSub("-1001")
		other := testSub("-1")
		other.Topics = []string{"storm"}
		for _, sub := range []commands.Subscription{old, other, moved} {
			if _, _, err := s.AddSubscription(ctx, sub, sub.Next); err != nil {
				t.Fatal(err)
			}
		}
		for _, of := range []commands.Destination{old.To, moved.To} {
			if err := s.Set(ctx, of, commands.Settings{Zone: of.Chat}); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // telling twice changes nothing
			if err := s.Moved(ctx, old.To, moved.To); err != nil {
				t.Fatal(err)
			}
		}
		if list, _ := s.Subscriptions(ctx, moved.To); len(list) != 2 {
			t.Errorf("%d subscriptions moved, want 2", len(list))
		}
		if list, _ := s.Subscriptions(ctx, old.To); len(list) != 0 {
			t.Errorf("%d subscriptions stayed", len(list))
		}
		if set, _ := s.Get(ctx, moved.To); set[0].Zone != "-1001" {
			t.Errorf("settings of the new id were overwritten: %v", set)
		}
	})
}

func TestSeePack(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		rev := func(hash string, corrected int) briefings.Revision {
			return briefings.Revision{Hash: hash, Corrected: corrected, Title: briefings.Same(hash), Topics: []string{"reef"}}
		}
		see := func(at time.Time, revs map[briefings.ID]briefings.Revision) string {
			t.Helper()
			changes, err := s.SeePack(ctx, publication(revs), at)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, c := range changes {
				if !c.Seen.Equal(at) {
					t.Errorf("%s seen %s, want %s", c.ID, c.Seen, at)
				}
				out = append(out, string(c.ID)+" "+string(c.Kind))
			}
			return strings.Join(out, ", ")
		}
		first := map[briefings.ID]briefings.Revision{"event:a": rev("1", 0), "event:b": rev("1", 0), "event:c": rev("1", 0)}
		if got := see(noon, first); got != "" {
			t.Errorf("the baseline changes %s", got)
		}
		if got := see(noon.Add(time.Minute), first); got != "" {
			t.Errorf("the same pack changes %s", got)
		}
		second := map[briefings.ID]briefings.Revision{"event:a": rev("2", 0), "event:b": rev("2", 1), "event:d": rev("1", 0)}
		if got, want := see(noon.Add(time.Hour), second), "event:a updated, event:b corrected, event:c retracted, event:d new"; got != want {
			t.Errorf("changes %s, want %s", got, want)
		}
		if got, want := see(noon.Add(2*time.Hour), first), "event:a updated, event:b updated, event:c new, event:d retracted"; got != want {
			t.Errorf("changes back %s, want %s", got, want)
		}
		for _, tc := range []struct{ from, to, want int }{{0, 1, 0}, {0, 60, 0}, {60, 61, 4}, {61, 120, 0}, {60, 120, 4}, {0, 121, 8}} {
			got, err := s.Between(ctx, noon.Add(time.Duration(tc.from)*time.Minute), noon.Add(time.Duration(tc.to)*time.Minute))
			if err != nil || len(got) != tc.want {
				t.Errorf("between %d and %d: %d changes, %v, want %d", tc.from, tc.to, len(got), err, tc.want)
			}
			if len(got) == 8 && !got[0].Seen.After(got[7].Seen) {
				t.Error("not newest first")
			}
		}
	})
}

// TestWindowsLoseNothing: what is seen while a window is being closed falls into the next one.
func TestWindowsLoseNothing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if _, err := s.SeePack(ctx, publication(map[briefings.ID]briefings.Revision{"event:a": {Hash: "1"}}), noon.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := s.AddRun(ctx, Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
			t.Fatal(err)
		}
		// Its clock was read before the window closed, its transaction came after.
		if _, err := s.SeePack(ctx, publication(map[briefings.ID]briefings.Revision{"event:a": {Hash: "2"}}), noon.Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Between(ctx, noon, noon.Add(time.Hour)); err != nil || len(got) != 1 {
			t.Errorf("the next window holds %v, %v, want the change", got, err)
		}
	})
}

func TestOneOwner(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "griot.db")
	a, b := openTest(t, url), openTest(t, url)
	if err := errors.Join(a.Own(), a.Own()); err != nil {
		t.Fatal(err)
	}
	if err := b.Own(); err == nil || !strings.Contains(err.Error(), "stop it first") || !strings.HasSuffix(err.Error(), "GRIOT_DATABASE_URL") {
		t.Errorf("second owner: %v, want a refusal with its cure", err)
	}
	if _, err := b.Get(t.Context(), commands.Destination{}); err != nil {
		t.Errorf("reading beside the owner: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Own(); err != nil {
		t.Errorf("after the owner is gone: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text.db"), []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"", "sqlite:", "griot.db", "mysql://u:hunter2@h/db", "sqlite:" + filepath.Join(dir, "text.db"), "sqlite:" + filepath.Join(dir, "no", "where.db")} {
		s, err := Open(t.Context(), url, nil)
		if err == nil || s != nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("open %q: %v", url, err)
		}
	}
}

func TestOpenRefusesNewer(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"file", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t, kind)
			s := openTest(t, url)
			if _, err := s.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, CAST(1 AS boolean))`); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(t.Context(), url, nil); !errors.Is(err, ErrNewer) {
				t.Errorf("a newer database: %v", err)
			}
		})
	}
}

func TestPrivateFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "griot.db")
	openTest(t, "sqlite:"+file)
	for _, name := range []string{file, file + "-wal"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v, want 0600", name, info.Mode(), err)
		}
	}
}

// TestManyWriters: readers and writers at once, none refused.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for range 25 {
					sub := testSub(string(rune('a' + i)))
					if _, _, err := s.AddSubscription(context.WithoutCancel(t.Context()), sub, noon); err != nil {
						t.Errorf("write: %v", err)
					}
					if list, err := s.Subscriptions(t.Context(), sub.To); err != nil || len(list) != 1 {
						t.Errorf("read: %d, %v", len(list), err)
					}
				}
			})
		}
		all.Wait()
	})
}
