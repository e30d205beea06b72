package discordtest

import (
	"time"

	"github.com/gorilla/websocket"
)

// Dispatch sends an event; without a link it waits to be replayed by a resume.
func (s *Server) Dispatch(kind string, v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(kind, v)
}

// SendRaw sends text as it is to every link.
func (s *Server) SendRaw(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.gw.links {
		l.mu.Lock()
		_ = l.conn.WriteMessage(websocket.TextMessage, []byte(text))
		l.mu.Unlock()
	}
}

// SendOp sends a packet that is no event: 7 reconnect, 9 invalid session, 1 heartbeat now.
func (s *Server) SendOp(op int, v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.gw.links {
		l.send(packet{Op: op, Data: data(v)})
	}
}

// CloseLinks closes every link with a code; CutLinks cuts them without one.
func (s *Server) CloseLinks(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.gw.links {
		l.live = false
		l.close(code)
	}
}

// CutLinks cuts every link without a word.
func (s *Server) CutLinks() { s.CloseLinks(0) }

// SetHeartbeat sets the interval that later links are told.
func (s *Server) SetHeartbeat(d time.Duration) { s.set(func(g *gateway) { g.heartbeat = d }) }

// SetDeaf makes links stop acknowledging heartbeats: zombies.
func (s *Server) SetDeaf(deaf bool) { s.set(func(g *gateway) { g.deaf = deaf }) }

// SetSilent makes later links say nothing at all.
func (s *Server) SetSilent(silent bool) { s.set(func(g *gateway) { g.silent = silent }) }

// GreetWith makes the next link begin with an op instead of hello.
func (s *Server) GreetWith(op int) { s.set(func(g *gateway) { g.greeting = op }) }

// RefuseIdentify closes the next link that identifies with a code.
func (s *Server) RefuseIdentify(code int) { s.set(func(g *gateway) { g.refuse = code }) }

// RefuseResume answers every resume with "invalid session".
func (s *Server) RefuseResume(refuse bool) { s.set(func(g *gateway) { g.noResume = refuse }) }

// IgnoreResume makes the gateway say nothing to a resume, or answer again.
func (s *Server) IgnoreResume(ignore bool) { s.set(func(g *gateway) { g.muteResume = ignore }) }

// SetShards has the gateway want so many shards, of which those with the same
// remainder by concurrency may not identify twice within a time.
func (s *Server) SetShards(n, concurrency int, every time.Duration) {
	s.set(func(g *gateway) { g.shards, g.concurrency, g.every = n, concurrency, every })
}

// Linked tells which shards have a live link, by whom.
func (s *Server) Linked() map[int][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[int][]string{}
	for _, l := range s.gw.links {
		if l.live {
			out[l.session.shard[0]] = append(out[l.session.shard[0]], l.by)
		}
	}
	return out
}

func (s *Server) set(f func(*gateway)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.gw)
}

// Identifies lists how sessions began.
func (s *Server) Identifies() []Identify {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Identify(nil), s.gw.identifies...)
}

// Resumes counts resumed sessions, refused ones included.
func (s *Server) Resumes() int { return s.count(func(g *gateway) int { return g.resumes }) }

// Heartbeats counts heartbeats.
func (s *Server) Heartbeats() int { return s.count(func(g *gateway) int { return g.heartbeats }) }

// Links counts the links that stand.
func (s *Server) Links() int { return s.count(func(g *gateway) int { return len(g.links) }) }

func (s *Server) count(f func(*gateway) int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f(&s.gw)
}

// WaitReady waits until a bot has begun or resumed a session and its link stands.
func (s *Server) WaitReady() {
	s.t.Helper()
	s.Wait("a bot on the gateway", func() bool {
		return s.count(func(g *gateway) int {
			for _, l := range g.links {
				if l.live {
					return 1
				}
			}
			return 0
		}) == 1
	})
}
