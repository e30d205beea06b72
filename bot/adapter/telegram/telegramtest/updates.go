package telegramtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

type update struct {
	id  int64
	raw json.RawMessage
}

type webhook struct {
	url, secret string
	pending     int
}

// Incoming is something written to a chat.
type Incoming struct {
	From      User
	Chat      int64
	Thread    int64 // with Topic, a forum topic; without, a mere reply thread
	Topic     bool
	Text      string
	Age       time.Duration // how long ago it was written
	As        int64         // chat that writes as itself: an anonymous administrator, a channel
	Edited    bool
	Forwarded bool  // by the platform, from the linked channel
	ReplyTo   int64 // id of the message of the chat it replies to
	Passed    bool  // forwarded by From, from somewhere else
	Caption   string
	To        *Incoming // what it replies to, when that is nobody's message here
	Quote     string    // the part of it that was marked
}

// Say writes a text in a chat, as a user would, and returns its message id.
func (s *Server) Say(from User, chat int64, text string) int64 {
	return s.Write(Incoming{From: from, Chat: chat, Text: text})
}

// Write writes to a chat and returns the message's id.
func (s *Server) Write(in Incoming) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chat(in.Chat)
	id := s.next()
	m := map[string]any{"message_id": id, "date": now() - int64(in.Age/time.Second), "chat": c.json(), "text": in.Text}
	kind := "message"
	if c.Type == "channel" {
		kind, m["sender_chat"] = "channel_post", c.json()
	} else {
		m["from"] = in.From.json()
	}
	if in.As != 0 {
		m["sender_chat"] = map[string]any{"id": in.As, "type": "channel"}
		m["from"] = map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
	}
	if in.Thread != 0 {
		m["message_thread_id"] = in.Thread
	}
	if in.Topic {
		m["is_topic_message"] = true
	}
	for _, to := range c.messages {
		if to.ID == in.ReplyTo {
			m["reply_to_message"] = to.json(c)
		}
	}
	if in.Forwarded {
		m["is_automatic_forward"] = true
	}
	if in.Passed {
		m["forward_origin"] = map[string]any{"type": "hidden_user", "sender_user_name": "Somebody", "date": now()}
	}
	if in.Caption != "" {
		delete(m, "text")
		m["caption"], m["photo"] = in.Caption, []any{}
	}
	if in.To != nil {
		m["reply_to_message"] = map[string]any{"message_id": id - 1, "date": now(), "chat": c.json(), "from": in.To.From.json(), "text": in.To.Text}
	}
	if in.Quote != "" {
		m["quote"] = map[string]any{"text": in.Quote, "position": 0, "is_manual": true}
	}
	if in.Edited {
		kind = "edited_" + kind
	}
	s.push(kind, m)
	return id
}

// Inject adds an update as it is; update_id is written into objects without one.
func (s *Server) Inject(raw string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	id := s.lastID
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &fields) == nil && fields != nil && fields["update_id"] == nil {
		raw = `{"update_id":` + strconv.FormatInt(id, 10) + "," + raw[1:]
		if len(fields) == 0 {
			raw = `{"update_id":` + strconv.FormatInt(id, 10) + "}"
		}
	}
	s.add(update{id, json.RawMessage(raw)})
}

// push adds an update of one kind; s.mu is held.
func (s *Server) push(kind string, what any) {
	if len(s.allowed) > 0 && !slices.Contains(s.allowed, kind) {
		return
	}
	s.lastID++
	raw, err := json.Marshal(map[string]any{"update_id": s.lastID, kind: what})
	if err != nil {
		panic(err) // our own maps
	}
	s.add(update{s.lastID, raw})
}

func (s *Server) add(u update) {
	if s.webhook.url != "" {
		s.webhook.pending++
		go s.post(u, s.webhook)
		return
	}
	s.updates = append(s.updates, u)
	s.wake()
}

// post brings an update to the webhook, again until it is taken.
func (s *Server) post(u update, to webhook) {
	for range 20 {
		req, err := http.NewRequest(http.MethodPost, to.url, bytes.NewReader(u.raw))
		if err != nil {
			return
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", to.secret)
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode/100 == 2 {
				s.mu.Lock()
				s.webhook.pending--
				s.wake()
				s.mu.Unlock()
				return
			}
		}
		select {
		case <-s.done:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Pending is how many updates wait to be fetched and confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates) + s.webhook.pending
}

// LastUpdate is the number of the last update there was.
func (s *Server) LastUpdate() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lastID
}

// Poll is one call that asked for updates, while no webhook was set.
type Poll struct {
	By       string // see [Server.URLFor]
	From, To time.Time
	Beaten   bool   // ended by a later poll, which began while it ran
	BeatenBy string // that one's By
	Got      int    // updates
}

// Polls lists the polls so far that have ended, in the order of their end.
func (s *Server) Polls() []Poll {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.polls)
}

// Idle reports whether no poll is under way.
func (s *Server) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.poller == nil
}

// Poller waits until a poll of a program is under way, or of any that is not
// one of those named, and returns its name.
func (s *Server) Poller(tb testing.TB, not ...string) string {
	tb.Helper()
	var who string
	s.wait(tb, "a poll by another than "+strings.Join(not, ", "), func() bool {
		who = s.polling
		return s.poller != nil && !slices.Contains(not, who)
	})
	return who
}

// begin makes a poll the one that is under way; s.mu is held. A poll there was
// ends.
func (s *Server) begin(by string) (p *Poll, mine <-chan struct{}, end func()) {
	if s.poller != nil {
		close(s.poller)
	}
	ended := make(chan struct{})
	s.poller, s.polling = ended, by
	s.wake()
	p = &Poll{By: by, From: time.Now()}
	return p, ended, func() {
		if s.poller == ended {
			s.poller = nil
		}
		p.To = time.Now()
		s.polls = append(s.polls, *p)
	}
}

// getUpdates waits for updates from the offset on; those before it are forgotten.
func (s *Server) getUpdates(r *http.Request, by string, p map[string]string) (any, *failure) {
	offset, _ := strconv.ParseInt(p["offset"], 10, 64)
	limit, _ := strconv.Atoi(p["limit"])
	if limit < 1 || limit > 100 {
		limit = 100
	}
	seconds, _ := strconv.Atoi(p["timeout"])
	timeout := time.NewTimer(time.Duration(min(seconds, 50)) * time.Second)
	defer timeout.Stop()

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.webhook.url != "" {
		return nil, &failure{code: 409, text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	poll, mine, end := s.begin(by)
	defer end()
	if raw := p["allowed_updates"]; raw != "" {
		s.allowed = nil
		_ = json.Unmarshal([]byte(raw), &s.allowed)
	}
	s.updates = slices.DeleteFunc(s.updates, func(u update) bool { return offset > 0 && u.id < offset })
	for late := false; len(s.updates) == 0; {
		if late {
			return []json.RawMessage{}, nil
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-timeout.C:
			late = true
		case <-r.Context().Done():
			late = true
		case <-s.done:
			late = true
		case <-mine:
			poll.Beaten = true
		}
		if s.mu.Lock(); poll.Beaten {
			poll.BeatenBy = s.polling
			return nil, &failure{code: 409, text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		}
	}
	poll.Got = min(limit, len(s.updates))
	out := make([]json.RawMessage, poll.Got)
	for i := range out {
		out[i] = s.updates[i].raw
	}
	return out, nil
}
