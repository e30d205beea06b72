package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// The link is our own and not discordgo's Open, which (v0.29.0) waits for ever
// under its lock when the first packet asks to reconnect, has no read deadline,
// hides the close code, resumes at the wrong address, ends the session when it
// finds a zombie, sleeps while it closes, and decodes packets in a goroutine in
// which a malformed one ends the program.

// Operations: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// Bounds of a link.
const (
	greetLimit = 10 * time.Second // to connect and be greeted, again to get the session
	writeLimit = 10 * time.Second
	maxPacket  = 4 << 20
	// closeToResume is any code but 1000 and 1001, which end the session.
	closeToResume = 4900
)

// session is what a resume needs.
type session struct {
	id, url string
	seq     atomic.Int64
	pending bool // a resume has no answer yet
}

func (s *session) forget() {
	s.id, s.url, s.pending = "", "", false
	s.seq.Store(0)
}

type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s"`
	Type string          `json:"t"`
}

// Reasons for which a link ends and another is wanted.
var (
	errReconnect = errors.New("gateway asked to reconnect")
	errInvalid   = errors.New("gateway refused the session")
	errZombie    = errors.New("heartbeat without an answer")
)

// link is one connection to the gateway.
type link struct {
	conn    *websocket.Conn
	write   sync.Mutex
	session *session
	shard   shard
	waiting atomic.Bool // a heartbeat is not yet acknowledged
	lost    atomic.Bool // found to be a zombie
	ready   func(app string)
	event   func(kind string, data json.RawMessage)
}

// dial connects. The address comes from Discord and holds no secret.
func dial(ctx context.Context, address string, tr http.RoundTripper) (*websocket.Conn, error) {
	d := websocket.Dialer{HandshakeTimeout: greetLimit, NetDialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, Proxy: http.ProxyFromEnvironment}
	if t, ok := tr.(*http.Transport); ok {
		d.Proxy, d.TLSClientConfig = t.Proxy, t.TLSClientConfig
		if t.DialContext != nil {
			d.NetDialContext = t.DialContext
		}
	}
	conn, resp, err := d.DialContext(ctx, address, nil)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the gateway: %w", err)
	}
	conn.SetReadLimit(maxPacket)
	return conn, nil
}

// serve speaks on the link until it ends, and says why. The reader is the
// caller's goroutine; the heartbeat is a second one that ends with it.
func (l *link) serve(ctx context.Context, token string) (err error) {
	stop := context.AfterFunc(ctx, func() { l.close(websocket.CloseNormalClosure) })
	defer stop()
	beat, still := context.WithCancel(ctx)
	var hearts sync.WaitGroup
	defer func() {
		still()
		l.close(closeToResume)
		hearts.Wait()
		if l.lost.Load() {
			err = errZombie
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	_ = l.conn.SetReadDeadline(time.Now().Add(greetLimit))
	greeted := false
	for {
		p, err := l.read()
		if err != nil {
			return err
		}
		if p == nil {
			continue // not a packet: nothing to act on
		}
		if p.Op != opHello {
			if err := l.take(p); err != nil {
				return err
			}
			continue
		}
		if greeted {
			continue
		}
		var hello struct {
			Interval int64 `json:"heartbeat_interval"`
		}
		if json.Unmarshal(p.Data, &hello) != nil || hello.Interval <= 0 {
			return errors.New("the gateway's greeting has no heartbeat interval")
		}
		greeted = true
		_ = l.conn.SetReadDeadline(time.Now().Add(greetLimit))
		interval := time.Duration(hello.Interval) * time.Millisecond
		hearts.Go(func() { l.beat(beat, interval) })
		if err := l.introduce(token); err != nil {
			return err
		}
	}
}

// read returns the next packet, or nil for text that is none.
func (l *link) read() (*packet, error) {
	kind, raw, err := l.conn.ReadMessage()
	if err != nil {
		return nil, err
	}
	var p *packet
	if kind != websocket.TextMessage || json.Unmarshal(raw, &p) != nil {
		return nil, nil
	}
	return p, nil
}

// introduce resumes the session there is, or begins one. No intents: slash
// commands and presses come without any.
func (l *link) introduce(token string) error {
	if l.session.id != "" {
		l.session.pending = true
		return l.send(opResume, map[string]any{"token": token, "session_id": l.session.id, "seq": l.session.seq.Load()})
	}
	return l.send(opIdentify, map[string]any{
		"token": token, "intents": 0, "large_threshold": 50, "shard": [2]int{l.shard.n, l.shard.of},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "griot", "device": "griot"},
	})
}

// take acts on one packet after the greeting.
func (l *link) take(p *packet) error {
	switch p.Op {
	case opDispatch:
		if p.Seq != nil {
			l.session.seq.Store(*p.Seq)
		}
		l.dispatch(p)
	case opHeartbeat:
		return l.send(opHeartbeat, l.seq())
	case opAck:
		l.waiting.Store(false)
	case opReconnect:
		l.session.pending = false
		return errReconnect
	case opInvalidSession:
		l.session.pending = false
		if string(p.Data) != "true" {
			l.session.forget()
		}
		return errInvalid
	}
	return nil
}

func (l *link) dispatch(p *packet) {
	switch p.Type {
	case "READY":
		var r struct {
			Session string `json:"session_id"`
			URL     string `json:"resume_gateway_url"`
			User    struct {
				ID string `json:"id"`
			} `json:"user"`
			App struct {
				ID string `json:"id"`
			} `json:"application"`
		}
		if json.Unmarshal(p.Data, &r) != nil && r.Session == "" {
			return
		}
		l.session.id, l.session.url = r.Session, r.URL
		_ = l.conn.SetReadDeadline(time.Time{}) // from here on the heartbeat notices silence
		if r.App.ID == "" {                     // the same for every bot made since 2016
			r.App.ID = r.User.ID
		}
		l.ready(r.App.ID)
	case "RESUMED":
		l.session.pending = false
		_ = l.conn.SetReadDeadline(time.Time{})
		l.ready("")
	default:
		l.event(p.Type, p.Data)
	}
}

// seq is the last number seen, or null.
func (l *link) seq() any {
	if n := l.session.seq.Load(); n > 0 {
		return n
	}
	return nil
}

func (l *link) send(op int, data any) error {
	l.write.Lock()
	defer l.write.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeLimit))
	return l.conn.WriteJSON(map[string]any{"op": op, "d": data})
}

// beat sends heartbeats, the first after a part of the interval so that a fleet
// does not beat at once, and cuts the link when one stays without an answer.
func (l *link) beat(ctx context.Context, interval time.Duration) {
	next := time.NewTimer(time.Duration(rand.Float64() * float64(interval)))
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		if l.waiting.Swap(true) {
			l.lost.Store(true)
			_ = l.conn.Close()
			return
		}
		if l.send(opHeartbeat, l.seq()) != nil {
			_ = l.conn.Close()
			return
		}
		next.Reset(interval)
	}
}

// close says goodbye and cuts the connection; more than once does no harm.
func (l *link) close(code int) {
	_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	_ = l.conn.Close()
}
