package discordtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const gatewayPath = "/gateway-link/"

// gateway is the state of all links, behind Server.mu.
type gateway struct {
	heartbeat   time.Duration
	deaf        bool // acknowledge no heartbeat
	silent      bool // say nothing, not even hello
	greeting    int  // an op sent instead of hello, once
	refuse      int  // close code for the next identify, or 0
	noResume    bool // answer a resume with op 9
	muteResume  bool // answer a resume with nothing
	seq         int64
	events      []packet // since the session began
	session     string
	links       []*link
	identifies  []Identify
	resumes     int
	heartbeats  int
	resumedFrom int64
	ready       bool
}

// Identify is what a bot said when it began a session.
type Identify struct {
	Token      string            `json:"token"`
	Intents    *int              `json:"intents"`
	Properties map[string]string `json:"properties"`
}

type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type *string         `json:"t"`
}

type link struct {
	mu   sync.Mutex // serializes writes
	conn *websocket.Conn
	live bool // identified or resumed
}

func (l *link) send(p packet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.conn.WriteJSON(p)
}

func (l *link) close(code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if code != 0 {
		_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	}
	_ = l.conn.Close()
}

func (s *Server) gatewayURL() string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + gatewayPath
}

func data(v any) json.RawMessage {
	b, _ := json.Marshal(v)
	return b
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	l := &link{conn: conn}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		l.close(0)
		return
	}
	s.gw.links = append(s.gw.links, l)
	hello := packet{Op: 10, Data: data(map[string]any{"heartbeat_interval": s.gw.heartbeat.Milliseconds()})}
	if s.gw.greeting != 0 {
		hello, s.gw.greeting = packet{Op: s.gw.greeting, Data: data(false)}, 0
	}
	silent := s.gw.silent
	s.touch()
	s.mu.Unlock()
	if !silent {
		l.send(hello)
	}
	for {
		_, raw, err := conn.ReadMessage()
		if err != nil {
			break
		}
		var p packet
		if json.Unmarshal(raw, &p) != nil {
			l.close(4002)
			break
		}
		s.handle(l, p)
	}
	l.close(0)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.gw.links {
		if other == l {
			s.gw.links = append(s.gw.links[:i], s.gw.links[i+1:]...)
			break
		}
	}
	s.touch()
}

func (s *Server) handle(l *link, p packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.touch()
	switch p.Op {
	case 1:
		s.gw.heartbeats++
		if !s.gw.deaf {
			l.send(packet{Op: 11})
		}
	case 2:
		s.identify(l, p.Data)
	case 6:
		s.resume(l, p.Data)
	}
}

// identify begins a session; s.mu is held.
func (s *Server) identify(l *link, raw json.RawMessage) {
	var id Identify
	_ = json.Unmarshal(raw, &id)
	s.gw.identifies = append(s.gw.identifies, id)
	switch {
	case s.gw.refuse != 0:
		l.close(s.gw.refuse)
		s.gw.refuse = 0
		return
	case strings.TrimPrefix(id.Token, "Bot ") != s.Token(): // discordgo sends it with the prefix, and Discord takes that
		l.close(4004)
		return
	case id.Intents == nil || id.Properties["os"]+id.Properties["$os"] == "":
		l.close(4002)
		return
	}
	s.gw.session, s.gw.events, s.gw.seq = "session-"+s.id(), nil, 0
	l.live, s.gw.ready = true, true
	s.emit("READY", map[string]any{
		"v": 10, "session_id": s.gw.session, "resume_gateway_url": s.gatewayURL() + "resume",
		"user":        map[string]any{"id": AppID, "username": "griot", "bot": true},
		"application": map[string]any{"id": AppID, "flags": 0}, "guilds": []any{},
	})
}

// resume goes on with a session; s.mu is held.
func (s *Server) resume(l *link, raw json.RawMessage) {
	var in struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	_ = json.Unmarshal(raw, &in)
	s.gw.resumes++
	switch {
	case strings.TrimPrefix(in.Token, "Bot ") != s.Token():
		l.close(4004)
		return
	case s.gw.muteResume:
		return
	case s.gw.noResume || in.Session != s.gw.session || in.Seq > s.gw.seq:
		l.send(packet{Op: 9, Data: data(false)})
		return
	}
	s.gw.resumedFrom = in.Seq
	for _, p := range s.gw.events {
		if *p.Seq > in.Seq {
			l.send(p)
		}
	}
	l.live = true
	s.emit("RESUMED", map[string]any{})
}

// emit dispatches to every live link and remembers the event; s.mu is held.
func (s *Server) emit(kind string, v any) {
	s.gw.seq++
	seq := s.gw.seq
	p := packet{Op: 0, Data: data(v), Seq: &seq, Type: &kind}
	if s.gw.events = append(s.gw.events, p); len(s.gw.events) > 1000 {
		s.gw.events = s.gw.events[500:]
	}
	for _, l := range s.gw.links {
		if l.live {
			l.send(p)
		}
	}
}
