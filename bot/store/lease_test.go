package store

import (
	"context"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"griot/bot/store/storetest"
)

func lease(t *testing.T, s *Store, name string) *Lease {
	t.Helper()
	l, err := s.Lease(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if l != nil {
		t.Cleanup(l.Release)
	}
	return l
}

func closes(t *testing.T, c <-chan struct{}, within time.Duration, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(within):
		t.Fatalf("%s not within %s", what, within)
	}
}

func TestOneHasTheLease(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, "postgres")
	a, b := openTest(t, address), openTest(t, address)
	l := lease(t, a, "telegram:1")
	if l == nil {
		t.Fatal("not granted")
	}
	for _, s := range []*Store{a, b} { // nor twice to one process
		if lease(t, s, "telegram:1") != nil {
			t.Error("granted twice")
		}
	}
	if lease(t, b, "telegram:2") == nil {
		t.Error("another one not granted")
	}
	l.Release()
	l.Release()
	select {
	case <-l.Lost():
		t.Error("a released lease is lost")
	default:
	}
	again := lease(t, b, "telegram:1")
	if again == nil {
		t.Fatal("not granted after its release")
	}
	if _, err := b.write.ExecContext(t.Context(), `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
		WHERE d.datname = current_database() AND l.locktype = 'advisory'`); err != nil {
		t.Fatal(err)
	}
	closes(t, again.Lost(), beat/2, "the loss of a broken connection") // at once, not at the next beat
	end := time.Now().Add(20 * time.Second)                            // the server says goodbye before it frees what it held
	for lease(t, a, "telegram:1") == nil {
		if time.Now().After(end) {
			t.Fatal("not granted after its holder is gone")
		}
	}
}

// TestHolderIsKnown: the others are told who has a lease, and when it is given back.
func TestHolderIsKnown(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, "postgres")
	a, b := openTest(t, address), openTest(t, address)
	a.Replica("griot ferry/7")
	holder := func(want string) {
		t.Helper()
		if who, err := b.Holder(t.Context(), "telegram:1"); who != want || err != nil {
			t.Errorf("%q has it, %v, want %q", who, err, want)
		}
	}
	holder("")
	l := lease(t, a, "telegram:1")
	holder("griot ferry/7")
	heard := make(chan struct{}, 100)
	ctx, stop := context.WithCancel(t.Context())
	var listens sync.WaitGroup
	listens.Go(func() { b.Listen(ctx, func() { heard <- struct{}{} }) })
	defer listens.Wait()
	defer stop()
	closes(t, heard, 10*time.Second, "the start")
	l.Release()
	closes(t, heard, 5*time.Second, "the news that it is free")
	holder("") // before the news
}

// TestSilentHolderLosesTheLease: a process that stands still has a kernel that
// answers for it, and says nothing itself. It knows that its time is over
// before another has the lease.
func TestSilentHolderLosesTheLease(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, "postgres")
	a, b := openTest(t, address), openTest(t, address)
	c, err := a.tryLock(t.Context(), "x") // and nobody asks on it
	if err != nil || c == nil {
		t.Fatalf("not granted: %v", err)
	}
	defer closeSoon(c)
	began := time.Now()
	if certain >= silence {
		t.Errorf("sure of a lease for %s, which is free after %s", certain, silence)
	}
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for lease(t, b, "x") == nil {
		if <-again.C; time.Since(began) > silence+5*time.Second {
			t.Fatalf("not free %s after the last word", time.Since(began))
		}
	}
	if d := time.Since(began); d < certain {
		t.Errorf("free after %s already, while its holder is sure of it for %s", d, certain)
	}
}

func TestHeldIsNotGuessed(t *testing.T) {
	t.Parallel()
	s := openTest(t, storetest.URL(t, "postgres"))
	l := lease(t, s, "x")
	if !l.Held() {
		t.Error("not held at first")
	}
	for name, long := range map[string]time.Time{
		"stood still":            time.Now().Add(-certain - time.Second),
		"with a stopped machine": time.Now().Round(0).Add(-certain - time.Second),
	} {
		was := l.heard.Load()
		if l.heard.Store(&long); l.Held() {
			t.Errorf("%s: held", name)
		}
		l.heard.Store(was)
	}
	was := *l.heard.Load()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for began := time.Now(); !l.heard.Load().After(was); {
		if <-again.C; time.Since(began) > beat+answer {
			t.Fatal("the server is not asked")
		}
	}
	if _, err := s.write.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	closes(t, l.Lost(), 5*time.Second, "the loss")
	if l.Held() {
		t.Error("held after its loss")
	}
}

func TestManyWantTheLease(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, "postgres")
	stores := [2]*Store{openTest(t, address), openTest(t, address)}
	var has, most atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 10 {
				l, err := stores[i%2].Lease(t.Context(), "x")
				if err != nil {
					t.Error(err)
				}
				if l != nil {
					if has.Add(1) > 1 {
						t.Error("two have it")
					}
					most.Add(1)
					has.Add(-1)
					l.Release()
				}
			}
		})
	}
	all.Wait()
	if most.Load() == 0 {
		t.Error("nobody had it")
	}
}

// TestDeadHoldersAreNoticed: PostgreSQL frees the lock of a machine that is
// gone within 20 s, and says so whatever its own settings are.
func TestDeadHoldersAreNoticed(t *testing.T) {
	t.Parallel()
	s := openTest(t, storetest.URL(t, "postgres"))
	c, err := s.direct(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closeSoon(c)
	for name, want := range keepalives {
		var got string
		if err := c.QueryRow(t.Context(), `SELECT setting FROM pg_settings WHERE name = $1`, name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", name, got, err, want)
		}
	}
}

// TestSilentNetworkLosesTheLease: the connection stands, but nothing comes any more.
func TestSilentNetworkLosesTheLease(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(storetest.URL(t, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, u.Host)
	u.Host = p.addr
	s, err := Open(t.Context(), u.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := lease(t, s, "x")
	p.silent.Store(true)
	closes(t, l.Lost(), beat+answer+2*time.Second, "the loss behind a silent network")
	began := time.Now()
	l.Release()
	if d := time.Since(began); d > 3*time.Second {
		t.Errorf("released after %s", d)
	}
	began = time.Now()
	if err := s.Close(); err != nil || time.Since(began) > time.Second {
		t.Errorf("closed after %s: %v", time.Since(began), err)
	}
}

func TestSQLiteNeedsNoLease(t *testing.T) {
	t.Parallel()
	s := openTest(t, "sqlite::memory:")
	l := lease(t, s, "x")
	if l == nil || l.Lost() != nil || s.Shared() {
		t.Errorf("lease %v of %v", l, s.Shared())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Listen(ctx, func() { t.Error("heard something") })
}
