package main

import (
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// wire is the network between one process and the database. It can go dead:
// its connections stand, and nothing comes through any more.
type wire struct {
	url  string // of the database, by this wire
	dead atomic.Bool
	open sync.Map // connections
}

// newWire lays a wire to the database of that address.
func newWire(t testing.TB, database string) *wire {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := u.Host
	u.Host = l.Addr().String()
	w := &wire{url: u.String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.carry(in, to) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.open.Range(func(c, _ any) bool { return c.(net.Conn).Close() == nil || true })
		all.Wait()
	})
	return w
}

// carry carries one connection both ways until either side ends it.
func (w *wire) carry(in net.Conn, to string) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		_ = in.Close()
		return
	}
	w.open.Store(in, nil)
	w.open.Store(out, nil)
	var both sync.WaitGroup
	for _, way := range [2][2]net.Conn{{in, out}, {out, in}} {
		both.Go(func() {
			w.pump(way[0], way[1])
			if !w.dead.Load() {
				_ = way[1].Close()
			}
		})
	}
	both.Wait()
	_ = in.Close()
	_ = out.Close()
}

// pump copies until the connection ends; of a dead wire what comes is lost.
func (w *wire) pump(from, to net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if n > 0 && !w.dead.Load() {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
