package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"griot/commands"
)

// finishAs ends a run's open deliveries, part by part as told by place and part;
// the rest is sent.
func finishAs(t *testing.T, s *Store, at time.Time, ends map[string]Outcome) {
	t.Helper()
	for {
		list, err := s.Claim(t.Context(), commands.Telegram, "me", at, at.Add(time.Minute), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return
		}
		for _, d := range list {
			o, ok := ends[fmt.Sprint(d.To.Chat, "/", d.Part)]
			if !ok {
				o = Outcome{State: Sent, Ref: fmt.Sprint(d.Part)}
			}
			if ok, err := s.Start(t.Context(), d, "me", at, at.Add(time.Minute)); !ok || err != nil {
				t.Fatal(ok, err)
			}
			d.Attempt++
			if err := s.Finish(t.Context(), d, "me", o, at); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func chatOf(id string) commands.Destination {
	return commands.Destination{Platform: commands.Telegram, Chat: id}
}

// shown writes the deliveries of a run as "chat/part state".
func shown(t *testing.T, s *Store, run string) []string {
	t.Helper()
	list, err := s.Deliveries(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s/%d %s", d.To.Chat, d.Part, d.State))
	}
	return out
}

func report(t *testing.T, s *Store, run string) RunReport {
	t.Helper()
	list, err := s.Reports(t.Context(), run, 0)
	if err != nil || len(list) != 1 {
		t.Fatalf("reports %v, %v", list, err)
	}
	return list[0]
}

// TestPutBackOnlyWhatIsMissing: every way a part may end, at places of its own.
func TestPutBackOnlyWhatIsMissing(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ends := map[string]Outcome{
			"2/0": {State: Dead, Err: "gone"},                             // and what is behind it is skipped
			"3/1": {State: Expired},                                       // and what is behind it is skipped
			"4/1": {State: Unknown},                                       // what is behind it is sent
			"5/0": {State: Dead, Doubts: 1, Err: "refused after a doubt"}, // may have arrived as well
			"6/0": {State: Skipped, Err: "stopped or paused"},             // on purpose, with the rest
		}
		for i := range 6 {
			planRun(t, s, chatOf(fmt.Sprint(i+1)), "r", 3, noon)
		}
		if r := report(t, s, "r"); r.Finished() || len(r.Missing) > 0 || r.States[Planned] != 18 || r.Places != 6 {
			t.Errorf("before: %+v", r)
		}
		finishAs(t, s, noon, ends)
		r := report(t, s, "r")
		if want := map[State]int{Sent: 3 + 1 + 2, Dead: 2, Expired: 1, Unknown: 1, Skipped: 2 + 1 + 2 + 3}; !r.Finished() || cmp.Diff(want, r.States) != "" {
			t.Errorf("after: %v, want %v", r.States, want)
		}
		if want := []commands.Destination{chatOf("2"), chatOf("3"), chatOf("4"), chatOf("5")}; cmp.Diff(want, r.Missing) != "" {
			t.Errorf("missing %v, want %v", r.Missing, want)
		}

		later := noon.Add(time.Hour)
		back, err := s.PutBack(t.Context(), "r", false, later.Add(12*time.Hour), later)
		if want := (PutBack{Parts: 3 + 2 + 2, Places: 3, Left: []Left{{chatOf("4"), LeftDoubt}, {chatOf("5"), LeftDoubt}}}); err != nil || cmp.Diff(want, back) != "" {
			t.Errorf("put back %+v, %v, want %+v", back, err, want)
		}
		want := []string{
			"1/0 sent", "1/1 sent", "1/2 sent", "2/0 planned", "2/1 planned", "2/2 planned", "3/0 sent", "3/1 planned", "3/2 planned",
			"4/0 sent", "4/1 unknown", "4/2 sent", "5/0 dead", "5/1 planned", "5/2 planned", "6/0 skipped", "6/1 skipped", "6/2 skipped",
		}
		if diff := cmp.Diff(want, shown(t, s, "r")); diff != "" {
			t.Error(diff)
		}
	})
}

// TestPutBackDoubtful: what may have arrived goes only when asked for, and
// stays in doubt from when it was planned, so that a history is looked into.
func TestPutBackDoubtful(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		planRun(t, s, chatOf("1"), "r", 2, noon)
		finishAs(t, s, noon.Add(time.Minute), map[string]Outcome{"1/0": {State: Unknown, Doubts: 1002, Refusals: 2, Err: "lost"}, "1/1": {State: Dead}})
		later := noon.Add(time.Hour)
		back, err := s.PutBack(t.Context(), "r", true, later.Add(12*time.Hour), later)
		if err != nil || cmp.Diff(PutBack{Parts: 2, Places: 1}, back) != "" {
			t.Fatalf("put back %+v, %v", back, err)
		}
		list, err := s.Deliveries(t.Context(), "r")
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range list {
			want := d
			want.State, want.Doubts, want.Refusals, want.Err, want.NotBefore, want.Expires, want.StartedAt = Planned, 1-i, 0, "", later, later.Add(12*time.Hour), time.Time{}
			if i == 0 {
				want.StartedAt = noon
			}
			if diff := cmp.Diff(want, d); diff != "" {
				t.Errorf("part %d: %s", i, diff)
			}
		}
		finishAs(t, s, later, nil)
		if sub := only(t, s, chatOf("1")); !sub.Last.Equal(noon) {
			t.Errorf("reported up to %s, want %s: everything arrived now", sub.Last, noon)
		}
		if back, err := s.PutBack(t.Context(), "r", true, later, later); err != nil || back.Parts != 0 || len(back.Left) != 0 {
			t.Errorf("again: %+v, %v, want nothing: all was sent", back, err)
		}
	})
}

