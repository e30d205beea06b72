package store

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/bot/store/storetest"
	"griot/briefings"
	"griot/commands"
)

// publication is a pack of these revisions, named by what they hold.
func publication(revs map[briefings.ID]briefings.Revision) Publish {
	return Publish{Hash: fmt.Sprint(revs), Name: "lakes", Revisions: revs}
}

// TestPacks follows one from being held to being used, and what is told of it.
func TestPacks(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if p, err := s.UsedPack(ctx); err != nil || p.Hash != "" {
			t.Fatalf("in use at first: %+v, %v", p, err)
		}
		why := []briefings.Doubt{{Kind: briefings.NumberJump, ID: "event:a", File: "events/2024.yaml", Line: 3, What: "12 became 120", Cure: "Correct it."}}
		use := func(before, hash string, minute int) {
			t.Helper()
			if _, err := s.SeePack(ctx, Publish{Hash: hash, Name: "lakes", Before: before, Revisions: map[briefings.ID]briefings.Revision{"event:a": {Hash: hash}}}, noon.Add(time.Duration(minute)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		use("", "one", 0)
		for i, want := range []bool{true, false} {
			state, first, err := s.HoldPack(ctx, "two", "lakes", why, 1, noon.Add(time.Minute))
			if err != nil || state != PackHeld || first != want {
				t.Errorf("held %d: %s, %v, %v", i, state, first, err)
			}
		}
		want := []Pack{
			{Hash: "one", Name: "lakes", State: PackUsed, Since: noon},
			{Hash: "two", Name: "lakes", State: PackHeld, Since: noon.Add(time.Minute), Why: why},
		}
		got, err := s.Packs(ctx)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("packs, %v (-want +got):\n%s", err, d)
		}
		for _, state := range []PackState{PackDropped, PackReleased} {
			if ok, err := s.DecidePack(ctx, "two", state, commands.Editor{}, noon.Add(2*time.Minute)); err != nil || !ok {
				t.Errorf("decide: %v, %v", ok, err)
			}
			if is, err := s.PackState(ctx, "two"); err != nil || is != state {
				t.Errorf("state %s, %v, want %s", is, err, state)
			}
			if is, first, err := s.HoldPack(ctx, "two", "lakes", why, 1, noon.Add(3*time.Minute)); err != nil || is != state || first {
				t.Errorf("held again: %s, %v, %v, want %s", is, first, err, state)
			}
		}
		for _, hash := range []string{"one", "none"} { // it is in use, or was never there
			if ok, err := s.DecidePack(ctx, hash, PackDropped, commands.Editor{}, noon); err != nil || ok {
				t.Errorf("decided on %s: %v, %v", hash, ok, err)
			}
		}
		use("one", "two", 4)
		if p, err := s.UsedPack(ctx); err != nil || p.Hash != "two" || !p.Since.Equal(noon.Add(4*time.Minute)) {
			t.Errorf("in use %+v, %v, want the second", p, err)
		}
		if got, err := s.Packs(ctx); err != nil || len(got) != 1 {
			t.Errorf("packs %+v, %v, want the one in use", got, err)
		}
		use("two", "one", 3) // taken back, by a clock that is behind
		if p, err := s.UsedPack(ctx); err != nil || p.Hash != "one" {
			t.Errorf("in use %+v, %v, want the first again", p, err)
		}
	})
}

func TestForgetHeld(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		if _, _, err := s.HoldPack(t.Context(), "two", "lakes", nil, 0, noon); err != nil {
			t.Fatal(err)
		}
		if err := s.ForgetHeld(t.Context(), "two", noon); err != nil {
			t.Fatal(err)
		}
		if is, err := s.PackState(t.Context(), "two"); err != nil || is != "" {
			t.Errorf("state %s, %v, want none", is, err)
		}
	})
}

