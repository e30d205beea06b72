package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"griot/bot/store/storetest"
	"griot/commands"
)

// deliver brings deliveries to their end, as a worker does, until none is left
// or ctx is done. It calls failed with every error and goes on.
func deliver(ctx context.Context, s *Store, by string, sent *sync.Map, failed func(error)) {
	work := context.WithoutCancel(ctx)
	pause := func(err error) bool {
		if err == nil {
			return false
		}
		failed(err)
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
		return true
	}
	for ctx.Err() == nil {
		got, err := s.Claim(work, commands.Telegram, by, noon, noon.Add(time.Minute), 4)
		if pause(err) {
			continue
		}
		for _, d := range got {
			ok, err := s.Start(work, d, by, noon, noon.Add(time.Minute))
			if pause(err) || !ok {
				continue // its lease runs out
			}
			d.Attempt++
			for ctx.Err() == nil && pause(s.Finish(work, d, by, Outcome{State: Sent, Ref: by}, noon)) {
			}
			sent.Store(d.To, by)
		}
		if len(got) == 0 {
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}

// TestPostgresRestarts: the server crashes and comes back under load. Whoever
// works gets errors that say so, and works on; nothing that was kept is lost.
func TestPostgresRestarts(t *testing.T) {
	t.Parallel()
	cluster := storetest.NewCluster(t)
	address := cluster.URL(t)
	stores := [2]*Store{openTest(t, address), openTest(t, address)}
	const places = 600
	plannedFor(t, stores[0], places, 1)
	l := lease(t, stores[0], "x")
	heard, listened := make(chan struct{}, 1000), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer close(listened)
		stores[1].Listen(ctx, func() { heard <- struct{}{} })
	}()
	closes(t, heard, 10*time.Second, "the start")

	var sent sync.Map
	var faults atomic.Int32
	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			deliver(ctx, stores[i%2], fmt.Sprint(i), &sent, func(err error) {
				faults.Add(1)
				if !errors.Is(err, ErrUnreachable) {
					t.Errorf("an error that does not say what happened: %v", err)
				}
			})
		})
	}
	for _, mode := range []string{"immediate", "fast"} {
		done(t, stores[0], cluster, 50, mode)
	}
	closes(t, l.Lost(), beat+answer, "the loss of the lease")
	closes(t, heard, time.Minute, "the return")
	l.Release()
	if l := lease(t, stores[1], "x"); l == nil {
		t.Error("the lease is not free after the restart")
	}
	late := noon.Add(time.Hour)
	for end := time.Now().Add(time.Minute); ; { // what was in hand at the crash comes back when its lease ran out
		left, err := stores[0].Abandoned(ctx, "me", false, late, noon.Add(-time.Second))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range left {
			if err := stores[0].Finish(ctx, d, "me", Outcome{State: Retry, NotBefore: noon}, noon); err != nil {
				t.Fatal(err)
			}
		}
		states, err := stores[0].States(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if states["sent"] == places {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("states %v", states)
		}
	}
	stop()
	workers.Wait()
	<-listened
	rows, err := stores[0].Deliveries(t.Context(), "r")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range rows {
		if by, ok := sent.Load(d.To); ok && d.Ref != by && d.Attempt < 2 {
			t.Errorf("%s was kept as sent by %v, is sent by %s", d.To, by, d.Ref)
		}
	}
	if faults.Load() == 0 {
		t.Error("nobody noticed the restarts: this test tests nothing")
	}
}

// done waits until some more are sent, then restarts the server.
func done(t *testing.T, s *Store, cluster *storetest.Cluster, more int, mode string) {
	t.Helper()
	count := func() int {
		states, err := s.States(t.Context())
		if err != nil && !errors.Is(err, ErrUnreachable) {
			t.Fatal(err)
		}
		return states["sent"]
	}
	for from, end := count(), time.Now().Add(time.Minute); count() < from+more; {
		if time.Now().After(end) {
			t.Fatal("nothing is sent")
		}
	}
	cluster.Stop(t, mode)
	cluster.Start(t)
}

