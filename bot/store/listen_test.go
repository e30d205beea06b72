package store

import (
	"context"
	"testing"
	"time"

	"griot/bot/store/storetest"
)

func TestListen(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, "postgres")
	s, other := openTest(t, address), openTest(t, address)
	heard, done := make(chan struct{}, 100), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer close(done)
		s.Listen(ctx, func() { heard <- struct{}{} })
	}()
	closes(t, heard, 10*time.Second, "the start")
	sub := testSub("1")
	sub.Next = noon
	for _, step := range []struct {
		what string
		do   func(by *Store) error
	}{
		{"a subscription", func(by *Store) (err error) { sub, _, err = by.AddSubscription(ctx, sub, noon); return err }},
		{"a plan", func(by *Store) error {
			if err := by.AddRun(ctx, Run{ID: "r", Key: "r", End: noon}, noon); err != nil {
				return err
			}
			return by.AddPlans(ctx, []Plan{{Run: "r", To: sub.To, Kind: "k", Parts: 1, Subs: []Step{{ID: sub.ID, Due: noon, Next: noon, PlanAt: noon}}}}, noon)
		}},
		{"a resumption", func(by *Store) error {
			_, err := by.ResumeSubscription(ctx, sub.To, sub.ID, noon, noon, noon)
			return err
		}},
		{"a hold", func(by *Store) error { return by.Pause(ctx, "why") }},
		{"a release", func(by *Store) error { _, err := by.Release(ctx); return err }},
		{"a wait", func(by *Store) error { return by.HoldUntil(ctx, "telegram:1", time.Minute) }},
	} {
		if err := step.do(other); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		closes(t, heard, 10*time.Second, step.what)
	}
	// What it did itself is no news: nothing but the others' two are heard.
	for _, by := range []*Store{s, s, s, other, other} {
		if err := by.Pause(ctx, "why"); err != nil {
			t.Fatal(err)
		}
	}
	closes(t, heard, 10*time.Second, "a hold by the other")
	closes(t, heard, 10*time.Second, "a second one")
	if len(heard) > 0 {
		t.Error("heard itself")
	}
	if _, err := other.write.ExecContext(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	closes(t, heard, 10*time.Second, "what may have been missed when the connection broke")
	stop()
	closes(t, done, 10*time.Second, "the end")
}
