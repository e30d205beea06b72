package telegramtest

import (
	"maps"
	"slices"
	"strconv"
)

// User is somebody who writes or presses.
type User struct {
	ID   int64
	Name string // without @; may be empty
	Lang string // language_code; may be empty
}

func (u User) json() map[string]any {
	out := map[string]any{"id": u.ID, "is_bot": false, "first_name": "User"}
	if u.Name != "" {
		out["username"] = u.Name
	}
	if u.Lang != "" {
		out["language_code"] = u.Lang
	}
	return out
}

// Chat is a place to talk. A private chat has the id of its person.
type Chat struct {
	ID     int64
	Type   string // private, group, supergroup, channel
	Title  string
	Forum  bool
	Topics []int64 // of a forum, besides General
	Closed []int64 // topics nobody may write to
	Admins []int64 // users who administer it
	Linked int64   // the channel whose discussion it is
}

type chat struct {
	Chat
	gone     *failure // why the bot cannot write here
	messages []*Message
	pinned   []int64 // the oldest first
	nailed   bool    // the bot may not pin here
}

func (c *chat) json() map[string]any {
	out := map[string]any{"id": c.ID, "type": c.Type}
	if c.Type == "private" {
		out["first_name"] = "User"
	} else {
		out["title"] = c.Title
	}
	if c.Forum {
		out["is_forum"] = true
	}
	return out
}

// AddChat makes a chat the bot is a member of.
func (s *Server) AddChat(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[c.ID] = &chat{Chat: c}
}

// SetAdmins makes these users, and nobody else, administer a chat.
func (s *Server) SetAdmins(id int64, admins ...int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chat(id).Admins = admins
}

// Lose makes every later call to a chat fail with 403 and this text, such as
// "bot was blocked by the user" or "bot was kicked from the supergroup chat".
func (s *Server) Lose(id int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chat(id).gone = &failure{code: 403, text: "Forbidden: " + text}
}

// Upgrade turns a group into a supergroup with another id. Calls to the old id
// are refused from then on; announced says that both service messages come too.
func (s *Server) Upgrade(from, to int64, announced bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chat(from)
	next := old.Chat
	next.ID, next.Type = to, "supergroup"
	s.chats[to] = &chat{Chat: next}
	old.gone = &failure{code: 400, text: "Bad Request: group chat was upgraded to a supergroup chat", moved: to}
	if !announced {
		return
	}
	s.push("message", map[string]any{"message_id": s.next(), "date": now(), "chat": old.json(), "migrate_to_chat_id": to})
	s.push("message", map[string]any{"message_id": s.next(), "date": now(), "chat": s.chats[to].json(), "migrate_from_chat_id": from})
}

// chat returns the chat, made as a private one when there is none; s.mu is held.
func (s *Server) chat(id int64) *chat {
	c := s.chats[id]
	if c == nil {
		c = &chat{Chat: Chat{ID: id, Type: "private"}}
		s.chats[id] = c
	}
	return c
}

// open finds the chat a call is for, or says why it may not write there.
func (s *Server) open(params map[string]string) (*chat, *failure) {
	raw := params["chat_id"]
	if raw == "" {
		return nil, bad("chat_id is empty")
	}
	id, err := strconv.ParseInt(raw, 10, 64)
	c := s.chats[id]
	if err != nil || c == nil && id < 0 {
		return nil, bad("chat not found")
	}
	if c == nil {
		return nil, &failure{code: 403, text: "Forbidden: bot can't initiate conversation with a user"}
	}
	if c.gone != nil {
		return nil, c.gone
	}
	if raw := params["message_thread_id"]; raw != "" {
		thread, err := strconv.ParseInt(raw, 10, 64)
		if err != nil || !slices.Contains(c.Topics, thread) && !slices.Contains(c.Closed, thread) {
			return nil, bad("message thread not found")
		}
		if slices.Contains(c.Closed, thread) {
			return nil, bad("TOPIC_CLOSED")
		}
	}
	return c, nil
}

func (s *Server) getChat(params map[string]string) (any, *failure) {
	c, refused := s.open(params)
	if refused != nil {
		return nil, refused
	}
	out := c.json()
	if c.Linked != 0 {
		out["linked_chat_id"] = c.Linked
	}
	return out, nil
}

func (s *Server) getChatMember(params map[string]string) (any, *failure) {
	c, refused := s.open(params)
	if refused != nil {
		return nil, refused
	}
	id, err := strconv.ParseInt(params["user_id"], 10, 64)
	if err != nil {
		return nil, bad("invalid user_id specified")
	}
	status := "member"
	if slices.Contains(c.Admins, id) {
		status = "administrator"
	}
	return map[string]any{"status": status, "user": User{ID: id}.json()}, nil
}

func (s *Server) getChatAdministrators(params map[string]string) (any, *failure) {
	c, refused := s.open(params)
	if refused != nil {
		return nil, refused
	}
	if c.Type == "private" {
		return nil, bad("there are no administrators in the private chat")
	}
	out := []any{}
	for _, id := range c.Admins {
		out = append(out, map[string]any{"status": "administrator", "user": User{ID: id}.json()})
	}
	return out, nil
}

// Chats returns the ids of the chats there are.
func (s *Server) Chats() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.chats))
}

func (c *chat) find(raw string) *Message {
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return nil
	}
	for _, m := range c.messages {
		if m.ID == id && !m.Deleted {
			return m
		}
	}
	return nil
}
