package fleet_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"griot/bot/adapter"
	"griot/bot/fleet"
	"griot/bot/store"
	"griot/bot/store/storetest"
)

// replica is one on the database of that address, which hears the others, and
// the lines it logs.
func replica(t *testing.T, url string) (*fleet.Fleet, lines) {
	t.Helper()
	s, err := store.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	log := make(lines, 1000)
	f := fleet.New(s, slog.New(slog.NewTextHandler(log, nil)))
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var all sync.WaitGroup
	all.Go(func() { s.Listen(ctx, f.Hear) })
	t.Cleanup(func() {
		stop()
		all.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return f, log
}

// lines is a log.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// await waits for a line that holds each of the texts.
func (l lines) await(t *testing.T, texts ...string) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case line := <-l:
			if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
				return
			}
		case <-limit:
			t.Fatalf("no line with %q", texts)
		}
	}
}

func TestLeasesMove(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "postgres")
	a, _ := replica(t, url)
	b, log := replica(t, url)
	first, err := a.Lease(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Leases(); !slices.Equal(got, []string{"x"}) || !first.Held() {
		t.Errorf("a has %v", got)
	}
	next := make(chan adapter.Lease)
	go func() {
		l, err := b.Lease(t.Context(), "x")
		if err != nil {
			t.Error(err)
		}
		next <- l
	}()
	log.await(t, "another replica has the lease", "lease=x", "holder="+a.Name())
	first.Release()
	select {
	case l := <-next:
		if got := b.Leases(); !slices.Equal(got, []string{"x"}) || len(a.Leases()) != 0 {
			t.Errorf("b has %v, a %v", got, a.Leases())
		}
		l.Release()
	case <-time.After(20 * time.Second):
		t.Fatal("b did not get what a gave back")
	}
	ctx, cancel := context.WithCancel(t.Context())
	held, err := a.Lease(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if l, err := b.Lease(ctx, "x"); l != nil || err == nil {
		t.Errorf("a wait that is over gives %v, %v", l, err)
	}
	held.Release()
}

func TestTurnsAreShared(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "postgres")
	a, _ := replica(t, url)
	b, _ := replica(t, url)
	const every = 60 * time.Millisecond
	var mu sync.Mutex
	var at []time.Time
	var all sync.WaitGroup
	for _, f := range []*fleet.Fleet{a, b, a, b} {
		all.Go(func() {
			err := f.Turn(t.Context(), "discord:1|identify|0", every)
			mu.Lock()
			defer mu.Unlock()
			if at = append(at, time.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if d := at[len(at)-1].Sub(at[0]); d < 3*every-20*time.Millisecond {
		t.Errorf("four turns in %s, want %s between any two", d, every)
	}
}

func TestReplicasHaveNames(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, "postgres")
	a, _ := replica(t, url)
	b, _ := replica(t, url)
	if a.Name() == "" || a.Name() == b.Name() {
		t.Errorf("names %q and %q, want two", a.Name(), b.Name())
	}
}

// While the database is away nobody has a lease, and afterwards one has it.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	cluster := storetest.NewCluster(t)
	f, log := replica(t, cluster.URL(t))
	l, err := f.Lease(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	cluster.Stop(t, "immediate")
	<-l.Lost()
	if l.Release(); l.Held() || len(f.Leases()) != 0 {
		t.Errorf("has %v without a database", f.Leases())
	}
	next := make(chan adapter.Lease)
	go func() {
		l, err := f.Lease(t.Context(), "x")
		if err != nil {
			t.Error(err)
		}
		next <- l
	}()
	log.await(t, "lease not asked for", "lease=x")
	cluster.Start(t)
	select {
	case l := <-next:
		l.Release()
	case <-time.After(30 * time.Second):
		t.Error("no lease after the database came back")
	}
}
