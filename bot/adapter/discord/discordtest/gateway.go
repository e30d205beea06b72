package discordtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
	shards      int  // as many as are recommended; when more than one, also required
	concurrency int
	every       time.Duration // between identifies of one rate limit key
	sessions    []*session    // that stand or may be resumed
	links       []*link
	identifies  []Identify
	resumes     int
	heartbeats  int
}

// Identify is what a bot said when it began a session.
type Identify struct {
	By         string // whose address it came by, of those that [Server.URLFor] made
	At         time.Time
	Token      string            `json:"token"`
	Intents    *int              `json:"intents"`
	Properties map[string]string `json:"properties"`
	Shard      *[2]int           `json:"shard"` // its number, and of how many
}

type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type *string         `json:"t"`
}

// session is what a bot began by identifying.
type session struct {
	id     string
	shard  [2]int
	seq    int64
	events []packet // since it began
}

// hears reports whether an event is for the session's shard:
// https://docs.discord.com/developers/events/gateway#sharding
func (s *session) hears(event any) bool {
	m, _ := event.(map[string]any)
	guild, _ := m["guild_id"].(string)
	id, _ := strconv.ParseUint(guild, 10, 64)
	return int(id>>22)%s.shard[1] == s.shard[0]
}

type link struct {
	by      string
	mu      sync.Mutex // serializes writes
	conn    *websocket.Conn
	session *session // once identified or resumed
	live    bool
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

// gatewayURL is where the gateway is, for the bot of that name.
func (s *Server) gatewayURL(by string) string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + gatewayPath + url.PathEscape(by)
}

// gatewayBot answers GET /gateway/bot.
func (s *Server) gatewayBot(by string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ok(map[string]any{"url": s.gatewayURL(by), "shards": s.gw.shards, "session_start_limit": map[string]any{
		"total": 1000, "remaining": 990, "reset_after": 86400000, "max_concurrency": s.gw.concurrency,
	}})
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
	l.by, _, _ = strings.Cut(strings.TrimPrefix(r.URL.Path, gatewayPath), "/")
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
			s.left(l, websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway))
			return
		}
		var p packet
		if json.Unmarshal(raw, &p) != nil {
			l.close(4002)
			continue
		}
		s.handle(l, p)
	}
}

// left forgets a link, and its session when the bot ended it.
func (s *Server) left(l *link, ended bool) {
	l.close(0)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gw.links = slices.DeleteFunc(s.gw.links, func(other *link) bool { return other == l })
	if ended {
		s.gw.sessions = slices.DeleteFunc(s.gw.sessions, func(other *session) bool { return other == l.session })
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
	id := Identify{By: l.by, At: time.Now()}
	_ = json.Unmarshal(raw, &id)
	shard := [2]int{0, 1}
	if id.Shard != nil {
		shard = *id.Shard
	}
	early := slices.ContainsFunc(s.gw.identifies, func(other Identify) bool {
		return id.At.Sub(other.At) < s.gw.every && other.Shard != nil && id.Shard != nil && (other.Shard[0]-shard[0])%s.gw.concurrency == 0
	})
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
	case shard[0] < 0 || shard[0] >= shard[1]:
		l.close(4010)
		return
	case shard[1] < s.gw.shards:
		l.close(4011)
		return
	case early:
		l.send(packet{Op: 9, Data: data(false)})
		return
	}
	l.session = &session{id: "session-" + s.id(), shard: shard}
	s.gw.sessions = append(s.gw.sessions, l.session)
	l.live = true
	s.tell(l.session, "READY", map[string]any{
		"v": 10, "session_id": l.session.id, "resume_gateway_url": s.gatewayURL(l.by) + "/resume",
		"user":        map[string]any{"id": AppID, "username": "griot", "bot": true},
		"application": map[string]any{"id": AppID, "flags": 0}, "guilds": []any{}, "shard": shard,
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
	at := slices.IndexFunc(s.gw.sessions, func(known *session) bool { return known.id == in.Session })
	switch {
	case strings.TrimPrefix(in.Token, "Bot ") != s.Token():
		l.close(4004)
		return
	case s.gw.muteResume:
		return
	case s.gw.noResume || at < 0 || in.Seq > s.gw.sessions[at].seq:
		l.send(packet{Op: 9, Data: data(false)})
		return
	}
	l.session = s.gw.sessions[at]
	for _, p := range l.session.events {
		if *p.Seq > in.Seq {
			l.send(p)
		}
	}
	l.live = true
	s.tell(l.session, "RESUMED", map[string]any{})
}

// emit dispatches to the sessions an event is for; s.mu is held.
func (s *Server) emit(kind string, v any) {
	for _, to := range s.gw.sessions {
		if to.hears(v) {
			s.tell(to, kind, v)
		}
	}
}

// tell dispatches to one session's live links and remembers the event; s.mu is held.
func (s *Server) tell(to *session, kind string, v any) {
	to.seq++
	seq := to.seq
	p := packet{Op: 0, Data: data(v), Seq: &seq, Type: &kind}
	if to.events = append(to.events, p); len(to.events) > 1000 {
		to.events = to.events[500:]
	}
	for _, l := range s.gw.links {
		if l.live && l.session == to {
			l.send(p)
		}
	}
}