// TestFilesOfThePackInUse are kept, and those of no other.
func TestFilesOfThePackInUse(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		want := bytes.Repeat([]byte{0, 255, '\n', 7}, 1000)
		for i, hash := range []string{"one", "two"} {
			if _, err := s.SeePack(ctx, Publish{Hash: hash}, noon.Add(time.Duration(i)*time.Minute)); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Files(ctx, hash); err != nil || got != nil {
				t.Errorf("files of %s at first: %d bytes, %v", hash, len(got), err)
			}
			for _, files := range [][]byte{want, nil} { // asked for once
				if err := s.KeepFiles(ctx, hash, func() ([]byte, error) { return files, nil }); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := s.Files(ctx, hash); err != nil || !bytes.Equal(got, want) {
				t.Errorf("files of %s: %d bytes, %v, want %d", hash, len(got), err, len(want))
			}
		}
		if err := s.KeepFiles(ctx, "one", func() ([]byte, error) { return want, nil }); err != nil { // too late
			t.Fatal(err)
		}
		for hash, size := range map[string]int{"one": 0, "two": len(want), "none": 0} {
			if got, err := s.Files(ctx, hash); err != nil || len(got) != size {
				t.Errorf("files of %s: %d bytes, %v, want %d", hash, len(got), err, size)
			}
		}
	})
}

// TestReplicasWithDifferentPacks: while content is rolled out, those that have
// the old pack still take nothing back that the new one changed. Taken back it
// is by an edit, or when nobody has the new one any more.
func TestReplicasWithDifferentPacks(t *testing.T) {
	t.Parallel()
	old, latest := map[briefings.ID]briefings.Revision{"event:a": said("old")}, map[briefings.ID]briefings.Revision{"event:a": said("new")}
	see := func(t *testing.T, s *Store, before string, revs map[briefings.ID]briefings.Revision, minute float64) (int, error) {
		t.Helper()
		p := publication(revs)
		p.Before = before
		changes, err := s.SeePack(t.Context(), p, noon.Add(time.Duration(minute*float64(time.Minute))))
		return len(changes), err
	}
	oldHash, newHash := publication(old).Hash, publication(latest).Hash
	steps := func(t *testing.T, s *Store) {
		t.Helper()
		for i, step := range []struct {
			before string
			revs   map[briefings.ID]briefings.Revision
			minute float64
			want   int
			err    error
		}{
			{"", old, 0, 0, nil},
			{oldHash, latest, 1, 1, nil},      // one has the new files
			{oldHash, old, 1.5, 0, ErrBehind}, // another sees a topic appear in the old ones
			{"", old, 2, 0, ErrBehind},        // or starts again with them
			{oldHash, latest, 2.5, 0, nil},    // until it has the new ones, too
			{newHash, old, 2.6, 1, nil},       // an editor takes the change back
			{newHash, old, 2.7, 0, nil},       // for all
			{"", latest, 2.8, 0, ErrBehind},   // the new one is the older now
			{"", latest, 2.7 + 2.5, 1, nil},   // nobody has had the other for two minutes
		} {
			n, err := see(t, s, step.before, step.revs, step.minute)
			if n != step.want || !errors.Is(err, step.err) {
				t.Fatalf("step %d: %d changes, %v, want %d, %v", i, n, err, step.want, step.err)
			}
		}
		if err := s.TouchPack(t.Context(), newHash, noon.Add(9*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := see(t, s, "", old, 10); !errors.Is(err, ErrBehind) {
			t.Errorf("older than one that was touched a minute ago: %v", err)
		}
	}
	t.Run("shared", func(t *testing.T) {
		t.Parallel()
		steps(t, openTest(t, storetest.URL(t, "postgres")))
	})
	t.Run("alone", func(t *testing.T) { // nobody can be ahead of the only process
		t.Parallel()
		s := openTest(t, storetest.URL(t, "file"))
		for i, revs := range []map[briefings.ID]briefings.Revision{old, latest, old, latest} {
			if n, err := see(t, s, "", revs, float64(i)/10); err != nil || n != min(i, 1) {
				t.Errorf("pack %d: %d changes, %v", i, n, err)
			}
		}
	})
}
