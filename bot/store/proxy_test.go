package store

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy stands before a server and falls silent when it is told to.
type proxy struct {
	addr   string
	silent atomic.Bool
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: ln.Addr().String()}
	var all sync.WaitGroup
	var open sync.Map
	t.Cleanup(func() {
		ln.Close()
		open.Range(func(c, _ any) bool { return c.(net.Conn).Close() == nil || true })
		all.Wait()
	})
	all.Go(func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			open.Store(in, nil)
			open.Store(out, nil)
			for _, way := range [2][2]net.Conn{{in, out}, {out, in}} {
				all.Go(func() {
					io.Copy(silencer{way[1], &p.silent}, way[0]) //nolint:errcheck // it ends somehow
					if !p.silent.Load() {
						way[1].Close()
					}
				})
			}
		}
	})
	return p
}

type silencer struct {
	net.Conn
	silent *atomic.Bool
}

func (s silencer) Write(b []byte) (int, error) {
	if s.silent.Load() {
		return len(b), nil
	}
	return s.Conn.Write(b)
}