// TestFileHeldByAnother: a program that has the file for itself for a moment is
// waited for; one that keeps it is told of.
func TestFileHeldByAnother(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "griot.db")
	s, other := openTest(t, "sqlite:"+file), openTest(t, "sqlite:"+file)
	hold := func(d time.Duration) (released chan error) {
		locked, released := make(chan struct{}), make(chan error, 1)
		go func() {
			released <- other.tx(context.WithoutCancel(t.Context()), func(tx conn) error {
				close(locked)
				<-time.After(d)
				return nil
			})
		}()
		<-locked
		return released
	}
	released := hold(time.Second)
	if err := s.SetNote(t.Context(), "a", "1"); err != nil {
		t.Errorf("write beside a short hold: %v", err)
	}
	if err := <-released; err != nil {
		t.Fatal(err)
	}
	released = hold(8 * time.Second)
	if err := s.SetNote(t.Context(), "a", "2"); !errors.Is(err, ErrLocked) {
		t.Errorf("write beside a long hold: %v, want %v", err, ErrLocked)
	}
	if got, err := s.Note(t.Context(), "a"); got != "1" || err != nil {
		t.Errorf("read beside a hold: %q, %v", got, err)
	}
	if err := <-released; err != nil {
		t.Fatal(err)
	}
	if err := s.SetNote(t.Context(), "a", "3"); err != nil {
		t.Errorf("write after the hold: %v", err)
	}
}

// TestNoRoom: when there is no room left everything says so and nothing is
// half done; when there is again it works on. (A server's disk is its own:
// TestErrors holds what it says.)
func TestNoRoom(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"file", "memory"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := openTest(t, storetest.URL(t, kind))
			var pages int
			if err := s.write.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
				t.Fatal(err)
			}
			room := func(pages int) {
				t.Helper()
				if _, err := s.write.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
					t.Fatal(err)
				}
			}
			room(pages + 2)
			noRoom(t, s)
			room(1 << 30)
			roomAgain(t, s)
		})
	}
}

// noRoom writes until there is no room, in every way there is.
func noRoom(t *testing.T, s *Store) {
	t.Helper()
	full := false
	for i := 0; i < 10_000 && !full; i++ {
		err := s.SetNote(t.Context(), fmt.Sprint("note", i), strings.Repeat("x", 2000))
		if full = errors.Is(err, ErrFull); err != nil && !full {
			t.Fatalf("write without room: %v", err)
		}
	}
	if !full {
		t.Fatal("there is room: this test tests nothing")
	}
	before := everything(t, s)
	_, _, err := s.AddSubscription(t.Context(), testSub(strings.Repeat("9", 5000)), noon)
	if !errors.Is(err, ErrFull) {
		t.Errorf("subscribe without room: %v", err)
	}
	if _, err := s.SaveMessages(t.Context(), "r", "k", []string{strings.Repeat("x", 9000)}, Saying{}, noon); !errors.Is(err, ErrFull) {
		t.Errorf("keep messages without room: %v", err)
	}
	if after := everything(t, s); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Error("something is half done")
	}
}

func roomAgain(t *testing.T, s *Store) {
	t.Helper()
	var sound string
	if err := s.write.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("the database is %s, %v", sound, err)
	}
	plannedFor(t, s, 20, 2)
	if got := claimed(t, s, "me", 100); len(got) != 20 {
		t.Errorf("claimed %d, want 20", len(got))
	}
}

// TestErrors says which errors of PostgreSQL are whose.
func TestErrors(t *testing.T) {
	t.Parallel()
	own := errors.New("own")
	for _, tc := range []struct {
		name string
		err  error
		want error // beside the error itself
	}{
		{"none", nil, nil},
		{"ours", own, nil},
		{"a statement's", &pgconn.PgError{Code: "42P01"}, nil},
		{"a wrong password", &pgconn.PgError{Code: "28P01"}, nil},
		{"no such database", &pgconn.PgError{Code: "3D000"}, nil},
		{"it stops", &pgconn.PgError{Code: "57P01"}, ErrUnreachable},
		{"it starts", &pgconn.PgError{Code: "57P03"}, ErrUnreachable},
		{"too many", &pgconn.PgError{Code: "53300"}, ErrUnreachable},
		{"no answer in time", context.DeadlineExceeded, ErrUnreachable},
		{"the network", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, ErrUnreachable},
		{"given up by the caller", context.Canceled, nil},
		{"no room", &pgconn.PgError{Code: "53100"}, ErrFull},
	} {
		got := unreachable(tc.err)
		if tc.want == nil && got != tc.err || tc.want != nil && !errors.Is(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
		if again := unreachable(got); again != got {
			t.Errorf("%s: said twice: %v", tc.name, again)
		}
	}
}