// TestPutBackWhoWantsIt: a place that heard of it since, or does not want it
// any more, is left alone, and why is told.
func TestPutBackWhoWantsIt(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		dead := map[string]Outcome{}
		for _, id := range []string{"1", "2", "3", "4", "5"} {
			planRun(t, s, chatOf(id), "r", 1, noon)
			dead[id+"/0"] = Outcome{State: Dead}
		}
		finishAs(t, s, noon, dead)
		planRun(t, s, chatOf("3"), "next", 1, noon.Add(24*time.Hour))
		ended(t, s, noon.Add(24*time.Hour), Outcome{State: Sent})
		planRun(t, s, chatOf("2"), "next", 1, noon.Add(24*time.Hour)) // on its way
		if _, err := s.PauseSubscription(ctx, chatOf("4"), only(t, s, chatOf("4")).ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.StopSubscription(ctx, chatOf("5"), only(t, s, chatOf("5")).ID); err != nil {
			t.Fatal(err)
		}
		back, err := s.PutBack(ctx, "r", false, noon.Add(48*time.Hour), noon.Add(25*time.Hour))
		want := PutBack{Parts: 1, Places: 1, Left: []Left{{chatOf("2"), LeftReplied}, {chatOf("3"), LeftReplied}, {chatOf("4"), LeftHeld}, {chatOf("5"), LeftGone}}}
		if diff := cmp.Diff(want, back); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if n := ended(t, s, noon.Add(26*time.Hour), Outcome{State: Sent}); n != 2 {
			t.Errorf("%d sent, want the one put back and one of the next run", n)
		}
		if back, err := s.PutBack(ctx, "nothing", false, noon, noon); err != nil || cmp.Diff(PutBack{}, back) != "" {
			t.Errorf("a run that is none: %+v, %v", back, err)
		}
	})
}

// TestReportsNewestFirst: as many as asked for, each with its own counts.
func TestReportsNewestFirst(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, run := range []string{"aa01", "aa02", "ab03"} {
			at := noon.Add(time.Duration(i) * 24 * time.Hour)
			planRun(t, s, chatOf("1"), run, i+1, at)
			ended(t, s, at, Outcome{State: Dead, Err: "gone"})
		}
		if err := s.AddRun(ctx, Run{ID: "bare", Key: "bare"}, noon.Add(100*time.Hour)); err != nil {
			t.Fatal(err)
		}
		for limit, want := range map[int]string{0: "ab03 aa02 aa01", 2: "ab03 aa02", 9: "ab03 aa02 aa01"} {
			list, err := s.Reports(ctx, "", limit)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, r := range list {
				got.WriteString(" " + r.ID)
				if r.States[Dead] != 1 || r.Places != 1 || len(r.Missing) != 1 || !r.Finished() || r.Purpose != Digest || r.Planned.IsZero() {
					t.Errorf("%s: %+v", r.ID, r)
				}
			}
			if got.String() != " "+want {
				t.Errorf("at most %d: %s, want %s", limit, got.String(), want)
			}
		}
		for digits, want := range map[string]int{"aa01": 1, "ab": 1, "aa": 2, "a": 2, "c": 0, "": 0, "%": 0, "a_": 0, "AA01": 0} {
			if got, err := s.RunsNamed(ctx, digits); err != nil || len(got) != want {
				t.Errorf("%q names %v, %v, want %d", digits, got, err, want)
			}
		}
	})
}
